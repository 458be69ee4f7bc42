"""
Random lives of loans, each beside a twin: a payment too many is taken back, or one that was missing
is paid as of its day, and the loan must stand as the twin to which that never happened. The twin
goes the ordinary ways alone, which lending/repayments/tests/machine.py holds against another bank.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.money import Money
from lending.arrears.tests.steps import earn
from lending.repayments import debts
from lending.replays.tests.steps import lent, pay_on, reverse
from lending.replays.tests.test_operations import broken, cash, funded, picture

pytestmark = pytest.mark.django_db

KINDS = [
    {"product": "DIGI30", "amount": "5000", "tenor": 30, "percent": "5"},
    {"product": "SALA", "amount": "6000", "tenor": 3, "percent": "15"},
    {"product": "PERS", "amount": "60000", "tenor": 12, "percent": "15"},
]
DAYS = 80  # Never so late that they turn bad.
PERCENT = st.sampled_from([1, 5, 20, 45, 100])  # Of what is owed on the day.
PAYMENT = st.tuples(st.integers(0, DAYS - 1), PERCENT)

fired = Counter()


@given(
    kind=st.sampled_from(KINDS), paying=st.lists(PAYMENT, max_size=4), extra=PAYMENT,
    is_reversed=st.booleans(),
)  # fmt: skip
@settings(
    max_examples=8, derandomize=True, deadline=None, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def tell(kind, paying, extra, is_reversed):
    """The loan pays parts of what it owes; the twin the same amounts, as far as it owes them."""
    before = transaction.savepoint()  # A night is booked once: each story has its own.
    live_both(kind, paying, extra, is_reversed)
    assert broken() == []
    transaction.savepoint_rollback(before)


def live_both(kind, paying, extra, is_reversed):
    loan, twin = lent(DAYS, **kind), lent(DAYS, **kind)
    odd, payment, money = (loan if is_reversed else twin), None, None
    for number in range(DAYS):
        day = loan.start_date + timedelta(days=number)
        for _day, percent in (one for one in paying if one[0] == number):
            amount = part_of(loan, percent, day=day)
            pay(loan, amount, day=day)
            pay(twin, min(amount, part_of(twin, 100, day=day)), day=day)
        if extra[0] == number:
            money = part_of(odd, extra[1], day=day)
            payment = pay(odd, money, day=day)
        earn(day)
    if payment is None:
        return  # Nothing was owed by then.
    if is_reversed:
        reverse(payment)
    else:
        funded(loan, money.amount, day=payment.value_date)
    loan.refresh_from_db()
    twin.refresh_from_db()
    assert picture(loan) == picture(twin)
    assert cash(loan) == (money.amount if is_reversed else returned(loan))
    fired.update({kind["product"], "reversed" if is_reversed else "earlier", loan.state})


def part_of(loan, percent, *, day):
    return Money.rounded(debts.of(loan, on=day).total.amount * percent / 100, "KES")


def pay(loan, money, *, day):
    return pay_on(loan, money.amount, day=day) if money.amount else None


def returned(loan):
    """What of later payments was not owed any more."""
    rows = loan.repayments.filter(reverses=None)
    return sum(one.amount for one in rows.exclude(reversal=None)) - sum(
        one.amount for one in rows.exclude(replaces=None)
    )


def test_a_loan_put_right_stands_as_its_twin():
    fired.clear()

    tell()

    assert not {"DIGI30", "SALA", "PERS", "reversed", "earlier", "ACTIVE"} - fired.keys()
