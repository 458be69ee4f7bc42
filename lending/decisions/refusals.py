"""Why nothing was asked for or taken, in the customer's words."""

from django.utils.translation import gettext_lazy as _

from lending.applications.refusals import AlreadyAsked, NoSuchApplication, NotOpen
from lending.fraud.refusals import UnderInvestigation
from lending.loans.operations import AccountTakesNothing, NoRoomForIt, OneAtATime
from wekeza.kit.errors import Refusal

__all__ = [
    "AccountTakesNothing",
    "AlreadyAsked",
    "ConsentNotShown",
    "NoRoomForIt",
    "NoSuchApplication",
    "NotOpen",
    "OfferChanged",
    "OfferEnded",
    "OneAtATime",
    "OverLimit",
    "OverTerms",
    "UnderInvestigation",
]


class OverLimit(Refusal):
    """Facts: limit."""

    code = "over_loan_limit"
    status = 400
    text = _("You can borrow up to {limit}. Enter that or less")
    text_nothing = _("You cannot borrow yet. Money that comes into your account makes a limit")

    def __str__(self):
        text = self.text if self.facts["limit"] else self.text_nothing
        return str(text).format(**self.facts)


class OverTerms(Refusal):
    """Facts: words, what the product's loans are for."""

    code = "not_of_this_loan"
    status = 422
    text = "{words}"


class OfferEnded(Refusal):
    """Facts: until."""

    code = "offer_ended"
    status = 409
    text = _("This offer stood until {until}. Nothing was paid out. Ask again")


class OfferChanged(Refusal):
    """The day, or a figure, is another than the one that was shown."""

    code = "offer_changed"
    status = 409
    text = _("A figure or a date changed since you saw it. Nothing was paid out. Look once more")


class ConsentNotShown(Refusal):
    code = "consent_not_shown"
    status = 422
    text = _("Show the customer the words of today’s consent, and send their hash")
