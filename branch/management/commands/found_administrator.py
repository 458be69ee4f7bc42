"""Make one of the bank's first two administrators; refused once two people decide about staff."""

import getpass
import secrets
from base64 import b32encode

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.staff import queries as staff_queries
from branch.workbench import operations as workbench
from wekeza.kit.errors import Refusal


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        for name in ("email", "phone", "full_name", "national_id"):
            parser.add_argument(name)

    def handle(self, *args, **facts):
        if len(staff_queries.holders_of("staff.decide", on=timezone.localdate())) >= 2:
            raise CommandError("Two people decide about staff already. They admit all others.")
        secret = b32encode(secrets.token_bytes(20)).decode()
        try:
            member = workbench.found(
                email=facts["email"],
                phone=facts["phone"],
                full_name=facts["full_name"],
                national_id=facts["national_id"],
                password=getpass.getpass("Password, 12 or more characters: "),
                secret=secret,
                at=timezone.now(),
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{member} may come in. Key of the authenticator app: {secret}")
