"""Which late loans, and which promises to pay, somebody looks at."""

from datetime import date

from django import forms

from branch.books.forms import Filters, day_field
from branch.collections.words import ACTS
from branch.risk import late, late_rows
from lending.collections import queries
from lending.collections.models import CollectionStep
from lending.collections.states import PromiseState


class Cases(Filters):
    """Which late loans; what is left empty keeps all that are late now."""

    show = forms.ChoiceField(
        required=False, choices=[("", "Late now"), (late_rows.ALL, "Late at any time")]
    )
    bucket = forms.ChoiceField(label="Past due", required=False)
    begun = forms.ChoiceField(label="Late first in", required=False)
    step = forms.ChoiceField(label="Came to", required=False)

    def __init__(self, *args, today: date, **options):
        super().__init__(*args, today=today, **options)
        self.months = {f"{month:%Y-%m}": month for month in late.months_until(today)}
        steps = sorted((days, code) for code, days in CollectionStep.days_on(today).items())
        for name, choices in (
            ("bucket", [(one.code, one.label) for one in queries.buckets_on(today)]),
            ("begun", [(key, f"{month:%B %Y}") for key, month in self.months.items()]),
            ("step", [(code, f"{ACTS[code]}, {days} days") for days, code in steps]),
        ):
            self.fields[name].choices = [("", "All"), *choices]

    def wanted(self) -> dict:
        """This will give what was chosen and is right; a month as its first day."""
        found = {name: self.chosen(name, "") for name in self.fields}
        return found | {"begun": self.months.get(found["begun"])}

    @property
    def is_filtered(self) -> bool:
        """Something is chosen."""
        return any(self.wanted().values())


class Promises(Filters):
    """Which promises; what is left empty keeps all."""

    state = forms.ChoiceField(required=False, choices=[("", "All"), *PromiseState.choices])
    since = day_field("Made from")
    until = day_field("Made to")

    def clean_since(self):
        return self.in_time(self.cleaned_data["since"])

    def clean_until(self):
        return self.in_time(self.cleaned_data["until"])

    def wanted(self) -> dict:
        """This will give what was chosen and is right."""
        return {name: self.chosen(name, None) for name in self.fields}

    @property
    def is_filtered(self) -> bool:
        """Something keeps promises out of sight."""
        return any(self.wanted().values())
