"""What is paid of a loan after it was written off (kenya.md 11.2, RECOVERY after write-off)."""

from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.factories import actor_of
from accounts.notifications.models import Message
from ledger.calendar import queries as calendar
from ledger.factories import put_in, take_out
from ledger.money import kes
from ledger.refusals import ReferenceReused
from lending.arrears.tests.steps import pay
from lending.factories import account_of
from lending.repayments import operations as repayments
from lending.repayments.refusals import LoanPaid, MoreThanOwed, NotEnoughInAccount
from lending.repayments.tests.test_operations import lines_of
from lending.writeoffs.tests.steps import lost_loan, write_off
from lending.writeoffs.tests.test_operations import broken, line

pytestmark = pytest.mark.django_db


@pytest.fixture
def loan():
    """KES 5,250 are owed, and off the books."""
    loan = lost_loan()
    write_off(loan)
    return loan


def owed(loan):
    return repayments.owed_of(loan, on=calendar.business_date()).total


class TestRecovery:
    @pytest.mark.proves("BW50")
    def test_journal_of_recovery(self, loan):
        payment = pay(loan, "1250")

        assert lines_of(payment.entry_id) == {
            ("2010", "DEBIT", kes("1250")), ("4310", "CREDIT", kes("1250")),
            ("9011", "DEBIT", kes("1250")), ("9010", "CREDIT", kes("1250")),
        }  # fmt: skip
        assert [(one.part, one.amount) for one in payment.allocations.all()] == [
            ("WRITTEN_OFF", 1250)
        ]  # fmt: skip
        assert (payment.left, owed(loan), line("9010")) == (kes("4000"), kes("4000"), 4000)
        text = Message.objects.filter(kind="loan_repaid").latest("pk").body
        assert text.endswith(f"for loan {loan.number}. You still owe KES 4,000.00.")
        assert broken() == []

    def test_of_the_last_shilling_ends_it(self, loan):
        pay(loan, "1250")

        pay(loan, "4000")

        loan.refresh_from_db()
        assert (loan.state, loan.paid_date) == ("RECOVERED", calendar.business_date())
        assert loan.is_paid and (line("9010"), line("9011"), line("4310")) == (0, 0, 5250)
        with pytest.raises(LoanPaid):
            pay(loan, "1")
        assert broken() == []

    def test_happens_once_for_a_reference(self, loan):
        put_in(account_of(loan.customer).ledger_account, "2000")
        facts = {"reference": str(uuid4()), "at": timezone.now(), "actor": actor_of(loan.customer)}

        first = repayments.repay(loan, money=kes("1000"), **facts)

        assert repayments.repay(loan, money=kes("1000"), **facts) == first
        with pytest.raises(ReferenceReused):
            repayments.repay(loan, money=kes("999"), **facts)
        assert (owed(loan), loan.repayments.count()) == (kes("4250"), 1)

    def test_is_refused_above_what_is_owed_or_there_is(self, loan):
        with pytest.raises(MoreThanOwed, match="5,250.00"):
            pay(loan, "5251")
        facts = {"reference": str(uuid4()), "at": timezone.now(), "actor": actor_of(loan.customer)}
        take_out(account_of(loan.customer).ledger_account, "5251")
        with pytest.raises(NotEnoughInAccount):
            repayments.repay(loan, money=kes("100"), **facts)

        assert (line("9010"), line("4310"), loan.repayments.count()) == (5250, 0, 0)

    def test_is_collected_by_night_as_far_as_the_account_goes(self, loan):
        put_in(account_of(loan.customer).ledger_account, "700")
        day = calendar.business_date()
        again = {"day": loan.instalments.get().due, "first": loan.pk, "last": loan.pk}

        assert repayments.sweep(**again, at=timezone.now()) == 1
        assert repayments.sweep(**again, at=timezone.now()) == 0

        payment = loan.repayments.get()
        assert (payment.channel, payment.money, owed(loan)) == ("SWEEP", kes("700"), kes("4550"))
        assert payment.business_date == day
        assert broken() == []
