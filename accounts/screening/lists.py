"""Loading lists: one file becomes one version, whole or not at all."""

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256

from django.db import connection, transaction

from accounts.screening import names, queries
from accounts.screening.facts import Listed
from accounts.screening.loaders import ofac_csv, ofac_xml, own_csv, un_xml
from accounts.screening.loaders.parsed import MOST_BYTES, MOST_FAULTS_TOLD, Malformed, Parsed
from accounts.screening.matching import normalised_names
from accounts.screening.models import ListEntry, ListName, ListVersion, ScreeningList
from accounts.screening.operations import entry_fingerprint
from accounts.screening.refusals import (
    ListInForce,
    ListMoved,
    ListOfTomorrow,
    MalformedList,
    NobodyBehindIt,
    OlderList,
    SamePerson,
    VersionDecided,
)
from accounts.screening.states import VERSIONS, VersionState
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.calendar import queries as calendar
from ledger.controls import audit, outbox
from wekeza.kit.actor import Actor

PARSERS = {
    ScreeningList.Format.OFAC_XML: ofac_xml.parse,
    ScreeningList.Format.OFAC_CSV: ofac_csv.parse,
    ScreeningList.Format.UN_XML: un_xml.parse,
    ScreeningList.Format.OWN_CSV: own_csv.parse,
}
FILES = {ScreeningList.Format.OFAC_CSV: 3}  # Every other format is one file.
ROWS = 2000
SHRANK = "The list shrank more than it may by itself"


@transaction.atomic
def load(
    source: ScreeningList,
    *,
    files: Mapping[str, bytes],
    at: datetime,
    actor: Actor,
    published_date: date | None = None,
) -> ListVersion:
    """
    This will read the files of a list (name -> content, in the order of its format) and put the
    version in force, whose changes are then screened. `published_date` is for formats that name no
    day; without it the Nairobi day of `at` counts. A list of which more is gone than the terms
    allow, entries or names, waits for a second person. The same files twice give the same version.

    :raises MalformedList: if anything in them is wrong; nothing is loaded then.
    :raises OlderList: if the version in force is of a later day.
    :raises NobodyBehindIt: if the actor is no natural person.
    """
    version, is_new = _take(source, files, published_date, at=at, actor=actor)
    if not is_new:
        return version
    if queries.shrinks(version, on=calendar.nairobi_date(at)):
        _ask_second_person(version, reason=SHRANK, at=at, actor=actor)
    else:
        _put_in_force(version, at=at, actor=actor)
    return version


@transaction.atomic
def upload(
    source: ScreeningList,
    *,
    files: Mapping[str, bytes],
    at: datetime,
    actor: Actor,
    published_date: date | None = None,
) -> ListVersion:
    """
    This will read the files of a list, as `load` does, and keep the version for somebody to look
    at; it comes into force only when `ask` was approved. The same files twice are one version.

    :raises MalformedList: OlderList, NobodyBehindIt, as `load`.
    :raises ListInForce: if the version in force is of these very files.
    :raises ListOfTomorrow: if it says that it was published after the Nairobi day of `at`.
    """
    version, _ = _take(source, files, published_date, at=at, actor=actor)
    if not version.is_waiting:
        raise ListInForce(code=source.code, published=version.published_date)
    if version.published_date > calendar.nairobi_date(at):  # No newer file would replace it then.
        raise ListOfTomorrow(published=version.published_date)
    return version


@transaction.atomic
def ask(version: ListVersion, *, reason: str, at: datetime, actor: Actor) -> Approval:
    """
    This will ask a second person to put a version in force that waits.

    :raises VersionDecided: if it does not wait any more.
    :raises ListMoved: if another version came into force since it was loaded.
    :raises AlreadyWaiting: MayNotAsk, ReasonMissing, as ledger.approvals.
    """
    row = _waiting(version.pk)
    _check_compared_with_the_one_in_force(row)
    return _ask_second_person(row, reason=reason, at=at, actor=actor)


