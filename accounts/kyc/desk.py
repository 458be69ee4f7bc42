"""What officers see of requests: those that wait for one, and everything about one of them."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.kyc import checks, facts, queries
from accounts.kyc.models import DeclaredFacts, Submission
from accounts.kyc.queries import Case
from ledger.approvals import queries as approvals
from ledger.calendar import queries as calendar


def with_second_person() -> set[int]:
    """This will give the ids of requests whose tier somebody asked to raise and nobody decided."""
    asked = approvals.waiting().filter(deed="kyc.raise_tier").values_list("payload", flat=True)
    return {payload["submission"] for payload in asked}


def to_review() -> QuerySet[Submission]:
    """This will give the requests that wait for a first officer, by the clock."""
    return queries.waiting().exclude(pk__in=with_second_person())


def case_of(submission: Submission, *, at: datetime) -> Case:
    """
    This will give one request with its documents beside what was declared, what the register says,
    how many other customers declared the same KRA PIN, what waits for a second person, and what
    the tier would change.
    """
    customer, today = submission.customer, calendar.nairobi_date(at)
    return Case(
        submission=submission,
        needs=queries.needs_for(submission, on=today),
        facts=facts.facts_of(customer),
        checks=checks.checks_of(customer),
        same_kra_pin=_others_with_pin_of(customer),
        waiting=list(approvals.waiting_for(submission)),
        changes=queries.limit_changes(before=customer.tier_id, after=submission.tier_id, on=today),
    )


def _others_with_pin_of(customer) -> int:
    declared = facts.declared_by(customer)
    if declared is None or not declared.kra_pin_index:
        return 0
    same = DeclaredFacts.objects.filter(kra_pin_index=declared.kra_pin_index)
    return same.exclude(customer=customer).count()
