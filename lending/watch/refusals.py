"""Why something is not kept of a borrower, or not lifted, in words for staff."""

from wekeza.kit.errors import Refusal


class AlreadyMarked(Refusal):
    """Facts: mark, day."""

    code = "borrower_already_marked"
    status = 409
    text = "“{mark}” is kept of this borrower since {day}. Nothing was done"


class MarkLifted(Refusal):
    """Facts: mark, day."""

    code = "borrower_mark_lifted"
    status = 409
    text = "“{mark}” was lifted on {day}. Nothing was done"
