"""Who holds which account, how it stands, and whom a phone or an account number belongs to."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.access import queries as access_queries
from accounts.deposits import numbers
from accounts.deposits.models import DepositAccount, ReachedBy
from accounts.limits import queries as limits
from accounts.limits.models import Tier
from ledger.chart.models import available
from ledger.holds import queries as holds
from ledger.holds.models import Hold
from ledger.money import Money
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal

Status = DepositAccount.Status
STANDING = (
    "balance", "held", "overdraft", "minimum", "maximum", "takes_debits", "takes_credits",
    "sequence",
)  # fmt: skip
PROOF = Path(__file__).parent / "proofs" / "P05_control_lines_match_deposit_accounts.sql"
_PHONE = re.compile(r"(?:\+?254|0)([17][0-9]{8})", re.ASCII)


class NoSuchAccount(Refusal):
    code = "no_such_account"
    status = 404
    text = _("There is no such account of yours.")


class PayeeNotUnderstood(Refusal):
    code = "payee_not_understood"
    status = 422
    text = _("Enter a phone number like 0722 000 418 or an account number of 13 digits")


class PayeeNotFound(Refusal):
    code = "payee_not_found"
    status = 404
    text = _("We can’t find this number at Wekeza. Check the digits")


class PayeeClosed(Refusal):
    code = "payee_closed"
    status = 409
    text = _("That account is closed. Ask the person for another number")


class OwnAccount(Refusal):
    code = "own_account"
    status = 400
    text = _("This is the account you send from. Enter the number of somebody else")


@dataclass(frozen=True, slots=True)
class Holding:
    """A deposit account as its holder sees it at this moment."""

    account: DepositAccount
    balance: Money
    held: Money
    available: Money
    minimum: Money
    maximum: Money | None
    status: str
    takes_debits: bool
    takes_credits: bool
    sequence: int

    @property
    def number(self) -> str:
        return self.account.number

    @property
    def name(self) -> str:
        """Its product, for a person; its business, where one person sees several."""
        return (
            self.account.business.name if self.account.business_id else self.account.product.label
        )

    @property
    def ending(self) -> str:
        return self.account.ending

    @property
    def is_active(self) -> bool:
        return self.status == Status.ACTIVE

    @property
    def is_closed(self) -> bool:
        return self.status == Status.CLOSED

    @property
    def free(self) -> Money:
        """What is in it that no hold stands on; of this the minimum stays."""
        return self.balance - self.held

    @property
    def room(self) -> Money | None:
        """What it can still take in before its maximum balance; None when there is none."""
        if self.maximum is None:
            return None
        return max(self.maximum - self.balance, Money.zero(self.maximum.currency))


@dataclass(frozen=True, slots=True)
class Payee:
    """Whom an instruction would pay: enough to check the name, nothing of what the person has."""

    account: DepositAccount
    name: str
    reached_by: str


def held_by(actor: Actor) -> list[Holding]:
    """This will give the accounts of the customer who acts, the oldest first, in one query."""
    if actor.kind != "CUSTOMER":
        return []
    rows = _with_standing(DepositAccount.objects.filter(customer=int(actor.ref)))
    return [_holding(row) for row in rows.order_by("pk")]


def open_held_by(actor: Actor) -> list[Holding]:
    """This will give the accounts of the customer who acts that are open, the oldest first."""
    return [holding for holding in held_by(actor) if not holding.is_closed]


def held_by_business(business) -> list[Holding]:
    """This will give the accounts of a business, the oldest first, in one query."""
    rows = _with_standing(DepositAccount.objects.filter(business=business))
    return [_holding(row) for row in rows.order_by("pk")]


def seen_by(actor: Actor) -> list[Holding]:
    """
    This will give the accounts that the customer who acts may look at: their own first, then those
    of the businesses that they act for now.
    """
    if actor.kind != "CUSTOMER":
        return []
    theirs = {"business__members__customer": int(actor.ref), "business__members__left_at": None}
    seen = DepositAccount.objects.filter(**theirs).values("pk")
    rows = _with_standing(DepositAccount.objects.filter(pk__in=seen))
    return held_by(actor) + [_holding(row) for row in rows.order_by("pk")]


def one_seen_by(actor: Actor, *, number: str) -> Holding:
    """
    This will give one account that the customer who acts may look at.

    :raises NoSuchAccount: if they may not; another's and none look the same.
    """
    return _one(seen_by(actor), number)


def one_held_by(actor: Actor, *, number: str) -> Holding:
    """
    This will give one account of the customer who acts.

    :raises NoSuchAccount: if it is not his; another's and none look the same.
    """
    return _one(held_by(actor), number)


def _one(holdings: list[Holding], number: str) -> Holding:
    for holding in holdings:
        if holding.number == number:
            return holding
    raise NoSuchAccount


def chosen(actor: Actor, *, number: str | None) -> DepositAccount:
    """
    This will give the account of the customer who acts that has a number, or the oldest one.

    :raises NoSuchAccount: if it is not his, or he has none.
    """
    if number is not None:
        return one_held_by(actor, number=number).account
    held = open_held_by(actor)
    if not held:
        raise NoSuchAccount
    return held[0].account


def standing_of(account: DepositAccount) -> Holding:
    """This will give how an account stands now, whoever asks; for the bank's own deeds."""
    return _holding(_with_standing(DepositAccount.objects.filter(pk=account.pk)).get())


