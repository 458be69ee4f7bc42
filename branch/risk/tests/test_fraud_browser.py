"""The desk of fraud in a real browser, on a phone and on a desk."""

import os

import pytest
from django.conf import settings

from lending.fraud import operations as fraud
from lending.fraud.models import FraudMark
from lending.fraud.tests.steps import blocked, case_about, flagged, now_by
from wekeza.tests.browser import LOOKS
from wekeza.tests.look import problems_of

PICTURES = os.environ.get("PICTURES", "")  # A folder that keeps pictures of every page.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bureau")]


@pytest.fixture
def look(at_work, live_bank, new_page):
    """Looks at a page in every size and scheme, and says what is wrong: look(address, head)."""
    client = at_work("RISK")
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_bank.url}

    def go(address, called, head):
        found = []
        for size, scheme in LOOKS:
            page = new_page(size=size, scheme=scheme)
            page.context.add_cookies([cookie])
            page.goto(f"{live_bank.url}/risk/fraud/{address}")
            assert page.locator("h1").all_inner_texts() == [head]
            found += problems_of(page)
            if PICTURES:
                path = f"{PICTURES}/fraud-{called}-{scheme}-{size['width']}.png"
                page.screenshot(path=path, full_page=True)
        return found

    return go


class TestTheDesk:
    def test_is_accessible_and_whole(self, look):
        case, worse = case_about(flagged()), case_about(blocked())
        fraud.take(case, **now_by("RISK"))
        fraud.write_note(case, text="Called them. They know the agent.", **now_by("RISK"))
        name = case.assessment.application.customer.full_name

        assert look("", "cases", "Fraud") == []
        assert look(f"{case.public_id}/", "case", f"Case {case.pk}: {name}") == []
        fraud.clear(case, text="They asked twice by mistake", **now_by("COMPLIANCE"))
        assert look(f"{case.public_id}/", "cleared", f"Case {case.pk}: {name}") == []
        assert look("", "decided", "Fraud") == []
        other = worse.assessment.application.customer.full_name
        assert look(f"{worse.public_id}/", "blocked", f"Case {worse.pk}: {other}") == []
        assert look("marks/", "marks", "Known fraud") == []
        mark = FraudMark.objects.latest("pk")
        assert look(f"marks/{mark.public_id}/", "mark", "Mark: ID number") == []
