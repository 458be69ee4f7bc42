"""Judging what a loan would buy, and keeping it with the application."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts.deposits.models import DepositAccount
from ledger.calendar import queries as calendar
from ledger.money import Money
from lending.applications.models import LoanApplication
from lending.credit.models import CreditTerm
from lending.purchases import queries
from lending.purchases.models import LoanPurchase
from wekeza.kit.db import inside_transaction
from wekeza.kit.errors import Refusal
from wekeza.kit.words import percent


class PurchaseMissing(Refusal):
    code = "purchase_missing"
    status = 422
    text = _("Tell us what you buy, its price, its value where we ask for it, and who sells it")


class NotBought(Refusal):
    code = "not_bought"
    status = 422
    text = _("We do not lend for this. Choose another thing")


class OverValue(Refusal):
    """Facts: percent, value, most, and rest, what the buyer pays."""

    code = "over_value"
    status = 422
    text = _(
        "We lend up to {percent} of the value of {value}: {most}. Ask for that or less, and pay "
        "the rest to the seller yourself"
    )


class OverPrice(Refusal):
    """Facts: price."""

    code = "over_price"
    status = 422
    text = _("It costs {price}. Ask for that or less")


class TooOldAtEnd(Refusal):
    """Facts: age and most, in years."""

    code = "too_old_at_end"
    status = 422
    text = _("You would be {age} when this loan ends, and {most} is the most. Ask for fewer months")


class OwnSeller(Refusal):
    code = "own_seller"
    status = 422
    text = _("This account is your own. Enter the seller’s")


@dataclass(frozen=True, slots=True)
class Purchase:
    """What somebody buys: the thing, its price, the seller's account, and a valuer's figure."""

    thing: str
    description: str
    price: Money
    seller: DepositAccount
    valuation: Money | None = None

    @property
    def value(self) -> Money:
        return min(self.price, self.valuation or self.price)


def check(
    customer, *, purchase: Purchase | None, product: str, amount: Money, on: date, is_valued: bool
) -> None:
    """
    This will let pass an amount that a product lends on a thing (kenya.md 4.5: LTV); `is_valued`
    tells that a valuer's figure is asked for.

    :raises PurchaseMissing: if it, or its value, was not told.
    :raises NotBought: if the product lends on no such thing.
    :raises OverPrice: or OverValue, with the most that is lent.
    :raises OwnSeller: if the seller is the customer.
    """
    if purchase is None or not purchase.description or is_valued and not purchase.valuation:
        raise PurchaseMissing
    if purchase.seller.customer_id == customer.pk:
        raise OwnSeller
    if amount > purchase.price:
        raise OverPrice(price=purchase.price)
    check_value(product, thing=purchase.thing, value=purchase.value, amount=amount, on=on)


def check_value(product: str, *, thing: str, value: Money, amount: Money, on: date) -> None:
    """
    This will let pass an amount that a product lends on a thing of a value.

    :raises NotBought: if the product lends on no such thing; OverValue, with the most.
    """
    share = queries.shares_on(product, on=on).get(thing)
    if share is None:
        raise NotBought
    most = Money.rounded(value.amount * share / 100, "KES")
    if amount > most:
        raise OverValue(percent=percent(share), value=value, most=most)


def check_age(customer, *, months: int, on: date) -> None:
    """
    This will let pass who is not too old when a loan of so many months ends (kenya.md 4.5).

    :raises TooOldAtEnd: with the age and the most.
    """
    most = CreditTerm.numbers_on(on)[CreditTerm.Kind.AGE_AT_END]
    ends, born = calendar.months_after(on, months), customer.date_of_birth
    age = ends.year - born.year - ((ends.month, ends.day) < (born.month, born.day))
    if age > most:
        raise TooOldAtEnd(age=age, most=most)


@inside_transaction
def keep(application: LoanApplication, *, purchase: Purchase) -> None:
    """This will keep what an application is for; kept before, it stays."""
    LoanPurchase.objects.get_or_create(
        application=application,
        defaults={
            "thing": purchase.thing,
            "description": purchase.description,
            "price": purchase.price.amount,
            "valuation": purchase.valuation and purchase.valuation.amount,
        },
    )
