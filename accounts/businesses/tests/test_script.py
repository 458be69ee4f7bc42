"""The script that registers a business (mission, scenario B)."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.businesses import queries
from accounts.businesses.models import Business
from accounts.factories import CustomerFactory, actor_of
from ledger.money import kes

pytestmark = pytest.mark.django_db
WORDS = {
    "name": "Wekeza Hardware Ltd",
    "registration_no": "PVT-AB12CD3",
    "kra_pin": "P051234567Z",
    "sector": "CONSTRUCTION",
    "nature": "Sells building materials",
    "address": "Kirinyaga Road 12, Nairobi",
    "owner": ["Achieng Njeri:23456789:60"],
    "band": ["50000:1"],
    "maker_counts": True,
}


def register(founder, **other):
    said = StringIO()
    call_command("register_business", founder=founder, stdout=said, **WORDS | other)
    return said.getvalue()


class TestRegisteringByScript:
    @pytest.mark.proves("CK04")
    def test_tells_everything_up_to_the_founders_signature(self, client):
        njeri = CustomerFactory(full_name="Achieng Njeri")

        said = register(njeri.user.email)

        business = Business.objects.get(registration_no="PVT-AB12CD3")
        where = f"/biz/register/{business.public_id}/resolution/"
        assert where in said
        assert business.is_draft
        assert queries.bands_of(business)[0].limit == kes("50000")
        assert [one.share_percent for one in queries.owners_of(business)] == [60]
        assert queries.unsigned_directors(business) == [njeri]
        client.force_login(njeri.user)
        page = client.get(where)
        seen = page.context["form"]["seen"].value()
        assert client.post(where, {"seen": seen, "agree": "on"}).status_code == 303
        sent = client.post(where.replace("resolution", "check"), {"send": "1"})
        assert sent["Location"] == f"/biz/{business.public_id}/papers/"
        assert queries.one_of(actor_of(njeri), public_id=business.public_id).is_director

    def test_refuses_in_the_words_of_the_bank(self):
        njeri = CustomerFactory()

        with pytest.raises(CommandError, match="P, 9 digits and a letter"):
            register(njeri.user.email, kra_pin="A051234567Z")
        with pytest.raises(CommandError, match="--band amount:number"):
            register(njeri.user.email, band=["many"])
        with pytest.raises(CommandError, match="no customer"):
            register("nobody@example.com")
        assert not Business.objects.exists()
