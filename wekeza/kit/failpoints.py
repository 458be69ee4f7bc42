"""
Places where a test lets the process die, exactly there, as kill -9 would (reliability R3).

WEKEZA_FAILPOINTS names one of them; a production bank refuses to start with it. Without it a
failpoint costs one comparison.
"""

import os

KILLED = 137
_armed = os.environ.get("WEKEZA_FAILPOINTS", "")


def failpoint(name: str) -> None:
    """This will end the process at once if this is the place that was named."""
    if name == _armed:
        os._exit(KILLED)


def arm(name: str) -> None:
    """This will name the place where this process dies; for tests, in a process of their own."""
    global _armed  # noqa: PLW0603 - what the environment says, said later.
    _armed = name
