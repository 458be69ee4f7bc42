"""
Adding money over a funding rail: the request is kept first, then the rail is asked, then what it
answered is booked. The rail is never asked inside a transaction. What the rail took and the account
cannot take goes back: first the request is closed for ever, then the rail is told.
"""

from datetime import datetime
from uuid import UUID

from accounts.deposits import queries as deposit_queries
from accounts.deposits.models import DepositAccount
from ledger.chart import queries as chart
from ledger.controls import audit, outbox
from ledger.controls.audit import subject_of
from ledger.journal import operations as journal
from ledger.journal.lines import Audit, Event, credit, debit
from ledger.money import Money
from ledger.refusals import AccountClosed, AccountFrozen, MaximumBalance, ReferenceReused
from payments.rails.answers import Answer, Result
from payments.rails.demo import client as demo_rail
from payments.topups.models import TopUp
from payments.topups.refusals import AccountCannotTake, NoWayOpen, OverMaximumBalance, WrongCurrency
from payments.topups.states import LIFECYCLE, TopUpState
from wekeza.kit.actor import SYSTEM, Actor
from wekeza.kit.db import deed
from wekeza.kit.failpoints import failpoint
from wekeza.kit.receipts import receipt_no

COLLECTION_LINE = "1150"  # M-Pesa paybill collection; kenya.md 11.2, MM_IN.


def top_up(
    *, reference: UUID, account: DepositAccount, money: Money, at: datetime, actor: Actor
) -> TopUp:
    """
    This will add money to an account over the open rail, once for each `reference`, the form's key.

    :raises NoWayOpen: if no rail is open.
    :raises OverMaximumBalance: if the account would hold too much; the rail is not asked then.
    :raises AccountCannotTake: if it is frozen or closed; the rail is not asked then.
    :raises WrongCurrency: if the account is in another one.
    :raises ReferenceReused: if the form was used for another amount or account.
    """
    topup = start(reference=reference, account=account, money=money, at=at, actor=actor)
    return finish(topup, at=at, actor=actor)


@deed
def start(
    *, reference: UUID, account: DepositAccount, money: Money, at: datetime, actor: Actor
) -> TopUp:
    """This will keep a request before the rail hears of it; refusals as of `top_up`."""
    key = {"customer": account.customer, "reference": reference}
    known = TopUp.objects.filter(**key).first()
    if known is None:
        if not demo_rail.is_open():
            raise NoWayOpen
        _check_room(account, money)
        facts = {
            "account": account,
            "amount": money.amount,
            "currency": money.currency,
            "rail": demo_rail.NAME,
            "requested_at": at,
        }
        topup, is_new = TopUp.objects.get_or_create(**key, defaults=facts)
        if is_new:
            topup.receipt_no = receipt_no("DP", topup.pk)
            topup.save(update_fields=["receipt_no", "updated_at"])
            audit.record(actor=actor, deed="topup.started", subject=topup, money=money)
            # Should this process die now, the sweeper asks the rail in its place.
            outbox.publish("topup.started", {"topup": topup.pk})
            return topup
        known = topup
    if (known.account_id, known.money) != (account.pk, money):
        raise ReferenceReused(reference=str(reference))
    return known


def finish(topup: TopUp, *, at: datetime, actor: Actor) -> TopUp:
    """
    This will ask the rail what became of a request and book its answer, once. Money that the
    account cannot take any more goes back.
    """
    topup.refresh_from_db()
    if topup.is_final:
        return topup
    failpoint("topup.started")
    answer = demo_rail.ask(reference=str(topup.public_id), money=topup.money)
    failpoint("topup.answered")
    try:
        return settle(topup, answer=answer, at=at, actor=actor)
    except (MaximumBalance, AccountFrozen, AccountClosed):
        # It became too full, or shut, while the rail was asked.
        return give_back(topup, answer=answer, at=at, actor=actor)


def finish_started(*, topup: int, at: datetime, **_) -> None:
    """
    This will finish a request whose process died; handler of the event "topup.started".

    :raises TryLater: while the rail does not know; the outbox asks again.
    """
    row = finish(TopUp.objects.get(pk=topup), at=at, actor=SYSTEM)
    if not row.is_final:
        raise outbox.TryLater(f"the rail does not know of {row}")


def send_back(*, topup: int, **_) -> None:
    """
    This will tell the rail to give back what could not be added; handler of the event
    "topup.returned". Told twice, the rail gives it back once, for it knows the reference.
    """
    row = TopUp.objects.get(pk=topup, state=TopUpState.RETURNED)
    demo_rail.send_back(reference=str(row.public_id), money=row.money)


@deed
def settle(topup: TopUp, *, answer: Answer, at: datetime, actor: Actor) -> TopUp:
    """
    This will book what a rail answered: MM_IN from the collection line on success, nothing
    otherwise. The request's row is locked before the ledger; a second answer changes nothing.

    :raises MaximumBalance: if the account would hold too much now.
    :raises AccountFrozen: or AccountClosed, if it takes no money now.
    """
    row = _locked(topup)
    if row.is_final:
        return row
    if answer.result is not Result.SUCCESS:
        if row.state != answer.result.value:
            LIFECYCLE.move(row, to=TopUpState(answer.result.value), updated_at=at)
            audit.record(actor=actor, deed=f"topup.{row.state.lower()}", subject=row)
        return row

    posted = journal.post(
        owner=row.customer.owner_ref,
        reference=f"topup:{row.public_id}",
        kind="MM_IN",
        lines=[
            debit(chart.line(COLLECTION_LINE), row.money),
            credit(row.account.ledger_account, row.money),
        ],
        actor=actor,
        at=at,
        memo=row.rail,
        source=subject_of(row),
        branch=row.account.branch,
        receipt_no=row.receipt_no,
        audit=[Audit("topup.paid", subject_of(row), {"money": str(row.money)})],
        outbox=[Event("topup.paid", {"topup": row.pk})],
    )
    LIFECYCLE.move(
        row,
        to=TopUpState.PAID,
        entry_id=posted.entry_id,
        rail_reference=answer.rail_reference,
        paid_at=at,
        updated_at=at,
    )
    return row


@deed
def give_back(topup: TopUp, *, answer: Answer, at: datetime, actor: Actor) -> TopUp:
    """
    This will close a request for ever whose money the account cannot take, and have the rail told
    to give it back, after commit. A request that was settled meanwhile stays as it is.
    """
    row = _locked(topup)
    if row.is_final:
        return row
    LIFECYCLE.move(row, to=TopUpState.RETURNED, rail_reference=answer.rail_reference, updated_at=at)
    audit.record(actor=actor, deed="topup.returned", subject=row, money=row.money)
    outbox.publish("topup.returned", {"topup": row.pk})
    return row


def _locked(topup: TopUp) -> TopUp:
    parts = ("customer", "account__ledger_account")
    return TopUp.objects.select_for_update(of=("self",)).select_related(*parts).get(pk=topup.pk)


def _check_room(account: DepositAccount, money: Money) -> None:
    holding = deposit_queries.standing_of(account)
    if money.currency != holding.balance.currency:
        raise WrongCurrency(account_in=holding.balance.currency)
    if not holding.takes_credits:
        raise AccountCannotTake(ending=holding.ending)
    if holding.room is not None and money > holding.room:
        raise OverMaximumBalance(left=holding.room, maximum=holding.maximum)
