"""
What is done about late loans by dated terms, the case that each of them is until its arrears are
paid, every contact with its customer, and what customers promise (kenya.md 4.9).
"""

import uuid
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ledger.money import Money
from lending.collections.states import CaseState, PromiseState, StepState
from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedNumber, DatedTerm


class Act(models.TextChoices):
    """What is done on a day of the calendar. The bank texts by itself; people do the rest."""

    TEXT = "TEXT", _("We send you a text")
    CALL = "CALL", _("We call you")
    LETTER = "LETTER", _("We write you a letter")
    NOTICE = "NOTICE", _("We tell you in writing before we report it to a credit bureau")
    DEMAND = "DEMAND", _("We ask for all that is overdue in writing")
    RECOVERY = "RECOVERY", _("Our recovery team takes over")


class DaysTerm(DatedTerm):
    """From how many days past due on a late loan is something."""

    from_days = models.SmallIntegerField(help_text="Days past due, from which it holds.")

    class Meta:
        abstract = True

    @classmethod
    def days_on(cls, day: date) -> dict[str, int]:
        """This will give the days in force on a day, by code; of two rows, the later start's."""
        latest_last = cls.objects.on(day).reverse()
        return dict(latest_last.values_list("code", "from_days"))


class CollectionBucket(DaysTerm):
    """From how many days past due a late loan lies in a bucket."""

    code = models.CharField(max_length=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="collections_one_bucket_a_code_and_start", fields=["code", "effective_from"]
            ),
            models.CheckConstraint(
                name="collections_bucket_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="collections_bucket_is_late", condition=Q(from_days__gt=0) & ~Q(code="")
            ),
        ]

    def __str__(self):
        return f"{self.code} from {self.effective_from}"


class CollectionStep(DaysTerm):
    """On which day past due something is done."""

    code = models.CharField(max_length=8, choices=Act.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="collections_one_step_a_code_and_start", fields=["code", "effective_from"]
            ),
            models.CheckConstraint(
                name="collections_step_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="collections_step_is_late", condition=Q(from_days__gt=0, code__in=Act.values)
            ),
        ]

    def __str__(self):
        return f"{self.code} from {self.effective_from}"


class CollectionTerm(DatedNumber):
    """Whole numbers of collections (kenya.md 4.9, conduct); `kind` is one of Kind."""

    class Kind(models.TextChoices):
        CONTACTS_A_DAY = "CONTACTS_A_DAY", "Contacts with one customer on one day"
        PROMISE_DAYS = "PROMISE_DAYS", "Days within which the first date of a promise is"
        PROMISE_PERCENT = "PROMISE_PERCENT", "Percent of what is overdue that is at least promised"
        PROMISES_OPEN = "PROMISES_OPEN", "Open promises of one customer"
        PLAN_PARTS = "PLAN_PARTS", "Dates of one plan"
        PLAN_DAYS = "PLAN_DAYS", "Days between the dates of a plan"


