"""What a customer's tier lets them send and hold, at each tier (figures: the bank's tier table)."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from accounts.customers import operations as customers
from accounts.deposits import queries as deposit_queries
from accounts.factories import DepositAccountFactory, actor_of
from accounts.limits import queries as limits
from ledger.money import kes
from payments.transfers import operations as transfers
from payments.transfers import refusals
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
#        each payment, out in a day, out in a month, may hold
TABLE = {
    "TIER_1": ("20000", "50000", "200000", "100000"),
    "TIER_2": ("150000", "300000", "1000000", "1000000"),
    "TIER_3": ("500000", "500000", "2000000", None),
}


def draft(payer, payee, amount):
    return transfers.draft(
        reference=uuid4(),
        source=payer,
        payee=deposit_queries.find_payee(payee.number),
        money=kes(amount),
        reason="",
        at=AT,
        actor=actor_of(payer.customer),
    )


@pytest.mark.parametrize("tier", TABLE)
class TestEachTier:
    @pytest.mark.proves("CK03")
    def test_sends_up_to_its_limit_and_not_a_cent_more(self, tier):
        each, day, month, _hold = TABLE[tier]
        payer = DepositAccountFactory(customer__tier_id="TIER_3", balance="600000")
        customers.move_to_tier(payer.customer, tier=tier, actor=SYSTEM, at=AT)
        payee = DepositAccountFactory(customer__tier_id="TIER_3")

        assert draft(payer, payee, each).money == kes(each)
        with pytest.raises(refusals.OverTransferLimit):
            draft(payer, payee, Decimal(each) + Decimal("0.01"))
        room = limits.room_left(payer.customer, AT)
        assert (room.day.cap, room.month.cap) == (kes(day), kes(month))

    @pytest.mark.proves("CK03")
    def test_holds_up_to_its_limit_and_not_a_cent_more(self, tier):
        hold = TABLE[tier][3]
        payer = DepositAccountFactory(customer__tier_id="TIER_3", balance="10000")
        payee = DepositAccountFactory(customer__tier_id=tier, balance=_less_ten(hold))

        assert draft(payer, payee, "10").money == kes("10")
        if hold is None:
            assert draft(payer, payee, "9000").money == kes("9000")
        else:
            with pytest.raises(refusals.PayeeCannotTake):
                draft(payer, payee, "10.01")


class TestAnotherTier:
    @pytest.mark.proves("CK03")
    def test_counts_from_the_moment_it_is_given(self):
        payer = DepositAccountFactory(balance="50000")
        payee = DepositAccountFactory(customer__tier_id="TIER_3")
        with pytest.raises(refusals.OverTransferLimit):
            draft(payer, payee, "30000")

        customers.move_to_tier(payer.customer, tier="TIER_2", actor=SYSTEM, at=AT)

        assert draft(payer, payee, "30000").money == kes("30000")


def _less_ten(hold: str | None) -> str:
    return "1000000" if hold is None else str(Decimal(hold) - 10)
