"""How far the demo bank has lived its year."""

from django.db import models
from django.db.models import Q


class DemoYear(models.Model):
    """The one row of a demo bank whose year is being lived, or was."""

    today = models.DateField(help_text="The Nairobi day on which it was planned.")
    begins_on = models.DateField()
    lived_to = models.DateField(help_text="Every deed up to this date has happened.")
    deeds = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.CheckConstraint(name="demo_one_year", condition=Q(id=1))]

    def __str__(self):
        return f"{self.begins_on} to {self.today}"

    @property
    def percent(self) -> int:
        whole = (self.today - self.begins_on).days or 1
        return min(100, (self.lived_to - self.begins_on).days * 100 // whole)
