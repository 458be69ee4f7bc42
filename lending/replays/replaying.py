"""
Living the days of a loan again: everything from a day on is taken back, newest first; then each
payment pays anew as of its day, and each night that was closed works out anew what the loan earned.
What was stays written, beside its mirror. Nothing is booked into a day gone by: the books take all
of it today.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.db import IntegrityError, connection, transaction

from ledger.approvals.models import Approval
from ledger.calendar import queries as calendar
from ledger.chart import queries as chart
from ledger.controls import audit
from ledger.journal import operations as journal
from ledger.journal.lines import Audit
from ledger.money import Money
from lending.applications.queries import whose
from lending.arrears import suspense
from lending.arrears.models import SuspenseMove
from lending.earnings import operations as earnings
from lending.earnings.models import EarningJournal
from lending.lines.models import Role
from lending.loans import versions
from lending.loans.models import Loan
from lending.loans.states import LIFECYCLE, OWED, LoanState
from lending.repayments import debts, queries, reversals
from lending.repayments import operations as repayments
from lending.repayments.models import Repayment
from lending.replays.models import Replay
from lending.replays.refusals import MoreThanWasOwed, OtherLoan
from wekeza.kit.actor import Actor
from wekeza.kit.db import inside_transaction
from wekeza.kit.words import day as day_words

KIND = "LOAN_REPLAY"
Channel = Repayment.Channel


@dataclass(frozen=True, slots=True)
class Change:
    """What is put right: a payment that is not to be, or money that was received on a day."""

    since: date
    reversed: Repayment | None = None
    money: Money | None = None


@dataclass(frozen=True, slots=True)
class _Run:
    """One replay: its number, and who does it when, for everything that it writes."""

    id: int
    at: datetime
    actor: Actor

    @property
    def facts(self) -> dict:
        return {"replay_id": self.id, "at": self.at, "actor": self.actor}


@inside_transaction
def replay(
    loan: Loan, change: Change, *, approval: Approval | None, at: datetime, actor: Actor
) -> Replay:
    """
    This will put a loan right as of an earlier day: later payments are taken back and paid anew in
    their order, those of nights never more than was asked for, none more than was owed; what is
    left of them is back in the account. The caller holds the loan and has checked the change.
    Without an approval it can only be looked at: the database lets no such row stand.

    :raises MoreThanWasOwed: if the money is more than was owed on its day.
    :raises OtherLoan: if the loan would be owed again, beside another that its terms allow once.
    :raises InsufficientFunds: if the account does not hold the money; AccountFrozen or
        AccountClosed, as `journal.post`.
    """
    today, run = calendar.business_date(), _Run(_next_id(), at, actor)
    before = debts.of(loan, on=today).owed
    later = _later(loan, change)
    turned = _take_back(loan, later, since=change.since, today=today, run=run)

    again = [one for one in later if one != change.reversed]
    for step in _steps(loan, change, again, turned=turned, today=today, run=run):
        step()

    changed = earnings.changed_by(run.id)
    interest, penalty = suspense.gap_of(loan)
    entry_id = _post(loan, changed, interest, penalty, run=run)
    is_bad = debts.of(loan, on=today).ceiling is not None
    row = Replay.objects.create(
        pk=run.id, loan=loan, reversed=change.reversed, since=change.since,
        interest=changed["interest"], penalty=changed["penalty"],
        suspended_interest=changed["suspended_interest"],
        suspended_penalty=changed["suspended_penalty"],
        owed_before=before.amount, owed_after=debts.of(loan, on=today).owed.amount,
        approval_id=approval.pk if approval else 0, entry_id=entry_id, business_date=today,
    )  # fmt: skip
    if interest or penalty:
        sign = 1 if is_bad else -1
        SuspenseMove.objects.create(
            loan=loan, business_date=today, is_into=is_bad, interest=sign * interest,
            penalty=sign * penalty, entry_id=entry_id, replay=row,
        )  # fmt: skip
    return row


def _later(loan: Loan, change: Change) -> list[Repayment]:
    """What stands from the change on, in order; what was received earlier is last of its day."""
    if change.reversed is not None:
        return queries.standing_from(change.reversed)
    return queries.standing_after(loan, day=change.since + timedelta(days=1))


def _take_back(loan, later: list[Repayment], *, since, today, run: _Run) -> date | None:
    """The loan as it stood before; it gives the day on which it turned bad since, if it did."""
    for payment in reversed(later):
        reversals.take_back(payment, **run.facts)
    made = queries.made_by(later)
    if made is not None:
        versions.restore(loan, version=made - 1, on=today)
    versions.ask_again(loan)
    if loan.is_paid and later:
        _open_again(loan, at=run.at)
    earnings.take_back(loan, since=since, replay_id=run.id)
    return suspense.step_back(loan, since=since, at=run.at)


def _open_again(loan: Loan, *, at: datetime) -> None:
    try:
        with transaction.atomic():
            LIFECYCLE.move(loan, to=LoanState.ACTIVE, paid_date=None, updated_at=at)
    except IntegrityError as broken:  # One active loan of a product is a unique index.
        others = Loan.objects.filter(**whose(loan.party), product=loan.product, state__in=OWED)
        other = others.exclude(pk=loan.pk).first()
        if other is None:
            raise
        raise OtherLoan(number=loan.number, other=other.number) from broken


def _steps(loan, change: Change, again, *, turned, today, run: _Run) -> Iterator:
    """What happens on the days from the change on, in the order of each: paid, turned, earned."""
    steps = [
        (one.value_date, 0, number, partial(_pay_again, loan, one, run=run))
        for number, one in enumerate(again, 1)
    ]
    if change.money:
        steps.append((change.since, 0, 0, partial(_pay_earlier, loan, change, run=run)))
    if turned:
        steps.append((turned, 1, 0, partial(_turn, loan, turned, run=run)))
    nights = EarningJournal.objects.filter(business_date__range=(change.since, today))
    for night in nights.values_list("business_date", flat=True):
        earn = partial(earnings.earn_again, loan, day=night, replay_id=run.id)
        steps.append((night, 2, 0, earn))
    return (step for *_order, step in sorted(steps, key=lambda row: row[:3]))


def _pay_again(loan: Loan, old: Repayment, *, run: _Run) -> None:
    debt = debts.of(loan, on=old.value_date)
    most = debt.asked_by_now if old.channel == Channel.SWEEP else debt.total
    if money := min(old.money, most):
        repayments.take(
            debt, money=money, account=old.account, channel=old.channel,
            reference=f"replay:{run.id}:{old.receipt_no}", replaces=old,
            paid_at=old.paid_at, **run.facts,
        )  # fmt: skip


def _pay_earlier(loan: Loan, change: Change, *, run: _Run) -> None:
    debt = debts.of(loan, on=change.since)
    if change.money > debt.total:
        raise MoreThanWasOwed(owed=debt.total, day=day_words(debt.on))
    repayments.take(
        debt, money=change.money, account=loan.account, channel=Channel.EARLIER,
        reference=f"replay:{run.id}", **run.facts,
    )  # fmt: skip


def _turn(loan: Loan, day: date, *, run: _Run) -> None:
    """It turns as it did, with what is owed of its principal by now; paid by then, it does not."""
    if loan.is_active:
        principal = chart.standing(loan.ledger_account_id).balance
        suspense.turn(loan, on=day, principal=principal, at=run.at)


def _post(loan: Loan, changed, interest, penalty, *, run: _Run) -> int | None:
    lines = earnings.lines_of(changed)
    # kenya.md 11.2, move to NPL.
    lines += earnings.moved(interest, owed=Role.INTEREST_INCOME, earned=Role.SUSPENSE)
    lines += earnings.moved(penalty, owed=Role.PENALTY_INCOME, earned=Role.SUSPENSE)
    if not lines:
        return None
    told = {"number": loan.number, "interest": str(changed["interest"]),
            "penalty": str(changed["penalty"])}  # fmt: skip
    posted = journal.post(
        owner="bank",
        reference=f"replay:{loan.number}:{run.id}",
        kind=KIND,
        lines=lines,
        actor=run.actor,
        at=run.at,
        memo=f"Loan {loan.number} put right",
        source=audit.subject_of(loan),
        branch=loan.account.branch,
        audit=[Audit("loan.replayed", audit.subject_of(loan), told)],
    )
    return posted.entry_id


def _next_id() -> int:
    """What is written names the replay, whose own row comes last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('lending_replay', 'id'))")
        return cursor.fetchone()[0]
