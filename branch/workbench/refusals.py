"""What the workbench refuses."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class RestrictedFile(Refusal):
    """The file of a colleague or of somebody in public office; others ask for access."""

    code = "restricted_file"
    status = 403
    text = _("This file is restricted. Ask for access: a compliance officer decides")


class RoleMissing(Refusal):
    """Whoever is admitted comes in with a role."""

    code = "role_missing"
    status = 422
    text = _("Choose the role that they come in with")
