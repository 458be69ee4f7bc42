"""How late a loan is, in which class it stands since when, and by which terms."""

from django.db import models
from django.db.models import F, Q

from ledger.money import Money
from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedNumber, DatedTerm


class LoanClass(models.TextChoices):
    """The five classes of the central bank (CBK/PG/04), the best first."""

    NORMAL = "NORMAL", "Normal"
    WATCH = "WATCH", "Watch"
    SUBSTANDARD = "SUBSTANDARD", "Substandard"
    DOUBTFUL = "DOUBTFUL", "Doubtful"
    LOSS = "LOSS", "Loss"


class ClassTerm(DatedTerm):
    """
    From how many days past due a loan stands in a class, what of it is at least provided for, and
    whether its interest is income (kenya.md 4.1).
    """

    loan_class = models.CharField("class", max_length=11, choices=LoanClass.choices)
    from_days = models.SmallIntegerField(help_text="Days past due, from which it is this class.")
    provision_percent = models.DecimalField(max_digits=5, decimal_places=2)
    is_performing = models.BooleanField(help_text="Without it interest is kept in suspense.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="lending_one_term_a_class_and_start", fields=["loan_class", "effective_from"]
            ),
            models.CheckConstraint(
                name="lending_class_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="lending_class_is_sound",
                condition=Q(from_days__gte=0, provision_percent__range=(0, 100)),
            ),
        ]

    def __str__(self):
        return f"{self.loan_class} from {self.effective_from}"


class ArrearsTerm(DatedNumber):
    """Whole numbers of arrears (kenya.md 4.1); `kind` is one of Kind."""

    class Kind(models.TextChoices):
        LEAST_OVERDUE = "LEAST_OVERDUE", "KES overdue, below which a loan is not late"
        CURE_MONTHS = "CURE_MONTHS", "Months without arrears after which a class gets better"
        CURE_INSTALMENTS = "CURE_INSTALMENTS", "Or so many instalments paid, if that is sooner"
        CONTAGION_PERCENT = (
            "CONTAGION_PERCENT",
            "Percent of all a customer owes, from which one bad loan is the class of all",
        )


class LoanStanding(models.Model):
    """
    How a loan stands since the close of `as_of`, kept by the night, which writes it only when
    something is different. `own_class` is by its own days; `loan_class`, which counts, may be worse
    because another loan of the customer is. `clean_since` is when the last arrears were cleared.
    """

    loan = models.OneToOneField(
        "lending.Loan", on_delete=models.PROTECT, primary_key=True, related_name="standing"
    )
    days_late = models.IntegerField()
    overdue = models.DecimalField(max_digits=20, decimal_places=4)
    own_class = models.CharField(max_length=11, choices=LoanClass.choices)
    loan_class = models.CharField("class", max_length=11, choices=LoanClass.choices)
    since = models.DateField(help_text="The business date from which it stands in its class.")
    clean_since = models.DateField(null=True)
    npl_since = models.DateField(null=True, help_text="When it became non-performing.")
    npl_principal = models.DecimalField(
        max_digits=20, decimal_places=4, null=True,
        help_text="What was owed of the principal then (section 44A of the Banking Act).",
    )  # fmt: skip
    as_of = models.DateField(help_text="The business date of whose close this is.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=["loan_class"], name="loan_standings_of_a_class"),
            models.Index(
                fields=["loan"], name="loan_standings_not_performing", condition=~Q(npl_since=None)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="loan_standing_is_sound",
                condition=Q(days_late__gte=0, overdue__gte=0, since__lte=F("as_of")),
            ),
            models.CheckConstraint(
                name="loan_standing_npl_has_a_principal",
                condition=Q(npl_since__isnull=True, npl_principal__isnull=True)
                | Q(npl_since__isnull=False, npl_principal__gte=0),
            ),
        ]

    def __str__(self):
        return f"{self.loan_id} {self.loan_class}"

    @property
    def is_performing(self) -> bool:
        return self.npl_since is None

    @property
    def overdue_money(self) -> Money:
        """What of due instalments is not paid."""
        return Money.rounded(self.overdue, "KES")


class SuspenseMove(models.Model):
    """
    What of a loan was earned and not paid when it became non-performing, which is no income any
    more, or when it performs again, which is income then; booked by its entry. One of a replay is
    what suspense holds more, or less, because of it.
    """

    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="+")
    business_date = models.DateField()
    is_into = models.BooleanField(help_text="Into suspense; without it, out of it.")
    interest = models.DecimalField(max_digits=20, decimal_places=4)
    penalty = models.DecimalField(max_digits=20, decimal_places=4)
    entry = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT, null=True, related_name="+")
    replay = models.OneToOneField(
        "lending.Replay", on_delete=models.PROTECT, null=True, related_name="suspense_move"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="suspense_moves_once_a_day",
                fields=["loan", "business_date"],
                condition=Q(replay=None),
            ),
            models.CheckConstraint(
                name="suspense_move_has_an_entry",
                condition=Q(interest=0, penalty=0)
                | Q(interest__gte=0, penalty__gte=0, entry__isnull=False)
                | Q(replay__isnull=False, entry__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.loan_id} on {self.business_date}"


class ClassChange(models.Model):
    """That a loan came into another class at the close of a business date, and why."""

    class Why(models.TextChoices):
        OWN = "OWN", "By its own days past due"
        CONTAGION = "CONTAGION", "By another loan of the customer"
        CURED = "CURED", "Arrears cleared, and paid on time since"
        PAID = "PAID", "Paid off"

    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="class_changes")
    business_date = models.DateField()
    from_class = models.CharField(max_length=11, choices=LoanClass.choices)
    to_class = models.CharField(max_length=11, choices=LoanClass.choices)
    days_late = models.IntegerField()
    why = models.CharField(max_length=9, choices=Why.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="loan_changes_class_once_a_day", fields=["loan", "business_date"]
            ),
            models.CheckConstraint(
                name="class_change_changes", condition=~Q(from_class=F("to_class"))
            ),
        ]

    def __str__(self):
        return f"{self.from_class} to {self.to_class} on {self.business_date}"
