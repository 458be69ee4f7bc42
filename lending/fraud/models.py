"""
Rules of application fraud as dated terms, what they found, the cases that followed, and the marks
of known fraud (kenya.md 4.11). What customers read never comes from here.
"""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from lending.fraud.states import WAITS, CaseState
from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedNumber, DatedTerm


class Rule(models.TextChoices):
    """
    The rules of kenya.md 4.11. For two of them this bank has no data: it asks for no referee, and
    it does not know where an internet address is. Their rows stand switched off.
    """

    DUPLICATE = "DUPLICATE", "Asked again for the same loan"
    VELOCITY = "VELOCITY", "Many applications at once"
    SHARED_DEVICE = "SHARED_DEVICE", "Several customers on one device"
    PHONE_NOT_OWNED = "PHONE_NOT_OWNED", "Phone is not registered to them"
    PHONE_CHANGED_LATELY = "PHONE_CHANGED_LATELY", "Phone changed within days"
    INCOME = "INCOME", "Stated income far above what comes in"
    NEW_AND_AT_MOST = "NEW_AND_AT_MOST", "New account, and the most that may be lent"
    REFEREE = "REFEREE", "A referee’s phone is many applicants’"
    CHANGED_LATELY = "CHANGED_LATELY", "Details changed lately"
    ID_MISMATCH = "ID_MISMATCH", "Identity does not match the register"
    PAPER_REUSED = "PAPER_REUSED", "A paper is another customer’s too"
    EMPLOYER = "EMPLOYER", "Who pays the salary is known for fraud"
    KNOWN_FRAUD = "KNOWN_FRAUD", "Known fraud"
    HURRIED = "HURRIED", "Sent faster than anybody types, or by a script"
    FROM_ABROAD = "FROM_ABROAD", "Sent from outside of Kenya, or through an anonymiser"
    ROUND_TRIP = "ROUND_TRIP", "Deposits that left again at once"


WITHOUT_DATA = (Rule.REFEREE, Rule.FROM_ABROAD)


class FraudRule(DatedTerm):
    """How much a rule counts, from a day on; switched off it is not asked."""

    code = models.CharField(max_length=20, choices=Rule.choices)
    weight = models.PositiveSmallIntegerField()
    is_on = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="fraud_rule_one_row_a_code_and_start", fields=["code", "effective_from"]
            ),
            models.CheckConstraint(
                name="fraud_rule_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="fraud_rule_weight_is_of_a_hundred", condition=Q(weight__gt=0, weight__lte=100)
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.weight} from {self.effective_from}"

    def clean(self):
        """A rule that would look at nothing cannot be switched on."""
        if self.is_on and self.code in WITHOUT_DATA:
            raise ValidationError({"is_on": "The bank has no data for this rule. Leave it off."})


class FraudTerm(DatedNumber):
    """Whole numbers of the rules; `kind` is one of Kind."""

    class Kind(models.TextChoices):
        REVIEW_FROM = "REVIEW_FROM", "Score from which a person looks"
        BLOCK_FROM = "BLOCK_FROM", "Score from which it is refused"
        DUPLICATE_HOURS = "DUPLICATE_HOURS", "Hours in which one loan is asked for once"
        VELOCITY_HOURS = "VELOCITY_HOURS", "Hours in which applications are counted"
        VELOCITY_COUNT = "VELOCITY_COUNT", "Applications that are many"
        DEVICE_DAYS = "DEVICE_DAYS", "Days in which customers of a device are counted"
        DEVICE_CUSTOMERS = "DEVICE_CUSTOMERS", "Customers of a device that are many"
        PHONE_HOURS = "PHONE_HOURS", "Hours for which a changed phone is suspect"
        INCOME_DAYS = "INCOME_DAYS", "Days of which inflow is compared with stated income"
        INCOME_TIMES = "INCOME_TIMES", "Times the inflow that an income may be"
        NEW_DAYS = "NEW_DAYS", "Days for which an account is new"
        CHANGED_DAYS = "CHANGED_DAYS", "Days for which a change is lately"
        LEAST_SECONDS = "LEAST_SECONDS", "Seconds for which anybody types a form at least"
        ROUND_TRIP_DAYS = "ROUND_TRIP_DAYS", "Days of which deposits are looked at"
        ROUND_TRIP_HOURS = "ROUND_TRIP_HOURS", "Hours in which a deposit that leaves turned round"
        ROUND_TRIP_COUNT = "ROUND_TRIP_COUNT", "Deposits turning round that are many"
        ROUND_TRIP_PERCENT = "ROUND_TRIP_PERCENT", "Percent of a deposit that leaves at once"


