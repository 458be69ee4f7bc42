"""Why a payment of a business was not asked for or decided, with what to do next."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class NotSentForApproval(Refusal):
    code = "not_sent_for_approval"
    status = 409
    text = _("The person who made this payment has not sent it for approval yet.")
