"""Why nothing was asked for or taken for a business, in its people's words."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class PaperMissing(Refusal):
    code = "paper_of_turnover_missing"
    status = 422
    text = _("Send the paper that shows the turnover, or choose “No papers”")
