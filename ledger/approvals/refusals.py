"""What the bank refuses when a deed takes two persons."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class AlreadyWaiting(Refusal):
    code = "already_waiting"
    status = 409
    text = _("This is already waiting for approval. A second person has to decide that one first.")


class AlreadyDecided(Refusal):
    code = "already_decided"
    status = 409
    text = _("This was decided already: {state}. Nothing was done again.")


class AlreadySigned(Refusal):
    """Facts: missing."""

    code = "already_signed"
    status = 409
    text = "You said yes to this already. It needs {missing} more. Nothing was done yet."


class OwnApproval(Refusal):
    code = "own_approval"
    status = 403
    text = _("You asked for this one. Another person must decide it.")


class AboutYou(Refusal):
    code = "about_you"
    status = 403
    text = _("This is about you. A colleague asks for it, and another one decides.")


class ApprovalExpired(Refusal):
    code = "approval_expired"
    status = 409
    text = _("This waited too long, until {until}. Nothing was done. Ask for it again.")


class ApprovalChanged(Refusal):
    code = "approval_changed"
    status = 409
    text = _("This is not what you were shown. Nothing was done. Look at it again.")


class MayNotDecide(Refusal):
    code = "may_not_decide"
    status = 403
    text = _("Deciding this takes the permission {permission}, which you do not hold.")


class MayNotAsk(Refusal):
    code = "may_not_ask"
    status = 403
    text = _("Asking for this takes the permission {permission}, which you do not hold.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    status = 422
    text = _("Say why, in a few words. The other person reads it.")
