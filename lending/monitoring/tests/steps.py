"""Steps of the tests of monitoring: loans that decisions led to, and nights that note them."""

from uuid import uuid4

from django.utils import timezone

from ledger.approvals import operations as approvals
from ledger.approvals import terms
from ledger.calendar.queries import business_date
from lending.applications.models import LoanApplication
from lending.arrears.tests.steps import ALL, judge, lend
from lending.decisions.models import CreditDecision
from lending.decisions.tests.steps import officer
from lending.loans.models import Loan
from lending.monitoring import operations as monitoring


def decision_on(
    application: LoanApplication, *, score=650, result="APPROVED", number=1, points=(), on=None,
    **facts,
) -> CreditDecision:  # fmt: skip
    """A decision as the rules keep it, by the card of newcomers."""
    return CreditDecision.objects.create(
        application=application, number=number, result=result,
        amount=0 if result == "REFUSED" else application.amount, limit=application.amount,
        model_version="NEWCOMER 1", score=score, least_score=601, inputs={}, points=list(points),
        reasons=[], decided_by="system", decided_at=timezone.now(),
        business_date=on or business_date(), **facts,
    )  # fmt: skip


def lent(*, score=650, **facts) -> Loan:
    """A loan that a decision led to; its customer spends it at once."""
    loan = lend(**facts)
    decision_on(loan.application, score=score)
    return loan


def refused(loan: Loan, **facts) -> CreditDecision:
    """A refusal of the same customer's wish, of which no loan came."""
    row = LoanApplication.objects.get(pk=loan.application_id)
    row.pk, row.public_id, row.reference, row._state.adding = None, uuid4(), uuid4(), True
    row.state = "REFUSED"
    row.save()
    return decision_on(row, result="REFUSED", **facts)


def note(day) -> int:
    """What the night notes at the close of a day; gives how many rows it wrote."""
    judge(day)
    return monitoring.note(day=day, at=timezone.now(), **ALL)


def agree(row) -> None:
    """Two persons put a term in force."""
    now = timezone.now()
    asked = terms.ask(row, reason="Board paper 9", actor=officer("RISK"), at=now)
    approvals.approve(asked, digest=asked.digest, actor=officer("RISK"), at=now)
