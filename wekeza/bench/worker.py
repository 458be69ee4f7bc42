"""One process of the bank under measurement: posts entries, or sends transfers, through Django."""

import random
import sys
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import django

HOT_LINE, HOT_SHARE = "1020", 0.8
READY_A_SECOND = 800  # Drafts that lie ready for a slice: more than one process can send.

django.setup()

from django.db import DatabaseError  # noqa: E402

from accounts.deposits.models import DepositAccount  # noqa: E402
from accounts.factories import actor_of  # noqa: E402
from ledger.chart import queries as chart  # noqa: E402
from ledger.journal import operations as journal  # noqa: E402
from ledger.journal.lines import credit, debit  # noqa: E402
from ledger.money import kes  # noqa: E402
from payments.transfers import operations as transfers  # noqa: E402
from payments.transfers.models import Transfer  # noqa: E402
from wekeza.bench import loop  # noqa: E402
from wekeza.kit.actor import SYSTEM  # noqa: E402
from wekeza.kit.errors import Refusal  # noqa: E402


class Worker:
    """Does each workload's deed once a call."""

    def __init__(self):
        deposits = DepositAccount.objects.select_related("customer", "ledger_account")
        self.deposits = list(deposits.order_by("pk"))
        self.accounts = [deposit.ledger_account for deposit in self.deposits]
        self.hot_line = chart.line(HOT_LINE)
        self.money, self.nothing = kes("1.00"), kes("0")
        self.drafts = []

    def post(self) -> None:
        """Two lines, two of the customers' accounts by chance, nothing around it."""
        self._post(*random.sample(self.accounts, 2))

    def hot(self) -> None:
        """The same, but four of five entries touch one line of the bank's own."""
        payer, payee = random.sample(self.accounts, 2)
        if random.random() < HOT_SHARE:  # noqa: S311 - chance, not a secret.
            payer = self.hot_line
            if random.random() < 0.5:  # noqa: S311
                payer, payee = payee, payer
        self._post(payer, payee)

    def deed(self) -> None:
        """The whole deed of a transfer inside the bank, which its payer has authorised."""
        if not self.drafts:
            raise StopIteration
        draft = self.drafts.pop()
        transfers.send(draft, at=datetime.now(UTC), actor=actor_of(draft.customer))

    def prepare(self, workload: str, seconds: float) -> None:
        """Lay out the drafts of one slice; making and authorising them is another deed."""
        if workload != "deed":
            return
        made = [self._draft() for _ in range(int(READY_A_SECOND * seconds) - len(self.drafts))]
        self.drafts += Transfer.objects.bulk_create(made, batch_size=500)

    def _post(self, payer, payee) -> None:
        journal.post(
            owner="bench",
            reference=str(uuid4()),
            kind="INTERNAL_TRANSFER",
            lines=[debit(payer, self.money), credit(payee, self.money)],
            actor=SYSTEM,
            at=datetime.now(UTC),
        )

    def _draft(self) -> Transfer:
        source, target = random.sample(self.deposits, 2)
        now = datetime.now(UTC)
        return Transfer(
            customer=source.customer,
            reference=uuid4(),
            source=source,
            target=target,
            payee_name=target.customer.full_name,
            payee_reached_by="ACCOUNT",
            amount=self.money.amount,
            fee=self.nothing.amount,
            authorised_by=Transfer.AuthorisedBy.PIN,
            requested_at=now,
            held_until=now + timedelta(hours=1),
        )


def main() -> None:
    worker = Worker()
    loop.obey(
        {"post": worker.post, "hot": worker.hot, "deed": worker.deed},
        prepare=worker.prepare,
        gave_up=(Refusal, DatabaseError),
    )


if __name__ == "__main__":
    sys.exit(main())
