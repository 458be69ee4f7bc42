"""What loans earned, day by day, and the booking of it."""

from django.db import models
from django.db.models import F, Q


class Earned(models.TextChoices):
    INTEREST = "INTEREST", "Interest"
    LATE = "LATE", "Interest for days late"
    PENALTY = "PENALTY", "Penalty"


class LoanPeriod(models.Model):
    """
    What a night needs of an active loan, so that it reads one row and not every instalment: the
    period that runs by its interest and days, what the periods before it come to, what was paid
    ahead, and the principal that is not due. It is so from `valid_from` to `valid_to`, both
    included: both long gone until the first night of its days makes it from the instalments and
    payments, and again when those change; both nothing when the loan is over. Triggers see to that.
    """

    loan = models.OneToOneField(
        "lending.Loan", on_delete=models.PROTECT, primary_key=True, related_name="period"
    )
    account = models.ForeignKey(
        "ledger.LedgerAccount", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    since = models.DateField(help_text="The day from which its interest runs.")
    days = models.IntegerField()
    interest = models.DecimalField(max_digits=20, decimal_places=4)
    past = models.DecimalField(
        max_digits=20, decimal_places=4, help_text="The interest of periods that are over."
    )
    ahead = models.DecimalField(
        max_digits=20, decimal_places=4, help_text="Interest that was paid before it was earned."
    )
    not_due = models.DecimalField(max_digits=20, decimal_places=4)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="loan_period_is_sound",
                condition=Q(days__gte=1, interest__gte=0, past__gte=0)
                & Q(ahead__gte=0, not_due__gte=0),
            ),
        ]

    def __str__(self):
        return f"{self.loan_id} from {self.since}"


class LoanEarning(models.Model):
    """
    What a loan earned on one business date, in cents: interest by its schedule, interest on
    principal that is late, or penalty. `exact` is the same to six places; what is left of a cent
    comes with a later day; `so_far` is all of the part up to this row, by the order of writing.
    Written by the night, once; the night's journal books the sum of them.
    A replay takes rows of days gone by back, by their mirror below nothing, and adds what was
    earned instead; its own entry books the difference.
    """

    # The night writes it from loans that it holds, and nobody may delete one: no key, as postings
    # have none (decision 40). The index by loan and part serves it; that by date is the night's.
    loan = models.ForeignKey(
        "lending.Loan", on_delete=models.PROTECT, related_name="earnings", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    part = models.CharField(max_length=9, choices=Earned.choices)
    business_date = models.DateField()
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    exact = models.DecimalField(max_digits=20, decimal_places=6)
    so_far = models.DecimalField(max_digits=20, decimal_places=4)
    is_suspended = models.BooleanField(
        default=False, help_text="Of a loan that performs no more: no income until it is paid."
    )
    replay = models.ForeignKey(
        "lending.Replay", on_delete=models.PROTECT, null=True, db_index=False,
        related_name="earnings",
    )  # fmt: skip

    class Meta:
        indexes = [
            models.Index(fields=["loan", "part", "id"], name="loan_earnings_in_order"),
            models.Index(
                fields=["replay"], name="loan_earnings_of_a_replay", condition=~Q(replay=None)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="loan_earns_a_part_once_a_day", fields=["business_date", "part", "loan"],
                condition=Q(replay=None),
            ),
            models.CheckConstraint(
                name="loan_earning_is_sound",
                condition=(
                    Q(amount__gte=0, exact__gte=0)
                    | Q(amount__lte=0, exact__lte=0, replay__isnull=False)
                )
                & Q(part__in=Earned.values)
                & ~Q(amount=0, exact=0),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.part} of {self.business_date}"


class FeeRelease(models.Model):
    """
    What of a loan's fee became income on a business date, in cents: at a month's end by what of the
    interest was earned by then, and the rest when nothing is owed any more.
    """

    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="fee_releases")
    business_date = models.DateField()
    amount = models.DecimalField(max_digits=20, decimal_places=4)

    class Meta:
        indexes = [models.Index(fields=["business_date"], name="fee_releases_of_a_day")]
        constraints = [
            models.UniqueConstraint(
                name="loan_fee_is_released_once_a_day", fields=["loan", "business_date"]
            ),
            models.CheckConstraint(name="fee_release_is_sound", condition=Q(amount__gt=0)),
        ]

    def __str__(self):
        return f"{self.loan_id} on {self.business_date}"


class EarningJournal(models.Model):
    """What all loans earned on a business date, as it was booked; `interest` with that of LATE."""

    business_date = models.DateField(primary_key=True)
    interest = models.DecimalField(max_digits=20, decimal_places=4)
    penalty = models.DecimalField(max_digits=20, decimal_places=4)
    fee = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    suspended_interest = models.DecimalField(
        max_digits=20, decimal_places=4, default=0, help_text="What of it is kept in suspense."
    )
    suspended_penalty = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    entry = models.OneToOneField(
        "ledger.Entry", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="earning_journal_has_an_entry",
                condition=Q(interest=0, penalty=0, fee=0, entry__isnull=True)
                | (~Q(interest=0, penalty=0, fee=0) & Q(entry__isnull=False)),
            ),
            models.CheckConstraint(
                name="earning_journal_suspends_a_part",
                condition=Q(suspended_interest__gte=0, suspended_interest__lte=F("interest"))
                & Q(suspended_penalty__gte=0, suspended_penalty__lte=F("penalty")),
            ),
        ]

    def __str__(self):
        return str(self.business_date)
