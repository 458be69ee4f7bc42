"""Reads of screening: who may be alike, which cases wait, and how somebody stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.screening import names
from accounts.screening.index import Index
from accounts.screening.matching import Match, Prepared, Terms, best_match, could_match
from accounts.screening.models import (
    UNDECIDED,
    Hit,
    ListEntry,
    ListVersion,
    ScreeningList,
    ScreeningRun,
    ScreeningTerms,
)
from accounts.screening.refusals import NoSuchCase, NoSuchList
from accounts.screening.states import HitState, VersionState

# Names that share a token, a sound or enough trigrams with ours (kenya.md 7.3); each is an index.
_ALIKE = """
    SELECT n.entry_id, n.normalised
      FROM accounts_listname n
      JOIN accounts_listentry e ON e.id = n.entry_id
     WHERE (n.tokens && %(tokens)s::varchar[]
            OR n.phonetic_keys && %(sounds)s::varchar[]
            OR n.normalised %% %(name)s)
       AND e.version_id = ANY(%(versions)s)"""


class NoScreeningTerms(LookupError):
    """No row is in force: a gap in the bank's own tables. Nobody is screened without figures."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What screening says about an owner: held while a strong match waits, or confirmed."""

    is_held: bool
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """What a version of a list changes, with the first entries of each kind."""

    added_count: int
    changed_count: int
    added: list[ListEntry]
    changed: list[ListEntry]
    gone: list[ListEntry]


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a score: what it is, and how much it gives or takes."""

    name: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A case as an officer compares it: our facts, theirs, and why they are alike."""

    hit: Hit
    rows: list[tuple[str, str, str]]
    parts: list[Part]
    pairings: list[tuple[str, str, Decimal]]
    earlier: list[Hit]


def terms_on(day: date) -> ScreeningTerms:
    """This will give the figures of screening in force on a Nairobi day."""
    found = ScreeningTerms.objects.on(day).first()
    if found is None:
        raise NoScreeningTerms(f"on {day}")
    return found


def list_of(code: str) -> ScreeningList:
    """
    This will find a list by its code.

    :raises NoSuchList: if there is none; it names those that there are.
    """
    found = ScreeningList.objects.filter(code=code).first()
    if found is None:
        known = ", ".join(ScreeningList.objects.order_by("code").values_list("code", flat=True))
        raise NoSuchList(code=code, known=known)
    return found


def versions_in_force() -> list[ListVersion]:
    """This will give the version in force of every list that has one."""
    active = ListVersion.objects.filter(state=VersionState.ACTIVE)
    return list(active.select_related("list").order_by("pk"))


def versions_waiting() -> QuerySet[ListVersion]:
    """This will give the versions that a second person has to let in, the oldest first."""
    waiting = ListVersion.objects.filter(state=VersionState.PENDING)
    return waiting.select_related("list", "replaces").order_by("loaded_at")


def matches(
    asked: Prepared, *, versions: Iterable[ListVersion], row: ScreeningTerms, day: date
) -> list[tuple[ListEntry, Match]]:
    """This will give the entries of versions that are alike enough for a review, and how."""
    terms = Terms.of(row)
    ids = candidates(asked, versions=versions, terms=terms)
    entries = ListEntry.objects.filter(pk__in=ids).select_related("version__list").order_by("pk")
    found = []
    for entry in entries:
        if not counts(entry, on=day, row=row):
            continue
        match = best_match(asked, entry.listed, terms=terms)
        if match is not None and match.score >= terms.review_from:
            found.append((entry, match))
    return found


def candidates(asked: Prepared, *, versions: Iterable[ListVersion], terms: Terms) -> set[int]:
    """This will give the ids of entries whose names or document numbers could be a match."""
    versions = [version.pk for version in versions]
    numbers = [names.number(one.number) for one in asked.subject.ids]
    found = set(
        ListEntry.objects.filter(version__in=versions, id_numbers__overlap=numbers).values_list(
            "pk", flat=True
        )
        if numbers
        else ()
    )
    most = terms.born_same_day + terms.same_country
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(terms.trigram_from)]
        )
        for _, name in asked.names:
            tokens = name.split()
            sounds = sorted({key for token in tokens for key in names.keys_of(token)})
            facts = {"tokens": tokens, "sounds": sounds, "name": name, "versions": versions}
            cursor.execute(_ALIKE, facts)
            found |= {
                entry
                for entry, theirs in cursor.fetchall()
                if entry not in found and could_match(name, theirs, lift=most, terms=terms)
            }
    return found


def counts(entry: ListEntry, *, on: date, row: ScreeningTerms) -> bool:
    """This will say whether an entry counts on a day: people leave office, and in time the list."""
    left = entry.left_office_date
    if left is None:
        return True
    months = left.year * 12 + left.month - 1 + row.office_months
    return (on.year * 12 + on.month - 1, on.day) < (months, left.day)


def changes_of(version: ListVersion) -> QuerySet[ListEntry]:
    """
    This will give the entries that somebody may not have been compared with: all but those that
    read the same in the newest version with which everybody was, and in every one since. A version
    that was replaced before the workers had finished proves nothing about its entries.
    """
    entries = version.entries.select_related("version__list").order_by("pk")
    before = ListVersion.objects.filter(list=version.list_id, pk__lt=version.pk)
    screened = before.filter(screened_at__isnull=False).order_by("-pk").first()
    if screened is None:
        return entries
    known = Q()
    for old in before.filter(state=VersionState.RETIRED, pk__gte=screened.pk):
        known &= Q(fingerprint__in=old.entries.values("fingerprint"))
    return entries.exclude(known)


