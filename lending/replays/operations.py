"""
Taking one payment on a loan back, and paying money as of the day on which it was received: an
officer asks, a second person decides, and the loan lives the days since then again (kenya.md 4.9).
"""

from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.deposits import queries as deposit_queries
from accounts.notifications import operations as notifications
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.calendar import queries as calendar
from ledger.money import Money, kes
from ledger.refusals import AccountClosed, AccountFrozen, InsufficientFunds
from lending.applications.queries import persons_behind
from lending.arrears import queries as arrears
from lending.earnings import queries as earnings
from lending.loans.models import Loan, ScheduleVersion
from lending.repayments import debts
from lending.repayments import operations as repayments
from lending.repayments.models import Repayment
from lending.replays import queries
from lending.replays.models import Replay, ReplayTerm
from lending.replays.refusals import (
    AccountTakesNone,
    AlreadyTakenBack,
    NightRuns,
    NotEarlier,
    NotInAccount,
    OffBooks,
    PerformsAgain,
    TooFarBack,
)
from lending.replays.replaying import Change, replay
from wekeza.kit.actor import Actor
from wekeza.kit.db import deed, inside_transaction
from wekeza.kit.words import day as day_words

REVERSE, EARLIER = "lending.reverse_repayment", "lending.pay_earlier"
DEEDS = (REVERSE, EARLIER)


@deed
def ask_reversal(payment: Repayment, *, reason: str, actor: Actor, at: datetime) -> Approval:
    """
    This will ask a second person to take a payment back that should not be on its loan.

    :raises AlreadyTakenBack: if it was taken back, or another stands for it.
    :raises OffBooks: NightRuns, TooFarBack or PerformsAgain, by how the loan stands.
    :raises OtherLoan: and the other refusals of `reverse`, as if it were done now.
    :raises MayNotAsk: and the other refusals of `approvals.propose`.
    """
    loan = repayments.locked(payment.loan)
    row = _standing(loan, payment.pk)
    change = Change(row.value_date, reversed=row)
    payload = {"loan": loan.pk, "payment": row.pk}
    first = approvals.Change(
        f"Payment {row.receipt_no}",
        f"{row.money} as of {day_words(row.value_date)}",
        f"Taken back into the account ending {row.account.ending}",
    )
    return _ask(REVERSE, loan, change, payload, first, reason=reason, actor=actor, at=at)


