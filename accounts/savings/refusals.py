"""Why a savings account is not closed. Each tells what stands in the way, with its figures."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class BeingChecked(Refusal):
    """The customer may close nothing now; neither the words nor the code say why."""

    code = "details_being_checked"
    status = 403
    text = _("We are checking your details. Nothing was closed. Call 0700 123 456.")


class AccountStopped(Refusal):
    """Facts: ending."""

    code = "account_frozen"
    status = 423
    text = _("The account ending {ending} is frozen. Nothing was closed. Call 0700 123 456.")


class HoldStands(Refusal):
    """Facts: held; balance."""

    code = "hold_stands"
    status = 409
    text = _(
        "{held} of the {balance} in this account is held. You can close it when that was taken or "
        "given back."
    )


class NowhereToGo(Refusal):
    code = "nowhere_to_go"
    status = 409
    text = _(
        "You have no open everyday account that the money could go to. Nothing was closed. Call "
        "0700 123 456."
    )


class TargetTakesNothing(Refusal):
    """Facts: ending; arrives."""

    code = "target_takes_nothing"
    status = 423
    text = _(
        "{arrives} would go to your everyday account ending {ending}, which takes no money now. "
        "Nothing was closed. Call 0700 123 456."
    )


class TargetFull(Refusal):
    """Facts: ending; maximum; room; arrives."""

    code = "target_full"
    status = 409
    text = _(
        "{arrives} would go to your everyday account ending {ending}, which may hold up to "
        "{maximum} and has room for {room}. Nothing was closed. Make room there first."
    )


class FiguresChanged(Refusal):
    """What was shown is no longer so. Nothing was done."""

    code = "figures_changed"
    status = 409
    text = _("Something moved since you looked. Nothing was closed. These are the figures now.")


class DayEnding(Refusal):
    """Facts: day, the business date whose books are being closed."""

    code = "day_ending"
    status = 409
    text = _(
        "The bank is closing its books of {day}. Nothing was closed. Try again in a few minutes."
    )
