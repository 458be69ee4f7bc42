"""Why nobody was contacted, or a promise is not taken: in an officer's words, in the customer's."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class NotLate(Refusal):
    code = "loan_not_late"
    status = 409
    text = _("There are no arrears on this loan to promise. Its page says what is owed")


class AlreadyPromised(Refusal):
    """Facts: money, day."""

    code = "already_promised"
    status = 409
    text = _("You promised {money} by {day}. Keep that first: pay any amount, any day")


class TooManyPromises(Refusal):
    """Facts: most."""

    code = "too_many_promises"
    status = 409
    text = _("You have {most} open promises, which is the most. Keep one of them first")


class PromiseTooSmall(Refusal):
    """Facts: least, overdue."""

    code = "promise_too_small"
    status = 400
    text = _("{overdue} is overdue. Promise {least} or more")


class PromiseTooLarge(Refusal):
    """Facts: overdue."""

    code = "promise_too_large"
    status = 400
    text = _("{overdue} is overdue. Promise that or less")


class NotSuchADay(Refusal):
    """Facts: first, last."""

    code = "promise_day_out_of_reach"
    status = 400
    text = _("Choose a day from {first} to {last}")


class TooManyParts(Refusal):
    """Facts: most."""

    code = "promise_in_too_many_parts"
    status = 400
    text = _("A plan has {most} dates at most. Choose fewer")


class OutsideOfHours(Refusal):
    """Facts: first, end (hours), now."""

    code = "outside_of_lawful_hours"
    status = 409
    text = (
        "It is {now} in Nairobi. Customers are contacted from {first:02d}:00 to {end:02d}:00 only. "
        "Nothing was written down."
    )


class ContactedEnough(Refusal):
    """Facts: most."""

    code = "contacted_enough"
    status = 409
    text = (
        "This customer was contacted {most} times today, which is the most. "
        "Contact them tomorrow. Nothing was written down."
    )


class HeldByPromise(Refusal):
    """Facts: money, day."""

    code = "held_by_promise"
    status = 409
    text = (
        "The customer promised {money} by {day}. Nobody calls, texts or visits about it before "
        "that day has passed. Nothing was written down."
    )


class StepNotDone(Refusal):
    """Facts: channel, step."""

    code = "contact_does_not_do_step"
    status = 422
    text = "A {channel} does not do the step “{step}”. Choose the step it does, or none."


class CaseOver(Refusal):
    code = "collection_case_over"
    status = 409
    text = "This loan is not late any more. Nothing was changed."


class InOtherHands(Refusal):
    """Facts: by."""

    code = "collection_case_taken"
    status = 409
    text = "{by} has this case in hand. Ask them, or have it assigned to you."


class NotForThem(Refusal):
    """Facts: name."""

    code = "colleague_may_not_collect"
    status = 422
    text = "{name} may not collect in this branch. Choose somebody else."


class OwnLoan(Refusal):
    code = "own_loan"
    status = 403
    text = "This is your own loan. Somebody else looks after it."
