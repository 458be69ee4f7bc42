"""What anybody types into the calculator."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ledger.money import Money
from ledger.money_field import MoneyField
from lending.products import words
from lending.products.queries import Offer, Price

USUAL_MONTHS, TIMES_THE_LEAST = 12, 10  # What the calculator begins with.
NAMES = ("product", "shown", "price", "amount", "tenor")


class Wish(forms.Form):
    """A product, how much, for how long, and at which of its prices."""

    product = forms.ChoiceField(label=_("Which loan?"))
    price = forms.ChoiceField()
    amount = MoneyField(label=_("How much?"))
    tenor = forms.IntegerField(
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": _("Enter a number, like 12"),
            "invalid": _("Enter a number, like 12"),
        },
    )
    # The product of the page that was filled in: when another is chosen, the rest begins anew.
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, offers: list[Offer]):
        by_code = {offer.product.code: offer for offer in offers}
        self.offer = by_code.get(data.get("product", ""), offers[0])
        code = self.offer.product.code
        is_anew = data.get("shown") != code and not (data.get("amount") and not data.get("shown"))
        asked = _usual(self.offer) if is_anew else {name: data.get(name, "") for name in NAMES}
        asked["shown"], asked["price"] = code, self.offer.price(asked["price"]).key
        super().__init__(asked)
        self.fields["product"].choices = [
            (code, offer.product.label) for code, offer in by_code.items()
        ]
        self._name_the_rest()

    @property
    def chosen(self) -> Price:
        return self.offer.price(self.cleaned_data.get("price", ""))

    def clean_amount(self) -> Money:
        amount, term = self.cleaned_data["amount"], self.offer.term
        if not term.least_amount <= amount.amount <= term.most_amount:
            raise forms.ValidationError(words.amounts(term))
        return amount

    def clean_tenor(self) -> int:
        tenor, term = self.cleaned_data["tenor"], self.offer.term
        if not term.least_tenor <= tenor <= term.most_tenor:
            raise forms.ValidationError(words.lasts(term))
        return tenor

    def _name_the_rest(self) -> None:
        prices, price = self.offer.prices, self.fields["price"]
        self.has_choice = len(prices) > 1
        if self.has_choice:
            price.label = _("What does the business do?") if prices[0].sector else _("Your score")
            price.choices = [(one.key, words.choice(one, self.offer)) for one in prices]
        else:
            del self.fields["price"]
        is_in_days = self.offer.term.tenor_in == "DAYS"
        self.fields["tenor"].label = (
            _("For how many days?") if is_in_days else _("For how many months?")
        )
        self.amounts, self.lasts = words.amounts(self.offer.term), words.lasts(self.offer.term)


def _usual(offer: Offer) -> dict:
    term = offer.term
    return {
        "product": offer.product.code,
        "shown": offer.product.code,
        "price": offer.prices[-1].key,
        "amount": str(Money.rounded(term.least_amount * TIMES_THE_LEAST, "KES").amount),
        "tenor": str(min(term.most_tenor, max(term.least_tenor, USUAL_MONTHS))),
    }
