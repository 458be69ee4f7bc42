"""What to look for in the books, and what a voucher says."""

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory

from accounts.staff.models import Branch
from ledger.approvals.refusals import ReasonMissing
from ledger.chart.models import Currency
from ledger.journal.lines import Line, credit, debit
from ledger.money import BadAmount, parse
from ledger.money_field import MoneyField
from ledger.vouchers import queries as vouchers
from ledger.vouchers.models import Voucher
from ledger.vouchers.operations import Written
from wekeza.kit.errors import Refusal

LONGEST_DAYS = 92
FIRST_YEAR = 2000  # No bank of ours is older; days before it are slips of the hand.
FIRST_LINES = 4
KINDS = [one for one in Voucher.Kind.choices if one[0] != Voucher.Kind.REVERSAL]


def day_field(label: str, **options) -> forms.DateField:
    """This will make a box for a day, empty unless it is asked for."""
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Enter a date like 2026-11-21"},
        **options,
    )


class Filters(forms.Form):
    """Filters that stand in the address; what is missing or wrong is as it was before anything."""

    def __init__(self, *args, today: date, **options):
        self.today = today
        super().__init__(*args, **options)
        if not self.is_bound and "on" in self.fields:
            self.initial["on"] = today

    def chosen(self, name: str, otherwise):
        """This will give what somebody chose, or what is shown without a choice."""
        if not self.is_bound or not self.is_valid():
            return otherwise
        return self.cleaned_data.get(name) or otherwise

    def in_time(self, day: date | None) -> date | None:
        """
        This will give a day on which there can be books.

        :raises ValidationError: if the bank has not come to it, or nobody kept any.
        """
        if day and day.year < FIRST_YEAR:
            raise ValidationError(f"Choose a day since {FIRST_YEAR}")
        if day and day > self.today:
            raise ValidationError(
                f"The business date is {self.today}. Choose that or an earlier day"
            )
        return day


