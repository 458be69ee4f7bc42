"""Loan products and their dated terms."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from accounts.tariffs.models import ExciseClass
from ledger.money import Money
from lending.products import corridor
from lending.schedules.day_counts import DayCount
from lending.schedules.due_dates import Frequency
from lending.schedules.instalments import Method, Periods
from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedNumber, DatedTerm

# Names are data, in English; these are the ones that translators know.
KNOWN_NAMES = (
    gettext_noop("30-day loan"),
    gettext_noop("Personal loan"),
    gettext_noop("Salary advance"),
    gettext_noop("Emergency loan"),
    gettext_noop("Asset finance"),
    gettext_noop("Mortgage"),
    gettext_noop("Working capital"),
)

KNOWN_SECTORS = (
    gettext_noop("ICT and technology"),
    gettext_noop("Health and education"),
    gettext_noop("Professional services"),
    gettext_noop("Manufacturing"),
    gettext_noop("Wholesale and retail"),
    gettext_noop("Financial services"),
    gettext_noop("Transport"),
    gettext_noop("Hospitality and tourism"),
    gettext_noop("Agriculture, irrigated or processing"),
    gettext_noop("Agriculture, rain-fed"),
    gettext_noop("Construction and real estate"),
    gettext_noop("Mining and gambling-linked"),
)


ONLINE = "DIGI30"  # The product that is asked for, decided and paid out without a person.


class Segment(models.TextChoices):
    RETAIL = "RETAIL", _("For people")
    BUSINESS = "BUSINESS", _("For businesses")


class Tenor(models.TextChoices):
    DAYS = "DAYS", _("days")
    MONTHS = "MONTHS", _("months")


class PenaltyIn(models.TextChoices):
    DAYS = "DAYS", "a day"
    YEAR = "YEAR", "a year"


class LoanProduct(models.Model):
    """A kind of loan and the line of the books its principal stands on (kenya.md 4.5, 11.1)."""

    code = models.CharField(max_length=8, primary_key=True)
    name = models.CharField(max_length=60)
    segment = models.CharField(max_length=8, choices=Segment.choices)
    principal_line = models.CharField(max_length=20)
    place = models.SmallIntegerField(unique=True, help_text="Its place in lists.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return self.name

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return gettext(self.name)

    @property
    def slug(self) -> str:
        """Its word in addresses."""
        return self.code.lower()

    @property
    def is_online(self) -> bool:
        return self.code == ONLINE

    @property
    def is_for_people(self) -> bool:
        return self.segment == Segment.RETAIL


class LoanTerm(DatedTerm):
    """
    What a product's loans of a day are like, for their whole life: amounts, time, price, what comes
    after the due date, and who gets one. A price by grades stands in GradePrice.
    """

    product = models.ForeignKey(LoanProduct, on_delete=models.PROTECT, related_name="terms")
    method = models.CharField(max_length=10, choices=Method.choices)
    periods = models.CharField(max_length=10, choices=Periods.choices)
    day_count = models.CharField(max_length=15, choices=DayCount.choices)
    frequency = models.CharField(max_length=10, choices=Frequency.choices)
    tenor_in = models.CharField(max_length=6, choices=Tenor.choices)
    least_tenor = models.SmallIntegerField()
    most_tenor = models.SmallIntegerField()
    least_amount = models.DecimalField(max_digits=20, decimal_places=4)
    most_amount = models.DecimalField(max_digits=20, decimal_places=4)
    percent = models.DecimalField(
        max_digits=7, decimal_places=4, null=True, blank=True,
        help_text="A year; of the loan, where it is one charge. Empty: by grade.",
    )  # fmt: skip
    fee_percent = models.DecimalField(
        max_digits=7, decimal_places=4, help_text="Of the loan, once, excise inside."
    )
    fee_excise_class = models.CharField(max_length=20, choices=ExciseClass.choices)
    grace_days = models.SmallIntegerField(help_text="After a due date, without a penalty.")
    penalty_percent = models.DecimalField(max_digits=7, decimal_places=4)
    penalty_in = models.CharField(
        max_length=6, choices=PenaltyIn.choices,
        help_text="Of overdue principal, for each day.",
    )  # fmt: skip
    penalty_most_days = models.SmallIntegerField(null=True, blank=True)
    early_fee_percent = models.DecimalField(max_digits=7, decimal_places=4, default=0)
    early_fee_months = models.SmallIntegerField(default=0)
    most_debt_share = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True,
        help_text="Percent of income that all instalments may take.",
    )  # fmt: skip
    least_score = models.SmallIntegerField(help_text="Below it, no.")
    automatic_score = models.SmallIntegerField(help_text="From it on, yes without an officer.")
    second_approval_above = models.DecimalField(max_digits=20, decimal_places=4)
    is_lent = models.BooleanField(default=True, help_text="Without it none is lent from then on.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="lending_one_term_a_product_and_start", fields=["product", "effective_from"]
            ),
            models.CheckConstraint(
                name="lending_term_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="lending_amounts_are_sound",
                condition=Q(least_amount__gt=0, most_amount__gte=F("least_amount"))
                & Q(most_amount__lt=10**12, second_approval_above__gte=0),
            ),
            models.CheckConstraint(
                name="lending_time_is_sound",
                condition=Q(
                    least_tenor__gt=0, most_tenor__gte=F("least_tenor"), most_tenor__lte=480
                )
                & Q(grace_days__gte=0),
            ),
            models.CheckConstraint(
                name="lending_prices_are_sound",
                condition=(Q(percent__isnull=True) | Q(percent__gte=0, percent__lte=100))
                & Q(fee_percent__gte=0, fee_percent__lte=20)
                & Q(penalty_percent__gte=0, penalty_percent__lte=100)
                & Q(early_fee_percent__gte=0, early_fee_percent__lte=20, early_fee_months__gte=0)
                & Q(penalty_in__in=PenaltyIn.values),
            ),
            models.CheckConstraint(
                name="lending_scores_are_sound",
                condition=Q(least_score__gte=0, automatic_score__gte=F("least_score"))
                & Q(automatic_score__lte=1000),
            ),
            models.CheckConstraint(
                name="lending_one_charge_is_due_once",
                condition=~Q(method=Method.ONCE)
                | Q(frequency=Frequency.ONCE, percent__isnull=False),
            ),
            models.CheckConstraint(
                name="lending_instalments_fit_the_time",
                condition=Q(frequency=Frequency.ONCE)
                | Q(frequency=Frequency.MONTHLY, tenor_in=Tenor.MONTHS)
                | Q(frequency__in=[Frequency.WEEKLY, Frequency.BIWEEKLY])
                & (Q(tenor_in=Tenor.MONTHS) | Q(least_tenor__gte=14)),
            ),
            models.CheckConstraint(
                name="lending_equal_months_are_months",
                condition=~Q(periods=Periods.MONTHS)
                | Q(frequency=Frequency.MONTHLY, tenor_in=Tenor.MONTHS),
            ),
        ]

    def __str__(self):
        return f"{self.product_id} from {self.effective_from}"

    def lends(self, money: Money) -> bool:
        """This will tell whether the product's loans are for such an amount."""
        return self.least_amount <= money.amount <= self.most_amount

    def lasts(self, tenor: int) -> bool:
        """This will tell whether they are for so many days or months."""
        return self.least_tenor <= tenor <= self.most_tenor

    @property
    def is_yearly(self) -> bool:
        """Its price is a rate a year, which the corridor binds (decision 36)."""
        return self.method != Method.ONCE

    def clean(self):
        """A rate a year lies in the corridor of its first day, with what any sector adds."""
        if self.percent is None or not self.is_yearly or self.effective_from is None:
            return
        corridor.check(self.percent, on=self.effective_from)
        if self.product_id and self.product.segment == Segment.BUSINESS:
            for sector in SectorTerm.objects.on(self.effective_from).filter(is_lent=True):
                corridor.check(self.percent + sector.adds_percent, on=self.effective_from)


