"""One process of the bank under measurement: posts entries, or sends transfers, through Django."""

import random
import sys
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import django

HOT_LINE, HOT_SHARE = "1020", 0.8
# What lies ready for a slice, more than one process can do: its making is not what is measured.
READY_A_SECOND = {"deed": 800, "post": 3000, "hot": 3000}
BATCH_LINES = 10_000
HOLDINGS = 200  # Whose last ten are looked at.

django.setup()

from django.db import DatabaseError  # noqa: E402

from accounts.deposits import queries as deposit_queries  # noqa: E402
from accounts.deposits.models import DepositAccount  # noqa: E402
from accounts.factories import actor_of  # noqa: E402
from accounts.statements import queries as statements  # noqa: E402
from ledger.chart import queries as chart  # noqa: E402
from ledger.journal import operations as journal  # noqa: E402
from ledger.journal.lines import BatchLine, credit, debit  # noqa: E402
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
        self.asked, self.drafts, self.batch, self.holdings = [], [], [], []

    def post(self) -> None:
        """One entry with two lines, and nothing around it."""
        if not self.asked:
            raise StopIteration
        reference, payer, payee = self.asked.pop()
        journal.post(
            owner="bench",
            reference=reference,
            kind="INTERNAL_TRANSFER",
            lines=[debit(payer, self.money), credit(payee, self.money)],
            actor=SYSTEM,
            at=datetime.now(UTC),
        )

    def deed(self) -> None:
        """The whole deed of a transfer inside the bank, which its payer has authorised."""
        if not self.drafts:
            raise StopIteration
        draft = self.drafts.pop()
        transfers.send(draft, at=datetime.now(UTC), actor=actor_of(draft.customer))

    def post_batch(self) -> None:
        """Ten thousand lines between accounts by chance, in one call."""
        journal.post_batch(
            owner="bench",
            reference=str(uuid4()),
            kind="INTERNAL_TRANSFER",
            lines=self.batch,
            actor=SYSTEM,
            at=datetime.now(UTC),
        )

    def last_ten(self) -> None:
        """The last ten transactions of an account by chance, as its holder's page asks for them."""
        statements.latest(random.choice(self.holdings), most=10)  # noqa: S311 - not a secret.

    def prepare(self, workload: str, seconds: float) -> None:
        """Lay out what one slice will ask for: drafts for a deed, or references and accounts."""
        if workload == "batch":
            self.batch = [
                BatchLine(payer.pk, payee.pk, self.money)
                for payer, payee in (self._pair() for _ in range(BATCH_LINES))
            ]
        if workload == "last_ten" and not self.holdings:
            some = random.sample(self.deposits, min(HOLDINGS, len(self.deposits)))
            self.holdings = [deposit_queries.standing_of(deposit) for deposit in some]
        if workload not in READY_A_SECOND:
            return
        most = int(READY_A_SECOND[workload] * seconds)
        if workload == "deed":
            made = [self._draft() for _ in range(most - len(self.drafts))]
            self.drafts += Transfer.objects.bulk_create(made, batch_size=500)
        else:
            pair = self._pair if workload == "post" else self._hot_pair
            self.asked = [(str(uuid4()), *pair()) for _ in range(most)]

    def _pair(self) -> list:
        """Two of the customers' accounts by chance."""
        return random.sample(self.accounts, 2)

    def _hot_pair(self) -> list:
        """The same, but in four of five entries one is a line of the bank's own."""
        pair = self._pair()
        if random.random() < HOT_SHARE:  # noqa: S311 - chance, not a secret.
            pair[random.randrange(2)] = self.hot_line  # noqa: S311
        return pair

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
        {
            "post": worker.post,
            "hot": worker.post,
            "deed": worker.deed,
            "batch": worker.post_batch,
            "last_ten": worker.last_ten,
        },
        prepare=worker.prepare,
        gave_up=(Refusal, DatabaseError),
    )


if __name__ == "__main__":
    sys.exit(main())
