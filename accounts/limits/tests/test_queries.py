"""What the tiers may hold and send: the bank's own table, and how much of it is left."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.factories import CustomerFactory
from accounts.limits import queries as limits
from accounts.limits.models import TierLimit
from accounts.tariffs.tests import terms
from ledger.factories import LedgerAccountFactory
from ledger.journal import operations as journal
from ledger.journal.lines import Count, credit, debit
from ledger.money import kes
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)

# The tier table of kenya.md 7.1; the highest tier is the mission's own figures.
KINDS = ("MAXIMUM_BALANCE", "PER_TRANSFER", "DAILY_OUT", "MONTHLY_OUT")
TABLE = {
    "TIER_1": (100_000, 20_000, 50_000, 200_000),
    "TIER_2": (1_000_000, 150_000, 300_000, 1_000_000),
    "TIER_3": (None, 500_000, 500_000, 2_000_000),
}


@pytest.fixture
def add(db, test_databases):
    """Adds a row to the bank's terms, as its owner."""
    with terms.added(test_databases) as add_row:
        yield add_row


class TestLimitOf:
    @pytest.mark.parametrize(
        ("tier", "kind", "amount"),
        [
            (tier, kind, amount)
            for tier, amounts in TABLE.items()
            for kind, amount in zip(KINDS, amounts, strict=True)
        ],
    )
    def test_gives_the_figures_of_the_tier_table(self, tier, kind, amount):
        found = limits.limit_of(tier, kind, on=TODAY)

        assert found == (None if amount is None else kes(amount))

    def test_a_later_row_takes_over_on_its_day(self, add):
        add(
            TierLimit(
                tier_id="TIER_1",
                kind="DAILY_OUT",
                amount=60_000,
                effective_from=TODAY,
                source="A test",
                approved_by="A test",
            )
        )

        assert limits.limit_of("TIER_1", "DAILY_OUT", on=TODAY - timedelta(days=1)) == kes(50_000)
        assert limits.limit_of("TIER_1", "DAILY_OUT", on=TODAY) == kes(60_000)

    def test_a_row_that_ended_leaves_the_earlier_one(self, add):
        add(
            TierLimit(
                tier_id="TIER_1",
                kind="DAILY_OUT",
                amount=60_000,
                effective_from=TODAY,
                effective_to=TODAY,
                source="A test",
                approved_by="A test",
            )
        )

        assert limits.limit_of("TIER_1", "DAILY_OUT", on=TODAY) == kes(60_000)
        assert limits.limit_of("TIER_1", "DAILY_OUT", on=TODAY + timedelta(days=1)) == kes(50_000)

    def test_no_row_is_an_error_and_never_no_limit(self):
        with pytest.raises(limits.NoLimitRow):
            limits.limit_of("TIER_1", "DAILY_OUT", on=date(2024, 12, 31))


class TestRoomLeft:
    def test_counts_by_the_day_and_month_of_nairobi(self):
        customer = CustomerFactory()
        # 21:30 in London's winter is half past midnight in Nairobi: the 1st of December.
        at = datetime(2026, 11, 30, 21, 30, tzinfo=UTC)
        _count(customer, "DAILY_OUT", date(2026, 12, 1), 1_760)
        _count(customer, "DAILY_OUT", date(2026, 11, 30), 40_000)
        _count(customer, "MONTHLY_OUT", date(2026, 12, 1), 199_000)

        room = limits.room_left(customer, at)

        assert room.day.used == kes(1_760)
        assert room.day.left == kes(48_240)
        assert room.day.starts_again == date(2026, 12, 2)
        assert room.month.left == kes(1_000)
        assert room.month.starts_again == date(2027, 1, 1)
        assert room.most == kes(1_000)

    def test_a_customer_who_sent_nothing_may_send_the_per_transfer_limit(self):
        room = limits.room_left(CustomerFactory(), datetime(2026, 11, 21, 9, tzinfo=UTC))

        assert room.most == kes(20_000)
        assert room.day.left == kes(50_000)


def _count(customer, kind, period_start, amount):
    payer, payee = LedgerAccountFactory(balance=amount), LedgerAccountFactory()
    journal.post(
        owner=customer.owner_ref,
        reference=f"{kind}{period_start}",
        kind="TEST",
        lines=[debit(payer, kes(amount)), credit(payee, kes(amount))],
        actor=SYSTEM,
        at=datetime.now(UTC),
        counts=[Count(customer.owner_ref, kind, period_start, kes(amount).amount, None)],
    )
