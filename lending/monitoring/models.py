"""What became of loans, and the terms by which that is judged and watched."""

from django.db import models
from django.db.models import F, Q

from ledger.money import Money
from lending.arrears.models import LoanClass
from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedTerm


class OutcomeTerm(DatedTerm):
    """
    When a loan of a product counts as bad: it was ever so many days late, within so many days
    after it was paid out (kenya.md 4.8). Days late are counted from the contract's due dates here,
    so that a Sunday makes no loan good.
    """

    product = models.ForeignKey("lending.LoanProduct", on_delete=models.PROTECT, related_name="+")
    late_days = models.SmallIntegerField()
    within_days = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="outcome_one_term_a_product_and_start", fields=["product", "effective_from"]
            ),
            models.CheckConstraint(
                name="outcome_term_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="outcome_term_is_sound",
                condition=Q(late_days__gt=0, within_days__gte=F("late_days")),
            ),
        ]

    def __str__(self):
        return f"{self.product_id} from {self.effective_from}"


class MonitorTerm(DatedTerm):
    """A figure by which the score is watched (kenya.md 4.8); `kind` is one of Kind."""

    class Kind(models.TextChoices):
        SEEN_DAYS = "SEEN_DAYS", "Days after which it is kept how a loan stands"
        FOUNDING_MONTHS = "FOUNDING_MONTHS", "First months of a card, to which others are compared"
        OUTCOME_MONTHS = "OUTCOME_MONTHS", "Months back in which the loans’ windows ended"
        LEAST_DECISIONS = "LEAST_DECISIONS", "Fewest decisions of which a spread is compared"
        LEAST_LOANS = "LEAST_LOANS", "Fewest loans with an outcome that tell good from bad"
        LEAST_BAD = "LEAST_BAD", "Fewest bad loans among them"
        LEAST_GROUP = "LEAST_GROUP", "Fewest answers of a group whose approvals are compared"
        LEAST_SHARE = "LEAST_SHARE", "The least that a band’s share counts as"
        PSI_WATCH = "PSI_WATCH", "Stability index from which a drift is watched"
        PSI_INVESTIGATE = "PSI_INVESTIGATE", "Stability index above which it is investigated"
        LEAST_GINI = "LEAST_GINI", "Gini below which there is an alarm"
        GINI_DROP_PERCENT = "GINI_DROP_PERCENT", "Fall of the Gini above which there is an alarm"
        FIT_PROBABILITY = "FIT_PROBABILITY", "Probability of the fit below which there is an alarm"
        OVERRIDE_PERCENT = "OVERRIDE_PERCENT", "Overrides in percent above which there is an alarm"
        OVERRIDE_BAD_RATIO = "OVERRIDE_BAD_RATIO", "Their bad rate to that of others, likewise"
        FAIR_RATIO = "FAIR_RATIO", "Approval rate of a group to the highest, below which likewise"
        AGE_2 = "AGE_2", "Age at which the second group begins"
        AGE_3 = "AGE_3", "Age at which the third group begins"
        AGE_4 = "AGE_4", "Age at which the fourth group begins"

    kind = models.CharField(max_length=30, choices=Kind.choices)
    value = models.DecimalField(max_digits=14, decimal_places=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="monitor_one_term_a_kind_and_start", fields=["kind", "effective_from"]
            ),
            models.CheckConstraint(
                name="monitor_term_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(name="monitor_term_is_sound", condition=Q(value__gte=0)),
        ]

    def __str__(self):
        return f"{self.kind} from {self.effective_from}"


class ReferenceTerm(DatedTerm):
    """To which days a card's months are compared; without a row, to its first months."""

    scorecard = models.ForeignKey("lending.Scorecard", on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="reference_one_term_a_card_and_start", fields=["scorecard", "effective_from"]
            ),
            models.CheckConstraint(
                name="reference_term_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="reference_has_days", condition=Q(last_day__gte=F("first_day"))
            ),
        ]

    def __str__(self):
        return f"{self.scorecard_id} from {self.effective_from}"


class CardMonth(models.Model):
    """
    The figures of a card's month as they were known at the close of its last day, with the terms
    that they went by (`months.py` makes them). Written once, never changed.
    """

    scorecard = models.ForeignKey("lending.Scorecard", on_delete=models.PROTECT, related_name="+")
    business_date = models.DateField(help_text="The last day of the month.")
    figures = models.JSONField()
    terms = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="card_month_is_kept_once", fields=["scorecard", "business_date"]
            )
        ]

    def __str__(self):
        return f"{self.scorecard_id} to {self.business_date}"


class LoanOutcome(models.Model):
    """
    How the loan that a decision led to stood at the close of `seen_on`, so many days after it was
    paid out. Written once, never changed.
    """

    decision = models.OneToOneField(
        "lending.CreditDecision", on_delete=models.PROTECT, primary_key=True, related_name="outcome"
    )
    loan = models.OneToOneField("lending.Loan", on_delete=models.PROTECT, related_name="outcome")
    seen_on = models.DateField()
    after_days = models.SmallIntegerField()
    is_paid = models.BooleanField()
    days_late = models.IntegerField()
    loan_class = models.CharField("class", max_length=11, choices=LoanClass.choices)
    principal = models.DecimalField(max_digits=20, decimal_places=4, help_text="Still owed, KES.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="loan_outcome_is_sound",
                condition=Q(after_days__gt=0, days_late__gte=0, principal__gte=0)
                & (Q(is_paid=False) | Q(principal=0, days_late=0)),
            ),
        ]

    def __str__(self):
        return f"{self.loan_id} after {self.after_days} days"

    @property
    def money(self) -> Money:
        """What was still owed of the principal."""
        return Money.rounded(self.principal, "KES")


class LoanVerdict(models.Model):
    """
    Whether the loan that a decision led to was good or bad by the term of its day: known as soon as
    it went bad or was paid, at the latest when its window ended. Written once, never changed.
    """

    decision = models.OneToOneField(
        "lending.CreditDecision", on_delete=models.PROTECT, primary_key=True, related_name="verdict"
    )
    loan = models.OneToOneField("lending.Loan", on_delete=models.PROTECT, related_name="verdict")
    bad_on = models.DateField(null=True, help_text="The first day that made it bad; none if good.")
    known_on = models.DateField(help_text="The business date at whose close it was known.")
    window_ends = models.DateField()
    late_days = models.SmallIntegerField()
    within_days = models.SmallIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["window_ends"], name="loan_verdicts_by_window")]
        constraints = [
            models.CheckConstraint(
                name="loan_verdict_is_bad_in_its_window",
                condition=Q(bad_on__isnull=True)
                | Q(bad_on__lte=F("window_ends"), known_on__gte=F("bad_on")),
            ),
        ]

    def __str__(self):
        return f"{self.loan_id} {'bad' if self.is_bad else 'good'}"

    @property
    def is_bad(self) -> bool:
        return self.bad_on is not None
