"""Balances at the end of business dates; a table in monthly parts."""

from django.db import models

from ledger.chart.models import LedgerAccount


class DailyBalance(models.Model):
    """
    How a balance row stood when a business date closed, and the least that it held on that date.

    There is a row only where something moved; the balance on any date is that of the latest row up
    to it. The close of business writes it from the postings, so it can always be written anew.
    """

    pk = models.CompositePrimaryKey("account_id", "shard", "business_date")
    account = models.ForeignKey(
        LedgerAccount,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="daily_balances",
    )
    shard = models.SmallIntegerField()
    business_date = models.DateField()
    balance = models.DecimalField(max_digits=20, decimal_places=4)
    least = models.DecimalField(max_digits=20, decimal_places=4)
    sequence = models.BigIntegerField(help_text="The number of the date's last posting.")

    def __str__(self):
        return f"{self.account_id}/{self.shard} on {self.business_date}"
