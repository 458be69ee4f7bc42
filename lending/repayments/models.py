"""What was paid on loans, what of each loan it paid, and in which order."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ledger.money import Money
from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedTerm


class Part(models.TextChoices):
    """Of what a loan's debt is made, in no order; the order is that of `AllocationOrder`."""

    PENALTY = "PENALTY", _("Penalty")
    LATE = "LATE", _("Interest for days late")
    INTEREST = "INTEREST", _("Interest")
    PRINCIPAL = "PRINCIPAL", _("Principal")
    FEE = "FEE", _("Fee for paying ahead")
    WRITTEN_OFF = "WRITTEN_OFF", _("What is left of the loan")


OF_THE_LOAN = (Part.PENALTY, Part.LATE, Part.FEE, Part.WRITTEN_OFF)
DUE = (Part.PENALTY, Part.LATE, Part.INTEREST, Part.PRINCIPAL)  # What can be asked for by now.
_PLACES = [(part.value, part.label) for part in DUE]


class AllocationOrder(DatedTerm):
    """
    In which order a payment pays what is due of a product's loans (kenya.md 4.9), those that
    perform and those that do not; of each part the oldest first. What is not due yet comes after
    all of it, interest before principal: that is no choice.
    """

    class Standing(models.TextChoices):
        PERFORMING = "PERFORMING", "Loans that perform"
        BAD = "BAD", "Loans that perform no more"

    product = models.ForeignKey(
        "lending.LoanProduct", on_delete=models.PROTECT, related_name="allocation_orders"
    )
    standing = models.CharField(max_length=10, choices=Standing.choices)
    first = models.CharField(max_length=9, choices=_PLACES)
    second = models.CharField(max_length=9, choices=_PLACES)
    third = models.CharField(max_length=9, choices=_PLACES)
    fourth = models.CharField(max_length=9, choices=_PLACES)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="allocation_one_order_a_standing_and_start",
                fields=["product", "standing", "effective_from"],
            ),
            models.CheckConstraint(
                name="allocation_order_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="allocation_order_knows_its_parts",
                condition=Q(first__in=DUE, second__in=DUE, third__in=DUE, fourth__in=DUE)
                & Q(standing__in=["PERFORMING", "BAD"]),
            ),
            models.CheckConstraint(
                name="allocation_order_has_each_part_once",
                condition=~Q(first__in=[F("second"), F("third"), F("fourth")])
                & ~Q(second__in=[F("third"), F("fourth")])
                & ~Q(third=F("fourth")),
                violation_error_message="A part stands twice. Give each part one place",
            ),
        ]

    def __str__(self):
        return f"{self.product_id} {self.standing} from {self.effective_from}"

    @property
    def parts(self) -> tuple[str, ...]:
        return self.first, self.second, self.third, self.fourth

    @property
    def words(self) -> str:
        """The parts in their order, in the reader's language."""
        return ", ".join(str(Part(part).label).lower() for part in self.parts)


class Repayment(models.Model):
    """
    One payment on a loan, booked by its entry. `unearned` is what of its interest the nights had
    not earned yet: income of the moment at which it was paid. None is ever changed: what a replay
    takes back stays, beside its mirror, whose figures are the same below nothing.
    """

    class Channel(models.TextChoices):
        CUSTOMER = "CUSTOMER", "By the customer"
        SWEEP = "SWEEP", "Collected on or after the due date"
        STANDING = "STANDING", "By a standing instruction"
        EARLIER = "EARLIER", "Received earlier, paid in later"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="repayments")
    reference = models.CharField(max_length=60, help_text="The form's key, or that of the night.")
    account = models.ForeignKey("accounts.DepositAccount", on_delete=models.PROTECT)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    unearned = models.DecimalField(max_digits=20, decimal_places=4)
    suspended = models.DecimalField(
        max_digits=20, decimal_places=4, default=0,
        help_text="What of it had been kept in suspense and is income now.",
    )  # fmt: skip
    owed_after = models.DecimalField(max_digits=20, decimal_places=4)
    order = models.ForeignKey(
        AllocationOrder, on_delete=models.PROTECT, null=True, related_name="+",
        help_text="By which it was divided; a loan off the books has but one part.",
    )  # fmt: skip
    write_off = models.ForeignKey(
        "lending.WriteOff", on_delete=models.PROTECT, null=True, related_name="recoveries",
        help_text="Of a loan that was off the books: all of it is income.",
    )  # fmt: skip
    entry = models.OneToOneField("ledger.Entry", on_delete=models.PROTECT, related_name="+")
    receipt_no = models.CharField(max_length=12, unique=True)
    business_date = models.DateField(help_text="On which it was booked.")
    value_date = models.DateField(help_text="As of which it pays.")
    paid_at = models.DateTimeField()
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversal",
        help_text="The payment whose mirror this is.",
    )  # fmt: skip
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replacement",
        help_text="The payment that was taken back and is booked anew by this one.",
    )  # fmt: skip
    replay = models.ForeignKey(
        "lending.Replay", on_delete=models.PROTECT, null=True, related_name="payments"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="repayment_reference_is_used_once", fields=["loan", "reference"]
            ),
            models.CheckConstraint(
                name="repayment_is_sound",
                condition=Q(owed_after__gte=0)
                & (
                    Q(reverses__isnull=True, amount__gt=0, unearned__gte=0, suspended__gte=0)
                    | Q(reverses__isnull=False, amount__lt=0, unearned__lte=0, suspended__lte=0)
                ),
            ),
            models.CheckConstraint(
                name="repayment_has_an_order",
                condition=Q(order__isnull=False, write_off__isnull=True)
                | Q(order__isnull=True, write_off__isnull=False),
            ),
            models.CheckConstraint(
                name="repayment_is_replayed_by_a_replay",
                condition=Q(replay__isnull=False) | Q(reverses__isnull=True, replaces__isnull=True),
            ),
        ]

    def __str__(self):
        return self.receipt_no

    @property
    def money(self) -> Money:
        return Money.rounded(self.amount, "KES")

    @property
    def left(self) -> Money:
        """What was still owed when it had been paid."""
        return Money.rounded(self.owed_after, "KES")

    @property
    def stands(self) -> bool:
        """It was not taken back; `queries.of` has looked."""
        return not hasattr(self, "reversal")

    @property
    def is_replaced(self) -> bool:
        """It was taken back and booked anew; `queries.of` has looked."""
        return hasattr(self, "replacement")

    @property
    def is_earlier(self) -> bool:
        """It pays as of a day before the one on which it was booked."""
        return self.value_date < self.business_date


class Allocation(models.Model):
    """
    What of a repayment paid which part of which instalment; what being late or early costs is of
    the whole loan.
    """

    repayment = models.ForeignKey(Repayment, on_delete=models.PROTECT, related_name="allocations")
    part = models.CharField(max_length=11, choices=Part.choices)
    instalment = models.ForeignKey(
        "lending.LoanInstalment", on_delete=models.PROTECT, null=True, related_name="allocations"
    )
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="allocation_one_row_a_part",
                fields=["repayment", "part", "instalment"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="allocation_is_sound",
                condition=~Q(amount=0)
                & (
                    Q(part__in=OF_THE_LOAN, instalment__isnull=True)
                    | Q(part__in=["INTEREST", "PRINCIPAL"], instalment__isnull=False)
                ),
            ),
        ]

    def __str__(self):
        return f"{self.part} {self.amount}"

    @property
    def label(self) -> str:
        """The part in the reader's language."""
        return Part(self.part).label

    @property
    def money(self) -> Money:
        return Money.rounded(self.amount, "KES")
