"""
Vouchers: one person writes a journal or a reversal, another approves it, and it is posted once,
exactly as it was approved (decision 21 of the design; docs/decisions/0021-vouchers.md).

The request keeps everything that is posted. The voucher's row stays as it was asked for, and what
is posted is compared with it once more.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.calendar import queries as calendar
from ledger.chart import operations as chart
from ledger.chart.models import LedgerAccount
from ledger.controls import audit
from ledger.journal import operations as journal
from ledger.journal.lines import Audit, Line
from ledger.journal.models import Entry
from ledger.refusals import ValueDateNotOpen
from ledger.vouchers import queries, telling
from ledger.vouchers.models import Voucher, VoucherLine
from ledger.vouchers.refusals import (
    ControlLine,
    CustomerReasonMissing,
    KeptEntry,
    KeptLine,
    LineClosed,
    LineFrozen,
    LineFull,
    LineShort,
    NoSuchLine,
    NotADraftVoucher,
    NothingToReverse,
    NotYourVoucher,
    TooFewLines,
    VoucherChanged,
    VoucherUnbalanced,
)
from wekeza.kit.actor import Actor
from wekeza.kit.db import inside_transaction

__all__ = [
    "ControlLine",
    "CustomerReasonMissing",
    "KeptEntry",
    "KeptLine",
    "LineClosed",
    "LineFrozen",
    "LineFull",
    "LineShort",
    "NoSuchLine",
    "NotADraftVoucher",
    "NotYourVoucher",
    "NothingToReverse",
    "TooFewLines",
    "ValueDateNotOpen",
    "VoucherChanged",
    "VoucherUnbalanced",
    "Written",
    "ask",
    "draft",
    "draft_reversal",
    "post",
    "revise",
    "throw_away",
]

OVERDRAWN = "Overdrawn by voucher {number}"  # The reason on accounts that a mirror took below zero.
OWNER = "bank"  # Whose references those of vouchers are.
NUMBERS = 5213700000000021  # The lock under which numbers are given, without a gap.
_NAMED = {
    journal.InsufficientFunds: LineShort,
    journal.MaximumBalance: LineFull,
    journal.AccountFrozen: LineFrozen,
    journal.AccountClosed: LineClosed,
    journal.AlreadyReversed: NothingToReverse,
}


@dataclass(frozen=True, slots=True)
class Written:
    """What a maker writes down beside the lines."""

    kind: str
    narrative: str
    value_date: date | None = None
    paper_ref: str = ""
    customer_reason: str = ""


@transaction.atomic
def draft(written: Written, *, lines: list[Line], actor: Actor, at: datetime) -> Voucher:
    """
    This will keep a voucher that its maker can still change, once its lines could be booked.

    :raises TooFewLines: or VoucherUnbalanced, ControlLine, KeptLine, LineClosed,
        CustomerReasonMissing, LineShort: if they could not (`queries.check_lines`).
    :raises ValueDateNotOpen: if the value date takes no entry.
    """
    _check(written, lines)
    row = _new(written, actor=actor, at=at)
    row.save(force_insert=True)
    _write_lines(row, lines)
    return row


@transaction.atomic
def revise(voucher: Voucher, *, written: Written, lines: list[Line], actor: Actor) -> Voucher:
    """
    This will write a draft anew.

    :raises NotADraftVoucher: if somebody was asked already.
    :raises NotYourVoucher: if a colleague wrote it; and as `draft`.
    """
    row = _own_draft(voucher, actor=actor)
    _check(written, lines)
    for name in ("kind", "narrative", "value_date", "paper_ref", "customer_reason"):
        setattr(row, name, getattr(written, name))
    row.save()
    row.lines.all().delete()
    _write_lines(row, lines)
    return row


@transaction.atomic
def draft_reversal(
    entry: Entry,
    *,
    narrative: str,
    paper_ref: str = "",
    may_overdraw: bool = False,
    actor: Actor,
    at: datetime,
) -> Voucher:
    """
    This will keep a draft that takes an entry back. `may_overdraw` lets the mirror take customers'
    accounts below zero; they pay out nothing then until somebody has looked.

    :raises NothingToReverse: if the entry was reversed, or is a reversal.
    :raises KeptEntry: if a room keeps entries of its kind by itself.
    :raises LineShort: if an account has too little and may not be overdrawn.
    """
    _check_reversal(entry, may_overdraw=may_overdraw)
    row = _new(
        Written(kind=Voucher.Kind.REVERSAL, narrative=narrative, paper_ref=paper_ref),
        actor=actor,
        at=at,
    )
    row.reverses, row.may_overdraw = entry, may_overdraw
    row.save(force_insert=True)
    return row


@transaction.atomic
def throw_away(voucher: Voucher, *, actor: Actor) -> None:
    """
    This will drop a draft, of which the books know nothing.

    :raises NotADraftVoucher: if somebody was asked already; NotYourVoucher, if it is a colleague's.
    """
    row = _own_draft(voucher, actor=actor)
    row.lines.all().delete()
    row.delete()


@transaction.atomic
def ask(
    voucher: Voucher, *, reason: str, about: Iterable[str] = (), actor: Actor, at: datetime
) -> Approval:
    """
    This will ask a second person to post a voucher, and give it its number. `about` are the persons
    whose accounts it touches: none of them asks or decides.

    :raises NotADraftVoucher: if it was asked for; NotYourVoucher, if a colleague wrote it.
    :raises TooFewLines: and as `draft` or `draft_reversal`, by what holds now.
    :raises MayNotAsk: or AboutYou, ReasonMissing of approvals.
    """
    row = _own_draft(voucher, actor=actor)
    lines = queries.lines_of(row)
    if row.is_reversal:
        _check_reversal(row.reverses, may_overdraw=row.may_overdraw)
    else:
        queries.check_lines(lines, customer_reason=row.customer_reason)
        queries.check_value_date(row.value_date)

    row.number = _next_number(at)
    row.approval = approvals.propose(
        deed="vouchers.post",
        subject=row,
        payload=telling.facts_of(row, lines),
        changes=telling.changes_of(row, lines),
        impact=telling.impact_of(row, lines),
        amount=telling.amount_of(lines),
        about=about,
        reason=reason,
        actor=actor,
        at=at,
    )
    row.save(update_fields=["number", "approval", "updated_at"])
    return row.approval


@inside_transaction
def post(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> None:
    """
    This will post a voucher, once; the approved deed `vouchers.post`.

    :raises VoucherChanged: if the voucher is not what was asked for.
    :raises KeptLine: or KeptEntry, if a room keeps what it touches by itself.
    :raises ValueDateNotOpen: if its period was closed meanwhile.
    :raises LineShort: if a customer's account has too little; LineFull, LineFrozen, LineClosed.
    :raises NothingToReverse: if the entry was reversed meanwhile.
    """
    row = Voucher.objects.select_for_update(of=("self",)).get(pk=payload["voucher"])
    lines = queries.lines_of(row)
    if row.approval_id != approval.pk or row.entry_id or telling.facts_of(row, lines) != payload:
        raise VoucherChanged(number=row.number)
    _check_takes_vouchers(row, lines)
    facts = {
        "owner": OWNER,
        "reference": f"voucher:{row.number}",
        "actor": actor,
        "at": at,
        "memo": row.narrative,
        "receipt_no": row.number,
        "audit": [Audit("voucher.posted", subject=audit.subject_of(row))],
    }
    with _in_words_of_the_bank():
        posted = _reverse(row, facts) if row.is_reversal else _book(row, lines, facts)
    row.entry_id = posted.entry_id
    row.save(update_fields=["entry", "updated_at"])


def _book(row: Voucher, lines: list[Line], facts: dict) -> journal.Posted:
    return journal.post(
        kind="VOUCHER",
        lines=lines,
        value_date=row.value_date,
        source=audit.subject_of(row),
        **facts,
    )


def _reverse(row: Voucher, facts: dict) -> journal.Posted:
    """
    The mirror. Where it may overdraw, an account that is short gets exactly what is missing as an
    overdraft, and then pays out nothing: a person looks at it before it is used again.
    """
    short: dict[int, LedgerAccount] = {}
    while True:
        try:
            with transaction.atomic():
                posted = journal.reverse(row.reverses_id, **facts)
            break
        except journal.InsufficientFunds as refusal:
            if not row.may_overdraw:
                raise
            account = LedgerAccount.objects.get(pk=int(refusal.facts["account"]))
            standing = account.standing
            chart.set_terms(
                account,
                maximum=standing.maximum,
                overdraft=standing.overdraft + refusal.facts["deficit"].amount,
                minimum=standing.minimum,
                actor=facts["actor"],
            )
            short[account.pk] = account
    for account in short.values():
        why = OVERDRAWN.format(number=row.number)
        lets_in = account.standing.takes_credits  # Where nothing comes in, nothing will.
        chart.freeze(account, reason=why, credits=not lets_in, actor=facts["actor"])
    return posted


@contextmanager
def _in_words_of_the_bank() -> Iterator[None]:
    """Refusals of the books in words for staff: which account, and by how much."""
    try:
        yield
    except tuple(_NAMED) as refusal:
        raise _NAMED[type(refusal)](**refusal.facts) from refusal


def _check(written: Written, lines: list[Line]) -> None:
    queries.check_lines(lines, customer_reason=written.customer_reason)
    queries.check_value_date(written.value_date)


def _check_reversal(entry: Entry, *, may_overdraw: bool) -> None:
    if entry.reverses_id is not None or Entry.objects.filter(reverses=entry).exists():
        raise NothingToReverse(entry=entry.pk)
    queries.check_entry(entry)
    if not may_overdraw:
        lines = queries.mirror_of(entry)
        queries.check_funds(lines, queries.accounts_of(lines))


def _check_takes_vouchers(row: Voucher, lines: list[Line]) -> None:
    """Once more when it is posted: what was asked for may be older than what a room keeps."""
    if row.is_reversal:
        queries.check_entry(row.reverses)
        return
    for account in queries.accounts_of(lines).values():
        queries.check_account(account)


def _new(written: Written, *, actor: Actor, at: datetime) -> Voucher:
    return Voucher(
        kind=written.kind,
        narrative=written.narrative,
        value_date=written.value_date,
        paper_ref=written.paper_ref,
        customer_reason=written.customer_reason,
        maker=str(actor),
        maker_person=actor.person or str(actor),
        made_at=at,
    )


def _write_lines(row: Voucher, lines: list[Line]) -> None:
    VoucherLine.objects.bulk_create(
        VoucherLine(
            voucher=row,
            place=place,
            account_id=line.account_id,
            side=line.side,
            amount=line.money.amount,
        )
        for place, line in enumerate(lines, start=1)
    )


def _own_draft(voucher: Voucher, *, actor: Actor) -> Voucher:
    row = Voucher.objects.select_for_update(of=("self",)).get(pk=voucher.pk)
    if not row.is_draft:
        raise NotADraftVoucher(number=row.number)
    if row.maker_person != (actor.person or str(actor)):
        raise NotYourVoucher()
    return row


def _next_number(at: datetime) -> str:
    """Numbers follow one another within a year, without a gap: an auditor asks for each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERS])
    prefix = f"JV{calendar.nairobi_date(at):%y}-"
    last = Voucher.objects.filter(number__startswith=prefix).order_by("-number").first()
    serial = int(last.number.removeprefix(prefix)) + 1 if last else 1
    return f"{prefix}{serial:05}"
