"""What each loan is expected to lose, run by run, and the terms by which that is worked out."""

from django.db import models
from django.db.models import Q

from lending.arrears.models import LoanClass
from lending.purchases.models import Thing
from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedTerm


class ProvisionTerm(DatedTerm):
    """A figure of the model of losses (kenya.md 4.2); `kind` is one of Kind."""

    class Kind(models.TextChoices):
        PD_BASE = "PD_BASE", "Log-odds of paying back at a score of nothing"
        PD_PER_POINT = "PD_PER_POINT", "What each point of the score adds to them"
        DEFAULT_SCORE = "DEFAULT_SCORE", "The score of a loan whose decision has none"
        SCORE_DROP = "SCORE_DROP", "Points by which a score fell since, from which it is stage 2"
        BARE_PERCENT = (
            "BARE_PERCENT",
            "Percent lost of what no security covers, of a loan that has one",
        )
        STAGE_2_DAYS = "STAGE_2_DAYS", "Days past due from which a loan is in stage 2"
        STAGE_3_DAYS = "STAGE_3_DAYS", "Days past due from which a loan is in stage 3"
        CURE_DAYS = "CURE_DAYS", "Days without arrears after which a stage gets better by one"
        RESTRUCTURED_DAYS = (
            "RESTRUCTURED_DAYS",
            "Days after a loan was agreed anew for which it is in stage 2 at best",
        )
        BASE_WEIGHT = "BASE_WEIGHT", "Weight of the base case of the economy"
        BASE_FACTOR = "BASE_FACTOR", "What the base case makes of the probability of default"
        ADVERSE_WEIGHT = "ADVERSE_WEIGHT", "Weight of the adverse case"
        ADVERSE_FACTOR = "ADVERSE_FACTOR", "What the adverse case makes of it"
        UPSIDE_WEIGHT = "UPSIDE_WEIGHT", "Weight of the better case"
        UPSIDE_FACTOR = "UPSIDE_FACTOR", "What the better case makes of it"

    kind = models.CharField(max_length=30, choices=Kind.choices)
    value = models.DecimalField(max_digits=14, decimal_places=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="provision_one_term_a_kind_and_start", fields=["kind", "effective_from"]
            ),
            models.CheckConstraint(
                name="provision_term_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="provision_term_is_sound", condition=Q(kind="PD_BASE") | Q(value__gte=0)
            ),
        ]

    def __str__(self):
        return f"{self.kind} from {self.effective_from}"


class LossTerm(DatedTerm):
    """
    How much of a product's loan is lost when it is not paid back, in percent; where something is
    bought with it, of the part that its security covers.
    """

    product = models.ForeignKey("lending.LoanProduct", on_delete=models.PROTECT, related_name="+")
    percent = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="loss_one_term_a_product_and_start", fields=["product", "effective_from"]
            ),
            models.CheckConstraint(
                name="loss_term_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="loss_term_is_a_percentage", condition=Q(percent__range=(0, 100))
            ),
        ]

    def __str__(self):
        return f"{self.product_id} from {self.effective_from}"


class SecurityTerm(DatedTerm):
    """
    What a thing that was bought with a loan counts for as its security, in percent of its value.
    Each year since takes `yearly_percent` of it; of what is left, `haircut_percent` does not count
    against the expected loss, and `least_haircut_percent` not against the central bank's minimum
    (kenya.md 4.1: unless somebody says otherwise, none of it counts there).
    """

    thing = models.CharField(max_length=9, choices=Thing.choices)
    yearly_percent = models.DecimalField(max_digits=5, decimal_places=2)
    haircut_percent = models.DecimalField(max_digits=5, decimal_places=2)
    least_haircut_percent = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="security_one_term_a_thing_and_start", fields=["thing", "effective_from"]
            ),
            models.CheckConstraint(
                name="security_term_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="security_term_is_in_percent",
                condition=Q(
                    yearly_percent__range=(0, 100),
                    haircut_percent__range=(0, 100),
                    least_haircut_percent__range=(0, 100),
                ),
            ),
        ]

    def __str__(self):
        return f"{self.thing} from {self.effective_from}"


class OriginalRate(models.Model):
    """
    What a loan earns in a year by its contract, fees in it: losses are discounted by it. Worked out
    once, when the loan is provided for the first time.
    """

    loan = models.OneToOneField(
        "lending.Loan", on_delete=models.PROTECT, primary_key=True, related_name="original_rate"
    )
    percent = models.DecimalField(max_digits=12, decimal_places=2)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"{self.loan_id} {self.percent}%"


class ProvisionRun(models.Model):
    """One working out of all loans at the close of a business date, with the terms it went by."""

    business_date = models.DateField(unique=True)
    terms = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"provisions of {self.business_date}"


class LoanProvision(models.Model):
    """
    What one loan is expected to lose by one run, with all that went in: `exposure` is its principal
    and the interest that counts as income, `security` what its thing counts for. `score` is the
    newest of its card, `first_score` the one that it was lent by. Added, never changed.
    """

    run = models.ForeignKey(ProvisionRun, on_delete=models.PROTECT, related_name="loans")
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="provisions")
    stage = models.SmallIntegerField()
    loan_class = models.CharField(max_length=11, choices=LoanClass.choices)
    days_late = models.IntegerField()
    score = models.SmallIntegerField()
    first_score = models.SmallIntegerField(null=True)
    principal = models.DecimalField(max_digits=20, decimal_places=4)
    exposure = models.DecimalField(max_digits=20, decimal_places=4)
    default_fraction = models.DecimalField(
        max_digits=9, decimal_places=6, help_text="Probability of default in twelve months."
    )
    security = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    loss_percent = models.DecimalField(
        max_digits=5, decimal_places=2, help_text="Of all that is owed today."
    )
    expected = models.DecimalField(max_digits=20, decimal_places=4)
    least = models.DecimalField(
        max_digits=20, decimal_places=4, help_text="The minimum of the central bank."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="loan_provided_once_a_run", fields=["run", "loan"]),
            models.CheckConstraint(
                name="loan_provision_is_sound",
                condition=Q(stage__in=[1, 2, 3], expected__gte=0, least__gte=0, exposure__gte=0)
                & Q(security__gte=0),
            ),
        ]

    def __str__(self):
        return f"{self.loan_id}: {self.expected}"


class ProvisionJournal(models.Model):
    """What a run came to, in all, and its entry: none if nothing is different from the last."""

    run = models.OneToOneField(
        ProvisionRun, on_delete=models.PROTECT, primary_key=True, related_name="journal"
    )
    stage_1 = models.DecimalField(max_digits=20, decimal_places=4)
    stage_2 = models.DecimalField(max_digits=20, decimal_places=4)
    stage_3 = models.DecimalField(max_digits=20, decimal_places=4)
    least = models.DecimalField(max_digits=20, decimal_places=4)
    reserve = models.DecimalField(
        max_digits=20, decimal_places=4, help_text="What the minimum is above the expected loss."
    )
    entry = models.OneToOneField(
        "ledger.Entry", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"booked of {self.run_id}"
