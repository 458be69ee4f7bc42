"""The life of a request for a higher tier, and of a review that stands."""

from wekeza.kit.states import Lifecycle

SUBMISSIONS = Lifecycle(
    {
        "OPEN": {"SENT", "CANCELLED"},
        # Back to OPEN: a paper was declined, and the customer sends a better one.
        "SENT": {"OPEN", "RAISED"},
    }
)

REVIEWS = Lifecycle(
    {
        "CURRENT": {"REPLACED", "LAPSED"},  # LAPSED: not renewed after its notice.
    }
)
