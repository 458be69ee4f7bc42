"""How a line of the log is written: without the rows that the database quotes when it refuses."""

import logging
import re

# PostgreSQL's "DETAIL: Failing row contains (…)" holds every value of a row, names and all.
DETAIL = re.compile(
    r"DETAIL:.*?(?=^(?:HINT|CONTEXT|Traceback|The above exception|During handling)|\Z)",
    re.DOTALL | re.MULTILINE,
)


class Line(logging.Formatter):
    """A record with its traceback, and nothing of what people typed."""

    def format(self, record: logging.LogRecord) -> str:
        return DETAIL.sub("DETAIL: (not written)\n", super().format(record)).rstrip("\n")
