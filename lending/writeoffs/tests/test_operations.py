"""
Write-offs by committee against kenya.md 4.9 and 11.2. The example: KES 5,000 for 30 days at 5%, 361
days late; its interest of 250 is in suspense, 65% of 5,000 are provided for in 1342 and 1,750 more,
to the central bank's 100%, in the reserve.
"""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.factories import StaffMemberFactory, staff_actor
from ledger.approvals.models import Approval
from ledger.approvals.refusals import AboutYou, AlreadyDecided, MayNotAsk, MayNotDecide
from ledger.chart import queries as chart
from ledger.chart.models import Balance
from ledger.money import kes
from ledger.proofs import queries as proofs
from lending.arrears.tests.steps import due_of, earn, judge, lend, pay, standing_of
from lending.earnings.models import LoanEarning
from lending.factories import ApplicationFactory
from lending.loans.operations import OneAtATime
from lending.provisions.models import LoanProvision
from lending.repayments.tests.test_operations import lines_of
from lending.writeoffs import operations as writeoffs
from lending.writeoffs.models import WriteOff, WriteOffTerm
from lending.writeoffs.refusals import NotActive, NotLateEnough, NotProvidedFor, PaidSince
from lending.writeoffs.tests.steps import (
    agree,
    ask,
    committee,
    lost_loan,
    night,
    officer,
    write_off,
)

pytestmark = pytest.mark.django_db


def line(code):
    return Balance.objects.filter(account__code=code).aggregate(total=Sum("balance"))["total"] or 0


def broken():
    return [proof.name for proof in proofs.prove(more=settings.PROOFS) if not proof.holds]


class TestWriteOff:
    def test_journal_of_write_off(self):
        """WRITE_OFF principal, interest and penalty, memorandum (kenya.md 11.2)."""
        loan = lost_loan()

        row = write_off(loan)

        assert lines_of(row.entry_id) == {
            ("2360", "DEBIT", kes("250")), ("1342", "DEBIT", kes("3250")),
            ("5120", "DEBIT", kes("1750")), ("9010", "DEBIT", kes("5250")),
            ("1313", "CREDIT", kes("5000")), ("1330", "CREDIT", kes("250")),
            ("9011", "CREDIT", kes("5250")),
        }  # fmt: skip
        assert (loan.state, loan.paid_date) == ("WRITTEN_OFF", None)
        assert chart.standing(loan.ledger_account_id).balance == 0
        assert {line(code) for code in ("1330", "1335", "1342", "2360")} == {0}
        assert (row.money, row.provision.loan, row.days_late) == (kes("5250"), loan, 361)
        assert broken() == []

    def test_of_a_loan_by_instalments_claims_what_the_nights_have_earned(self):
        """What was never earned, above the ceiling or not yet, is asked for no more."""
        loan = lost_loan(product="PERS", amount="60000", tenor=24, percent="15")

        row = write_off(loan)

        earned = sum(one.amount for one in loan.earnings.all())
        assert earned > 0 and row.money == kes("60000") + kes(str(earned))
        assert (row.suspended, row.provided, row.expensed) == (earned, 39000, 21000)
        earn(row.business_date)  # Its fee is income with it.
        assert broken() == []
        assert pay(loan, "1000").left == row.money - kes("1000")
        assert broken() == []

    def test_happens_with_the_committees_last_yes_once(self):
        loan = lost_loan()
        asked, (first, second, third) = ask(loan), committee(3)

        agree(asked, first)
        assert not WriteOff.objects.exists() and line("9010") == 0
        agree(asked, second)
        with pytest.raises(AlreadyDecided):
            agree(asked, third)

        assert WriteOff.objects.get().approval.signatures.get().signer == str(first)
        assert line("9010") == 5250
        with pytest.raises(NotActive):
            ask(loan)

    def test_leaves_it_out_of_the_night_and_frees_the_reserve(self):
        """The next run gives back the reserve of 1,750: the loss is 5,000 in all."""
        loan = lost_loan()
        write_off(loan)
        before = LoanEarning.objects.count()

        night(due_of(loan) + timedelta(days=400))

        assert LoanEarning.objects.count() == before
        assert LoanProvision.objects.filter(loan=loan).count() == 1
        assert standing_of(loan).days_late == 361
        assert (line("1342"), line("3040"), line("3020")) == (0, 0, 0)
        assert (line("5110"), line("5120")) == (3250, 1750)
        assert broken() == []

    def test_keeps_the_customers_other_loans_bad(self):
        loan = lost_loan()
        other = lend(loan.customer, product="PERS", amount="20000", tenor=12, percent="15")
        write_off(loan)

        judge(due_of(other) - timedelta(days=1))

        assert standing_of(other).loan_class == "LOSS"

    def test_keeps_the_customer_from_borrowing_again(self, bureau):
        loan = lost_loan()
        write_off(loan)

        with pytest.raises(OneAtATime, match=loan.number):
            ApplicationFactory(customer=loan.customer)


