"""Looking at loans."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.businesses import queries as businesses
from accounts.businesses.models import Business, Member
from accounts.businesses.queries import Membership
from accounts.businesses.refusals import NotYourRole
from lending.applications.queries import whose
from lending.loans.models import Loan
from lending.loans.states import OWED
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal

_PARTS = (
    "customer__user", "business", "product", "term__product", "account__product", "ledger_account",
)  # fmt: skip


class NoSuchLoan(Refusal):
    code = "no_such_loan"
    status = 404
    text = _("There is no such loan of yours.")


def of(actor: Actor) -> QuerySet[Loan]:
    """This will give the loans of the customer who acts, the newest first."""
    found = Loan.objects.filter(customer=actor.customer_id, business=None)
    return found.select_related(*_PARTS).order_by("-pk")


def one_of(actor: Actor, *, public_id: UUID) -> Loan:
    """
    This will give one loan of the customer who acts.

    :raises NoSuchLoan: if it is not theirs; another's and none look the same.
    """
    found = of(actor).filter(public_id=public_id).first()
    if found is None:
        raise NoSuchLoan
    return found


def one_seen_by(actor: Actor, *, public_id: UUID) -> Loan:
    """
    This will give one loan of the customer who acts, or of a business that they act for.

    :raises NoSuchLoan: if it is neither; another's and none look the same.
    """
    theirs = Q(customer=actor.customer_id, business=None)
    theirs |= Q(business__in=[one.business.pk for one in businesses.memberships_of(actor)])
    found = Loan.objects.filter(theirs, public_id=public_id).select_related(*_PARTS).first()
    if found is None:
        raise NoSuchLoan
    return found


def of_business(business: Business) -> QuerySet[Loan]:
    """This will give the loans of a business, the newest first; its door asks who looks."""
    return Loan.objects.filter(business=business).select_related(*_PARTS).order_by("-pk")


def member_of(actor: Actor, loan: Loan) -> Membership | None:
    """
    This will give what the actor may do in the business whose loan it is; None for a person's own.

    :raises NoSuchBusiness: if it is a business's for which they do not act.
    """
    return businesses.membership(actor, loan.business) if loan.business_id else None


def check_may_repay(actor: Actor, loan: Loan) -> None:
    """
    This will let pass who may pay a loan back from its account: of a business's, those who sign for
    it or direct it.

    :raises NoSuchBusiness: or NotYourRole, to the others.
    """
    member = member_of(actor, loan)
    if member is not None and not member.may_repay:
        raise NotYourRole(role=Member.Role.SIGNATORY.label)


def active_of(party) -> list[Loan]:
    """
    This will give the loans of a customer or business that are not paid yet, the oldest first;
    those that were written off are owed too.
    """
    found = Loan.objects.filter(**whose(party), state__in=OWED)
    return list(found.select_related(*_PARTS).order_by("pk"))


def paid_out_under(receipt_no: str) -> Loan | None:
    """This will give the loan that a receipt of its payout is about, whoever asks."""
    parts = ("account__customer", "account__business")
    return Loan.objects.select_related(*parts).filter(receipt_no=receipt_no).first()


def held_on(customer) -> list[dict]:
    """This will give what the bank keeps of a customer's loans, for their own copy."""
    rows = Loan.objects.filter(**whose(customer)).order_by("pk").prefetch_related("instalments")
    return [
        {
            "number": row.number,
            "product": row.product_id,
            "principal": str(row.money),
            "percent": str(row.percent),
            "start_date": row.start_date.isoformat(),
            "state": row.state,
            "agreed_at": row.agreed_at.isoformat(),
            "instalments": [
                {"due": one.due.isoformat(), "principal": f"{one.principal:.2f}",
                 "interest": f"{one.interest:.2f}"}
                for one in row.instalments.all() if one.ended_in is None
            ],
        }
        for row in rows
    ]  # fmt: skip
