"""Why nothing was done about a partner; officers read it."""

from wekeza.kit.errors import Refusal


class NotForThisState(Refusal):
    """Facts: state."""

    code = "not_for_this_state"
    status = 409
    text = "This partner is {state} by now. Look at it again."
