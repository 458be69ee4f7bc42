"""Names of people, as pages and programs send them."""

import re
import unicodedata

_NAME = re.compile(r"[^\W\d_]+(?:[ '\u2019.-]+[^\W\d_]+)*\.?")


def tidied(typed: str) -> str:
    """This will give a name with one space between its parts, in composed letters."""
    return unicodedata.normalize("NFC", " ".join(typed.split()))


def is_latin(name: str) -> bool:
    """
    This will tell whether all letters of a name are Latin, with their accents, as on the national
    ID. Look-alikes of another script are not: what looks the same would be compared as another.
    """
    parts = unicodedata.normalize("NFKD", name)
    return all(unicodedata.name(one, "").startswith("LATIN ") for one in parts if one.isalpha())


def is_plausible(name: str) -> bool:
    """This will tell whether a name is written in letters; figures and marks are none."""
    return _NAME.fullmatch(name) is not None
