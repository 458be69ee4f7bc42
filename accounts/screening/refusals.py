"""Why a list was not loaded, or a case not decided. Staff read these; customers never do."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class MalformedList(Refusal):
    """The file is not what it should be. Facts: count, faults (the first of them, with lines)."""

    code = "malformed_list"
    status = 422
    text = _("Nothing was loaded. Faults in the file: {count}. {faults}")


class OlderList(Refusal):
    """Facts: published, current."""

    code = "older_list"
    status = 409
    text = _("This file is of {published} and the list in force is of {current}. Load a newer one")


class ListInForce(Refusal):
    """Facts: code, published."""

    code = "list_in_force"
    status = 409
    text = _("This very file of {code}, published {published}, is in force already")


class ListOfTomorrow(Refusal):
    """Facts: published."""

    code = "list_of_tomorrow"
    status = 422
    text = _("It says that it was published on {published}, which is still to come. Check the day")


class NoSuchList(Refusal):
    code = "no_such_list"
    status = 404
    text = _("There is no list {code}. The lists are {known}")


class VersionDecided(Refusal):
    code = "version_decided"
    status = 409
    text = _("This version does not wait for anybody: {state}")


class ListMoved(Refusal):
    code = "list_moved"
    status = 409
    text = _("Another version came into force since. Load the newest file again")


class NoSuchCase(Refusal):
    code = "no_such_case"
    status = 404
    text = _("There is no such case")


class CaseNotOpen(Refusal):
    code = "case_not_open"
    status = 409
    text = _("This case cannot be decided now: {state}. Look at it again")


class SamePerson(Refusal):
    code = "same_person"
    status = 403
    text = _("Somebody else has to decide. You did the first half yourself")


class NobodyBehindIt(Refusal):
    code = "nobody_behind_it"
    status = 403
    text = _("A person has to do this. Log in with your own name")


class NoDecision(Refusal):
    code = "no_decision"
    status = 422
    text = _("Choose whether it is somebody else or the person on the list")


class ReasonMissing(Refusal):
    code = "reason_missing"
    status = 422
    text = _("Write why, in 10 characters or more")
