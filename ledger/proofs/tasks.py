"""The coherence monitor and the seals, by the clock."""

from celery import shared_task
from django.utils import timezone

from ledger.proofs import monitor, seals
from wekeza.kit.actor import SYSTEM


@shared_task(name="proofs.watch")
def watch(**_):
    """Ask the proofs of what is new; twice in a minute asks twice."""
    monitor.watch(at=timezone.now(), actor=SYSTEM)


@shared_task(name="proofs.seal")
def seal(**_):
    """Seal what is new; a second run finds nothing."""
    seals.seal()
