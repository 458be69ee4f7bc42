"""Seals over the journal, and what the coherence monitor found."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class Seal(models.Model):
    """
    A link of the chain over the journal: the SHA-256 of the seal before it and of every entry that
    it covers, with its postings. Some minutes' entries are one link; the last link of a business
    date names the date, and with it every entry of the date is under a seal.
    """

    firsts = ArrayField(models.BigIntegerField(), help_text="It covers the entries from each first")
    lasts = ArrayField(models.BigIntegerField(), help_text="to its last; ids in flight are left.")
    top = models.BigIntegerField(help_text="The newest entry under it or under a seal before it.")
    entries = models.IntegerField()
    leaves = models.BinaryField(help_text="Eight bytes of each entry's SHA-256, by id.")
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    business_date = models.DateField(
        null=True, unique=True, help_text="The date that it closes; empty within a date."
    )
    in_flight = models.BigIntegerField(
        help_text="Transactions from this one on may have written entries that it left."
    )
    oldest = models.BigIntegerField(help_text="Transactions before this one had ended.")
    sealed_at = models.DateTimeField(db_default=Now())

    def __str__(self):
        return f"#{self.pk} {self.hash[:12]}"


class ProofRun(models.Model):
    """One round of the proofs: over all, or over what came after an entry; the newest goes last."""

    since_entry = models.BigIntegerField(help_text="Entries after this one were looked at; 0: all.")
    last_entry = models.BigIntegerField(help_text="The newest entry when it began.")
    holds = models.BooleanField(help_text="No fault stands after it.")
    faults = models.JSONField(
        default=list,
        help_text="Proof, subject and fault of each break that stands: what it found, and after "
        "that what only the last full round could see.",
    )
    found = models.IntegerField(default=0, help_text="How many of the faults it found itself.")
    seconds = models.DecimalField(max_digits=10, decimal_places=3)
    at = models.DateTimeField(help_text="When its task began; a night’s, hours before.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="ledger_proof_runs_by_time")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {'holds' if self.holds else 'broken'}"
