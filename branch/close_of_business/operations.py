"""
Running the close of business: chunk by chunk, by as many workers as there are, until the next date
can open. Each chunk is done and marked in one transaction, so a worker that dies leaves nothing
half done, and whoever comes next goes on.
"""

import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from branch.close_of_business import chunks, queries, steps
from branch.close_of_business.models import CloseChunk, CloseRun, CloseStep
from branch.close_of_business.states import ChunkState, RunState, StepState
from branch.close_of_business.steps import STEPS, Step
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.approvals.operations import Change
from ledger.balances import operations as balances
from ledger.calendar import operations as calendar
from ledger.calendar import queries as calendar_queries
from ledger.calendar.operations import BusinessDateMoved
from ledger.controls import audit
from ledger.proofs import seals
from wekeza.kit.actor import Actor
from wekeza.kit.db import inside_transaction
from wekeza.kit.errors import Refusal
from wekeza.kit.failpoints import failpoint

# A payment that was asked for before midnight is in the books by now.
GRACE = timedelta(minutes=2)
ONE_DAY = timedelta(days=1)
PAUSE_SECONDS = 0.05

IsOver = Callable[[], bool]

log = logging.getLogger(__name__)


class NothingAside(Refusal):
    code = "nothing_aside"
    status = 409
    text = _("Nothing of this run is set aside that is not decided. There is nothing to decide.")


class TooLateToRunAgain(Refusal):
    code = "too_late_to_run_again"
    status = 409
    text = _("The close goes on without these items. Make up for them by hand, with a voucher.")


class RunIsDone(Refusal):
    code = "run_is_done"
    status = 409
    text = _("This business date is closed already.")


class ForceChanged(Refusal):
    code = "force_changed"
    status = 409
    text = _("Other items are set aside now than those that were shown. Ask again.")


def follow_the_clock(*, at: datetime, actor: Actor, is_over: IsOver | None = None) -> bool:
    """
    This will close one business date after another until the bank's day is Nairobi's at the moment
    `at`, and tell whether it is. It stops where something was set aside; whoever has only so much
    time passes `is_over`, asked between chunks, and does not wait for other workers. Called again
    it goes on from there.
    """
    while calendar_queries.business_date() < calendar_queries.nairobi_date(at - GRACE):
        try:
            if not close_open_date(at=at, actor=actor, is_over=is_over):
                return False
        except BusinessDateMoved:
            continue  # Another worker has opened the next date; that one may have ended as well.
    return True


def close_open_date(*, at: datetime, actor: Actor, is_over: IsOver | None = None) -> bool:
    """This will close the open date as far as can be, and tell whether the next one is open."""
    run = begin(at=at, actor=actor)
    for step in STEPS:
        row = run.steps.get(name=step.name)
        if row.state != StepState.DONE and not _do(step, row, run, at=at, is_over=is_over):
            return False
    return _finish(run, at=at, actor=actor)


@transaction.atomic
def begin(*, at: datetime, actor: Actor) -> CloseRun:
    """
    This will give the run of the open business date; a new one takes the cut-off: what was asked
    for after the date's midnight in Nairobi is not part of it.
    """
    day = calendar_queries.business_date()
    known = CloseRun.objects.filter(business_date=day).first()
    if known is not None:
        return known
    before = CloseRun.objects.order_by("-business_date").first()
    first, ends_at = before.late_entry if before else 1, calendar_queries.ends_at(day)
    # The cut-off waits for whoever begins at the same time; then that run is there.
    late = calendar.cut_off(day=day, moment=ends_at, after=first - 1)
    run, is_new = CloseRun.objects.get_or_create(
        business_date=day,
        defaults={
            "ends_at": ends_at, "first_entry": first, "late_entry": late, "started_at": at,
        },
    )  # fmt: skip
    failpoint("close.cut_off")
    if is_new:
        CloseStep.objects.bulk_create(
            CloseStep(run=run, name=step.name, place=place) for place, step in enumerate(STEPS, 1)
        )
        audit.record(actor=actor, deed="close.begun", subject=run, business_date=day)
    return run


@transaction.atomic
def run_again(run: CloseRun, *, actor: Actor) -> int:
    """
    This will put what was set aside back to be done, by the next worker, and give its number.

    :raises RunIsDone: if the date is closed.
    :raises NothingAside: if nothing is set aside.
    :raises TooLateToRunAgain: if all of it was decided about, or a later step counted on it.
    """
    row = _open_run(run)
    aside = list(queries.to_run_again(row))
    if not aside:
        raise TooLateToRunAgain if queries.aside_of(row).exists() else NothingAside
    put_back = CloseChunk.objects.filter(pk__in=[chunk.pk for chunk in aside]).update(
        state=ChunkState.PENDING, tries=0
    )
    CloseStep.objects.filter(pk__in={chunk.step_id for chunk in aside}).update(
        state=StepState.RUNNING, finished_at=None
    )
    row.state = RunState.RUNNING
    row.save(update_fields=["state", "updated_at"])
    audit.record(actor=actor, deed="close.run_again", subject=row, items=put_back)
    return put_back


def ask_to_force(run: CloseRun, *, reason: str, actor: Actor, at: datetime) -> Approval:
    """
    This will ask a second officer to open the next business date while items of the run are set
    aside. What they lack is then made up by hand, with a voucher. What is set aside later is not
    covered: it takes a decision of its own.

    :raises RunIsDone: if the date is closed.
    :raises NothingAside: if nothing is set aside that is not decided.
    :raises MayNotAsk: if the actor does not hold the permission.
    """
    run = CloseRun.objects.get(pk=run.pk)
    if run.is_done:
        raise RunIsDone
    if not queries.undecided(run).exists():
        raise NothingAside
    aside = list(queries.aside_of(run))
    changes = [Change("Business date", f"{run.business_date}", f"{run.business_date + ONE_DAY}")]
    changes += [
        Change("Proofs", "must hold", chunk.reason) for chunk in aside if chunk.step.name == "prove"
    ]
    return approvals.propose(
        deed="close_of_business.force",
        subject=run,
        payload=_shown(run, aside),
        changes=changes,
        impact="Stays undone: "
        + ", ".join(f"{chunk.step.name} {chunk.first}" for chunk in aside[:5])
        + (f" and {len(aside) - 5} more" if len(aside) > 5 else ""),
        reason=reason,
        actor=actor,
        at=at,
    )


