"""Why money was not added, in the customer's words, with the figure that would pass."""

from django.utils.translation import gettext_lazy as _

from ledger.refusals import WrongCurrency
from wekeza.kit.errors import Refusal

__all__ = [
    "AccountCannotTake",
    "NoSuchTopUp",
    "NoWayOpen",
    "NotAdded",
    "OverMaximumBalance",
    "WrongCurrency",
]


class OverMaximumBalance(Refusal):
    """Facts: left, maximum."""

    code = "maximum_balance"
    status = 400
    text = _("You can add {left} more. Your account may hold up to {maximum}")
    text_nothing = _("Your account may hold up to {maximum}. You cannot add more now")

    def __str__(self):
        return str(self.text if self.facts["left"] else self.text_nothing).format(**self.facts)


class AccountCannotTake(Refusal):
    code = "account_frozen"
    status = 423
    text = _("Your account ending {ending} cannot take money now. Call 0700 123 456")


class NoWayOpen(Refusal):
    code = "no_way_open"
    status = 409
    text = _("No way to add money is open at this bank yet. Nothing was taken")


class NoSuchTopUp(Refusal):
    code = "no_such_topup"
    status = 404
    text = _("There is no such top-up of yours.")


class NotAdded(Refusal):
    """The rail did not give the money, or took it back. Facts: receipt_no."""

    code = "topup_not_added"
    status = 409
    text = _("The money was not added. Nothing was taken. Try again, or another way")
