"""
Payments taken back, and paid as of an earlier day. By hand: KES 5,000 for 30 days at 5% once; 2,000
on day 10 pay the interest of 250 and 1,750 of the principal, 1,000 on day 20 pay principal. Without
the 2,000 the 1,000 pay 250 and 750, and 2,000 more are overdue: 0.25% of that, KES 5 a day, from
the fourth day after the due date on (kenya.md 4.5, 4.9).

Loans by instalments are held against a twin, which lived the same days and to which the payment
never happened, or in time.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Sum

from accounts.notifications.models import Message
from ledger.calendar import queries as calendar
from ledger.chart import queries as chart
from ledger.chart.models import Balance
from ledger.factories import put_in
from ledger.money import kes
from lending.arrears.tests.steps import due_of, standing_of
from lending.factories import account_of
from lending.repayments import debts
from lending.repayments.models import Repayment
from lending.repayments.tests.test_operations import lines_of
from lending.replays import operations as replays
from lending.replays import queries
from lending.replays.models import Replay
from lending.replays.tests.steps import (
    ask_reversal,
    broken,
    lent,
    live,
    pay_earlier,
    pay_on,
    reverse,
)

pytestmark = pytest.mark.django_db
PERS = {"product": "PERS", "amount": "60000", "tenor": 12, "percent": "15"}


def owed(loan):
    return debts.of(loan, on=calendar.business_date())


def line(code):
    return Balance.objects.filter(account__code=code).aggregate(total=Sum("balance"))["total"] or 0


def cash(loan):
    return chart.standing(account_of(loan.customer).ledger_account_id).balance


def shares_of(payment) -> dict[str, Decimal]:
    rows = payment.allocations.values("part").annotate(total=Sum("amount"))
    return {row["part"]: row["total"] for row in rows}


def cents(figure) -> Decimal:
    return Decimal(figure).quantize(Decimal("0.01"))


def picture(loan) -> dict:
    """All that a loan comes to: its debt, its schedule, and what it earned each night."""
    debt = owed(loan)
    nights = loan.earnings.values("part", "business_date").annotate(
        total=Sum("amount"), exact_total=Sum("exact")
    )
    return {
        "state": loan.state,
        "parts": (debt.penalty, debt.late_interest, debt.interest, debt.principal, debt.unearned),
        "ahead": loan.repayments.aggregate(total=Sum("unearned", default=Decimal(0)))["total"],
        "dues": [
            (due.instalment.number, due.date, due.whole_principal, due.whole_interest, due.total)
            for due in debt.dues
        ],
        "earned": {
            (row["part"], row["business_date"]): (row["total"], row["exact_total"])
            for row in nights if row["exact_total"] or row["total"]
        },
        "principal": chart.standing(loan.ledger_account_id).balance,
        "ceiling": debt.ceiling,
    }  # fmt: skip


class TestReverse:
    def test_worked_example_of_a_payment_in_the_middle(self):
        loan = lent(50)
        first, second = live(loan, paying={10: "2000", 20: "1000"})
        assert shares_of(first) == {"INTEREST": 250, "PRINCIPAL": 1750}
        # Closed nights that are more than three days after the due date.
        nights = (calendar.business_date() - due_of(loan)).days - 4
        before = owed(loan)
        assert before.penalty.amount == cents(Decimal("5.625") * nights)

        row = reverse(first)

        again = loan.repayments.get(replaces=second)
        assert shares_of(again) == {"INTEREST": 250, "PRINCIPAL": 750}
        assert (again.value_date, again.paid_at) == (second.value_date, second.paid_at)
        after = owed(loan)
        penalty = cents(Decimal("10.625") * nights)
        assert (after.principal, after.penalty) == (kes("4250"), kes(penalty))
        # 166.67 by day 20 instead of 83.33 by day 10; the rest was income when it was paid.
        assert (row.interest, row.penalty) == (Decimal("83.34"), penalty - before.penalty.amount)
        assert (row.owed[0], row.owed[1]) == (before.owed, after.owed)
        assert (cash(loan), chart.standing(loan.ledger_account_id).balance) == (2000, 4250)
        assert lines_of(row.entry_id) == {
            ("1330", "DEBIT", kes("83.34")), ("4010", "CREDIT", kes("83.34")),
            ("1335", "DEBIT", kes(row.penalty)), ("4020", "CREDIT", kes(row.penalty)),
        }  # fmt: skip
        assert broken() == []

    def test_keeps_what_was_and_books_it_today(self):
        loan = lent(50)
        first, second = live(loan, paying={10: "2000", 20: "1000"})
        old = list(loan.earnings.values_list("pk", "amount"))

        row = reverse(first)

        assert shares_of(first) == {"INTEREST": 250, "PRINCIPAL": 1750}
        assert shares_of(first.reversal) == {"INTEREST": -250, "PRINCIPAL": -1750}
        assert first.reversal.entry.reverses_id == first.entry_id
        assert not Repayment.objects.filter(replaces=first).exists()
        assert list(loan.earnings.filter(replay=None).values_list("pk", "amount")) == old
        assert row.entry.business_date == calendar.business_date()
        with pytest.raises(DatabaseError), transaction.atomic():
            Replay.objects.update(interest=0)
        told = Message.objects.get(kind="loan_replayed").body
        assert "KES 2,000.00 of" in told and "KES 2,000.00 is in your account again" in told

    def test_of_a_loan_by_instalments_is_as_if_it_never_was(self):
        """Paid ahead twice, with a fee, which cut the schedule; and late at the end."""
        loan, twin = lent(80, **PERS), lent(80, **PERS)
        paid = {12: "9000", 40: "3000"}
        first, _second = live(loan, paying=paid, twin=twin, twins={40: "3000"})
        assert picture(loan) != picture(twin)

        reverse(first)

        assert picture(loan) == picture(twin)
        whys = list(loan.versions.order_by("version").values_list("why", flat=True))
        assert whys == ["PAID_AHEAD", "PAID_AHEAD", "REPLAYED"]  # The second is not ahead now.
        assert cash(loan) == 9000
        assert broken() == []

    def test_of_the_payment_that_paid_it_off_lets_it_be_owed_again(self):
        loan, twin = lent(50), lent(50)
        (last,) = live(loan, paying={38: None}, twin=twin)
        assert loan.state == "PAID"

        reverse(last)

        loan.refresh_from_db()
        assert (loan.state, loan.paid_date) == ("ACTIVE", None)
        assert picture(loan) == picture(twin)
        assert broken() == []

    def test_twice_and_in_any_order_comes_to_the_same(self):
        loan, twin = lent(70, **PERS), lent(70, **PERS)
        paid = {12: "9000", 30: "2500", 45: "700"}
        first, _second, third = live(loan, paying=paid, twin=twin, twins={30: "2500"})

        reverse(third)
        reverse(first)

        assert picture(loan) == picture(twin)
        assert broken() == []

    def test_takes_no_more_of_a_nights_collection_than_was_asked_for(self):
        """A night took 5,250 on the due date; 1,000 more came in before it, and stand."""
        loan = lent(50)
        due = (due_of(loan) - loan.start_date).days
        live(loan, paying={}, until=due - 1)
        swept = pay_on(loan, "5250", day=due_of(loan), channel=Repayment.Channel.SWEEP)
        live(loan, paying={}, since=due)

        row = funded(loan, "1000", day=loan.start_date + timedelta(days=5))

        again = loan.repayments.get(replaces=swept)
        assert (again.amount, loan.state) == (4250, "PAID")
        assert queries.costs_of(row) == kes("0") and cash(loan) == 1000
        assert broken() == []


class TestBadLoans:
    def test_turn_on_their_day_with_what_is_owed_by_then(self):
        """KES 6,000 turned bad with 1,000 paid; without it, with the whole 6,000 (section 44A)."""
        facts = {"product": "SALA", "amount": "6000", "tenor": 3, "percent": "15"}
        days = 140
        loan, twin = lent(days, **facts), lent(days, **facts)
        paid = {50: "1000", 60: "100"}
        first, _second = live(loan, paying=paid, twin=twin, twins={60: "100"}, judged=118)
        assert not standing_of(loan).is_performing and not standing_of(twin).is_performing
        kept = line("2360")

        reverse(first)

        assert standing_of(loan).npl_principal > 5900
        assert picture(loan)["parts"] == picture(twin)["parts"]
        assert broken() == []
        assert line("2360") > kept

    def test_are_as_they_turned_in_the_twin(self):
        facts = {"product": "SALA", "amount": "6000", "tenor": 3, "percent": "15"}
        loan, twin = lent(140, **facts), lent(140, **facts)
        (paid,) = live(loan, paying={128: "900"}, twin=twin, judged=118)

        reverse(paid)

        assert picture(loan) == picture(twin)
        assert standing_of(loan).npl_since == standing_of(twin).npl_since
        assert broken() == []


def funded(loan, amount, *, day):
    """The money is in the account today."""
    put_in(account_of(loan.customer).ledger_account, amount)
    return pay_earlier(loan, amount, day=day)


class TestPayEarlier:
    def test_is_as_if_it_had_been_paid_then(self):
        """Late with the first instalment, which had been received in time."""
        loan, twin = lent(75, **PERS), lent(75, **PERS)
        live(loan, paying={45: "500"}, twin=twin, twins={25: "6000", 45: "500"})
        assert owed(loan).penalty > owed(twin).penalty

        row = funded(loan, "6000", day=loan.start_date + timedelta(days=25))

        assert picture(loan) == picture(twin)
        assert queries.costs_of(row).amount < 0 and cash(loan) == 0
        early = row.payments.get(channel="EARLIER")
        assert early.value_date == loan.start_date + timedelta(days=25)
        assert early.business_date == calendar.business_date()
        assert broken() == []

    def test_gives_back_what_later_payments_had_paid_for_being_late(self):
        """5,250 received on day 20; on day 40 they were paid once more, with the penalties."""
        loan = lent(60)
        late = (loan.start_date + timedelta(days=40) - due_of(loan)).days - 4
        penalty = cents(Decimal("12.5") * late)
        live(loan, paying={40: str(5250 + penalty)})
        assert loan.state == "PAID"

        row = funded(loan, "5250", day=loan.start_date + timedelta(days=20))

        assert loan.state == "PAID" and cash(loan) == 5250 + penalty
        assert (row.penalty, owed(loan).total) == (-penalty, kes("0"))
        assert broken() == []

    def test_can_be_taken_back_again(self):
        loan, twin = lent(75, **PERS), lent(75, **PERS)
        live(loan, paying={45: "500"}, twin=twin, twins={45: "500"})
        row = funded(loan, "6000", day=loan.start_date + timedelta(days=25))

        reverse(row.payments.get(channel="EARLIER"))

        assert picture(loan) == picture(twin)
        assert cash(loan) == 6000
        assert broken() == []


def test_asking_shows_what_it_comes_to_and_does_nothing():
    loan = lent(30)
    first, _second = live(loan, paying={10: "500", 20: "300"})
    before = picture(loan)

    asked = ask_reversal(first)

    assert picture(loan) == before and Repayment.objects.count() == 2
    said = {row["field"]: (row["before"], row["after"]) for row in asked.changes}
    assert said["The customer owes"] == ("KES 4,450.00", "KES 4,950.00")
    assert said["Payments after it"] == ("1", "1 booked anew")


def test_deeds_are_those_of_the_wiring():
    assert settings.APPROVABLE[replays.REVERSE].endswith("replays.operations.reverse")
    assert settings.APPROVABLE[replays.EARLIER].endswith("replays.operations.pay_earlier")
