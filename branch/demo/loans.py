"""Loans of the demo bank's people, asked for, answered and taken by the operations of the pages."""

from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from accounts.customers.models import Customer
from ledger.calendar import queries as calendar
from ledger.money import Money, parse
from lending.applications.models import LoanApplication
from lending.applications.operations import Wish
from lending.credit import queries as credit
from lending.decisions import consents, operations, taking
from lending.loans import queries as loans
from lending.products import queries as products
from lending.products.models import ONLINE
from lending.repayments import debts
from lending.repayments import operations as repayments
from wekeza.kit.errors import Refusal

HUNDRED = Decimal(100)


def ask(
    customer: Customer, *, amount: str, employment: str, key: UUID, at: datetime
) -> LoanApplication:
    """This will ask for a 30-day loan, at most the limit, and have it answered, once for a key."""
    today = calendar.business_date()
    known = LoanApplication.objects.filter(customer=customer, reference=key).first()
    if known is not None:
        return known
    wish = Wish(
        term=products.offer(ONLINE, on=today).term,
        amount=min(parse(amount), _round(credit.limit_of(customer, on=today).amount)),
        tenor=30,
        employment=employment,
        consent=consents.given(language="en"),
    )
    asked = operations.apply(customer, wish=wish, reference=key, at=at, actor=customer.actor)
    return operations.answer(asked, at=at)


def _round(limit: Money) -> Money:
    """People ask for round sums."""
    return Money(limit.amount // HUNDRED * HUNDRED, limit.currency)


def borrow(
    customer: Customer, *, amount: str, employment: str, key: UUID, pin: str, at: datetime
) -> None:
    """This will ask for a loan and take it, if the answer is yes."""
    asked = ask(customer, amount=amount, employment=employment, key=key, at=at)
    if asked.is_approved:
        figures = taking.offer_of(asked).figures
        taking.take(asked, figures=figures, secret=pin, at=at, actor=customer.actor)


def pay_back(customer: Customer, *, key: UUID, at: datetime) -> None:
    """This will pay off the loan that there is, if there is one."""
    for loan in loans.active_of(customer):
        owed = debts.of(loan, on=calendar.business_date()).total
        repayments.repay(loan, money=owed, reference=str(key), at=at, actor=customer.actor)


def ask_person(customer: Customer, *, amount: str, key: UUID, at: datetime) -> None:
    """This will ask for a loan, be refused, and ask a person to look again."""
    with suppress(Refusal):
        asked = ask(customer, amount=amount, employment="SELF_EMPLOYED", key=key, at=at)
        if asked.is_refused:
            operations.ask_person(asked, at=at, actor=customer.actor)
