"""Why an officer declines a paper, and the tip that lets the next one pass."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """A reason that the customer reads."""

    BLURRED = "BLURRED", _("The photo is not sharp")
    GLARE = "GLARE", _("Light covers a part of it")
    CUT_OFF = "CUT_OFF", _("A part of it is cut off")
    WRONG_PAPER = "WRONG_PAPER", _("It is another paper than we asked for")
    PAPER_EXPIRED = "PAPER_EXPIRED", _("The paper is no longer valid")
    TOO_OLD = "TOO_OLD", _("The paper is too old")
    OTHER_NAME = "OTHER_NAME", _("It does not show your name as we have it")
    FACE_NOT_CLEAR = "FACE_NOT_CLEAR", _("Your face cannot be seen well")
    ALTERED = "ALTERED", _("It looks changed, or is a copy of a copy")
    OTHER_COMPANY = "OTHER_COMPANY", _("It does not show the company as you told it")
    PAGES_MISSING = "PAGES_MISSING", _("Pages are missing")
    UNSIGNED = "UNSIGNED", _("A signature or a stamp is missing")


TIPS = {
    Reason.BLURRED: _("Hold the phone still, tap the paper on the screen, then take the photo."),
    Reason.GLARE: _("Turn the flash off and tilt the paper a little, away from the light."),
    Reason.CUT_OFF: _("Lay it on a dark table. All four corners must be in the photo."),
    Reason.WRONG_PAPER: _("Read above what we ask for, and send that."),
    Reason.PAPER_EXPIRED: _("Send one that is still valid, or the slip of your renewal."),
    Reason.TOO_OLD: _("Send a newer one: a bill or a statement of the last months."),
    Reason.OTHER_NAME: _("Send one in your own name. If your name changed, come to a branch."),
    Reason.FACE_NOT_CLEAR: _("Face the light, take off hat and dark glasses, look at the phone."),
    Reason.ALTERED: _("Photograph the paper itself, not a screen and not a copy."),
    Reason.OTHER_COMPANY: _("Name and number must be the ones that you registered with us."),
    Reason.PAGES_MISSING: _("Send all pages in one PDF, the first to the last."),
    Reason.UNSIGNED: _("Let it be signed and stamped, then send it again."),
}
OF_A_BUSINESS = (Reason.OTHER_COMPANY, Reason.PAGES_MISSING, Reason.UNSIGNED)
OF_A_PERSON = (Reason.OTHER_NAME, Reason.FACE_NOT_CLEAR)
FOR_PEOPLE = [(one.value, one.label) for one in Reason if one not in OF_A_BUSINESS]
FOR_BUSINESSES = [(one.value, one.label) for one in Reason if one not in OF_A_PERSON]


def words_of(code: str) -> tuple[str, str]:
    """This will give the reason and its tip; of an unknown code only itself."""
    if code not in Reason.values:
        return code, ""
    return Reason(code).label, TIPS[Reason(code)]
