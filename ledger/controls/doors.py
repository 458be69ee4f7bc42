"""Door keys: the same request again gives the first answer; another request under it is refused."""

import hashlib
import json

from django.db import transaction
from django.db.models import Model

from ledger.controls.audit import subject_of
from ledger.controls.models import DoorKey
from ledger.refusals import ReferenceReused
from wekeza.kit.db import inside_transaction


def answered(*, owner: str, route: str, key: str, facts: dict) -> int | None:
    """
    This will give the id of what a request already made, or None when it is new.

    :raises ReferenceReused: if the key stands for other facts.
    """
    known = _known(owner=owner, route=route, key=key, facts=facts)
    return int(known.subject.rpartition(":")[2]) if known else None


@inside_transaction
def keep(*, owner: str, route: str, key: str, facts: dict, subject: Model) -> None:
    """
    This will remember what a request made, in the transaction that made it. Of two at once one
    waits for the other and then fails with IntegrityError; its door asks `answered` again.
    """
    DoorKey.objects.create(
        owner=owner, route=route, key=key, digest=digest_of(facts), subject=subject_of(subject)
    )


def answer_of(*, owner: str, route: str, key: str, facts: dict) -> tuple[int, str] | None:
    """
    This will give the status and body that a program's request was answered with, or None.

    :raises ReferenceReused: if the key stands for other facts.
    """
    known = _known(owner=owner, route=route, key=key, facts=facts)
    return (known.status, known.answer) if known else None


@transaction.atomic
def keep_answer(*, owner: str, route: str, key: str, facts: dict, status: int, answer: str) -> None:
    """This will remember what a program was answered, sealed."""
    DoorKey.objects.create(
        owner=owner, route=route, key=key, digest=digest_of(facts), status=status, answer=answer
    )


def digest_of(facts: dict) -> str:
    """This will give one fingerprint for the same facts in any order, as SHA-256 in hex."""
    canonical = json.dumps(facts, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _known(*, owner: str, route: str, key: str, facts: dict) -> DoorKey | None:
    known = DoorKey.objects.filter(owner=owner, route=route, key=key).first()
    if known is not None and known.digest != digest_of(facts):
        raise ReferenceReused(reference=key)
    return known
