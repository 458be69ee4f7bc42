"""Money that the demo bank's people bring in and send, by the operations that the pages use."""

from datetime import datetime
from decimal import Decimal
from uuid import NAMESPACE_URL, UUID, uuid5

from accounts.customers.models import Customer
from accounts.deposits import queries as deposit_queries
from accounts.deposits.models import DepositAccount
from branch.demo import phones
from ledger.money import parse
from payments.approvals import operations as signatures
from payments.topups import operations as topups
from payments.transfers import operations as transfers
from payments.transfers import queries as transfer_queries
from wekeza.kit.actor import Actor


def customer(name: str) -> Customer:
    """This will give somebody of the demo bank by the first part of the e-mail address."""
    return Customer.objects.select_related("user").get(user__email__startswith=f"{name}@")


def account_of(customer: Customer) -> DepositAccount:
    """This will give somebody's everyday account."""
    return customer.deposit_accounts.select_related("customer", "ledger_account").first()


def key_of(text: str) -> UUID:
    """The same key for the same deed, so that a bank that was cut short can be finished."""
    return uuid5(NAMESPACE_URL, f"https://wekeza.example/demo/{text}")


def add(*, customer: Customer, amount: str, key: str, at: datetime) -> None:
    """This will top an account up over the demo rail, once for each `key`."""
    topups.top_up(
        reference=key_of(key),
        account=account_of(customer),
        money=parse(amount),
        at=at,
        actor=customer.actor,
    )


def pay(
    *, payer: Customer, payee: str, amount: str, reason: str, key: str, pin: str, at: datetime
) -> None:
    """
    This will send money from one person to a phone or an account, by PIN or a texted code, once for
    each `key`.
    """
    source, actor = account_of(payer), payer.actor
    draft = _draft(source, payee, amount=amount, reason=reason, key=key, at=at, actor=actor)
    if not draft.is_draft:
        return
    intent = transfer_queries.intent_for(draft, payer.user, at=at)
    secret = phones.secret_for(intent, pin=pin, at=at)
    transfers.authorise_and_send(draft, secret=secret, at=at, actor=actor)


def pay_from_firm(
    source: DepositAccount,
    *,
    director: Customer,
    payee: str,
    amount: str,
    reason: str,
    key: str,
    pin: str,
    at: datetime,
) -> None:
    """This will have a business with one director send money, once for each `key`."""
    actor = director.actor
    draft = _draft(source, payee, amount=amount, reason=reason, key=key, at=at, actor=actor)
    if draft.is_draft:
        draft = signatures.ask(draft, at=at, actor=actor)
    if not draft.is_waiting:
        return
    intent = transfer_queries.intent_for(draft, director.user, at=at)
    signatures.approve(
        draft,
        seen=intent.digest,
        secret=phones.secret_for(intent, pin=pin, at=at),
        at=at,
        actor=actor,
    )


def spendable(account: DepositAccount, *, most: Decimal) -> Decimal:
    """This will give what there is to spend of an account in whole shillings, at most so much."""
    available = deposit_queries.standing_of(account).available.amount
    return min(available // 1, most)


def _draft(source, payee: str, *, amount: str, reason: str, key: str, at, actor: Actor):
    return transfers.draft(
        reference=key_of(key),
        source=source,
        payee=deposit_queries.find_payee(payee, source=source),
        money=parse(amount),
        reason=reason,
        at=at,
        actor=actor,
    )
