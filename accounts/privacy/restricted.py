"""Files of colleagues and of people in public office: opened to one person, for an hour, by two."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.customers.models import Customer
from accounts.privacy import queries
from accounts.privacy.models import FileAccess
from accounts.privacy.refusals import OwnFile
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.calendar import queries as calendar
from ledger.controls import audit
from wekeza.kit.actor import Actor
from wekeza.kit.db import inside_transaction

DEED = "customers.open_restricted"


@transaction.atomic
def ask_access(
    customer: Customer, *, name: str, reason: str, at: datetime, actor: Actor
) -> Approval:
    """
    This will ask a second person to open a restricted file to whoever acts, whose name that person
    reads (ux.md 2.4: restricted files are asked for).

    :raises OwnFile: if it is their own.
    :raises AlreadyWaiting: or MayNotAsk, ReasonMissing of approvals.
    """
    if customer.actor.person == actor.person:
        raise OwnFile()
    hours = queries.term(queries.Term.ACCESS_HOURS, on=calendar.nairobi_date(at))
    return approvals.propose(
        deed=DEED,
        subject=customer,
        payload={"customer": customer.pk, "hours": hours},
        changes=[
            approvals.Change("Who may open the file", "Compliance", f"{name} as well"),
            approvals.Change("For how long", "–", f"{hours} h from the approval"),
        ],
        reason=reason,
        branch=customer.branch_id,
        about=[customer.actor.person],
        actor=actor,
        at=at,
    )


@inside_transaction
def open_restricted(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> FileAccess:
    """
    This will open a restricted file to whoever asked, when a second person approved it; `payload`
    holds the `customer` and for how many `hours` from `at`.
    """
    customer = Customer.objects.get(pk=payload["customer"])
    access = FileAccess.objects.create(
        customer=customer,
        actor=approval.maker,
        approval=approval,
        begun_at=at,
        ends_at=at + timedelta(hours=payload["hours"]),
    )
    audit.record(actor=actor, deed=DEED, subject=customer, to=approval.maker)
    return access
