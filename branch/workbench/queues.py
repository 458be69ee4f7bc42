"""What waits for whom: the queues of the workbench's home, each behind its permission."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.businesses import queries as businesses
from accounts.customers import queries as customer_queries
from accounts.kyc import desk as kyc
from accounts.monitoring import queries as monitoring
from accounts.partners import queries as partners
from accounts.privacy import queries as privacy_queries
from accounts.registry import queries as registry_queries
from accounts.screening import queries as screening
from accounts.staff import queries as staff_queries
from branch.close_of_business.queries import stopped
from branch.workbench import queries
from branch.workbench.scope import ALL, covered, scope_of, wants_all
from ledger.approvals import queries as approval_queries
from ledger.approvals.models import Approval
from ledger.backups import queries as backups
from lending.applications import queries as applications
from lending.collections import queries as collections
from lending.fraud import queries as fraud
from lending.restructures import queries as restructures
from lending.stops import queries as lending_stops
from wekeza.kit.actor import Actor
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
    branch: str = ""  # The way from a row to its branch; of the whole bank when empty.
    others: Callable[[QuerySet, Actor], QuerySet] | None = None  # Leaves out what is about oneself.


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queue as somebody sees it now."""

    queue: Queue
    url: str
    count: int
    oldest: datetime | None
    elsewhere: int = 0  # Waits in other branches that they may see.


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
        "Nights that stopped",
        "clock",
        "branch:nights:runs",
        ("close.run", "close.decide"),
        stopped,
        "started_at",
    ),
    Queue(
        "Stops of lending in force",
        "lock",
        "branch:risk:lending",
        ("lending.stop", "lending.lift"),
        lending_stops.open_stops,
        "stopped_at",
    ),
    Queue(
        "Cases of fraud",
        "shield",
        "branch:risk:fraud",
        ("fraud.decide",),
        fraud.waiting,
        "opened_at",
        others=fraud.about_others,
    ),
    Queue(
        "Backups that failed",
        "alert",
        "admin:ledger_backup_changelist",
        ("books.look",),
        backups.troubles,
        "taken_at",
    ),
    Queue(
        "Screening cases",
        "shield",
        "branch:screening:cases",
        ("screening.review", "screening.decide"),
        screening.cases_waiting,
        "opened_at",
        others=queries.about_others,
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
        "New papers of businesses",
        "doc",
        "branch:registrations:businesses",
        ("business.review",),
        businesses.with_new_papers,
        "sent_at",
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
        others=monitoring.seen_by,
    ),
    Queue(
        "Running cases",
        "shield",
        "branch:compliance:alerts",
        ("monitor.decide",),
        monitoring.running_cases,
        "opened_at",
        others=monitoring.seen_by,
    ),
    Queue(
        "Papers to check",
        "doc",
        "branch:onboarding:kyc",
        ("kyc.review",),
        kyc.to_review,
        "sent_at",
        branch="customer__branch",
    ),
    Queue(
        "Identity checks in doubt",
        "user",
        "branch:onboarding:checks",
        ("kyc.review",),
        registry_queries.queue,
        "answered_at",
        branch="customer__branch",
    ),
    Queue(
        "Corrections of details",
        "undo",
        "branch:onboarding:corrections",
        ("customer.correct",),
        customer_queries.changes_waiting,
        "asked_at",
        branch="customer__branch",
    ),
    Queue(
        "Loans to decide",
        "borrow",
        "branch:credit:queue",
        ("loan.decide",),
        applications.referred,
        "updated_at",
        branch="customer__branch",
    ),
    Queue(
        "Loans to change",
        "undo",
        "branch:credit:changes",
        ("loan.decide",),
        restructures.waiting,
        "asked_at",
        branch="loan__customer__branch",
    ),
    Queue(
        "Steps about late loans",
        "phone",
        "branch:collections:worklist",
        ("collections.work",),
        collections.steps_for_people,
        "created_at",
        branch="case__loan__customer__branch",
    ),
    Queue(
        "Requests about data that are late",
        "alert",
        "branch:onboarding:data_requests",
        ("customer.decide",),
        lambda: privacy_queries.overdue(at=timezone.now()),
        "asked_at",
    ),
    Queue(
        "Requests about data",
        "shield",
        "branch:onboarding:data_requests",
        ("customer.decide",),
        privacy_queries.waiting,
        "asked_at",
        branch="customer__branch",
    ),
]

