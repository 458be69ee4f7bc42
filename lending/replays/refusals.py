"""Why a payment is not taken back or paid as of an earlier day, in words for staff."""

from wekeza.kit.errors import Refusal


class OffBooks(Refusal):
    """Facts: number, day."""

    code = "replay_off_books"
    status = 409
    text = (
        "Loan {number} was written off on {day}. Payments on it are not put right here: ask the "
        "finance team"
    )


class AlreadyTakenBack(Refusal):
    """Facts: receipt, day, now: the receipt that stands for it, or nothing."""

    code = "already_taken_back"
    status = 409
    text = "Payment {receipt} was taken back on {day}. Nothing was done. What stands for it: {now}"


class TooFarBack(Refusal):
    """Facts: first, why."""

    code = "too_far_back"
    status = 422
    text = "The earliest day is {first}: {why}. Nothing was done"


class NotEarlier(Refusal):
    """Facts: today."""

    code = "not_earlier"
    status = 422
    text = "The day must be before {today}, the open business date. Enter an earlier one"


class MoreThanWasOwed(Refusal):
    """Facts: owed, day."""

    code = "more_than_was_owed"
    status = 422
    text = "{owed} was owed on {day}. Enter that or less"


class NotInAccount(Refusal):
    """Facts: available, ending, money."""

    code = "not_in_account"
    status = 409
    text = (
        "{money} is to be paid from the account ending {ending}, and {available} is available. "
        "Nothing was done. Have the rest put in first"
    )


class PerformsAgain(Refusal):
    """Facts: number, day."""

    code = "performs_again"
    status = 409
    text = (
        "Loan {number} performs again since {day}, after this payment. Days before that are not "
        "put right here: ask the finance team"
    )


class NightRuns(Refusal):
    """Facts: day."""

    code = "night_runs"
    status = 409
    text = "The night of {day} is being closed. Nothing was done. Ask again when it is over"


class OtherLoan(Refusal):
    """Facts: number, other."""

    code = "other_loan_taken"
    status = 409
    text = (
        "Without this payment {number} would be owed again, and {other} of the same product is "
        "owed already. Nothing was done. It can be put right when {other} is paid"
    )


class AccountTakesNone(Refusal):
    """Facts: ending."""

    code = "replay_account_stopped"
    status = 423
    text = (
        "The account ending {ending} takes or pays nothing now. Nothing was done. Have it released "
        "first"
    )
