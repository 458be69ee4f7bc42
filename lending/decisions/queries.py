"""Looking at decisions."""

from lending.applications.models import LoanApplication
from lending.decisions.models import CreditDecision


def last_of(application: LoanApplication) -> CreditDecision | None:
    """This will give the answer that stands; None while there is none."""
    return application.decisions.order_by("number").last()


def held_on(customer) -> list[dict]:
    """This will give the decisions about a customer with their reasons, for their own copy."""
    rows = CreditDecision.objects.filter(application__customer=customer).order_by("pk")
    return [
        {
            "result": row.result,
            "amount": str(row.money),
            "model_version": row.model_version,
            "score": row.score,
            "inputs": row.inputs,
            "reasons": row.reasons,
            "decided_at": row.decided_at.isoformat(),
        }
        for row in rows
    ]
