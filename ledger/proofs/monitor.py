"""
The coherence monitor: the proofs asked every minute of what is new, and by night of everything.

A fault stops the postings of the customers' accounts that it names, is told once, and stands in
every round that is kept until a round that could see it finds it no more.
"""

import logging
import re
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from ledger.chart import operations as ledger_accounts
from ledger.chart.models import LedgerAccount
from ledger.controls import audit, outbox
from ledger.journal.models import Posting
from ledger.proofs import queries as proofs
from ledger.proofs.models import ProofRun
from ledger.proofs.queries import last_entry_id
from wekeza.kit.actor import SYSTEM, Actor
from wekeza.kit.errors import Refusal

STOPPED = "Proof {proof} broken"  # The reason on accounts that a fault stopped.
# No transaction lives so long: what was in flight at a round so far back has ended since.
IN_FLIGHT = timedelta(minutes=1)
MOST = 10_000  # Faults of one proof that a round keeps. Each account is named before one is twice.
ROUNDS = 5213700000000011  # Whoever holds this lock keeps a round; it waits for no other.
_ACCOUNT = re.compile(r"(?:account|posting) (\w+)", re.ASCII)
_ENTRY = re.compile(r"entry (\d+)", re.ASCII)

log = logging.getLogger(__name__)

Fault = tuple[str, str, str]  # Proof, subject, and what is wrong with it.


class Asked(NamedTuple):
    """One round of the proofs: how many were asked, and every fault that stands after it."""

    asked: int
    faults: list[Fault]
    run: ProofRun

    @property
    def holds(self) -> bool:
        return not self.faults


def watch(*, at: datetime, actor: Actor) -> Asked:
    """
    This will ask every proof of what may be new since it was asked, and do about its faults as
    `prove_all`.
    """
    return prove_all(at=at, since=None, actor=actor)


def prove_all(*, at: datetime, since: int | None, actor: Actor = SYSTEM) -> Asked:
    """
    This will ask every proof, of all that was written after entry `since` (0: of everything; None:
    of what may be new since it was asked), keep the round, tell what is new of its faults, and stop
    the accounts that they name. What only the last full round could see stands until the next one.
    """
    newest, started = last_entry_id(), time.perf_counter()
    if since is None:
        since = _proven_to()
    asked = proofs.prove(since=since, more=settings.PROOFS, most=MOST)
    run = ProofRun(
        since_entry=since,
        last_entry=newest,
        seconds=Decimal(f"{time.perf_counter() - started:.3f}"),
        at=at,
    )
    _keep(run, [(one.name, *fault) for one in asked for fault in one.faults], actor=actor)
    _stop(run.faults, actor=actor)
    return Asked(len(asked), [tuple(fault) for fault in run.faults], run)


def still_broken(account: LedgerAccount) -> list[str]:
    """This will name the faults about an account that stand after the last round of the proofs."""
    faults = _standing()
    return [
        f"{proof[:3]}, {subject}: {words}"
        for (proof, subject, words), named in zip(faults, _accounts_named(faults), strict=True)
        if account.pk in named
    ]


def broken() -> list[str]:
    """
    This will name the proofs that do not hold now: those whose faults stand after the last round;
    if none does, those that break on what was written since the night before the last. Of older
    entries that last night speaks, which asked about everything.
    """
    if standing := _standing():
        return sorted({proof for proof, *_ in standing})
    # One night back: what was in flight when the last one began is looked at again.
    nights = ProofRun.objects.filter(since_entry=0).order_by("-pk")
    _last, before = [*nights.values_list("last_entry", flat=True)[:2], 0, 0][:2]
    newer = proofs.prove(since=before, more=settings.PROOFS)
    return sorted(one.name for one in newer if one.faults)


def found_by_night() -> list[Fault]:
    """This will give what the last round over everything found."""
    full = ProofRun.objects.filter(since_entry=0).order_by("-pk").first()
    return [tuple(fault) for fault in (full.faults if full else [])]


