"""Looking at loans."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lending.loans.models import Loan
from lending.loans.states import OWED
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal

_PARTS = ("customer__user", "product", "term__product", "account__product", "ledger_account")


class NoSuchLoan(Refusal):
    code = "no_such_loan"
    status = 404
    text = _("There is no such loan of yours.")


def of(actor: Actor) -> QuerySet[Loan]:
    """This will give the loans of the customer who acts, the newest first."""
    return Loan.objects.filter(customer=actor.customer_id).select_related(*_PARTS).order_by("-pk")


def one_of(actor: Actor, *, public_id: UUID) -> Loan:
    """
    This will give one loan of the customer who acts.

    :raises NoSuchLoan: if it is not theirs; another's and none look the same.
    """
    found = of(actor).filter(public_id=public_id).first()
    if found is None:
        raise NoSuchLoan
    return found


def active_of(customer) -> list[Loan]:
    """
    This will give the loans of a customer that are not paid yet, the oldest first; those that were
    written off are owed too.
    """
    found = Loan.objects.filter(customer=customer, state__in=OWED)
    return list(found.select_related(*_PARTS).order_by("pk"))


def paid_out_under(receipt_no: str) -> Loan | None:
    """This will give the loan that a receipt of its payout is about, whoever asks."""
    return Loan.objects.select_related("customer").filter(receipt_no=receipt_no).first()


def held_on(customer) -> list[dict]:
    """This will give what the bank keeps of a customer's loans, for their own copy."""
    rows = Loan.objects.filter(customer=customer).order_by("pk").prefetch_related("instalments")
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