class CollectionCase(models.Model):
    """
    A loan from the day it is late to the night that finds its arrears paid, and who of the staff
    has it in hand. A loan that is late again later is another case.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    loan = models.ForeignKey(
        "lending.Loan", on_delete=models.PROTECT, related_name="collection_cases"
    )
    state = models.CharField(max_length=6, choices=CaseState.choices, default=CaseState.OPEN)
    opened_date = models.DateField(help_text="The business date whose close found it late.")
    closed_date = models.DateField(null=True)
    taken_by = models.CharField(max_length=80, blank=True, default="")
    taken_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["taken_by"], name="collection_cases_in_hand",
                condition=Q(state=CaseState.OPEN),
            )
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                name="collection_one_open_case_a_loan",
                fields=["loan"],
                condition=Q(state=CaseState.OPEN),
            ),
            models.CheckConstraint(
                name="collection_case_closed_says_when",
                condition=Q(state=CaseState.OPEN, closed_date=None)
                | Q(state=CaseState.CLOSED, closed_date__isnull=False),
            ),
            models.CheckConstraint(
                name="collection_case_taken_says_when",
                condition=Q(taken_by="", taken_at=None)
                | (~Q(taken_by="") & Q(taken_at__isnull=False)),
            ),
        ]

    def __str__(self):
        return f"case {self.public_id}"

    @property
    def is_open(self) -> bool:
        return self.state == CaseState.OPEN


class CaseStep(models.Model):
    """One step of the calendar that a case came to; put there once, by a night."""

    case = models.ForeignKey(CollectionCase, on_delete=models.PROTECT, related_name="steps")
    code = models.CharField(max_length=8, choices=Act.choices)
    day = models.DateField(help_text="The day on which it is to be done.")
    state = models.CharField(max_length=7, choices=StepState.choices, default=StepState.WAITING)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["code", "id"], name="collection_steps_that_wait",
                condition=Q(state=StepState.WAITING),
            )
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(name="collection_step_once_a_case", fields=["case", "code"]),
            models.CheckConstraint(
                name="collection_step_ended_says_when",
                condition=Q(state=StepState.WAITING, ended_at=None)
                | (~Q(state=StepState.WAITING) & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self):
        return f"{self.code} of {self.case_id}"


class CollectionContact(models.Model):
    """That a customer was contacted about a late loan: how, by whom, and what came of it."""

    class Channel(models.TextChoices):
        CALL = "CALL", "Call"
        TEXT = "TEXT", "Text"
        VISIT = "VISIT", "Visit"
        LETTER = "LETTER", "Letter"

    class Outcome(models.TextChoices):
        SPOKE = "SPOKE", "Spoke with the customer"
        NO_ANSWER = "NO_ANSWER", "Nobody answered"
        WRONG_NUMBER = "WRONG", "Wrong number or address"
        SENT = "SENT", "Sent"
        CANNOT_PAY = "CANNOT", "Cannot pay now"
        DISPUTES = "DISPUTES", "Says it is not owed"

    case = models.ForeignKey(CollectionCase, on_delete=models.PROTECT, related_name="contacts")
    customer = models.ForeignKey("accounts.Customer", on_delete=models.PROTECT, related_name="+")
    step = models.OneToOneField(
        CaseStep, on_delete=models.PROTECT, null=True, related_name="contact"
    )
    letter = models.OneToOneField(
        "accounts.Document", on_delete=models.PROTECT, null=True, related_name="+",
        help_text="What the bank wrote, as it stands among the customer's papers.",
    )  # fmt: skip
    channel = models.CharField(max_length=6, choices=Channel.choices)
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    note = models.CharField(max_length=400, blank=True, default="")
    made_by = models.CharField(max_length=80)
    day = models.DateField(help_text="The day in Nairobi, of which contacts are counted.")
    contacted_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "day"], name="contacts_of_a_customer_a_day")]
        constraints = [
            models.CheckConstraint(
                name="collection_contact_letter_is_of_a_step",
                condition=Q(letter=None) | Q(channel="LETTER", step__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.channel} {self.contacted_at}"


class LoanPromise(models.Model):
    """
    What a customer says they will pay of a late loan, on one date or several, and what came of it.
    Only what is paid after it was made, and by its dates, keeps it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="promises")
    reference = models.CharField(max_length=60, help_text="The key of the form or the program.")
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    overdue = models.DecimalField(
        max_digits=20, decimal_places=4, help_text="What was overdue when it was made."
    )
    state = models.CharField(max_length=6, choices=PromiseState.choices, default=PromiseState.OPEN)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    judged_date = models.DateField(null=True, help_text="The business date whose close judged it.")
    told_at = models.DateTimeField(null=True, help_text="When they were told that it was broken.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], name="loan_promises_to_tell_of",
                condition=Q(state=PromiseState.BROKEN, told_at=None),
            )
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                name="loan_promise_reference_is_used_once", fields=["loan", "reference"]
            ),
            models.UniqueConstraint(
                name="loan_one_open_promise", fields=["loan"], condition=Q(state=PromiseState.OPEN)
            ),
            models.CheckConstraint(
                name="loan_promise_is_of_what_is_overdue",
                condition=Q(amount__gt=0, overdue__gte=models.F("amount")),
            ),
            models.CheckConstraint(
                name="loan_promise_judged_says_when",
                condition=Q(state=PromiseState.OPEN, judged_date=None)
                | (~Q(state=PromiseState.OPEN) & Q(judged_date__isnull=False)),
            ),
        ]

    def __str__(self):
        return f"promise {self.public_id}"

    @property
    def money(self) -> Money:
        return Money.rounded(self.amount, "KES")

    @property
    def is_open(self) -> bool:
        return self.state == PromiseState.OPEN

    @property
    def is_kept(self) -> bool:
        return self.state == PromiseState.KEPT

    @property
    def is_broken(self) -> bool:
        return self.state == PromiseState.BROKEN


class PromisePart(models.Model):
    """How much of a promise is paid by which day."""

    promise = models.ForeignKey(LoanPromise, on_delete=models.PROTECT, related_name="parts")
    number = models.SmallIntegerField()
    due = models.DateField()
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="promise_one_part_of_a_number", fields=["promise", "number"]
            ),
            models.UniqueConstraint(name="promise_one_part_a_day", fields=["promise", "due"]),
            models.CheckConstraint(
                name="promise_part_is_something", condition=Q(amount__gt=0, number__gt=0)
            ),
        ]

    def __str__(self):
        return f"{self.amount} by {self.due}"

    @property
    def money(self) -> Money:
        return Money.rounded(self.amount, "KES")
