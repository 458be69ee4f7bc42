"""The life of a document: staged, decided, and in the end disposed of (modules.md, documents)."""

from wekeza.kit.states import Lifecycle

LIFECYCLE = Lifecycle(
    {
        # DISPOSED from STAGED: the customer sent a better photo before anybody looked.
        "STAGED": {"ACTIVE", "DECLINED", "DISPOSED"},
        "ACTIVE": {"EXPIRED", "DISPOSED"},  # EXPIRED: the paper's day, or a newer one took over.
        "DECLINED": {"DISPOSED"},
        "EXPIRED": {"DISPOSED"},
    }
)
