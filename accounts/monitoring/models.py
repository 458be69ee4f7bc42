"""
Rules and clocks (dated), how far the books were read, and alerts and cases with their history.

A rule is never edited: each change is another version, by an approval of two persons. Nothing of
this is a customer's to see (no tipping-off, POCAMLA s.8), so no other room reads these tables.
"""

import uuid
from datetime import date

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.monitoring.states import ALERT_WAITS, CASE_RUNS, AlertState, CaseState
from wekeza.kit.dated import DatedTerm


class RuleRows(models.QuerySet):
    """Versions of rules."""

    def on(self, day: date) -> list["MonitorRule"]:
        """This will give the version of each rule that holds on a day, the switched off too."""
        rows = self.filter(effective_from__lte=day).order_by("code", "-effective_from", "-version")
        return list(rows.distinct("code"))


class MonitorRule(models.Model):
    """One version of one rule: what it looks for, with which parameters, from which day on."""

    class Code(models.TextChoices):
        STRUCTURING = "STRUCTURING", "Structuring"
        PASS_THROUGH = "PASS_THROUGH", "Rapid pass-through"
        DORMANT = "DORMANT", "Dormant revival"

    class Severity(models.TextChoices):
        LOW = "LOW", "Low"
        MEDIUM = "MEDIUM", "Medium"
        HIGH = "HIGH", "High"

    code = models.CharField(max_length=20, choices=Code.choices)
    version = models.SmallIntegerField()
    is_on = models.BooleanField(default=True)
    severity = models.CharField(max_length=6, choices=Severity.choices)
    parameters = models.JSONField(help_text="As accounts.monitoring.typologies reads them.")
    effective_from = models.DateField()
    source = models.CharField(max_length=140)
    approval = models.ForeignKey(
        "ledger.Approval", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = RuleRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="monitor_one_version_of_a_number", fields=["code", "version"]
            ),
            models.CheckConstraint(
                name="monitor_versions_count_from_one", condition=Q(version__gte=1)
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.version}"

    @property
    def name(self) -> str:
        return f"{self.get_code_display()}, version {self.version}"


class MonitorClock(DatedTerm):
    """How many hours something may take, over a span of days (kenya.md 7.4 and 7.5)."""

    class Kind(models.TextChoices):
        TRIAGE = "TRIAGE", "From alert to verdict"
        REPORT = "REPORT", "From suspicion to report"
        APPEND = "APPEND", "More of the same joins the running alert"
        WATCH = "WATCH", "Watched after a case"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    hours = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="monitor_one_clock_a_kind_and_start", fields=["kind", "effective_from"]
            ),
            models.CheckConstraint(
                name="monitor_clock_runs_an_hour_to_two_years",
                condition=Q(hours__gte=1, hours__lte=2 * 366 * 24),
            ),
        ]

    def __str__(self):
        return f"{self.kind} from {self.effective_from}"


class MonitorMark(models.Model):
    """
    How far the books were read: one row. Entries get their numbers before they are committed, so
    the reader goes no further than `horizon_entry`, and only when every transaction that could
    still write a smaller number, those before `horizon_xid`, is over.
    """

    read_to = models.BigIntegerField(default=0, help_text="The last entry that was looked at.")
    horizon_entry = models.BigIntegerField(default=0)
    horizon_xid = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(name="monitor_has_one_mark", condition=Q(id=1)),
            models.CheckConstraint(
                name="monitor_reads_no_further_than_is_sure",
                condition=Q(read_to__lte=models.F("horizon_entry")),
            ),
        ]

    def __str__(self):
        return f"entry {self.read_to}"


class AboutAHolder(models.Model):
    """What is found is about one holder of accounts: a customer, or a business."""

    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.PROTECT, null=True, related_name="+"
    )
    business = models.ForeignKey(
        "accounts.Business", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="monitor_%(class)s_is_about_one_holder",
                condition=Q(customer__isnull=False, business__isnull=True)
                | Q(customer__isnull=True, business__isnull=False),
            )
        ]

    @property
    def holder_name(self) -> str:
        """Whom it is about, by name."""
        return self.business.name if self.business_id else self.customer.full_name


