"""
A process of the bank for `./bank drill crash`, as a web worker is one: it sends the transfers that
it is asked for, a JSON line each, and may be killed at any time.
"""

import json
import sys
from datetime import UTC, datetime
from uuid import UUID

import django

django.setup()

from django.db import Error, connection  # noqa: E402

from accounts.deposits.models import DepositAccount, ReachedBy  # noqa: E402
from accounts.deposits.queries import Payee  # noqa: E402
from accounts.factories import actor_of  # noqa: E402
from ledger.money import kes  # noqa: E402
from payments.transfers import operations as transfers  # noqa: E402
from payments.transfers.models import Transfer  # noqa: E402
from wekeza.kit.db import OutcomeUnknown  # noqa: E402
from wekeza.kit.errors import Refusal  # noqa: E402


def send(asked: dict) -> dict:
    """This will draft, mark as authorised by PIN and send one transfer, once for its key."""
    at = datetime.now(UTC)
    accounts = DepositAccount.objects.select_related("customer__user", "ledger_account")
    source, target = (accounts.get(number=asked[end]) for end in ("from", "to"))
    actor = actor_of(source.customer)
    held = transfers.draft(
        reference=UUID(asked["key"]),
        source=source,
        payee=Payee(account=target, name=target.holder_name, reached_by=ReachedBy.ACCOUNT),
        money=kes(asked["amount"]),
        reason="",
        at=at,
        actor=actor,
    )
    Transfer.objects.filter(pk=held.pk, state="DRAFT", authorised_by="").update(
        authorised_by=Transfer.AuthorisedBy.PIN, updated_at=at
    )
    sent = transfers.send(held, at=at, actor=actor)
    return {"t": "ok", "entry": sent.transfer.entry_id}


def main() -> None:
    print(json.dumps({"t": "ready"}), flush=True)
    for line in sys.stdin:
        try:
            answer = send(json.loads(line))
        except (Error, OutcomeUnknown) as error:
            connection.close()
            answer = {"t": "info", "why": type(error).__name__}
        except Refusal as refusal:
            answer = {"t": "fail", "code": refusal.code}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
