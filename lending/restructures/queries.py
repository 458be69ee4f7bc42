"""Looking at loans that are, or shall be, agreed anew."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from accounts.businesses import queries as businesses
from accounts.businesses.models import Business
from accounts.customers.models import Customer
from lending.loans.models import Loan
from lending.restructures.models import Restructure
from lending.restructures.refusals import NoSuchRestructure
from lending.restructures.states import OPEN, RestructureState
from wekeza.kit.actor import Actor

_PARTS = (
    "loan__customer__user", "loan__business", "loan__product", "loan__term__product",
    "loan__account",
)  # fmt: skip
YEAR = timedelta(days=365)


def one_of(actor: Actor, *, public_id: UUID) -> Restructure:
    """
    This will give a wish of the customer who acts, or of a business that they act for.

    :raises NoSuchRestructure: if it is neither; another's and none look the same.
    """
    theirs = Q(loan__customer=actor.customer_id, loan__business=None)
    theirs |= Q(loan__business__in=[one.business.pk for one in businesses.memberships_of(actor)])
    rows = Restructure.objects.select_related(*_PARTS)
    found = rows.filter(theirs, public_id=public_id).first()
    if found is None:
        raise NoSuchRestructure
    return found


def open_of(loan: Loan) -> Restructure | None:
    """This will give the wish about a loan that is not over yet."""
    return Restructure.objects.filter(loan=loan, state__in=OPEN).first()


def offered_to(customer, *, at: datetime) -> QuerySet[Restructure]:
    """This will give the new payments that a customer can sign now."""
    rows = Restructure.objects.filter(state=RestructureState.OFFERED, offer_until__gt=at)
    return (
        rows.filter(loan__customer=customer, loan__business=None)
        .select_related("loan")
        .order_by("offer_until")
    )


def offered_to_business(business: Business, *, at: datetime) -> list[Restructure]:
    """This will give what a business is offered and has not signed whole, the oldest first."""
    rows = Restructure.objects.filter(
        loan__business=business, state=RestructureState.OFFERED, offer_until__gt=at
    )
    return list(rows.select_related(*_PARTS).order_by("pk"))


def asker_of(wish: Restructure) -> Customer:
    """This will give who asked: the borrower, or a director of theirs."""
    return Customer.objects.select_related("user").get(pk=wish.asker_id)


def waiting() -> QuerySet[Restructure]:
    """This will give the wishes that are with the bank, the longest there first."""
    rows = Restructure.objects.filter(state=RestructureState.ASKED)
    return rows.select_related(*_PARTS).order_by("asked_at")


def times(loan: Loan) -> int:
    """This will count how often a loan was agreed anew."""
    return loan.restructures.filter(state=RestructureState.SIGNED).count()


def put_off(loan: Loan, *, on: date) -> int:
    """This will count the instalments of a loan put off within a year before a day."""
    rows = loan.restructures.filter(
        state=RestructureState.SIGNED, kind=Restructure.Kind.DEFER, signed_date__gt=on - YEAR
    )
    return rows.aggregate(total=Sum("number"))["total"] or 0


def held_on(customer) -> list[dict]:
    """This will give what the bank keeps of a customer's wishes, for their own copy."""
    rows = Restructure.objects.filter(loan__customer=customer, loan__business=None).order_by("pk")
    return [
        {
            "loan": row.loan.number,
            "kind": row.kind,
            "number": row.number,
            "reason": row.reason,
            "state": row.state,
            "answer": row.answer,
            "asked_at": row.asked_at.isoformat(),
            "signed_at": row.signed_at and row.signed_at.isoformat(),
        }
        for row in rows.select_related("loan")
    ]