class FraudAssessment(models.Model):
    """What the rules made of one application, written once: the sum of the weights that fired."""

    class Result(models.TextChoices):
        CLEAR = "CLEAR", "Goes on to scoring"
        REVIEW = "REVIEW", "A person looks"
        BLOCK = "BLOCK", "Refused"

    application = models.OneToOneField(
        "lending.LoanApplication", on_delete=models.PROTECT, related_name="fraud_assessment"
    )
    score = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=6, choices=Result.choices)
    terms_date = models.DateField(help_text="Of which day the rules and numbers were.")
    assessed_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"{self.score} {self.result} of application {self.application_id}"

    @property
    def is_clear(self) -> bool:
        return self.result == self.Result.CLEAR

    @property
    def is_blocked(self) -> bool:
        return self.result == self.Result.BLOCK


class FraudFlag(models.Model):
    """One rule that fired on an application: what it counted, and what it found."""

    assessment = models.ForeignKey(FraudAssessment, on_delete=models.PROTECT, related_name="flags")
    rule = models.CharField(max_length=20, choices=Rule.choices)
    weight = models.PositiveSmallIntegerField()
    facts = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="fraud_flag_once_a_rule", fields=["assessment", "rule"]),
        ]

    def __str__(self):
        return f"{self.rule} {self.weight}"


class FraudCase(models.Model):
    """An application that somebody must look at before anything is lent on it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    assessment = models.OneToOneField(
        FraudAssessment, on_delete=models.PROTECT, related_name="case"
    )
    state = models.CharField(max_length=9, choices=CaseState.choices, default=CaseState.OPEN)
    opened_at = models.DateTimeField()
    taken_by = models.CharField(max_length=80, blank=True, default="")
    taken_at = models.DateTimeField(null=True)
    escalated_by = models.CharField(max_length=80, blank=True, default="")
    escalated_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["opened_at"], name="fraud_cases_that_wait", condition=Q(state__in=WAITS)
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="fraud_case_taken_says_by_whom",
                condition=Q(state="OPEN", taken_by="", taken_at=None)
                | (~Q(state="OPEN") & ~Q(taken_by="") & Q(taken_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="fraud_case_escalated_says_by_whom",
                condition=Q(escalated_by="", escalated_at=None)
                | (~Q(escalated_by="") & Q(escalated_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="fraud_case_decided_says_by_whom",
                condition=(Q(state__in=WAITS, decided_by="", decided_at=None))
                | (~Q(state__in=WAITS) & ~Q(decided_by="") & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self):
        return f"fraud case {self.public_id}"

    @property
    def waits(self) -> bool:
        """Nobody has decided it."""
        return self.state in WAITS

    @property
    def is_open(self) -> bool:
        return self.state == CaseState.OPEN

    @property
    def is_taken(self) -> bool:
        return self.state == CaseState.TAKEN


class FraudNote(models.Model):
    """What somebody found or did in a case; never changed."""

    case = models.ForeignKey(FraudCase, on_delete=models.PROTECT, related_name="notes")
    text = models.CharField(max_length=1000)
    written_by = models.CharField(max_length=80)
    written_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="fraud_note_says_something", condition=~Q(text="") & ~Q(written_by="")
            )
        ]

    def __str__(self):
        return f"note {self.pk} of {self.case_id}"


class FraudMark(models.Model):
    """
    An ID, phone, device or account that fraud was done with. What it is stands here as a keyed hash
    only, so that the list tells nobody who is on it.
    """

    class Kind(models.TextChoices):
        ID = "ID", "ID number"
        PHONE = "PHONE", "Phone"
        DEVICE = "DEVICE", "Device"
        ACCOUNT = "ACCOUNT", "Account number"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    mark_index = models.CharField(max_length=64, help_text="Keyed hash of what is marked.")
    why = models.CharField(max_length=400)
    case = models.ForeignKey(
        FraudCase, on_delete=models.PROTECT, null=True, blank=True, related_name="marks"
    )
    until = models.DateField(null=True, blank=True, help_text="The last day; open when empty.")
    added_by = models.CharField(max_length=80)
    added_at = models.DateTimeField()
    ended_by = models.CharField(max_length=80, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    approval = models.ForeignKey(
        "ledger.Approval", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="By which a second person took it off.",
    )  # fmt: skip
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="fraud_mark_stands_once",
                fields=["kind", "mark_index"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="fraud_mark_says_why_and_by_whom",
                condition=~Q(why="") & ~Q(added_by="") & ~Q(mark_index=""),
            ),
            models.CheckConstraint(
                name="fraud_mark_ended_says_by_whom",
                condition=Q(ended_at=None, ended_by="")
                | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
            ),
        ]

    def __str__(self):
        return f"{self.kind} marked {self.added_at}"

    @property
    def stands(self) -> bool:
        """Nobody took it off."""
        return self.ended_at is None
