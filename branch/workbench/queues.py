"""What waits for whom: the queues of the workbench's home, each behind its permission."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, QuerySet
from django.urls import reverse

from accounts.businesses import queries as businesses
from accounts.businesses import screening as business_screening
from accounts.customers import queries as customer_queries
from accounts.kyc import desk as kyc
from accounts.monitoring import queries as monitoring
from accounts.partners import queries as partners
from accounts.privacy import queries as privacy_queries
from accounts.registry import queries as registry_queries
from accounts.screening import queries as screening
from accounts.staff import queries as staff_queries
from ledger.approvals import queries as approval_queries
from wekeza.kit.workbench import holds


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue: its name, its page, who may see it, what waits in it and since when."""

    label: str
    icon: str
    page: str
    permissions: tuple[str, ...]
    rows: Callable[[], QuerySet]
    since: str
    without: Callable[..., QuerySet] | None = None  # Leaves out what is about oneself.


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queue as somebody sees it now."""

    queue: Queue
    url: str
    count: int
    oldest: datetime | None


QUEUES = [
    Queue(
        "Emergencies to judge",
        "alert",
        "branch:workbench:emergencies",
        ("staff.decide",),
        staff_queries.unjudged,
        "begun_at",
    ),
    Queue(
        "Screening cases",
        "shield",
        "branch:screening:cases",
        ("screening.review", "screening.decide"),
        screening.cases_waiting,
        "opened_at",
        business_screening.not_about,
    ),
    Queue(
        "Businesses that register",
        "home",
        "branch:registrations:businesses",
        ("business.review", "business.activate"),
        businesses.submitted,
        "submitted_at",
    ),
    Queue(
        "Changes of sole directors",
        "user",
        "branch:registrations:businesses",
        ("business.review", "business.activate"),
        businesses.changes_for_the_bank,
        "made_at",
    ),
    Queue(
        "Partners that apply",
        "globe",
        "branch:partners:partners",
        ("partner.review", "partner.admit"),
        partners.applications,
        "applied_at",
    ),
    Queue(
        "Alerts about payments",
        "eye",
        "branch:compliance:alerts",
        ("monitor.review",),
        monitoring.waiting_alerts,
        "opened_at",
    ),
    Queue(
        "Running cases",
        "shield",
        "branch:compliance:alerts",
        ("monitor.decide",),
        monitoring.running_cases,
        "opened_at",
    ),
    Queue(
        "Papers to check",
        "doc",
        "branch:onboarding:kyc",
        ("kyc.review",),
        kyc.to_review,
        "sent_at",
    ),
    Queue(
        "Identity checks in doubt",
        "user",
        "branch:onboarding:checks",
        ("kyc.review",),
        registry_queries.queue,
        "answered_at",
    ),
    Queue(
        "Corrections of details",
        "undo",
        "branch:onboarding:corrections",
        ("customer.correct",),
        customer_queries.changes_waiting,
        "asked_at",
    ),
    Queue(
        "Requests about data",
        "shield",
        "branch:onboarding:data_requests",
        ("customer.decide",),
        privacy_queries.waiting,
        "asked_at",
    ),
]

# Doors of the rooms: address, icon, label, and the permission that opens it.
ROOMS = [
    ("/workbench/screening/", "shield", "Screening", "screening.look"),
    ("/workbench/registrations/", "bill", "Businesses", "business.review"),
    ("/workbench/partners/", "globe", "Partners", "partner.review"),
    ("/workbench/monitoring/", "eye", "Monitoring", "monitor.look"),
]


def tasks_of(request) -> list[Waiting]:
    """This will give the queues that somebody may see, what waits longest first."""
    found = [_approvals(request)]
    for queue in QUEUES:
        if any(holds(request, one) for one in queue.permissions):
            rows = queue.rows()
            if queue.without is not None:
                rows = queue.without(rows, person=request.actor.person)
            oldest = rows.aggregate(oldest=Min(queue.since))["oldest"]
            found.append(Waiting(queue, reverse(queue.page), rows.count(), oldest))
    return sorted(found, key=lambda it: (it.oldest is None, it.oldest or 0))


def decidable(request) -> QuerySet:
    """This will give the approvals that somebody may decide, and has not asked for."""
    waiting = approval_queries.waiting().filter(to_check__in=request.held)
    return waiting.exclude(maker_person=request.actor.person)


def doors_of(request) -> list[tuple[str, str, str]]:
    """This will give the doors of the workbench that are open to somebody: address, icon, label."""
    doors = [("/workbench/", "home", "Home"), ("/workbench/approvals/", "check", "Approvals")]
    if holds(request, "customer.search"):
        doors.append(("/workbench/search/", "search", "Search"))
    doors += [
        (address, icon, label)
        for address, icon, label, permission in ROOMS
        if holds(request, permission)
    ]
    if holds(request, "staff.look"):
        doors.append(("/workbench/staff/", "user", "Staff"))
    doors.append(("/workbench/records/", "doc", "Records"))
    return doors


def _approvals(request) -> Waiting:
    rows = decidable(request)
    queue = Queue(
        "Approvals for you", "check", "branch:workbench:approvals", (), approval_queries.waiting, ""
    )
    oldest = rows.aggregate(oldest=Min("made_at"))["oldest"]
    return Waiting(queue, reverse(queue.page), rows.count(), oldest)
