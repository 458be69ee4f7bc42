"""
Making the demo bank's people and their first days, by the operations that the pages use.

Every deed happens at its own moment of the last days, in order, and is booked on the business date
of that day, for a new demo bank begins so far back. What only the clock of the making says stays
so: when the database recorded a row (books, audit trail, events, messages).
"""

import secrets
from base64 import b32encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter

from accounts.access import operations as access
from accounts.access.models import User
from accounts.customers import consents
from accounts.customers import operations as customers
from accounts.customers.models import Customer
from accounts.products.models import SAVINGS
from accounts.savings import operations as savings
from accounts.staff.models import StaffMember
from branch.close_of_business import operations as close
from branch.demo import borrowers, credit_year, loans, scenes, year
from branch.demo.colleagues import COLLEAGUES, OF_A_BRANCH, Colleague
from branch.demo.logins import Login
from branch.demo.money import account_of, add, customer, key_of, pay
from branch.demo.people import (
    OPENING,
    PAYMENTS,
    PEOPLE,
    SHOP,
    TOP_UPS,
    WATCHED,
    Person,
    When,
)
from branch.demo_year.models import DemoYear
from branch.workbench import operations as workbench
from ledger.calendar import queries as calendar_queries
from ledger.money import Money, parse
from wekeza.kit.actor import SYSTEM, Actor
from wekeza.kit.errors import Refusal


class DayStands(Exception):
    """A close of business of the demo bank stopped. Its page says at what; run it again there."""


def live(*, logins: Mapping[str, Login], now: datetime) -> None:
    """
    This will let everybody's first days happen up to `now`, one deed after the other, and close
    each business date on the way; a second time nothing happens again.
    """
    for moment, deed in _history(logins, today=calendar_queries.nairobi_date(now)):
        _follow(moment)
        deed(at=moment)
    _follow(now)
    scenes.watch(at=now)


def begin_year(*, logins: Mapping[str, Login], now: datetime) -> DemoYear:
    """
    This will begin the year of a new demo bank: its staff and the people of the story come on the
    first day, so that everybody can log in while the rest is lived. A second time it gives what
    was begun.
    """
    today = calendar_queries.nairobi_date(now)
    row, _is_new = DemoYear.objects.get_or_create(
        pk=1,
        defaults={
            "today": today,
            "begins_on": (begins := today - timedelta(days=year.BEGINS)),
            "lived_to": begins - timedelta(days=1),
        },
    )
    _live_days(row, logins, until=row.begins_on)
    return row


def live_year(*, logins: Mapping[str, Login], now: datetime, tell=lambda row: None) -> DemoYear:
    """
    This will live what is left of the year, day by day up to `now`: each deed by its operation, and
    each business date closed as the bank closes it. `tell` hears after every day. Cut short and
    called again it goes on from the last whole day.
    """
    row = begin_year(logins=logins, now=now)
    if row.finished_at is not None:
        return row
    _live_days(row, logins, until=row.today, tell=tell)
    _follow(now)
    scenes.watch(at=now)
    row.finished_at = now
    row.save(update_fields=["finished_at", "updated_at"])
    return row


def _live_days(row: DemoYear, logins, *, until: date, tell=lambda row: None) -> None:
    begins = row.lived_to + timedelta(days=1)
    deeds = [
        (moment, deed)
        for moment, deed in _history(logins, today=row.today, is_year=True)
        if begins <= calendar_queries.nairobi_date(moment) <= until
    ]
    for day, todays in groupby(deeds, key=lambda it: calendar_queries.nairobi_date(it[0])):
        for moment, deed in todays:
            _follow(moment)
            deed(at=moment)
            row.deeds += 1
        row.lived_to = day
        row.save(update_fields=["lived_to", "deeds", "updated_at"])
        tell(row)


def _follow(moment: datetime) -> None:
    """The bank's day as it was at a moment. Nothing is lived on a date that is not its own."""
    if not close.follow_the_clock(at=moment, actor=SYSTEM):
        day = calendar_queries.business_date()
        raise DayStands(f"the close of {day} stopped; {moment} cannot be lived before it is done")


def engage(colleague: Colleague, *, login: Login, at: datetime) -> StaffMember:
    """
    This will let somebody work at the demo bank, with an authenticator app whose codes /demo/staff/
    shows; a second time it gives the same member of staff.
    """
    known = StaffMember.objects.filter(user__email=colleague.email).first()
    if known is not None:
        return known
    return workbench.found(
        email=colleague.email,
        phone=colleague.phone,
        full_name=colleague.full_name,
        national_id=colleague.national_id,
        password=login.password,
        secret=b32encode(secrets.token_bytes(20)).decode(),
        role=colleague.role,
        in_every_branch=colleague.role not in OF_A_BRANCH,
        at=at,
    )


def take_on(person: Person, *, login: Login, at: datetime) -> Customer:
    """
    This will register somebody with confirmed contacts and open the account; a second time it
    gives the same customer.
    """
    user = User.objects.filter(email=person.email).first() or access.open_login(
        email=person.email, phone=person.phone, password=login.password
    )
    if not hasattr(user, "customer"):
        customers.tell_details(
            user,
            full_name=person.full_name,
            national_id=person.national_id,
            date_of_birth=person.date_of_birth,
            at=at,
        )
        customers.choose_pin(user, pin=login.pin)
        customers.open(
            user,
            agreed=consents.REQUIRED,
            seen=consents.hashes(language="en"),
            language="en",
            at=at,
            actor=Actor("LOGIN", str(user.pk), person=f"login:{user.pk}"),
        )
    return Customer.objects.get(user=user)


def everybody(*, is_year: bool) -> list[Person]:
    """This will give who banks here: the people of the story, in a year from its beginning on."""
    if not is_year:
        return PEOPLE
    return [*_of_the_year(), *borrowers.people()]


