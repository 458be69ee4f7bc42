"""Make the people of a new demo bank and their first day; a second run adds nothing."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.access.models import User
from branch.demo import logins
from branch.demo import operations as demo
from branch.demo.people import PAYMENTS, PEOPLE
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

        known = logins.of_everybody(folder, PEOPLE)
        people = {
            person.email.partition("@")[0]: demo.take_on(
                person, login=known[person.email], at=timezone.now()
            )
            for person in PEOPLE
        }
        for number, (payer, payee, amount, reason) in enumerate(PAYMENTS):
            demo.pay(
                payer=people[payer],
                payee=people[payee],
                amount=amount,
                reason=reason,
                key=f"payment/{number}",
                pin=known[people[payer].user.email].pin,
                at=timezone.now(),
            )
        path = logins.publish(folder, PEOPLE, known)
        self.stdout.write(f"The demo bank has {len(people)} customers; logins are in {path}.")
