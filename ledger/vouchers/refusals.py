"""What the bank refuses about vouchers, each with its figure."""

from wekeza.kit.errors import Refusal


class TooFewLines(Refusal):
    code = "too_few_lines"
    status = 422
    text = "A voucher has two lines or more, at most {most}. This one has {count}."


class VoucherUnbalanced(Refusal):
    code = "voucher_unbalanced"
    status = 422
    text = "Debits are {debits} and credits {credits}: they differ by {difference}."


class NoSuchLine(Refusal):
    code = "no_such_line"
    status = 422
    text = "There is no account {code}. Enter the code of a line, or an account number."


class ControlLine(Refusal):
    code = "control_line"
    status = 422
    text = (
        "{code} {name} is a control line: its balance is the sum of {children} accounts below it. "
        "Book on one of these."
    )


class KeptLine(Refusal):
    """Facts: code, name; instead, what is done in place of a voucher."""

    code = "kept_line"
    status = 422
    text = "{code} {name} takes no voucher. {instead}"


class KeptEntry(Refusal):
    """Facts: entry, kind; instead, what is done in place of a reversal."""

    code = "kept_entry"
    status = 409
    text = "Entry {entry} ({kind}) is not taken back by hand. {instead}"


class LineClosed(Refusal):
    code = "line_closed"
    status = 409
    text = "Account {code} is closed. It takes no entry."


class LineFrozen(Refusal):
    code = "line_frozen"
    status = 423
    text = "Account {code} is frozen. Nothing was posted."


class LineShort(Refusal):
    """What is there is not said: whoever writes a voucher may not see the account."""

    code = "line_short"
    status = 400
    text = "Account {code} has too little available: this takes {required} from it."


class LineFull(Refusal):
    code = "line_full"
    status = 400
    text = "Account {code} may hold up to {maximum}. It cannot take {required} more."


class CustomerReasonMissing(Refusal):
    code = "customer_reason_missing"
    status = 422
    text = "Account {code} is a customer’s. Say why it is touched: the second person reads it."


class NotADraftVoucher(Refusal):
    code = "not_a_draft_voucher"
    status = 409
    text = "Voucher {number} was asked for already. It stays as it is."


class NotYourVoucher(Refusal):
    code = "not_your_voucher"
    status = 403
    text = "This draft is a colleague’s. Only who wrote it changes it and asks for it."


class VoucherChanged(Refusal):
    code = "voucher_changed"
    status = 409
    text = "Voucher {number} is not what was asked for. Nothing was posted."


class NothingToReverse(Refusal):
    code = "nothing_to_reverse"
    status = 409
    text = "Entry {entry} was reversed already, or is itself a reversal. Nothing is to be done."
