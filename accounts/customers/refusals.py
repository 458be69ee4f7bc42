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


class BeingChecked(Refusal):
    """They are part of a request for a higher tier that an officer looks at."""

    code = "profile_in_review"
    status = 409
    text = _("We look at this for your higher level. You can change it when we have answered")


class ConsentOutdated(Refusal):
    """The text is another than the one that was shown, or is in another language."""

    code = "consent_outdated"
    status = 422
    text = _("The text has changed since you read it. Read it again, then agree")


class NotSuspended(Refusal):
    """Said to staff only."""

    code = "not_suspended"
    status = 409
    text = _("This customer is not suspended. Look again")


class AlreadyStopped(Refusal):
    """Said to staff only. Facts: state."""

    code = "already_stopped"
    status = 409
    text = _("This customer is stopped already: {state}")


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


class BadName(Refusal):
    """Not two names in letters."""

    code = "bad_name"
    status = 422
    text = _("Enter your name in letters, as it stands on your ID")


class ForeignLetters(BadName):
    """Letters of another script, also such as look like Latin ones."""

    code = "foreign_letters"
    text = _("Enter your name in Latin letters, as it stands on your ID")


class OneName(BadName):
    """A first name alone."""

    code = "one_name"
    text = _("Enter all your names, at least two")


class PhoneKnown(Refusal):
    """The phone is the customer's already."""

    code = "phone_known"
    status = 409
    text = _("That is one of your numbers already. Enter another one")


class PhoneTaken(Refusal):
    """The phone is another customer's; said only to whoever typed its code."""

    code = "phone_taken"
    status = 409
    text = _("This phone number can’t be used here. Use another")


class TooManyContacts(Refusal):
    """There are as many as one person may have. Facts: most."""

    code = "too_many_contacts"
    status = 409
    text = _("You have {most} already. Remove one first")


class TooManyNumbers(Refusal):
    """Many codes went to phones that nobody confirmed: this may be a nuisance to others."""

    code = "too_many_numbers"
    status = 429
    text = _("Too many codes today. Try again tomorrow")


class ReasonMissing(Refusal):
    """A correction, or its refusal, without a word why."""

    code = "reason_missing"
    status = 422
    text = _("Say why, in a sentence")


class NothingChanges(Refusal):
    """What is asked for stands so already."""

    code = "nothing_changes"
    status = 409
    text = _("That is what we have already. Enter what it should be")


class ChangeWaits(Refusal):
    """A request for the same detail has not been decided."""

    code = "change_waits"
    status = 409
    text = _("You asked for this already. We will tell you when it is decided")


class ChangeOutdated(Refusal):
    """It is decided already, or the detail is another one than when it was asked."""

    code = "change_outdated"
    status = 409
    text = _("This request is out of date. Look at the customer again")


class NoSuchContact(Refusal):
    """It is another customer's, or nothing at all: both look the same."""

    code = "no_such_contact"
    status = 404
    text = _("There is nothing here. Go back to your profile")


class StaffLogin(Refusal):
    """One login, one person with one part: who decides for the bank is no customer by it too."""

    code = "staff_login"
    status = 409
    text = _("This login is for work at the bank. Register with another e-mail address and phone")


class AlreadyCustomer(Refusal):
    code = "already_customer"
    status = 409
    text = _("This login has an account already")


class NoSuchCustomer(Refusal):
    code = "no_such_customer"
    status = 404
    text = _("There is no such customer, or it is not you.")
