"""
Staff and customers about loans in real browsers: an officer approves less than the rules refused
and refuses what the bureau was silent about, and both customers read why; a risk officer stops
lending, and the customer's pages say so in plain words until it goes on.
"""

import pytest

from accounts.customers.models import Customer
from accounts.factories import PIN
from branch.credit.tests.test_doors import QUEUE, page_of
from lending.decisions.tests.steps import referred, reviewed
from lending.factories import ApplicationFactory
from lending.stops.models import LendingStop
from lending.stops.tests.steps import lift
from wekeza.tests.browser import DESK, PHONE
from wekeza.tests.journeys.steps import Walker, at_home

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "Your employer confirmed six months of pay"
WHY_NOT = "Your last two payslips do not say who pays you"


@pytest.fixture
def goes_on_afterwards():
    """A stop that stands would stop the loans of the tests that come after."""
    yield
    for row in LendingStop.objects.open():
        lift(row)


def answer_of(asked) -> str:
    return f"/borrow/answers/{asked.public_id}/"


@pytest.mark.proves("BR01")
def test_an_officer_decides_and_overrides_and_the_customers_read_it(
    live_bank, new_page, at_work, bureau
):
    kept, silent = reviewed(bureau), referred(bureau)
    parties = [kept.customer_id, silent.customer_id]
    Customer.objects.filter(pk__in=parties).update(branch="003")
    staff = at_work("LOAN_OFFICER", branch_id="003")
    officer = Walker(new_page(size=DESK, scheme="dark"), live_bank, staff, name="officer")

    officer.go(QUEUE)  # Of the officer's own branch, so of these two alone.
    officer.page.locator(f"a[href='{page_of(kept)}']").click()
    officer.page.wait_for_url(f"**{page_of(kept)}")
    officer.page.get_by_label("Approve how much?").fill("4,000")
    officer.page.get_by_label("Why?").fill(WHY)
    officer.press("Approve", page_of(kept))
    assert "Approved" in officer.text and "(instead of number 1)" in officer.text
    officer.follow("Next: ", page_of(silent))
    officer.page.get_by_label("Why?").fill(WHY_NOT)
    officer.press("Refuse", page_of(silent))

    customer = at_home(new_page(size=PHONE), live_bank, kept.customer, name="approved")
    customer.go(answer_of(kept))
    assert "We can lend you KES 4,000.00 today" in customer.text
    assert f"Our officer writes: {WHY}" in customer.text
    customer = at_home(new_page(size=PHONE), live_bank, silent.customer, name="refused")
    customer.go(answer_of(silent))
    assert "Not today" in customer.text and "A person looked at it and decided." in customer.text
    assert WHY_NOT in customer.text and "bureau" not in customer.text


@pytest.mark.proves("AD03")
def test_a_risk_officer_stops_lending_and_the_customers_pages_say_so(
    live_bank, new_page, at_work, bureau, goes_on_afterwards
):
    offered = ApplicationFactory()
    customer = at_home(new_page(size=PHONE), live_bank, offered.customer)
    customer.go(answer_of(offered))
    staff = at_work("RISK")
    risk = Walker(new_page(size=DESK), live_bank, staff, name="risk")

    risk.go("/risk/lending/")
    assert "Lending goes on" in risk.text
    risk.page.get_by_label("What is wrong?").fill("Loans were booked twice since noon")
    risk.press("Stop at once", "/risk/lending/$")
    assert "All lending is stopped" in risk.text

    said = "We are not giving new loans right now"
    customer.page.get_by_label("I have read the cost").check()
    customer.page.locator("#id_code").fill(PIN)
    customer.page.get_by_role("button", name="Take KES 5,000.00").click()
    customer.page.get_by_text(said).first.wait_for()
    customer.look()
    assert "Nothing was taken. You can still repay." in customer.text
    for path in ("/borrow/", "/borrow/apply/pers/"):
        customer.go(path)
        assert said in customer.text
    assert not offered.customer.loans.exists()

    (row,) = LendingStop.objects.open()
    assert row.attempts.filter(customer=offered.customer).count() == 1
    risk.go(f"/risk/lending/{row.public_id}/")
    assert f"File {str(offered.customer.public_id)[:8]}" in risk.text
    lift(row)
    customer.go("/borrow/apply/pers/")
    assert said not in customer.text
