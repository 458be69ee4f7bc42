"""
A story along the spine of the bank, as a program of its own: each deed has a reference, so that it
can be told again after the process died anywhere in it. A module of a story has `people`, `tell`
and `end`; this one's is about payments, `loan_story` about a loan.

    python -m wekeza.tests.spine MODULE POINT …   for each: dies there, and tells the story again
"""

import json
import os
import sys
import traceback
from datetime import UTC, datetime, timedelta
from importlib import import_module


def main(module: str, *points: str) -> None:
    """This will tell a story for each point, by children that die there, and print what became."""
    import django

    django.setup()
    from django.db import connections

    story, told = import_module(module), {}
    for number, point in enumerate(points):
        name, people = f"spine/{os.getpid()}/{number}", story.people()
        connections.close_all()
        codes = [_in_a_child(story, name, people, arm) for arm in (point, "")]
        told[point] = codes, *story.end(*people)
    sys.stdout.write(json.dumps(told))


def people() -> tuple[int, int]:
    """This will open the customers of a story."""
    from accounts.factories import CustomerFactory

    return CustomerFactory(tier_id="TIER_2").pk, CustomerFactory(tier_id="TIER_2").pk


def end(payer_id: int, payee_id: int) -> tuple[list[str], int]:
    """This will give what both have in the end, and how many savings accounts were opened."""
    return [str(_money(pk)) for pk in (payer_id, payee_id)], _saved(payer_id)


def _in_a_child(story, name: str, people, point: str) -> int:
    from wekeza.kit import failpoints

    child = os.fork()
    if child == 0:
        try:
            failpoints.arm(point)
            story.tell(name, *people)
        except BaseException:  # noqa: BLE001 - the parent hears of it by the code.
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def tell(name: str, payer_id: int, payee_id: int) -> None:
    """This will tell the story of two people; a second time nothing happens again."""
    from accounts.customers.models import Customer
    from accounts.factories import PIN
    from branch.demo import operations as demo
    from ledger.factories import pay, place, take_out
    from ledger.holds import operations as holds
    from ledger.journal.lines import BatchLine, Taking
    from ledger.money import kes
    from wekeza.kit.actor import SYSTEM

    now = datetime.now(UTC)
    payer, payee = (Customer.objects.get(pk=pk) for pk in (payer_id, payee_id))
    giver, taker = demo.account_of(payer), demo.account_of(payee)
    demo.add(customer=payer, amount="5000", key=f"{name}/add", at=now)
    facts = {"amount": "500", "reason": "x", "key": f"{name}/pay", "pin": PIN, "at": now}
    demo.pay(payer=payer, payee=taker.number, **facts)
    hold = place(giver.ledger_account, "200", reference=f"{name}/hold")
    take_out(giver.ledger_account, "150", reference=f"{name}/take", takes=Taking(hold.pk))
    other = place(giver.ledger_account, "90", reference=f"{name}/other")
    if other.is_open:
        holds.release(other, reason="x", actor=SYSTEM, at=now)
    there = BatchLine(giver.ledger_account_id, taker.ledger_account_id, kes("420"))
    back = BatchLine(taker.ledger_account_id, giver.ledger_account_id, kes("0.50"))
    pay(there, back, back, reference=f"{name}/batch")
    _save(payer, giver, name=name, at=now)
    _go_on(now)


def _save(payer, giver, *, name: str, at: datetime) -> None:
    from uuid import NAMESPACE_URL, uuid5

    from accounts.savings import operations as savings
    from ledger.money import kes

    reference = uuid5(NAMESPACE_URL, name)
    money = kes("1200")
    savings.open_savings(source=giver, money=money, reference=reference, actor=payer.actor, at=at)


def _go_on(now: datetime) -> None:
    """What the worker does: events are told, and the date that is not closed yet is closed."""
    from branch.close_of_business import operations as close
    from ledger.calendar import queries as calendar
    from ledger.controls import outbox
    from wekeza.kit.actor import SYSTEM
    from wekeza.tasks import handlers

    outbox.sweep(handlers=handlers(), at=now + timedelta(hours=1), most=500)
    ends = calendar.ends_at(calendar.business_date())
    close.follow_the_clock(at=ends + timedelta(minutes=3), actor=SYSTEM)


def _money(customer_id: int):
    from accounts.customers.models import Customer
    from branch.demo import operations as demo

    account = demo.account_of(Customer.objects.get(pk=customer_id))
    return account.ledger_account.money.amount


def _saved(customer_id: int) -> int:
    from accounts.deposits.models import DepositAccount
    from accounts.products.models import SAVINGS

    return DepositAccount.objects.filter(customer=customer_id, product=SAVINGS).count()


if __name__ == "__main__":
    main(*sys.argv[1:])
