"""What the workbench refuses."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class PurposeMissing(Refusal):
    code = "purpose_missing"
    status = 422
    text = _("Say why you open this file. The customer can see that it was opened, and why.")


class OwnFile(Refusal):
    code = "own_file"
    status = 403
    text = _("This is your own file. A colleague looks after it.")


class RestrictedFile(Refusal):
    code = "restricted_file"
    status = 403
    text = _("This file is restricted. Ask a compliance officer to open it with you.")
