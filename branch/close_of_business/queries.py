"""Looking at the nights: what was done, how much of it, and what was set aside."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Max, Q, QuerySet, Sum

from branch.close_of_business.models import CloseChunk, CloseRun, CloseStep
from branch.close_of_business.states import ChunkState, RunState, StepState
from branch.close_of_business.steps import STEPS
from ledger.approvals import queries as approvals
from ledger.approvals.models import Approval
from ledger.controls.audit import subject_of
from ledger.proofs import seals
from ledger.proofs.models import ProofRun, Seal

LABELS = {step.name: step.label for step in STEPS}
NEED_ALL = [step.name for step in STEPS if step.needs_all]
# The proofs are asked every minute: after so long without a round, somebody looks why.
SILENT_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of a run as the page shows it: chunks done and left, items, seconds of work."""

    row: CloseStep
    label: str
    done: int
    left: int
    aside: int
    items: int
    seconds: Decimal


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the books hold: the last round of the proofs, its faults, and the newest seal."""

    run: ProofRun | None
    is_late: bool
    seal: Seal | None

    @property
    def holds(self) -> bool:
        return self.run is not None and self.run.holds and not self.is_late


def runs() -> QuerySet[CloseRun]:
    """This will give the runs, the newest business date first, with how many items are aside."""
    aside = Q(steps__chunks__state=ChunkState.ASIDE)
    return CloseRun.objects.annotate(aside=Count("steps__chunks", filter=aside)).order_by(
        "-business_date"
    )


def stopped() -> QuerySet[CloseRun]:
    """This will give the runs that a person must look at."""
    return CloseRun.objects.filter(state=RunState.STOPPED)


def lines_of(run: CloseRun) -> list[StepLine]:
    """This will give the steps of a run in their order, in one query."""

    def count(*states: ChunkState) -> Count:
        return Count("chunks", filter=Q(chunks__state__in=states))

    rows = run.steps.order_by("place").annotate(
        done=count(ChunkState.DONE),
        left=count(ChunkState.PENDING),
        aside=count(ChunkState.ASIDE),
        items=Sum("chunks__items", default=0),
        seconds=Sum("chunks__seconds", default=Decimal(0)),
    )
    return [
        StepLine(
            row, LABELS.get(row.name, row.name), row.done, row.left, row.aside, row.items,
            row.seconds,
        )
        for row in rows
    ]  # fmt: skip


def aside_of(run: CloseRun) -> QuerySet[CloseChunk]:
    """This will give what was set aside in a run, in the order of its steps."""
    aside = CloseChunk.objects.filter(step__run=run, state=ChunkState.ASIDE)
    return aside.select_related("step").order_by("step__place", "first")


def decided(run: CloseRun) -> list[int]:
    """This will give the items that two officers were shown when they let the run go on."""
    return run.approval.payload["aside"] if run.approval else []


def undecided(run: CloseRun) -> QuerySet[CloseChunk]:
    """This will give what was set aside in a run and nobody has decided to go on without."""
    return aside_of(run).exclude(pk__in=decided(run))


def to_run_again(run: CloseRun) -> QuerySet[CloseChunk]:
    """
    This will give what was set aside and may still be done: nobody has decided to go on without it,
    and no later step has begun that counts on it.
    """
    begun = run.steps.filter(name__in=NEED_ALL).exclude(state=StepState.WAITING)
    reached = begun.aggregate(place=Max("place"))["place"] or 0
    return undecided(run).filter(step__place__gte=reached)


def asked_about(run: CloseRun) -> QuerySet[Approval]:
    """This will give what waits for a second officer about a run."""
    return approvals.waiting().filter(subject=subject_of(run))


def health(*, at: datetime) -> Health:
    """This will tell whether the books hold, by the last round of the proofs."""
    run = ProofRun.objects.order_by("-pk").first()
    return Health(run, run is not None and run.at < at - SILENT_AFTER, seals.head())
