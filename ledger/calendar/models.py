"""The bank's day and the days on which it rests."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class BusinessDay(models.Model):
    """The one row that holds the open business date. Only the ledger's functions move it."""

    business_date = models.DateField()
    open_from = models.DateField(help_text="The earliest value date that still takes postings.")
    opened_after = models.BigIntegerField(
        db_default=0, help_text="Entries up to this one were booked on earlier dates."
    )
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(name="ledger_one_business_day", condition=Q(id=1))]

    def __str__(self):
        return self.business_date.isoformat()


class Holiday(models.Model):
    """A public holiday of one country, fixed by rule or declared by hand from the gazette."""

    class Origin(models.TextChoices):
        RULE = "RULE"
        GAZETTE = "GAZETTE"

    country = models.CharField(max_length=2, default="KE")
    holiday_date = models.DateField()
    name = models.CharField(max_length=80)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    source = models.CharField(max_length=140, help_text="The law or the gazette notice.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="ledger_one_holiday_of_a_name_a_day",
                fields=["country", "holiday_date", "name"],
            )
        ]

    def __str__(self):
        return f"{self.holiday_date} {self.name}"
