"""
The customer as a party: what they agreed to, how else to reach them, what they ask to have
corrected, and the answers of one who is still signing up.
"""

import uuid

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.customers.counties import COUNTIES
from accounts.customers.states import ChangeState
from wekeza.kit.actor import Actor
from wekeza.kit.encryption import EncryptedTextField
from wekeza.kit.persons import person_of


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
    national_id = EncryptedTextField(context="customer.national_id", bound_to=("public_id",))
    national_id_index = models.CharField(max_length=64, unique=True)
    date_of_birth = models.DateField()
    occupation = models.CharField(max_length=80, blank=True, default="")
    tier = models.ForeignKey("accounts.Tier", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(
        "accounts.Branch", on_delete=models.PROTECT, default="001", related_name="+"
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    kyc_status = models.CharField(
        max_length=14, choices=KycStatus.choices, default=KycStatus.SELF_DECLARED
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            # Staff find customers by names that are misspelt or in another order.
            GinIndex(OpClass("full_name", name="gin_trgm_ops"), name="customers_by_like_names"),
        ]

    def __str__(self):
        return f"customer {self.pk}"

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE

    @property
    def is_under_check(self) -> bool:
        """Held or suspended; to the customer both are the same."""
        return self.status in (self.Status.CHECKING, self.Status.SUSPENDED)

    @property
    def outward_status(self) -> str:
        """The status as the customer, and whoever asks for them, may know it (no tipping-off)."""
        return self.Status.CHECKING if self.is_under_check else self.status

    @property
    def is_suspended(self) -> bool:
        """Stopped with every account, until two persons let them go on."""
        return self.status == self.Status.SUSPENDED

    @property
    def owner_ref(self) -> str:
        """The name under which references and limits of this customer stand."""
        return f"customer:{self.pk}"

    @property
    def actor(self) -> Actor:
        """The customer as the one who acts, and the natural person behind them."""
        return Actor("CUSTOMER", str(self.pk), person=person_of(self.national_id_index))


class Application(models.Model):
    """What somebody who is opening an account has told us so far; one for each login."""

    user = models.OneToOneField(
        "accounts.User", on_delete=models.PROTECT, related_name="application"
    )
    full_name = models.CharField(max_length=120, blank=True, default="")
    national_id = EncryptedTextField(
        blank=True, default="", context="application.national_id", bound_to=("user_id",)
    )
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


class FurtherPhone(models.Model):
    """
    A phone of a customer beside the main one, which is the login's (CK14). Making it the main one
    swaps the two numbers, so that there is always exactly one.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="further_phones")
    phone = EncryptedTextField(context="further_phone.phone", bound_to=("public_id",))
    phone_index = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="customers_further_phone_belongs_to_one_customer",
                fields=["phone_index"],
                condition=Q(confirmed_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="customers_further_phone_stands_once", fields=["customer", "phone_index"]
            ),
        ]

    def __str__(self):
        return f"further phone {self.pk}"

    @property
    def is_confirmed(self) -> bool:
        """Its code was typed."""
        return self.confirmed_at is not None


class Address(models.Model):
    """Where a customer lives, works or has a box; one of them is the main one (CK14)."""

    class Kind(models.TextChoices):
        HOME = "HOME", _("Home")
        WORK = "WORK", _("Work")
        POSTAL = "POSTAL", _("Postal box")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="addresses")
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.HOME)
    line = models.CharField(max_length=200)
    town = models.CharField(max_length=80, blank=True, default="")
    county = models.CharField(max_length=2, choices=COUNTIES, blank=True, default="")
    is_main = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="customers_one_main_address", fields=["customer"], condition=Q(is_main=True)
            )
        ]

    def __str__(self):
        return f"address {self.pk}"


class ProfileChange(models.Model):
    """
    A customer's request to have name, ID number or date of birth corrected (Data Protection Act
    2019 s.40). Nothing changes before an officer, and another one after them, have decided.
    """

    class Field(models.TextChoices):
        FULL_NAME = "full_name", _("Full name")
        NATIONAL_ID = "national_id", _("ID number")
        DATE_OF_BIRTH = "date_of_birth", _("Date of birth")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="changes")
    field = models.CharField(max_length=14, choices=Field.choices)
    before = EncryptedTextField(context="profile_change.before", bound_to=("public_id",))
    after = EncryptedTextField(context="profile_change.after", bound_to=("public_id",))
    reason = models.CharField(max_length=400)
    state = models.CharField(max_length=9, choices=ChangeState.choices, default=ChangeState.WAITING)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True, default="")
    answer = models.CharField(max_length=400, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="customers_one_waiting_change_of_a_field",
                fields=["customer", "field"],
                condition=Q(state=ChangeState.WAITING),
            ),
            models.CheckConstraint(
                name="customers_a_decided_change_has_its_moment",
                condition=Q(state=ChangeState.WAITING) | Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"change {self.pk} of {self.field}"

    @property
    def is_waiting(self) -> bool:
        """Nobody has decided, and the customer has not taken it back."""
        return self.state == ChangeState.WAITING
