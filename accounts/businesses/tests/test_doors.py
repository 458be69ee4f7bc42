"""The pages of a business's team: who must approve, what takes two directors, and invitations."""

import re

import pytest

from accounts.businesses import queries
from accounts.businesses.models import Change, Invitation
from accounts.factories import DIRECTOR, PIN, BusinessFactory, CustomerFactory, actor_of
from accounts.notifications.models import Message
from ledger.money import kes
from wekeza.kit.words import masked_phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(njeri, kamau):
    return BusinessFactory(
        founder=njeri,
        others=[(kamau, DIRECTOR)],
        bands=(("500000", 1, False), (None, 2, True)),
    )


def words(answer):
    return re.sub(r"\s+", " ", answer.content.decode().replace("\xa0", " "))


class TestTheTeamPage:
    def test_says_who_must_approve_an_amount(self, client, shop, kamau):
        """ux.md 2.2: matrix preview "Who must approve KES 600,000?"."""
        client.force_login(kamau.user)

        page = words(client.get(f"/biz/{shop.public_id}/team/", {"amount": "600,000"}))

        assert "Who must approve KES 600,000.00?" in page
        assert "2 of: A. Njeri, P. Kamau. Who prepares it may be one of them." in page
        page = words(client.get(f"/biz/{shop.public_id}/team/", {"amount": "500,000"}))
        assert "1 of: A. Njeri, P. Kamau. Who prepares it is none of them." in page

    def test_of_the_registration_invites_nobody_once_the_business_banks_here(
        self, client, shop, njeri
    ):
        wanja = CustomerFactory(full_name="Wanja Otieno")
        client.force_login(njeri.user)
        invited = {"full_name": "Wanja Otieno", "contact": wanja.user.phone, "roles": ["SIGNATORY"]}

        answer = client.post(f"/biz/register/{shop.public_id}/directors/", invited)

        assert answer.status_code == 422 and "was sent already: Active" in words(answer)
        assert not Invitation.objects.filter(business=shop, state="OPEN").exists()

    def test_changes_the_mandate_only_with_a_second_director(self, client, shop, njeri, kamau):
        path = f"/biz/{shop.public_id}/team/mandate/"
        order = {"up_to_1": "9,000", "needed_1": "1", "needed_above": "2", "pin": PIN}
        client.force_login(njeri.user)
        assert client.post(path, order | {"pin": "0000"}).status_code == 422
        too_many = client.post(path, order | {"needed_above": "3"})
        assert "You ask for 3 signatures, but have 2 signatories" in words(too_many)
        assert client.post(path, order).status_code == 303

        change = Change.objects.get()
        where = f"/biz/{shop.public_id}/team/changes/{change.public_id}/"
        assert "Another director must decide it" in words(client.get(where))
        own = client.post(where, {"seen": change.digest, "pin": PIN})
        assert own.status_code == 422
        assert queries.bands_of(shop)[0].limit == kes("500000")
        assert Message.objects.get(kind="business_change").user == kamau.user
        client.force_login(kamau.user)
        page = words(client.get(where))
        assert "Up to KES 500,000.00" in page
        assert "Up to KES 9,000.00" in page
        assert client.post(where, {"seen": change.digest, "pin": PIN}).status_code == 303

        assert queries.bands_of(shop)[0].limit == kes("9000")

    def test_invites_only_with_a_second_director(self, client, shop, njeri, kamau):
        wanja = CustomerFactory(full_name="Wanja Otieno")
        order = {"full_name": "Wanja Otieno", "contact": wanja.user.phone, "roles": ["VIEWER"]}
        client.force_login(njeri.user)
        path = f"/biz/{shop.public_id}/team/invite/"
        assert client.post(path, order | {"contact": "nobody", "pin": PIN}).status_code == 422
        assert client.post(path, order | {"pin": PIN}).status_code == 303
        sent = Message.objects.filter(kind="business_invited").order_by("-pk")
        assert sent.first().recipient == kamau.user.phone  # From the time of registering.

        change = Change.objects.get()
        client.force_login(kamau.user)
        where = f"/biz/{shop.public_id}/team/changes/{change.public_id}/"
        shown = words(client.get(where))
        assert "Wanja Otieno" in shown and masked_phone(wanja.user.phone) in shown
        assert wanja.user.phone not in shown
        client.post(where, {"seen": change.digest, "pin": PIN})

        assert sent.first().recipient == wanja.user.phone
        link = re.search(r"/biz/invitations/\S+", sent.first().body).group()
        client.force_login(wanja.user)
        assert "Wekeza Hardware Ltd invites you" in words(client.get("/biz/"))
        assert client.post(link, {"answer": "1"}).status_code == 303
        assert client.get(f"/biz/{shop.public_id}/team/").status_code == 200

    def test_can_reject_a_change_with_a_reason(self, client, shop, njeri, kamau):
        client.force_login(njeri.user)
        leave = f"/biz/{shop.public_id}/team/leave/{kamau.pk}/"
        assert client.post(leave, {"leave": "1", "pin": PIN}).status_code == 303
        change = Change.objects.get()
        where = f"/biz/{shop.public_id}/team/changes/{change.public_id}/"
        client.force_login(kamau.user)

        assert client.post(where, {"reject": "1", "reason": ""}).status_code == 422
        assert client.post(where, {"reject": "1", "reason": "No"}).status_code == 303

        change.refresh_from_db()
        assert change.state == "REJECTED"
        assert queries.one_of(actor_of(kamau), public_id=shop.public_id).is_director

    def test_lets_one_leave_at_once(self, client, shop, kamau):
        client.force_login(kamau.user)
        path = f"/biz/{shop.public_id}/team/leave/{kamau.pk}/"

        assert "Leave Wekeza Hardware Ltd" in words(client.get(path))
        assert client.post(path, {"leave": "1"}).status_code == 303
        assert client.get(f"/biz/{shop.public_id}/team/").status_code == 404

    def test_shows_who_did_what(self, client, shop, kamau):
        client.force_login(kamau.user)

        page = words(client.get(f"/biz/{shop.public_id}/team/"))

        assert "The bank opened the account <small>Wekeza" in page
        assert "Registration begun <small>Achieng Njeri" in page