class GradePrice(DatedTerm):
    """The rate a year of a product for whoever scores so much, to the next row's score."""

    product = models.ForeignKey(LoanProduct, on_delete=models.PROTECT, related_name="prices")
    from_score = models.SmallIntegerField()
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    is_lent = models.BooleanField(default=True, help_text="Without it there is no such grade.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="lending_one_price_a_grade_and_start",
                fields=["product", "from_score", "effective_from"],
            ),
            models.CheckConstraint(
                name="lending_price_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="lending_grade_is_sound",
                condition=Q(from_score__gte=0, from_score__lte=1000, percent__gte=0)
                & Q(percent__lte=100),
            ),
        ]

    def __str__(self):
        return f"{self.product_id} {self.percent}% from {self.from_score}"

    def clean(self):
        """A rate a year lies in the corridor of its first day."""
        if self.percent is not None and self.effective_from is not None:
            corridor.check(self.percent, on=self.effective_from)


class SectorTerm(DatedTerm):
    """A business's sector: what it adds to the rate, what of a turnover counts (kenya.md 4.5)."""

    class Risk(models.TextChoices):
        LOW = "LOW", _("low")
        MEDIUM = "MEDIUM", _("medium")
        ELEVATED = "ELEVATED", _("elevated")
        HIGH = "HIGH", _("high")

    sector = models.CharField(max_length=30)
    name = models.CharField(max_length=60)
    risk = models.CharField(max_length=10, choices=Risk.choices)
    turnover_factor = models.DecimalField(max_digits=4, decimal_places=2)
    adds_percent = models.DecimalField(max_digits=7, decimal_places=4)
    is_lent = models.BooleanField(default=True, help_text="Without it the sector gets no loan.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="lending_one_term_a_sector_and_start", fields=["sector", "effective_from"]
            ),
            models.CheckConstraint(
                name="lending_sector_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="lending_sector_is_sound",
                condition=Q(turnover_factor__gte=0, turnover_factor__lte=1)
                & Q(adds_percent__gte=0, adds_percent__lte=100),
            ),
        ]

    def __str__(self):
        return f"{self.name} from {self.effective_from}"

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return gettext(self.name)

    def clean(self):
        """What it adds leaves every rate for businesses in the corridor of its first day."""
        if self.adds_percent is None or self.effective_from is None:
            return
        terms = LoanTerm.objects.on(self.effective_from).filter(
            product__segment=Segment.BUSINESS, percent__isnull=False
        )
        for term in terms:
            corridor.check(term.percent + self.adds_percent, on=self.effective_from)


class LendingLimit(DatedNumber):
    """Whole numbers that bind every product; `kind` is one of Kind."""

    class Kind(models.TextChoices):
        LEAST_PERCENT = "LEAST_PERCENT", "The lowest rate a year, in percent"
        MOST_PERCENT = "MOST_PERCENT", "The highest rate a year, in percent"

    def clean(self):
        """The lowest rate is below the highest."""
        if self.number is not None and self.effective_from is not None:
            corridor.check_bounds(self.kind, self.number, on=self.effective_from)