@transaction.atomic
def accept_list(*, payload: dict, approval, actor: Actor, at: datetime) -> ListVersion:
    """
    This will put a version in force that shrank, by a second person: the deed
    `screening.accept_list`, whose `payload` is {"version": id}.

    :raises VersionDecided: if it does not wait any more.
    :raises ListMoved: if another version came into force since it was loaded.
    :raises SamePerson: if it is who loaded it.
    """
    version = _waiting(payload["version"])
    if actor.person == version.loaded_person:
        raise SamePerson
    _check_compared_with_the_one_in_force(version)
    accepted = {"accepted_by": str(actor), "accepted_person": actor.person}
    _put_in_force(version, at=at, actor=actor, **accepted)
    return version


@transaction.atomic
def refuse_list(version: ListVersion, *, reason: str, at: datetime, actor: Actor) -> None:
    """
    This will refuse a version that waits; the one in force stays.

    :raises VersionDecided: if it does not wait any more.
    """
    row = _waiting(version.pk)
    VERSIONS.move(row, to=VersionState.REFUSED, decided_at=at, reason=reason, updated_at=at)
    audit.record(actor=actor, deed="screening.list_refused", subject=row, reason=reason)
    version.refresh_from_db()


def _take(
    source: ScreeningList, files: Mapping[str, bytes], published_date, *, at: datetime, actor: Actor
) -> tuple[ListVersion, bool]:
    """The version of these files, and whether it is new."""
    if not actor.person:
        raise NobodyBehindIt
    digest = _digest(files)
    parsed = _parsed(source, files)
    published = parsed.published or published_date or calendar.nairobi_date(at)

    _lock(source)
    current = source.versions.filter(state=VersionState.ACTIVE).first()
    known = source.versions.filter(
        sha256=digest, state__in=(VersionState.ACTIVE, VersionState.PENDING)
    ).first()
    if known is not None:
        return known, False
    if current is not None and published < current.published_date:
        raise OlderList(published=published, current=current.published_date)

    version = _store(source, parsed, current, published_date=published, sha256=digest,
                     files=", ".join(files)[:200], loaded_by=str(actor),
                     loaded_person=actor.person, loaded_at=at)  # fmt: skip
    audit.record(actor=actor, deed="screening.list_loaded", subject=version, sha256=digest,
                 entries=version.entry_count, removed=version.removed_count)  # fmt: skip
    return version, True


def _parsed(source: ScreeningList, files: Mapping[str, bytes]) -> Parsed:
    try:
        if sum(map(len, files.values())) > MOST_BYTES:
            raise Malformed([f"the files have more than {MOST_BYTES} bytes"])
        if len(files) != FILES.get(source.format, 1):
            raise Malformed([f"{source.code} comes as {source.get_format_display()}"])
        parsed = PARSERS[source.format](*files.values())
        if not parsed.entries:
            raise Malformed(["no entries"])
    except Malformed as fault:
        told = "; ".join(fault.faults[:MOST_FAULTS_TOLD])
        raise MalformedList(count=len(fault.faults), faults=told) from fault
    return parsed


def _store(source, parsed: Parsed, current: ListVersion | None, **facts) -> ListVersion:
    entries = [(entry_fingerprint(row), row) for row in map(_row, parsed.entries)]
    fresh = {fingerprint for fingerprint, _ in entries}
    before = dict(current.entries.values_list("fingerprint", "source_uid")) if current else {}
    uids = {row["source_uid"] for _, row in entries}
    version = ListVersion.objects.create(
        list=source,
        replaces=current,
        entry_count=len(entries),
        name_count=sum(len(row["names"]) for _, row in entries),
        added_count=len(fresh - before.keys()),
        removed_count=len(set(before.values()) - uids),
        **facts,
    )
    ListEntry.objects.bulk_create(
        (ListEntry(version=version, fingerprint=found, **row) for found, row in entries),
        batch_size=ROWS,
    )
    return version


