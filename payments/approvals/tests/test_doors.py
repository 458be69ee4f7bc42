"""The business portal's doors: whose they are, what they say, and that refusals keep the input."""

from uuid import uuid4

import pytest

from accounts.access import challenges
from accounts.access.models import Challenge
from accounts.businesses.models import Member, Signature
from accounts.factories import DIRECTOR, PIN, BusinessFactory, CustomerFactory, UserFactory
from accounts.notifications.models import Message
from payments.factories import BusinessDraftFactory, DepositAccountFactory, WaitingFactory
from payments.transfers import queries
from payments.transfers.models import Transfer
from wekeza.kit.words import moment

pytestmark = pytest.mark.django_db
Role = Member.Role
PAGES = [
    "/biz/{business}/home/",
    "/biz/{business}/pay/",
    "/biz/{business}/pay/check/{draft}/",
    "/biz/{business}/approvals/",
    "/biz/{business}/approvals/{waiting}/",
    "/biz/{business}/papers/",
    "/biz/{business}/team/",
    "/biz/{business}/team/invite/",
    "/biz/{business}/team/mandate/",
    "/biz/{business}/team/leave/{maker}/",
    "/biz/{business}/team/changes/{waiting}/",
    "/biz/register/{business}/company/",
    "/biz/register/{business}/directors/",
    "/biz/register/{business}/owners/",
    "/biz/register/{business}/mandate/",
    "/biz/register/{business}/resolution/",
    "/biz/register/{business}/check/",
]


@pytest.fixture
def kamau():
    return CustomerFactory(full_name="Peter Kamau")


@pytest.fixture
def shop(kamau):
    return BusinessFactory(
        others=[(kamau, DIRECTOR)], bands=(("3000", 1, False), (None, 1, False)), balance="90000"
    )


@pytest.fixture
def waiting(shop):
    return WaitingFactory(business=shop, amount="3000")


def address(page, shop, waiting, draft=None):
    return page.format(
        business=shop.public_id,
        waiting=waiting.public_id,
        draft=draft.public_id if draft else "",
        maker=waiting.customer_id,
    )


class TestWhosePagesTheyAre:
    @pytest.mark.parametrize("page", PAGES)
    def test_to_everybody_else_there_is_no_such_page(self, client, shop, waiting, page):
        draft = BusinessDraftFactory(business=shop)
        other = BusinessFactory()
        path = address(page, shop, waiting, draft)
        absent = path.replace(str(shop.public_id), str(uuid4()))
        for user in (CustomerFactory().user, other.members.first().customer.user,
                     UserFactory(is_staff=True)):  # fmt: skip
            client.force_login(user)

            assert client.get(path).status_code == client.get(absent).status_code == 404
            assert client.post(path, {"code": PIN}).status_code == 404

    @pytest.mark.parametrize("page", PAGES)
    def test_a_stranger_is_led_to_the_login(self, client, shop, waiting, page):
        draft = BusinessDraftFactory(business=shop)

        answer = client.get(address(page, shop, waiting, draft))

        assert answer.status_code == 302
        assert answer["Location"].startswith("/login/")

    def test_a_payment_of_another_business_is_none_of_this_one(self, client, shop, kamau):
        other = WaitingFactory(business=BusinessFactory(balance="9000"))
        client.force_login(kamau.user)

        assert client.get(f"/biz/{shop.public_id}/approvals/{other.public_id}/").status_code == 404

    def test_who_only_looks_cannot_prepare_sign_or_change(self, client, shop):
        viewer = CustomerFactory()
        Member.objects.create(
            business=shop, customer=viewer, role=Role.VIEWER, joined_at=shop.created_at
        )
        client.force_login(viewer.user)
        one = f"/biz/{shop.public_id}"

        for path in ("/home/", "/approvals/", "/team/", "/papers/"):
            assert client.get(one + path).status_code == 200
        for path in ("/pay/", "/team/invite/", "/team/mandate/"):
            assert client.get(one + path).status_code == 403

    def test_before_the_bank_activates_it_nothing_can_be_paid(self, client):
        draft = BusinessFactory(is_active=False)
        client.force_login(draft.members.first().customer.user)

        assert client.get(f"/biz/{draft.public_id}/home/").status_code == 404
        assert client.get(f"/biz/{draft.public_id}/papers/").status_code == 200

    def test_members_see_its_transactions_and_statements(self, client, shop, kamau):
        account = shop.deposit_accounts.get()
        client.force_login(kamau.user)

        page = client.get(f"/view/transactions/?account={account.number}").content.decode()
        assert "90,000" in page
        client.force_login(CustomerFactory().user)
        page = client.get(f"/view/transactions/?account={account.number}").content.decode()
        assert "90,000" not in page


