"""What a rail says when it was asked for money: it took it, it did not, or nobody knows."""

from dataclasses import dataclass
from enum import Enum


class Result(Enum):
    """UNKNOWN is an answer: only the rail's own later word resolves it, never a timer."""

    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Answer:
    """A rail's answer, and the name under which the rail keeps it."""

    result: Result
    rail_reference: str = ""