def _row(listed: Listed) -> dict:
    return {
        "source_uid": listed.uid[:64],
        "kind": listed.kind.value,
        "names": [[name.text[:400], name.is_weak] for name in listed.names],
        "programme": listed.programme[:200],
        "births": [[birth.first.isoformat(), birth.last.isoformat()] for birth in listed.births],
        "nationalities": list(listed.nationalities),
        "ids": [[one.number, one.country, one.kind] for one in listed.ids],
        "id_numbers": [names.number(one.number)[:64] for one in listed.ids],
        "gender": listed.gender,
        "remarks": listed.remarks,
        "left_office_date": listed.left_office,
    }


def _check_compared_with_the_one_in_force(version: ListVersion) -> None:
    current = version.list.versions.filter(state=VersionState.ACTIVE).first()
    if (current and current.pk) != version.replaces_id:
        raise ListMoved


def _ask_second_person(
    version: ListVersion, *, reason: str, at: datetime, actor: Actor
) -> Approval:
    before, differs = version.replaces, queries.difference_of(version)
    day = calendar.nairobi_date(at)
    was = [before.entry_count, before.name_count, before.published_date] if before else [""] * 3
    entries, names_before, published = map(str, was)
    shrunk = f"; {SHRANK.lower()}" if queries.shrinks(version, on=day) else ""
    return approvals.propose(
        deed="screening.accept_list",
        subject=version,
        payload={"version": version.pk},
        changes=[
            approvals.Change("Entries", entries, str(version.entry_count)),
            approvals.Change("Names", names_before, str(version.name_count)),
            approvals.Change("Published", published, str(version.published_date)),
            approvals.Change("SHA-256", before.sha256 if before else "", version.sha256),
        ],
        impact=(
            f"{differs.added_count} entries of {version.list_id} are new, "
            f"{differs.changed_count} read otherwise, {version.removed_count} are gone{shrunk}"
        ),
        reason=reason,
        actor=actor,
        at=at,
    )


def _put_in_force(version: ListVersion, *, at: datetime, actor: Actor, **accepted) -> None:
    others = version.list.versions.exclude(pk=version.pk)
    for old in others.filter(state=VersionState.ACTIVE):
        VERSIONS.move(old, to=VersionState.RETIRED, updated_at=at)
    for old in others.filter(state=VersionState.PENDING):
        VERSIONS.move(old, to=VersionState.REFUSED, decided_at=at, reason="A newer file came",
                      updated_at=at)  # fmt: skip
    VERSIONS.move(version, to=VersionState.ACTIVE, decided_at=at, updated_at=at, **accepted)
    _index_names(version)
    audit.record(actor=actor, deed="screening.list_in_force", subject=version,
                 entries=version.entry_count)  # fmt: skip
    outbox.publish("screening.list_in_force", {"version": version.pk})


def _index_names(version: ListVersion) -> None:
    """Only names of versions in force are searched; the entries keep what each version said."""
    ListName.objects.filter(entry__version__list=version.list_id).delete()
    rows = (row for entry in version.entries.iterator(ROWS) for row in _names(entry))
    ListName.objects.bulk_create(rows, batch_size=ROWS)


def _names(entry: ListEntry):
    for text, normalised, is_weak in normalised_names(entry.listed):
        tokens = normalised.split()
        if tokens:
            keys = sorted({key for token in tokens for key in names.keys_of(token)})
            yield ListName(
                entry=entry, name=text, is_weak=is_weak, normalised=normalised,
                tokens=tokens, phonetic_keys=keys,
            )  # fmt: skip


def _waiting(pk: int) -> ListVersion:
    version = ListVersion.objects.select_related("list").get(pk=pk)
    _lock(version.list)
    version.refresh_from_db()
    if version.state != VersionState.PENDING:
        raise VersionDecided(state=version.get_state_display())
    return version


def _lock(source: ScreeningList) -> None:
    # The application only reads the lists themselves, so their rows cannot be locked.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('screening_list'), hashtext(%s))", [source.code]
        )


def _digest(files: Mapping[str, bytes]) -> str:
    """One file's SHA-256; of several the SHA-256 of their digests, in their order."""
    digests = [sha256(data).hexdigest() for data in files.values()]
    return digests[0] if len(digests) == 1 else sha256("".join(digests).encode()).hexdigest()
