"""Names of people, as pages and programs send them."""

import re
import unicodedata

_NAME = re.compile(r"[^\W\d_]+(?:[ '\u2019.-]+[^\W\d_]+)*\.?")


def tidied(typed: str) -> str:
    """This will give a name with one space between its parts, in composed letters."""
    return unicodedata.normalize("NFC", " ".join(typed.split()))


def is_plausible(name: str) -> bool:
    """This will tell whether a name is written in letters; figures and marks are none."""
    return _NAME.fullmatch(name) is not None
