"""
Making the demo bank's people and their first days, by the operations that the pages use.

Every deed happens at its own moment of the last days, in order, and is booked on the business date
of that day, for a new demo bank begins so far back. What only the clock of the making says stays
so: when the database recorded a row (books, audit trail, events, messages).
"""

import secrets
from base64 import b32encode
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from operator import itemgetter
from uuid import NAMESPACE_URL, UUID, uuid5

from accounts.access import operations as access
from accounts.access.models import User
from accounts.customers import consents
from accounts.customers import operations as customers
from accounts.customers.models import Customer
from accounts.deposits import queries as deposit_queries
from accounts.deposits.models import DepositAccount
from accounts.staff.models import StaffMember
from branch.demo import scenes
from branch.demo.colleagues import COLLEAGUES, OF_A_BRANCH, Colleague
from branch.demo.logins import Login
from branch.demo.people import OPENING, PAYMENTS, PEOPLE, SHOP, TOP_UPS, Person, When
from branch.workbench import operations as workbench
from ledger.calendar import operations as calendar
from ledger.calendar import queries as calendar_queries
from ledger.money import parse
from payments.topups import operations as topups
from payments.transfers import operations as transfers
from wekeza.kit.actor import SYSTEM, Actor


def live(*, logins: Mapping[str, Login], now: datetime) -> None:
    """
    This will let everybody's first days happen up to `now`, one deed after the other, and open each
    business date on the way; a second time nothing happens again.
    """
    for moment, deed in _history(logins, today=calendar_queries.nairobi_date(now)):
        calendar.follow_the_clock(at=moment, actor=SYSTEM)
        deed(at=moment)
    calendar.follow_the_clock(at=now, actor=SYSTEM)
    scenes.watch(at=now)


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


def add(*, customer: Customer, amount: str, key: str, at: datetime) -> None:
    """This will top an account up over the demo rail, once for each `key`."""
    topups.top_up(
        reference=_key(key),
        account=account_of(customer),
        money=parse(amount),
        at=at,
        actor=actor_of(customer),
    )


def pay(
    *, payer: Customer, payee: str, amount: str, reason: str, key: str, pin: str, at: datetime
) -> None:
    """
    This will send money from one person to a phone or an account by PIN, once for each `key`.
    """
    source, actor = account_of(payer), actor_of(payer)
    draft = transfers.draft(
        reference=_key(key),
        source=source,
        payee=deposit_queries.find_payee(payee, source=source),
        money=parse(amount),
        reason=reason,
        at=at,
        actor=actor,
    )
    transfers.authorise_and_send(draft, secret=pin, at=at, actor=actor)


def account_of(customer: Customer) -> DepositAccount:
    """This will give somebody's everyday account."""
    return customer.deposit_accounts.select_related("customer", "ledger_account").first()


def actor_of(customer: Customer) -> Actor:
    """This will give the actor that somebody's own session is."""
    return customer.actor


def _history(logins: Mapping[str, Login], *, today: date) -> Iterator[tuple[datetime, Callable]]:
    """What people did, in the order in which it happened."""
    deeds = [(OPENING, partial(engage, who, login=logins[who.email])) for who in COLLEAGUES]
    deeds += [(who.joins, partial(take_on, who, login=logins[who.email])) for who in PEOPLE]
    deeds += [
        (when, partial(_add, name, amount, key=f"topup/{number}"))
        for number, (when, name, amount) in enumerate(TOP_UPS)
    ]
    deeds += [
        (when, partial(_pay, *facts, key=f"payment/{number}", logins=logins))
        for number, (when, *facts) in enumerate(PAYMENTS)
    ]
    moments = [(when.on(today), deed) for when, deed in [*deeds, *_scenes()]]
    yield from sorted(moments, key=itemgetter(0))


def _scenes() -> Iterator[tuple[When, Callable]]:
    """What makes work for the staff and the shop, and when."""
    yield When(13, "07:45"), scenes.load_watch_list
    yield When(11, "09:10"), partial(_with, scenes.ask_for_level, "emmanuel")
    yield When(11, "15:40"), partial(_with, scenes.raise_level, "emmanuel")
    yield When(8, "10:30"), partial(_with, scenes.open_business, "peter", "grace")
    yield When(8, "11:15"), scenes.watch_small_sums
    yield When(1, "16:25"), partial(_with, scenes.ask_for_level, "grace")
    yield (
        When(1, "17:40"),
        partial(
            _with,
            partial(
                scenes.prepare_payment,
                amount="6,400",
                reason="Shop sign and posters",
                key=_key("shop/1"),
            ),
            "peter",
            "nuria",
        ),
    )


def _with(scene: Callable, *names: str, at: datetime) -> None:
    scene(*map(customer, names), at=at)


def _add(name: str, amount: str, *, key: str, at: datetime) -> None:
    add(customer=customer(name), amount=amount, key=key, at=at)


def _pay(payer, payee, amount, reason, *, key, logins, at) -> None:
    giver = customer(payer)
    taker = scenes.shop_account().number if payee == SHOP else customer(payee).user.phone
    pin = logins[giver.user.email].pin
    pay(payer=giver, payee=taker, amount=amount, reason=reason, key=key, pin=pin, at=at)


def customer(name: str) -> Customer:
    """This will give somebody of the demo bank by the first part of the e-mail address."""
    [person] = [person for person in PEOPLE if person.name == name]
    return Customer.objects.select_related("user").get(user__email=person.email)


def _key(text: str) -> UUID:
    """The same key for the same deed, so that a bank that was cut short can be finished."""
    return uuid5(NAMESPACE_URL, f"https://wekeza.example/demo/{text}")
