"""Keeping what is known of a borrower, and lifting it: two persons, neither about themselves."""

from datetime import datetime

from accounts.businesses.models import Business
from accounts.customers.models import Customer
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.approvals.operations import Change
from ledger.calendar import queries as calendar
from ledger.controls import audit
from lending.applications.models import LoanApplication
from lending.applications.queries import persons_behind
from lending.watch import queries
from lending.watch.models import BorrowerMark, MarkKind
from lending.watch.refusals import AlreadyMarked, MarkLifted
from wekeza.kit.actor import Actor
from wekeza.kit.db import deed, inside_transaction
from wekeza.kit.words import day as day_words

MARK, LIFT = "lending.mark_borrower", "lending.lift_mark"
ASK = "loan.ask_mark"


@deed
def ask(
    application: LoanApplication, *, kind: str, reason: str, actor: Actor, at: datetime
) -> Approval:
    """
    This will ask a second person to keep that something is known (a MarkKind) of whoever borrows by
    an application: its business, or its customer for themselves.

    :raises AlreadyMarked: if it is kept.
    :raises AboutYou: if it is about whoever asks, or a business that they own or act for.
    :raises MayNotAsk: and the other refusals of `approvals.propose`.
    """
    borrower, known = application.party, MarkKind(kind)
    _check_unmarked(borrower, known)
    term = queries.terms_on(calendar.business_date())[known]
    return _propose(
        application,
        deed=MARK,
        payload={_field(borrower): borrower.pk, "kind": known.value},
        change=Change(str(known.label), "Not known", "Known"),
        impact=f"From the next run of provisions on their loans are in stage {term.stage} at best. "
        + (
            "What they ask for is declined, and no offer is paid out"
            if term.declines
            else "A person looks at what they ask for"
        ),
        reason=reason,
        actor=actor,
        at=at,
    )


@inside_transaction
def mark(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> BorrowerMark:
    """
    This will keep that something is known of a borrower, from the open business date on: the
    approved deed `lending.mark_borrower`, whose `payload` is {"customer" or "business": id, "kind":
    text}. Its reason is that of the approval.

    :raises AlreadyMarked: if it is kept.
    """
    borrower, kind = _locked(payload), MarkKind(payload["kind"])
    _check_unmarked(borrower, kind)
    row = BorrowerMark.objects.create(
        kind=kind,
        since=calendar.business_date(),
        put=approval,
        approval=approval,
        **{_field(borrower): borrower},
    )
    audit.record(
        actor=actor, deed="borrower.marked", subject=borrower, kind=row.kind,
        asked_by=approval.maker,
    )  # fmt: skip
    return row


@deed
def ask_lift(
    mark: BorrowerMark, *, application: LoanApplication, reason: str, actor: Actor, at: datetime
) -> Approval:
    """
    This will ask a second person to lift a mark on whoever borrows by an application.

    :raises MarkLifted: if it is lifted.
    :raises AboutYou: if it is about whoever asks, or a business that they own or act for.
    :raises MayNotAsk: and the other refusals of `approvals.propose`.
    """
    row = queries.of(application.party).get(pk=mark.pk)
    _check_stands(row)
    since = f"Since {day_words(row.since)}: {row.put.reason}"
    return _propose(
        application,
        deed=LIFT,
        payload={"mark": row.pk},
        change=Change(row.get_kind_display(), since, "Lifted"),
        impact="From the next run of provisions on it puts no loan of theirs into a stage, and it "
        "keeps them from no loan",
        reason=reason,
        actor=actor,
        at=at,
    )


@inside_transaction
def lift(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> BorrowerMark:
    """
    This will lift a mark from the open business date on: the approved deed `lending.lift_mark`,
    whose `payload` is {"mark": id}. It stays to be read.

    :raises MarkLifted: if it is lifted.
    """
    row = BorrowerMark.objects.select_for_update(of=("self",)).get(pk=payload["mark"])
    _check_stands(row)
    row.ended_date, row.approval = calendar.business_date(), approval
    row.save(update_fields=["ended_date", "approval", "updated_at"])
    audit.record(
        actor=actor, deed="borrower.mark_lifted", subject=row.customer or row.business,
        kind=row.kind, asked_by=approval.maker,
    )  # fmt: skip
    return row


@inside_transaction
def _propose(application: LoanApplication, *, change: Change, **told) -> Approval:
    return approvals.propose(
        subject=application.party,
        changes=[change],
        branch=application.customer.branch_id,
        about=persons_behind(application),
        **told,
    )


@inside_transaction
def _locked(payload: dict) -> Customer | Business:
    """The borrower; whoever pays a loan out to them holds the same row, and looks after this."""
    table, key = (Customer, "customer") if "customer" in payload else (Business, "business")
    rows = table.objects.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=payload[key])


def _check_unmarked(borrower, kind: MarkKind) -> None:
    known = queries.standing(borrower).filter(kind=kind).first()
    if known is not None:
        raise AlreadyMarked(mark=kind.label, day=day_words(known.since))


def _check_stands(row: BorrowerMark) -> None:
    if not row.stands:
        raise MarkLifted(mark=row.get_kind_display(), day=day_words(row.ended_date))


def _field(borrower) -> str:
    return "business" if isinstance(borrower, Business) else "customer"
