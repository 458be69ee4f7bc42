"""Why an app's payment is not asked for, not paid or not cancelled."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class NoSuchPayment(Refusal):
    """No payment of the asker; another's and none look the same."""

    code = "no_such_payment"
    status = 404
    text = _("There is no such payment of yours.")


class PaymentOver(Refusal):
    """Facts: state."""

    code = "payment_not_pending"
    status = 409
    text = _("This payment is {state}. Only one that is PENDING can be paid or cancelled")
