"""What tiers ask for, what a customer declared, requests for a tier, reviews, and notices."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedNumber, DatedTerm
from wekeza.kit.encryption import EncryptedTextField


class Fact(models.TextChoices):
    """What a customer tells; documents are named by accounts.documents."""

    FULL_NAME = "FULL_NAME", _("Full name")
    NATIONAL_ID = "NATIONAL_ID", _("ID number")
    PHONE = "PHONE", _("Phone number")
    EMAIL = "EMAIL", _("E-mail address")
    KRA_PIN = "KRA_PIN", _("KRA PIN")
    ADDRESS = "ADDRESS", _("Address")
    OCCUPATION = "OCCUPATION", _("Occupation")
    MONTHLY_INCOME = "MONTHLY_INCOME", _("Income in a month")
    SOURCE_OF_FUNDS = "SOURCE_OF_FUNDS", _("Where your money comes from")


class TierRequirement(DatedTerm):
    """One fact or document that a tier asks for, beside those of the tiers below it; dated."""

    tier = models.ForeignKey("accounts.Tier", on_delete=models.PROTECT, related_name="requirements")
    needs = models.CharField(max_length=20, help_text="A fact, or a kind of document.")
    is_document = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="kyc_a_tier_asks_once", fields=["tier", "needs", "effective_from"]
            ),
            models.CheckConstraint(
                name="kyc_requirements_end_after_they_start",
                condition=ENDS_AFTER_IT_STARTS,
            ),
        ]

    def __str__(self):
        return f"{self.tier_id} needs {self.needs} from {self.effective_from}"


class KycTerm(DatedNumber):
    """A clock or an age of KYC, as a dated row."""

    class Kind(models.TextChoices):
        REVIEW_MONTHS_LOW = "REVIEW_MONTHS_LOW"
        REVIEW_MONTHS_MEDIUM = "REVIEW_MONTHS_MEDIUM"
        REVIEW_MONTHS_HIGH = "REVIEW_MONTHS_HIGH"
        NOTICE_DAYS = "NOTICE_DAYS"
        ANSWER_HOURS = "ANSWER_HOURS"


class DeclaredFacts(models.Model):
    """What a customer declared beside the profile; the KRA PIN encrypted, its keyed hash beside."""

    class Source(models.TextChoices):
        SALARY = "SALARY", _("Salary")
        BUSINESS = "BUSINESS", _("My business")
        FARMING = "FARMING", _("Farming")
        PENSION = "PENSION", _("Pension")
        FAMILY = "FAMILY", _("Family")
        INVESTMENTS = "INVESTMENTS", _("Rent, shares or savings")
        OTHER = "OTHER", _("Something else")

    customer = models.OneToOneField(
        "accounts.Customer", on_delete=models.PROTECT, related_name="declared"
    )
    kra_pin = EncryptedTextField(
        blank=True, default="", context="kyc.kra_pin", bound_to=("customer_id",)
    )
    kra_pin_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    monthly_income = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, default="KES")
    source_of_funds = models.CharField(
        max_length=12, choices=Source.choices, blank=True, default=""
    )
    told_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="kyc_income_is_no_debt",
                condition=Q(monthly_income__isnull=True)
                | Q(monthly_income__gte=0, monthly_income__lt=10**16),
            )
        ]

    def __str__(self):
        return f"declared by customer {self.customer_id}"


class Submission(models.Model):
    """A customer's request for a tier: open while they collect, sent while the bank looks."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("You are collecting")
        SENT = "SENT", _("We are checking")
        RAISED = "RAISED", _("Accepted")
        CANCELLED = "CANCELLED", _("Cancelled")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.PROTECT, related_name="submissions"
    )
    tier = models.ForeignKey("accounts.Tier", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    begun_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answer_due_at = models.DateTimeField(null=True, help_text="The bank's own clock.")
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["answer_due_at"], name="kyc_queue_by_clock", condition=Q(state="SENT")
            )
        ]
        constraints = [
            models.UniqueConstraint(
                name="kyc_one_standing_request_a_customer",
                fields=["customer"],
                condition=Q(state__in=["OPEN", "SENT"]),
            ),
            models.CheckConstraint(
                name="kyc_sent_requests_have_a_clock",
                condition=~Q(state="SENT") | Q(sent_at__isnull=False, answer_due_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"#{self.pk} {self.tier_id} for customer {self.customer_id}"

    @property
    def is_open(self) -> bool:
        """The customer is still collecting."""
        return self.state == self.State.OPEN

    @property
    def is_sent(self) -> bool:
        """An officer is looking at it."""
        return self.state == self.State.SENT


class Review(models.Model):
    """That the bank knows a customer at a tier: who looked, who agreed, and when to look again."""

    class Risk(models.TextChoices):
        LOW = "LOW", _("Low")
        MEDIUM = "MEDIUM", _("Medium")
        HIGH = "HIGH", _("High")

    class State(models.TextChoices):
        CURRENT = "CURRENT"
        REPLACED = "REPLACED"
        LAPSED = "LAPSED"

    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.PROTECT, related_name="reviews"
    )
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="review")
    tier = models.ForeignKey("accounts.Tier", on_delete=models.PROTECT, related_name="+")
    risk = models.CharField(max_length=6, choices=Risk.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.CURRENT)
    approval = models.OneToOneField("ledger.Approval", on_delete=models.PROTECT, related_name="+")
    reviewed_by = models.CharField(max_length=80, help_text="The maker.")
    approved_by = models.CharField(max_length=80, help_text="The checker.")
    reviewed_at = models.DateTimeField()
    due_date = models.DateField(help_text="The last day on which it holds without a renewal.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="kyc_one_current_review_a_customer",
                fields=["customer"],
                condition=Q(state="CURRENT"),
            ),
            models.CheckConstraint(
                name="kyc_reviews_have_two_people", condition=~Q(reviewed_by=F("approved_by"))
            ),
        ]

    def __str__(self):
        return f"#{self.pk} {self.tier_id} of customer {self.customer_id}"


class ExpiryNotice(models.Model):
    """That its owner was told: this paper, or this review, ends on a day; renew it before."""

    customer = models.ForeignKey(
        "accounts.Customer",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Nobody of a paper that a business brought.",
    )
    document = models.OneToOneField(
        "accounts.Document", on_delete=models.PROTECT, null=True, related_name="notice"
    )
    review = models.OneToOneField(
        Review, on_delete=models.PROTECT, null=True, related_name="notice"
    )
    due_date = models.DateField()
    told_at = models.DateTimeField()
    ends_date = models.DateField(help_text="From this day on the tier may be lowered.")
    settled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["ends_date"], name="kyc_notices_running", condition=Q(settled_at=None)
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="kyc_a_notice_is_about_one_thing",
                condition=Q(document__isnull=True, review__isnull=False)
                | Q(document__isnull=False, review__isnull=True),
            ),
            models.CheckConstraint(
                name="kyc_a_notice_ends_after_its_day", condition=Q(ends_date__gt=F("due_date"))
            ),
            models.CheckConstraint(
                name="kyc_a_notice_of_a_review_is_a_customers",
                condition=Q(customer__isnull=False) | Q(document__isnull=False),
            ),
        ]

    def __str__(self):
        return f"#{self.pk} to customer {self.customer_id}"
