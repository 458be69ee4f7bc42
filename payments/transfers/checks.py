"""
What a transfer may do: looked at early, to refuse kindly, with the figure that would pass. The
ledger decides again under its lock; both speak through the refusals made here.
"""

from datetime import datetime, timedelta

from django.utils.formats import date_format

from accounts.access import queries as access_queries
from accounts.customers.models import Customer
from accounts.deposits import queries as deposit_queries
from accounts.deposits.models import DepositAccount
from accounts.deposits.queries import Payee
from accounts.limits import queries as limits
from ledger.calendar import queries as calendar
from ledger.journal.lines import Count
from ledger.money import Money
from ledger.refusals import AccountClosed
from payments.transfers import waits
from payments.transfers.models import Transfer
from payments.transfers.queries import Standing, Way
from payments.transfers.refusals import (
    CustomerNotActive,
    DetailsBeingChecked,
    NewPinSpent,
    NotEnoughMoney,
    OverDailyLimit,
    OverMonthlyLimit,
    OverTransferLimit,
    PayeeCannotTake,
    SourceClosed,
    SourceFrozen,
    WrongCurrency,
)
from wekeza.kit.errors import Refusal

Kind = limits.Kind


def look(*, source: DepositAccount, payee: Payee, money: Money, fee: Money, at: datetime) -> None:
    """
    This will refuse what would be refused at sending, as things stand now.

    :raises DetailsBeingChecked: or CustomerNotActive, if the payer may not send at all.
    :raises SourceFrozen: or SourceClosed, if the paying account is shut.
    :raises WrongCurrency: if the paying account is in another one.
    :raises OverTransferLimit: if one payment may not be so large.
    :raises OverDailyLimit: or OverMonthlyLimit, with what is left.
    :raises NewPinSpent: if the PIN that would authorise it took the place of a forgotten one.
    :raises NotEnoughMoney: with the most that could be sent.
    :raises PayeeCannotTake: without saying why.
    """
    payer = source.holder
    _may_send(payer.status)
    mine = deposit_queries.standing_of(source)
    if money.currency != mine.balance.currency:
        raise WrongCurrency(account_in=mine.balance.currency)
    if not mine.takes_debits:
        raise (SourceFrozen if source.closed_date is None else SourceClosed)(ending=source.ending)

    if payee.account.owner_ref != source.owner_ref:
        room = limits.room_left(payer, at)
        if room.per_transfer is not None and money > room.per_transfer:
            raise OverTransferLimit(cap=room.per_transfer)
        for kind, used in ((Kind.DAILY_OUT, room.day), (Kind.MONTHLY_OUT, room.month)):
            if used.left is not None and money > used.left:
                raise over_limit(kind, left=used.left, at=at)
        _new_pin_covers(source, room=room, money=money, fee=fee, at=at)
    if money + fee > mine.available:
        standing = {"available": mine.available, "minimum": mine.minimum, "free": mine.free}
        raise not_enough(standing, money=money, fee=fee)

    theirs = deposit_queries.standing_of(payee.account)
    if not theirs.takes_credits or (theirs.room is not None and money > theirs.room):
        raise cannot_take(payee.name, money)


def _new_pin_covers(source: DepositAccount, *, room, money: Money, fee: Money, at) -> None:
    """What only a PIN would authorise, which is new, must be within the little that it sends."""
    if source.business_id or room.pin_up_to is None or money + fee > room.pin_up_to:
        return
    user = source.customer.user
    wait = waits.wait_of(user, owner_ref=source.owner_ref, room=room, at=at)
    if wait and wait.is_in_all and money > wait.most and not access_queries.has_passkey(user):
        raise NewPinSpent(left=wait.most)


def look_once_more(transfer: Transfer, standing: Standing) -> None:
    """
    This will refuse at sending what the ledger does not decide by counting.

    :raises DetailsBeingChecked: or CustomerNotActive, if the payer may not send at all.
    :raises OverTransferLimit: if one payment may not be so large.
    """
    _may_send(standing.payer_status)
    most = standing.caps[Kind.PER_TRANSFER]
    if most is not None and transfer.money > most and not transfer.is_between_own_accounts:
        raise OverTransferLimit(cap=most)


def counts_of(transfer: Transfer, *, caps, at: datetime) -> list[Count] | None:
    """
    This will give what a transfer counts towards, with the caps in force: its payer's day and month
    (Nairobi), and with a new PIN in the place of a forgotten one all that this PIN sends. None
    between accounts of one customer (kenya.md 7.1).
    """
    if transfer.is_between_own_accounts:
        return None
    today = calendar.nairobi_date(at)
    counted = [
        (Kind.DAILY_OUT.value, today, caps[Kind.DAILY_OUT]),
        (Kind.MONTHLY_OUT.value, calendar.month_start(today), caps[Kind.MONTHLY_OUT]),
    ]
    if transfer.authorised_by == Way.NEW_PIN:  # In all no more than one payment by PIN.
        day = waits.day_of_new_pin(transfer.customer.user)
        counted.append((waits.NEW_PIN_OUT, day, caps[Kind.PIN_UP_TO] or Money.zero()))
    return [
        Count(
            owner_ref=transfer.owner_ref,
            kind=kind,
            period_start=start,
            amount=transfer.amount,
            cap=None if cap is None else cap.amount,
        )
        for kind, start, cap in counted
    ]


def _may_send(status: str) -> None:
    if status in (Customer.Status.CHECKING, Customer.Status.SUSPENDED):
        raise DetailsBeingChecked
    if status != Customer.Status.ACTIVE:
        raise CustomerNotActive


def not_enough(standing: dict, *, money: Money, fee: Money) -> Refusal:
    """
    This will say how much could be sent from what is `available`, and what must stay (`minimum`)
    of what is `free` of holds, or else of the `balance`, as the ledger tells it.
    """
    available, minimum = standing["available"], standing.get("minimum")
    free = standing.get("free") or (available + minimum if available else standing.get("balance"))
    kept = {"minimum": minimum, "free": free} if minimum else {}
    nothing = Money.zero(available.currency)
    required = money + fee
    return NotEnoughMoney(
        available=available,
        most=max(available - fee, nothing),
        fee=fee,
        required=required,
        deficit=required - available,
        **kept,
    )


def over_limit(kind: str, *, left: Money, at: datetime) -> Refusal:
    """This will say what is left of the day or the month, and when it starts again."""
    if kind == waits.NEW_PIN_OUT:
        return NewPinSpent(left=left)
    if kind == Kind.DAILY_OUT:
        return OverDailyLimit(left=left)
    month = calendar.month_start(calendar.nairobi_date(at))
    starts_again = calendar.month_start(month + timedelta(days=32))
    return OverMonthlyLimit(left=left, day=date_format(starts_again, "j F"))


def cannot_take(name: str, money: Money) -> Refusal:
    """This will say that the payee cannot be paid now, and nothing about what the payee has."""
    return PayeeCannotTake(payee=name, amount=money)


def source_shut(source: DepositAccount, refusal: Refusal) -> Refusal:
    """This will say that the paying account is closed or frozen."""
    kind = SourceClosed if isinstance(refusal, AccountClosed) else SourceFrozen
    return kind(ending=source.ending)
