"""factory_boy factories for the books. `_create` calls the operation: a test balance is posted."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from uuid import uuid4

import factory

from ledger.chart import operations as ledger_accounts
from ledger.chart import queries as chart
from ledger.chart.models import LedgerAccount
from ledger.journal import operations as journal
from ledger.journal.lines import credit, debit
from ledger.money import Money
from wekeza.kit.actor import SYSTEM

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


def put_in(account: LedgerAccount, amount: Decimal | str) -> journal.Posted:
    """This will pay cash into an account, as a teller would."""
    money = Money(Decimal(amount), account.currency_id)
    posted = journal.post(
        owner="test",
        reference=f"cash:{uuid4()}",
        kind="CASH_DEPOSIT",
        lines=[debit(chart.line("1020"), money), credit(account, money)],
        actor=SYSTEM,
        at=datetime.now(UTC),
    )
    account.refresh_from_db()
    return posted
