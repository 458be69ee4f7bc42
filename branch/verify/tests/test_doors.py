"""Anybody verifies a paper: what is told, what is not, and that guessing leads nowhere."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.factories import SavingsAccountFactory, actor_of
from accounts.savings import closing, quotes
from accounts.statements.models import StatementFile
from accounts.statements.tests.test_doors import juma_and_grace, signed_in, text
from accounts.statements.tests.test_files import ASK, wish
from ledger.calendar import queries as calendar
from ledger.factories import undo
from ledger.money import kes
from lending.factories import ApplicationFactory, BorrowerFactory, LoanFactory
from lending.repayments import operations as repayments
from payments.factories import TransferFactory
from wekeza.kit import vouching

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_asked_before():
    cache.clear()


@pytest.fixture
def sent():
    return TransferFactory(source__customer__full_name="Juma Otieno Wekesa", amount="1234.50")


def verify(code):
    return Client().get(f"/verify/{code}/")


class TestClosingOfSavings:
    def test_is_vouched_for_by_its_receipt_and_told_by_text(self):
        account = SavingsAccountFactory(customer__full_name="Juma Otieno Wekesa", balance="2500")
        noon = calendar.ends_at(calendar.business_date()) - timedelta(hours=12)
        figures = quotes.closing_of(account).figures
        done = closing.close(account, figures=figures, actor=actor_of(account.customer), at=noon)
        page = signed_in(done.target).get(f"/save/{account.number}/closed/").content.decode()

        shown = text(Client().get(re.search(r'href="[^"]*(/verify/[^"]+)"', page)[1]))

        assert "This receipt is genuine" in shown and "Savings account closed" in shown
        assert "KES 2,000.00" in shown and "To J. O." in shown  # Less the fee of 500.
        assert account.number not in shown
        told = account.customer.user.messages.get(kind="savings_closed").body
        assert "KES 2,000.00" in told and done.target.ending in told


class TestLoans:
    def test_are_vouched_for_by_the_receipts_of_payout_and_payment(self, bureau):
        customer = BorrowerFactory(full_name="Juma Otieno Wekesa")
        loan = LoanFactory(application=ApplicationFactory(customer=customer))
        paid = repayments.repay(
            loan, money=kes("5250"), reference="form", at=timezone.now(), actor=actor_of(customer)
        )
        browser, shown = signed_in(loan.account), []
        for address in (f"/borrow/loans/{loan.public_id}/",
                        f"/borrow/loans/{loan.public_id}/paid/{paid.receipt_no}/"):  # fmt: skip
            page = browser.get(address).content.decode()
            shown.append(text(Client().get(re.search(r'href="[^"]*(/verify/[^"]+)"', page)[1])))

        out, back = shown
        assert "Loan paid out" in out and "KES 5,000.00" in out and "To J. O." in out
        assert "Payment on a loan" in back and "KES 5,250.00" in back and "From J. O." in back


class TestReceipt:
    def test_its_own_page_carries_a_code_that_a_stranger_verifies(self, sent):
        page = signed_in(sent.source).get(f"/move/transfers/receipt/{sent.receipt_no}/")
        path = re.search(r'href="[^"]*(/verify/[^"]+)"', page.content.decode())[1]

        shown = text(Client().get(path))

        assert "<svg" in page.content.decode() and 'class="wk-qr"' in page.content.decode()
        assert "This receipt is genuine" in shown
        assert "KES 1,234.50" in shown
        assert sent.receipt_no in shown
        assert "From J. O." in shown and "To G. W." in shown
        assert "If one differs, the paper was changed" in shown

    def test_tells_no_name_account_or_balance(self, sent):
        shown = verify(vouching.receipt_code(sent.receipt_no)).content.decode()

        for private in ("Juma", "Otieno", "Grace", "Mwangi", sent.source.number, "3,765.50"):
            assert private not in shown

    def test_says_when_the_money_was_returned(self, sent):
        undo(sent.entry_id)

        assert "The money was returned later" in text(
            verify(vouching.receipt_code(sent.receipt_no))
        )

    def test_a_number_alone_opens_nothing_and_unknown_ones_read_the_same(self, sent):
        code = vouching.receipt_code(sent.receipt_no)
        last = "0" if code[-1] != "0" else "1"
        answers = [
            verify(tried)
            for tried in (
                sent.receipt_no,
                code[:-1] + last,
                "MV-0000000-" + "0" * 16,
                vouching.receipt_code("MV-0000000"),
                "ST-" + "0" * 16,
                "XX-1",
                "x" * 300,
                "é",
            )
        ]

        assert {answer.status_code for answer in answers} == {404}
        bodies = {
            re.sub(r'next" value="[^"]*"|next=[^"]*"|nonce', "", text(one)) for one in answers
        }
        assert len(bodies) == 1

    def test_reads_what_people_type(self, sent):
        code = vouching.receipt_code(sent.receipt_no)

        led = Client().get("/verify/", {"code": f"  {code.lower()[:9]} {code.lower()[9:]} "})

        assert led["Location"] == f"/verify/{code}/"
        assert Client().get("/verify/").status_code == 200
        assert Client().get("/verify/", {"code": ""}).status_code in (200, 422)

    @pytest.mark.parametrize("odd", ["a/b", "/", "ST-7K2Q?x", "é", "ST-7K2Q=", "..", "ＳＴ-1"])
    def test_refuses_signs_that_no_code_has_and_says_so(self, odd):
        answer = Client().get("/verify/", {"code": odd})

        assert answer.status_code == 422
        assert "letters, digits and hyphens only" in text(answer)

    def test_a_network_that_tries_many_waits(self, sent):
        code = vouching.receipt_code(sent.receipt_no)

        answers = [verify(code).status_code for _ in range(45)]

        assert answers[0] == 200
        assert 429 in answers

    def test_nobody_is_found_by_a_search_engine(self, sent):
        answer = verify(vouching.receipt_code(sent.receipt_no))

        assert answer["X-Robots-Tag"] == "noindex"


class TestStatement:
    def test_vouches_for_its_figures_and_the_file(self):
        juma, _grace = juma_and_grace()
        page = signed_in(juma)
        page.post(ASK, wish(juma))
        file = StatementFile.objects.get()

        shown = text(verify(file.code))

        assert "This statement is genuine" in shown
        assert "Opening balance KES 0.00" in shown and "Closing balance KES 5,000.00" in shown
        assert f"••• {juma.number[-4:]}" in shown
        assert file.sha256 in shown
        assert "Juma" not in shown and juma.number not in shown
