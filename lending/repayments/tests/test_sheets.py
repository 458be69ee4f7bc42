"""The statement of a loan: every figure of it, in three kinds of file."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from zipfile import ZipFile

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
    @pytest.mark.proves("BW32", "BW44")
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

    def test_is_a_pdf_and_a_workbook_too(self, loan):
        assert download(loan, "pdf").startswith(b"%PDF-")
        assert "xl/workbook.xml" in ZipFile(BytesIO(download(loan, "xlsx"))).namelist()

    def test_is_given_in_no_other_form(self, loan):
        browser = Client()
        browser.force_login(loan.customer.user)

        reply = browser.get(f"/borrow/loans/{loan.public_id}/statement/exe/")

        assert reply.status_code == 404
