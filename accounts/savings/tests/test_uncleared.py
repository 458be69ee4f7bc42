"""A cheque earns nothing while it is not cleared: neither a day too long nor a day too short."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.factories import SavingsAccountFactory
from accounts.savings.models import InterestAccrual
from accounts.savings.tests.test_interest import accrue
from ledger.calendar import queries as calendar
from ledger.factories import place, put_in
from ledger.holds import operations as holds
from ledger.holds.states import HoldKind
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


def base_of(account):
    accrue(account=account)
    return InterestAccrual.objects.get(account_id=account.ledger_account_id).base


def cheque(account, **facts):
    return place(account.ledger_account, "20000", kind=HoldKind.CHEQUE, **facts)


class TestTheBase:
    def test_counts_what_is_held_and_not_a_cheque_that_is_not_cleared(self):
        held, uncleared = (SavingsAccountFactory(balance="50000") for _ in range(2))
        place(held.ledger_account, "20000")
        cheque(uncleared)

        assert (base_of(held), base_of(uncleared)) == (Decimal(50_000), Decimal(30_000))

    def test_leaves_out_a_cheque_on_its_last_day_although_its_hold_ends_in_the_same_night(self):
        account, day = SavingsAccountFactory(balance="50000"), calendar.business_date()
        hold = cheque(account, expires_on=day)
        late = calendar.ends_at(day) + timedelta(minutes=5)

        assert holds.expire(day=day, first=hold.pk, last=hold.pk, actor=SYSTEM, at=late) == 1

        assert base_of(account) == Decimal(30_000)

    def test_counts_a_cheque_of_after_midnight_neither_in_nor_out(self):
        account, day = SavingsAccountFactory(balance="50000"), calendar.business_date()
        late = calendar.ends_at(day) + timedelta(minutes=5)
        put_in(account.ledger_account, "20000", at=late)
        cheque(account, at=late)

        assert base_of(account) == Decimal(50_000)