@inside_transaction
def force(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> None:
    """
    This will let a run go on past what was set aside; the approved deed `close_of_business.force`.

    :raises RunIsDone: if the date is closed.
    :raises ForceChanged: if other items are set aside than those that were shown.
    """
    run = _open_run(CloseRun.objects.get(pk=payload["run"]))
    if _shown(run, queries.aside_of(run)) != payload:
        raise ForceChanged
    run.approval, run.state = approval, RunState.RUNNING
    run.save(update_fields=["approval", "state", "updated_at"])
    audit.record(actor=actor, deed="close.forced", subject=run, items=len(payload["aside"]))


def _shown(run: CloseRun, aside: Iterable[CloseChunk]) -> dict:
    """What two officers decide about: what is set aside, and why."""
    return {
        "run": run.pk,
        "aside": [chunk.pk for chunk in aside],
        "reasons": [chunk.reason for chunk in aside],
    }


def _do(step: Step, row: CloseStep, run: CloseRun, *, at, is_over) -> bool:
    """Do what is left of a step; true when nothing is."""
    if not _plan(step, row, run, at=at):
        return False
    while True:
        if is_over is not None and is_over():
            return False
        if chunks.do_one(step, row, run, at=at):
            continue
        failpoint("close.step_done")
        if _end(row, at=at):
            return True
        if is_over is not None:
            return False  # Others are at the last chunks; they go on.
        time.sleep(PAUSE_SECONDS)


@transaction.atomic
def _end(row: CloseStep, *, at: datetime) -> bool:
    """Keep that a step is done; not while a chunk is left, or was just put back to be done."""
    locked = CloseStep.objects.select_for_update(no_key=True).get(pk=row.pk)
    if locked.chunks.filter(state=ChunkState.PENDING).exists():
        return False
    if locked.state != StepState.DONE:
        locked.state, locked.finished_at = StepState.DONE, at
        locked.save(update_fields=["state", "finished_at", "updated_at"])
    return True


@inside_transaction
def _may_go_on(run: CloseRun, *, before: int) -> bool:
    """
    Nothing of the steps before the place `before` is left to be done, and two officers have seen
    and decided to go on without whatever of them is set aside. The run stays locked: nothing is
    put back to be done until the caller's step has begun.
    """
    row = CloseRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    left = CloseChunk.objects.filter(step__run=row, step__place__lt=before)
    if left.filter(state=ChunkState.PENDING).exists():
        return False  # Put back since this worker was there; the next call does it.
    if not queries.undecided(row).filter(step__place__lt=before).exists():
        return True
    if row.state != RunState.STOPPED:
        row.state = RunState.STOPPED
        row.save(update_fields=["state", "updated_at"])
        log.error("the close of %s stopped: items were set aside", row.business_date)
    return False


@transaction.atomic
def _plan(step: Step, row: CloseStep, run: CloseRun, *, at: datetime) -> bool:
    """Begin a step, unless that is done; false when it must wait for those before it."""
    if step.needs_all and not _may_go_on(run, before=row.place):
        return False
    locked = CloseStep.objects.select_for_update(no_key=True).get(pk=row.pk)
    if locked.state != StepState.WAITING:
        return True
    CloseChunk.objects.bulk_create(
        CloseChunk(step=locked, first=first, last=last) for first, last in step.plan(run)
    )
    failpoint("close.planned")
    locked.state, locked.started_at = StepState.RUNNING, at
    locked.save(update_fields=["state", "started_at", "updated_at"])
    return True


def _finish(run: CloseRun, *, at: datetime, actor: Actor) -> bool:
    """Open the next date, and keep that the run is done; of two workers the other finds it so."""
    with transaction.atomic():
        if not _may_go_on(run, before=len(STEPS) + 1):
            return False
    written = _catch_up(run)
    with transaction.atomic():
        locked = CloseRun.objects.select_for_update().get(pk=run.pk)
        if locked.is_done:
            return True
        if not _may_go_on(locked, before=len(STEPS) + 1):
            return False
        failpoint("close.before_roll")
        calendar.roll(from_date=run.business_date, actor=actor, written=written)
        failpoint("close.rolled")
        locked.state, locked.finished_at = RunState.DONE, at
        locked.save(update_fields=["state", "finished_at", "updated_at"])
        audit.record(
            actor=actor, deed="close.done", subject=locked, business_date=run.business_date
        )
    return True


def _catch_up(run: CloseRun) -> int:
    """
    Write the balances of what came since they were planned, seal it, and give the last entry that
    is written: little is then left for the moment in which the date moves and nobody posts.
    """
    planned = CloseChunk.objects.filter(step__run=run, step__name="balances")
    written = planned.aggregate(last=Max("last"))["last"] or calendar_queries.opened_after()
    while True:
        came = list(steps.entries(run, after=written))
        for first, last in came:
            balances.write(day=run.business_date, first=first, last=last)
            written = last
        seals.seal()
        if len(came) <= 1:
            return written


def _open_run(run: CloseRun) -> CloseRun:
    row = CloseRun.objects.select_for_update().get(pk=run.pk)
    if row.is_done:
        raise RunIsDone
    return row
