"""
Running the close of business: chunk by chunk, by as many workers as there are, until the next date
can open. Each chunk is done and marked in one transaction, so a worker that dies leaves nothing
half done, and whoever comes next goes on.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from branch.close_of_business import queries
from branch.close_of_business.models import CloseChunk, CloseRun, CloseStep
from branch.close_of_business.states import ChunkState, RunState, StepState
from branch.close_of_business.steps import STEPS, Step
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.approvals.operations import Change
from ledger.calendar import operations as calendar
from ledger.calendar import queries as calendar_queries
from ledger.calendar.operations import BusinessDateMoved
from ledger.controls import audit
from wekeza.kit.actor import Actor
from wekeza.kit.db import LOST_RACES, inside_transaction
from wekeza.kit.errors import Refusal
from wekeza.kit.failpoints import failpoint

# A payment that was asked for before midnight is in the books by now.
GRACE = timedelta(minutes=2)
ONE_DAY = timedelta(days=1)
TRIES = 3  # Of a chunk that lost a race, before it counts as failed.
PAUSE_SECONDS = 0.05

IsOver = Callable[[], bool]

log = logging.getLogger(__name__)


class NothingAside(Refusal):
    code = "nothing_aside"
    status = 409
    text = _("Nothing of this run is set aside. There is nothing to decide.")


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
    """
    row = _open_run(run)
    aside = CloseChunk.objects.filter(step__run=row, state=ChunkState.ASIDE)
    stepped = list(aside.values_list("step_id", flat=True).distinct())
    put_back = aside.update(state=ChunkState.PENDING, tries=0)
    if not put_back:
        raise NothingAside
    CloseStep.objects.filter(pk__in=stepped).update(state=StepState.RUNNING, finished_at=None)
    row.state = RunState.RUNNING
    row.save(update_fields=["state", "updated_at"])
    audit.record(actor=actor, deed="close.run_again", subject=row, items=put_back)
    return put_back


