"""Opening, freezing and closing deposit accounts; the money itself stays the ledger's."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts.deposits import numbers, queries
from accounts.deposits.models import DepositAccount, NumberSeries
from accounts.limits import queries as limits
from accounts.products.models import BUSINESS, EVERYDAY, SAVINGS, Product
from ledger.calendar import queries as calendar
from ledger.chart import operations as ledger_accounts
from ledger.controls import audit
from ledger.refusals import AccountClosed, AccountNotEmpty
from wekeza.kit.actor import Actor

__all__ = [
    "AccountClosed",
    "AccountNotEmpty",
    "close",
    "follow_limits",
    "follow_tier",
    "freeze",
    "open_business",
    "open_everyday",
    "open_savings",
    "unfreeze",
]

MAIN_BRANCH = "001"


@transaction.atomic
def open_everyday(
    *, customer, actor: Actor, at: datetime, branch: str = MAIN_BRANCH
) -> DepositAccount:
    """
    This will open an everyday account (product 10) for a customer, with a number and no money.

    It may hold what the customer's tier allows on the Nairobi day of `at`; it counts as opened on
    the business date.
    """
    name = customer.full_name
    maximum = _maximum(customer, at=at)
    return _open(EVERYDAY, name, maximum, actor=actor, branch=branch, customer=customer)


@transaction.atomic
def open_business(
    *, business, actor: Actor, at: datetime, branch: str = MAIN_BRANCH
) -> DepositAccount:
    """
    This will open a business account (product 70) for a business, with a number and no money; as
    `open_everyday` in all else.
    """
    maximum = _maximum(business, at=at)
    return _open(BUSINESS, business.name, maximum, actor=actor, branch=branch, business=business)


@transaction.atomic
def open_savings(
    *, customer, minimum: Decimal, actor: Actor, at: datetime, branch: str = MAIN_BRANCH
) -> DepositAccount:
    """
    This will open a savings account (product 20) for a customer, in which `minimum` KES must stay;
    as `open_everyday` in all else.
    """
    name = customer.full_name
    maximum = _maximum(customer, at=at)
    return _open(
        SAVINGS, name, maximum, actor=actor, branch=branch, minimum=minimum, customer=customer
    )


@transaction.atomic
def follow_tier(account: DepositAccount, *, actor: Actor, at: datetime) -> None:
    """
    This will let an account hold what its holder's tier allows on the Nairobi day of `at`: after
    a change of tier, or of the tier's limits. What is in it stays, even above the new maximum.

    :raises AccountClosed: if it is closed.
    """
    maximum = _maximum(account.holder, at=at)
    standing = account.ledger_account.standing
    ledger_accounts.set_terms(
        account.ledger_account,
        maximum=maximum,
        overdraft=standing.overdraft,
        minimum=standing.minimum,
        actor=actor,
    )
    audit.record(actor=actor, deed="deposit_account.follows_tier", subject=account, maximum=maximum)


@transaction.atomic
def follow_limits(*, first: int, last: int, actor: Actor, at: datetime) -> int:
    """
    This will let the accounts of a range of ids hold what their tiers allow on the Nairobi day of
    `at`, where a limit is another than it was, and give their number. A second run finds none.
    """
    behind = queries.off_their_tier(on=calendar.nairobi_date(at)).filter(pk__range=(first, last))
    ids = list(behind.order_by("pk").values_list("pk", flat=True))
    rows = DepositAccount.objects.filter(pk__in=ids).order_by("pk")
    rows = rows.select_related("customer", "business", "ledger_account")
    locked = list(rows.select_for_update(of=("self",), no_key=True))
    # Looked at once more: what another worker has done meanwhile is not done again.
    left = set(behind.filter(pk__in=ids).values_list("pk", flat=True))
    for account in locked:
        if account.pk in left:
            follow_tier(account, actor=actor, at=at)
    return len(left)


@transaction.atomic
def freeze(
    account: DepositAccount,
    *,
    reason: str,
    actor: Actor,
    debits: bool = True,
    credits: bool = True,
) -> None:
    """
    This will stop an account from paying out, from taking in, or both. The balance stays.

    :raises AccountClosed: if it is closed.
    """
    ledger_accounts.freeze(
        account.ledger_account, reason=reason, actor=actor, debits=debits, credits=credits
    )
    audit.record(
        actor=actor, deed="deposit_account.frozen", subject=account, reason=reason,
        debits=debits, credits=credits,
    )  # fmt: skip


@transaction.atomic
def unfreeze(account: DepositAccount, *, reason: str, actor: Actor) -> None:
    """
    This will let a frozen account pay and receive again.

    :raises AccountClosed: if it is closed.
    """
    ledger_accounts.unfreeze(account.ledger_account, reason=reason, actor=actor)
    audit.record(actor=actor, deed="deposit_account.unfrozen", subject=account, reason=reason)


@transaction.atomic
def close(account: DepositAccount, *, reason: str, actor: Actor) -> None:
    """
    This will close an empty account for ever, on today's business date. Its number is not reused.

    :raises AccountNotEmpty: if it still holds money, or a hold stands on it.
    :raises AccountClosed: if it is closed already.
    """
    ledger_accounts.close(account.ledger_account, actor=actor)
    account.closed_date = calendar.business_date()
    account.save(update_fields=["closed_date", "updated_at"])
    audit.record(actor=actor, deed="deposit_account.closed", subject=account, reason=reason)


def _open(
    code: str, name: str, maximum, *, actor, branch, minimum: Decimal = Decimal(0), **holder
) -> DepositAccount:
    product = Product.objects.get(code=code)

    number = _next_number(branch=branch, product=product)
    ledger_account = ledger_accounts.open_account(
        control=product.control_line,
        code=number,
        name=name,
        currency=product.currency,
        branch=branch,
        maximum=maximum,
        minimum=minimum,
        actor=actor,
    )
    account = DepositAccount.objects.create(
        number=number,
        product=product,
        ledger_account=ledger_account,
        branch=branch,
        opened_date=calendar.business_date(),
        **holder,
    )

    audit.record(actor=actor, deed="deposit_account.opened", subject=account, product=product.code)
    return account


def _maximum(holder, *, at: datetime):
    day = calendar.nairobi_date(at)
    limit = limits.limit_of(holder.tier_id, limits.Kind.MAXIMUM_BALANCE, on=day)
    return None if limit is None else limit.amount


def _next_number(*, branch: str, product: Product) -> str:
    # The row is locked until the account is committed, so serials have no gap and no double.
    NumberSeries.objects.get_or_create(branch=branch, product=product)
    series = NumberSeries.objects.select_for_update().get(branch=branch, product=product)
    serial = series.next_serial
    series.next_serial = serial + 1
    series.save(update_fields=["next_serial", "updated_at"])
    return numbers.account_number(branch=branch, product=product.code, serial=serial)
