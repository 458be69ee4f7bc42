"""Payers, payees and what is left, for tests."""

from datetime import UTC, datetime
from decimal import Decimal

from accounts.deposits import queries as deposit_queries
from accounts.factories import DepositAccountFactory
from ledger.factories import put_in
from payments.factories import TransferFactory

AT = datetime(2026, 11, 21, 5, 31, tzinfo=UTC)  # 08:31 in Nairobi.


def balance(account):
    return deposit_queries.standing_of(account).balance


def big_payee():
    return DepositAccountFactory(customer__tier_id="TIER_3")


def spent_today(amount: str):
    """A payer who has sent an amount today, and the payee."""
    payer, payee = DepositAccountFactory(balance="100000"), big_payee()
    send_many(payer, payee, amount, at=AT)
    return payer, payee


def send_many(payer, payee, amount, *, at, refill=False) -> None:
    left = Decimal(amount)
    while left:
        part = min(left, Decimal(5000))
        TransferFactory(source=payer, target=payee, amount=part, at=at)
        left -= part
    if refill:
        put_in(payer.ledger_account, amount)
