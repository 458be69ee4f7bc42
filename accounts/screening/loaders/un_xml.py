"""The consolidated list of the United Nations Security Council."""

from datetime import datetime

from accounts.screening import names
from accounts.screening.facts import Birth, IdNumber, Kind, Listed, Name
from accounts.screening.loaders import xml
from accounts.screening.loaders.parsed import (
    Collected,
    Parsed,
    birth_of,
    countries,
    gender_of,
    years,
)

NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")


def parse(data: bytes) -> Parsed:
    """
    This will read a consolidated.xml with its individuals and entities.

    :raises Malformed: if it is not one, or does not say when it was made.
    """
    found = Collected()

    def keep_person(record: xml.Node) -> None:
        found.add(_individual(record), line=record.line)

    def keep_entity(record: xml.Node) -> None:
        found.add(_entity(record), line=record.line)

    records = {"INDIVIDUAL": keep_person, "ENTITY": keep_entity}
    root = xml.read(data, root="CONSOLIDATED_LIST", records=records)
    published = None
    try:
        published = datetime.fromisoformat(root.attributes.get("dateGenerated", "")).date()
    except ValueError:
        found.fault(root.line, "no dateGenerated")
    return found.parsed(published=published)


def _individual(record: xml.Node) -> Listed:
    main = " ".join(filter(None, (record.text(part) for part in NAME_PARTS)))
    return Listed(
        uid=record.text("DATAID"),
        kind=Kind.PERSON,
        names=(Name(main), *_aliases(record, "INDIVIDUAL_ALIAS")),
        programme=_programme(record),
        births=tuple(
            birth for birth in map(_birth, record.all("INDIVIDUAL_DATE_OF_BIRTH")) if birth
        ),
        nationalities=countries(node.own_text for node in record.all("NATIONALITY/VALUE")),
        ids=tuple(
            IdNumber(
                node.text("NUMBER"),
                names.country(node.text("ISSUING_COUNTRY") or node.text("COUNTRY_OF_ISSUE")),
                node.text("TYPE_OF_DOCUMENT"),
            )
            for node in record.all("INDIVIDUAL_DOCUMENT")
            if node.text("NUMBER")
        ),
        gender=gender_of(record.text("GENDER")),
        remarks=_remarks(record),
    )


def _entity(record: xml.Node) -> Listed:
    return Listed(
        uid=record.text("DATAID"),
        kind=Kind.ENTITY,
        names=(Name(record.text("FIRST_NAME")), *_aliases(record, "ENTITY_ALIAS")),
        programme=_programme(record),
        remarks=_remarks(record),
    )


def _aliases(record: xml.Node, tag: str) -> list[Name]:
    # Good and Low are the qualities of people's aliases; a.k.a. and f.k.a. those of entities.
    return [
        Name(node.text("ALIAS_NAME"), is_weak=node.text("QUALITY") == "Low")
        for node in record.all(tag)
        if node.text("ALIAS_NAME")
    ]


def _birth(node: xml.Node) -> Birth | None:
    first, last = node.text("FROM_YEAR"), node.text("TO_YEAR")
    if first.isdigit() and last.isdigit():
        return years(first, last)
    day = birth_of(node.text("DATE") or node.text("YEAR"))
    if day and node.text("TYPE_OF_DATE") == "APPROXIMATELY":
        return years(day.first.year, day.last.year)
    return day


def _programme(record: xml.Node) -> str:
    parts = (record.text("UN_LIST_TYPE"), record.text("REFERENCE_NUMBER"))
    return " ".join(filter(None, parts))


def _remarks(record: xml.Node) -> str:
    titles = [node.own_text for node in record.all("DESIGNATION/VALUE")]
    return " ".join(filter(None, [*titles, record.text("COMMENTS1")]))
