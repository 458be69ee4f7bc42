"""What an officer says to stop lending and to let it go on, and which decisions they look at."""

from datetime import date

from django import forms

from branch.books.forms import Filters, day_field
from branch.risk import decisions, drift, lost, portfolio
from ledger.approvals.refusals import ReasonMissing
from lending.arrears.models import LoanClass
from lending.decisions.models import CreditDecision
from lending.products import queries as products
from lending.products.models import Segment
from lending.stops.models import LEAST_REASON, Scope
from lending.stops.operations import WhyStop


def reason_field(label: str, hint: str, **options) -> forms.CharField:
    """This will make the box for a reason."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        **options,
    )


def whole_field(label: str) -> forms.RegexField:
    """This will make the box for a small whole number, nothing too."""
    return forms.RegexField(
        r"^[0-9]{1,3}$",
        label=label,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "Enter a whole number, like 40"},
    )


class Stop(forms.Form):
    """What stops now, all of it unless somebody chooses less, and why."""

    what = forms.ChoiceField(label="What must stop?", initial=Scope.ALL)
    reason = reason_field(
        "What is wrong?",
        "Kept with your name. Customers never read it.",
        min_length=LEAST_REASON,
        error_messages={"required": WhyStop.text, "min_length": WhyStop.text},
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.products = {row.code: row for row in products.all_products()}
        self.fields["what"].choices = [
            (Scope.ALL, "Every new loan"),
            ("A kind of customer", [(f"SEGMENT:{code}", f"Loans {label.lower()}")
                                    for code, label in Segment.choices]),
            ("One product", [(f"PRODUCT:{row.code}", row.name)
                             for row in self.products.values()]),
        ]  # fmt: skip

    def wanted(self) -> dict:
        """This will give what `stops.stop` is told."""
        scope, _, which = self.cleaned_data["what"].partition(":")
        return {
            "scope": scope,
            "segment": which if scope == Scope.SEGMENT else "",
            "product": self.products.get(which),
            "reason": self.cleaned_data["reason"],
        }


class Lift(forms.Form):
    """Why lending may go on."""

    reason = reason_field(
        "Why may lending go on?",
        "What was found, and how it was mended. The second person reads it.",
        error_messages={"required": ReasonMissing.text},
    )


class Loans(Filters):
    """Which loans; what is left empty keeps all, what is wrong too."""

    late = forms.ChoiceField(label="Past due", required=False)
    npl = forms.ChoiceField(
        label="Performing", required=False, choices=[("", "All"), ("yes", "Non-performing")]
    )
    stage = forms.ChoiceField(
        required=False, choices=[("", "All"), *((str(stage), stage) for stage in (1, 2, 3))]
    )
    product = forms.ChoiceField(required=False)
    restructured = forms.ChoiceField(required=False, choices=[("", "All"), ("yes", "Agreed anew")])
    provided = forms.ChoiceField(
        label="Provided for", required=False, choices=[("", "All"), ("yes", "By the last run")]
    )

    def __init__(self, *args, today: date, **options):
        super().__init__(*args, today=today, **options)
        self.fields["class"] = forms.ChoiceField(
            label="Class", required=False, choices=[("", "All"), *LoanClass.choices]
        )
        days = [(str(one), f"More than {one} days") for one in portfolio.LATE]
        self.fields["late"].choices = [("", "All"), *days]
        names = [(row.code, row.name) for row in products.all_products()]
        self.fields["product"].choices = [("", "All"), *names]

    def wanted(self) -> dict:
        """This will give what was chosen and is right."""
        return {name: self.chosen(name, None) for name in self.fields}

    @property
    def is_filtered(self) -> bool:
        """Something keeps loans out of sight."""
        return any(self.wanted().values())


class Lost(Filters):
    """Write-offs, or what came back of them, of a span of business dates."""

    show = forms.ChoiceField(label="Show", required=False, choices=list(lost.TITLES.items()))
    since = day_field("From")
    until = day_field("To")

    def clean_since(self):
        return self.in_time(self.cleaned_data["since"])

    def clean_until(self):
        return self.in_time(self.cleaned_data["until"])

    @property
    def what(self) -> str:
        return self.chosen("show", "") or lost.WRITTEN

    @property
    def title(self) -> str:
        return lost.TITLES[self.what]

    @property
    def is_filtered(self) -> bool:
        """Something keeps rows out of sight."""
        return any(self.chosen(name, None) for name in ("since", "until"))

    def within(self, rows):
        """This will keep the rows of the days that were chosen."""
        if since := self.chosen("since", None):
            rows = rows.filter(business_date__gte=since)
        if until := self.chosen("until", None):
            rows = rows.filter(business_date__lte=until)
        return rows


class Decisions(Filters):
    """Which decisions on loans; what is left empty keeps all, what is wrong too."""

    result = forms.ChoiceField(required=False)
    product = forms.ChoiceField(required=False)
    model = forms.ChoiceField(required=False)
    overridden = forms.ChoiceField(label="Overridden", required=False)
    score = forms.ChoiceField(required=False)
    became = forms.ChoiceField(label="Loan was", required=False)
    since = day_field("From")
    until = day_field("To")
    ended_since = day_field("Loans judged from")
    ended_until = day_field("Loans judged to")
    fact = forms.ChoiceField(label="What the card counts", required=False)
    points = whole_field("Its points")
    age_from = whole_field("Aged from")
    age_to = whole_field("Aged to")

    def __init__(self, *args, today: date, **options):
        super().__init__(*args, today=today, **options)
        results = [*CreditDecision.Result.choices, decisions.ANSWERED]
        names, counted = decisions.models(), decisions.facts()
        products_ = [(row.code, row.name) for row in products.all_products()]
        told = {
            name: [(code, label) for code, label, _ in choices]
            for name, choices in decisions.CONDITIONS.items()
        }
        for name, choices in (
            ("result", results),
            ("product", products_),
            ("model", [(one, one) for one in names]),
            ("fact", [(one, drift.label_of(one)) for one in counted]),
            *told.items(),
        ):
            self.fields[name].choices = [("", "All"), *choices]

    def clean_since(self):
        return self.in_time(self.cleaned_data["since"])

    def clean_until(self):
        return self.in_time(self.cleaned_data["until"])

    def wanted(self) -> dict:
        """This will give what was chosen and is right."""
        return {name: self.chosen(name, None) for name in self.fields}

    @property
    def is_filtered(self) -> bool:
        """Something keeps decisions out of sight."""
        return any(self.wanted().values())


class Drift(Filters):
    """Which card, and which of its months."""

    card = forms.ChoiceField(required=False)
    month = forms.ChoiceField(required=False)

    def __init__(self, *args, today: date, cards, **options):
        super().__init__(*args, today=today, **options)
        self.fields["card"].choices = [("", "The busiest"), *((str(one), one) for one in cards)]

    def offer(self, days) -> None:
        """This will say which months there are of the card."""
        months = [(f"{day:%Y-%m}", f"{day:%B %Y}") for day in days]
        self.fields["month"].choices = [("", "The newest"), *months]
