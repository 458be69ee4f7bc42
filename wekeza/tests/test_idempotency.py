"""
Five hundred keys, each of them asked twice at once, once more, for something else, and again a day
later (goal G9): one effect, one answer. Keys of money are kept for good, so a day changes nothing.

A process that dies between the deed and its answer: `wekeza/tests/api/test_money.py`.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
import time_machine
from django.utils import timezone

from accounts.deposits import queries as deposit_queries
from accounts.factories import CustomerFactory, DepositAccountFactory, actor_of
from accounts.partners.factories import AppFactory, ConsentFactory, PartnerFactory, admitted
from accounts.partners.models import PartnerApp
from accounts.partners.queries import Grant
from accounts.savings import operations as savings
from ledger.chart.models import LedgerAccount
from ledger.factories import NOON, LedgerAccountFactory, pay, place, put_in, send, undo
from ledger.journal.lines import BatchLine
from ledger.money import kes
from ledger.refusals import ReferenceReused
from ledger.tests.racing import PATIENCE_SECONDS, at_once, refused
from payments.initiation import operations as initiation
from payments.initiation.models import PartnerPayment
from payments.initiation.queries import SCOPE
from payments.initiation.tests.steps import program
from payments.topups import operations as topups
from payments.topups.models import TopUp
from payments.transfers import operations as transfers
from payments.transfers.models import Transfer
from wekeza.kit.actor import SYSTEM
from wekeza.tests.api.steps import Program
from wekeza.tests.api.steps import refused as envelope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("demo_bank")]
A_DAY = timedelta(hours=24, seconds=1)
PROGRAMS_KEYS, DEEDS_KEYS = 30, 46  # Of each of three addresses, and of each of nine deeds.


def in_pairs(keys: list, ask: Callable) -> list[tuple]:
    """Two threads go through all keys and ask with each at the same moment; gives both results."""
    together = threading.Barrier(2)

    def walk(_):
        results = []
        for key in keys:
            together.wait(PATIENCE_SECONDS)
            results.append(ask(key))
        return results

    return list(zip(*at_once(2, walk), strict=True))


@dataclass(frozen=True, slots=True)
class Address:
    """An address of the API: how a program signs in, what it sends, and what each key made."""

    path: str
    enter: Callable[[], Program]
    body: dict
    made: Callable[[], int]

    def post(self, key: UUID, amount: str = "10.00", *, headers: dict):
        asker = Program()
        asker.headers = headers
        body = self.body | {"money": {"amount": amount, "currency": "KES"}}
        return asker.post(self.path, body, Idempotency_Key=str(key))


def top_ups_by_program() -> Address:
    account = DepositAccountFactory(customer__tier_id="TIER_3")

    def made():
        assert account.ledger_account.money == kes(10 * PROGRAMS_KEYS)
        return TopUp.objects.filter(account=account, state="PAID").count()

    return Address("/accounts/deposit", lambda: Program(user=account.customer.user), {}, made)


def transfers_by_program() -> Address:
    source = DepositAccountFactory(balance="9000")
    own = DepositAccountFactory(customer=source.customer, is_another=True)
    body = {"source": source.number, "recipient": own.number}

    def made():
        assert own.ledger_account.money == kes(10 * PROGRAMS_KEYS)
        return Transfer.objects.filter(source=source).count()

    return Address(
        "/api/v1/payments/transfers/", lambda: Program(user=source.customer.user), body, made
    )


def payments_asked_by_an_app() -> Address:
    """A live app: it may ask more often in a minute than one of the sandbox."""
    source, payee = DepositAccountFactory(), DepositAccountFactory()
    app = AppFactory(partner=admitted(PartnerFactory()), mode=PartnerApp.Mode.LIVE)
    ConsentFactory(app=app, customer=source.customer)
    body = {"source": source.number, "recipient": payee.number}

    return Address(
        "/api/v1/partner/payments/",
        lambda: program(app, user=source.customer.user),
        body,
        lambda: PartnerPayment.objects.filter(app=app).count(),
    )


@pytest.mark.proves("LG09")
@pytest.mark.parametrize(
    "prepare",
    [top_ups_by_program, transfers_by_program, payments_asked_by_an_app],
    ids=lambda prepare: prepare.__name__,
)
def test_a_program_gets_one_answer_byte_for_byte(prepare, settings):
    settings.API_PER_MINUTE = dict.fromkeys(settings.API_PER_MINUTE, 10_000)
    address, keys = prepare(), [uuid4() for _ in range(PROGRAMS_KEYS)]
    headers = address.enter().headers

    pairs = in_pairs(keys, lambda key: address.post(key, headers=headers))
    again = [address.post(key, headers=headers) for key in keys]
    others = [address.post(key, "11.00", headers=headers) for key in keys]
    with time_machine.travel(timezone.now() + A_DAY):
        headers = address.enter().headers
        later = [address.post(key, headers=headers) for key in keys]

    for (one, two), *more, other in zip(pairs, again, later, others, strict=True):
        first, second = sorted((one, two), key=lambda answer: answer.status_code)
        assert first.status_code in {201, 202}
        if second.status_code == 409:  # It came while the first was being answered.
            envelope(second, 409, "REQUEST_IN_FLIGHT")
            second = first
        for replay in (second, *more):
            assert (replay.status_code, replay.content) == (first.status_code, first.content)
        envelope(other, 422, "REFERENCE_REUSED")
    assert address.made() == PROGRAMS_KEYS


@dataclass(frozen=True, slots=True)
class Deed:
    """
    A deed with a reference: `do(key, amount, at)` gives what tells its result, and `account` has
    `change` more available for each key; `amounts` are the right one and another one.
    """

    do: Callable
    account: LedgerAccount
    change: str
    amounts: tuple[str, str] = ("10", "11")


def top_up() -> Deed:
    account = DepositAccountFactory(customer__tier_id="TIER_3")

    def do(key, amount, at):
        order = {"account": account, "money": kes(amount), "actor": actor_of(account.customer)}
        row = topups.top_up(reference=key, at=at, **order)
        return row.pk, row.state, row.receipt_no

    return Deed(do, account.ledger_account, "10")


def _transfers(source, payee):
    def do(key, amount, at):
        row = transfers.draft_or_move(
            reference=key, source=source, payee=deposit_queries.find_payee(payee.number),
            money=kes(amount), reason="", at=at, actor=actor_of(source.customer),
        )  # fmt: skip
        return row.pk, row.state, row.receipt_no

    return do


def transfer_between_own_accounts() -> Deed:
    source = DepositAccountFactory(balance="9000")
    own = DepositAccountFactory(customer=source.customer, is_another=True)

    return Deed(_transfers(source, own), own.ledger_account, "10")


def draft_of_a_transfer() -> Deed:
    source = DepositAccountFactory(balance="9000")

    return Deed(_transfers(source, DepositAccountFactory()), source.ledger_account, "0")


def payment_that_an_app_asks_for() -> Deed:
    source, payee, app = DepositAccountFactory(), DepositAccountFactory(), AppFactory()
    ConsentFactory(app=app, customer=source.customer, at=NOON)
    grant = Grant(app, frozenset({SCOPE}), None)

    def do(key, amount, at):
        order = {"source": source.number, "recipient": payee.number, "money": kes(amount)}
        return initiation.ask(grant, reference=key, reason="", at=at, actor=SYSTEM, **order).pk

    return Deed(do, source.ledger_account, "0")


def savings_account_opened() -> Deed:
    source = DepositAccountFactory(
        customer=CustomerFactory(tier_id="TIER_3"), balance=1000 * DEEDS_KEYS + 5000
    )

    def do(key, amount, at):
        order = {"source": source, "money": kes(amount), "actor": actor_of(source.customer)}
        return savings.open_savings(reference=key, at=at, **order).pk

    return Deed(do, source.ledger_account, "-1000", ("1000", "1001"))


def hold_placed() -> Deed:
    account = LedgerAccountFactory(balance="9000")

    def do(key, amount, at):
        return place(account, amount, reference=f"once:{key}", at=at).pk

    return Deed(do, account, "-10")


def entry_posted() -> Deed:
    payer, payee = LedgerAccountFactory(balance="9000"), LedgerAccountFactory()

    def do(key, amount, at):
        return send(payer, payee, amount, reference=f"once:{key}", at=at)[:2]

    return Deed(do, payee, "10")


def batch_posted() -> Deed:
    payer, payee = LedgerAccountFactory(balance="9000"), LedgerAccountFactory()

    def do(key, amount, at):
        lines = [BatchLine(payer.pk, payee.pk, kes(amount))] * 2
        posted = pay(*lines, reference=f"once:{key}", at=at)
        return posted.batch_id, posted.business_date, posted.entry_ids

    return Deed(do, payee, "20")


def entry_reversed() -> Deed:
    """Another fact of a reversal is another entry."""
    account = LedgerAccountFactory()
    entries = {
        amount: [put_in(account, amount).entry_id for _ in range(DEEDS_KEYS)]
        for amount in ("10", "11")
    }
    taken: dict[tuple, int] = {}

    def do(key, amount, at):
        entry = taken.setdefault((key, amount), len(taken) % DEEDS_KEYS)
        return undo(entries[amount][entry], reference=f"once:{key}", at=at)[:2]

    return Deed(do, account, "-10")


DEEDS = [
    top_up,
    transfer_between_own_accounts,
    draft_of_a_transfer,
    payment_that_an_app_asks_for,
    savings_account_opened,
    hold_placed,
    entry_posted,
    batch_posted,
    entry_reversed,
]


@pytest.mark.proves("LG09")
@pytest.mark.parametrize("prepare", DEEDS, ids=lambda prepare: prepare.__name__)
def test_a_deed_happens_once_for_its_reference(prepare):
    deed, keys = prepare(), [uuid4() for _ in range(DEEDS_KEYS)]
    right, wrong = deed.amounts
    before = deed.account.available

    pairs = in_pairs(keys, lambda key: deed.do(key, right, NOON))
    for key, (first, second) in zip(keys, pairs, strict=True):
        assert first == second == deed.do(key, right, NOON)
        with pytest.raises(ReferenceReused):
            deed.do(key, wrong, NOON)
        assert deed.do(key, right, NOON + A_DAY) == first

    assert not refused([one for pair in pairs for one in pair])
    assert len({str(first) for first, _ in pairs}) == DEEDS_KEYS
    assert deed.account.available - before == kes(Decimal(deed.change) * DEEDS_KEYS)
