"""Partners, their apps, keys and quotas, and what customers let them see."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from accounts.partners.states import AppState, PartnerState
from wekeza.kit.dated import DatedRows

MAY_TRY = (PartnerState.APPLIED, PartnerState.ACTIVE)


class Partner(models.Model):
    """A company that builds on the bank's API. Its contact signs in with a login of ours."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    login = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="partner")
    name = models.CharField(max_length=80, unique=True)
    registration_no = models.CharField(max_length=40)
    website = models.CharField(max_length=200)
    purpose = models.CharField(max_length=400, help_text="What it wants to build, in its words.")
    state = models.CharField(
        max_length=10, choices=PartnerState.choices, default=PartnerState.APPLIED
    )
    applied_at = models.DateTimeField()
    approval = models.OneToOneField(
        "ledger.Approval", on_delete=models.PROTECT, null=True, related_name="+"
    )
    admitted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="partners_work_only_once_admitted",
                condition=Q(state__in=["APPLIED", "CLOSED"])
                | Q(admitted_at__isnull=False, approval__isnull=False),
            )
        ]

    def __str__(self):
        return f"partner {self.name}"

    @property
    def is_active(self) -> bool:
        return self.state == PartnerState.ACTIVE

    @property
    def has_applied(self) -> bool:
        """It waits for the bank's yes or no."""
        return self.state == PartnerState.APPLIED

    @property
    def may_be_admitted(self) -> bool:
        """It applied, or it was stopped and may come back; both take two persons."""
        return self.state in {PartnerState.APPLIED, PartnerState.SUSPENDED}

    @property
    def may_try(self) -> bool:
        """Sandbox calls work from the application on, until it is refused or suspended."""
        return self.state in MAY_TRY


class PartnerScope(models.Model):
    """One kind of object that an app may be let into, with the customer's sentence for it."""

    code = models.CharField(max_length=30, primary_key=True)
    rank = models.SmallIntegerField(unique=True)
    sentence = models.CharField(max_length=160)
    sentence_sw = models.CharField(max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.code

    def words(self, language: str) -> str:
        """The sentence that a customer reads."""
        return self.sentence_sw if language == "sw" else self.sentence


class AppQuerySet(models.QuerySet):
    """Apps, by whether they may do anything now."""

    def working(self):
        """This will keep the apps that are open and whose partner may use their mode."""
        may_try = Q(mode=PartnerApp.Mode.SANDBOX, partner__state__in=MAY_TRY)
        return self.filter(may_try | Q(partner__state=PartnerState.ACTIVE), state=AppState.ACTIVE)


class PartnerApp(models.Model):
    """
    One program of a partner. allauth's client keeps its scopes, redirect addresses and the digests
    of its keys; here is what the bank adds.
    """

    class Mode(models.TextChoices):
        SANDBOX = "SANDBOX"
        LIVE = "LIVE"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="apps")
    client = models.OneToOneField(
        "allauth_idp_oidc.Client", on_delete=models.PROTECT, related_name="app"
    )
    name = models.CharField(max_length=60)
    mode = models.CharField(max_length=8, choices=Mode.choices)
    state = models.CharField(max_length=8, choices=AppState.choices, default=AppState.ACTIVE)
    networks = ArrayField(
        models.CharField(max_length=43), default=list, help_text="None means from anywhere."
    )
    last_used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AppQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="partners_name_an_app_once_a_mode", fields=["partner", "name", "mode"]
            )
        ]

    def __str__(self):
        return f"app {self.public_id}"

    @property
    def key(self) -> str:
        """Its name in the log of calls, in quotas and in idempotency keys."""
        return f"partner:{self.public_id.hex}"

    @property
    def is_sandbox(self) -> bool:
        return self.mode == self.Mode.SANDBOX

    @property
    def is_working(self) -> bool:
        """The app is open and its partner may use this mode."""
        may = self.partner.may_try if self.is_sandbox else self.partner.is_active
        return self.state == AppState.ACTIVE and may


