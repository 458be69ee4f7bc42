"""What somebody asked to borrow."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ledger.money import Money
from lending.applications.states import OPEN, ApplicationState


class Employment(models.TextChoices):
    """How somebody earns, as they say."""

    PERMANENT = "PERMANENT", _("Employed, permanent")
    CONTRACT = "CONTRACT", _("Employed on contract")
    SELF_EMPLOYED = "SELF_EMPLOYED", _("I run my own business or farm")
    CASUAL = "CASUAL", _("Casual work")
    NONE = "NONE", _("No work now")


class LoanApplication(models.Model):
    """
    One wish for a loan: how much, for how long, what its person told. Its answer is a decision;
    what is paid out on it is a loan. `tenor` is in the days or months of its term.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.PROTECT, related_name="loan_applications"
    )
    business = models.ForeignKey(
        "accounts.Business", on_delete=models.PROTECT, null=True, related_name="loan_applications",
        help_text="For which the customer asks, as one of its directors.",
    )  # fmt: skip
    reference = models.UUIDField(help_text="The idempotency key of the form.")
    product = models.ForeignKey("lending.LoanProduct", on_delete=models.PROTECT, related_name="+")
    term = models.ForeignKey("lending.LoanTerm", on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    tenor = models.SmallIntegerField()
    employment = models.CharField(max_length=13, choices=Employment.choices)
    income = models.DecimalField(
        max_digits=20, decimal_places=4, null=True, help_text="In KES a month, as stated."
    )
    gross_income = models.DecimalField(
        max_digits=20, decimal_places=4, null=True, help_text="Before tax, a month, as stated."
    )
    payee = models.ForeignKey(
        "accounts.DepositAccount", on_delete=models.PROTECT, null=True, related_name="+",
        help_text="The seller whom the bank pays, where the loan buys something.",
    )  # fmt: skip
    device_index = models.CharField(
        max_length=64, blank=True, default="", help_text="Keyed hash of the browser it came from."
    )
    form_seconds = models.PositiveIntegerField(
        null=True, help_text="For how long it was typed; none if it came from a program."
    )
    is_scripted = models.BooleanField(default=False, help_text="No browser of people sent it.")
    consent_version = models.CharField(max_length=20)
    consent_hash = models.CharField(max_length=64, help_text="SHA-256 of the text agreed to.")
    state = models.CharField(
        max_length=9, choices=ApplicationState.choices, default=ApplicationState.ASKED
    )
    asked_at = models.DateTimeField()
    offer_until = models.DateTimeField(null=True, help_text="How long an approval stands.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-id"], name="loan_applications_of_customer"),
            models.Index(
                fields=["device_index", "asked_at"],
                name="loan_applications_from_device",
                condition=~Q(device_index=""),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="loan_application_reference_is_used_once", fields=["customer", "reference"]
            ),
            # Parallel forms of one person: the database lets one of them be open.
            models.UniqueConstraint(
                name="loan_application_one_open_of_a_product",
                fields=["customer", "product"],
                condition=Q(state__in=OPEN, business__isnull=True),
            ),
            models.UniqueConstraint(
                name="loan_application_one_open_of_a_business",
                fields=["business", "product"],
                condition=Q(state__in=OPEN, business__isnull=False),
            ),
            models.CheckConstraint(
                name="loan_application_amount_is_sound",
                condition=Q(amount__gt=0, amount__lt=10**12, tenor__gt=0),
            ),
            models.CheckConstraint(
                name="loan_application_income_is_sound",
                condition=Q(income__isnull=True) | Q(income__gte=0, income__lt=10**12),
            ),
            models.CheckConstraint(
                name="loan_application_gross_is_no_less_than_net",
                condition=Q(gross_income__isnull=True)
                | Q(gross_income__gte=F("income"), gross_income__lt=10**12),
            ),
            models.CheckConstraint(
                name="loan_application_offer_has_an_end",
                condition=~Q(state__in=["APPROVED", "TAKEN"]) | Q(offer_until__isnull=False),
            ),
        ]

    def __str__(self):
        return f"loan application {self.public_id}"

    @property
    def money(self) -> Money:
        """What was asked for."""
        return Money.rounded(self.amount, "KES")

    @property
    def party(self):
        """Who borrows: the business, if it is for one, else the customer."""
        return self.business if self.business_id else self.customer

    @property
    def is_asked(self) -> bool:
        return self.state == ApplicationState.ASKED

    @property
    def is_approved(self) -> bool:
        return self.state == ApplicationState.APPROVED

    @property
    def is_referred(self) -> bool:
        return self.state == ApplicationState.REFERRED

    @property
    def is_refused(self) -> bool:
        return self.state == ApplicationState.REFUSED

    @property
    def is_taken(self) -> bool:
        return self.state == ApplicationState.TAKEN

    @property
    def is_open(self) -> bool:
        return self.state in OPEN
