"""
The bank's own CSV, for its deny list, the domestic list and PEP lists. UTF-8 with a header.

Needed: name. Known: uid, kind (person, entity), aliases and weak_aliases (separated by ;), dob
(1970-11-21, 1970, or 1968-1970), country, id_number, id_country, gender, programme, position,
from, to (the days of an office), remarks.
"""

import csv
import hashlib
import io
import re
from datetime import date

from accounts.screening import names
from accounts.screening.facts import Birth, IdNumber, Kind, Listed, Name
from accounts.screening.loaders.parsed import (
    KINDS,
    Collected,
    Malformed,
    Parsed,
    birth_of,
    countries,
    gender_of,
    text_of,
)

COLUMNS = {
    *("uid", "name", "kind", "aliases", "weak_aliases", "dob", "country", "id_number"),
    *("id_country", "gender", "programme", "position", "from", "to", "remarks"),
}
_YEARS = re.compile(r"\d{4}(-\d{4})?", re.ASCII)


def parse(data: bytes) -> Parsed:
    """
    This will read the file. It names no day of publication.

    :raises Malformed: if a column is unknown, or a row has no name or a date that is none.
    """
    reader = csv.DictReader(io.StringIO(text_of(data), newline=""), restval="")
    columns = set(reader.fieldnames or [])
    if "name" not in columns:
        raise Malformed(["line 1: the column “name” is missing"])
    if unknown := ", ".join(sorted(f"“{one}”" for one in columns - COLUMNS)):
        known = ", ".join(sorted(COLUMNS))
        raise Malformed([f"line 1: we do not know the column {unknown}. Columns may be {known}"])
    found = Collected()
    try:
        for row in reader:
            _read(row, reader.line_num, found)
    except csv.Error as error:
        found.fault(reader.line_num, str(error))
    return found.parsed(published=None)


def _read(row: dict, line: int, found: Collected) -> None:
    if None in row:
        found.fault(line, "more cells than columns")
        return
    row = {name: " ".join(cell.split()) for name, cell in row.items()}
    birth, kind = _birth(row.get("dob", "")), KINDS.get(row.get("kind", "") or "person")
    if row.get("dob") and birth is None:
        found.fault(line, f"{row['dob']} is no date of birth")
    elif kind is None:
        found.fault(line, f"{row['kind']} is neither person nor entity")
    elif (left := _day(row.get("to", ""))) is None:
        found.fault(line, f"{row['to']} is no day like 2026-11-21")
    else:
        found.add(_entry(row, kind, birth, left or None), line=line)


def _entry(row: dict, kind: Kind, birth, left_office) -> Listed:
    terms = " to ".join(filter(None, [row.get("from", ""), row.get("to", "")]))
    written = [Name(row["name"])]
    written += [Name(text) for text in _parts(row.get("aliases", ""))]
    written += [Name(text, is_weak=True) for text in _parts(row.get("weak_aliases", ""))]
    number = row.get("id_number", "")
    return Listed(
        uid=row.get("uid") or _uid(row),
        kind=kind,
        names=tuple(written),
        programme=row.get("programme") or row.get("position", ""),
        births=(birth,) if birth else (),
        nationalities=countries([row.get("country", "")]),
        ids=(IdNumber(number, names.country(row.get("id_country", ""))),) if number else (),
        gender=gender_of(row.get("gender", "")),
        remarks=" ".join(filter(None, [row.get("position", ""), terms, row.get("remarks", "")])),
        left_office=left_office,
    )


def _uid(row: dict) -> str:
    """Without a number of its own an entry is known by name, date of birth and position."""
    facts = "|".join(names.plain(row.get(part, "")) for part in ("name", "dob", "position"))
    return hashlib.sha256(facts.encode()).hexdigest()[:16] if facts.strip("|") else ""


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _birth(text: str) -> Birth | None:
    """What we write ourselves is a day, a year or some years; anything else is a slip."""
    if _YEARS.fullmatch(text) or _day(text):
        return birth_of(text)
    return None


def _day(text: str) -> date | str | None:
    """The day, "" for an empty cell, None for what is no day."""
    try:
        return date.fromisoformat(text) if text else ""
    except ValueError:
        return None
