"""What staff do from the pages of the books; the deeds themselves are the ledger's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db import transaction

from accounts.staff.models import StaffMember
from branch.books import queries
from ledger.approvals.models import Approval
from ledger.chart.models import LedgerAccount
from ledger.controls import audit
from ledger.journal.lines import Line
from ledger.journal.models import Entry
from ledger.periods import operations as periods
from ledger.vouchers import operations as vouchers
from ledger.vouchers import queries as voucher_queries
from ledger.vouchers.models import Voucher
from ledger.vouchers.operations import LineShort, Written
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal


class RestrictedAccount(Refusal):
    code = "restricted_account"
    status = 403
    text = (
        "Account {code} is restricted, or your own. A colleague to whom its file is open writes "
        "this voucher."
    )


def write(
    draft: Voucher | None,
    *,
    written: Written,
    lines: list[Line],
    member: StaffMember,
    actor: Actor,
    at: datetime,
) -> Voucher:
    """
    This will keep a new voucher, or write a draft anew.

    :raises RestrictedAccount: if a line is on an account that is shut to whoever writes.
    :raises LineShort: and as `draft` and `revise` of ledger.vouchers.operations.
    """
    _check_open(lines, member=member, actor=actor, at=at)
    with _no_guessing(actor):
        if draft is None:
            return vouchers.draft(written, lines=lines, actor=actor, at=at)
        return vouchers.revise(draft, written=written, lines=lines, actor=actor)


def take_back(entry: Entry, *, member: StaffMember, actor: Actor, at: datetime, **facts) -> Voucher:
    """
    This will keep a draft that takes an entry back; `facts` are those of `draft_reversal`.

    :raises RestrictedAccount: if the entry touches an account that is shut to whoever asks.
    :raises LineShort: and as `ledger.vouchers.operations.draft_reversal`.
    """
    _check_open(voucher_queries.mirror_of(entry), member=member, actor=actor, at=at)
    with _no_guessing(actor):
        return vouchers.draft_reversal(entry, actor=actor, at=at, **facts)


def ask(voucher: Voucher, *, reason: str, actor: Actor, at: datetime) -> Approval:
    """
    This will ask a second person to post a voucher. Nobody asks or decides about an account of
    their own.

    :raises AboutYou: if whoever asks is one of them; and as `ledger.vouchers.operations.ask`.
    """
    accounts = voucher_queries.accounts_of(voucher_queries.lines_of(voucher)).values()
    with _no_guessing(actor):
        return vouchers.ask(
            voucher, reason=reason, about=queries.persons_of(accounts), actor=actor, at=at
        )


def change_period(
    *, deed: str, first_date: date, reason: str, actor: Actor, at: datetime
) -> Approval:
    """
    This will ask a second person to close a month, to open it again, or to end its year.

    :raises PeriodNotOver: and every other refusal of ledger.periods.
    """
    who = {"reason": reason, "actor": actor, "at": at}
    if deed == "close":
        return periods.ask_close(first_date=first_date, **who)
    if deed == "reopen":
        return periods.ask_reopen(first_date=first_date, **who)
    return periods.ask_year_end(year=first_date.year, **who)


def _check_open(lines: list[Line], *, member: StaffMember, actor: Actor, at: datetime) -> None:
    """Before anything is said of their money, also whether there is enough."""
    accounts = voucher_queries.accounts_of(lines)
    shut = queries.closed_to(accounts.values(), member=member, actor=actor, at=at)
    for account_id in sorted(shut):
        raise RestrictedAccount(code=accounts[account_id].code)


@contextmanager
def _no_guessing(actor: Actor) -> Iterator[None]:
    """
    That an account has too little tells something of it, so the trail keeps who was told: who asks
    with one amount after the other to learn a balance is seen.
    """
    try:
        yield
    except LineShort as refusal:
        account = LedgerAccount.objects.get(code=refusal.facts["code"])
        with transaction.atomic():
            audit.record(
                actor=actor, deed="voucher.short", subject=account,
                required=refusal.facts["required"],
            )  # fmt: skip
        raise
