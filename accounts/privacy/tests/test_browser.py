"""Profile and privacy in a real browser, on a phone and a desk; SHOTS=folder keeps pictures."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from accounts.access.tests.steps import code_in, spare_phone
from accounts.customers import contacts, corrections
from accounts.factories import CustomerFactory, actor_of
from accounts.privacy import operations as privacy
from accounts.privacy.models import FileView
from accounts.registry.models import IdentityCheck
from wekeza.kit.actor import Actor
from wekeza.tests.browser import DESK, PHONE
from wekeza.tests.look import problems_of, small_targets

OFFICER = Actor("STAFF", "7", person="person:officer")
HOME = {"kind": "HOME", "line": "House 4, Matumaini Road", "town": "Nakuru", "county": "32"}
WAYS = [
    pytest.param({"size": PHONE}, "en", id="phone"),
    pytest.param({"size": PHONE, "scheme": "dark"}, "sw", id="phone-swahili"),
    pytest.param({"size": DESK}, "en", id="desk"),
]


@pytest.fixture
def customer(live_bank):
    """Somebody with several contacts, a request that waits, doubts and looks at the file."""
    customer, now = CustomerFactory(), datetime.now(UTC)
    actor = actor_of(customer)
    further = contacts.add_phone(customer, phone=spare_phone(), at=now, actor=actor)
    contacts.confirm_phone(further, code=code_in("code_further_phone"), at=now, actor=actor)
    contacts.add_address(customer, actor=actor, **HOME)
    contacts.add_address(customer, actor=actor, **HOME | {"kind": "POSTAL", "line": "Box 1234"})
    corrections.request_change(
        customer,
        field="full_name",
        value="Amina Wambui Otieno",
        reason="I married",
        at=now,
        actor=actor,
    )
    checks = IdentityCheck.objects.filter(customer=customer)
    checks.filter(kind="ID").update(state="MATCH", answered_at=now)
    checks.filter(kind="PHONE").update(state="PARTIAL", answered_at=now)
    for purpose in FileView.Purpose:
        privacy.note_view(customer, actor=OFFICER, purpose=purpose, at=now, role="Support")
    privacy.object_to(customer, words="Do not score me", at=now, actor=actor)
    return customer


@pytest.fixture
def person(live_bank, new_page, customer):
    """Opens pages on which the customer is signed in, and looks at each."""

    def make(wishes, language, tag):
        page = new_page(**wishes)
        client = Client()
        client.force_login(customer.user)
        cookies = {"session": client.cookies["session"].value, "django_language": language}
        page.context.add_cookies(
            [{"name": name, "value": said, "url": live_bank.url} for name, said in cookies.items()]
        )

        def look(path=""):
            if path:
                page.goto(live_bank.url + path)
            if folder := os.environ.get("SHOTS"):
                name = page.url.removeprefix(live_bank.url).strip("/").replace("/", "-")[:50]
                page.screenshot(path=Path(folder) / f"reg-{tag}-{name}.png", full_page=True)
            assert problems_of(page) == []
            assert small_targets(page) == []

        page.look = look
        return page

    return make


def prove(page, change):
    """PIN and code, on the page that asks for them."""
    page.fill("#id_pin", "2580")
    page.locator("form.wk-form .wk-actions button").first.click()
    page.wait_for_selector("#id_code")
    page.look()
    page.fill("#id_code", code_in(f"code_change_{change}"))
    page.locator("form.wk-form .wk-actions button").first.click()


@pytest.mark.django_db(transaction=True)
class TestInABrowser:
    @pytest.mark.parametrize(("wishes", "language"), WAYS)
    def test_every_page_can_be_read_and_pressed(self, person, customer, wishes, language, request):
        page = person(wishes, language, request.node.callspec.id)
        for path in (
            "/settings/",
            "/settings/profile/",
            "/settings/profile/phones/add/",
            "/settings/profile/addresses/add/",
            "/settings/profile/change/national_id/",
            "/settings/profile/change/date_of_birth/",
            "/settings/privacy/",
            "/settings/privacy/withdraw/data/",
            "/settings/privacy/requests/ask/",
        ):
            page.look(path)

        page.goto(page.url.partition("/settings")[0] + "/settings/privacy/download/")
        prove(page, "data")
        page.wait_for_url("**/download/")
        page.look()
        page.locator("form.wk-form .wk-actions button").first.click()
        page.wait_for_url("**/requests/*/")
        page.look()
        page.locator("main .wk-actions a").first.click()
        page.wait_for_url("**/copy/")
        page.look()
        assert customer.national_id in page.locator("main").inner_text()

    @pytest.mark.parametrize(("wishes", "language"), WAYS)
    def test_an_address_goes_after_pin_and_code(self, person, customer, wishes, language, request):
        page = person(wishes, language, request.node.callspec.id)
        address = customer.addresses.get(is_main=False)
        page.look(f"/settings/profile/addresses/{address.public_id}/")
        prove(page, "contacts")
        page.wait_for_url(f"**/addresses/{address.public_id}/")
        page.look()

        page.locator("main a.wk-btn--block").last.click()
        page.wait_for_url("**/remove/")
        page.look()
        page.locator("form.wk-form .wk-actions button").first.click()
        page.wait_for_url("**/settings/profile/")

        assert customer.addresses.count() == 1
