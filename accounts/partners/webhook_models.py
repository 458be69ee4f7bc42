"""Where an app is told what happens, what it was told, and each try."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.partners.states import DeliveryState
from wekeza.kit.encryption import EncryptedTextField


class WebhookEndpoint(models.Model):
    """An address of an app. Its secrets sign what is sent; they were shown once and are sealed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    app = models.ForeignKey("accounts.PartnerApp", on_delete=models.PROTECT, related_name="hooks")
    url = models.CharField(max_length=400)
    topics = ArrayField(models.CharField(max_length=20), help_text="payment, transaction, …")
    secret = EncryptedTextField(context="webhook.secret", bound_to=("public_id",))
    old_secret = EncryptedTextField(
        blank=True, default="", context="webhook.old_secret", bound_to=("public_id",)
    )
    old_secret_until = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_why = models.CharField(max_length=120, blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return f"webhook {self.public_id}"

    @property
    def is_on(self) -> bool:
        return self.disabled_at is None and self.closed_at is None


class WebhookDelivery(models.Model):
    """One event for one endpoint: the same event id on every try, in order for each object."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries"
    )
    event_id = models.CharField(max_length=60)
    event = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, help_text="The object that it is about.")
    sequence = models.IntegerField(help_text="Which event of that object, from 1.")
    data = models.JSONField()
    happened_at = models.DateTimeField()
    state = models.CharField(
        max_length=9, choices=DeliveryState.choices, default=DeliveryState.PENDING
    )
    tries = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "webhook deliveries"
        indexes = [
            models.Index(fields=["due_at", "id"], name="webhooks_due", condition=Q(state="PENDING"))
        ]
        constraints = [
            models.UniqueConstraint(
                name="webhooks_tell_an_event_once_an_endpoint", fields=["endpoint", "event_id"]
            ),
            models.UniqueConstraint(
                name="webhooks_number_the_events_of_an_object",
                fields=["endpoint", "subject", "sequence"],
            ),
        ]

    def __str__(self):
        return f"#{self.pk} {self.event}"

    @property
    def is_done(self) -> bool:
        return self.state == DeliveryState.DELIVERED

    @property
    def is_waiting(self) -> bool:
        return self.state == DeliveryState.PENDING


class WebhookAttempt(models.Model):
    """One try to deliver, and what the receiver said."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.PROTECT, related_name="attempts")
    number = models.SmallIntegerField()
    tried_at = models.DateTimeField()
    status_code = models.SmallIntegerField(null=True)
    error = models.CharField(max_length=120, blank=True, default="")
    milliseconds = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["delivery", "-id"], name="webhooks_tries_of_delivery")]

    def __str__(self):
        return f"#{self.pk} of {self.delivery_id}"

    @property
    def is_good(self) -> bool:
        return self.status_code is not None and 200 <= self.status_code < 300
