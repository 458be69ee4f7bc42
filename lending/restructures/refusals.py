"""Why a loan is not agreed anew, in the customer's or the officer's words."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class NotThisLoan(Refusal):
    """The loan is one charge for one day."""

    code = "not_this_loan"
    status = 409
    text = _(
        "This loan is paid at once, so there is nothing to put off. Promise to pay it in parts"
    )


class NotActive(Refusal):
    code = "loan_not_active"
    status = 409
    text = _("This loan is over. There is nothing to change")


class OftenEnough(Refusal):
    """Facts: most."""

    code = "restructured_often_enough"
    status = 409
    text = _("This loan was changed {most} times already. Call us and we find a way together")


class TooMany(Refusal):
    """Facts: most, of instalments that may still be put off."""

    code = "too_many_put_off"
    status = 400
    text = _("You may put off {most} more within a year. Enter that or less")


class NoLonger(Refusal):
    """Facts: least and most, of payments."""

    code = "not_longer"
    status = 400
    text = _("Choose {least} to {most} payments: more than are left now, and not too many")


class AlreadyAsked(Refusal):
    """Facts: restructure, that is open."""

    code = "restructure_open"
    status = 409
    text = _("You asked us already. See what became of it first")


class NotOpen(Refusal):
    code = "restructure_not_open"
    status = 409
    text = _("This was answered or given up meanwhile")


class OfferOver(Refusal):
    """Facts: until."""

    code = "restructure_over"
    status = 409
    text = _("This offer stood until {until}. Ask us again")


class FiguresChanged(Refusal):
    code = "restructure_changed"
    status = 409
    text = _("A date or a figure is another since you looked. Look again and sign what you see now")


class DayCloses(Refusal):
    code = "restructure_day_closes"
    status = 409
    text = _("The bank is closing the day. Nothing was changed. Sign again in some minutes")


class NoSuchRestructure(Refusal):
    code = "no_such_restructure"
    status = 404
    text = _("There is no such wish of yours.")
