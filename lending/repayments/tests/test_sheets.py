"""The statement of a loan: every figure of it, in three kinds of file."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.test import Client
from django.utils import timezone

from accounts.factories import actor_of
from ledger.money import kes
from lending.earnings import operations as earnings
from lending.factories import LoanFactory
from lending.repayments import debts
from lending.repayments import operations as repayments
from wekeza.kit.actor import SYSTEM
from wekeza.kit.words import day
from wekeza.tests.files import rows_of, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def loan(bureau):
    """A loan of 5,000 on which 1,000 was paid, four days late: one penalty, of 4,250."""
    loan = LoanFactory()
    repayments.repay(
        loan, money=kes("1000"), reference="form", at=timezone.now(), actor=actor_of(loan.customer)
    )
    late = loan.instalments.get().due + timedelta(days=4)
    earnings.earn(day=late, first=loan.pk, last=loan.pk)
    earnings.book(day=late, actor=SYSTEM, at=timezone.now())
    return loan


def download(loan, form) -> bytes:
    browser = Client()
    browser.force_login(loan.customer.user)
    reply = browser.get(f"/borrow/loans/{loan.public_id}/statement/{form}/")
    assert reply.status_code == 200
    assert reply["Content-Disposition"] == f'attachment; filename="{loan.number}.{form}"'
    assert reply["Cache-Control"] == "no-store"
    return reply.content


class TestStatement:
    @pytest.mark.proves("BW29", "BW32", "BW44")
    def test_has_every_payment_and_the_schedule(self, loan):
        lines = list(csv.reader(StringIO(download(loan, "csv").decode("utf-8-sig"))))

        rows = {line[1]: line[3:] for line in lines if len(line) == 6}
        assert rows["Loan paid out"] == ["5000.00", "", "5000.00"]
        assert rows["Interest"] == ["250.00", "", "5250.00"]
        assert rows["Payment on a loan"] == ["", "1000.00", "4250.00"]
        # 4,250 of principal are overdue: 5,000 less the 750 that the payment left for it.
        assert rows["Penalty"] == ["10.63", "", "4260.63"]  # 4,250 x 0.25% = 10.625.
        schedule = lines[lines.index(["What you pay and when"]) + 2]
        assert schedule[1:] == ["5000.00", "250.00", "4250.00"]

    def test_agrees_with_what_is_owed(self, loan):
        owed = debts.of(loan, on=loan.start_date + timedelta(days=40)).total

        assert owed == kes("4260.63")

    def test_says_the_same_on_paper(self, loan):
        receipt, due = loan.repayments.get().receipt_no, loan.instalments.get().due

        words = words_of(download(loan, "pdf"))

        for figures in (
            f"Borrower {loan.customer.full_name} Loan 30-day loan {loan.number} Paid out on",
            "You got KES 5,000.00 Interest and penalties KES 260.63 You paid KES 1,000.00",
            "You owe KES 4,260.63 Date What Reference Added Paid You owe",
            f"Loan paid out {loan.receipt_no} 5,000.00 5,000.00",
            f"Interest {loan.number} 250.00 5,250.00",
            f"Payment on a loan {receipt} 1,000.00 4,250.00",
            f"Penalty {loan.number} 10.63 4,260.63 Totals 5,260.63 1,000.00 4,260.63",
            f"Due Principal Interest Not paid yet {day(due)} 5,000.00 250.00 4,250.00",
        ):
            assert figures in words

    def test_has_the_same_in_the_cells_of_a_workbook(self, loan):
        rows = rows_of(download(loan, "xlsx"))

        cells = {row["B"]: row for row in rows if "F" in row and "B" in row}
        assert cells.pop("What")["D"] == "Added"
        assert {what: (row.get("D"), row.get("E"), row["F"]) for what, row in cells.items()} == {
            "Loan paid out": ("5000.00", None, "5000.00"),
            "Interest": ("250.00", None, "5250.00"),
            "Payment on a loan": (None, "1000.00", "4250.00"),
            "Penalty": ("10.63", None, "4260.63"),
        }
        assert cells["Loan paid out"]["C"] == loan.receipt_no
        [totals] = [row for row in rows if row.get("A") == "Totals"]
        assert (totals["D"], totals["E"], totals["F"]) == ("5260.63", "1000.00", "4260.63")
        due = {"A": day(loan.instalments.get().due), "B": "5000.00", "C": "250.00", "D": "4250.00"}
        assert due in rows

    def test_is_given_in_no_other_form(self, loan):
        browser = Client()
        browser.force_login(loan.customer.user)

        reply = browser.get(f"/borrow/loans/{loan.public_id}/statement/exe/")

        assert reply.status_code == 404
