"""What is to be paid by itself, when, and from which account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.deposits.queries import Holding
from ledger.money_field import MoneyField
from lending.instructions import words
from lending.instructions.models import Every, StandingInstruction
from lending.repayments.debts import Debt
from lending.repayments.recoveries import Claim
from wekeza.kit.words import masked_account

DUE, FIXED = "DUE", "FIXED"


class Instruct(forms.Form):
    """What is due or an amount; a day of each week or month; one of the borrower's accounts."""

    what = forms.ChoiceField(
        label=_("What do we pay?"),
        choices=[(DUE, _("What is due until the next such day")), (FIXED, _("The same amount"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one")},
    )
    amount = MoneyField(label=_("How much each time?"), required=False)
    when = forms.ChoiceField(label=_("When?"), error_messages={"required": _("Choose a day")})
    account = forms.ChoiceField(label=_("From which account?"))

    def __init__(
        self, *args, holdings: list[Holding], known: StandingInstruction | None,
        debt: Debt | Claim, **more,
    ):  # fmt: skip
        super().__init__(*args, **more)
        self.holdings = {one.number: one for one in holdings}
        self.fields["account"].choices = [
            (number, f"{one.name} {masked_account(number)}")
            for number, one in self.holdings.items()
        ]
        self.fields["when"].choices = [
            (label, [(f"{every}-{day}", words.when(every, day)) for day in range(1, last + 1)])
            for every, label, last in (
                (Every.MONTH, Every.MONTH.label, 31), (Every.WEEK, Every.WEEK.label, 7),
            )
        ]  # fmt: skip
        if known is None:
            self.initial.setdefault("what", DUE)
            due = None if debt.loan.is_off_books else debt.next_due
            if due is not None:
                on = due.instalment.contractual.day
                self.initial.setdefault("when", f"{Every.MONTH}-{on}")
        else:
            self.initial.setdefault("what", DUE if known.money is None else FIXED)
            self.initial.setdefault("amount", known.money)
            self.initial.setdefault("when", f"{known.every}-{known.day}")
            self.initial.setdefault("account", known.account.number)

    def clean(self):
        facts = super().clean()
        if facts.get("what") == FIXED and not facts.get("amount") and "amount" not in self.errors:
            self.add_error("amount", self.fields["amount"].error_messages["required"])
        return facts

    @property
    def facts(self) -> dict:
        """What was chosen, as `operations.set_up` takes it."""
        chosen = self.cleaned_data
        every, day = chosen["when"].split("-")
        return {
            "account": self.holdings[chosen["account"]].account,
            "amount": chosen["amount"] if chosen["what"] == FIXED else None,
            "every": every,
            "day": int(day),
        }