# Doors of the rooms: address, icon, label, and the permission that opens it.
ROOMS = [
    ("/workbench/screening/", "shield", "Screening", "screening.look"),
    ("/workbench/registrations/", "bill", "Businesses", "business.review"),
    ("/workbench/partners/", "globe", "Partners", "partner.review"),
    ("/workbench/monitoring/", "eye", "Monitoring", "monitor.look"),
    ("/workbench/close/", "clock", "Close of day", "books.look"),
    ("/books/", "view", "Books", "books.look"),
    ("/workbench/credit/queue/", "borrow", "Loans", "loan.look"),
    ("/workbench/collections/worklist/", "phone", "Late loans", "collections.look"),
    ("/risk/", "view", "Loans at risk", "loan.oversee"),
    ("/risk/lending/", "lock", "Lending", "lending.look"),
    ("/risk/decisions/", "view", "Decisions", "loan.oversee"),
    ("/risk/drift/", "view", "Score", "loan.oversee"),
    ("/risk/fraud/", "shield", "Fraud", "fraud.look"),
]


def tasks_of(request) -> list[Waiting]:
    """
    This will give the queues that somebody may see, what waits longest first; of work that has a
    branch their own branch's, or all that their roles reach.
    """
    found = [_approvals(request)]
    for queue in QUEUES:
        if any(holds(request, one) for one in queue.permissions):
            found.append(_waiting(queue, request))
    return sorted(found, key=lambda it: (it.oldest is None, it.oldest or 0))


def decidable(request) -> QuerySet:
    """
    This will give the approvals that somebody may decide: within their branches and amounts, not
    asked for by them, not signed by them already, and not about alerts on themselves.
    """
    unsigned = approval_queries.unsigned_by(request.actor.person)
    waiting = covered(unsigned, request.grants)
    own = monitoring.own_subjects(request.actor)
    return waiting.exclude(maker_person=request.actor.person).exclude(subject__in=own)


def may_decide(request, row: Approval) -> bool:
    """This will tell whether a request, waiting or decided, is among what somebody may decide."""
    rows = covered(Approval.objects.filter(pk=row.pk), request.grants)
    return rows.exclude(subject__in=monitoring.own_subjects(request.actor)).exists()


def decidable_here(request) -> QuerySet:
    """This will give of these the ones of somebody's own branch, or all if they chose so."""
    rows = decidable(request)
    return rows if wants_all(request) else rows.filter(branch__in=("", request.staff.branch_id))


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


def around(request) -> dict:
    """This will give what every page of the workbench shows around itself."""
    return {
        "staff": request.staff,
        "doors": doors_of(request),
        "may_search": holds(request, "customer.search"),
    }


def _waiting(queue: Queue, request) -> Waiting:
    rows, scope = queue.rows(), scope_of(request, *queue.permissions)
    if queue.others:
        rows = queue.others(rows, request.actor)
    seen = scope.seen(rows, queue.branch)
    return _counted(queue, seen, scope.reached(rows, queue.branch), request)


def _approvals(request) -> Waiting:
    queue = Queue(
        "Approvals for you",
        "check",
        "branch:workbench:approvals",
        (),
        approval_queries.waiting,
        "made_at",
        branch="branch",
    )
    return _counted(queue, decidable_here(request), decidable(request), request)


def _counted(queue: Queue, seen: QuerySet, reached: QuerySet, request) -> Waiting:
    oldest = seen.aggregate(oldest=Min(queue.since))["oldest"]
    count = seen.count()
    url = reverse(queue.page) + (f"?branch={ALL}" if queue.branch and wants_all(request) else "")
    elsewhere = reached.count() - count if queue.branch else 0
    return Waiting(queue, url, count, oldest, elsewhere)
