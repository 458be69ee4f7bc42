"""Who did it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """
    A customer, a member of staff, a partner or a task. `person` is the natural person behind it:
    four eyes compare persons, because one person may have a staff and a customer login.
    """

    kind: str
    ref: str
    person: str = ""

    def __str__(self):
        return f"{self.kind}:{self.ref}"

    @property
    def customer_id(self) -> int:
        """The customer who acts. Their ids start at 1: whoever is none is 0, and has nothing."""
        return int(self.ref) if self.kind == "CUSTOMER" else 0


SYSTEM = Actor("TASK", "system")