class Trial(Filters):
    """A day, a currency, and whether lines at zero are shown."""

    on = day_field("At the end of")
    currency = forms.ChoiceField(required=False)
    lines = forms.ChoiceField(
        label="Lines", choices=[("", "With a balance"), ("all", "All")], required=False
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        codes = Currency.objects.order_by("code").values_list("code", flat=True)
        self.fields["currency"].choices = [("", "Every one"), *((code, code) for code in codes)]

    def clean_on(self):
        return self.in_time(self.cleaned_data["on"])


class Span(Filters):
    """The business dates of a ledger; one day of a line that every payment touches."""

    since = day_field("From")
    until = day_field("To")

    def clean_since(self):
        return self.in_time(self.cleaned_data["since"])

    def clean_until(self):
        return self.in_time(self.cleaned_data["until"])

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        last = until or self.today
        if since and since > last:
            self.add_error("since", "The first day is after the last one")
        elif since and (last - since).days > LONGEST_DAYS:
            self.add_error("since", f"Choose {LONGEST_DAYS} days or fewer at once")
        return self.cleaned_data

    def span(self, *, days: int) -> tuple[date, date]:
        """This will give the first and the last day: those chosen, or so many to the last one."""
        last = self.chosen("until", self.today)
        first = self.chosen("since", last - timedelta(days=days - 1))
        if not self.is_bound:
            self.initial |= {"since": first}
        return first, last


class Journal(Span):
    """What to look for among entries."""

    kind = forms.ChoiceField(required=False)
    reference = forms.CharField(label="Reference or receipt", max_length=80, required=False)
    who = forms.CharField(label="Who booked it", max_length=80, required=False)
    amount = MoneyField(required=False)
    source = forms.CharField(label="Source", max_length=80, required=False)
    place = forms.ChoiceField(label="Branch", required=False)

    def __init__(self, *args, kinds: list[str], **options):
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", "Every kind"), *((kind, kind) for kind in kinds)]
        branches = Branch.objects.order_by("code")
        self.fields["place"].choices = [
            ("", "Every branch"),
            *((one.code, str(one)) for one in branches),
        ]


class VoucherHead(forms.Form):
    """What a maker writes beside the lines."""

    kind = forms.ChoiceField(label="Kind of voucher", choices=KINDS)
    narrative = forms.CharField(
        label="What is it for?", max_length=140, help_text="It stands in the books for ever."
    )
    value_date = day_field("Value date", help_text="Leave it empty for the day of posting.")
    paper_ref = forms.CharField(
        label="Paper behind it", max_length=60, required=False, help_text="Invoice, letter or slip"
    )
    customer_reason = forms.CharField(
        label="Why a customer’s account is touched",
        max_length=140,
        required=False,
        help_text="Only if a line is on one. The second person reads it.",
    )

    def written(self) -> Written:
        """This will give it as the operation takes it."""
        return Written(**self.cleaned_data)


class VoucherLine(forms.Form):
    """One line: an account, and an amount on one of its sides."""

    account = forms.CharField(max_length=20, required=False, widget=forms.TextInput())
    debit = forms.CharField(max_length=40, required=False)
    credit = forms.CharField(max_length=40, required=False)
    line: Line | None = None
    named = ""

    def clean(self):
        said = self.cleaned_data
        if not any(said.get(name) for name in ("account", "debit", "credit")):
            return said
        if not said.get("account"):
            self.add_error("account", "Enter the code of a line, or an account number")
            return said
        if bool(said.get("debit")) == bool(said.get("credit")):
            self.add_error("debit", "Enter one amount, as debit or as credit")
            return said
        self._read(said)
        return said

    def _read(self, said: dict) -> None:
        try:
            account = vouchers.account_by(said["account"])
            vouchers.check_account(account)
        except Refusal as refusal:
            self.add_error("account", str(refusal))
            return
        side = "debit" if said["debit"] else "credit"
        try:
            money = parse(said[side], account.currency_id)
        except BadAmount as refusal:
            self.add_error(side, str(refusal))
            return
        self.line = (debit if side == "debit" else credit)(account, money)
        self.named = account.code if account.is_guarded else account.name


class _Lines(BaseFormSet):
    def booked(self) -> list[Line]:
        """This will give the lines that were filled in."""
        return [form.line for form in self.forms if form.line is not None]

    def with_another(self) -> "_Lines":
        """This will give the same boxes with one line more, nothing of them judged."""
        said = [
            {name: self.data.get(f"{form.prefix}-{name}", "") for name in form.fields}
            for form in self.forms
        ]
        return VoucherLines(initial=[*said, {}][: vouchers.MOST_LINES], prefix=self.prefix)


VoucherLines = formset_factory(
    VoucherLine,
    formset=_Lines,
    extra=0,
    max_num=vouchers.MOST_LINES,
    absolute_max=vouchers.MOST_LINES,
    validate_max=True,
)


class Reversal(forms.Form):
    """Why an entry is taken back."""

    narrative = forms.CharField(label="Why is it taken back?", max_length=140)
    paper_ref = forms.CharField(label="Paper behind it", max_length=60, required=False)
    may_overdraw = forms.BooleanField(
        label="A customer’s account may go below zero",
        required=False,
        help_text="It then pays out nothing until somebody has looked at it.",
    )


class Ask(forms.Form):
    """Why it is wanted, for the second person; what is done is the button."""

    deed = forms.ChoiceField(choices=[("ask", "Ask"), ("throw", "Throw it away")])
    reason = forms.CharField(
        label="Reason",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The second person reads it.",
        error_messages={"required": ReasonMissing.text},
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["reason"].required = self.data.get("deed", "ask") == "ask"


class Lift(forms.Form):
    """Why an account may go on."""

    reason = forms.CharField(
        label="Why may it go on?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What was found, and how it was mended. The second person reads it.",
        error_messages={"required": ReasonMissing.text},
    )


class ChangePeriod(forms.Form):
    """Close or open a month, or end a year; which one is the button."""

    deed = forms.ChoiceField(choices=[(name, name) for name in ("close", "reopen", "year")])
    reason = forms.CharField(
        label="Reason",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The second person reads it.",
        error_messages={"required": ReasonMissing.text},
    )
