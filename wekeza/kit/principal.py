"""Who calls the API."""

from dataclasses import dataclass
from typing import Any

from wekeza.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class Principal:
    """
    Who calls. `kind` is CUSTOMER, STAFF, LOGIN (somebody still registering) or PARTNER; `key` names
    the caller for quotas, idempotency keys and the log. `actor` does the deed. `scopes` is None for
    people, who may do with their token what they may do.
    """

    kind: str
    key: str
    actor: Actor
    user: Any = None
    scopes: frozenset[str] | None = None
    family: str = ""
    per_minute: int | None = None

    def may(self, scope: str) -> bool:
        """This will tell whether the token reaches so far."""
        return not scope or self.scopes is None or scope in self.scopes