class TestRefusals:
    def test_of_what_is_not_late_enough(self):
        """Whoever is 360 days late has the last of them to pay."""
        loan = lost_loan(days=360)

        with pytest.raises(NotLateEnough, match="360 days past due. It takes more than 360"):
            ask(loan)

    def test_of_what_is_not_provided_for(self):
        """65% by the model; the central bank's 100% stand only when a run has booked them."""
        loan = lend()
        earn(due_of(loan))
        judge(due_of(loan) + timedelta(days=361))

        with pytest.raises(NotProvidedFor, match="^0% of it .* takes 100%"):
            ask(loan)
        assert not Approval.objects.filter(deed=writeoffs.DEED).exists()

    def test_go_by_the_terms_in_force(self):
        loan = lost_loan(days=361)
        assert dict(WriteOffTerm.objects.values_list("kind", "number")) == {
            "MORE_DAYS_THAN": 360, "PROVIDED_PERCENT": 100,
        }  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            WriteOffTerm.objects.update(number=1)
        assert ask(loan).is_waiting

    def test_of_what_was_paid_meanwhile(self):
        loan = lost_loan()
        asked, (first, second) = ask(loan), committee()
        agree(asked, first)
        pay(loan, "300")  # 250 of interest, 50 of principal.

        with pytest.raises(PaidSince, match="5,000.00 of its principal .* now KES 4,950.00"):
            agree(asked, second)

        assert line("9010") == 0
        asked.refresh_from_db()
        assert asked.is_waiting
        assert broken() == []

    def test_of_who_may_not(self):
        loan = lost_loan()
        own = StaffMemberFactory(role_id="LOAN_OFFICER", national_id=loan.customer.national_id)

        with pytest.raises(MayNotAsk):
            ask(loan, staff_actor(StaffMemberFactory(role_id="TELLER")))
        with pytest.raises(AboutYou):
            ask(loan, staff_actor(own))
        asked = ask(loan)
        with pytest.raises(MayNotDecide):
            agree(asked, officer())

    def test_of_the_database_without_a_committee(self):
        loan = lost_loan()
        asked = ask(loan)
        provision = LoanProvision.objects.get()
        row = WriteOff(
            loan=loan, principal=5000, interest=0, penalty=0, suspended=0, provided=3250,
            expensed=1750, provision=provision, days_late=361, approval=asked,
            entry_id=loan.entry_id, business_date=timezone.localdate(),
        )  # fmt: skip

        with pytest.raises(DatabaseError, match="takes two persons"), transaction.atomic():
            row.save(force_insert=True)
            with transaction.get_connection().cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_are_named_for_a_paid_loan(self):
        loan = lend()
        pay(loan, "5250")

        with pytest.raises(NotActive, match="Paid"):
            ask(loan)


def test_deed_is_the_one_of_the_wiring():
    assert settings.APPROVABLE[writeoffs.DEED].endswith("writeoffs.operations.write_off")
