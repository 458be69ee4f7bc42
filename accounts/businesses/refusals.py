"""Why something of a business was not done, with what to do next."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class NoSuchBusiness(Refusal):
    code = "no_such_business"
    status = 404
    text = _("There is no such business of yours.")


class NotYourRole(Refusal):
    """Facts: role, the one that it takes."""

    code = "not_your_role"
    status = 403
    text = _("Your role in this business does not allow it. It takes: {role}")


class BadRegistrationNo(Refusal):
    code = "bad_registration_no"
    status = 422
    text = _("Enter the number as on the certificate, like PVT-AB12CD3 or BN/2023/12345")


class BadKraPin(Refusal):
    code = "bad_kra_pin"
    status = 422
    text = _("Enter the KRA PIN of the company: P, 9 digits and a letter, like P051234567Z")


class BusinessKnown(Refusal):
    code = "business_known"
    status = 409
    text = _("This company is registered with the bank. Ask one of its directors to invite you")


class NotADraft(Refusal):
    """Facts: state, how the registration stands."""

    code = "business_not_a_draft"
    status = 409
    text = _("This registration was sent already: {state}. Call 0700 123 456 to change it")


class NotChangeable(Refusal):
    """Why is not said: a business that is checked and a suspended one hear the same."""

    code = "business_not_changeable"
    status = 409
    text = _("The team and the mandate cannot be changed now. Call 0700 123 456")


class ShareTooSmall(Refusal):
    code = "share_too_small"
    status = 422
    text = _("Name owners of 10% or more, up to 100%, like 25 or 33.34")


class SharesTooMany(Refusal):
    """Facts: left, what may still be named; together, what the shares would add up to."""

    code = "shares_too_many"
    status = 422
    text = _("The shares would add up to {together}%. Enter {left}% or less")


class OwnerNamedTwice(Refusal):
    code = "owner_named_twice"
    status = 409
    text = _("A person with this ID number is named already. Remove that line first")


class NotComplete(Refusal):
    """Facts: missing, the first thing that is."""

    code = "business_not_complete"
    status = 409
    text = _("Something is still missing: {missing}")


class NoSuchPaper(Refusal):
    """Another's paper, one that is not asked for, and none look the same."""

    code = "no_such_paper"
    status = 404
    text = _("We ask this business for no such paper.")


class PapersNotAccepted(Refusal):
    """Facts: papers, those that are missing or wait for a decision."""

    code = "papers_not_accepted"
    status = 409
    text = _("Papers are missing or not accepted yet: {papers}")


class YourOwnBusiness(Refusal):
    code = "your_own_business"
    status = 403
    text = _("You act for this business. A colleague must check its papers")


class BadMandate(Refusal):
    """Facts: problem, in one sentence."""

    code = "bad_mandate"
    status = 422
    text = _("{problem}")


class OverMandate(Refusal):
    """Facts: most."""

    code = "over_mandate"
    status = 400
    text = _(
        "The mandate of this business allows up to {most} in one payment. Enter less, or change "
        "the mandate"
    )


class TooFewSignatories(Refusal):
    """Facts: needed, there."""

    code = "too_few_signatories"
    status = 409
    text = _(
        "This needs {needed} signatures, and {there} people may give them. Nothing was sent. "
        "Invite a signatory, or let another person prepare it"
    )


class MadeByYou(Refusal):
    code = "made_by_you"
    status = 403
    text = _("You made this one. Another director must approve it.")


class SignedAlready(Refusal):
    code = "signed_already"
    status = 409
    text = _("You decided this one already. Nothing was done again.")


class IntentChanged(Refusal):
    code = "intent_changed"
    status = 409
    text = _("This is no longer what you were shown. Look at it again, then decide.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    status = 422
    text = _("Say why, in a few words. The person who made it reads it")


class ContactInvited(Refusal):
    code = "contact_invited"
    status = 409
    text = _("This phone or e-mail is invited already. Withdraw that invitation first")


class NotInvited(Refusal):
    """Facts: contact, mostly hidden."""

    code = "not_invited"
    status = 403
    text = _("This invitation is for {contact}. Log in with the account that has it")


class InvitationOver(Refusal):
    code = "invitation_over"
    status = 409
    text = _("This invitation no longer works. Ask the company to invite you again")


class NeedsAnotherDirector(Refusal):
    code = "needs_another_director"
    status = 403
    text = _("You asked for this change. Another director must decide it.")


class ChangeOver(Refusal):
    code = "change_over"
    status = 409
    text = _("This change was decided already, or waited longer than 7 days. Ask for it again")


class LastDirector(Refusal):
    code = "last_director"
    status = 409
    text = _("A business keeps at least one director. Invite another one first")


class StaffOnly(Refusal):
    code = "staff_only"
    status = 403
    text = _("Only the bank’s staff can do this.")


class PeopleNotChecked(Refusal):
    """Said to staff only, of whom few may know more (no tipping-off, kenya.md 7.3)."""

    code = "people_not_checked"
    status = 409
    text = _("Checks of its people are not finished. It cannot be opened yet")
