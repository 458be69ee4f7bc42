"""
The coherence monitor: the proofs asked every minute, of what is new since they were asked before.

A fault stops the postings of the customers' accounts that it names, and is kept for the workbench.
"""

import logging
import re
import time
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from ledger.chart import operations as ledger_accounts
from ledger.chart.models import LedgerAccount
from ledger.controls import audit, outbox
from ledger.journal.models import Posting
from ledger.proofs import queries as proofs
from ledger.proofs.models import ProofRun
from ledger.proofs.queries import last_entry_id
from wekeza.kit.actor import Actor

STOPPED = "Proof {proof} broken"  # The reason on accounts that a fault stopped.
# No transaction lives so long: what was in flight at a round so far back has ended since.
IN_FLIGHT = timedelta(minutes=1)
_ACCOUNT = re.compile(r"(?:account|posting) (\w+)", re.ASCII)
_ENTRY = re.compile(r"entry (\d+)", re.ASCII)

log = logging.getLogger(__name__)


class Asked(NamedTuple):
    """One round of the proofs: how many were asked, and (proof, subject, fault) of each break."""

    asked: int
    faults: list[tuple[str, str, str]]
    run: ProofRun

    @property
    def holds(self) -> bool:
        return not self.faults


def watch(*, at: datetime, actor: Actor) -> Asked:
    """
    This will ask every proof of what was written since the last round but one minute, keep what it
    found, and stop the accounts that a fault names; what was found before is not told again.
    """
    before = ProofRun.objects.order_by("-at").first()
    asked = prove_all(at=at, since=None)
    known = {tuple(fault) for fault in before.faults} if before else set()
    for fault in asked.faults:
        if fault not in known:
            _alarm(fault, run=asked.run, actor=actor)
    return asked


def prove_all(*, at: datetime, since: int | None) -> Asked:
    """
    This will ask every proof, of all that was written after entry `since` (0: of everything; None:
    of what is new since it was asked), and keep the round.
    """
    newest, started = last_entry_id(), time.perf_counter()
    if since is None:
        since = _proven_to(at)
    found = proofs.prove(since=since, more=settings.PROOFS)
    faults = [(one.name, *fault) for one in found for fault in one.faults]
    run = ProofRun.objects.create(
        since_entry=since,
        last_entry=newest,
        holds=not faults,
        faults=faults,
        seconds=Decimal(f"{time.perf_counter() - started:.3f}"),
        at=at,
    )
    return Asked(len(found), faults, run)


def _proven_to(at: datetime) -> int:
    """The entry up to which nothing can be new: of the last round that held, a minute ago."""
    held = ProofRun.objects.filter(holds=True, at__lte=at - IN_FLIGHT).order_by("-at")
    return held.values_list("last_entry", flat=True).first() or 0


def _alarm(fault: tuple[str, str, str], *, run: ProofRun, actor: Actor) -> None:
    proof, subject, words = fault
    log.error("books do not hold: %s: %s: %s", proof, subject, words)
    with transaction.atomic():
        for account in accounts_named(subject, still_paying=True):
            ledger_accounts.freeze(account, reason=STOPPED.format(proof=proof[:3]), actor=actor)
        audit.record(actor=actor, deed="books.broken", subject=run, proof=proof, about=subject)
        outbox.publish("books.broken", {"run": run.pk})


def still_broken(account: LedgerAccount) -> list[str]:
    """This will name the faults of the last round of the proofs that are about an account."""
    last = ProofRun.objects.order_by("-at").first()
    return [
        f"{proof[:3]}, {subject}: {words}"
        for proof, subject, words in (last.faults if last else [])
        if account in accounts_named(subject)
    ]


def accounts_named(subject: str, *, still_paying: bool = False) -> list[LedgerAccount]:
    """
    This will give the customers' accounts that a fault names, by id, number or entry; or those of
    them that still pay out. One whose balance row is gone does not: nothing can be posted to it.
    """
    customers = LedgerAccount.objects.filter(is_guarded=True)
    if still_paying:
        customers = customers.filter(
            closed_date=None, balances__shard=0, balances__takes_debits=True
        )
    if (found := _ENTRY.match(subject)) is not None:
        legs = Posting.objects.filter(entry_id=int(found[1])).values("account_id")
        return list(customers.filter(pk__in=legs))
    if (found := _ACCOUNT.match(subject)) is None:
        return []
    by_code = list(customers.filter(code=found[1]))
    return by_code or list(customers.filter(pk=int(found[1])) if found[1].isdigit() else [])
