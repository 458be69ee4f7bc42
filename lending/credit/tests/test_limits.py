"""The limit: what counts as a deposit, and how the figure is made."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.factories import DepositAccountFactory, SavingsAccountFactory
from ledger.calendar import queries as calendar
from ledger.chart import queries as chart
from ledger.factories import LedgerAccountFactory, post, put_in, send, take_out, undo
from ledger.journal.lines import credit, debit
from ledger.money import kes
from lending.credit import queries
from wekeza.kit.dated import NoSuchTerm

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return DepositAccountFactory(customer__tier_id="TIER_2")


def limit_of(account, *, days=0):
    on = calendar.business_date() + timedelta(days=days)
    return queries.limit_of(account.customer, on=on)


class TestTheLimit:
    @pytest.mark.proves("BW04")
    def test_is_eight_tenths_of_the_average_deposit(self, account):
        """Mission 000:95 and ux.md 4.3: an average of 18,750 makes 15,000."""
        for amount in ("10000", "27500"):
            put_in(account.ledger_account, amount)

        found = limit_of(account)

        assert (found.deposits.count, found.deposits.average) == (2, kes("18750"))
        assert (found.by_deposits, found.amount, found.is_capped) == (
            kes("15000"), kes("15000"), False,
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("tier", "cap"), [("TIER_1", "10000"), ("TIER_2", "50000"), ("TIER_3", "100000")]
    )
    def test_ends_at_the_cap_of_the_tier(self, tier, cap):
        account = DepositAccountFactory(customer__tier_id=tier)
        put_in(account.ledger_account, str(int(cap) * 2))

        found = limit_of(account)

        assert (found.cap, found.amount) == (kes(cap), kes(cap))
        assert found.by_deposits == kes(int(cap) * 2 * 8 // 10)
        assert found.is_capped

    def test_of_a_newcomer_stands_on_one_deposit(self):
        account = DepositAccountFactory(customer__tier_id="TIER_1")
        put_in(account.ledger_account, "50000")

        found = limit_of(account)

        assert (found.by_deposits, found.amount) == (kes("40000"), kes("10000"))

    def test_is_nothing_without_deposits(self, account):
        found = limit_of(account)

        assert (found.deposits.average, found.amount) == (kes("0"), kes("0"))

    def test_never_rounds_up(self, account):
        for amount in ("0.01", "0.01", "100"):
            put_in(account.ledger_account, amount)

        # 100.02 x 0.8 / 3 = 26.672
        assert limit_of(account).amount == kes("26.67")

    def test_is_none_on_a_day_without_a_policy(self, account):
        with pytest.raises(NoSuchTerm):
            queries.limit_of(account.customer, on=calendar.business_date().replace(year=2020))


class TestADeposit:
    def test_is_what_others_pay_in(self, account):
        other = LedgerAccountFactory(balance="5000")

        send(other, account.ledger_account, "1200")

        assert limit_of(account).deposits.total == kes("1200")

    def test_is_nothing_that_was_taken_back(self, account):
        paid = put_in(account.ledger_account, "900")
        undo(paid.entry_id)

        assert limit_of(account).deposits.count == 0

    def test_is_nothing_between_own_accounts(self):
        saved = SavingsAccountFactory(balance="20000")
        everyday = saved.customer.deposit_accounts.get(product="10")
        before = limit_of(everyday).deposits

        send(saved.ledger_account, everyday.ledger_account, "5000")

        assert limit_of(everyday).deposits == before

    def test_is_nothing_that_the_bank_lends_or_pays(self, account):
        for kind in ("LOAN_DISBURSEMENT", "INTEREST", "SAVINGS_CLOSING", "REVERSAL"):
            post(
                debit(chart.line("1020"), kes("700")), credit(account.ledger_account, kes("700")),
                kind=kind, reference=str(uuid4()),
            )  # fmt: skip

        assert limit_of(account).deposits.count == 0

    def test_is_none_of_what_went_out(self, account):
        put_in(account.ledger_account, "900")
        take_out(account.ledger_account, "400")

        assert limit_of(account).deposits.total == kes("900")

    @pytest.mark.parametrize(("days_later", "counts"), [(89, 1), (90, 0)])
    def test_counts_for_ninety_days(self, account, days_later, counts):
        put_in(account.ledger_account, "900", at=timezone.now())

        assert limit_of(account, days=days_later).deposits.count == counts

    def test_of_somebody_else_is_theirs(self, account):
        put_in(DepositAccountFactory().ledger_account, "900")

        assert limit_of(account).amount == kes("0")
