"""Working out what loans earned on a business date, and booking the sum of it."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Q, Sum

from ledger.journal import operations as journal
from ledger.journal.lines import Line, credit, debit
from ledger.money import Money
from lending.earnings import statements
from lending.earnings.models import Earned, EarningJournal, FeeRelease, LoanEarning
from lending.lines import queries as lending_lines
from lending.lines.models import Role
from lending.loans import locks
from lending.loans.models import Loan
from lending.loans.states import LoanState
from wekeza.kit.actor import Actor
from wekeza.kit.db import inside_transaction
from wekeza.kit.failpoints import failpoint

KIND = "LOAN_ACCRUAL"


def earning(*, day: date):
    """This will give the loans that may earn something on a business date, or ended lately."""
    lately = (day - timedelta(days=7), day)
    ended = Q(paid_date__range=lately) | Q(write_off__business_date__range=lately)
    may = Q(state=LoanState.ACTIVE) | ended
    return Loan.objects.filter(may, start_date__lte=day)


@transaction.atomic
def earn(*, day: date, first: int, last: int) -> int:
    """
    This will write what each active loan with an id from `first` to `last` earned on the business
    date `day`, interest, interest on what is late, and penalty, in cents, with what of the fees is
    income now, and give the number of rows. A second run writes nothing. The loans are locked
    meanwhile, so that no payment counts twice.
    """
    facts = {"day": day, "first": first, "last": last, "replay": None}
    locks.lock_all(first=first, last=last)
    with connection.cursor() as cursor:
        written = _earn(cursor, facts)
        cursor.execute(statements.FEES, facts)
        written += cursor.rowcount
    failpoint("loans.earned")
    return written


@inside_transaction
def take_back(loan: Loan, *, since: date, replay_id: int) -> None:
    """
    This will take back what a loan earned on the business dates from `since` on, for a replay that
    works each of them out anew; the rows stay, beside their mirrors. The caller holds the loan.
    """
    facts = {"first": loan.pk, "since": since, "replay": replay_id}
    with connection.cursor() as cursor:
        cursor.execute(statements.TAKE_BACK, facts)


@inside_transaction
def earn_again(loan: Loan, *, day: date, replay_id: int) -> None:
    """This will write what a loan earned on a business date gone by, as it stands in a replay."""
    facts = {"day": day, "first": loan.pk, "last": loan.pk, "replay": replay_id}
    with connection.cursor() as cursor:
        _earn(cursor, facts)


def _earn(cursor, facts: dict) -> int:
    cursor.execute(statements.BY_INDEX)
    cursor.execute(statements.RENEW, facts)
    cursor.execute(statements.INTEREST, facts)
    written = cursor.rowcount
    cursor.execute(statements.LATE, facts)
    return written + cursor.rowcount


def changed_by(replay_id: int) -> dict[str, Decimal]:
    """
    This will give by how much a replay changed what its loan earned, in KES, by the names of
    `EarningJournal`; less than nothing if it earned less.
    """
    return _sums(LoanEarning.objects.filter(replay=replay_id))


@transaction.atomic
def book(*, day: date, actor: Actor, at: datetime) -> EarningJournal:
    """
    This will book what all loans earned on a business date, in KES: interest owed against interest
    income, penalties owed against penalty income, or, of loans that perform no more, against what
    is kept in suspense; and what of their fees is income. Once a date: a second run gives the first
    result.
    """
    failpoint("loans.before_booking")
    known = EarningJournal.objects.filter(pk=day).first()
    if known is not None:
        return known
    sums = _sums(LoanEarning.objects.filter(business_date=day, replay=None))
    fees = FeeRelease.objects.filter(business_date=day).aggregate(total=Sum("amount"))
    sums["fee"] = fees["total"] or Decimal(0)
    facts = sums | {"entry_id": _post(sums, day=day, actor=actor, at=at)}
    # Of two at once the books give both the same entry, and the first one's row stands.
    return EarningJournal.objects.get_or_create(business_date=day, defaults=facts)[0]


def _sums(rows) -> dict[str, Decimal]:
    penalty, kept = Q(part=Earned.PENALTY), Q(is_suspended=True)
    interest = ~penalty
    return rows.aggregate(
        interest=Sum("amount", filter=interest, default=Decimal(0)),
        penalty=Sum("amount", filter=penalty, default=Decimal(0)),
        suspended_interest=Sum("amount", filter=interest & kept, default=Decimal(0)),
        suspended_penalty=Sum("amount", filter=penalty & kept, default=Decimal(0)),
    )


def lines_of(sums: dict[str, Decimal]) -> list[Line]:
    """This will give the lines of what was earned, in KES; less than nothing goes back."""
    booked: list[tuple[str, str, Decimal]] = []
    for owed, income, part in (
        (Role.INTEREST_OWED, Role.INTEREST_INCOME, "interest"),  # kenya.md 11.2, LOAN_ACCRUAL,
        (Role.PENALTIES_OWED, Role.PENALTY_INCOME, "penalty"),  # and PENALTY accrue.
    ):
        suspended = sums[f"suspended_{part}"]
        booked += [(owed, income, sums[part] - suspended), (owed, Role.SUSPENSE, suspended)]
    booked.append((Role.FEES_DEFERRED, Role.FEE_INCOME, sums.get("fee", Decimal(0))))
    return [
        line for owed, earned, amount in booked for line in moved(amount, owed=owed, earned=earned)
    ]


def moved(amount: Decimal, *, owed: str, earned: str) -> list[Line]:
    """
    This will debit the line of one role and credit that of another; the other way round below
    nothing.
    """
    if not amount:
        return []
    sides = (owed, earned) if amount > 0 else (earned, owed)
    money, places = Money.rounded(abs(amount), "KES"), lending_lines.in_force()
    return [debit(places[sides[0]], money), credit(places[sides[1]], money)]


def _post(sums: dict[str, Decimal], *, day: date, actor: Actor, at: datetime) -> int | None:
    lines = lines_of(sums)
    if not lines:
        return None
    posted = journal.post(
        owner="bank",
        reference=f"loan-accrual:{day}",
        kind=KIND,
        lines=lines,
        actor=actor,
        at=at,
        memo=f"Earned on loans, {day}",
    )
    return posted.entry_id
