"""What to look for among transactions, and over which days to write a statement."""

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.deposits.queries import Holding
from accounts.statements.models import StatementFile
from accounts.statements.queries import Filters
from ledger.calendar.queries import month_start
from ledger.money_field import MoneyField
from wekeza.kit.words import masked_account

# A name of the period -> its first and last day, seen from the business date.
PERIODS = {
    "this-month": (_("This month"), lambda day: (month_start(day), day)),
    "last-month": (_("Last month"), lambda day: _month_before(day)),
    "last-7-days": (_("Last 7 days"), lambda day: (day - timedelta(days=6), day)),
    "last-90-days": (_("Last 90 days"), lambda day: (day - timedelta(days=89), day)),
    "this-year": (_("This year"), lambda day: (date(day.year, 1, 1), day)),
}
CUSTOM = "dates"


class AccountForm(forms.Form):
    """A form over one of the customer's accounts; the first one unless it is named."""

    account = forms.ChoiceField(label=_("Account"), required=False)

    def __init__(self, *args, holdings: list[Holding], **options):
        super().__init__(*args, **options)
        self.holdings = {holding.number: holding for holding in holdings}
        account = self.fields["account"]
        account.choices = [
            (number, f"{holding.name} {masked_account(number)}")
            for number, holding in self.holdings.items()
        ]
        if len(self.holdings) < 2:
            del self.fields["account"]

    @property
    def holding(self) -> Holding | None:
        """The account that was chosen."""
        chosen = self.cleaned_data.get("account") if self.is_bound and self.is_valid() else None
        return self.holdings.get(chosen) or next(iter(self.holdings.values()), None)


def _date_field(label) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "wk-input"}),
        error_messages={"invalid": _("Enter a date like 2026-11-21")},
    )


def _amount_field(label) -> MoneyField:
    return MoneyField(
        label=label, required=False, widget=forms.TextInput(attrs={"class": "wk-input"})
    )


class Search(AccountForm):
    """Filters of the transactions page; all of them stand in the address."""

    q = forms.CharField(
        label=_("Name, reason or reference"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "class": "wk-input"}),
    )
    direction = forms.ChoiceField(
        label=_("In or out"),
        choices=[("", _("Both")), ("in", _("Money in")), ("out", _("Money out"))],
        required=False,
        widget=forms.Select(attrs={"class": "wk-input"}),
    )
    since = _date_field(_("From"))
    until = _date_field(_("Until"))
    least = _amount_field(_("At least (KES)"))
    most = _amount_field(_("At most (KES)"))

    def clean(self):
        facts = super().clean()
        since, until = facts.get("since"), facts.get("until")
        if since and until and until < since:
            self.add_error("until", ValidationError(_("Choose a day on or after the first one")))
        return facts

    @property
    def filters(self) -> Filters:
        """What was understood; a box that was not is as if empty, with its reason beside it."""
        if not self.is_bound:
            return Filters()
        self.is_valid()
        facts = self.cleaned_data
        return Filters(
            words=facts.get("q") or "",
            direction=facts.get("direction") or "",
            from_date=facts.get("since"),
            to_date=facts.get("until"),
            least=facts.get("least"),
            most=facts.get("most"),
        )


class Period(AccountForm):
    """Which dates: a period by its name, or a first and a last day."""

    period = forms.ChoiceField(
        label=_("Which dates?"),
        choices=[(name, label) for name, (label, _days) in PERIODS.items()]
        + [(CUSTOM, _("Dates of my own"))],
        required=False,
        widget=forms.Select(attrs={"class": "wk-input"}),
    )
    since = _date_field(_("From"))
    until = _date_field(_("Until"))

    def __init__(self, *args, business_date: date, **options):
        super().__init__(*args, **options)
        self.business_date = business_date
        self.initial.setdefault("period", "this-month")

    def clean(self):
        facts = super().clean()
        if facts.get("period") != CUSTOM:
            return facts
        for name in ("since", "until"):
            if not facts.get(name) and name not in self.errors:
                self.add_error(name, ValidationError(_("Choose both days")))
        if not self.errors and facts["until"] < facts["since"]:
            self.add_error("until", ValidationError(_("Choose a day on or after the first one")))
        return facts

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day, or None while they are not known."""
        chosen = ""
        if self.is_bound:
            if not self.is_valid():
                return None
            chosen = self.cleaned_data["period"]
        if chosen == CUSTOM:
            return self.cleaned_data["since"], self.cleaned_data["until"]
        _label, days_of = PERIODS[chosen or "this-month"]
        return days_of(self.business_date)


class AsFile(Period):
    """The same dates as a file: which kind of one."""

    form = forms.ChoiceField(choices=StatementFile.Form.choices)


def _month_before(day: date) -> tuple[date, date]:
    last = month_start(day) - timedelta(days=1)
    return month_start(last), last
