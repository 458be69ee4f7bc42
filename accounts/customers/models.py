"""The customer as a party, what they agreed to, and the answers of one who is still signing up."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wekeza.kit.encryption import EncryptedTextField


class Customer(models.Model):
    """A natural person who banks here. The national ID is kept encrypted, its keyed hash beside."""

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", _("Active")
        CHECKING = "CHECKING", _("We are checking your details")
        SUSPENDED = "SUSPENDED", _("Suspended")
        CLOSED = "CLOSED", _("Closed")

    class KycStatus(models.TextChoices):
        SELF_DECLARED = "SELF_DECLARED", _("Your details are self-declared")
        VERIFIED = "VERIFIED", _("Verified")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    user = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="customer")
    full_name = models.CharField(max_length=120)
    national_id = EncryptedTextField(context="customer.national_id")
    national_id_index = models.CharField(max_length=64, unique=True)
    date_of_birth = models.DateField()
    address = models.CharField(max_length=200, blank=True, default="")
    occupation = models.CharField(max_length=80, blank=True, default="")
    tier = models.ForeignKey("accounts.Tier", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    kyc_status = models.CharField(
        max_length=14, choices=KycStatus.choices, default=KycStatus.SELF_DECLARED
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return f"customer {self.pk}"

    @property
    def is_under_check(self) -> bool:
        """Held or suspended; to the customer both are the same."""
        return self.status in (self.Status.CHECKING, self.Status.SUSPENDED)

    @property
    def owner_ref(self) -> str:
        """The name under which references and limits of this customer stand."""
        return f"customer:{self.pk}"


class Application(models.Model):
    """What somebody who is opening an account has told us so far; one for each login."""

    user = models.OneToOneField(
        "accounts.User", on_delete=models.PROTECT, related_name="application"
    )
    full_name = models.CharField(max_length=120, blank=True, default="")
    national_id = EncryptedTextField(blank=True, default="", context="application.national_id")
    date_of_birth = models.DateField(null=True)
    pin_hash = models.CharField(max_length=200, blank=True, default="")
    id_tries = models.SmallIntegerField(
        default=0, help_text="Different ID numbers that were tried and belong to somebody."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return f"application of login {self.user_id}"

    @property
    def has_details(self) -> bool:
        """Name, ID and date of birth were given and passed."""
        return bool(self.full_name and self.national_id and self.date_of_birth)

    @property
    def has_pin(self) -> bool:
        """A transaction PIN was chosen."""
        return bool(self.pin_hash)


class Consent(models.Model):
    """What a customer agreed to, word for word, and when; withdrawn, never deleted."""

    class Kind(models.TextChoices):
        TERMS = "TERMS", _("Terms of the account")
        DATA = "DATA", _("How we use your data")
        MARKETING = "MARKETING", _("News and offers")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    version = models.CharField(max_length=20)
    text_hash = models.CharField(max_length=64, help_text="SHA-256 of the text that was shown.")
    language = models.CharField(max_length=5)
    channel = models.CharField(max_length=10, default="WEB")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="customers_one_standing_consent_of_a_kind",
                fields=["customer", "kind"],
                condition=Q(withdrawn_at=None),
            )
        ]

    def __str__(self):
        return f"#{self.pk} {self.kind} {self.version}"
