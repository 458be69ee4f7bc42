"""The chain of seals: adding to it, and its head, which the bank keeps outside as well."""

import json
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from ledger.proofs.models import Seal
from wekeza.kit import encryption
from wekeza.kit.errors import Refusal

MOST_ENTRIES = 20_000  # Of one seal: as ledger_write_seal has it.


class NothingSealed(Refusal):
    code = "nothing_sealed"
    status = 404
    text = _("Nothing is sealed yet. Look again in a minute.")


def seal() -> int:
    """
    This will put the entries that are committed and under no seal yet under seals, of 20,000
    entries at most each, and give how many seals it wrote.
    """
    written = 0
    while (newest := _write()) is not None:
        written += 1
        if Seal.objects.values_list("entries", flat=True).get(pk=newest) < MOST_ENTRIES:
            break
    return written


def head() -> Seal | None:
    """This will give the newest seal; None in a bank without entries."""
    return Seal.objects.order_by("-pk").first()


def signed_head(*, at: datetime) -> dict:
    """
    This will give the newest seal with the bank's signature (Ed25519), to be kept outside the bank:
    whoever has it can tell later that nothing before it was changed. `signed` is the very text that
    the signature is over.

    :raises NothingSealed: if there is no seal yet.
    """
    seal = head()
    if seal is None:
        raise NothingSealed
    covers = {
        "seal": seal.pk,
        "hash": seal.hash,
        "last_entry": max(seal.lasts, default=None),
        "business_date": seal.business_date and seal.business_date.isoformat(),
        "sealed_at": seal.sealed_at.isoformat(),
        "taken_at": at.isoformat(),
    }
    text = json.dumps(covers, sort_keys=True)
    return {"signed": text} | encryption.sign(text, purpose="seal")


def _write() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_seal_entries()")
        return cursor.fetchone()[0]
