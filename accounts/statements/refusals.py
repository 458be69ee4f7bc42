"""Why a statement is not made as a file, with the figure that would pass."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class TooManyRows(Refusal):
    """Facts: rows, most."""

    code = "too_many_rows"
    status = 400
    text = _("These dates have {rows} transactions. A file takes up to {most}: choose fewer days")


class TooManyFiles(Refusal):
    """Facts: most."""

    code = "too_many_files"
    status = 429
    text = _("You asked for {most} files within an hour. Wait a little, then ask again")


class NoSuchFile(Refusal):
    code = "no_such_file"
    status = 404
    text = _("There is no such file of yours.")
