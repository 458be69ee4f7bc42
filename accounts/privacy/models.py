"""Who opened a customer's file or may, what customers ask about their data, and the terms of it."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.privacy.states import RequestState
from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedRows


class PrivacyTerm(models.Model):
    """One figure of the law on personal data, over a span of days."""

    class Kind(models.TextChoices):
        ANSWER_DAYS = "ANSWER_DAYS", _("Days until a request is answered")
        KEEP_YEARS = "KEEP_YEARS", _("Years for which records are kept")
        ACCESS_HOURS = "ACCESS_HOURS", _("Hours for which a restricted file is opened")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    value = models.SmallIntegerField()
    effective_from = models.DateField()
    effective_to = models.DateField(
        null=True, blank=True, help_text="The last day; open when empty."
    )
    source = models.CharField(max_length=140)
    approved_by = models.CharField(max_length=80)
    approval = models.ForeignKey(
        "ledger.Approval", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DatedRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="privacy_one_term_a_kind_and_start", fields=["kind", "effective_from"]
            ),
            models.CheckConstraint(
                name="privacy_terms_end_after_they_start",
                condition=ENDS_AFTER_IT_STARTS,
            ),
            models.CheckConstraint(name="privacy_term_is_positive", condition=Q(value__gt=0)),
        ]

    def __str__(self):
        return f"{self.kind} {self.value} from {self.effective_from}"


class FileView(models.Model):
    """
    Somebody at the bank opened a customer's file. The customer sees role and purpose, never the
    name; a look for an INVESTIGATION is kept but not shown (no tipping-off, kenya.md 7.5).
    """

    class Purpose(models.TextChoices):
        CALL = "CALL", _("You called us")
        VISIT = "VISIT", _("You were at a branch")
        REVIEW = "REVIEW", _("To check your documents")
        REQUEST = "REQUEST", _("To do what you asked for")
        PAYMENT = "PAYMENT", _("To look into a payment")
        COMPLAINT = "COMPLAINT", _("To answer your complaint")
        LENDING = "LENDING", _("To decide on a loan")
        CONTROL = "CONTROL", _("To check the bank’s own work")
        INVESTIGATION = "INVESTIGATION", _("To follow the law")

    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.PROTECT, related_name="file_views"
    )
    actor = models.CharField(max_length=80)
    role = models.CharField(max_length=60, blank=True, default="")
    purpose = models.CharField(max_length=13, choices=Purpose.choices)
    words = models.CharField(max_length=200, blank=True, default="", help_text="For the bank only.")
    at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "-id"], name="privacy_views_of_customer")]

    def __str__(self):
        return f"#{self.pk} {self.purpose}"


class FileAccess(models.Model):
    """
    A restricted file is open to one member of staff for a while, because a second person agreed.
    The table takes no row without that person's approval.
    """

    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.PROTECT, related_name="file_accesses"
    )
    actor = models.CharField(max_length=80)
    approval = models.OneToOneField("ledger.Approval", on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "ends_at"], name="privacy_accesses_running")]
        constraints = [
            models.CheckConstraint(
                name="privacy_an_access_ends_after_it_began", condition=Q(ends_at__gt=F("begun_at"))
            )
        ]

    def __str__(self):
        return f"#{self.pk} of {self.actor} to customer {self.customer_id}"


class DataRequest(models.Model):
    """What a customer asks about their data, by when it must be answered, and the answer."""

    class Kind(models.TextChoices):
        DOWNLOAD = "DOWNLOAD", _("A copy of my data")
        OBJECTION = "OBJECTION", _("Stop using my data for something")
        ERASURE = "ERASURE", _("Erase my data")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.PROTECT, related_name="data_requests"
    )
    kind = models.CharField(max_length=9, choices=Kind.choices)
    words = models.CharField(max_length=1000, blank=True, default="")
    state = models.CharField(max_length=8, choices=RequestState.choices, default=RequestState.OPEN)
    asked_at = models.DateTimeField()
    due_date = models.DateField(help_text="The last Nairobi day for the answer.")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True, default="")
    answer = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-id"], name="privacy_requests_of_customer"),
            models.Index(
                fields=["due_date"], name="privacy_open_requests", condition=Q(state="OPEN")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="privacy_an_answer_has_its_moment",
                condition=Q(state=RequestState.OPEN) | Q(answered_at__isnull=False),
            )
        ]

    def __str__(self):
        return f"#{self.pk} {self.kind}"
