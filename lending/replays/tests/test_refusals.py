"""What a payment is not put right for: each refusal says why, and nothing is done."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.factories import StaffMemberFactory, staff_actor
from ledger.approvals.refusals import AboutYou, MayNotAsk, MayNotDecide
from ledger.calendar import queries as calendar
from ledger.chart import operations as ledger_accounts
from ledger.factories import put_in, take_out
from lending.arrears.models import LoanStanding
from lending.arrears.tests.steps import earn, lend, pay
from lending.factories import account_of
from lending.loans.models import ScheduleVersion
from lending.repayments.models import Repayment
from lending.replays.models import Replay
from lending.replays.refusals import (
    AccountTakesNone,
    AlreadyTakenBack,
    MoreThanWasOwed,
    NightRuns,
    NotEarlier,
    NotInAccount,
    OffBooks,
    OtherLoan,
    PerformsAgain,
    TooFarBack,
)
from lending.replays.tests.steps import (
    agree,
    ask_earlier,
    ask_reversal,
    broken,
    lent,
    live,
    officer,
)
from lending.writeoffs.tests.steps import lost_loan, write_off
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


class TestRefusals:
    def test_of_what_was_taken_back_already(self):
        loan = lent(30)
        first, second = live(loan, paying={10: "500", 20: "300"})
        asked = ask_reversal(first)
        agree(asked)
        loan.refresh_from_db()
        count = Repayment.objects.count()

        with pytest.raises(AlreadyTakenBack, match=f"{first.receipt_no} was taken back.*nothing"):
            ask_reversal(first)
        now = second.replacement.receipt_no
        with pytest.raises(AlreadyTakenBack, match=now):
            ask_reversal(Repayment.objects.get(pk=second.pk))
        assert Repayment.objects.count() == count

    def test_of_days_too_far_back_or_not_gone_by(self):
        loan = lent(120)
        (early,) = live(loan, paying={5: "100"}, until=6)
        today = calendar.business_date()

        with pytest.raises(TooFarBack, match="for 92 days back"):
            ask_reversal(early)
        with pytest.raises(NotEarlier):
            ask_earlier(loan, "50", day=today)
        young = lent(10)
        with pytest.raises(TooFarBack, match="the loan was paid out then"):
            ask_earlier(young, "50", day=young.start_date - timedelta(days=1))
        ScheduleVersion.objects.create(
            loan=young, version=2, why="RESTRUCTURED", business_date=today - timedelta(days=4)
        )
        with pytest.raises(TooFarBack, match="agreed anew"):
            ask_earlier(young, "50", day=today - timedelta(days=4))

    def test_of_more_than_was_owed_or_than_the_account_holds(self):
        loan = lent(20)
        live(loan, paying={})
        day = loan.start_date + timedelta(days=3)

        with pytest.raises(NotInAccount, match="KES 100.00 is to be paid.*KES 0.00 is available"):
            ask_earlier(loan, "100", day=day)
        pay_money = account_of(loan.customer).ledger_account
        put_in(pay_money, "9000")
        with pytest.raises(MoreThanWasOwed, match="KES 5,250.00 was owed"):
            ask_earlier(loan, "5250.01", day=day)
        asked = ask_earlier(loan, "100", day=day)
        take_out(pay_money, "9000")

        with pytest.raises(NotInAccount):
            agree(asked)
        assert not Repayment.objects.exists() and not Replay.objects.exists()
        assert broken() == []

    def test_of_an_account_that_takes_nothing(self):
        loan = lent(30)
        first, _second = live(loan, paying={10: "500", 20: "300"})
        held = account_of(loan.customer)
        asked = ask_reversal(first)
        ledger_accounts.freeze(held.ledger_account, reason="A court's order", actor=SYSTEM)

        for doing in (lambda: agree(asked), lambda: ask_reversal(first)):
            with pytest.raises(AccountTakesNone, match=f"ending {held.ending} takes or pays"):
                doing()
        assert not Replay.objects.exists() and loan.repayments.count() == 2
        assert broken() == []

    def test_of_a_loan_that_would_stand_beside_another(self):
        loan = lent(40)
        (last,) = live(loan, paying={20: "5250"})
        other = lend(loan.customer)

        with pytest.raises(OtherLoan, match=other.number):
            ask_reversal(last)
        loan.refresh_from_db()
        assert loan.state == "PAID"

    def test_of_loans_off_the_books_and_bad_ones_that_perform_again(self):
        lost = lost_loan()
        write_off(lost)
        recovered = pay(lost, "100")
        with pytest.raises(OffBooks, match=lost.number):
            ask_reversal(recovered)
        loan = lent(140)
        (last,) = live(loan, paying={130: None}, judged=118)
        assert LoanStanding.objects.get(pk=loan.pk).npl_since is None

        with pytest.raises(PerformsAgain, match=loan.number):
            ask_reversal(last)

    def test_while_the_night_runs(self):
        loan = lent(10)
        (paid,) = live(loan, paying={5: "100"})
        earn(calendar.business_date())

        with pytest.raises(NightRuns):
            ask_reversal(paid)

    def test_of_who_may_not(self):
        loan = lent(10)
        (paid,) = live(loan, paying={5: "100"})
        own = StaffMemberFactory(role_id="LOAN_OFFICER", national_id=loan.customer.national_id)

        with pytest.raises(MayNotAsk):
            ask_reversal(paid, staff_actor(StaffMemberFactory(role_id="TELLER")))
        with pytest.raises(AboutYou):
            ask_reversal(paid, staff_actor(own))
        asked = ask_reversal(paid)
        with pytest.raises(MayNotDecide):
            agree(asked, officer())
        assert not Replay.objects.exists()

    def test_of_the_database_without_an_approval(self):
        loan = lent(10)
        (paid,) = live(loan, paying={5: "100"})
        asked = ask_reversal(paid)

        with pytest.raises(DatabaseError, match="takes two persons"), transaction.atomic():
            Replay.objects.create(
                loan=loan, reversed=paid, since=paid.value_date, interest=0, penalty=0,
                suspended_interest=0, suspended_penalty=0, owed_before=0, owed_after=0,
                approval=asked, business_date=calendar.business_date(),
            )  # fmt: skip
            with transaction.get_connection().cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
