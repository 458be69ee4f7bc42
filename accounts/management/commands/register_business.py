"""
`./bank manage register_business`: tell the bank about a company, up to the founder's signature.

  ./bank manage register_business --founder juma@example.com --name "Wekeza Hardware Ltd" \\
      --registration-no PVT-AB12CD3 --kra-pin P051234567Z --sector CONSTRUCTION \\
      --nature "Sells building materials" --address "Kirinyaga Road 12, Nairobi" \\
      --owner "Juma Otieno:23456789:60" --band 50000:1 --band any:2
"""

from decimal import Decimal, InvalidOperation

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.access import queries as access_queries
from accounts.businesses import operations as businesses
from accounts.businesses.mandates import Band
from accounts.businesses.models import Business
from accounts.customers import queries as customers
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal

COMPANY = ("name", "registration_no", "kra_pin", "nature", "address")
TASK = Actor("TASK", "register_business")


class Command(BaseCommand):
    """What it tells can be told again. Nobody signs here: the founder does, in the portal."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--founder", required=True, help="E-mail or phone of a customer.")
        for fact in COMPANY:
            parser.add_argument(f"--{fact.replace('_', '-')}", required=True)
        parser.add_argument("--sector", required=True, choices=Business.Sector.values)
        parser.add_argument("--owner", action="append", default=[], help="name:ID:percent")
        parser.add_argument("--band", action="append", default=[], help="amount or any:signatures")
        parser.add_argument("--maker-counts", action="store_true")

    def handle(self, **options):
        user = access_queries.user_by_login(options["founder"])
        founder = user and customers.customer_of(user)
        if founder is None:
            raise CommandError("The founder is no customer. Open an account in the browser first.")
        by = {"at": timezone.now(), "actor": TASK}
        company = {fact: options[fact] for fact in (*COMPANY, "sector")}
        try:
            owners = [_owner(text) for text in options["owner"]]
            bands = [_band(text, options["maker_counts"]) for text in options["band"]]
            business = businesses.begin(founder, **company, **by)
            for owner in owners:
                businesses.name_owner(business, **owner, **by)
            if bands:
                businesses.choose_mandate(business, bands=bands, **by)
        except (ValueError, InvalidOperation) as error:
            raise CommandError("Write --owner name:ID:percent and --band amount:number") from error
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        where = f"/biz/register/{business.public_id}/resolution/"
        self.stdout.write(f"{business.name} is told. {founder.full_name} signs at {where}")


def _owner(text: str) -> dict:
    name, national_id, share = text.split(":")
    return {"full_name": name, "national_id": national_id, "share_percent": Decimal(share)}


def _band(text: str, maker_counts: bool) -> Band:
    up_to, needed = text.split(":")
    return Band(None if up_to == "any" else Decimal(up_to), int(needed), maker_counts)
