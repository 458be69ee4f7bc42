"""A business from its registration to a payment that two directors sign, in two browsers."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.businesses import opening
from accounts.businesses.models import Business
from accounts.businesses.refusals import StaffOnly
from accounts.factories import (
    DIRECTOR,
    PASSWORD,
    PIN,
    STAFF,
    BusinessFactory,
    CustomerFactory,
    DepositAccountFactory,
    accept_papers,
    actor_of,
    payload_of,
)
from accounts.notifications.models import Message
from ledger.factories import put_in
from ledger.money import kes
from payments.factories import WaitingFactory
from wekeza.tests.browser import LOOKS, PHONE
from wekeza.tests.look import problems_of, small_targets


@pytest.fixture
def njeri(live_bank):
    return CustomerFactory(full_name="Achieng Njeri")


@pytest.fixture
def kamau(live_bank):
    return CustomerFactory(full_name="Peter Kamau")


@pytest.fixture
def open_as(live_bank, new_page):
    """Opens a page of the bank as somebody, in a browser of their own."""

    def open_page(person, path, **wishes):
        page = new_page(**wishes)
        client = Client()
        client.force_login(person.user)
        session = {"name": "session", "value": client.cookies["session"].value}
        page.context.add_cookies([session | {"url": live_bank.url}])
        page.goto(live_bank.url + path)
        return page

    return open_page


class TestTheLifeOfABusiness:
    @pytest.mark.proves("IA11", "UX06")
    def test_from_the_first_page_to_a_payment_of_two_directors(
        self, open_as, new_page, njeri, kamau
    ):
        payee = DepositAccountFactory(customer__full_name="Grace Wanjiku Mwangi")
        page = open_as(njeri, "/biz/")
        page.get_by_role("link", name="Register a business").click()

        register(page, kamau)
        his = new_page()
        his.goto(page.url.partition("/biz/")[0] + link_of(kamau))
        his.get_by_role("link", name="Log in", exact=True).click()
        his.locator("#id_login").fill(kamau.user.email)
        his.locator("#id_password").fill(PASSWORD)
        his.get_by_role("button", name="Log in", exact=True).click()
        his.get_by_role("heading", name="Wekeza Hardware Ltd invites you").wait_for()
        assert "A payment of any amount above that is approved by 2" in words_of(his)
        his.get_by_label("I have read the resolution and sign it").check()
        his.get_by_role("button", name="Accept the invitation").click()
        his.get_by_text("You now act for Wekeza Hardware Ltd").wait_for()

        business = Business.objects.filter(members__customer=kamau).distinct().get()
        activate(business)
        account = business.deposit_accounts.select_related("ledger_account").get()
        put_in(account.ledger_account, "900000")
        page.goto(page.url.partition("/biz/")[0] + f"/biz/{business.public_id}/home/")
        assert "KES900,000.00" in words_of(page).replace("KES ", "KES")
        page.locator("main").get_by_role("link", name="Pay", exact=True).click()
        page.get_by_label("Who do you want to pay?").fill(payee.number)
        page.get_by_label("How much do you want to send?").fill("4,000")
        page.get_by_role("button", name="Check the details").click()
        page.get_by_role("button", name="Send for approval").click()
        waits = "Waiting for approval from {} of: {}. Nothing is paid yet."
        page.get_by_text(waits.format(2, "A. Njeri, P. Kamau")).wait_for()
        page.get_by_label("Enter your PIN").fill(PIN)
        page.get_by_role("button", name="Approve KES 4,000.00").click()
        page.get_by_text(waits.format(1, "P. Kamau")).wait_for()
        assert balance(payee) == kes("0")

        his.goto(page.url)
        his.get_by_label("Enter your PIN").fill(PIN)
        his.get_by_role("button", name="Approve KES 4,000.00").click()

        his.get_by_role("heading", name="Sent", exact=True).wait_for()
        assert balance(payee) == kes("4000")
        assert balance(account) == kes("896000")
        page.reload()
        page.get_by_role("heading", name="Paid", exact=True).wait_for()


class TestLook:
    @pytest.mark.parametrize(("size", "scheme"), LOOKS)
    def test_every_page_is_whole_and_readable(self, open_as, njeri, kamau, size, scheme, tmp_path):
        shop = BusinessFactory(
            founder=njeri,
            others=[(kamau, DIRECTOR)],
            bands=(("3000", 1, False), (None, 1, False)),
            balance="1000000",
        )
        draft = BusinessFactory(founder=njeri, name="Kamau & Daughters Farm", is_sent=False)
        waiting = WaitingFactory(business=shop, amount="4000")
        page = open_as(kamau, "/biz/", size=size, scheme=scheme)
        bank = page.url.partition("/biz/")[0]
        one, two = f"/biz/{shop.public_id}", f"/biz/register/{draft.public_id}"
        signs = f"{one}/approvals/{waiting.public_id}/"
        his = ["/biz/", f"{one}/home/", f"{one}/approvals/", signs, f"{one}/team/?amount=600,000",
               f"{one}/team/mandate/", f"{one}/team/invite/", f"{one}/papers/"]  # fmt: skip
        hers = [f"{one}/pay/", signs, f"{two}/company/",
                f"{two}/directors/", f"{two}/owners/", f"{two}/mandate/?amount=600,000",
                f"{two}/resolution/", f"{two}/check/"]  # fmt: skip

        found = []
        for person, paths in ((kamau, his), (njeri, hers)):
            page = open_as(person, "/biz/", size=size, scheme=scheme)
            for path in paths:
                page.goto(bank + path)
                name = re.sub(r"[0-9a-f-]{36}|\W+", "_", path)
                page.screenshot(
                    path=f"{PICTURES or tmp_path}/{name}_{size['width']}_{scheme}.png",
                    full_page=True,
                )
                found += [f"{path}: {problem}" for problem in problems_of(page)]
                if size == PHONE:
                    found += [f"{path}: low {part}" for part in small_targets(page, 24)]

        assert not found, "\n".join(found)


PICTURES = __import__("os").environ.get("PICTURES", "")


def register(page, kamau):
    """Every page of the registration, with one director invited by phone."""
    page.get_by_label("Name of the company").fill("Wekeza Hardware Ltd")
    page.get_by_label("Registration number").fill("pvt-ab12cd3")
    page.get_by_label("KRA PIN of the company").fill("A051234567Z")
    page.get_by_label("Sector").select_option("CONSTRUCTION")
    page.get_by_label("What does it do?").fill("Sells building materials")
    page.get_by_label("Address of the business").fill("Kirinyaga Road 12, Nairobi")
    page.get_by_role("button", name="Continue").click()
    page.locator(".wk-errsum").get_by_text("P, 9 digits and a letter").wait_for()
    page.get_by_label("KRA PIN of the company").fill("P051234567Z")
    page.get_by_role("button", name="Continue").click()

    page.get_by_label("Full name").fill(kamau.full_name)
    page.get_by_label("Phone or e-mail address").fill(kamau.user.phone)
    page.get_by_label("Director: changes the team").check()
    page.get_by_label("Signatory: approves payments").check()
    page.get_by_role("button", name="Send invitation").click()
    page.get_by_role("link", name="Continue to the owners").click()

    page.get_by_label("Full name").fill("Achieng Njeri")
    page.get_by_label("ID number").fill("23456789")
    page.get_by_label("Share in percent").fill("60")
    page.get_by_role("button", name="Add this owner").click()
    page.get_by_role("link", name="Continue to the mandate").click()

    page.get_by_label("Payments up to").fill("3,000")
    page.get_by_label("Signatures needed above that").select_option("2")
    page.get_by_label("Who prepares a payment may be one of those").check()
    page.get_by_role("button", name="Save the mandate").click()
    page.locator("#id_amount").fill("600,000")
    page.get_by_role("button", name="Show who must approve").click()
    page.get_by_text("Who must approve KES 600,000.00?").wait_for()
    page.get_by_role("link", name="Continue to the resolution").click()

    page.get_by_label("I have read the resolution and sign it").check()
    page.get_by_role("button", name="Sign the resolution").click()
    page.get_by_role("button", name="Send to the bank").click()
    page.get_by_role("heading", name="Wekeza Hardware Ltd").wait_for()
    assert "We wait for your papers" in words_of(page)


def activate(business):
    """Nobody but staff opens the account of a business."""
    order = {"payload": payload_of(business), "approval": "two members of staff"}
    at = datetime.now(UTC)
    with pytest.raises(StaffOnly):
        opening.activate(**order, actor=actor_of(CustomerFactory()), at=at)
    accept_papers(business)
    opening.activate(**order, actor=STAFF, at=at)


def link_of(person):
    """The path in the text that invited somebody; their name stands in no address."""
    text = Message.objects.filter(kind="business_invited").latest("pk")
    assert text.recipient == person.user.phone
    return re.search(r"/biz/invitations/\S+", text.body).group()


def words_of(page):
    return page.locator("main").inner_text().replace("\xa0", " ").replace("\n", " ")


def balance(account):
    account.ledger_account.refresh_from_db()
    return account.ledger_account.money
