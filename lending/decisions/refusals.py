"""Why nothing was asked for or taken, in the customer's words; and decided, in an officer's."""

from django.utils.translation import gettext_lazy as _

from lending.applications.refusals import AlreadyAsked, NoSuchApplication, NotOpen
from lending.evidence.operations import PaperMissing
from lending.fraud.refusals import UnderInvestigation
from lending.loans.operations import AccountTakesNothing, NoRoomForIt, OneAtATime
from wekeza.kit.errors import Refusal

__all__ = [
    "AccountTakesNothing",
    "AlreadyAsked",
    "CarriesLess",
    "ConsentNotShown",
    "DetailsBeingChecked",
    "HardDecline",
    "IncomeMissing",
    "NoRoomForIt",
    "NoSuchApplication",
    "NotAtLevel",
    "NotOffered",
    "NotOpen",
    "OfferChanged",
    "OfferEnded",
    "OneAtATime",
    "OverLimit",
    "OverTerms",
    "OwnApplication",
    "PaperMissing",
    "SecondPersonNeeded",
    "UnderInvestigation",
    "WhyDecided",
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


class IncomeMissing(Refusal):
    code = "income_missing"
    status = 422
    text = _("Tell us what you take home in a month, and before tax where we ask for it")


class NotAtLevel(Refusal):
    code = "not_at_level"
    status = 403
    text = _("This loan is not lent at your level. Raise your level under Settings")


class NotOffered(Refusal):
    code = "loan_not_offered"
    status = 404
    text = _("We do not lend this now. Choose another loan")


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


class CarriesLess(Refusal):
    """Facts: dues, of other loans in the next month, most, what is carried beside, and amount."""

    code = "income_carries_less"
    status = 409
    text = _(
        "{dues} falls due on your other loans in the next month, more than when we answered. Your "
        "income carries {most} beside that, and this loan is {amount}. Nothing was paid out. Pay "
        "back first, or give this up and ask for less"
    )


class DetailsBeingChecked(Refusal):
    """Held, suspended, or known for what declines; neither the words nor the code say which."""

    code = "details_being_checked"
    status = 403
    text = _("We are checking your details. Nothing was paid out. Call 0700 123 456")


class ConsentNotShown(Refusal):
    code = "consent_not_shown"
    status = 422
    text = _("Show the customer the words of today’s consent, and send their hash")


class OwnApplication(Refusal):
    code = "own_application"
    status = 403
    text = "This is your own application. A colleague decides it."


class WhyDecided(Refusal):
    code = "why_decided"
    status = 422
    text = "Say why in a sentence, of 20 characters or more. It is kept with the decision."


class HardDecline(Refusal):
    """Facts: reasons, in words for staff."""

    code = "hard_decline"
    status = 409
    text = (
        "Nobody may approve this: {reasons}. Refuse it; the customer can ask again when that is "
        "settled."
    )


class SecondPersonNeeded(Refusal):
    """Facts: above, up to which one person approves."""

    code = "second_person_needed"
    status = 409
    text = "A loan above {above} takes a second person. Nothing was decided."
