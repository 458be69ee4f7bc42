"""
Make the people of a new demo bank and what they did: the story of its last days, or a whole year.

    demo_seed                 the story; a second run adds nothing
    demo_seed --first-day     the first day of a year, so that everybody can log in
    demo_seed --year          the rest of the year, from where it was cut short
"""

import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.access.models import User
from branch.demo import borrowers, credit_year, logins, partners
from branch.demo import operations as demo
from branch.demo.colleagues import COLLEAGUES
from branch.demo.hashers import use_less_work
from branch.demo.people import PEOPLE
from branch.demo_year.models import DemoYear
from payments.rails.demo import client as demo_rail

TOLD_EVERY = 30  # Days of the year.


class Command(BaseCommand):
    """./bank run calls this after the migrations, as the application role."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--first-day", action="store_true", help="begin a year, and no more")
        parser.add_argument("--year", action="store_true", help="live what is left of the year")

    def handle(self, *args, **options):
        folder = Path(settings.BANK_DATA)
        if not demo_rail.is_open():
            raise CommandError("This is no demo bank: nothing was made.")
        if options["year"]:
            self._live_year(folder)
            return
        if User.objects.exists() and not (folder / logins.PART).exists():
            self.stdout.write("This bank has customers already; nothing was made.")
            return
        is_year = options["first_day"]
        if is_year:
            use_less_work()
        known = logins.of_everybody(folder, [*demo.everybody(is_year=is_year), *COLLEAGUES])
        if is_year:
            demo.begin_year(logins=known, now=timezone.now())
        else:
            demo.live(logins=known, now=timezone.now())
            self._open_partner(folder)
        shown = borrowers.shown() if is_year else {}
        path = logins.publish(
            folder, PEOPLE, known, borrowers=shown, staff=COLLEAGUES, is_over=not is_year
        )
        self.stdout.write(f"The demo bank has its people; logins are in {path}.")

    def _live_year(self, folder: Path):
        row = DemoYear.objects.first()
        if row is None or row.finished_at is not None:
            self.stdout.write("There is no year to live.")
            return
        began = time.monotonic()
        use_less_work()
        people = [*demo.everybody(is_year=True), *COLLEAGUES]
        known = logins.of_everybody(folder, people)

        def tell(row: DemoYear) -> None:
            if (row.lived_to - row.begins_on).days % TOLD_EVERY == 0:
                spent = time.monotonic() - began
                words = f"{row.lived_to}: {row.percent}%, {row.deeds} deeds, {spent:.0f} s"
                self.stdout.write(words)
                self.stdout.flush()

        demo.live_year(logins=known, now=timezone.now(), tell=tell)
        self._open_partner(folder)
        (folder / logins.PART).unlink(missing_ok=True)
        self.stdout.write(f"The year is lived, in {time.monotonic() - began:.0f} s.")
        check_plan()

    def _open_partner(self, folder: Path):
        grace, juma = demo.customer("grace"), demo.customer("juma")
        partners.open_partner(folder, contact=grace, giver=juma, at=timezone.now())


def check_plan() -> None:
    """
    This will tell what the year refused though its plan has it done; the year itself stands.

    :raises CommandError: if there was anything.
    """
    if credit_year.refused:
        told = "; ".join(f"{what} ({times})" for what, times in credit_year.refused.items())
        raise CommandError(f"The year is lived, but this of its plan was refused: {told}")
