"""What the bank refuses about those who work here."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class NotYourself(Refusal):
    code = "not_yourself"
    status = 403
    text = _("This is about yourself. Two other people have to do it.")


class StaffIdTaken(Refusal):
    code = "staff_id_taken"
    status = 409
    text = _("Somebody with this national ID is among our staff. Open their page to ask again.")


class LoginIsCustomers(Refusal):
    """One login, one person with one part: a customer who comes to work gets another login."""

    code = "login_is_a_customers"
    status = 409
    text = _("This login is a customer's. Staff need one of their own.")


class UnknownRole(Refusal):
    code = "unknown_role"
    status = 400
    text = _("{role} is not a role of staff.")


class UnknownPermission(Refusal):
    code = "unknown_permission"
    status = 400
    text = _("{permission} is not a permission of staff.")


class BadSpan(Refusal):
    code = "bad_span"
    status = 422
    text = _("The days must begin today or later, end after they begin, and be free.")


class NothingChanges(Refusal):
    code = "nothing_changes"
    status = 409
    text = _("{role} stands so already with {permission} on that day. Nothing would change.")


class NotAnEmergencyRole(Refusal):
    code = "not_an_emergency_role"
    status = 403
    text = _("{role} cannot be taken in an emergency. Ask two people to give it to you.")


class AlreadyJudged(Refusal):
    code = "already_judged"
    status = 409
    text = _("Somebody has looked at this emergency already.")


class StillUnjudged(Refusal):
    code = "emergency_unjudged"
    status = 409
    text = _(
        "Your emergency of {since} waits for somebody to look at it. Until they have, you cannot "
        "take a role alone again. Ask two people to give it to you."
    )


class TooSoonAfterWrong(Refusal):
    code = "emergency_too_soon"
    status = 409
    text = _(
        "Your last emergency was judged not to be one. You can take a role alone again from "
        "{until}. Ask two people to give it to you."
    )


class NoSuchEmergency(Refusal):
    code = "no_such_emergency"
    status = 404
    text = _("There is no such emergency. Open the page again and choose one.")


class NoSuchGrant(Refusal):
    code = "no_such_grant"
    status = 404
    text = _("They do not hold that role. Open their page again and choose one that they hold.")


class NotForYou(Refusal):
    code = "not_for_you"
    status = 403
    text = _("This page takes the permission {permission}, which you do not hold.")


class NoSuchStaff(Refusal):
    code = "no_such_staff"
    status = 404
    text = _("Nobody like that works here.")


class UnknownBranch(Refusal):
    code = "unknown_branch"
    status = 400
    text = _("There is no branch {branch}.")
