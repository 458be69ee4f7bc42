"""Steps of the tests of late loans: loans of any product, nights, payments."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from accounts.factories import actor_of
from ledger.calendar import queries as calendar
from ledger.factories import put_in, take_out
from ledger.money import kes
from lending.applications.models import LoanApplication
from lending.arrears import operations as arrears
from lending.decisions import consents
from lending.earnings import operations as earnings
from lending.factories import BorrowerFactory, account_of
from lending.loans import operations as loans
from lending.loans.models import Loan
from lending.products import queries as products
from lending.products.quotes import quote
from lending.repayments import debts
from lending.repayments import operations as repayments
from wekeza.kit.actor import SYSTEM

ALL = {"first": 0, "last": 2**40}


def lend(
    customer=None, *, product="DIGI30", amount="5000", tenor=30, percent="5", start=None
) -> Loan:
    """
    A loan of any product as `loans.pay_out` makes it, today or from `start` on; its customer spends
    it at once, so that no night collects anything.
    """
    customer, at = customer or BorrowerFactory(deposit=""), timezone.now()
    term = products.offer(product, on=calendar.business_date()).term
    consent = consents.given(language="en")
    application = LoanApplication.objects.create(
        customer=customer, reference=uuid4(), product_id=product, term=term, amount=amount,
        tenor=tenor, employment="CASUAL", consent_version=consent[0],
        consent_hash=consent[1], state="APPROVED", asked_at=at,
        offer_until=at + timedelta(days=1),
    )  # fmt: skip
    offered = quote(
        term, principal=kes(amount), tenor=tenor, percent=Decimal(percent),
        start=start or calendar.business_date(),
    )  # fmt: skip
    with transaction.atomic():
        loan = loans.pay_out(
            application, quote=offered, account=account_of(customer), at=at,
            agreement=loans.Agreement("0" * 64, "PIN", at), actor=actor_of(customer),
        )  # fmt: skip
    take_out(account_of(customer).ledger_account, offered.received.amount)
    return loan


def pay(loan, amount):
    """Money comes in and pays on the loan."""
    put_in(account_of(loan.customer).ledger_account, amount)
    return pay_from_account(loan, kes(amount))


def pay_from_account(loan, money):
    """Money that is there already pays on the loan."""
    return repayments.repay(
        loan, money=money, reference=str(uuid4()), at=timezone.now(),
        actor=actor_of(loan.customer),
    )  # fmt: skip


def pay_through(loan, number: int, *, but="0") -> None:
    """
    The nights of the first due dates collect what each of them asks for, `but` so much of the last.
    """
    held = account_of(loan.customer).ledger_account
    for nth in range(1, number + 1):
        day = due_of(loan, nth)
        asked = debts.of(loan, on=day).asked_by_now
        if asked:  # A later night has collected what an earlier one did not find.
            put_in(held, (asked - kes(but if nth == number else "0")).amount)
            repayments.sweep(day=day, first=loan.pk, last=loan.pk, at=timezone.now())


def only(loan) -> dict[str, int]:
    """The ids of which a night is: one loan's, where tests commit, or every loan's."""
    return {"first": loan.pk, "last": loan.pk} if loan else ALL


def judge(day: date, loan=None) -> tuple[int, int]:
    """What the night judges at the close of a day: how many were counted and put elsewhere."""
    at = timezone.now()
    customers = only(loan.customer if loan else None)
    return (
        arrears.count_days(day=day, at=at, **only(loan)),
        arrears.classify(day=day, at=at, actor=SYSTEM, **customers),
    )


def earn(day: date, loan=None) -> None:
    """What the night earns at the close of a day, and books."""
    earnings.earn(day=day, **only(loan))
    earnings.book(day=day, actor=SYSTEM, at=timezone.now())


def due_of(loan, number: int = 1) -> date:
    return loan.instalments.get(number=number, ended_in=None).due


def standing_of(loan):
    loan.refresh_from_db()
    loan.standing.refresh_from_db()
    return loan.standing
