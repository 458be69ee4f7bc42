"""OFAC's sdn.csv with its add.csv and alt.csv: no headers, `-0-` for nothing, Ctrl-Z at the end."""

import csv
import io
import re
from collections import defaultdict

from accounts.screening import names
from accounts.screening.facts import IdNumber, Kind, Listed, Name
from accounts.screening.loaders.parsed import (
    KINDS,
    Collected,
    Parsed,
    birth_of,
    countries,
    gender_of,
    text_of,
)

NOTHING = "-0-"
SDN_COLUMNS, ADD_COLUMNS, ALT_COLUMNS = 12, 6, 5
# What sdn.csv knows about a person stands in its remarks, between semicolons.
_BORN = re.compile(r"(?:alt\. )?DOB (.+)")
_COUNTRY = re.compile(r"(?:alt\. )?(?:nationality|citizen) (.+)")
_GENDER = re.compile(r"Gender (\w+)")
_WEAK = re.compile(r"(?:alt\. )?a\.k\.a\. '(.+)'")
_DOCUMENT = re.compile(
    r"((?:alt\. )?(?:Passport|National ID No\.|Identification Number|Tax ID No\.|SSN|Cedula No\.)"
    r"[^0-9]*?) ?([A-Z]{0,3}[0-9][\w/-]*)(?: \(([^)]+)\))?"
)


def parse(sdn: bytes, add: bytes = b"", alt: bytes = b"") -> Parsed:
    """
    This will read the three files together. They name no day of publication.

    :raises Malformed: if a row has another number of columns or belongs to no entry, or if a file
        holds no row: without their aliases and addresses people would pass unseen.
    """
    found = Collected()
    for file, data in (("sdn.csv", sdn), ("add.csv", add), ("alt.csv", alt)):
        if not text_of(data).strip("\x1a\r\n "):
            found.fault(1, f"{file} is empty")
    rows = list(_rows(sdn, SDN_COLUMNS, "sdn.csv", found))
    known = {row[0] for _, row in rows}
    aliases, places = defaultdict(list), defaultdict(list)
    for line, row in _rows(alt, ALT_COLUMNS, "alt.csv", found):
        if row[0] not in known:
            found.fault(line, f"alt.csv: no entry {row[0]}")
        aliases[row[0]].append(row[3])
    for line, row in _rows(add, ADD_COLUMNS, "add.csv", found):
        if row[0] not in known:
            found.fault(line, f"add.csv: no entry {row[0]}")
        places[row[0]].append(row[4])
    for line, row in rows:
        found.add(_entry(row, aliases[row[0]], places[row[0]]), line=line)
    return found.parsed(published=None)


def _rows(data: bytes, columns: int, file: str, found: Collected):
    reader = csv.reader(io.StringIO(text_of(data).replace("\x1a", ""), newline=""))
    try:
        for row in reader:
            if len(row) == columns:
                cells = [" ".join(cell.split()) for cell in row]
                yield reader.line_num, ["" if cell == NOTHING else cell for cell in cells]
            elif any(cell.strip() for cell in row):
                found.fault(reader.line_num, f"{file}: {len(row)} columns instead of {columns}")
    except csv.Error as error:
        found.fault(reader.line_num, f"{file}: {error}")


def _entry(row: list[str], aliases: list[str], places: list[str]) -> Listed:
    uid, name, kind, programme, title, remarks = *row[:5], row[11]
    kind = KINDS.get(kind.lower(), Kind.OTHER if kind else Kind.ENTITY)
    facts = [fact.strip().rstrip(".") for fact in remarks.split(";")]
    weak = [found[1] for fact in facts if (found := _WEAK.fullmatch(fact))]
    births = [birth_of(found[1]) for fact in facts if (found := _BORN.fullmatch(fact))]
    citizen = [found[1] for fact in facts if (found := _COUNTRY.fullmatch(fact))]
    gender = next((found[1] for fact in facts if (found := _GENDER.fullmatch(fact))), "")
    return Listed(
        uid=uid,
        kind=kind,
        names=(
            *(Name(_in_order(text, kind)) for text in [name, *aliases] if text),
            *(Name(text, is_weak=True) for text in weak),
        ),
        programme=programme.replace("] [", ", "),
        births=tuple(birth for birth in births if birth),
        # A company is of the country of its address; where a person lives is not a nationality.
        nationalities=countries(citizen if kind == Kind.PERSON else places),
        ids=tuple(
            IdNumber(found[2], names.country(found[3] or ""), found[1].strip())
            for fact in facts
            if (found := _DOCUMENT.match(fact))
        ),
        gender=gender_of(gender),
        remarks=" ".join(filter(None, [title, remarks])),
    )


def _in_order(name: str, kind: Kind) -> str:
    """OTIENO, Juma Ali is Juma Ali OTIENO; the comma of a company stays where it is."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma and kind == Kind.PERSON else name
