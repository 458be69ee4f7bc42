"""What an officer needs to see of one request; the pages come with the workbench."""

from datetime import datetime

from accounts.kyc import checks, queries
from accounts.kyc.models import DeclaredFacts, Submission
from accounts.kyc.queries import Case
from ledger.approvals import queries as approvals
from ledger.calendar import queries as calendar


def case_of(submission: Submission, *, at: datetime) -> Case:
    """
    This will give one request with its documents beside what was declared, what the register says,
    how many other customers declared the same KRA PIN, what waits for a second person, and what
    the tier would change.
    """
    customer, today = submission.customer, calendar.nairobi_date(at)
    return Case(
        submission=submission,
        needs=queries.needs_of(customer, tier=submission.tier, on=today),
        facts=queries.facts_of(customer),
        checks=checks.checks_of(customer),
        same_kra_pin=_others_with_pin_of(customer),
        waiting=list(approvals.waiting_for(submission)),
        changes=queries.limit_changes(before=customer.tier_id, after=submission.tier_id, on=today),
    )


def _others_with_pin_of(customer) -> int:
    declared = queries.declared_by(customer)
    if declared is None or not declared.kra_pin_index:
        return 0
    same = DeclaredFacts.objects.filter(kra_pin_index=declared.kra_pin_index)
    return same.exclude(customer=customer).count()
