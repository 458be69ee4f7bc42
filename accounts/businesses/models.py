"""A business as a party, the people who act for it, and what they may do together."""

import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.businesses.states import BANKING, BusinessState, ChangeState, InvitationState
from ledger.money import Money
from wekeza.kit.encryption import EncryptedTextField

TIER = "BUSINESS"
REGISTRATION_NO = r"^(PVT|PLC|CPR|BN|LLP|FC|CLG)[-/]?[A-Z0-9/]{4,12}$"  # kenya.md 7.2
KRA_PIN = r"^P\d{9}[A-Z]$"  # P is for all who are no natural person (kenya.md 7.2).
# Names are data, in English; these are the ones that translators know.
KNOWN_NAMES = (gettext_noop("Business account"), gettext_noop("Business"))


class Business(models.Model):
    """A company or partnership that banks here. It acts through its members, never by itself."""

    class Sector(models.TextChoices):
        AGRICULTURE = "AGRICULTURE", _("Farming and food")
        TRADE = "TRADE", _("Shops and wholesale")
        MANUFACTURING = "MANUFACTURING", _("Manufacturing")
        CONSTRUCTION = "CONSTRUCTION", _("Building and hardware")
        TRANSPORT = "TRANSPORT", _("Transport")
        HOSPITALITY = "HOSPITALITY", _("Hotels and restaurants")
        TECHNOLOGY = "TECHNOLOGY", _("Technology")
        HEALTH = "HEALTH", _("Health")
        EDUCATION = "EDUCATION", _("Education")
        SERVICES = "SERVICES", _("Other services")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    name = models.CharField(max_length=120)
    registration_no = models.CharField(max_length=20)
    kra_pin = models.CharField(max_length=11)
    sector = models.CharField(max_length=14, choices=Sector.choices)
    nature = models.CharField(max_length=200, help_text="What it does, in the founder's words.")
    address = models.CharField(max_length=200)
    state = models.CharField(
        max_length=10, choices=BusinessState.choices, default=BusinessState.DRAFT
    )
    tier = models.ForeignKey("accounts.Tier", on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    activated_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "businesses"
        constraints = [
            models.UniqueConstraint(
                name="businesses_registration_belongs_to_one",
                fields=["registration_no"],
                condition=Q(state__in=["SUBMITTED", *BANKING]),
            ),
            models.UniqueConstraint(
                name="businesses_kra_pin_belongs_to_one",
                fields=["kra_pin"],
                condition=Q(state__in=["SUBMITTED", *BANKING]),
            ),
            models.CheckConstraint(
                name="businesses_registration_has_the_shape_of_one",
                condition=Q(registration_no__regex=REGISTRATION_NO),
            ),
            models.CheckConstraint(
                name="businesses_kra_pin_is_of_no_natural_person",
                condition=Q(kra_pin__regex=KRA_PIN),
            ),
        ]

    def __str__(self):
        return f"business {self.pk}"

    @property
    def owner_ref(self) -> str:
        """The name under which references and limits of this business stand."""
        return f"business:{self.pk}"

    @property
    def is_draft(self) -> bool:
        return self.state == BusinessState.DRAFT

    @property
    def status(self) -> str:
        """How it stands as a holder of accounts; a customer has the same word."""
        return self.state

    @property
    def is_submitted(self) -> bool:
        """It waits for the bank."""
        return self.state == BusinessState.SUBMITTED

    @property
    def is_registering(self) -> bool:
        """The bank has not let it in yet."""
        return self.state in (BusinessState.DRAFT, BusinessState.SUBMITTED)

    @property
    def is_active(self) -> bool:
        return self.state == BusinessState.ACTIVE

    @property
    def is_suspended(self) -> bool:
        """Stopped with every account, until its people's cases are cleared."""
        return self.state == BusinessState.SUSPENDED

    @property
    def is_banking(self) -> bool:
        """It has an account here, stopped or not."""
        return self.state in BANKING

    @property
    def may_be_joined(self) -> bool:
        """Who was invited may still come: it registers, or banks here undisturbed."""
        return self.is_registering or self.is_active

    @property
    def is_under_check(self) -> bool:
        """Held or suspended; to its people both are the same."""
        return self.state in (BusinessState.CHECKING, BusinessState.SUSPENDED)


class Member(models.Model):
    """One role of one customer in one business, from a moment until another; rows are kept."""

    class Role(models.TextChoices):
        DIRECTOR = "DIRECTOR", _("Director")
        SIGNATORY = "SIGNATORY", _("Signatory")
        MAKER = "MAKER", _("Prepares payments")
        VIEWER = "VIEWER", _("Only looks")

    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="members")
    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=9, choices=Role.choices)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="businesses_one_row_a_standing_role",
                fields=["business", "customer", "role"],
                condition=Q(left_at=None),
            ),
            models.CheckConstraint(
                name="businesses_members_leave_after_they_join",
                condition=Q(left_at=None) | Q(left_at__gte=F("joined_at")),
            ),
        ]

    def __str__(self):
        return f"#{self.pk} {self.role} of {self.business_id}"


class BeneficialOwner(models.Model):
    """
    A natural person who owns a tenth of a business or more (kenya.md 7.1). Who was taken off the
    list again stays here as long as screening has a case of them: striking a name frees nobody.
    """

    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="owners")
    full_name = models.CharField(max_length=120)
    national_id = EncryptedTextField(
        context="owner.national_id", bound_to=("business_id", "national_id_index")
    )
    national_id_index = models.CharField(max_length=64)
    share_percent = models.DecimalField(max_digits=5, decimal_places=2)
    left_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="businesses_owner_is_named_once",
                fields=["business", "national_id_index"],
                condition=Q(left_at=None),
            ),
            models.CheckConstraint(
                name="businesses_owner_has_a_tenth_or_more",
                condition=Q(share_percent__gte=10, share_percent__lte=100),
            ),
        ]

    def __str__(self):
        return f"#{self.pk} owner of {self.business_id}"


