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
            # What the rules of fraud found is told to nobody (no tipping-off).
            "inputs": {name: fact for name, fact in row.inputs.items() if name != "fraud"},
            "reasons": row.reasons,
            "decided_at": row.decided_at.isoformat(),
        }
        for row in rows
    ]
