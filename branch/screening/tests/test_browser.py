"""
A sanctions hit and a new business, in real browsers: what two officers do, and what the customer
sees of it. PICTURES=folder keeps pictures of every page.
"""

import os
import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.access import mfa
from accounts.access.tests.apps import SECRET, code_at, give_app
from accounts.businesses import screening as business_screening
from accounts.businesses.models import Business
from accounts.customers import standing
from accounts.factories import (
    DIRECTOR,
    PASSWORD,
    PIN,
    BusinessFactory,
    CustomerFactory,
    DepositAccountFactory,
    StaffMemberFactory,
    UserFactory,
    accept_papers,
    staff_actor,
)
from accounts.partners.factories import PartnerFactory
from accounts.screening.models import Hit, ListVersion
from accounts.screening.tests import steps
from branch.business.tests.test_browser import link_of, register
from ledger.controls import outbox
from ledger.factories import put_in
from wekeza.tests.browser import LOOKS, PHONE
from wekeza.tests.look import problems_of, small_targets

LISTED = "D-1,Hewala Mzushi Kizani,1994-03-27,Kenya,,M,,"
PICTURES = os.environ.get("PICTURES", "")
WHY = "Another mother, and another place of birth"


@pytest.fixture
def open_as(live_bank, new_page):
    """Opens a page of the bank as a login, in a browser of its own."""

    def open_page(user, path, *, client=None, **wishes):
        client = client or Client()
        client.force_login(user)
        if hasattr(user, "staff_member"):
            session = client.session
            session[DEVICE_ID_SESSION_KEY] = mfa.enrol(user=user).persistent_id
            session.save()
        page = new_page(**wishes)
        value = client.cookies["session"].value
        page.context.add_cookies([{"name": "session", "value": value, "url": live_bank.url}])
        page.goto(live_bank.url + path)
        return page

    return open_page


@pytest.fixture
def officer(live_bank, open_as):
    """Opens the workbench for somebody new with a role; their app shows one code."""

    def come(role, path, **wishes):
        member = StaffMemberFactory(role_id=role)
        give_app(member.user, SECRET)
        return open_as(member.user, path, **wishes)

    return come


@pytest.fixture
def deny(live_bank):
    """One listed name on our deny list; gone again afterwards, for the tests that come."""
    loader = staff_actor(StaffMemberFactory(role_id="COMPLIANCE"))
    steps.load("DENY", rows=[LISTED], actor=loader, at=datetime.now(UTC))
    yield
    ListVersion.objects.filter(list="DENY", state="ACTIVE").update(state="RETIRED")


def tell_events():
    followers = [standing.follow_screening, business_screening.follow_screening]
    events = ("case_opened", "cleared", "confirmed")
    outbox.sweep(
        handlers={f"screening.{event}": followers for event in events}, at=datetime.now(UTC)
    )


def words_of(page):
    return " ".join(page.locator("main").inner_text().replace("\xa0", " ").split())


