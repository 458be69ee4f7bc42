"""Reading cases as officers do: whose they are, both sides beside each other, what differs."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from accounts.businesses.models import BeneficialOwner, Member
from accounts.customers.models import Customer
from accounts.screening.models import Hit, ListVersion
from accounts.screening.queries import SideBySide
from accounts.staff import queries as staff_queries
from ledger.approvals import queries as approvals
from ledger.controls.doors import digest_of
from wekeza.kit.actor import Actor
from wekeza.kit.persons import person_of

LABELS = {
    "name": "Name that is alike",
    "other_names": "Other names",
    "kind": "Person or company",
    "date_of_birth": "Born",
    "nationality": "Country",
    "gender": "Gender",
    "document": "Documents",
    "programme": "Programme",
    "remarks": "Remarks",
}
KINDS = {"PERSON": "Person", "ENTITY": "Company", "OTHER": "Ship or aircraft"}
# What a part of the score is, in an officer's words.
PARTS = {
    "alignment": "Tokens paired, in any order",
    "token_set": "Words both names share",
    "date_of_birth": "Date of birth",
    "country": "Same country",
    "gender": "Other gender",
    "document_number": "Same document number",
}
MOST = 200


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom a case is about: name, what they are to the bank, their page, and which person."""

    name: str
    what: str
    page: str
    person: str


@dataclass(frozen=True, slots=True)
class Line:
    """One fact on both sides; `verdict` says in a word how they compare, `look` how bad it is."""

    label: str
    ours: str
    theirs: str
    verdict: str
    look: str


def owner_of(owner_ref: str) -> Owner:
    """This will tell whom a case is about."""
    kind, _, pk = owner_ref.partition(":")
    if kind == "customer":
        row = Customer.objects.get(pk=pk)
        page = reverse("branch:workbench:customer", args=[row.public_id])
        return Owner(row.full_name, "Customer", page, row.actor.person)
    if kind == "member":
        member = Member.objects.select_related("customer", "business").get(pk=pk)
        page = reverse("branch:registrations:business", args=[member.business.public_id])
        person = member.customer.actor.person
        return Owner(member.customer.full_name, f"Director of {member.business.name}", page, person)
    if kind == "owner":
        owner = BeneficialOwner.objects.select_related("business").filter(pk=pk).first()
        if owner is None:
            return Owner("An owner taken off the list again", "", "", "")
        page = reverse("branch:registrations:business", args=[owner.business.public_id])
        what = f"Owner of {owner.business.name}"
        if owner.left_at is not None:
            what += ", taken off the list again"
        return Owner(owner.full_name, what, page, person_of(owner.national_id_index))
    return Owner(owner_ref, "", "", "")


def shown(cases) -> list[tuple[Hit, Owner]]:
    """This will give cases with whom they are about."""
    return [(hit, owner_of(hit.owner_ref)) for hit in cases[:MOST]]


def is_about(hit: Hit, actor: Actor) -> bool:
    """The case is about the natural person who acts."""
    return actor.person != "" and owner_of(hit.owner_ref).person == actor.person


def lines_of(side: SideBySide) -> list[Line]:
    """This will lay both sides out, with what is the same and what differs."""
    told = {name for name, value in side.hit.parts["parts"].items() if value}
    rows = {name: (ours, theirs) for name, ours, theirs in side.rows}
    return [_line(name, *rows[name], told) for name in LABELS if any(rows.get(name, ()))]


def parts_of(side: SideBySide) -> list[tuple[str, object]]:
    """This will name the parts of a score."""
    values = {part.name: part.value for part in side.parts}
    return [(label, values[name]) for name, label in PARTS.items() if name in values]


def seen_of(hit: Hit) -> str:
    """This will give one fingerprint of a case as somebody reads it."""
    facts = (hit.owner_fingerprint, hit.entry_fingerprint, hit.state, hit.proposed_at)
    return digest_of({"case": hit.pk, "facts": [str(fact) for fact in facts]})


def people_in(hit: Hit) -> dict[str, str]:
    """This will name who proposed and who decided a case."""
    names = staff_queries.names_of([hit.proposed_by, hit.decided_by])
    return {
        "proposed_by": names.get(hit.proposed_by, hit.proposed_by),
        "decided_by": names.get(hit.decided_by, hit.decided_by),
    }


def versions() -> list[ListVersion]:
    """This will give the versions of all lists, the newest of each first, with who loaded them."""
    rows = ListVersion.objects.select_related("list", "replaces")
    return with_people(rows.order_by("list", "-pk")[:MOST])


def with_people(rows: Iterable[ListVersion]) -> list[ListVersion]:
    """This will give versions with who loaded and who accepted each, and what waits about it."""
    found = list(rows)
    names = staff_queries.names_of(
        {row.loaded_by for row in found} | {row.accepted_by for row in found}
    )
    for row in found:
        row.loader = names.get(row.loaded_by, row.loaded_by)
        row.accepter = names.get(row.accepted_by, row.accepted_by)
        row.asked = approvals.waiting_for(row).first()
    return found


def _line(name: str, ours: str, theirs: str, told: set[str]) -> Line:
    label = LABELS[name]
    if name == "kind":
        ours, theirs = KINDS.get(ours, ours), KINDS.get(theirs, theirs)
    if name == "document":
        same = "document_number" in told
    elif name == "name":
        same = ours.casefold() == theirs.casefold()
        if not same:
            return Line(label, ours, theirs, "Alike", "warn")
    else:
        same = bool(_values(ours) & _values(theirs))
    if not ours or not theirs:
        return Line(label, ours, theirs, "One side only", "")
    return Line(label, ours, theirs, *(("Same", "warn") if same else ("Differs", "ok")))


def _values(text: str) -> set[str]:
    return {part.strip().casefold() for part in text.split(",") if part.strip()}
