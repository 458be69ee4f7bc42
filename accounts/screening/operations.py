"""Screening somebody, and deciding the cases that come of it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from json import dumps

from django.db import connection, transaction

from accounts.screening import names, queries
from accounts.screening.facts import Subject
from accounts.screening.matching import Match, Prepared
from accounts.screening.models import (
    UNREADABLE,
    Hit,
    ListEntry,
    ListVersion,
    ScreeningRun,
    ScreeningTerms,
)
from accounts.screening.refusals import (
    CaseNotOpen,
    NobodyBehindIt,
    NoDecision,
    NoSuchCase,
    ReasonMissing,
    SamePerson,
)
from accounts.screening.states import HITS, HitState
from ledger.calendar import queries as calendar
from ledger.controls import audit, outbox
from wekeza.kit.actor import Actor
from wekeza.kit.db import inside_transaction
from wekeza.kit.encryption import blind_index
from wekeza.kit.words import masked_id

Cause, Outcome = ScreeningRun.Cause, ScreeningRun.Outcome
DECISIONS = (HitState.CLEARED, HitState.CONFIRMED)
SHORTEST_REASON = 10


@dataclass(frozen=True, slots=True)
class Screened:
    """What came of asking: the run, the cases that wait, and how the owner stands now."""

    run: ScreeningRun
    hits: list[Hit]
    standing: queries.Standing


@transaction.atomic
def screen(subject: Subject, *, cause: str, at: datetime, actor: Actor) -> Screened:
    """
    This will compare somebody with every list in force, keep that it was done, and open a case for
    each entry that is alike enough (AM11, AM14). Figures are those of the Nairobi day of `at`.

    A case that two persons cleared is not opened again while neither side changes. A name that no
    list can be searched for is a case as well: silence of the lists about it says nothing.
    """
    day, versions = calendar.nairobi_date(at), queries.versions_in_force()
    row = queries.terms_on(day)
    found = queries.matches(Prepared.of(subject), versions=versions, row=row, day=day)
    return _keep(subject, found, versions, row=row, cause=cause, at=at, actor=actor)


@transaction.atomic
def screen_changes(
    subjects: Iterable[Subject], *, version: ListVersion, at: datetime, actor: Actor
) -> list[Screened]:
    """
    This will compare many with what a version of a list brought, after it came into force. Once
    it is no longer in force there is nothing to do: the next one is compared with what this one
    brought too, unless everybody was compared before (`queries.changes_of`).
    """
    version.refresh_from_db(fields=["state"])
    if version not in queries.versions_in_force():
        return []
    day = calendar.nairobi_date(at)
    row = queries.terms_on(day)
    index = _index(version.pk, row.pk, day)
    done = []
    for subject in subjects:
        matches = dict(index.matches(subject))
        entries = ListEntry.objects.select_related("version__list").in_bulk(matches)
        found = [(entries[pk], match) for pk, match in matches.items()]
        done.append(
            _keep(subject, found, [version], row=row, cause=Cause.LIST_UPDATE, at=at, actor=actor)
        )
    return done


@transaction.atomic
def propose(hit: Hit, *, decision: str, reason: str, at: datetime, actor: Actor) -> None:
    """
    This will say what a case is, CLEARED or CONFIRMED, and why; it takes effect when a second
    person agrees. A confirmed case can be proposed again: people are taken off lists.

    :raises NoDecision: if it is neither.
    :raises ReasonMissing: if the reason is shorter than 10 characters.
    :raises NobodyBehindIt: if the actor is no member of staff.
    :raises CaseNotOpen: if it waits for the second person, or was cleared.
    """
    if decision not in DECISIONS:
        raise NoDecision
    reason = _reason(reason)
    row = _locked(hit)
    if row.state not in (HitState.OPEN, HitState.CONFIRMED) or row.state == decision:
        raise CaseNotOpen(state=row.get_state_display())

    HITS.move(
        row, to=HitState.REVIEW,
        proposed_state=decision, proposed_reason=reason, proposed_by=str(actor),
        proposed_person=_person(actor), proposed_at=at,
        decided_by="", decided_person="", decided_reason="", decided_at=None, updated_at=at,
    )  # fmt: skip

    audit.record(
        actor=actor, deed="screening.case_proposed", subject=row, decision=decision, reason=reason
    )
    hit.refresh_from_db()


@transaction.atomic
def decide(hit: Hit, *, agrees: bool, reason: str, at: datetime, actor: Actor) -> None:
    """
    This will end a case as it was proposed, or send it back if the second person disagrees. A
    confirmed case is told at once, so that the owner is stopped (kenya.md 7.3); nothing is said to
    them.

    :raises ReasonMissing: if the reason is shorter than 10 characters.
    :raises NobodyBehindIt: if the actor is no member of staff.
    :raises SamePerson: if it is who proposed it.
    :raises CaseNotOpen: if nothing is proposed, or either side changed since.
    """
    reason, person = _reason(reason), _person(actor)
    row = _locked(hit)
    # What this person read must be what is decided: a new look at the facts changes the row.
    if row.state != HitState.REVIEW or _facts(row) != _facts(hit):
        raise CaseNotOpen(state=row.get_state_display())
    if person == row.proposed_person:
        raise SamePerson

    if not agrees:
        HITS.move(row, to=HitState.OPEN, updated_at=at)
        audit.record(actor=actor, deed="screening.case_sent_back", subject=row, reason=reason)
        hit.refresh_from_db()
        return
    is_confirmed = row.proposed_state == HitState.CONFIRMED
    HITS.move(
        row, to=row.proposed_state,
        decided_by=str(actor), decided_person=person, decided_reason=reason, decided_at=at,
        confirmed_at=at if is_confirmed else None, updated_at=at,
    )  # fmt: skip

    audit.record(actor=actor, deed=f"screening.case_{row.state.lower()}", subject=row,
                 reason=reason)  # fmt: skip
    _tell("screening.confirmed" if is_confirmed else "screening.cleared", row)
    hit.refresh_from_db()


@inside_transaction
def _keep(subject, found, versions, *, row: ScreeningTerms, cause, at, actor) -> Screened:
    # Two looks at one owner, one after the other: neither opens a case twice.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('screening'), hashtext(%s))", [subject.owner_ref]
        )
    asked = fingerprint_of(subject)
    found = [*found, *_unread(subject)]
    found = [each for each in found if not _is_good_guy(subject, each[0], asked=asked)]
    outcomes = [_outcome(match, row) for _, match in found]
    run = ScreeningRun.objects.create(
        owner_ref=subject.owner_ref,
        cause=Cause(cause),
        asked_hash=asked,
        version_ids=[version.pk for version in versions],
        outcome=_heavier(*outcomes) if outcomes else Outcome.CLEAR,
        best_score=max((_decimal(match.score) for entry, match in found if entry), default=None),
        actor=str(actor),
        screened_at=at,
    )
    hits = [
        _open_case(subject, entry, match, outcome, run=run, actor=actor)
        for (entry, match), outcome in zip(found, outcomes, strict=True)
    ]
    return Screened(run, hits, queries.standing_of(subject.owner_ref))


def _unread(subject: Subject) -> list[tuple[None, Match]]:
    """In place of an entry and its match: the first name that cannot be compared, or no name."""
    unread = [name for name in subject.names or ("",) if not names.is_readable(name)]
    return [(None, Match(0.0, name, "", False, {}, ())) for name in unread[:1]]


def _is_good_guy(subject: Subject, entry: ListEntry | None, *, asked: str) -> bool:
    """Two persons found that it is somebody else, for exactly these facts of both sides."""
    return Hit.objects.filter(
        **_key(subject, entry),
        owner_fingerprint=asked,
        entry_fingerprint=entry.fingerprint if entry else "",
        state=HitState.CLEARED,
    ).exists()


def _open_case(subject, entry: ListEntry | None, match: Match, outcome, *, run, actor) -> Hit:
    """The case of an owner and an entry: the one that was confirmed or waits, or a new one."""
    key = _key(subject, entry)
    facts = {
        "owner_fingerprint": run.asked_hash,
        "entry_fingerprint": entry.fingerprint if entry else "",
        "entry": entry,
        "run": run,
        "score": _decimal(match.score),
        "parts": _explained(match),
        "ours": _ours(subject, match),
        "theirs": _theirs(entry, match) if entry else {},
        "outcome": outcome,
    }
    known = Hit.objects.select_for_update().filter(**key).exclude(state=HitState.CLEARED)
    hit = known.order_by("-pk").first()
    if hit is None:
        hit = Hit.objects.create(**key, **facts, opened_at=run.screened_at)
        audit.record(actor=actor, deed="screening.case_opened", subject=hit, score=hit.score)
        _tell("screening.case_opened", hit)
    elif hit.is_undecided and _facts(hit) != (run.asked_hash, facts["entry_fingerprint"]):
        _look_again(hit, facts, actor=actor, at=run.screened_at)
    return hit


def _key(subject: Subject, entry: ListEntry | None) -> dict:
    return {
        "owner_ref": subject.owner_ref,
        "list": entry and entry.version.list,
        "source_uid": entry.source_uid if entry else UNREADABLE,
    }


def _look_again(hit: Hit, facts: dict, *, actor, at) -> None:
    """A side changed while the case waits: what was proposed was about something else."""
    facts["outcome"] = _heavier(facts["outcome"], hit.outcome)  # Held until two persons decide.
    if hit.state == HitState.REVIEW:
        HITS.move(hit, to=HitState.OPEN, updated_at=at)
    for name, value in facts.items():
        setattr(hit, name, value)
    hit.save(update_fields=[*facts, "updated_at"])
    audit.record(actor=actor, deed="screening.case_changed", subject=hit, score=hit.score)
    _tell("screening.case_opened", hit)


def fingerprint_of(subject: Subject) -> str:
    """This will give the keyed hash of everything that is asked about somebody."""
    asked = tuple(names.plain(one) if names.is_readable(one) else one for one in subject.names)
    facts = asdict(replace(subject, names=asked))
    facts["ids"] = sorted((names.number(one.number), one.country) for one in subject.ids)
    return blind_index(dumps(facts, sort_keys=True, default=str), context="screening.asked")


def entry_fingerprint(facts: dict) -> str:
    """This will give the SHA-256 of everything that an entry says."""
    return sha256(dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


@lru_cache(maxsize=2)
def _index(version: int, terms: int, day: date):
    # Entries never change, so what was made of them for these terms and this day stays right.
    row = ScreeningTerms.objects.get(pk=terms)
    return queries.index_of(ListVersion.objects.get(pk=version), row=row, day=day)


def _outcome(match: Match, row: ScreeningTerms) -> str:
    return Outcome.BLOCK if _decimal(match.score) >= row.block_from else Outcome.REVIEW


def _heavier(*outcomes: str) -> str:
    return Outcome.BLOCK if Outcome.BLOCK in outcomes else Outcome.REVIEW


def _tell(event: str, hit: Hit) -> None:
    outbox.publish(event, {"hit": hit.pk, "owner_ref": hit.owner_ref})


def _facts(hit: Hit) -> tuple[str, str]:
    return hit.owner_fingerprint, hit.entry_fingerprint


def _locked(hit: Hit) -> Hit:
    row = Hit.objects.select_for_update().filter(pk=hit.pk).first()
    if row is None:
        raise NoSuchCase
    return row


def _person(actor: Actor) -> str:
    """A customer is no second person: it may be the officer's own, with another ID number."""
    if actor.kind != "STAFF" or not actor.person:
        raise NobodyBehindIt
    return actor.person


