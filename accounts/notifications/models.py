"""Texts and e-mails on their way out, and the demo bank's inbox where they arrive."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.encryption import EncryptedTextField


class Message(models.Model):
    """One text or e-mail. Address and words are encrypted, and the words erased on delivery."""

    class Channel(models.TextChoices):
        SMS = "SMS"
        EMAIL = "EMAIL"

    class State(models.TextChoices):
        QUEUED = "QUEUED"
        SENDING = "SENDING"  # Claimed by one sender; the network call is on its way.
        SENT = "SENT"
        FAILED = "FAILED"  # The provider said no, and will say it again.
        UNKNOWN = "UNKNOWN"  # We asked and the answer is missing: never sent a second time.

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    user = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="messages"
    )
    channel = models.CharField(max_length=5, choices=Channel.choices)
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=5, default="en")
    recipient = EncryptedTextField(context="message.recipient", bound_to=("public_id",))
    subject = EncryptedTextField(
        blank=True, default="", context="message.subject", bound_to=("public_id",)
    )
    body = EncryptedTextField(
        blank=True, default="", context="message.body", bound_to=("public_id",)
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    provider = models.CharField(max_length=20, blank=True, default="")
    provider_ref = models.CharField(max_length=80, blank=True, default="")
    error = models.CharField(max_length=120, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="notifications_of_user")]

    def __str__(self):
        return f"#{self.pk} {self.channel} {self.kind}"


class DemoInboxItem(models.Model):
    """A message as it arrived in the demo bank's inbox page; written in demo mode only."""

    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=5)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True, default="")
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"#{self.pk} to {self.recipient}"


class MessageChoice(models.Model):
    """
    Whether a login wants messages on a topic. Without a row it does. Codes, money that leaves and
    changes of the login are no topic: they protect the money and always come.
    """

    class Topic(models.TextChoices):
        MONEY_IN = "MONEY_IN", _("Text me when money comes in")

    user = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="message_choices"
    )
    topic = models.CharField(max_length=10, choices=Topic.choices)
    is_wanted = models.BooleanField()
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="notifications_one_choice_a_topic", fields=["user", "topic"]
            )
        ]

    def __str__(self):
        return f"choice {self.pk} of {self.topic}"
