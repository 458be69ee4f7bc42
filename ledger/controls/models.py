"""Tables that make deeds accountable (audit) and safe to repeat (outbox, inbox, door keys)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from wekeza.kit.encryption import EncryptedTextField


class AuditEntry(models.Model):
    """Who did what to which record, when, and what changed. Written with the deed, never after."""

    recorded_at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=80)
    deed = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["subject", "id"], name="ledger_audit_by_subject"),
            models.Index(fields=["actor", "id"], name="ledger_audit_by_actor"),
        ]

    def __str__(self):
        return f"#{self.pk} {self.deed} {self.subject}"


class OutboxMessage(models.Model):
    """An event that must be told to somebody, written in the transaction of its deed."""

    class State(models.TextChoices):
        PENDING = "PENDING"
        DONE = "DONE"
        STUCK = "STUCK"  # Tried to the end; a person looks at it.

    event = models.CharField(max_length=60)
    payload = models.JSONField(default=dict, help_text="Ids only.")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    attempts = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    error = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="ledger_outbox_due",
                condition=Q(state="PENDING"),
            )
        ]

    def __str__(self):
        return f"#{self.pk} {self.event}"


class InboxReceipt(models.Model):
    """Proof that a message from outside, or an event for one handler, was already taken in."""

    source = models.CharField(max_length=60)
    message_ref = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="ledger_inbox_message_is_taken_once", fields=["source", "message_ref"]
            )
        ]

    def __str__(self):
        return f"{self.source} {self.message_ref}"


class DoorKey(models.Model):
    """A request that changed something, so that the same request again gives the first answer."""

    owner = models.CharField(max_length=40)
    route = models.CharField(max_length=60)
    key = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the request's facts.")
    subject = models.CharField(
        max_length=80, blank=True, default="", help_text="What it made: label and id."
    )
    status = models.SmallIntegerField(default=0, help_text="HTTP status that a program was given.")
    answer = EncryptedTextField(
        blank=True,
        default="",
        context="door.answer",
        bound_to=("owner", "route", "key"),
        help_text="Its body, byte for byte.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="ledger_door_key_is_used_once", fields=["owner", "route", "key"]
            ),
            models.CheckConstraint(
                name="ledger_door_key_keeps_a_subject_or_an_answer",
                condition=(Q(status=0) & ~Q(subject="")) | Q(status__gte=200, status__lt=300),
            ),
        ]

    def __str__(self):
        return f"{self.route} {self.key}"


class BankFact(models.Model):
    """The one row that says what this bank is. Only the owner role writes it."""

    name = models.CharField(max_length=80, default="Wekeza Bank")
    is_demo = models.BooleanField(default=False)
    index_canary = models.CharField(max_length=64)  # wekeza.kit.encryption.index_canary
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(name="ledger_one_bank", condition=Q(id=1))]

    def __str__(self):
        return self.name