def _reason(text: str) -> str:
    text = " ".join(text.split())
    if len(text) < SHORTEST_REASON:
        raise ReasonMissing
    return text[:1000]


def _decimal(measure) -> Decimal:
    return Decimal(f"{measure:.4f}")


def _explained(match: Match) -> dict:
    return {
        "parts": {name: str(_decimal(value)) for name, value in match.parts.items()},
        "pairings": [
            [pair.ours, pair.theirs, str(_decimal(pair.likeness))] for pair in match.pairings
        ],
        "is_weak_alias": match.is_weak,
    }


def _ours(subject: Subject, match: Match) -> dict:
    return {
        "name": match.our_name,
        "other_names": [name for name in subject.names if name != match.our_name],
        "kind": subject.kind or "",
        "date_of_birth": str(subject.date_of_birth or ""),
        "nationality": list(subject.nationalities),
        "gender": subject.gender,
        "document": [f"{masked_id(one.number)} {one.country}".strip() for one in subject.ids],
    }


def _theirs(entry: ListEntry, match: Match) -> dict:
    listed = entry.listed
    return {
        "name": match.their_name,
        "other_names": [name.text for name in listed.names if name.text != match.their_name],
        "kind": listed.kind,
        "date_of_birth": [
            str(birth.first) if birth.is_exact else f"{birth.first.year} to {birth.last.year}"
            for birth in listed.births
        ],
        "nationality": list(listed.nationalities),
        "gender": listed.gender,
        "document": [f"{one.kind} {one.number} {one.country}".strip() for one in listed.ids],
        "programme": listed.programme,
        "remarks": listed.remarks,
    }
