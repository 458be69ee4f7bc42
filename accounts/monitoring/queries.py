"""Rules in force, rules tried on the past, and what compliance looks at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.businesses import queries as businesses
from accounts.customers.models import Customer
from accounts.monitoring import reading, typologies
from accounts.monitoring.models import (
    Alert,
    AlertEntry,
    MonitorCase,
    MonitorClock,
    MonitorRule,
)
from accounts.monitoring.reading import Holder
from accounts.monitoring.refusals import AboutYourself, BadSpanOfDays, NotYours
from accounts.monitoring.states import ALERT_WAITS, CASE_RUNS, AlertState
from accounts.monitoring.typologies import Finding, Rule
from accounts.staff import queries as staff_queries
from ledger.calendar import queries as calendar
from ledger.controls.audit import subject_of
from ledger.journal.models import Posting
from wekeza.kit import persons
from wekeza.kit.actor import Actor

MOST_DAYS = 366  # A rule is tried on a year at most,
FIRST_DAY = date(2000, 1, 1)  # and not on days before any entry.


class NoClock(LookupError):
    """No row says how long something may take: a gap in the bank's own tables."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would have raised: the findings of each alert, with whose payments they are."""

    alerts: list[tuple[Holder, list[Finding]]] = field(default_factory=list)

    @property
    def hits(self) -> int:
        return len(self.alerts)

    @property
    def holders(self) -> int:
        return len({holder for holder, _ in self.alerts})

    @property
    def kes(self) -> Decimal:
        """The money in the payments of all these alerts, each payment once."""
        rows = {row for _, found in self.alerts for one in found for row in one.rows}
        return sum((row.amount for row in rows), Decimal(0))


def rules_on(day: date) -> list[tuple[MonitorRule, Rule]]:
    """This will give the rules that look on a day, each with its parameters read."""
    rows = [row for row in MonitorRule.objects.on(day) if row.is_on]
    return [(row, typologies.read(row.code, row.parameters)) for row in rows]


def versions(code: str) -> QuerySet[MonitorRule]:
    """This will give every version of a rule, the newest first."""
    return MonitorRule.objects.filter(code=code).order_by("-version")


def span(kind: str, *, at: datetime) -> timedelta:
    """This will give how long something may take, by the clocks in force at a moment."""
    row = MonitorClock.objects.on(calendar.nairobi_date(at)).filter(kind=kind).first()
    if row is None:
        raise NoClock(kind)
    return timedelta(hours=row.hours)


def dry_run(
    rule: str,
    parameters: dict,
    from_date: date,
    to_date: date,
    *,
    at: datetime,
    seen_by: Actor | None = None,
) -> Trial:
    """
    This will give what a rule with these parameters would have raised by the payments of a span of
    Nairobi days, both included; more of the same joins, as it does for real, by the clocks in force
    at `at`. It reads the postings of that span by index, account after account, and writes nothing.
    What it would have raised about the person who reads it is left out.

    :raises BadParameters: if they do not fit the rule.
    :raises BadSpanOfDays: if the span is empty, longer than a year, or has not begun.
    """
    days = (to_date - from_date).days + 1
    has_begun = FIRST_DAY <= from_date <= calendar.nairobi_date(at)
    if not (1 <= days <= MOST_DAYS and has_begun):
        raise BadSpanOfDays(days=days, most=MOST_DAYS)
    tried = typologies.read(rule, parameters)
    joins = span(MonitorClock.Kind.APPEND, at=at)
    trial, own = Trial(), _own_holders(seen_by)
    for holders in reading.holders_in_chunks():
        for holder, history in reading.histories(
            holders, rules=[tried], since=from_date, until=to_date + reading.LAG
        ):
            if holder in own:
                continue
            found = typologies.look(tried, history)
            within = (one for one in found if from_date <= one.by.day <= to_date)
            trial.alerts.extend((holder, together) for together in joined(within, joins))
    return trial


def joined(findings: Iterable[Finding], joins: timedelta) -> Iterator[list[Finding]]:
    """This will put findings, in the order of time, into alerts: the first opens, more join it."""
    together: list[Finding] = []
    for one in findings:
        if together and one.at >= together[0].at + joins:
            yield together
            together = []
        together.append(one)
    if together:
        yield together


def waiting_alerts() -> QuerySet[Alert]:
    """This will give the alerts that wait for a verdict, the earliest deadline first."""
    rows = Alert.objects.select_related("rule", "customer", "business")
    return rows.filter(state__in=ALERT_WAITS).order_by("due_at", "pk")


