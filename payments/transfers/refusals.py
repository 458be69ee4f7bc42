"""Why a transfer was not sent, in the customer's words, with the figure that would pass."""

from django.utils.translation import gettext_lazy as _

from ledger.refusals import WrongCurrency
from wekeza.kit.errors import Refusal

__all__ = [
    "AlreadySent",
    "CustomerNotActive",
    "DetailsBeingChecked",
    "DraftChanged",
    "DraftExpired",
    "FactorTooNew",
    "NoSuchTransfer",
    "NotAuthorised",
    "NotEnoughMoney",
    "OverDailyLimit",
    "OverMonthlyLimit",
    "OverTransferLimit",
    "PayeeCannotTake",
    "SourceClosed",
    "SourceFrozen",
    "WrongCurrency",
]


class NotEnoughMoney(Refusal):
    """
    Facts: available, most, fee; required and deficit for programs (X7). Where a minimum stays in
    the account, also that and `free`, what is in it with the minimum.
    """

    code = "insufficient_funds"
    status = 400
    text = _("You have {available}. Enter {most} or less")
    text_nothing = _("You have {available}. Top up before you send")
    text_with_fee = _("You have {available}. Enter {most} or less, so the {fee} fee is covered")
    text_minimum = _("You have {free}. {minimum} stays in the account. Enter {most} or less")
    text_only_minimum = _(
        "You have {free}. {minimum} stays in the account. Put money in before you send"
    )
    example = {
        "required": "5000.00",
        "available": "3000.00",
        "deficit": "2000.00",
        "most": "3000.00",
        "fee": "0.00",
        "currency": "KES",
    }

    def __str__(self):
        chosen = self.text
        if self.facts.get("minimum"):
            chosen = self.text_minimum if self.facts["most"] else self.text_only_minimum
        elif not self.facts["most"]:
            chosen = self.text_nothing
        elif self.facts["fee"]:
            chosen = self.text_with_fee
        return str(chosen).format(**self.facts)


class OverTransferLimit(Refusal):
    code = "over_transfer_limit"
    status = 400
    text = _("You can send up to {cap} in one payment")


class OverDailyLimit(Refusal):
    code = "over_daily_limit"
    status = 400
    text = _("You can send {left} more today. Your daily limit starts again at midnight")


class OverMonthlyLimit(Refusal):
    code = "over_monthly_limit"
    status = 400
    text = _("You can send {left} more this month. Your monthly limit starts again on {day}")


class PayeeCannotTake(Refusal):
    """The payee's account is frozen, or would hold too much; which of them is not ours to tell."""

    code = "payee_cannot_take"
    status = 409
    text = _("{payee} cannot receive {amount} now. Nothing was sent. Ask them to call the bank")


class SourceFrozen(Refusal):
    code = "account_frozen"
    status = 423
    text = _("Your account ending {ending} is frozen. Nothing was sent. Call 0700 123 456")


class SourceClosed(Refusal):
    code = "account_closed"
    status = 409
    text = _("Your account ending {ending} is closed. Nothing was sent")


class CustomerNotActive(Refusal):
    code = "customer_not_active"
    status = 403
    text = _("You cannot send money now. Nothing was sent. Call 0700 123 456")


class DetailsBeingChecked(Refusal):
    """The customer is held or suspended; neither the words nor the code say which or why."""

    code = "details_being_checked"
    status = 403
    text = _("We are checking your details. Nothing was sent. Call 0700 123 456 if you need help")


class DraftExpired(Refusal):
    code = "draft_expired"
    status = 409
    text = _("We held these details until {until}. Nothing was sent. Enter them again")


class DraftChanged(Refusal):
    code = "draft_changed"
    status = 409
    text = _("You changed or cancelled these details. Nothing was sent")


class AlreadySent(Refusal):
    """An edit or a cancellation that came after the money had moved. Facts: clock, receipt_no."""

    code = "already_sent"
    status = 409
    text = _("You already sent this at {clock}. Here is the receipt.")


class NotAuthorised(Refusal):
    code = "not_authorised"
    status = 403
    text = _("This payment was not authorised. Nothing was sent")


class FactorTooNew(Refusal):
    """Phone, e-mail or authenticator changed within a day (rule 26). Facts: opens, most."""

    code = "factor_too_new"
    status = 403
    text = _(
        "Your phone, e-mail, PIN or two-step login changed. To keep your money safe, you can send "
        "up to {most} at a time until {opens}. Nothing was sent"
    )


class NewPinSpent(Refusal):
    """A PIN that replaced a forgotten one sends little in its first day. Facts: left."""

    code = "new_pin_spent"
    status = 403
    text = _(
        "Your PIN is new. To keep your money safe, it can send {left} more in its first 24 hours, "
        "then it sends as before. Nothing was sent"
    )


class NoSuchTransfer(Refusal):
    code = "no_such_transfer"
    status = 404
    text = _("There is no such payment of yours.")