def holds_on(holding: Holding) -> list[Hold]:
    """This will give the open holds of an account, the oldest first; `held` is their sum."""
    return list(holds.open_on(holding.account.ledger_account_id))


def find_payee(text: str, *, source: DepositAccount | None = None) -> Payee:
    """
    This will tell whom a phone or an account number belongs to (kenya.md 1.6, order a then b).

    A phone leads to its customer's first open account, if the bank has confirmed the phone.
    `source` is the account that would pay.

    :raises PayeeNotUnderstood: if the text is neither.
    :raises PayeeNotFound: if nobody here has it, or the check digit is wrong.
    :raises PayeeClosed: if the account is closed.
    :raises OwnAccount: if it is the source itself.
    """
    typed = numbers.without_gaps(text)
    if numbers.looks_like_one(typed):
        account, reached_by = _by_number(typed), ReachedBy.ACCOUNT
    elif phone := _PHONE.fullmatch(typed):
        account, reached_by = _by_phone(f"+254{phone[1]}"), ReachedBy.PHONE
    else:
        raise PayeeNotUnderstood
    if account is None:
        raise PayeeNotFound
    if account.closed_date is not None:
        raise PayeeClosed
    if source is not None and account.pk == source.pk:
        raise OwnAccount
    return Payee(account, account.holder_name, reached_by)


def _by_number(number: str) -> DepositAccount | None:
    if not numbers.is_valid(number):
        return None
    return _payable().filter(number=number).first()


def _by_phone(phone: str) -> DepositAccount | None:
    owner = {
        "customer__user__phone_index": access_queries.phone_index(phone),
        "customer__user__is_phone_verified": True,
    }
    return _payable().filter(closed_date=None, **owner).order_by("pk").first()


def off_their_tier(*, on: date) -> QuerySet[DepositAccount]:
    """
    This will give the open accounts whose maximum balance is not what their holder's tier has on a
    day: on the first day of another limit, until each has followed.
    """
    differs = Q()
    for tier in Tier.objects.all():
        limit = limits.limit_of(tier.pk, limits.Kind.MAXIMUM_BALANCE, on=on)
        held = "ledger_account__balances__maximum"
        other = Q(**{f"{held}__isnull": False}) if limit is None else ~Q(**{held: limit.amount})
        differs |= (Q(customer__tier=tier) | Q(business__tier=tier)) & other
    return DepositAccount.objects.filter(differs, closed_date=None)


def _payable() -> QuerySet[DepositAccount]:
    return DepositAccount.objects.select_related(
        "customer", "business", "product", "ledger_account"
    )


def _with_standing(accounts: QuerySet[DepositAccount]) -> QuerySet[DepositAccount]:
    balance = "ledger_account__balances__"
    return accounts.select_related(
        "product", "customer__user", "customer__tier", "business__tier", "ledger_account"
    ).annotate(**{f"now_{name}": F(balance + name) for name in STANDING})


def _is_under_check(row: DepositAccount) -> bool:
    """Its customer is held or suspended. Both read the same, and so do their accounts."""
    return row.customer is not None and row.customer.is_under_check


def _holding(row: DepositAccount) -> Holding:
    def money(amount: Decimal) -> Money:
        return Money.rounded(amount, row.product.currency)

    if row.closed_date is not None:
        status = Status.CLOSED
    elif row.now_takes_debits and row.now_takes_credits and not _is_under_check(row):
        status = Status.ACTIVE
    else:
        status = Status.FROZEN
    return Holding(
        account=row,
        balance=money(row.now_balance),
        held=money(row.now_held),
        available=money(available(row, "now_")),
        minimum=money(row.now_minimum),
        maximum=None if row.now_maximum is None else money(row.now_maximum),
        status=status,
        takes_debits=row.now_takes_debits,
        takes_credits=row.now_takes_credits,
        sequence=row.now_sequence,
    )