def decided_alerts() -> QuerySet[Alert]:
    """This will give the alerts that had a verdict, the newest first."""
    rows = Alert.objects.select_related("rule", "customer", "business", "case")
    return rows.exclude(state__in=ALERT_WAITS).order_by("-updated_at", "-pk")


def running_cases() -> QuerySet[MonitorCase]:
    """This will give the cases that run, those with a report due first."""
    rows = MonitorCase.objects.select_related("customer", "business")
    rows = rows.filter(state__in=CASE_RUNS)
    return rows.order_by(F("report_due_at").asc(nulls_last=True), "opened_at", "pk")


def decided_cases() -> QuerySet[MonitorCase]:
    """This will give the cases that are decided, the newest first."""
    rows = MonitorCase.objects.select_related("customer", "business")
    rows = rows.exclude(state__in=CASE_RUNS)
    return rows.order_by("-decided_at", "-pk")


def seen_by(rows: QuerySet, actor: Actor) -> QuerySet:
    """
    This will leave out what is about the natural person who looks, or about a business of theirs
    (no tipping-off).
    """
    return rows.exclude(_about(actor))


def check_may(actor: Actor, permission: str, *, about: Alert | MonitorCase, at: datetime) -> None:
    """
    This will refuse a deed to whoever does not hold the permission, or whom it is about.

    :raises AboutYourself: if the record is about the person who acts, or a business of theirs.
    :raises NotYours: if they do not hold the permission.
    """
    if _holder_of(about) in _own_holders(actor):
        raise AboutYourself()
    if not staff_queries.actor_may(actor, permission, at=at):
        raise NotYours(permission=permission)


def entries_of(rows: Iterable[Alert]) -> QuerySet[AlertEntry]:
    """This will give the payments that alerts stand on, each once, with who else was in them."""
    holder = "account__deposit_account__"
    others = (
        Posting.objects.filter(entry_id=OuterRef("entry_id"))
        .exclude(account_id=OuterRef("account_id"))
        .filter(account__deposit_account__isnull=False)
        .order_by("line")
        .annotate(name=Coalesce(F(f"{holder}business__name"), F(f"{holder}customer__full_name")))
        .values("name")[:1]
    )
    once = ("entry_id", "account_id", "direction")
    found = AlertEntry.objects.filter(alert__in=rows).order_by(*once, "pk").distinct(*once)
    return (
        AlertEntry.objects.filter(pk__in=found.values("pk"))
        .select_related("entry", "account__deposit_account")
        .annotate(other=Subquery(others))
        .order_by("-at", "-pk")
    )


def precision(*, actor: Actor) -> dict[str, tuple[int, int]]:
    """
    This will give, for each rule, how many alerts had a verdict, and how many were false; those
    about the person who reads it count for nobody.
    """
    false = Count("pk", filter=Q(state=AlertState.CLOSED_FALSE))
    rows = seen_by(Alert.objects.exclude(state__in=ALERT_WAITS), actor).values("rule__code")
    return {
        row["rule__code"]: (row["decided"], row["false"])
        for row in rows.annotate(decided=Count("pk"), false=false)
    }


def _holder_of(about: Alert | MonitorCase) -> reading.Holder:
    if about.business_id is None:
        return "customer", about.customer_id
    return "business", about.business_id


def own_subjects(actor: Actor) -> list[str]:
    """This will name the alerts and cases about a person, as approvals name what they are about."""
    own = _about(actor)
    return [
        subject_of(row)
        for model in (Alert, MonitorCase)
        for row in model.objects.filter(own).only("pk")
    ]


def _about(actor: Actor | None) -> Q:
    """What is about whoever acts: as a customer, or as one of a business."""
    own = _own_holders(actor)
    mine = {kind: [pk for one, pk in own if one == kind] for kind in reading.KINDS}
    return Q(customer__in=mine["customer"]) | Q(business__in=mine["business"])


def _own_holders(actor: Actor | None) -> set[reading.Holder]:
    """Whoever acts, as a customer, and their businesses; nobody but people has any."""
    index = persons.index_of(actor.person) if actor else ""
    if not index:
        return set()
    customers = Customer.objects.filter(national_id_index__startswith=index)
    own = {("customer", pk) for pk in customers.values_list("pk", flat=True)}
    found = businesses.with_person(actor.person).values_list("pk", flat=True)
    return own | {("business", pk) for pk in found}