class MandateBand(models.Model):
    """
    Up to an amount, so many of the signatories must sign. The bands of one version hold together;
    a new version ends the one before it.
    """

    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="bands")
    version = models.SmallIntegerField()
    up_to = models.DecimalField(
        max_digits=20, decimal_places=4, null=True, help_text="In KES; empty is any amount."
    )
    needed = models.SmallIntegerField(help_text="How many different signatories.")
    maker_counts = models.BooleanField(
        default=False, help_text="Who prepared the payment may be one of them."
    )
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="businesses_bands_of_a_version_differ",
                fields=["business", "version", "up_to"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="businesses_band_needs_somebody", condition=Q(needed__gte=1, needed__lte=20)
            ),
            models.CheckConstraint(
                name="businesses_band_ends_above_nothing",
                condition=Q(up_to=None) | Q(up_to__gt=0, up_to__lt=10**16),
            ),
        ]

    def __str__(self):
        return f"#{self.pk} version {self.version} of {self.business_id}"

    @property
    def limit(self) -> Money | None:
        """The largest amount of the band; None is any."""
        return None if self.up_to is None else Money.rounded(self.up_to, "KES")

    def covers(self, money: Money) -> bool:
        return self.up_to is None or money.amount <= self.up_to


class Invitation(models.Model):
    """A call to one phone or e-mail address to act for a business; its link works once."""

    class Channel(models.TextChoices):
        SMS = "SMS", _("Phone")
        EMAIL = "EMAIL", _("E-mail")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="invitations")
    full_name = models.CharField(max_length=120)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    contact = EncryptedTextField(context="invitation.contact", bound_to=("public_id",))
    contact_index = models.CharField(max_length=64)
    roles = models.JSONField(default=list)
    state = models.CharField(
        max_length=9, choices=InvitationState.choices, default=InvitationState.OPEN
    )
    token_hash = models.CharField(max_length=64, blank=True, default="")
    invited_by = models.ForeignKey("accounts.Customer", on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        "accounts.Customer", on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="businesses_invitation_token_is_unique",
                fields=["token_hash"],
                condition=~Q(token_hash=""),
            ),
            models.UniqueConstraint(
                name="businesses_one_open_invitation_a_contact",
                fields=["business", "contact_index"],
                condition=Q(state__in=["PROPOSED", "OPEN"]),
            ),
            models.CheckConstraint(
                name="businesses_invitation_is_accepted_by_somebody",
                condition=Q(state="ACCEPTED", accepted_by__isnull=False)
                | (~Q(state="ACCEPTED") & Q(accepted_by__isnull=True)),
            ),
        ]

    def __str__(self):
        return f"#{self.pk} invitation to {self.business_id}"

    @property
    def role_labels(self) -> list:
        return [Member.Role(role).label for role in self.roles]


class Change(models.Model):
    """A change of the team or the mandate that one director asks for and another one decides."""

    class Kind(models.TextChoices):
        MANDATE = "MANDATE", _("Change who must approve payments")
        INVITE = "INVITE", _("Invite a person")
        LEAVE = "LEAVE", _("Take a person off the team")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder, help_text="Ids, figures.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of what both directors are shown.")
    state = models.CharField(max_length=8, choices=ChangeState.choices, default=ChangeState.PENDING)
    made_by = models.ForeignKey("accounts.Customer", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "accounts.Customer", on_delete=models.PROTECT, null=True, related_name="+"
    )
    bank_approval = models.CharField(
        max_length=80, blank=True, default="", help_text="Where the bank stands in for a director."
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="businesses_change_takes_two_directors",
                condition=~Q(state="DONE")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("made_by")))
                | (Q(decided_by__isnull=True) & ~Q(bank_approval="")),
            ),
        ]

    def __str__(self):
        return f"#{self.pk} {self.kind} of {self.business_id}"

    @property
    def is_waiting(self) -> bool:
        """Nobody has decided it."""
        return self.state == ChangeState.PENDING


class Signature(models.Model):
    """
    One signatory's yes or no to one intent, exactly as it was shown (`intent_digest`). The same
    person signs an intent once; rows are never changed.
    """

    class Decision(models.TextChoices):
        APPROVED = "APPROVED", _("Approved")
        REJECTED = "REJECTED", _("Rejected")

    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="+")
    intent = models.CharField(max_length=80, help_text="Label and id of what is signed.")
    intent_digest = models.CharField(max_length=64)
    signer = models.ForeignKey("accounts.Customer", on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=8, choices=Decision.choices)
    way = models.CharField(
        max_length=5, blank=True, default="", help_text="PIN, CODE, TOTP or KEY."
    )
    reason = models.CharField(max_length=200, blank=True, default="")
    signed_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="businesses_person_signs_an_intent_once", fields=["intent", "signer"]
            ),
            models.CheckConstraint(
                name="businesses_rejection_says_why",
                condition=~Q(decision="REJECTED") | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="businesses_approval_was_proved",
                condition=~Q(decision="APPROVED") | ~Q(way=""),
            ),
        ]

    def __str__(self):
        return f"#{self.pk} {self.decision} {self.intent}"