def look(page, name):
    """Nothing is wrong with the page that is shown."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)
    assert problems_of(page) == [], name


@pytest.mark.django_db(transaction=True)
class TestASanctionsHit:
    @pytest.mark.proves("AM15")
    def test_holds_who_registers_until_two_officers_have_cleared_it(self, open_as, officer, deny):
        payee = DepositAccountFactory()
        page = open_as(newcomer := UserFactory(), "/register/details/")
        page.get_by_label("Full name").fill("Kizani Hewala Mzushi")
        page.get_by_label("ID number").fill("29446688")
        for box, typed in (("Day", "27"), ("Month", "3"), ("Year", "1994")):
            page.get_by_label(box).fill(typed)
        page.get_by_role("button", name="Continue").click()
        for box in ("#id_pin", "#id_pin_again"):
            page.locator(box).fill(PIN)
        page.get_by_role("button", name="Continue").click()
        page.get_by_label("I agree to the terms of the account").check()
        page.get_by_label("I agree to how Wekeza uses my data").check()
        page.get_by_role("button", name="Open my account").click()
        page.wait_for_url("**/register/welcome/**")
        newcomer.refresh_from_db()
        customer = newcomer.customer
        assert customer.status == "CHECKING"
        account = customer.deposit_accounts.select_related("ledger_account").get()
        put_in(account.ledger_account, "5000")
        self.ask(page, payee)
        page.get_by_text("We are checking your details").first.wait_for()

        hit = Hit.objects.get(owner_ref=customer.owner_ref)
        for step, button in (("first", "Propose: not the same person"), ("second", "Agree")):
            desk = officer("COMPLIANCE", "/workbench/")
            desk.get_by_role("link", name=re.compile("Screening cases")).click()
            desk.locator(f"a[href$='/workbench/screening/{hit.pk}/']").first.click()
            desk.get_by_label("Why?").fill(WHY)
            desk.get_by_label("Code from your authenticator app").fill(code_at(timezone.now()))
            look(desk, f"journey_case_{step}")
            with desk.expect_navigation():
                desk.get_by_role("button", name=re.compile(button)).click()
        desk.get_by_text("Somebody else").first.wait_for()
        hit.refresh_from_db()
        assert hit.state == "CLEARED" and hit.decided_person != hit.proposed_person
        tell_events()

        customer.refresh_from_db()
        assert customer.status == "ACTIVE"
        self.ask(page, payee)
        page.get_by_label("Enter your PIN").fill(PIN)
        page.get_by_role("button", name="Send KES 100.00").click()
        page.get_by_role("heading", name="Sent", exact=True).wait_for()

    def ask(self, page, payee):
        """Asks to send KES 100."""
        page.goto("/".join(page.url.split("/")[:3]) + "/move/transfers/send/")
        page.get_by_label("Who do you want to pay?").fill(payee.number)
        page.get_by_label("How much do you want to send?").fill("100")
        page.get_by_role("button", name="Check the details").click()


@pytest.mark.django_db(transaction=True)
class TestABusiness:
    def test_is_activated_by_two_officers_after_a_director_was_invited(
        self, open_as, officer, new_page
    ):
        njeri = CustomerFactory(full_name="Achieng Njeri")
        kamau = CustomerFactory(full_name="Peter Kamau")
        Business.objects.filter(registration_no="PVT-AB12CD3").update(
            registration_no=f"PVT-{njeri.pk:07d}", kra_pin=f"P{njeri.pk:09d}Q"
        )
        page = open_as(njeri.user, "/biz/")
        page.get_by_role("link", name="Register a business").click()
        register(page, kamau)
        his = new_page()
        bank = "/".join(page.url.split("/")[:3])
        his.goto(bank + link_of(kamau))
        his.get_by_role("link", name="Log in", exact=True).click()
        his.locator("#id_login").fill(kamau.user.email)
        his.locator("#id_password").fill(PASSWORD)
        his.get_by_role("button", name="Log in", exact=True).click()
        his.get_by_label("I have read the resolution and sign it").check()
        his.get_by_role("button", name="Accept the invitation").click()
        his.get_by_text("You now act for Wekeza Hardware Ltd").wait_for()

        maker = officer("LOAN_OFFICER", "/workbench/")
        maker.get_by_role("link", name=re.compile("Businesses that register")).click()
        business = Business.objects.get(registration_no="PVT-AB12CD3")  # Others have its name.
        accept_papers(business)
        maker.locator(f'a[href*="{business.public_id}"]').first.click()
        assert "Signed by Peter Kamau" in words_of(maker)
        look(maker, "journey_business")
        maker.get_by_label("Why?").fill("Register and people were checked")
        maker.get_by_role("button", name="Ask to open its account").click()
        maker.get_by_text("Another person must decide it").wait_for()

        checker = officer("BRANCH_MANAGER", "/workbench/approvals/")
        checker.get_by_role("link", name="Let a business bank here").last.click()
        checker.get_by_label("Code from your authenticator app").fill(code_at(timezone.now()))
        look(checker, "journey_business_decide")
        with checker.expect_navigation():
            checker.get_by_role("button", name="Approve").click()

        business.refresh_from_db()
        assert business.is_active and business.deposit_accounts.count() == 1
        page.goto(f"{bank}/biz/{business.public_id}/home/")
        assert "Wekeza Hardware Ltd" in words_of(page)


@pytest.mark.django_db(transaction=True)
class TestLook:
    @pytest.mark.parametrize(("size", "scheme"), LOOKS)
    def test_every_desk_is_whole_and_readable(self, officer, deny, size, scheme):
        held = CustomerFactory(full_name="Kizani Hewala Mzushi", date_of_birth=date(1994, 3, 27))
        hit = Hit.objects.get(owner_ref=held.owner_ref)
        cleared = CustomerFactory(full_name="Mzushi Hewala Kizani", date_of_birth=date(1994, 3, 27))
        steps.end(Hit.objects.get(owner_ref=cleared.owner_ref), "CLEARED")
        founder = CustomerFactory(full_name="Achieng Njeri")
        business = BusinessFactory(
            founder=founder, others=[(CustomerFactory(), DIRECTOR)], is_active=False,
            name=f"Kamau & Daughters {founder.pk}",
        )  # fmt: skip
        partner = PartnerFactory(name=f"Duka Books {founder.pk} Ltd")
        page = officer("COMPLIANCE", "/workbench/", size=size, scheme=scheme)
        bank = "/".join(page.url.split("/")[:3])
        file = f"/workbench/customer/{founder.public_id}/"
        page.goto(bank + file)
        with page.expect_navigation():
            page.get_by_role("button", name="Open the file").click()

        found = []
        for path in (
            "/workbench/", "/workbench/screening/", f"/workbench/screening/{hit.pk}/",
            "/workbench/screening/lists/", "/workbench/screening/good-guys/", file,
            f"{file}standing/", "/workbench/registrations/",
            f"/workbench/registrations/{business.public_id}/", "/workbench/partners/",
            f"/workbench/partners/{partner.public_id}/",
            "/workbench/records/accounts/kycterm/", "/workbench/records/accounts/screeningterms/",
        ):  # fmt: skip
            page.goto(bank + path)
            name = re.sub(r"[0-9a-f-]{36}|\d+|\W+", "_", path)
            if PICTURES:
                shot = f"{PICTURES}/{name}_{size['width']}_{scheme}.png"
                page.screenshot(path=shot, full_page=True)
            found += [f"{path}: {problem}" for problem in problems_of(page)]
            if size == PHONE:
                found += [f"{path}: low {part}" for part in small_targets(page, 24)]

        assert not found, "\n".join(found)
