"""What the bank asked about a customer, what came back, and from which likeness on it is a yes."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.registry.states import ANSWERS, DOUBTS, OPEN, CheckState
from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedRows
from wekeza.kit.encryption import EncryptedTextField


class MatchThreshold(models.Model):
    """From how many percent on something counts as the same, over a span of days."""

    class Kind(models.TextChoices):
        SAME_NAME = "SAME_NAME", _("One name is the other, spelled another way")
        ID_NAMES_MATCH = "ID_NAMES_MATCH", _("Names match the register's")
        ID_NAMES_PARTIAL = "ID_NAMES_PARTIAL", _("Names match the register's in part")
        PHONE_NAMES_MATCH = "PHONE_NAMES_MATCH", _("Names match the network's")
        PHONE_NAMES_PARTIAL = "PHONE_NAMES_PARTIAL", _("Names match the network's in part")

    kind = models.CharField(max_length=20, choices=Kind.choices)
    least_percent = models.SmallIntegerField()
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
                name="registry_one_threshold_a_kind_and_start", fields=["kind", "effective_from"]
            ),
            models.CheckConstraint(
                name="registry_thresholds_end_after_they_start",
                condition=ENDS_AFTER_IT_STARTS,
            ),
            models.CheckConstraint(
                name="registry_threshold_is_a_percentage",
                condition=Q(least_percent__gte=1, least_percent__lte=100),
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.least_percent}% from {self.effective_from}"


class IdentityCheck(models.Model):
    """
    One question about a customer to the national register (ID) or to the phone's network (PHONE).

    What was asked is kept as a keyed hash only, what came back sealed. `scores` hold 0 to 100 by
    field, `differing` those of the customer's own names that were not found.
    """

    class Kind(models.TextChoices):
        ID = "ID", _("National register")
        PHONE = "PHONE", _("Owner of the phone")

    class Finding(models.TextChoices):
        GENUINE = "GENUINE", _("Seen, and genuine")
        DOUBTFUL = "DOUBTFUL", _("The doubt stands")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.PROTECT, related_name="identity_checks"
    )
    kind = models.CharField(max_length=5, choices=Kind.choices)
    facts_hash = models.CharField(max_length=64, help_text="Keyed hash of what was asked about.")
    state = models.CharField(max_length=10, choices=CheckState.choices, default=CheckState.PENDING)
    scores = models.JSONField(default=dict)
    differing = models.JSONField(default=list)
    is_deceased = models.BooleanField(default=False)
    provider = models.CharField(max_length=20, blank=True, default="")
    provider_ref = models.CharField(max_length=60, blank=True, default="")
    raw = EncryptedTextField(
        blank=True, default="", context="identity_check.raw", bound_to=("public_id",)
    )
    error = models.CharField(max_length=120, blank=True, default="")
    asked_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    finding = models.CharField(max_length=8, choices=Finding.choices, blank=True, default="")
    finding_reason = models.CharField(max_length=400, blank=True, default="")
    settled_by = models.CharField(max_length=80, blank=True, default="")
    settled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "kind", "-id"], name="registry_of_customer")]
        constraints = [
            models.UniqueConstraint(
                name="registry_one_open_question_of_a_kind",
                fields=["customer", "kind"],
                condition=Q(state__in=OPEN),
            ),
            models.CheckConstraint(
                name="registry_the_dead_open_no_accounts",
                condition=~Q(state=CheckState.MATCH, is_deceased=True),
            ),
            models.CheckConstraint(
                name="registry_nobody_finds_the_dead_genuine",
                condition=~Q(finding="GENUINE", is_deceased=True),
            ),
            models.CheckConstraint(
                name="registry_an_answer_has_its_moment",
                condition=~Q(state__in=sorted(ANSWERS)) | Q(answered_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"#{self.pk} {self.kind} {self.state}"

    @property
    def is_open(self) -> bool:
        """Nobody has answered yet."""
        return self.state in OPEN

    @property
    def is_confirmed(self) -> bool:
        """The other side said yes, or an officer saw the papers and did."""
        return self.state == CheckState.MATCH or self.finding == self.Finding.GENUINE

    @property
    def needs_officer(self) -> bool:
        """It was answered with a doubt that nobody has looked at."""
        return self.state in DOUBTS and self.settled_at is None
