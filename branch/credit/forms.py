"""What an officer answers to an application for a loan."""

from django import forms

from ledger.money import Money
from ledger.money_field import MoneyField
from lending.applications.models import LoanApplication
from lending.decisions.models import CreditDecision
from lending.decisions.operations import LEAST_WHY
from lending.decisions.refusals import WhyDecided
from lending.restructures.models import Restructure
from lending.watch.models import MarkKind

Result = CreditDecision.Result
MOST_WHY = 400


class Decide(forms.Form):
    """Yes for an amount, or no, and why; which one is the button that was pressed."""

    result = forms.ChoiceField(choices=[(one, one) for one in (Result.APPROVED, Result.REFUSED)])
    amount = MoneyField(label="Approve how much?", required=False)
    why = forms.CharField(
        label="Why?",
        help_text="Kept with your name. If you refuse or approve less than was asked for, the "
        "customer reads it: say nothing of suspicions.",
        min_length=LEAST_WHY,
        max_length=MOST_WHY,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": WhyDecided.text, "min_length": WhyDecided.text},
    )

    def __init__(self, *args, application: LoanApplication, **options):
        super().__init__(*args, initial={"amount": application.money}, **options)
        self.fields["amount"].help_text = f"{application.money} was asked for: that or less."

    def clean(self):
        """Only a yes needs an amount."""
        said = self.cleaned_data
        is_yes = said.get("result") == Result.APPROVED
        if is_yes and not said.get("amount") and "amount" not in self.errors:
            self.add_error("amount", MoneyField.default_error_messages["required"])
        if not is_yes:
            self.errors.pop("amount", None)
            said["amount"] = Money.zero("KES")
        return said


class FindLoan(forms.Form):
    """One box for a loan's number and for everything that names its customer."""

    q = forms.CharField(
        label="Find a loan",
        help_text="Its number (LN-…), or the customer’s name, ID number, phone or account",
        max_length=120,
        required=False,
    )


class AskWriteOff(forms.Form):
    """Why a loan will not come back."""

    reason = forms.CharField(
        label="Why will it not come back?",
        help_text="The committee reads it.",
        min_length=LEAST_WHY,
        max_length=MOST_WHY,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": WhyDecided.text, "min_length": WhyDecided.text},
    )


class _Why(forms.Form):
    reason = forms.CharField(
        label="Why?",
        help_text="The second person reads it, and the borrower in the copy of their data: say "
        "what was seen, and nothing of suspicions.",
        min_length=LEAST_WHY,
        max_length=MOST_WHY,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": WhyDecided.text, "min_length": WhyDecided.text},
    )


class Mark(_Why):
    """What is known of a borrower, and from where."""

    kind = forms.ChoiceField(label="What is known?", choices=MarkKind.choices)
    field_order = ["kind", "reason"]


class LiftMark(_Why):
    """Which of the marks that stand is lifted, and why."""

    mark = forms.ModelChoiceField(label="Which?", queryset=None, empty_label=None)
    field_order = ["mark", "reason"]

    def __init__(self, *args, standing, **options):
        super().__init__(*args, prefix="lift", **options)
        self.fields["mark"].queryset = standing
        self.fields["mark"].label_from_instance = lambda one: one.get_kind_display()


class Propose(forms.Form):
    """What is offered, as asked or otherwise, and why; or why not."""

    kind = forms.ChoiceField(label="What", choices=Restructure.Kind.choices)
    number = forms.IntegerField(
        label="How many", widget=forms.TextInput,
        help_text="Instalments put off, or payments from now on.",
    )  # fmt: skip
    why = forms.CharField(
        label="Why", max_length=MOST_WHY, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The customer reads it.",
    )  # fmt: skip
