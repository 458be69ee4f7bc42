"""
Lines of the log (reliability rule 37): one JSON object a line with a fixed list of fields, under
the id of its request, and with what names a person or opens a door masked, in tracebacks too.
Nothing else that hangs on a record is written: no body, no header, no object.
"""

import json
import logging
import re
from datetime import UTC, datetime

from wekeza.kit import request_id

SECRETS = "password|secret|token|pin|otp|code"
MASKS = [
    # PostgreSQL's "DETAIL: Failing row contains (…)" holds every value of a row, names and all.
    (
        re.compile(
            r"DETAIL:.*?(?=^(?:HINT|CONTEXT|Traceback|The above exception|During handling)|\Z)",
            re.DOTALL | re.MULTILINE,
        ),
        "DETAIL: (not written)\n",
    ),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+"), r"\1 [token]"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), "[token]"),
    (re.compile(r"\bwk[a-z]{1,3}_[\w-]{8,}"), "[token]"),
    (re.compile(rf"(?i)\b({SECRETS})(['\"]?\s*[=:]\s*)[^\s,;&)}}]+"), r"\1\2[…]"),
    # Phones, national IDs, accounts and cards, written together or in groups; no date.
    (re.compile(r"(?<![\w.-])(?!\d{4}-\d\d-\d\d)\+?\d(?:[ -]?\d){6,}(?![\w-])"), "[number]"),
]


def masked(text: str) -> str:
    """This will give a text without e-mail addresses, long numbers, tokens and secrets."""
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return text


class JsonLines(logging.Formatter):
    """One record as one line of JSON; line breaks are written as \\n (no forged lines)."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": request_id.current(),
            "message": masked(record.getMessage()),
        }
        if record.exc_info:
            line["error"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