@inside_transaction
def reverse(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> Replay:
    """
    This will take a payment back and replay those after it: the approved deed
    `lending.reverse_repayment`, whose `payload` is {"loan": id, "payment": id}.

    :raises AlreadyTakenBack: OffBooks, NightRuns, TooFarBack or PerformsAgain, as `ask_reversal`.
    :raises OtherLoan: if the loan would be owed again beside another of its product.
    :raises AccountTakesNone: if its account is stopped.
    """
    loan = repayments.locked(Loan(pk=payload["loan"]))
    payment = _standing(loan, payload["payment"])
    change = Change(payment.value_date, reversed=payment)
    return _done(loan, change, approval=approval, actor=actor, at=at)


@deed
def ask_earlier(
    loan: Loan, *, money: Money, day: date, reason: str, actor: Actor, at: datetime
) -> Approval:
    """
    This will ask a second person to pay money, in KES, from the loan's account as of the earlier
    business date on which it was received.

    :raises NotEarlier: if the day is not before the open business date.
    :raises OffBooks: NightRuns, TooFarBack or PerformsAgain, by how the loan stands.
    :raises MoreThanWasOwed: and the other refusals of `pay_earlier`, as if it were done now.
    :raises MayNotAsk: and the other refusals of `approvals.propose`.
    """
    row = repayments.locked(loan)
    payload = {"loan": row.pk, "amount": str(money.amount), "day": day.isoformat()}
    first = approvals.Change(
        f"Account ending {row.account.ending}", "", f"Pays {money} as of {day_words(day)}"
    )
    change = _earlier(payload)
    return _ask(EARLIER, row, change, payload, first, reason=reason, actor=actor, at=at)


@inside_transaction
def pay_earlier(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> Replay:
    """
    This will pay on a loan as of an earlier day and replay the payments after it: the approved deed
    `lending.pay_earlier`, whose `payload` is {"loan": id, "amount": text in KES, "day": ISO date}.

    :raises NotEarlier: OffBooks, NightRuns, TooFarBack or PerformsAgain, as `ask_earlier`.
    :raises MoreThanWasOwed: if it is more than was owed on that day.
    :raises NotInAccount: if the account does not hold it; AccountTakesNone, if it is stopped.
    """
    loan = repayments.locked(Loan(pk=payload["loan"]))
    return _done(loan, _earlier(payload), approval=approval, actor=actor, at=at)


def _earlier(payload: dict) -> Change:
    return Change(date.fromisoformat(payload["day"]), money=kes(payload["amount"]))


def first_day(loan: Loan) -> tuple[date, str]:
    """
    This will give the earliest day as of which a payment on a loan is put right today, and why.

    :raises NoSuchTerm: if the terms have a gap on that day.
    """
    today = calendar.business_date()
    most = ReplayTerm.numbers_on(today)[ReplayTerm.Kind.MOST_DAYS]
    days = [
        (loan.start_date, "the loan was paid out then"),
        (today - timedelta(days=most), f"payments are put right for {most} days back"),
    ]
    anew = loan.versions.filter(why=ScheduleVersion.Why.RESTRUCTURED).order_by("-version").first()
    if anew is not None:
        on = anew.business_date
        days.append((on + timedelta(days=1), f"the loan was agreed anew on {day_words(on)}"))
    return max(days)


def _ask(name: str, loan: Loan, change: Change, payload, first, *, reason, actor, at) -> Approval:
    row, later, costs = _looked_at(loan, change, actor=actor, at=at)
    before, after = row.owed
    return approvals.propose(
        deed=name,
        subject=loan,
        payload=payload,
        changes=[
            first,
            approvals.Change("The customer owes", f"{before}", f"{after}"),
            approvals.Change("Payments after it", f"{later}", f"{later} booked anew"),
        ],
        impact=(
            f"It costs the customer {costs} more. Booked today. Figures of this moment; the books "
            "take those of the moment at which it is decided"
        ),
        reason=reason,
        actor=actor,
        at=at,
        amount=(change.money or change.reversed.money).amount,
        branch=loan.customer.branch_id,
        about=persons_behind(loan.application),
    )


def _looked_at(loan: Loan, change: Change, *, actor, at) -> tuple[Replay, int, Money]:
    """What it would come to, how many payments come after it, its cost: done, read, and undone."""
    with transaction.atomic():
        row = _replayed(loan, change, approval=None, actor=actor, at=at)
        later, costs = queries.later_of(row), queries.costs_of(row)
        transaction.set_rollback(True)
    return row, later, costs


def _done(loan: Loan, change: Change, *, approval: Approval, actor, at) -> Replay:
    row = _replayed(loan, change, approval=approval, actor=actor, at=at)
    money, back = change.money or change.reversed.money, queries.back_of(row)
    back += change.money or debts.NOTHING  # It went out first.
    context = {
        "is_taken_back": change.reversed is not None,
        "amount": str(money),
        "number": loan.number,
        "day": change.since,
        "back": str(back) if back.amount > 0 else "",
        "left": str(row.owed[1]),
    }
    notifications.queue(
        user=loan.customer.user, channel="SMS", kind="loan_replayed", context=context
    )
    return row


def _replayed(loan: Loan, change: Change, *, approval, actor: Actor, at: datetime) -> Replay:
    _check(loan, change)
    try:
        with transaction.atomic():  # After a refusal the account is looked at once more.
            return replay(loan, change, approval=approval, actor=actor, at=at)
    except InsufficientFunds as refusal:
        available = deposit_queries.standing_of(loan.account).available
        raise NotInAccount(
            available=available, ending=loan.account.ending, money=change.money
        ) from refusal
    except (AccountFrozen, AccountClosed) as refusal:
        raise AccountTakesNone(ending=loan.account.ending) from refusal


def _check(loan: Loan, change: Change) -> None:
    today, since = calendar.business_date(), change.since
    if loan.is_off_books:
        raise OffBooks(number=loan.number, day=day_words(loan.write_off.business_date))
    if change.money and since >= today:
        raise NotEarlier(today=day_words(today))
    if earnings.is_night_of(loan, day=today):
        raise NightRuns(day=day_words(today))
    first, why = first_day(loan)
    if since < first:
        raise TooFarBack(first=day_words(first), why=why)
    again = arrears.performs_again(loan, since=since)
    if again is not None:
        raise PerformsAgain(number=loan.number, day=day_words(again))


def _standing(loan: Loan, payment_id: int) -> Repayment:
    """The payment, if it is one of the loan's that stand."""
    rows = loan.repayments.filter(reverses=None).select_related(
        "reversal", "replacement", "account"
    )
    row = rows.get(pk=payment_id)
    if not row.stands:
        day = day_words(row.reversal.business_date)
        now = row.replacement.receipt_no if hasattr(row, "replacement") else "nothing"
        raise AlreadyTakenBack(receipt=row.receipt_no, day=day, now=now)
    return row
