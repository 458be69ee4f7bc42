"""Rows that hold over a span of days: rates, prices, limits; none of that stands in code."""

from datetime import date

from django.db import models
from django.db.models import F, Q

# A span of days is never upside down; every table of dated rows says so to the database.
ENDS_AFTER_IT_STARTS = Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from"))


class DatedRows(models.QuerySet):
    """A table with `effective_from` and `effective_to`, the last day, open when it is empty."""

    def on(self, day: date):
        """This will keep the rows in force on a day, the latest start first."""
        still = Q(effective_to__isnull=True) | Q(effective_to__gte=day)
        return self.filter(still, effective_from__lte=day).order_by("-effective_from")


class NoSuchTerm(LookupError):
    """No row is in force: a gap in the bank's own tables. Nothing is assumed in its place."""


SPAN = ("effective_from", "effective_to")  # A row tells these after all that it is about.


class DatedTerm(models.Model):
    """
    A row of the bank's terms: it holds from a day on, two persons put it there, and its source says
    by which law or decision. A table that has it adds what it is about, and its own constraints.
    """

    effective_from = models.DateField()
    effective_to = models.DateField(
        null=True, blank=True, help_text="The last day; open when empty."
    )
    source = models.CharField(max_length=140)
    approved_by = models.CharField(max_length=80)
    approval = models.ForeignKey(
        "ledger.Approval", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DatedRows.as_manager()

    class Meta:
        abstract = True


class DatedNumber(DatedTerm):
    """One whole number of the bank's terms over a span of days; a table names its kinds."""

    kind = models.CharField(max_length=30)
    number = models.BigIntegerField()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                name="%(class)s_one_row_a_kind_and_start", fields=["kind", "effective_from"]
            ),
            models.CheckConstraint(
                name="%(class)s_ends_after_it_starts",
                condition=ENDS_AFTER_IT_STARTS,
            ),
            models.CheckConstraint(name="%(class)s_number_is_positive", condition=Q(number__gt=0)),
        ]

    def __str__(self):
        return f"{self.kind} from {self.effective_from}"

    @classmethod
    def numbers_on(cls, day: date) -> dict[str, int]:
        """This will give every number in force on a day, by kind; of two, the later start."""
        latest_last = cls.objects.on(day).reverse().values_list("kind", "number")
        return _Numbers(cls.__name__, day, latest_last)


class _Numbers(dict):
    """Numbers by kind that complain when one is asked for that has no row."""

    def __init__(self, table: str, day: date, rows):
        super().__init__(rows)
        self._where = f"{table} on {day}"

    def __missing__(self, kind):
        raise NoSuchTerm(f"{kind} of {self._where}")
