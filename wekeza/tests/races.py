"""
Deeds that many try at once where only some may succeed. Each function below prepares one: it opens
accounts of its own and says how many of the tries the balance, hold or limit allows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

from accounts.deposits import queries as deposit_queries
from accounts.factories import (
    DIRECTOR,
    PIN,
    BusinessFactory,
    CustomerFactory,
    DepositAccountFactory,
    SavingsAccountFactory,
    StaffMemberFactory,
    actor_of,
    staff_actor,
)
from accounts.partners.factories import AppFactory, ConsentFactory
from accounts.partners.queries import Grant
from accounts.savings import operations as savings
from branch.books.tests import steps as books
from ledger.calendar import queries as calendar
from ledger.chart import operations as ledger_accounts
from ledger.chart import queries as chart
from ledger.chart.models import LedgerAccount
from ledger.factories import (
    NOON,
    LedgerAccountFactory,
    pay,
    place,
    post,
    put_in,
    send,
    take_out,
    undo,
)
from ledger.holds import operations as holds
from ledger.journal.lines import BatchLine, Count, Taking, credit, debit
from ledger.journal.models import Entry
from ledger.money import kes
from ledger.refusals import HoldEnded, HoldTooSmall, InsufficientFunds, MaximumBalance
from ledger.vouchers import operations as vouchers
from ledger.vouchers.refusals import LineShort, NothingToReverse
from payments.approvals import operations as approvals
from payments.factories import AuthorisedFactory, DraftFactory, WaitingFactory
from payments.initiation import operations as initiation
from payments.initiation.queries import SCOPE
from payments.rails.demo import client as demo_rail
from payments.topups import operations as topups
from payments.transfers import operations as transfers
from payments.transfers import queries as transfer_queries
from payments.transfers.refusals import NotEnoughMoney, OverMonthlyLimit, PayeeCannotTake
from wekeza.kit.actor import SYSTEM
from wekeza.kit.errors import Refusal


@dataclass(frozen=True, slots=True)
class Race:
    """
    A start and its end: `deed(n)` is one try, which counts for one success, or for as many as the
    number that it gives; `allowed` succeed in all, the others get one of `refusals`, and afterwards
    the accounts of `left` have just so much available.
    """

    deed: Callable[[int], object]
    allowed: int
    left: dict[LedgerAccount, str]
    refusals: set[type[Refusal]] = field(default_factory=set)


def the_overdraft(tries: int) -> Race:
    account = LedgerAccountFactory(balance="500")
    ledger_accounts.set_terms(account, maximum=None, overdraft=Decimal(600), actor=SYSTEM)

    return Race(lambda n: take_out(account, "100"), 11, {account: "0"}, {InsufficientFunds})


def fees_below_the_minimum(tries: int) -> Race:
    account = SavingsAccountFactory(balance="1500").ledger_account

    def charge(n):
        fee = kes("125")
        lines = debit(account, fee), credit(chart.line("4110"), fee)
        return post(*lines, kind="FEE", is_below_minimum=True)

    return Race(charge, 12, {account: "0"}, {InsufficientFunds})


def what_a_hold_leaves(tries: int) -> Race:
    payer, payee = LedgerAccountFactory(balance="1000"), LedgerAccountFactory()
    place(payer, "400")

    return Race(
        lambda n: send(payer, payee, "100"), 6, {payer: "0", payee: "600"}, {InsufficientFunds}
    )


def holds_above_the_minimum(tries: int) -> Race:
    account = SavingsAccountFactory(balance="1500").ledger_account

    return Race(lambda n: place(account, "100"), 5, {account: "0"}, {InsufficientFunds})


def parts_of_a_hold(tries: int) -> Race:
    payer, payee = LedgerAccountFactory(balance="1000"), LedgerAccountFactory()
    takes = Taking(place(payer, "500").pk, keeps_rest=True)

    return Race(
        lambda n: send(payer, payee, "100", takes=takes),
        5,
        {payer: "500", payee: "500"},
        {HoldEnded, HoldTooSmall},
    )


def one_hold_given_back(tries: int) -> Race:
    account = LedgerAccountFactory(balance="1000")
    hold = place(account, "300")

    def release(n):
        return holds.release(hold, reason="race", actor=SYSTEM, at=NOON)

    return Race(release, 1, {account: "1000"}, {HoldEnded})


def holds_whose_day_is_over(tries: int) -> Race:
    account, day = LedgerAccountFactory(balance="1000"), calendar.business_date()
    ids = [place(account, "100", expires_on=day).pk for _ in range(4)]
    span = {"first": min(ids), "last": max(ids)}

    return Race(
        lambda n: holds.expire(day=day, **span, actor=SYSTEM, at=NOON), 4, {account: "1000"}
    )


def batches_all_or_none(tries: int) -> Race:
    payer, payee = LedgerAccountFactory(balance="1000"), LedgerAccountFactory()
    lines = [BatchLine(payer.pk, payee.pk, kes("150"))] * 2

    return Race(lambda n: pay(*lines), 3, {payer: "100", payee: "900"}, {InsufficientFunds})


def batches_in_part(tries: int) -> Race:
    payer, payee = LedgerAccountFactory(balance="1000"), LedgerAccountFactory()
    lines = [BatchLine(payer.pk, payee.pk, kes("150"))] * 2

    def paid(n):
        return sum(entry is not None for entry in pay(*lines, is_partial=True).entry_ids)

    return Race(paid, 6, {payer: "100", payee: "900"})


def mirrors_of_what_was_spent(tries: int) -> Race:
    payer, payee = LedgerAccountFactory(balance="1600"), LedgerAccountFactory()
    entries = [send(payer, payee, "100").entry_id for _ in range(tries)]
    take_out(payee, Decimal(100 * tries - 500))

    return Race(
        lambda n: undo(entries[n]), 5, {payer: f"{2100 - 100 * tries}", payee: "0"},
        {InsufficientFunds},
    )  # fmt: skip


def vouchers_on_one_account(tries: int) -> Race:
    account, (maker, checker) = LedgerAccountFactory(balance="500"), _officers()
    lines = [debit(account, kes("100")), credit(chart.line("2480"), kes("100"))]
    asked = [books.asked(maker, lines, customer_reason="A test") for _ in range(tries)]

    return Race(lambda n: books.agree(asked[n], checker), 5, {account: "0"}, {LineShort})


def vouchers_that_reverse_one_entry(tries: int) -> Race:
    account, (maker, checker) = LedgerAccountFactory(balance="9000"), _officers()
    entry = Entry.objects.get(pk=put_in(account, "1000").entry_id)

    def ask():
        draft = vouchers.draft_reversal(
            entry, narrative="Wrong account", actor=maker, at=books.now()
        )
        return vouchers.ask(draft, reason=books.WHY, actor=maker, at=books.now())

    asked = [ask() for _ in range(tries)]
    return Race(lambda n: books.agree(asked[n], checker), 1, {account: "9000"}, {NothingToReverse})


def payments_by_pin(tries: int) -> Race:
    payer, payee, at = DepositAccountFactory(balance="500"), DepositAccountFactory(), _now()
    drafts = [DraftFactory(source=payer, target=payee, amount="100") for _ in range(tries)]

    def authorise(n):
        return transfers.authorise_and_send(
            drafts[n], secret=PIN, at=at, actor=actor_of(payer.customer)
        )

    return Race(authorise, 5, _left({payer: "0", payee: "500"}), {NotEnoughMoney})


def payments_to_a_full_account(tries: int) -> Race:
    payer, payee = DepositAccountFactory(balance="5000"), DepositAccountFactory(balance="99500")
    drafts = [AuthorisedFactory(source=payer, target=payee, amount="100") for _ in range(tries)]

    return Race(
        lambda n: _send(drafts[n]), 5, _left({payer: "4500", payee: "100000"}), {PayeeCannotTake}
    )


def payments_of_one_month(tries: int) -> Race:
    """200,000 a month, of which 175,000 are gone."""
    payer = DepositAccountFactory(balance="90000")
    payee = DepositAccountFactory(customer__tier_id="TIER_3")
    month = calendar.month_start(calendar.nairobi_date(_now()))
    used = Count(payer.owner_ref, "MONTHLY_OUT", month, Decimal(175_000), None)
    send(payer.ledger_account, payee.ledger_account, "1", counts=[used])
    drafts = [AuthorisedFactory(source=payer, target=payee, amount="5000") for _ in range(tries)]

    return Race(
        lambda n: _send(drafts[n]), 5, _left({payer: "64999", payee: "25001"}), {OverMonthlyLimit}
    )


def moves_out_of_savings(tries: int) -> Race:
    saver = SavingsAccountFactory(balance="1500")
    own = saver.customer.deposit_accounts.exclude(pk=saver.pk).get()
    order = {
        "source": saver,
        "payee": deposit_queries.find_payee(own.number),
        "money": kes("100"),
        "reason": "",
        "at": _now(),
        "actor": actor_of(saver.customer),
    }

    return Race(
        lambda n: transfers.draft_or_move(reference=uuid4(), **order),
        5,
        _left({saver: "0", own: "500"}),
        {NotEnoughMoney},
    )


def savings_opened(tries: int) -> Race:
    source = DepositAccountFactory(balance="5500", customer__tier_id="TIER_3")
    order = {"source": source, "money": kes("1000"), "actor": actor_of(source.customer)}

    return Race(
        lambda n: savings.open_savings(reference=uuid4(), at=NOON, **order),
        5,
        _left({source: "500"}),
        {InsufficientFunds},
    )


def last_signatures(tries: int) -> Race:
    """Each payment has the first signature of two; another member gives all the second ones."""
    one, other = CustomerFactory(), CustomerFactory()
    shop = BusinessFactory(
        others=[(one, DIRECTOR), (other, DIRECTOR)], bands=((None, 2, False),), balance="500"
    )
    payee = DepositAccountFactory()
    waiting = [WaitingFactory(business=shop, target=payee, amount="100") for _ in range(tries)]
    for payment in waiting:
        _sign(payment, one)

    def sign(n):
        return int(_sign(waiting[n], other).transfer.is_sent)

    left = _left({waiting[0].source: "0", payee: "500"})
    return Race(sign, 5, left, {NotEnoughMoney})


def top_ups_of_a_full_account(tries: int) -> Race:
    account = DepositAccountFactory(balance="95500")
    order = {"account": account, "money": kes("1000"), "at": NOON, "actor": SYSTEM}
    started = [topups.start(reference=uuid4(), **order) for _ in range(tries)]
    answers = [demo_rail.ask(reference=str(row.public_id), money=row.money) for row in started]

    def settle(n):
        return topups.settle(started[n], answer=answers[n], at=NOON, actor=SYSTEM)

    return Race(settle, 4, _left({account: "99500"}), {MaximumBalance})


def payments_that_an_app_asked_for(tries: int) -> Race:
    payer, payee, app, at = (
        DepositAccountFactory(balance="500"), DepositAccountFactory(), AppFactory(), _now(),
    )  # fmt: skip
    ConsentFactory(app=app, customer=payer.customer, at=at)
    grant, customer = Grant(app, frozenset({SCOPE}), None), actor_of(payer.customer)
    order = {"source": payer.number, "recipient": payee.number, "money": kes("100"), "reason": ""}
    by_app = {"at": at, "actor": SYSTEM}
    asked = [initiation.ask(grant, reference=uuid4(), **order, **by_app) for _ in range(tries)]

    def authorise(n):
        draft = initiation.open_draft(asked[n], at=at, actor=customer)
        return transfers.authorise_and_send(draft, secret=PIN, at=at, actor=customer)

    return Race(authorise, 5, _left({payer: "0", payee: "500"}), {NotEnoughMoney})


RACES = [
    the_overdraft,
    fees_below_the_minimum,
    what_a_hold_leaves,
    holds_above_the_minimum,
    parts_of_a_hold,
    one_hold_given_back,
    holds_whose_day_is_over,
    batches_all_or_none,
    batches_in_part,
    mirrors_of_what_was_spent,
    vouchers_on_one_account,
    vouchers_that_reverse_one_entry,
    payments_by_pin,
    payments_to_a_full_account,
    payments_of_one_month,
    moves_out_of_savings,
    savings_opened,
    last_signatures,
    top_ups_of_a_full_account,
    payments_that_an_app_asked_for,
]


def _now() -> datetime:
    return datetime.now(UTC)


def _officers():
    roles = ("OPERATIONS", "FINANCE")
    return [staff_actor(StaffMemberFactory(role_id=role)) for role in roles]


def _left(figures: dict) -> dict[LedgerAccount, str]:
    return {account.ledger_account: figure for account, figure in figures.items()}


def _send(draft):
    return transfers.send(draft, at=draft.requested_at, actor=actor_of(draft.customer))


def _sign(payment, person):
    return approvals.approve(
        transfer_queries.of_business(payment.business, public_id=payment.public_id),
        seen=transfer_queries.intent_digest(payment),
        secret=PIN,
        at=payment.requested_at,
        actor=actor_of(person),
    )