def ask_to_force(run: CloseRun, *, reason: str, actor: Actor, at: datetime) -> Approval:
    """
    This will ask a second officer to open the next business date while items of the run are set
    aside. What they lack is then made up by hand, with a voucher.

    :raises RunIsDone: if the date is closed.
    :raises NothingAside: if nothing is set aside.
    :raises MayNotAsk: if the actor does not hold the permission.
    """
    if run.is_done:
        raise RunIsDone
    aside = list(queries.aside_of(run))
    if not aside:
        raise NothingAside
    return approvals.propose(
        deed="close_of_business.force",
        subject=run,
        payload={"run": run.pk, "aside": [chunk.pk for chunk in aside]},
        changes=[Change("Business date", f"{run.business_date}", f"{run.business_date + ONE_DAY}")],
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
    if [chunk.pk for chunk in queries.aside_of(run)] != payload["aside"]:
        raise ForceChanged
    run.approval, run.state = approval, RunState.RUNNING
    run.save(update_fields=["approval", "state", "updated_at"])
    audit.record(actor=actor, deed="close.forced", subject=run, items=len(payload["aside"]))


def _do(step: Step, row: CloseStep, run: CloseRun, *, at, is_over) -> bool:
    """Do what is left of a step; true when nothing is."""
    if step.needs_all and not _may_go_on(run):
        return False
    _plan(step, row, run, at=at)
    while True:
        if is_over is not None and is_over():
            return False
        if _do_one(step, row, run, at=at):
            continue
        if not row.chunks.filter(state=ChunkState.PENDING).exists():
            break
        if is_over is not None:
            return False  # Others are at the last chunks; they go on.
        time.sleep(PAUSE_SECONDS)
    failpoint("close.step_done")
    row.state, row.finished_at = StepState.DONE, row.finished_at or at
    row.save(update_fields=["state", "finished_at", "updated_at"])
    return True


def _may_go_on(run: CloseRun) -> bool:
    """Nothing is set aside, or two officers have decided to go on without it."""
    run.refresh_from_db()
    if run.approval_id or not queries.aside_of(run).exists():
        return True
    if run.state != RunState.STOPPED:
        run.state = RunState.STOPPED
        run.save(update_fields=["state", "updated_at"])
        log.error("the close of %s stopped: items were set aside", run.business_date)
    return False


@transaction.atomic
def _plan(step: Step, row: CloseStep, run: CloseRun, *, at: datetime) -> None:
    locked = CloseStep.objects.select_for_update().get(pk=row.pk)
    if locked.state != StepState.WAITING:
        return
    CloseChunk.objects.bulk_create(
        CloseChunk(step=locked, first=first, last=last) for first, last in step.plan(run)
    )
    failpoint("close.planned")
    locked.state, locked.started_at = StepState.RUNNING, at
    locked.save(update_fields=["state", "started_at", "updated_at"])


def _do_one(step: Step, row: CloseStep, run: CloseRun, *, at: datetime) -> bool:
    """Take a chunk that nobody is at and do it; false when there is none."""
    started = time.perf_counter()
    with transaction.atomic():
        chunk = (
            CloseChunk.objects.select_for_update(skip_locked=True)
            .filter(step=row, state=ChunkState.PENDING)
            .order_by("pk")
            .first()
        )
        if chunk is None:
            return False
        try:
            with transaction.atomic():
                chunk.items = step.work(run, chunk.first, chunk.last, at)
        # Whatever breaks in a chunk must not stop the night: it is halved until it is one item.
        except Exception as error:  # noqa: BLE001
            _failed(chunk, error)
        else:
            failpoint(f"close.{step.name}")
            chunk.state, chunk.reason = ChunkState.DONE, ""
        chunk.seconds = f"{time.perf_counter() - started:.3f}"
        chunk.save()
    return True


def _failed(chunk: CloseChunk, error: Exception) -> None:
    if isinstance(error, BusinessDateMoved | InterfaceError) or _is_gone(error):
        raise error
    chunk.tries += 1
    if _lost_a_race(error) and chunk.tries < TRIES:
        return
    if chunk.first == chunk.last:
        chunk.state = ChunkState.ASIDE
        chunk.reason = f"{type(error).__name__}: {error}"[:300]
        log.error("close of business: item %s set aside: %s", chunk, type(error).__name__)
        return
    middle = (chunk.first + chunk.last) // 2
    chunk.state = ChunkState.SPLIT
    CloseChunk.objects.bulk_create(
        CloseChunk(step=chunk.step, first=first, last=last)
        for first, last in ((chunk.first, middle), (middle + 1, chunk.last))
    )


def _is_gone(error: Exception) -> bool:
    """The connection is gone: nothing can be written about it; whoever comes next tries again."""
    return isinstance(error, OperationalError) and _sqlstate(error) is None


def _lost_a_race(error: Exception) -> bool:
    return isinstance(error, DatabaseError) and _sqlstate(error) in LOST_RACES


def _sqlstate(error: Exception) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


def _finish(run: CloseRun, *, at: datetime, actor: Actor) -> bool:
    """Open the next date, and keep that the run is done; of two workers the other finds it so."""
    if not _may_go_on(run):
        return False
    with transaction.atomic():
        locked = CloseRun.objects.select_for_update().get(pk=run.pk)
        if locked.is_done:
            return True
        failpoint("close.before_roll")
        written = CloseChunk.objects.filter(step__run=run, step__name="balances").order_by("-last")
        calendar.roll(
            from_date=run.business_date,
            actor=actor,
            written=written.values_list("last", flat=True).first(),
        )
        failpoint("close.rolled")
        locked.state, locked.finished_at = RunState.DONE, at
        locked.save(update_fields=["state", "finished_at", "updated_at"])
        audit.record(
            actor=actor, deed="close.done", subject=locked, business_date=run.business_date
        )
    return True


def _open_run(run: CloseRun) -> CloseRun:
    row = CloseRun.objects.select_for_update().get(pk=run.pk)
    if row.is_done:
        raise RunIsDone
    return row
