"""Why a check of somebody's identity is not settled."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class RecordedDead(Refusal):
    """Papers alone do not overrule the register here: that takes the register itself."""

    code = "recorded_dead"
    status = 409
    text = _("The register says this person is dead. Have it put right there, then ask it again")


class NothingToSettle(Refusal):
    """The check was answered with yes, is still open, or an officer has settled it already."""

    code = "nothing_to_settle"
    status = 409
    text = _("This check needs no decision. Look at it again")


class FindingWithoutReason(Refusal):
    """An officer said what they found but not why."""

    code = "finding_without_reason"
    status = 422
    text = _("Say what you saw, so that others can follow your decision")


class NotOpenAnyMore(Refusal):
    """A check that was answered cannot be asked again; a new one is asked in its place."""

    code = "check_not_open"
    status = 409
    text = _("This check has been answered. Ask a new one")
