"""Why a payment on a loan is not taken, in the customer's words."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class MoreThanOwed(Refusal):
    """Facts: owed."""

    code = "more_than_owed"
    status = 400
    text = _("You owe {owed}. Enter that or less")


class NotEnoughInAccount(Refusal):
    """Facts: available, deficit; required for programs (X7)."""

    code = "insufficient_funds"
    status = 400
    text = _("You have {available}. Pay part now, or top up {deficit}")
    example = {
        "required": "5250.00",
        "available": "4100.00",
        "deficit": "1150.00",
        "currency": "KES",
    }


class LoanPaid(Refusal):
    code = "loan_paid"
    status = 409
    text = _("This loan is paid. You owe nothing")


class AccountStopped(Refusal):
    """Facts: ending."""

    code = "account_stopped"
    status = 423
    text = _("Your account ending {ending} pays nothing out now. Nothing was taken. Call us")
