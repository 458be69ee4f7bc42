"""The life of a message."""

from wekeza.kit.states import Lifecycle

LIFECYCLE = Lifecycle(
    {
        "QUEUED": {"SENDING", "FAILED"},
        # Back to QUEUED only when the provider said that it did not take the message (429).
        "SENDING": {"SENT", "FAILED", "UNKNOWN", "QUEUED"},
        "UNKNOWN": {"SENT", "FAILED"},  # The answer came after all; a timer never decides it.
    }
)
