"""Opening, freezing and closing accounts."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction

from accounts.deposits import numbers, tasks
from accounts.deposits import operations as deposits
from accounts.deposits import queries as deposit_queries
from accounts.deposits.models import DepositAccount
from accounts.factories import CustomerFactory, DepositAccountFactory, actor_of
from accounts.limits.models import TierLimit
from accounts.products.models import Product
from accounts.tariffs.tests import terms
from ledger.calendar import queries as calendar
from ledger.chart import operations as ledger_accounts
from ledger.controls.models import AuditEntry
from ledger.factories import put_in
from ledger.money import kes
from ledger.proofs import queries as proofs
from ledger.refusals import AccountFrozen, MaximumBalance
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
PROOFS = Path(tasks.__file__).parent / "proofs"
NOON = datetime(2026, 11, 21, 9, tzinfo=UTC)


class TestOpenEveryday:
    @pytest.mark.proves("SV02", "LG02")
    def test_gives_a_number_a_ledger_account_and_no_money(self):
        customer = CustomerFactory()

        account = deposits.open_everyday(customer=customer, actor=actor_of(customer), at=NOON)

        holding = deposit_queries.standing_of(account)
        assert account.number.startswith("00110")
        assert numbers.is_valid(account.number)
        assert account.customer == customer
        assert account.opened_date == calendar.business_date()
        assert account.ledger_account.code == account.number
        assert account.ledger_account.control.code == "2010"
        assert holding.balance == holding.available == kes(0)
        assert holding.status == "ACTIVE"

    def test_serials_follow_one_another_without_a_gap(self):
        first, second = DepositAccountFactory(), DepositAccountFactory()

        assert int(second.number[5:12]) == int(first.number[5:12]) + 1

    def test_may_hold_what_the_tier_allows(self):
        account = DepositAccountFactory(balance="100000")

        with pytest.raises(MaximumBalance), transaction.atomic():
            put_in(account.ledger_account, "0.01")
        assert deposit_queries.standing_of(account).room == kes(0)

    def test_the_highest_tier_has_no_maximum(self):
        account = DepositAccountFactory(customer__tier_id="TIER_3", balance="2500000")

        assert deposit_queries.standing_of(account).room is None

    def test_follows_the_tier_when_that_changes(self):
        account = DepositAccountFactory(balance="60000")
        account.customer.tier_id = "TIER_2"
        account.customer.save(update_fields=["tier"])

        deposits.follow_tier(account, actor=SYSTEM, at=NOON)

        assert deposit_queries.standing_of(account).maximum == kes(1_000_000)

    def test_leaves_a_line_in_the_trail(self):
        account = DepositAccountFactory()

        line = AuditEntry.objects.get(
            deed="deposit_account.opened", subject__endswith=f":{account.pk}"
        )
        assert line.actor == f"CUSTOMER:{account.customer_id}"


class TestFollowLimits:
    @pytest.fixture
    def lower(self, test_databases):
        """Another maximum of tier 1 from today on."""
        with terms.added(test_databases) as add:
            today = calendar.nairobi_date(datetime.now(UTC))
            facts = {"kind": "MAXIMUM_BALANCE", "currency": "KES", "effective_from": today}
            row = TierLimit(tier_id="TIER_1", amount=Decimal(5000), **facts)
            row.source, row.approved_by = "Test", "Test"
            yield lambda: add(row)
        tasks.follow_limits()  # As it was, for the proofs that are asked after every test.

    def test_lets_every_account_of_the_tier_follow_once(self, lower):
        first = DepositAccountFactory(balance="9000")
        other = DepositAccountFactory(customer__tier_id="TIER_2")
        lower()

        tasks.follow_limits()

        assert deposit_queries.standing_of(first).maximum == kes(5000)
        assert deposit_queries.standing_of(first).balance == kes(9000)
        assert deposit_queries.standing_of(other).maximum == kes(1_000_000)
        followed = AuditEntry.objects.filter(
            deed="deposit_account.follows_tier", actor="TASK:system"
        )
        before = followed.count()
        tasks.follow_limits()
        assert followed.count() == before

    def test_is_noticed_by_the_proof_until_it_ran(self):
        account = DepositAccountFactory()
        assert faults() == []
        ledger_accounts.set_terms(
            account.ledger_account, maximum=Decimal(77), overdraft=Decimal(0), actor=SYSTEM
        )

        [(subject, fault)] = faults()
        assert subject == f"deposit account {account.number}"
        assert fault == "it may hold 77.0000, tier TIER_1 allows 100000.0000"
        tasks.follow_limits()
        assert faults() == []


def faults():
    """What the proof of the maxima finds."""
    name = "P18_accounts_hold_what_their_tier_allows.sql"
    [found] = [
        proof for proof in proofs.prove(more=[PROOFS / name]) if proof.name.startswith("P18")
    ]
    return found.faults


class TestFreeze:
    def test_stops_money_and_shows_as_frozen_until_it_is_lifted(self):
        account = DepositAccountFactory(balance="500")

        deposits.freeze(account, reason="Court order 12/2026", actor=SYSTEM)

        frozen = deposit_queries.standing_of(account)
        assert frozen.status == "FROZEN"
        assert frozen.balance == kes(500)
        with pytest.raises(AccountFrozen), transaction.atomic():
            put_in(account.ledger_account, "1")

        deposits.unfreeze(account, reason="Order lifted", actor=SYSTEM)

        assert deposit_queries.standing_of(account).is_active

    def test_may_stop_only_one_direction(self):
        account = DepositAccountFactory(balance="500")

        deposits.freeze(account, reason="Debits stopped", actor=SYSTEM, credits=False)

        put_in(account.ledger_account, "1")
        assert not deposit_queries.standing_of(account).takes_debits


class TestClose:
    def test_closes_an_empty_account_for_ever(self):
        account = DepositAccountFactory()

        deposits.close(account, reason="Customer's wish", actor=SYSTEM)

        account.refresh_from_db()
        assert account.closed_date == calendar.business_date()
        assert deposit_queries.standing_of(account).status == "CLOSED"
        with pytest.raises(deposits.AccountClosed):
            deposits.close(account, reason="Again", actor=SYSTEM)

    def test_refuses_while_money_is_in_it_and_leaves_nothing(self):
        account = DepositAccountFactory(balance="0.01")

        with pytest.raises(deposits.AccountNotEmpty) as refusal:
            deposits.close(account, reason="Customer's wish", actor=SYSTEM)

        account.refresh_from_db()
        assert "KES 0.01" in str(refusal.value)
        assert account.closed_date is None
        assert deposit_queries.standing_of(account).is_active


class TestProofP05:
    def test_holds_for_accounts_that_were_opened_properly(self):
        DepositAccountFactory(balance="700")

        assert not [fault for fault in _p05() if "deposit account" in fault[0]]

    def test_finds_money_under_the_control_line_that_nobody_holds(self):
        with transaction.atomic():
            stray = ledger_accounts.open_account(
                control="2010", code="X1", name="Nobody's", actor=SYSTEM
            )
            put_in(stray, "5")
            faults = _p05()
            transaction.set_rollback(True)

        assert "control line 2010" in [subject for subject, _fault in faults]

    def test_finds_an_account_whose_product_stands_under_another_line(self, db, test_databases):
        account = DepositAccountFactory()
        with terms.added(test_databases) as add, transaction.atomic():
            other = add(Product(code="99", name="A test", control_line="2020"))
            DepositAccount.objects.filter(pk=account.pk).update(product_id=other.pk)
            faults = _p05()
            transaction.set_rollback(True)

        assert any(account.number in subject for subject, _fault in faults)


def _p05():
    [proof] = [
        proof
        for proof in proofs.prove(more=[deposit_queries.PROOF], most=10_000)
        if proof.name.startswith("P05")
    ]
    return proof.faults