def _proven_to() -> int:
    """
    The entry up to which nothing can be new: the newest of a round that found nothing, when another
    such round began so much later that it saw all that was in flight at the first.
    """
    clean = ProofRun.objects.filter(found=0).order_by("-pk")
    last = clean.first()
    if last is None:
        return 0
    # Not by `at`, which is when the task began: a night's round comes hours after.
    began = last.created_at - timedelta(seconds=float(last.seconds))
    before = clean.filter(created_at__lte=began - IN_FLIGHT)
    return before.values_list("last_entry", flat=True).first() or 0


@transaction.atomic
def _keep(run: ProofRun, found: list[Fault], *, actor: Actor) -> None:
    """Keep a round with all that stands after it, and tell what is new of it; or do neither."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ROUNDS])
    known = set(_standing())
    found = sorted(found, key=lambda fault: fault in known)  # A notice names the first.
    run.faults = [*found, *_only_seen_by_night(run, found)]
    run.found, run.holds = len(found), not run.faults
    run.save()
    fresh = [fault for fault in found if fault not in known]
    for proof, subject, words in fresh:
        log.error("books do not hold: %s: %s: %s", proof, subject, words)
        audit.record(actor=actor, deed="books.broken", subject=run, proof=proof, about=subject)
    if fresh:
        outbox.publish("books.broken", {"run": run.pk})


def _only_seen_by_night(run: ProofRun, found: list[Fault]) -> list[Fault]:
    """What the last full round found and a narrower one cannot have looked at."""
    if run.since_entry == 0:
        return []
    seen = {(proof, subject) for proof, subject, _words in found}
    return [fault for fault in found_by_night() if fault[:2] not in seen]


def _standing() -> list[Fault]:
    last = ProofRun.objects.order_by("-pk").first()
    return [tuple(fault) for fault in (last.faults if last else [])]


def _stop(faults: list[Fault], *, actor: Actor) -> None:
    """
    Stop every account that a fault names and that still pays out. One that cannot be stopped now
    keeps no other from it; the next round tries again.
    """
    proof_of = {}
    for (proof, *_), named in zip(faults, _accounts_named(faults), strict=True):
        for account in named:
            proof_of.setdefault(account, proof)
    # One whose balance row is gone does not pay: nothing can be posted to it.
    paying = LedgerAccount.objects.filter(
        pk__in=proof_of, closed_date=None, balances__shard=0, balances__takes_debits=True
    )
    for account in paying.order_by("pk"):  # As postings lock them.
        reason = STOPPED.format(proof=proof_of[account.pk][:3])
        try:
            with transaction.atomic():
                ledger_accounts.freeze(account, reason=reason, actor=actor)
        except (Refusal, DatabaseError):
            log.exception("account %s could not be stopped", account.pk)


def _accounts_named(faults: Iterable[Fault]) -> list[set[int]]:
    """The ids of the customers' accounts that each fault names, by id, number or entry."""
    subjects = [subject for _proof, subject, _words in faults]
    entries = [_ENTRY.match(subject) for subject in subjects]
    names = [_ACCOUNT.match(subject) for subject in subjects]
    customers = LedgerAccount.objects.filter(is_guarded=True)
    legs = {}
    of_entries = Posting.objects.filter(
        entry_id__in={int(entry[1]) for entry in entries if entry}, account__is_guarded=True
    )
    for entry, account in of_entries.values_list("entry_id", "account_id"):
        legs.setdefault(entry, set()).add(account)
    said = {name[1] for name in names if name}
    by_id = customers.filter(pk__in=[int(name) for name in said if name.isdigit()])
    ids = {str(pk): pk for pk in by_id.values_list("pk", flat=True)}
    ids |= dict(customers.filter(code__in=said).values_list("code", "pk"))  # A number goes first.
    return [
        legs.get(int(entry[1]), set()) if entry else {ids[name[1]]} if name and name[1] in ids
        else set()
        for entry, name in zip(entries, names, strict=True)
    ]  # fmt: skip