def _of_the_year() -> list[Person]:
    return [replace(who, joins=_earlier(who.joins)) for who in PEOPLE] + year.others()


def _earlier(when: When) -> When:
    """The same time of day, on the first day of the year."""
    return When(year.BEGINS, when.clock)


def _history(
    logins: Mapping[str, Login], *, today: date, is_year: bool = False
) -> Iterator[tuple[datetime, Callable]]:
    """What people did, in the order in which it happened."""
    shift = _earlier if is_year else lambda when: when
    people = everybody(is_year=is_year)
    deeds = [(shift(OPENING), partial(engage, who, login=logins[who.email])) for who in COLLEAGUES]
    deeds += [(shift(WATCHED), scenes.load_watch_list)]
    deeds += [(who.joins, partial(take_on, who, login=logins[who.email])) for who in people]
    deeds += [
        (when, partial(_add, name, amount, key=f"topup/{number}"))
        for number, (when, name, amount) in enumerate(TOP_UPS)
    ]
    deeds += [
        (when, partial(_pay, *facts, key=f"payment/{number}", logins=logins))
        for number, (when, *facts) in enumerate(PAYMENTS)
    ]
    moments = [(when.on(today), deed) for when, deed in [*deeds, *_scenes()]]
    if is_year:
        named, others = {who.name for who in PEOPLE}, _of_the_year()
        moments += [
            (deed.when, partial(_do, deed, key=f"year/{number}", logins=logins))
            for number, deed in enumerate(year.deeds(others, named=named, today=today))
        ]
        gone = [who.email for who in year.leavers(others)]
        begins = {"today": today, "begins_ago": year.BEGINS}
        moments += credit_year.deeds(logins, gone=gone, **begins)
    yield from sorted(moments, key=itemgetter(0))


def _scenes() -> Iterator[tuple[When, Callable]]:
    """What makes work for the staff and the shop, and when."""
    yield When(11, "09:10"), partial(_with, scenes.ask_for_level, "emmanuel")
    yield When(11, "15:40"), partial(_with, scenes.raise_level, "emmanuel")
    yield (
        When(5, "10:20"),
        partial(
            _with, partial(loans.ask_person, amount="3,000", key=key_of("loan/faith")), "faith"
        ),
    )
    yield When(8, "10:30"), partial(_with, scenes.open_business, "peter", "grace")
    yield When(8, "11:15"), scenes.watch_small_sums
    yield (
        When(5, "14:52"),
        partial(
            scenes.write_voucher,
            narrative="Security guards of the head office",
            paper="INV-2209",
            amount="38,500",
            is_agreed=True,
        ),
    )
    yield (
        When(1, "15:50"),
        partial(
            scenes.write_voucher,
            narrative="Paper and toner for the branch",
            paper="INV-0417",
            amount="12,340",
            is_agreed=False,
        ),
    )
    yield When(1, "16:25"), partial(_with, scenes.ask_for_level, "grace")
    yield (
        When(1, "17:40"),
        partial(
            _with,
            partial(
                scenes.prepare_payment,
                amount="6,400",
                reason="Shop sign and posters",
                key=key_of("shop/1"),
            ),
            "peter",
            "nuria",
        ),
    )


def _do(deed: year.Deed, *, key: str, logins: Mapping[str, Login], at: datetime) -> None:
    """One deed of the year; who is short, or types a wrong PIN, is refused as anybody is."""
    with suppress(Refusal):
        _do_it(deed, key=key, logins=logins, at=at)


def _do_it(deed: year.Deed, *, key: str, logins: Mapping[str, Login], at: datetime) -> None:
    giver = customer(deed.who)
    login = logins[giver.user.email]
    amount = f"{deed.amount}"
    if deed.kind == "ADD":
        add(customer=giver, amount=amount, key=key, at=at)
    elif deed.kind == "SAVE":
        _save(giver, parse(amount), key=key, pin=login.pin, at=at)
    elif deed.kind == "BORROW":
        facts = {"employment": deed.reason, "key": key_of(key), "pin": login.pin, "at": at}
        loans.borrow(giver, amount=amount, **facts)
    elif deed.kind == "REPAY":
        loans.pay_back(giver, key=key_of(key), at=at)
    else:
        pin = _other_pin(login.pin) if deed.kind == "WRONG" else login.pin
        facts = {"amount": amount, "reason": deed.reason, "key": key, "pin": pin, "at": at}
        pay(payer=giver, payee=customer(deed.to).user.phone, **facts)


def _save(saver: Customer, money: Money, *, key: str, pin: str, at: datetime) -> None:
    account = saver.deposit_accounts.filter(product=SAVINGS).first()
    if account is None:
        savings.open_savings(
            source=account_of(saver), money=money, reference=key_of(key), actor=saver.actor, at=at
        )
    else:
        facts = {"reason": "Savings", "key": key, "pin": pin, "at": at}
        pay(payer=saver, payee=account.number, amount=f"{money.amount}", **facts)


def _other_pin(pin: str) -> str:
    return f"{(int(pin) + 1) % 10_000:04}"


def _with(scene: Callable, *names: str, at: datetime) -> None:
    scene(*map(customer, names), at=at)


def _add(name: str, amount: str, *, key: str, at: datetime) -> None:
    add(customer=customer(name), amount=amount, key=key, at=at)


def _pay(payer, payee, amount, reason, *, key, logins, at) -> None:
    giver = customer(payer)
    taker = scenes.shop_account().number if payee == SHOP else customer(payee).user.phone
    pin = logins[giver.user.email].pin
    pay(payer=giver, payee=taker, amount=amount, reason=reason, key=key, pin=pin, at=at)
