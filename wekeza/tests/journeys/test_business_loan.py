"""
A director asks for a loan on the turnover of her business in a real browser, sees how much it
carries while she types, reads the answer, signs it with a texted code, and finds the money in the
account of the business and the loan with its schedule.
"""

import re

import pytest
from django.utils import timezone

from accounts.access.tests.steps import newest
from accounts.factories import BusinessFactory, CustomerFactory, photo
from ledger.chart import queries as chart
from ledger.factories import put_in
from lending.bureau.simulator import file_of
from lending.business import operations
from lending.decisions.tests.steps import decide
from lending.loans.models import Loan
from wekeza.tests.browser import PHONE
from wekeza.tests.journeys.steps import at_home

pytestmark = pytest.mark.django_db(transaction=True)
WIDE = {"width": 1280, "height": 900}


@pytest.fixture
def shop(live_bank, bureau):
    njeri = CustomerFactory(full_name="Achieng Njeri")
    bureau.files[njeri.national_id] = file_of(good=2)
    shop = BusinessFactory(founder=njeri, name="Njeri Systems Ltd")
    account = shop.deposit_accounts.select_related("ledger_account").get()
    put_in(account.ledger_account, "2400000", at=timezone.now())
    return shop


@pytest.mark.proves("BW25", "BW26")
@pytest.mark.parametrize(
    ("name", "wishes"),
    [("phone", {"size": PHONE}), ("desk", {"size": WIDE, "scheme": "dark"})],
)
def test_a_director_borrows_on_turnover(live_bank, new_page, shop, name, wishes):
    director = shop.members.select_related("customer__user").first().customer
    njeri = at_home(new_page(**wishes), live_bank, director, name=f"business-loan-{name}")
    page = njeri.page
    njeri.go(f"/biz/{shop.public_id}/home/")
    page.get_by_role("link", name="Borrow").click()
    page.get_by_role("link", name="Ask for a loan").click()
    page.get_by_label("How much do you want to borrow?").fill("500,000")
    page.get_by_label("What does the business do?").select_option("ICT")
    page.get_by_label("Turnover of a year").fill("4,000,000")
    page.get_by_label("Profit of a year").fill("900,000")
    page.get_by_label("VAT returns").check()
    # 900,000 / 1.2, for 25% x 4,000,000 x 1.00 x 0.9 is more.
    page.get_by_role("heading", name="The business can borrow up to").wait_for()
    assert "750,000" in njeri.text and "900,000" in njeri.text and "14%" in njeri.text
    page.locator("#id_paper").set_input_files(
        {"name": "vat.jpg", "mimeType": "image/jpeg", "buffer": photo(shade=9)}
    )
    page.get_by_label("What do loans elsewhere take").fill("0")
    page.get_by_label("your largest customer").fill("25")
    page.get_by_label("For how many years").fill("6")
    page.get_by_label("credit").first.check()
    njeri.look()

    njeri.press("See our answer", "/loans/answers/")
    asked = shop.loan_applications.get()
    operations.answer(asked, at=timezone.now())
    here = f"/biz/{shop.public_id}/loans/answers/{asked.public_id}/"
    njeri.go(here)
    assert "A person reads the papers that you sent." in njeri.text
    decide(asked, amount="500000")
    njeri.go(here)
    assert "Yes. The business can borrow KES 500,000.00" in njeri.text
    page.get_by_role("button", name="Send me the code").click()
    page.get_by_text("We have sent you a code.").wait_for()
    njeri.look()
    page.get_by_label("I have read the cost and the date").check()
    body = newest("code_loan", user=director.user).body
    page.locator("#id_code").fill(re.search(r"[0-9]{6}", body)[0])
    njeri.press("Sign for KES", "/borrow/loans/")

    loan = Loan.objects.get(business=shop)
    assert chart.standing(loan.account.ledger_account_id).balance == 2_890_000  # Less 2%.
    assert loan.number in njeri.text and "Njeri Systems Ltd" in njeri.text
    njeri.go(f"/biz/{shop.public_id}/loans/")
    assert "The business owes" in njeri.text
