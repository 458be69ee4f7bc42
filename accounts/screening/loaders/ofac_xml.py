"""OFAC's sdn.xml: the Specially Designated Nationals of the United States Treasury."""

from datetime import datetime

from accounts.screening import names
from accounts.screening.facts import IdNumber, Kind, Listed, Name
from accounts.screening.loaders import xml
from accounts.screening.loaders.parsed import (
    KINDS,
    Collected,
    Parsed,
    birth_of,
    countries,
    gender_of,
)

# idList holds more than documents; these say something about the person, not about a paper.
NO_DOCUMENTS = ("Gender", "Website", "Email Address", "Phone Number", "Secondary sanctions risk:")


def parse(data: bytes) -> Parsed:
    """
    This will read an sdn.xml, whatever its default namespace.

    :raises Malformed: if it is not one, or its Record_Count is not what it holds.
    """
    found = Collected()

    def keep(record: xml.Node) -> None:
        found.add(_entry(record), line=record.line)

    root = xml.read(data, root="sdnList", records={"sdnEntry": keep})
    published = declared = None
    # The publisher's own spelling, in all its files.
    head = next(iter(root.all("publshInformation")), root)
    try:
        published = datetime.strptime(head.text("Publish_Date"), "%m/%d/%Y").date()  # noqa: DTZ007
        declared = int(head.text("Record_Count"))
    except ValueError:
        found.fault(head.line, "no Publish_Date or Record_Count")
    return found.parsed(published=published, declared=declared)


def _entry(record: xml.Node) -> Listed:
    facts = record.all("idList/id")
    genders = [node.text("idNumber") for node in facts if node.text("idType") == "Gender"]
    aliases = [
        Name(_name(node), is_weak=node.text("category") == "weak")
        for node in record.all("akaList/aka")
    ]
    places = record.all("nationalityList/nationality")
    places += record.all("citizenshipList/citizenship")
    days = record.all("dateOfBirthList/dateOfBirthItem/dateOfBirth")
    births = [birth_of(node.own_text) for node in days]
    return Listed(
        uid=record.text("uid"),
        kind=KINDS.get(record.text("sdnType").lower(), Kind.OTHER),
        names=tuple(name for name in [Name(_name(record)), *aliases] if name.text),
        programme=", ".join(node.own_text for node in record.all("programList/program")),
        births=tuple(birth for birth in births if birth),
        nationalities=countries(node.text("country") for node in places),
        ids=tuple(_document(node) for node in facts if node.text("idType") not in NO_DOCUMENTS),
        gender=gender_of(next(iter(genders), "")),
        remarks=" ".join(filter(None, [record.text("title"), record.text("remarks")])),
    )


def _name(node: xml.Node) -> str:
    return f"{node.text('firstName')} {node.text('lastName')}".strip()


def _document(node: xml.Node) -> IdNumber:
    return IdNumber(
        node.text("idNumber"), names.country(node.text("idCountry")), node.text("idType")
    )
