"""Why a loan is not written off, in words for staff."""

from wekeza.kit.errors import Refusal


class NotActive(Refusal):
    """Facts: state."""

    code = "loan_not_active"
    status = 409
    text = "This loan is “{state}”. Only an active one is written off"


class NotLateEnough(Refusal):
    """Facts: days, least."""

    code = "not_late_enough"
    status = 422
    text = "It is {days} days past due. It takes more than {least}. Collect it until then"


class NotProvidedFor(Refusal):
    """Facts: percent, least."""

    code = "not_provided_for"
    status = 422
    text = (
        "{percent}% of it are provided for, and it takes {least}%. Wait for the next run of "
        "provisions, at the month’s end"
    )


class PaidSince(Refusal):
    """Facts: asked, now."""

    code = "paid_since"
    status = 409
    text = (
        "{asked} of its principal were owed when this was asked for, and now {now}. Nothing was "
        "written off. Reject it, and ask anew if it is still right"
    )
