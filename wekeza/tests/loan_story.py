"""
A story of a loan for `spine`: asked for, answered, taken, paid in part, to be paid by itself at
each month's end, spent; then nobody closes a date until the last day of a month after its due date,
and that night pays as instructed, collects, judges, earns and provides.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

DEPOSIT, ASKED, PAID, KEPT = Decimal(50_000), Decimal(5000), Decimal(1000), Decimal(2000)
INSTRUCTED = Decimal(700)


def people() -> tuple[int]:
    """This will open an account for somebody with money in it."""
    from lending.factories import BorrowerFactory

    return (BorrowerFactory(deposit=DEPOSIT).pk,)


def tell(name: str, borrower_id: int) -> None:
    """This will tell the story of a borrower; a second time nothing happens again."""
    from django.conf import settings

    from accounts.customers.models import Customer
    from accounts.factories import actor_of
    from ledger.factories import take_out
    from ledger.money import Money
    from lending.bureau import simulator
    from lending.decisions import operations as decisions
    from lending.factories import account_of, take, wish
    from lending.instructions import operations as instructions
    from lending.repayments import operations as repayments

    now, borrower = datetime.now(UTC), Customer.objects.get(pk=borrower_id)
    actor, account = actor_of(borrower), account_of(borrower)
    settings.METROPOL_PUBLIC_KEY, settings.METROPOL_PRIVATE_KEY = "public", "private"
    with simulator.running(simulator.Bureau("public", "private")) as bureau:
        settings.METROPOL_URL = bureau.url
        asked = decisions.apply(
            borrower, wish=wish(amount=Money(ASKED, "KES")), at=now, actor=actor,
            reference=uuid5(NAMESPACE_URL, name),
        )  # fmt: skip
        decisions.answer(asked, at=now)
    loan = take(asked, at=now)
    repayments.repay(loan, money=Money(PAID, "KES"), reference="part", at=now, actor=actor)
    instructions.set_up(
        loan, account=account, amount=Money(INSTRUCTED, "KES"), every="MONTH", day=31, at=now,
        actor=actor,
    )  # fmt: skip
    take_out(account.ledger_account, DEPOSIT + ASKED - PAID - KEPT, reference=f"{name}/spent")
    _close(_month_end_after(loan.start_date + timedelta(days=35)), now=now)


def end(borrower_id: int) -> tuple[list[str], list[int]]:
    """
    This will give what is left in the account, what of the principal is owed and what interest was
    earned; and how many payments and provisions there are.
    """
    from accounts.customers.models import Customer
    from ledger.chart import queries as chart
    from lending.factories import account_of

    borrower = Customer.objects.get(pk=borrower_id)
    (loan,) = borrower.loans.all()
    interest = loan.earnings.filter(part="INTEREST")
    ahead = sum(row.unearned for row in loan.repayments.all())
    figures = [
        chart.standing(account_of(borrower).ledger_account_id).balance,
        chart.standing(loan.ledger_account_id).balance,
        sum((row.amount for row in interest), ahead),
    ]
    counts = [loan.repayments.count(), loan.provisions.count()]
    return [f"{figure:.2f}" for figure in figures], counts


def _close(day: date, *, now: datetime) -> None:
    """The dates before were missed; their loans' interest is made up."""
    from branch.close_of_business import operations as close
    from ledger.calendar import operations as calendar_operations
    from ledger.calendar import queries as calendar
    from wekeza.kit.actor import SYSTEM

    while (today := calendar.business_date()) < day:
        calendar_operations.roll(from_date=today, actor=SYSTEM)
    close.follow_the_clock(at=calendar.ends_at(day) + timedelta(minutes=3), actor=SYSTEM)


def _month_end_after(day: date) -> date:
    following = day.replace(day=1) + timedelta(days=32)
    return following.replace(day=1) - timedelta(days=1)
