"""Why somebody does not become a customer, in the words of ux.md 4.1."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class BadNationalId(Refusal):
    """Not six to nine ASCII digits (kenya.md 7.2)."""

    code = "bad_national_id"
    status = 422
    text = _("Enter an ID number with 6 to 9 digits")


class TooYoung(Refusal):
    """Not yet 18 on this day in Nairobi (CK07). Facts: age."""

    code = "too_young"
    status = 422
    text = _("You must be 18 or older to open an account. Your ID says you are {age}")


class NotBornYet(Refusal):
    """A date of birth in the future, or before anybody who lives."""

    code = "not_born_yet"
    status = 422
    text = _("Check the year. Enter your date of birth, like 27 3 1994")


class IdTaken(Refusal):
    """The national ID belongs to a customer already; said only after the phone's code."""

    code = "id_taken"
    status = 409
    text = _("This ID already has an account. Log in or recover it")


class TooManyIds(Refusal):
    """Several IDs of other customers were tried: this looks like searching for customers."""

    code = "too_many_ids"
    status = 429
    text = _("We can’t go on with this ID number here. Call us on 0700 123 456")


class ConsentMissing(Refusal):
    """Terms and data use must be agreed to; news need not."""

    code = "consent_missing"
    status = 422
    text = _("Tick the terms and how we use your data to open the account")


class NotSuspended(Refusal):
    """Said to staff only."""

    code = "not_suspended"
    status = 409
    text = _("This customer is not suspended. Look again")


class MatchStands(Refusal):
    """Said to staff only."""

    code = "match_stands"
    status = 409
    text = _("A confirmed match stands. Two persons have to clear its case first")


class NotReady(Refusal):
    """Details or PIN are still missing."""

    code = "application_not_ready"
    status = 409
    text = _("Some answers are still missing. Go on where you stopped")