def difference_of(version: ListVersion, *, most: int = 20) -> Difference:
    """
    This will compare a version with the one that was in force when it was loaded: how many entries
    are new, read otherwise or are gone, and up to `most` of each.
    """
    ours, before = version.entries, ListEntry.objects.filter(version=version.replaces_id)
    same = before.filter(source_uid=OuterRef("source_uid"))
    fresh = ours.filter(~Exists(same)).order_by("pk")
    changed = ours.filter(Exists(same.exclude(fingerprint=OuterRef("fingerprint"))))
    gone = before.filter(~Exists(ours.filter(source_uid=OuterRef("source_uid")))).order_by("pk")
    return Difference(
        added_count=fresh.count(),
        changed_count=changed.count(),
        added=list(fresh[:most]),
        changed=list(changed.order_by("pk")[:most]),
        gone=list(gone[:most]),
    )


def shrinks(version: ListVersion, *, on: date) -> bool:
    """
    This will tell whether of the version before so much is gone that a second person has to look:
    entries, behind however many new ones, or names while every entry stays.
    """
    before, most = version.replaces, terms_on(on).shrink_most
    return before is not None and (
        version.removed_count > before.entry_count * most
        or version.name_count < before.name_count * (Decimal(1) - most)
    )


def index_of(version: ListVersion, *, row: ScreeningTerms, day: date) -> Index:
    """This will make an index in memory of what a version changed."""
    terms = Terms.of(row)
    return Index(
        (
            (entry.pk, entry.listed)
            for entry in changes_of(version).iterator(2000)
            if counts(entry, on=day, row=row)
        ),
        terms=terms,
    )


def standing_of(owner_ref: str) -> Standing:
    """
    This will tell how an owner stands. A case of a list that stops people holds them while it is
    strong and undecided; once confirmed it stands until two persons clear it.
    """
    stopping = Hit.objects.filter(
        ~Q(list__kind=ScreeningList.Kind.PEP), owner_ref=owner_ref
    ).exclude(state=HitState.CLEARED)
    cases = list(stopping.values_list("outcome", "state", "confirmed_at"))
    return Standing(
        is_held=any(
            outcome == ScreeningRun.Outcome.BLOCK and state in UNDECIDED
            for outcome, state, _ in cases
        ),
        is_confirmed=any(confirmed_at is not None for *_, confirmed_at in cases),
    )


def is_in_public_office(owner_ref: str) -> bool:
    """This will tell whether two persons found that an owner is politically exposed."""
    exposed = Hit.objects.filter(owner_ref=owner_ref, list__kind=ScreeningList.Kind.PEP)
    return exposed.filter(confirmed_at__isnull=False).exists()


def cases_waiting() -> QuerySet[Hit]:
    """This will give the cases that wait for somebody: held owners first, then the oldest."""
    waiting = Hit.objects.filter(state__in=UNDECIDED).select_related("list", "entry__version")
    return waiting.order_by("outcome", "opened_at", "pk")


def cases_confirmed() -> QuerySet[Hit]:
    """This will give the cases of whoever is the person on the list, the newest first."""
    found = Hit.objects.filter(state=HitState.CONFIRMED).select_related("list")
    return found.order_by("-confirmed_at", "-pk")


def cases_cleared() -> QuerySet[Hit]:
    """This will give whom two persons found to be somebody else, the newest first."""
    found = Hit.objects.filter(state=HitState.CLEARED).select_related("list")
    return found.order_by("-decided_at", "-pk")


def cases_of(owner_ref: str) -> QuerySet[Hit]:
    """This will give every case of an owner, the newest first."""
    return Hit.objects.filter(owner_ref=owner_ref).select_related("list").order_by("-pk")


def good_guys(owner_ref: str) -> QuerySet[Hit]:
    """This will give whom an owner is known not to be; each holds until either side changes."""
    return cases_of(owner_ref).filter(state=HitState.CLEARED)


def case(pk: int) -> Hit:
    """
    This will find a case.

    :raises NoSuchCase: if there is none.
    """
    found = Hit.objects.select_related("list", "entry__version", "run").filter(pk=pk).first()
    if found is None:
        raise NoSuchCase
    return found


def side_by_side(hit: Hit) -> SideBySide:
    """This will lay a case out for comparing: row by row, with the parts of its score."""
    facts = [*hit.ours, *(name for name in hit.theirs if name not in hit.ours)]
    return SideBySide(
        hit=hit,
        rows=[(name, _words(hit.ours.get(name)), _words(hit.theirs.get(name))) for name in facts],
        parts=[Part(name, Decimal(value)) for name, value in hit.parts["parts"].items()],
        pairings=[(ours, theirs, Decimal(like)) for ours, theirs, like in hit.parts["pairings"]],
        earlier=list(cases_of(hit.owner_ref).filter(source_uid=hit.source_uid).exclude(pk=hit.pk)),
    )


def runs_of(owner_ref: str) -> QuerySet[ScreeningRun]:
    """This will give when and how an owner was screened, the newest first."""
    return ScreeningRun.objects.filter(owner_ref=owner_ref).order_by("-pk")


def _words(value) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