class TestAnInvitation:
    @pytest.fixture
    def link(self, client, njeri, kamau):
        draft = BusinessFactory(founder=njeri, is_sent=False)
        client.force_login(njeri.user)
        order = {"full_name": "Peter Kamau", "contact": kamau.user.email, "roles": ["DIRECTOR"]}
        sent = client.post(f"/biz/register/{draft.public_id}/directors/", order)
        assert sent.status_code == 303
        client.logout()
        return re.search(r"/biz/invitations/\S+", Message.objects.latest("pk").body).group()

    def test_tells_a_stranger_nothing(self, client, link):
        page = words(client.get(link))

        assert "You are invited to act for a business" in page
        assert "Wekeza Hardware" not in page
        assert "Njeri" not in page

    def test_is_not_for_somebody_else_who_has_the_link(self, client, link):
        client.force_login(CustomerFactory().user)

        answer = client.get(link)

        assert answer.status_code == 403
        assert "Wekeza Hardware" not in words(answer)
        assert client.post(link, {"agree": "on"}).status_code == 403

    def test_says_what_one_would_be_and_takes_the_signature(self, client, link, kamau):
        client.force_login(kamau.user)

        page = client.get(link)
        assert "Director" in words(page)
        assert "resolve to open an account" in words(page)
        assert client.post(link, {"answer": "1"}).status_code == 422
        seen = page.context["form"]["seen"].value()
        assert client.post(link, {"seen": seen, "agree": "on"}).status_code == 303
        assert client.get(link).status_code == 409

    def test_can_be_declined(self, client, link, kamau):
        client.force_login(kamau.user)

        assert client.post(link, {"decline": "1"}).status_code == 303

        assert Invitation.objects.get().state == "DECLINED"
        assert queries.memberships_of(actor_of(kamau)) == []

    def test_can_be_withdrawn(self, client, link, njeri, kamau):
        invitation = Invitation.objects.get()
        path = f"/biz/register/{invitation.business.public_id}/directors/"
        client.force_login(njeri.user)

        assert client.post(path, {"withdraw": invitation.public_id}).status_code == 303

        client.force_login(kamau.user)
        assert client.get(link).status_code == 409