class MonitorCase(AboutAHolder):
    """An investigation about one holder; it gathers alerts and ends in a report or without."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    state = models.CharField(
        max_length=15, choices=CaseState.choices, default=CaseState.INVESTIGATION
    )
    opened_at = models.DateTimeField()
    suspicion_formed_at = models.DateTimeField(null=True)
    report_due_at = models.DateTimeField(null=True, help_text="Two days after the suspicion.")
    report_no = models.CharField(
        max_length=60, blank=True, default="", help_text="The FRC's number of the report."
    )
    decided_at = models.DateTimeField(null=True)
    watched_until = models.DateTimeField(null=True)
    approval = models.ForeignKey(
        "ledger.Approval", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "case"
        constraints = [
            *AboutAHolder.Meta.constraints,
            models.UniqueConstraint(
                name="monitor_one_running_case_a_holder",
                fields=["customer", "business"],
                condition=Q(state__in=CASE_RUNS),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="monitor_report_has_a_number",
                condition=~Q(state=CaseState.STR_FILED) | ~Q(report_no=""),
            ),
            models.CheckConstraint(
                name="monitor_suspicion_starts_the_clock",
                condition=Q(suspicion_formed_at__isnull=True, report_due_at__isnull=True)
                | Q(report_due_at__gt=models.F("suspicion_formed_at")),
            ),
        ]

    def __str__(self):
        return f"case {self.pk}"

    @property
    def runs(self) -> bool:
        return self.state in CASE_RUNS


class Alert(AboutAHolder):
    """
    What one version of a rule found about one holder (AM18: entries, type, severity, status,
    timestamp). More of the same joins it while it runs, so it may tell of several hits.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    rule = models.ForeignKey(MonitorRule, on_delete=models.PROTECT, related_name="alerts")
    severity = models.CharField(max_length=6, choices=MonitorRule.Severity.choices)
    state = models.CharField(max_length=12, choices=AlertState.choices, default=AlertState.OPEN)
    window_start = models.DateTimeField(help_text="The first payment of what was found first.")
    found_at = models.DateTimeField(help_text="The payment that completed it.")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="By when somebody has given a verdict.")
    taken_by = models.CharField(max_length=80, blank=True, default="")
    taken_at = models.DateTimeField(null=True)
    case = models.ForeignKey(
        MonitorCase, on_delete=models.PROTECT, null=True, related_name="alerts"
    )
    approval = models.ForeignKey(
        "ledger.Approval", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                name="monitor_alerts_that_wait",
                condition=Q(state__in=ALERT_WAITS),
            ),
        ]
        constraints = [
            *AboutAHolder.Meta.constraints,
            models.UniqueConstraint(
                name="monitor_one_alert_a_rule_holder_and_window",
                fields=["customer", "business", "rule", "window_start"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="monitor_alert_in_a_case_names_it",
                condition=~Q(state=AlertState.CASE) | Q(case__isnull=False),
            ),
            models.CheckConstraint(
                name="monitor_alert_is_taken_by_somebody",
                condition=Q(state=AlertState.OPEN) | ~Q(taken_by=""),
            ),
        ]

    def __str__(self):
        return f"alert {self.pk}"

    @property
    def waits(self) -> bool:
        return self.state in ALERT_WAITS

    @property
    def type(self) -> str:
        """The kind of suspicion, in words."""
        return self.rule.get_code_display()


class AlertHit(models.Model):
    """Once that the rule was met: by which payment, and why, with the figures. Append-only."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="hits")
    entry = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=500)
    figures = models.JSONField(default=dict)
    found_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="monitor_alert_is_hit_once_by_an_entry", fields=["alert", "entry"]
            )
        ]

    def __str__(self):
        return f"#{self.pk} of alert {self.alert_id}"


class AlertEntry(models.Model):
    """One payment that an alert stands on, as it moved one account. Append-only."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="entries")
    entry = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("ledger.LedgerAccount", on_delete=models.PROTECT, related_name="+")
    direction = models.CharField(max_length=3, choices=[("in", "In"), ("out", "Out")])
    amount = models.DecimalField(max_digits=20, decimal_places=4, help_text="In KES.")
    at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "alert entries"
        constraints = [
            models.UniqueConstraint(
                name="monitor_alert_names_a_movement_once",
                fields=["alert", "entry", "account", "direction"],
            ),
            models.CheckConstraint(
                name="monitor_amount_is_positive", condition=Q(amount__gt=0, amount__lt=10**16)
            ),
        ]

    def __str__(self):
        return f"entry {self.entry_id} of alert {self.alert_id}"


class MonitorNote(models.Model):
    """What somebody wrote down about an alert or a case. Append-only."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, null=True, related_name="notes")
    case = models.ForeignKey(MonitorCase, on_delete=models.PROTECT, null=True, related_name="notes")
    text = models.CharField(max_length=4000)
    written_by = models.CharField(max_length=80)
    written_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="monitor_note_is_about_one_thing",
                condition=Q(alert__isnull=True, case__isnull=False)
                | Q(alert__isnull=False, case__isnull=True),
            ),
            models.CheckConstraint(name="monitor_note_says_something", condition=~Q(text="")),
        ]

    def __str__(self):
        return f"note {self.pk}"
