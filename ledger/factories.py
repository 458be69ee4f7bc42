"""
factory_boy factories for the books, and short ways to post in tests.

`_create` calls the operation: a test balance is posted, never written.
"""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from uuid import uuid4

import factory

from ledger.chart import operations as ledger_accounts
from ledger.chart import queries as chart
from ledger.chart.models import LedgerAccount
from ledger.holds import operations as holds
from ledger.holds.models import Hold
from ledger.holds.states import HoldKind
from ledger.journal import operations as journal
from ledger.journal.lines import BatchLine, Line, credit, debit
from ledger.money import Money
from wekeza.kit.actor import SYSTEM

NOON = datetime(2026, 11, 21, 9, tzinfo=UTC)  # Twelve o'clock in Nairobi.
_serial = count(1)


class LedgerAccountFactory(factory.django.DjangoModelFactory):
    """
    A customer's ledger account, its opening balance posted against teller cash. It stands under
    2050, which no product uses yet: under 2010 the proof P05 would miss its deposit account.
    """

    class Meta:
        model = LedgerAccount

    control = "2050"
    currency = "KES"
    maximum = None
    balance = "0"

    @classmethod
    def _create(cls, model_class, *args, **facts):
        balance = Decimal(facts.pop("balance"))
        account = ledger_accounts.open_account(
            code=f"T{uuid4().int % 10**15:015}",
            name=f"Test account {next(_serial)}",
            actor=SYSTEM,
            **facts,
        )
        if balance:
            put_in(account, balance)
        return account


def post(*lines: Line, **facts) -> journal.Posted:
    """This will post lines under a reference of their own, unless the facts name one."""
    usual = {
        "owner": "test",
        "reference": f"test:{uuid4()}",
        "kind": "TEST",
        "actor": SYSTEM,
        "at": NOON,
    }
    return journal.post(lines=list(lines), **usual | facts)


def put_in(account: LedgerAccount, amount: Decimal | str, **facts) -> journal.Posted:
    """This will pay cash into an account, as a teller would."""
    money = Money(Decimal(amount), account.currency_id)
    facts = {"kind": "CASH_DEPOSIT"} | facts
    return post(debit(chart.line("1020"), money), credit(account, money), **facts)


def take_out(account: LedgerAccount, amount: Decimal | str, **facts) -> journal.Posted:
    """This will pay cash out of an account, as a teller would."""
    money = Money(Decimal(amount), account.currency_id)
    facts = {"kind": "CASH_WITHDRAWAL"} | facts
    return post(debit(account, money), credit(chart.line("1020"), money), **facts)


def send(
    payer: LedgerAccount, payee: LedgerAccount, amount: Decimal | str, **facts
) -> journal.Posted:
    """This will move money from one account to another."""
    money = Money(Decimal(amount), payer.currency_id)
    facts = {"kind": "INTERNAL_TRANSFER"} | facts
    return post(debit(payer, money), credit(payee, money), **facts)


def place(account: LedgerAccount, amount: Decimal | str, **facts) -> Hold:
    """This will hold an amount under a reference of its own, unless the facts name one."""
    usual = {
        "owner": "test",
        "reference": f"hold:{uuid4()}",
        "kind": HoldKind.CARD,
        "reason": "Naivas, Westlands",
        "actor": SYSTEM,
        "at": NOON,
    }
    money = Money(Decimal(amount), account.currency_id)
    return holds.place(account=account, money=money, **usual | facts)


def pay(*lines: BatchLine, **facts) -> journal.BatchPosted:
    """This will post a batch under a reference of its own, unless the facts name one."""
    usual = {
        "owner": "test",
        "reference": f"batch:{uuid4()}",
        "kind": "PAYROLL",
        "actor": SYSTEM,
        "at": NOON,
    }
    return journal.post_batch(lines=list(lines), **usual | facts)


def undo(entry_id: int, **facts) -> journal.Posted:
    """This will reverse an entry under a reference of its own, unless the facts name one."""
    usual = {
        "owner": "test",
        "reference": f"undo:{uuid4()}",
        "actor": SYSTEM,
        "at": NOON,
        "memo": "wrong account",
    }
    return journal.reverse(entry_id, **usual | facts)
