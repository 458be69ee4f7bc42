"""What anybody types into the calculator."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ledger.money import Money
from ledger.money_field import MoneyField
from lending.products import words
from lending.products.models import Tenor
from lending.products.queries import Offer, Price

USUAL_MONTHS, TIMES_THE_LEAST = 12, 10  # What the calculator begins with.
NAMES = ("product", "price", "amount", "tenor")
NUMBER = _("Enter a number, like 12")


class Wish(forms.Form):
    """
    A product, how much, for how long, and at which of its prices. What is not said yet is an
    example of the product's; what was typed stays, and the product's bounds speak.
    """

    product = forms.ChoiceField(
        label=_("Which loan?"), error_messages={"invalid_choice": _("Choose a loan of the list")}
    )
    price = forms.ChoiceField(error_messages={"invalid_choice": _("Choose one of the list")})
    amount = MoneyField(label=_("How much?"))
    tenor = forms.RegexField(
        r"^[0-9]{1,4}$",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": NUMBER, "invalid": NUMBER},
    )
    # The product that the page showed: an example of it gives way to one of the product chosen now.
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, offers: list[Offer]):
        by_code = {offer.product.code: offer for offer in offers}
        code = data.get("product", offers[0].product.code)
        self.offer = by_code.get(code, offers[0])
        super().__init__(_asked(data, self.offer, before=by_code.get(data.get("shown", ""))))
        self.fields["product"].choices = [
            (one, offer.product.label) for one, offer in by_code.items()
        ]
        self._name_the_rest()

    @property
    def chosen(self) -> Price:
        return self.offer.price(self.cleaned_data.get("price", ""))

    def clean_amount(self) -> Money:
        amount, term = self.cleaned_data["amount"], self.offer.term
        if not term.lends(amount):
            raise forms.ValidationError(words.amounts(term))
        return amount

    def clean_tenor(self) -> int:
        tenor, term = int(self.cleaned_data["tenor"]), self.offer.term
        if not term.lasts(tenor):
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
        is_in_days = self.offer.term.tenor_in == Tenor.DAYS
        self.fields["tenor"].label = (
            _("For how many days?") if is_in_days else _("For how many months?")
        )
        self.amounts, self.lasts = words.amounts(self.offer.term), words.lasts(self.offer.term)


def _asked(data, offer: Offer, *, before: Offer | None) -> dict:
    """What was typed, and examples for what was not; an example of before was typed by nobody."""
    asked, old = _example(offer), _example(before) if before and before is not offer else {}
    for name in NAMES:
        typed = data.get(name)
        if typed is not None and _plain(typed) != _plain(old.get(name)):
            asked[name] = typed.replace("\0", "")
    return asked | {"shown": offer.product.code}


def _plain(figure: str | None) -> str | None:
    return None if figure is None else figure.replace(",", "")


def _example(offer: Offer) -> dict:
    term = offer.term
    amount = min(term.least_amount * TIMES_THE_LEAST, term.most_amount)
    return {
        "product": offer.product.code,
        "price": offer.prices[-1].key,
        "amount": str(Money.rounded(amount, "KES")).removeprefix("KES ").removesuffix(".00"),
        "tenor": str(min(term.most_tenor, max(term.least_tenor, USUAL_MONTHS))),
    }
