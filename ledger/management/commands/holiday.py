"""Enter a movable or special holiday by hand: manage.py holiday 2027-03-10 "Idd-ul-Fitr" …"""

import getpass
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from ledger.calendar import operations as calendar
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal


class Command(BaseCommand):
    help = "Declare a public holiday from its gazette notice."

    def add_arguments(self, parser):
        parser.add_argument("day", type=date.fromisoformat, help="as 2027-03-10")
        parser.add_argument("name")
        parser.add_argument("--gazette", required=True, help="the notice, as 'Gazette Notice 2403'")
        parser.add_argument("--country", default="KE")

    def handle(self, *, day, name, gazette, country, **_):
        try:
            holiday = calendar.declare_holiday(
                day=day,
                name=name,
                gazette=gazette,
                country=country,
                actor=Actor("CONSOLE", getpass.getuser()),
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{holiday} ({country}) stands in the calendar.")
