"""The forms of the desk of compliance."""

from dataclasses import fields
from datetime import timedelta
from decimal import Decimal

from django import forms

from accounts.monitoring import typologies
from accounts.monitoring.models import MonitorRule
from accounts.monitoring.publishing import TRIED_DAYS
from accounts.monitoring.refusals import ReportMissing, SuspicionMissing
from accounts.monitoring.states import CaseState

REASON = 500  # What goes to a second person is short; what stays here may be long.
LABELS = {
    "thresholds": ("Thresholds in KES", "Several, with a semicolon between them."),
    "from_percent": ("Just below begins at, % of a threshold", ""),
    "to_percent": ("Just below ends at, %", ""),
    "least_count": ("How many times", ""),
    "days": ("Within so many days", "Calendar days in Nairobi, the last one included."),
    "sum_hours": ("Sums are taken over so many hours", ""),
    "kinds": ("Kinds of entries that are cash", "Codes, with a semicolon between them."),
    "least_in": ("What comes in, at least KES", ""),
    "out_percent": ("How much of it leaves, %", ""),
    "hours": ("Within so many hours", ""),
    "quiet_days": ("Quiet for so many days before", ""),
    "least_out": ("What leaves, at least KES", ""),
    "own_in": ("Kinds of entries that a holder pays in", "Codes, with a semicolon between them."),
    "bank_out": ("Kinds of entries that the bank takes", "They wake no account."),
}


class _About(forms.Form):
    text = forms.CharField(
        label="What you found, did, or ask for",
        max_length=4000,
        error_messages={"required": "Write down what you found or did, in a few words."},
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="It is kept as it is. The customer never sees it.",
    )
    asks: tuple[str, ...] = ()
    only_for: dict[str, tuple[str, ...]] = {}  # Boxes that some deeds leave empty.

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        for name, deeds in self.only_for.items():
            self.fields[name].required = data is None or data.get("deed") in deeds

    def clean_text(self):
        """A second person reads the reason in an inbox, so it is short."""
        text = self.cleaned_data["text"]
        if self.data.get("deed") in self.asks and len(text) > REASON:
            raise forms.ValidationError(
                f"The second person reads up to {REASON} characters; this has {len(text)}. "
                "Write the rest down as a note first."
            )
        return text


class AboutAlert(_About):
    """One thing to do about an alert; which one is the button that was pressed."""

    deed = forms.ChoiceField(choices=[(name, name) for name in ("take", "note", "false", "case")])
    asks = ("false",)
    only_for = {"text": ("note", "false", "case")}


class AboutCase(_About):
    """One thing to do about a case; which one is the button that was pressed."""

    asks = (CaseState.STR_FILED, CaseState.CLOSED_NO_STR)
    only_for = {"formed_at": ("suspicion",), "report_no": (CaseState.STR_FILED,)}
    deed = forms.ChoiceField(
        choices=[(name, name) for name in ("note", "suspicion", "over", "back", "watch", *asks)]
    )
    formed_at = forms.DateTimeField(
        label="When was the suspicion formed?",
        error_messages={"required": str(SuspicionMissing())},
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text="Nairobi time. The two days to report are counted from then.",
    )
    report_no = forms.CharField(
        label="Number of the report",
        max_length=60,
        error_messages={"required": str(ReportMissing())},
        help_text="As the Financial Reporting Centre gave it.",
    )


class Rule(forms.Form):
    """
    Another version of a rule: a box for each of its parameters, how grave an alert is, from when,
    and the days of the past on which to try it.
    """

    deed = forms.ChoiceField(choices=[("try", "Try"), ("ask", "Ask")])
    severity = forms.ChoiceField(label="How grave is an alert?", choices=MonitorRule.Severity)
    is_on = forms.BooleanField(label="The rule is switched on", required=False)
    start = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label="Reason", required=False, max_length=REASON)
    first = forms.DateField(label="Try it from", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="Try it to", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args, rule: MonitorRule, today, **kwargs):
        given = {
            "severity": rule.severity,
            "is_on": rule.is_on,
            "start": today,
            "first": today - timedelta(TRIED_DAYS - 1),
            "last": today,
        }
        shape = fields(typologies.RULES[rule.code])
        for one in shape:
            value = rule.parameters[one.name]
            given[one.name] = _shown(value) if isinstance(value, list) else value
        super().__init__(*args, initial=given, **kwargs)
        self.shape = shape
        for one in shape:
            label, hint = LABELS[one.name]
            self.fields[one.name] = _box(one.type)(
                label=label, help_text=hint, required=one.name != "bank_out"
            )

    @property
    def parameter_boxes(self):
        """The boxes of the rule's own parameters."""
        return [self[one.name] for one in self.shape]

    @property
    def parameters(self) -> dict:
        """What was typed, as the rule reads it."""
        typed = self.cleaned_data
        return {
            one.name: typed[one.name]
            if one.type is int
            else _text(typed[one.name])
            if one.type is Decimal
            else [part.replace(",", "") for part in typed[one.name].replace(";", " ").split()]
            for one in self.shape
        }


def _box(shape: type):
    def whole(**facts):
        return forms.IntegerField(
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            min_value=1,
            max_value=10_000,
            **facts,
        )

    def number(**facts):
        return forms.DecimalField(
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            min_value=0,
            max_digits=14,
            decimal_places=2,
            **facts,
        )

    def words(**facts):
        return forms.CharField(max_length=300, **facts)

    return {int: whole, Decimal: number}.get(shape, words)


def _shown(values: list[str]) -> str:
    """Amounts with commas, as people write them; codes as they are."""
    return "; ".join(f"{Decimal(one):,f}" if one.isdigit() else one for one in values)


def _text(value: Decimal) -> str:
    """The shortest way to write a number: 85 and not 85.00."""
    return f"{value.normalize():f}"
