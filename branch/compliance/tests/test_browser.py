"""The desk of compliance in a real browser, on a phone and on a desk."""

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.factories import AlertFactory, staff_actor
from accounts.monitoring import operations as monitoring
from wekeza.tests.browser import DESK, LOOKS
from wekeza.tests.look import problems_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer(at_work, live_bank, new_page):
    """Opens pages as a compliance officer: officer(address, size=…) gives the page."""
    client = at_work("COMPLIANCE")

    def open_page(address, **wishes):
        page = new_page(**wishes)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_bank.url}
        page.context.add_cookies([cookie])
        page.goto(live_bank.url + address)
        return page

    open_page.actor = staff_actor(client.member)
    return open_page


class TestTheDesk:
    @pytest.mark.parametrize(("size", "scheme"), LOOKS)
    def test_is_accessible_and_whole(self, officer, size, scheme):
        alert = AlertFactory(customer__full_name="Nekesa Barasa Wafula")
        who = {"actor": officer.actor, "at": timezone.now()}
        monitoring.take(alert, **who)
        other = AlertFactory(customer__full_name="Kiprono Rotich Cheruiyot")
        monitoring.take(other, **who)
        case = monitoring.open_case(other, text="No source of funds", **who)
        pages = [
            "/workbench/monitoring/",
            f"/workbench/monitoring/alerts/{alert.public_id}/",
            f"/workbench/monitoring/cases/{case.public_id}/",
            "/workbench/monitoring/rules/",
            "/workbench/monitoring/rules/STRUCTURING/",
        ]

        for address in pages:
            page = officer(address, size=size, scheme=scheme)

            assert page.locator("h1").count() == 1
            assert problems_of(page) == [], address

    def test_takes_an_alert_notes_and_tries_a_rule_without_scripts(self, officer):
        alert = AlertFactory(customer__full_name="Nekesa Barasa Wafula")
        page = officer("/workbench/monitoring/", size=DESK, javascript=False)

        page.locator(f"a[href*='{alert.public_id}']").click()
        page.get_by_role("button", name="Take this alert").click()
        page.get_by_label("What you found, did, or ask for").fill("Sells maize at the market")
        page.get_by_role("button", name="Add a note").click()
        assert page.get_by_text("Sells maize at the market").is_visible()

        page = officer("/workbench/monitoring/rules/STRUCTURING/", size=DESK, javascript=False)
        page.get_by_role("button", name="Try the rule").click()
        assert page.get_by_role("heading", name="What it would have raised").is_visible()
