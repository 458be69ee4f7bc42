"""The desk of lending in a real browser, on a phone and on a desk."""

import os

import pytest
from django.conf import settings
from django.db import transaction

from accounts.factories import CustomerFactory, actor_of
from ledger.calendar.queries import business_date
from lending.arrears.tests.steps import judge, pay
from lending.arrears.tests.steps import lend as lend_some
from lending.collections.tests.steps import chased, late_loan, promise
from lending.factories import BorrowerFactory
from lending.monitoring.tests.steps import a_year
from lending.products.models import Segment
from lending.stops.models import LendingStop, Scope
from lending.stops.operations import LendingStopped
from lending.stops.tests.steps import lend, lift, product, stop
from lending.writeoffs.tests.steps import lost_loan, write_off
from wekeza.tests.browser import LOOKS
from wekeza.tests.look import problems_of

PICTURES = os.environ.get("PICTURES", "")  # A folder that keeps pictures of every page.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def goes_on_afterwards():
    """A stop that stands would stop the loans of the tests that come after."""
    yield
    for row in LendingStop.objects.open():
        lift(row)


@pytest.fixture
def look(at_work, live_bank, new_page):
    """Looks at a page in every size and scheme, and says what is wrong: look(address, name)."""
    client = at_work("RISK")
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_bank.url}

    def go(address, called, head="Lending"):
        found = []
        for size, scheme in LOOKS:
            page = new_page(size=size, scheme=scheme)
            page.context.add_cookies([cookie])
            page.goto(f"{live_bank.url}/risk/lending/{address}")
            assert page.locator("h1").all_inner_texts() == [head]
            found += problems_of(page)
            if PICTURES:
                path = f"{PICTURES}/lending-{called}-{scheme}-{size['width']}.png"
                page.screenshot(path=path, full_page=True)
        return found

    return go


class TestTheDesk:
    def test_is_accessible_and_whole(self, look):
        assert look("", "going-on") == []
        row, customer = stop(Scope.PRODUCT, product=product("PERS")), CustomerFactory()
        for number in range(3):
            with pytest.raises(LendingStopped):
                lend(
                    product("PERS"),
                    customer=customer,
                    amount=f"{4000 * number + 1500}",
                    what="OFFER" if number else "DISBURSEMENT",
                    actor=actor_of(customer),
                )
        lift(stop(Scope.SEGMENT, segment=Segment.BUSINESS))
        assert look("", "in-part") == []
        assert look(f"{row.public_id}/", "stop", head="Stop: Personal loan") == []
        stop()
        assert look("", "stopped") == []


class TestWrittenOff:
    def test_is_accessible_and_whole(self, look):
        loan = lost_loan()
        write_off(loan)
        pay(loan, "250")

        assert look("../written-off/", "written-off", head="Written off") == []
        recovered = "../written-off/?show=recovered"
        assert look(recovered, "recovered", head="Recovered") == []


class TestLoansAtRisk:
    def test_are_accessible_and_whole(self, look):
        customer = BorrowerFactory(deposit="")
        with transaction.atomic():
            loan = lend_some(customer, amount="5000")
            judge(loan.start_date, loan)

        assert look("../", "at-risk", head="Loans at risk") == []
        assert look("../loans/", "loans", head="Loans and how they stand") == []


class TestLateLoans:
    def test_are_accessible_and_whole(self, look):
        loan = late_loan(days=20)
        chased(loan)
        promise(loan)

        assert look("../collections/", "late", head="Late loans and promises") == []
        assert look("../collections/loans/", "late-loans", head="Late loans") == []
        assert look("../collections/promises/", "promises", head="Promises to pay") == []


class TestTheScore:
    def test_is_accessible_and_whole(self, look):
        assert look("../drift/", "drift-empty", head="Score and drift") == []
        first, *borrowers = [BorrowerFactory(deposit="") for _ in range(6)]
        with transaction.atomic():
            a_year(lend_some(first).application, business_date(), borrowers=borrowers)

        assert look("../drift/", "drift", head="Score and drift") == []
        assert look("../cards/", "cards", head="Cards of points") == []
        assert look("../cards/RETAIL/1/", "card", head="Card RETAIL 1") == []
