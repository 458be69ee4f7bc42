"""Steps of the tests of monitoring: loans that decisions led to, and nights that note them."""

from uuid import uuid4

from django.utils import timezone

from ledger.approvals import operations as approvals
from ledger.approvals import terms
from ledger.calendar.queries import business_date, months_after
from lending.applications.models import LoanApplication
from lending.arrears.tests.steps import ALL, judge, lend
from lending.decisions.models import CreditDecision
from lending.decisions.tests.steps import officer
from lending.loans.models import Loan
from lending.monitoring import operations as monitoring
from lending.monitoring.models import LoanVerdict


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


def decided(application: LoanApplication, scores, *, on, first=1, result="APPROVED") -> None:
    """Decisions of the rules with these scores on a day: 140 points of each are for the level."""
    CreditDecision.objects.bulk_create(
        CreditDecision(
            application=application, number=number, result=result, amount=0,
            limit=application.amount, model_version="NEWCOMER 1", score=score, least_score=601,
            inputs={}, points=[{"name": "kyc_tier", "fact": "TIER_2", "points": 140, "most": 200}],
            reasons=[], decided_by="system", decided_at=timezone.now(), business_date=on,
        )
        for number, score in enumerate(scores, start=first)
    )  # fmt: skip


def judged(
    score: int, *, is_bad: bool, decided_on, window_ends, customer=None, **facts
) -> LoanVerdict:  # fmt: skip
    """A loan of a score, decided on a day, with its verdict."""
    loan = lend(customer)
    decision = decision_on(loan.application, score=score, on=decided_on, **facts)
    return LoanVerdict.objects.create(
        decision=decision, loan=loan, known_on=window_ends, window_ends=window_ends,
        bad_on=window_ends if is_bad else None, late_days=30, within_days=60,
    )  # fmt: skip


LOANS = ((500, True), (600, True), (600, False), (700, False), (700, False))


def a_year(application: LoanApplication, today, *, borrowers=(None,) * 5) -> None:
    """
    A card's first three months, of 100 decisions: 20 scores of 550, 50 of 650, 30 of 750; then five
    loans that were judged; and this month's 100: 30, 50, and 20 that are refused.
    """
    begins = months_after(today.replace(day=1), -5)
    decided(application, [550] * 20 + [650] * 50 + [750] * 30, on=begins)
    between = months_after(begins, 4)
    for (score, is_bad), customer in zip(LOANS, borrowers, strict=True):
        days = {"decided_on": between, "window_ends": today}
        judged(score, is_bad=is_bad, customer=customer, **days)
    decided(application, [550] * 30 + [650] * 50, on=today, first=101)
    decided(application, [750] * 20, on=today, first=181, result="REFUSED")


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
