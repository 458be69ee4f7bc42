"""Looking at applications."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.businesses import queries as businesses
from accounts.businesses.models import Business
from lending.applications.models import LoanApplication
from lending.applications.refusals import NoSuchApplication
from lending.applications.states import ApplicationState
from wekeza.kit.actor import Actor

_PARTS = ("customer__user", "business", "product", "term__product")


def whose(party) -> dict:
    """
    This will give the filter of what a party asked for or owes: a business, or a customer for
    themselves and not for a business that they act for.
    """
    if isinstance(party, Business):
        return {"business": party}
    return {"customer": party, "business": None}


def of(actor: Actor) -> QuerySet[LoanApplication]:
    """This will give the applications of the customer who acts, the newest first."""
    found = LoanApplication.objects.filter(customer=actor.customer_id, business=None)
    return found.select_related(*_PARTS).order_by("-pk")


def one_of(actor: Actor, *, public_id: UUID) -> LoanApplication:
    """
    This will give one application of the customer who acts.

    :raises NoSuchApplication: if it is not theirs; another's and none look the same.
    """
    found = of(actor).filter(public_id=public_id).first()
    if found is None:
        raise NoSuchApplication
    return found


def page_of(actor: Actor, *, before: UUID | None, size: int) -> list[LoanApplication]:
    """
    This will give so many applications of the customer who acts, the newest first: those that came
    before one of them, if it is named.

    :raises NoSuchApplication: if that one is not theirs.
    """
    rows = of(actor)
    if before is not None:
        rows = rows.filter(pk__lt=one_of(actor, public_id=before).pk)
    return list(rows[:size])


def by_id(public_id: UUID) -> LoanApplication:
    """
    This will give an application, whoever asks; for doors that judge staff by its branch.

    :raises NoSuchApplication: if there is none.
    """
    rows = LoanApplication.objects.select_related(*_PARTS)
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NoSuchApplication
    return found


def referred() -> QuerySet[LoanApplication]:
    """
    This will give the applications that are with a person, the longest there first. Nothing else
    of one changes meanwhile, so it is there since `updated_at`.
    """
    found = LoanApplication.objects.filter(state=ApplicationState.REFERRED)
    return found.select_related(*_PARTS).order_by("updated_at", "pk")


def persons_behind(application: LoanApplication) -> list[str]:
    """
    This will name the natural persons whose application it is (`Actor.person`): its customer, and
    all who own the business or act for it.
    """
    mine = [application.customer.actor.person]
    if application.business_id:
        mine += businesses.persons_of(application.business)
    return mine


def held_on(customer) -> list[dict]:
    """This will give what the bank keeps of a customer's applications, for their own copy."""
    rows = LoanApplication.objects.filter(**whose(customer)).order_by("pk")
    return [
        {
            "product": row.product_id,
            "amount": str(row.money),
            "tenor": row.tenor,
            "employment": row.employment,
            "income": "" if row.income is None else f"{row.income:.2f}",
            "gross_income": "" if row.gross_income is None else f"{row.gross_income:.2f}",
            "consent_version": row.consent_version,
            "state": row.state,
            "asked_at": row.asked_at.isoformat(),
        }
        for row in rows
    ]
