"""What every parser gives, and how it says what is wrong with a file."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from accounts.screening import names
from accounts.screening.facts import Birth, Kind, Listed

MOST_BYTES = 256 * 1024 * 1024
MOST_FAULTS_TOLD = 5
LONGEST_UID, LONGEST_NAME = 64, 400
KINDS = {"individual": Kind.PERSON, "entity": Kind.ENTITY, "person": Kind.PERSON}
GENDERS = {"MALE": "M", "FEMALE": "F", "M": "M", "F": "F"}
_SPAN = re.compile(r"(\d{4})\s*(?:to|-|–)\s*(\d{4})")
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A whole file: the day of publication if it names one, and its entries."""

    published: date | None
    entries: tuple[Listed, ...]


class Malformed(Exception):
    """The file cannot be trusted. `faults` name what is wrong, each with its line."""

    def __init__(self, faults: list[str]):
        self.faults = faults
        super().__init__("; ".join(faults[:MOST_FAULTS_TOLD]))


class Collected:
    """Entries and faults while a file is read; one fault anywhere refuses the whole file."""

    def __init__(self):
        self.entries: list[Listed] = []
        self.faults: list[str] = []
        self._lines: dict[str, int] = {}

    def add(self, listed: Listed, *, line: int) -> None:
        """This will keep an entry, or the fault that it has."""
        if not listed.uid:
            self.fault(line, "no number of the entry")
        elif len(listed.uid) > LONGEST_UID:
            self.fault(line, f"a number of the entry of more than {LONGEST_UID} letters")
        elif any(len(name.text) > LONGEST_NAME for name in listed.names):
            self.fault(line, f"a name of more than {LONGEST_NAME} letters")
        elif not any(names.plain(name.text) for name in listed.names):
            self.fault(line, f"entry {listed.uid} has no name in Latin letters")
        elif listed.uid in self._lines:
            self.fault(line, f"entry {listed.uid} stands on line {self._lines[listed.uid]} already")
        else:
            self._lines[listed.uid] = line
            self.entries.append(listed)

    def fault(self, line: int, text: str) -> None:
        """This will remember what is wrong on a line."""
        self.faults.append(f"line {line}: {text}")

    def parsed(self, *, published: date | None, declared: int | None = None) -> Parsed:
        """
        This will give the whole file.

        :raises Malformed: if anything was wrong, or the file says that it holds another number.
        """
        if declared is not None and declared != len(self.entries) and not self.faults:
            self.faults.append(f"the file says {declared} entries and has {len(self.entries)}")
        if self.faults:
            raise Malformed(self.faults)
        return Parsed(published, tuple(self.entries))


def text_of(data: bytes) -> str:
    """
    This will read a CSV file as UTF-8, or as Latin-1, which OFAC used for long.

    :raises Malformed: if it is no text at all.
    """
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise Malformed([f"line {line}: this is no text but a file of another kind"])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def birth_of(text: str) -> Birth | None:
    """
    This will read a date of birth as lists write it: 12 Mar 1970, 1970-03-12, Mar 1970, circa 1970,
    1968 to 1970. Whatever is no day becomes the year or years it names; None if it names none.
    """
    text = text.strip()
    for written, form in ((text, "%d %b %Y"), (text, "%d %B %Y"), (text[:10], "%Y-%m-%d")):
        try:
            day = datetime.strptime(written, form).date()  # noqa: DTZ007 - a day has no zone.
        except ValueError:
            continue
        return Birth(day, day)
    if span := _SPAN.search(text):
        return years(*span.groups())
    found = _YEAR.search(text)
    return years(found[1], found[1]) if found else None


def years(first: str | int, last: str | int) -> Birth:
    """This will give the span from the first day of a year to the last day of another."""
    first, last = sorted((int(first), int(last)))
    return Birth(date(first, 1, 1), date(last, 12, 31))


def countries(texts: Iterable[str]) -> tuple[str, ...]:
    """This will give the ISO codes of countries, once each; what is no country is left out."""
    return tuple(dict.fromkeys(code for code in map(names.country, texts) if code))


def gender_of(text: str) -> str:
    """This will give "M", "F" or nothing."""
    return GENDERS.get(text.strip().upper(), "")
