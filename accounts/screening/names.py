"""
Names as they are compared: without accents, titles, legal forms and small words, in one spelling.

The words are data (`data/`), so that the people who know the names of the region keep them.
"""

import csv
import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from metaphone import doublemetaphone

from accounts.screening.facts import Kind

DATA = Path(__file__).parent / "data"
MOST_TOKENS = 12  # Of one name; longer ones are names of ministries, told apart by their beginning.
_APOSTROPHES = re.compile(r"['’‘ʼʻ`´]")  # Ng'ang'a is one word, written Nganga too.
_NOT_LETTERS = re.compile(r"[^0-9A-Z]+")
# Letters that NFKD leaves whole, as publishers write them in Latin.
_LETTERS = str.maketrans(
    {
        "Ø": "O",
        "Ł": "L",
        "Đ": "D",
        "Ð": "D",
        "Þ": "TH",
        "Æ": "AE",
        "Œ": "OE",
        "ı": "I",
        "Ħ": "H",
        "Ŋ": "NG",
    }
)


def normalised(name: str, *, kind: Kind | None = Kind.PERSON) -> str:
    """
    This will give a name as it is compared: upper case without accents and punctuation, without
    titles (of people) or legal forms (of companies), in one spelling of each token.

    A word is dropped only while two are left: somebody may be called Ms Dr Do.
    """
    tokens = _without(_untitled(name, kind), _words("particles"))
    return " ".join(map(one_spelling, tokens))


def forms(name: str, *, kind: Kind | None = Kind.PERSON) -> tuple[str, ...]:
    """
    This will give every form in which a name is compared: as `normalised`, and of people also with
    each small word written together with what follows it, for bin Laden is Binladen to many.
    """
    tokens = _untitled(name, kind)
    found = [_without(tokens, _words("particles"))]
    if kind != Kind.ENTITY and len(together := _together(tokens)) >= 2:
        found.append(together)
    return tuple(dict.fromkeys(" ".join(map(one_spelling, form)) for form in found))


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """This will give a text in upper-case ASCII letters, digits and single spaces (NFKD)."""
    return _NOT_LETTERS.sub(" ", _without_marks(text)).strip()


def is_readable(name: str) -> bool:
    """
    This will say whether a name can be compared: it has letters, and none of another script than
    Latin, which `plain` would drop (and with them the person).
    """
    letters = [sign for sign in _without_marks(name) if sign.isalpha()]
    return bool(letters) and all(sign.isascii() for sign in letters)


def one_spelling(token: str) -> str:
    """This will give the spelling under which the variants of a token are compared."""
    return spellings().get(token, token)


@lru_cache(maxsize=65536)
def keys_of(token: str) -> tuple[str, ...]:
    """This will give the Double Metaphone keys of a token; one letter says too little for any."""
    if len(token) < 2 or token.isdigit():
        return ()
    return tuple(dict.fromkeys(key for key in doublemetaphone(token) if len(key) > 1))


def number(text: str) -> str:
    """This will give the number of a document as it is compared: letters and digits only."""
    return plain(text).replace(" ", "")


@lru_cache(maxsize=4096)
def country(text: str) -> str:
    """This will give the ISO code of a country by its name or code, empty if nobody knows it."""
    asked = plain(text)
    return _countries().get(asked, "")


@cache
def spellings() -> dict[str, str]:
    """This will give variant -> spelling of names that are written in many ways."""
    found = {}
    with (DATA / "spellings.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found |= dict.fromkeys(row["variants"].split(), row["spelling"])
    return found


def _without_marks(text: str) -> str:
    upper = unicodedata.normalize("NFKD", text).upper().translate(_LETTERS)
    return _APOSTROPHES.sub("", "".join(s for s in upper if not unicodedata.combining(s)))


@cache
def _countries() -> dict[str, str]:
    found = {}
    with (DATA / "countries.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[plain(row["name"])] = found[row["code"]] = row["code"]
    return found


@cache
def _words(name: str) -> frozenset[str]:
    lines = (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line and not line.startswith("#"))


def _untitled(name: str, kind: Kind | None) -> list[str]:
    dropped = {Kind.PERSON: "honorifics", Kind.ENTITY: "legal_forms"}.get(kind)
    tokens = plain(name).split()[:MOST_TOKENS]
    return _without(tokens, _words(dropped)) if dropped else tokens


def _without(tokens: list[str], words: frozenset[str]) -> list[str]:
    kept = [token for token in tokens if token not in words]
    return kept if len(kept) >= 2 else tokens


def _together(tokens: list[str]) -> list[str]:
    found, before = [], ""
    for token in tokens:
        before += token
        if token not in _words("particles"):
            found.append(before)
            before = ""
    return found