class PartnerKey(models.Model):
    """A client secret of an app. Only its keyed hash is kept; the partner saw it once."""

    app = models.ForeignKey(PartnerApp, on_delete=models.PROTECT, related_name="keys")
    hint = models.CharField(max_length=20, help_text="How it begins, to tell keys apart.")
    digest = models.CharField(max_length=64, unique=True)
    valid_until = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="partners_one_newest_key_an_app",
                fields=["app"],
                condition=Q(valid_until__isnull=True, revoked_at__isnull=True),
            )
        ]

    def __str__(self):
        return f"key {self.hint}"


class PartnerQuota(models.Model):
    """How many calls an app may make: for all of a mode, or for one app. Dated."""

    mode = models.CharField(max_length=8, choices=PartnerApp.Mode.choices)
    app = models.ForeignKey(
        PartnerApp, on_delete=models.PROTECT, null=True, blank=True, related_name="quotas"
    )
    per_minute = models.IntegerField()
    per_day = models.IntegerField()
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
                name="partners_one_quota_a_start",
                fields=["mode", "app", "effective_from"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="partners_quota_lets_somebody_in",
                condition=Q(per_minute__gt=0, per_day__gte=F("per_minute")),
            ),
        ]

    def __str__(self):
        return f"{self.mode} from {self.effective_from}"

    def clean(self):
        """An app has one mode; a quota of it for the other would never be looked at."""
        if self.app is not None and self.app.mode != self.mode:
            raise ValidationError({"mode": f"This app is {self.app.mode}. Choose that mode"})


class PartnerUsage(models.Model):
    """How many calls an app made in one minute or on one Nairobi day."""

    class Span(models.TextChoices):
        MINUTE = "MINUTE"
        DAY = "DAY"

    app = models.ForeignKey(PartnerApp, on_delete=models.PROTECT, related_name="+")
    span = models.CharField(max_length=6, choices=Span.choices)
    starts_at = models.DateTimeField()
    calls = models.IntegerField(default=0)

    class Meta:
        verbose_name_plural = "partner usage"
        constraints = [
            models.UniqueConstraint(
                name="partners_count_a_span_once", fields=["app", "span", "starts_at"]
            )
        ]

    def __str__(self):
        return f"{self.app_id} {self.span} {self.starts_at}"


class PartnerConsent(models.Model):
    """
    What a customer lets one app see and ask for: which objects, on which accounts, until when. It
    ends by its date or by the customer; a newer one of the same app takes its place.
    """

    class Ended(models.TextChoices):
        REVOKED = "REVOKED"
        REPLACED = "REPLACED"
        APP_CLOSED = "APP_CLOSED"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    app = models.ForeignKey(PartnerApp, on_delete=models.PROTECT, related_name="consents")
    customer = models.ForeignKey("accounts.Customer", on_delete=models.PROTECT, related_name="+")
    scopes = ArrayField(models.CharField(max_length=30))
    accounts = models.ManyToManyField("accounts.DepositAccount", related_name="+")
    version = models.CharField(max_length=20)
    text_hash = models.CharField(max_length=64, help_text="SHA-256 of the text that was shown.")
    language = models.CharField(max_length=5)
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=10, choices=Ended.choices, blank=True, default="")
    last_used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="partners_one_standing_consent_an_app_and_customer",
                fields=["app", "customer"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="partners_consent_lasts", condition=Q(expires_at__gt=F("given_at"))
            ),
            models.CheckConstraint(
                name="partners_consent_says_why_it_ended",
                condition=Q(ended_at=None, ended_by="")
                | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
            ),
        ]

    def __str__(self):
        return f"consent {self.public_id}"

    def stands(self, at) -> bool:
        """Neither ended nor over at a moment."""
        return self.ended_at is None and at < self.expires_at


class SpentGrant(models.Model):
    """A code or refresh token that was used: whoever comes with it again has stolen it."""

    digest = models.CharField(max_length=64, unique=True)
    client = models.ForeignKey(
        "allauth_idp_oidc.Client", on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    spent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["spent_at"], name="partners_spent_by_age")]

    def __str__(self):
        return f"#{self.pk} of {self.client_id}"
