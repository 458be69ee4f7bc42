"""What the bank asked a credit reference bureau about a customer, and what it knew."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lending.bureau.answers import Result, Standing
from wekeza.kit.dated import DatedNumber
from wekeza.kit.encryption import EncryptedTextField


class BureauTerm(DatedNumber):
    """Whole numbers of how a bureau is asked; `kind` is one of Kind."""

    class Kind(models.TextChoices):
        FRESH_DAYS = "FRESH_DAYS", "Days for which an answer is used again"


class BureauEnquiry(models.Model):
    """
    One question about a customer, or about a business for which its director agreed, written once
    when it was over. Which number it was about is kept as a keyed hash, what came back sealed.
    Without an answer nothing is known.
    """

    class Purpose(models.TextChoices):
        NEW_APPLICATION = "NEW_APPLICATION", _("Application for a loan")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.PROTECT, related_name="bureau_enquiries"
    )
    business = models.ForeignKey(
        "accounts.Business", on_delete=models.PROTECT, null=True, related_name="bureau_enquiries",
        help_text="Which was asked about; the customer is the director who agreed.",
    )  # fmt: skip
    purpose = models.CharField(
        max_length=20, choices=Purpose.choices, default=Purpose.NEW_APPLICATION
    )
    amount = models.DecimalField(
        max_digits=20, decimal_places=4, help_text="What was asked about, in whole shillings."
    )
    consent_version = models.CharField(max_length=20)
    consent_hash = models.CharField(max_length=64, help_text="SHA-256 of the text that was shown.")
    identity_hash = models.CharField(
        max_length=64, help_text="Keyed hash of the ID or registration number."
    )
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    bureau = models.CharField(max_length=20, blank=True, default="")
    result = models.CharField(max_length=10, choices=Result.choices)
    standing = models.CharField(max_length=20, choices=Standing.choices, blank=True, default="")
    enquiries_3_months = models.IntegerField(null=True)
    reference = models.CharField(max_length=60, blank=True, default="")
    error = models.CharField(max_length=60, blank=True, default="")
    raw = EncryptedTextField(
        blank=True, default="", context="bureau_enquiry.raw", bound_to=("public_id",)
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "bureau enquiries"
        constraints = [
            models.CheckConstraint(
                name="lending_only_an_answer_says_how_they_stand",
                condition=Q(
                    ~Q(standing=""),
                    result=Result.FOUND,
                    answered_at__isnull=False,
                    enquiries_3_months__isnull=False,
                )
                | Q(
                    ~Q(result=Result.FOUND),
                    standing="",
                    answered_at__isnull=True,
                    enquiries_3_months__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="lending_nobody_is_asked_about_without_consent",
                condition=~Q(consent_version="") & ~Q(consent_hash=""),
            ),
            models.CheckConstraint(
                name="lending_enquiry_is_about_an_amount",
                condition=Q(amount__gt=0, amount__lt=10**12),
            ),
        ]

    def __str__(self):
        return f"#{self.pk} {self.result}"

    @property
    def is_answered(self) -> bool:
        """The bureau said how the customer stands."""
        return self.result == Result.FOUND
