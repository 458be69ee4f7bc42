"""Why a tier is not asked for, not sent for review, or not raised."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class TierNotOffered(Refusal):
    """Not above the customer's own, and no renewal is due; or not for people. Facts: tier."""

    code = "tier_not_offered"
    status = 409
    text = _("You cannot ask for the level {tier} now. Choose one that the page offers")


class CustomerNotActive(Refusal):
    code = "customer_not_active"
    status = 409
    text = _("This is not open to this customer now. Nothing was changed")


class AlreadyInReview(Refusal):
    """Facts: due, a moment."""

    code = "already_in_review"
    status = 409
    text = _("We are checking what you sent, and answer by {due}. It cannot be changed meanwhile")


class NothingAsked(Refusal):
    code = "no_submission"
    status = 409
    text = _("First choose the level that you want")


class NotComplete(Refusal):
    """Facts: missing, the labels of what is."""

    code = "kyc_not_complete"
    status = 409
    text = _("This is still missing: {missing}")


class BadAddress(Refusal):
    """Too short to be found by."""

    code = "bad_address"
    status = 422
    text = _("Enter where you live: house, street or village, town")


class BadKraPin(Refusal):
    """Facts: none; the pattern is kenya.md 7.2."""

    code = "bad_kra_pin"
    status = 422
    text = _("Enter a KRA PIN like A123456789Z: a letter, 9 digits and a letter")


class NotInReview(Refusal):
    """It was answered already, or was never sent."""

    code = "not_in_review"
    status = 409
    text = _("This request is not waiting for a review. Look again")


class NotPartOfIt(Refusal):
    """The paper belongs to somebody else, or this tier does not ask for it."""

    code = "document_not_part_of_submission"
    status = 404
    text = _("This document is not part of the request")


class NothingDeclined(Refusal):
    code = "nothing_declined"
    status = 409
    text = _("Nothing is declined or missing, so there is nothing to ask the customer for")


class NotVerified(Refusal):
    """Facts: missing, what is still to be decided or to be sent."""

    code = "kyc_not_verified"
    status = 409
    text = _("Not everything is accepted yet: {missing}")


class IdentityDoubtful(Refusal):
    """The newest answer about a name, ID or phone is a no that nobody settled."""

    code = "identity_doubtful"
    status = 409
    text = _("The register does not confirm this person. Settle that first")


class RiskTooLow(Refusal):
    """Said to staff: two persons found that the customer is politically exposed (kenya.md 7.1)."""

    code = "risk_too_low"
    status = 409
    text = _("This customer holds a public office, or is close to one who does. The risk is high")


class OwnSubmission(Refusal):
    """Nobody decides about themselves."""

    code = "own_submission"
    status = 403
    text = _("This is about yourself. A colleague has to do it")


class NoSuchSubmission(Refusal):
    """No request for a tier has this id."""

    code = "no_such_submission"
    status = 404
    text = _("There is no such request")