class TestPaying:
    def test_goes_from_details_to_the_queue(self, client, shop, kamau):
        payee = DepositAccountFactory(customer__full_name="Grace Wanjiku Mwangi")
        founder = shop.members.filter(role=Role.MAKER).get().customer
        client.force_login(founder.user)
        one = f"/biz/{shop.public_id}"
        order = {
            "reference": uuid4(),
            "source": shop.deposit_accounts.get().number,
            "recipient": payee.number,
            "amount": "2,500",
            "reason": "Cement",
        }

        refused = client.post(f"{one}/pay/", order | {"amount": "95,000"})
        assert refused.status_code == 422
        assert "90,000.00" in refused.content.decode()
        held = client.post(f"{one}/pay/", order)
        asked = client.post(held["Location"], {"ask": "1"})

        assert (held.status_code, asked.status_code) == (303, 303)
        page = client.get(asked["Location"]).content.decode()
        assert "Waiting for approval from 1 of: P. Kamau. Nothing is paid yet." in page
        assert "You made this one. Another director must approve it." in page
        assert "Approve KES" not in page
        client.force_login(kamau.user)
        assert "Waiting for you" in client.get(f"{one}/home/").content.decode()
        assert "Grace Wanjiku Mwangi" in client.get(f"{one}/approvals/").content.decode()

    def test_a_signature_pays_and_leads_to_the_receipt(self, client, shop, waiting, kamau):
        client.force_login(kamau.user)
        path = f"/biz/{shop.public_id}/approvals/{waiting.public_id}/"
        seen = queries.intent_digest(waiting)

        wrong = client.post(path, {"seen": seen, "code": "0000"})
        assert wrong.status_code == 422
        stale = client.post(path, {"seen": "x", "code": PIN})
        assert "no longer what you were shown" in stale.content.decode()
        done = client.post(path, {"seen": seen, "code": PIN})

        waiting.refresh_from_db()
        assert done["Location"] == f"/move/transfers/receipt/{waiting.receipt_no}/"
        receipt = " ".join(client.get(done["Location"]).content.decode().split())
        made, signed = moment(waiting.requested_at), moment(waiting.paid_at)
        assert "Wekeza Hardware Ltd <small>" in receipt
        assert f"{made}: {waiting.customer.full_name} prepared it" in receipt
        assert f"{signed}: Peter Kamau approved it" in receipt
        assert "you entered" not in receipt
        assert "you authorised" not in receipt
        client.force_login(waiting.target.customer.user)
        assert "Peter Kamau" not in client.get(done["Location"]).content.decode()
        client.force_login(CustomerFactory().user)
        assert client.get(done["Location"]).status_code == 404

    def test_above_the_pin_a_code_says_what_it_approves(self, client, shop, kamau):
        waiting = WaitingFactory(business=shop, amount="6000")
        client.force_login(kamau.user)
        path = f"/biz/{shop.public_id}/approvals/{waiting.public_id}/"

        assert "We sent it to" not in client.get(path).content.decode()
        assert client.post(path, {"resend": "1"}).status_code == 303
        assert "We sent it to" in client.get(path).content.decode()

        text = Message.objects.get(kind="code_approve", user=kamau.user).body
        assert "approve KES" in text
        assert "from Wekeza Hardware Ltd to Grace Wanjiku Mwangi" in text
        code = text.partition("code ")[2][:6]
        seen = queries.intent_digest(waiting)
        assert client.post(path, {"seen": seen, "code": code}).status_code == 303
        waiting.refresh_from_db()
        assert waiting.is_sent
        assert Signature.objects.get(intent=queries.intent_of(waiting)).way == "CODE"
        assert Challenge.objects.get(user=kamau.user).state == challenges.State.PASSED

    def test_a_rejection_takes_a_reason(self, client, shop, waiting, kamau):
        client.force_login(kamau.user)
        path = f"/biz/{shop.public_id}/approvals/{waiting.public_id}/"
        seen = queries.intent_digest(waiting)

        bare = client.post(path, {"seen": seen, "reason": "", "reject": "1"})
        assert bare.status_code == 422
        done = client.post(path, {"seen": seen, "reason": "Not ours", "reject": "1"})

        assert done.status_code == 303
        assert "Not ours" in client.get(path).content.decode()
        assert Transfer.objects.get(pk=waiting.pk).state == "REJECTED"
