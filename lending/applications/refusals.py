"""Why an application is not taken in, in the customer's words."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class AlreadyAsked(Refusal):
    """Another application for the same loan is open. Facts: application, its public id."""

    code = "already_asked"
    status = 409
    text = _("You have asked for this loan already. Open that application to go on")


class NoSuchApplication(Refusal):
    code = "no_such_application"
    status = 404
    text = _("There is no such application of yours.")


class NotOpen(Refusal):
    code = "application_not_open"
    status = 409
    text = _("This application was answered, taken or withdrawn already. Nothing was changed")
