"""When people are reminded, and of what they were."""

from django.db import models

from wekeza.kit.dated import DatedNumber


class ReminderTerm(DatedNumber):
    """Whole numbers of reminders (kenya.md 4.9, conduct of collections); `kind` is one of Kind."""

    class Kind(models.TextChoices):
        FROM_HOUR = "FROM_HOUR", "The hour of the day, in Nairobi, from which people are texted"
        TO_HOUR = "TO_HOUR", "The hour of the day from which nobody is texted any more"
        DAYS_BEFORE = "DAYS_BEFORE", "Days before a due date on which the first reminder goes"


class LoanReminder(models.Model):
    """That somebody was reminded of an instalment; written once with the text."""

    class Kind(models.TextChoices):
        SOON = "SOON", "Before its due date"
        TODAY = "TODAY", "On its due date"

    instalment = models.ForeignKey(
        "lending.LoanInstalment", on_delete=models.PROTECT, related_name="reminders"
    )
    kind = models.CharField(max_length=5, choices=Kind.choices)
    told_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="lending_one_reminder_of_a_kind", fields=["instalment", "kind"]
            )
        ]

    def __str__(self):
        return f"{self.kind} of {self.instalment_id}"
