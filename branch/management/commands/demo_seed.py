"""Make the people of a new demo bank and their first days; a second run adds nothing."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.access.models import User
from branch.demo import logins, partners
from branch.demo import operations as demo
from branch.demo.colleagues import COLLEAGUES
from branch.demo.people import PEOPLE
from payments.rails.demo import client as demo_rail


class Command(BaseCommand):
    """./bank run calls this once, after the migrations, as the application role."""

    help = __doc__

    def handle(self, *args, **options):
        folder = Path(settings.BANK_DATA)
        if not demo_rail.is_open():
            raise CommandError("This is no demo bank: nothing was made.")
        if User.objects.exists() and not (folder / logins.PART).exists():
            self.stdout.write("This bank has customers already; nothing was made.")
            return

        known = logins.of_everybody(folder, [*PEOPLE, *COLLEAGUES])
        demo.live(logins=known, now=timezone.now())
        grace, juma = demo.customer("grace"), demo.customer("juma")
        partners.open_partner(folder, contact=grace, giver=juma, at=timezone.now())
        path = logins.publish(folder, PEOPLE, known, staff=COLLEAGUES)
        self.stdout.write(f"The demo bank has {len(PEOPLE)} customers; logins are in {path}.")
