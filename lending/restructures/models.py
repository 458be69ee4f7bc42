"""Wishes to agree a loan anew, and by which terms that is done."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lending.restructures.states import OPEN, RestructureState
from wekeza.kit.dated import DatedNumber


class RestructureTerm(DatedNumber):
    """Whole numbers of restructuring (kenya.md 4.9); `kind` is one of Kind."""

    class Kind(models.TextChoices):
        MOST_TIMES = "MOST_TIMES", "Times that a loan is agreed anew at most"
        MOST_DEFERRED = "MOST_DEFERRED", "Instalments of a loan put off within a year at most"
        MOST_MORE_MONTHS = "MOST_MORE_MONTHS", "Months that a loan ends later at most"
        OFFER_DAYS = "OFFER_DAYS", "Days for which an offer stands"


class Restructure(models.Model):
    """
    That a loan is to be paid otherwise: asked for by its customer, proposed by an officer, approved
    by a second person, signed by the customer, or under the mandate of a business. `number` is how
    many instalments are put off, or in how many payments the loan is paid from then on.
    """

    class Kind(models.TextChoices):
        DEFER = "DEFER", _("Put instalments off")
        LONGER = "LONGER", _("Pay less each month, for longer")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="restructures")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    number = models.SmallIntegerField()
    reason = models.CharField(max_length=400, help_text="In the customer's words.")
    state = models.CharField(
        max_length=9, choices=RestructureState.choices, default=RestructureState.ASKED
    )
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    approval = models.OneToOneField(
        "ledger.Approval", on_delete=models.PROTECT, null=True, related_name="+"
    )
    offer_until = models.DateTimeField(null=True)
    answer = models.CharField(max_length=400, blank=True, default="", help_text="An officer's.")
    agreed_hash = models.CharField(max_length=64, blank=True, default="")
    agreed_by = models.CharField(max_length=7, blank=True, default="")
    signed_at = models.DateTimeField(null=True)
    signed_date = models.DateField(null=True, help_text="The business date.")
    version = models.OneToOneField(
        "lending.ScheduleVersion", on_delete=models.PROTECT, null=True, related_name="restructure"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="restructure_one_open_of_a_loan", fields=["loan"], condition=Q(state__in=OPEN)
            ),
            models.CheckConstraint(name="restructure_number_is_sound", condition=Q(number__gt=0)),
            models.CheckConstraint(
                name="restructure_was_approved_and_signed",
                condition=~Q(state__in=["OFFERED", "SIGNED", "ENDED"])
                | Q(approval__isnull=False, offer_until__isnull=False),
            ),
            models.CheckConstraint(
                name="restructure_signed_is_kept",
                condition=Q(
                    state="SIGNED", signed_at__isnull=False, signed_date__isnull=False,
                    version__isnull=False,
                ) & ~Q(agreed_hash="", agreed_by="")
                | ~Q(state="SIGNED") & Q(signed_at__isnull=True, version__isnull=True),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.kind} {self.number} of {self.loan_id}"

    @property
    def asker_id(self) -> int:
        """The id of the customer who asked."""
        return int(self.asked_by.partition(":")[2])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_asked(self) -> bool:
        return self.state == RestructureState.ASKED

    @property
    def is_offered(self) -> bool:
        return self.state == RestructureState.OFFERED

    @property
    def is_signed(self) -> bool:
        return self.state == RestructureState.SIGNED

    @property
    def is_refused(self) -> bool:
        return self.state == RestructureState.REFUSED

    @property
    def words(self) -> str:
        """What is wished, in the reader's language."""
        if self.kind == self.Kind.DEFER:
            words = ngettext(
                "Put {count} instalment off", "Put {count} instalments off", self.number
            )
        else:
            words = ngettext("Pay in {count} payment", "Pay in {count} payments", self.number)
        return words.format(count=self.number)
