"""Rows that hold over a span of days: rates, prices, limits; none of that stands in code."""

from datetime import date

from django.db import models
from django.db.models import Q


class DatedRows(models.QuerySet):
    """A table with `effective_from` and `effective_to`, the last day, open when it is empty."""

    def on(self, day: date):
        """This will keep the rows in force on a day, the latest start first."""
        still = Q(effective_to__isnull=True) | Q(effective_to__gte=day)
        return self.filter(still, effective_from__lte=day).order_by("-effective_from")
