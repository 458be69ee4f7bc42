"""
What the borrowers of `borrowers.py` do, and what the bank's staff do about it, day by day: a plan
of moments and deeds, counted back from today. The same day gives the same plan.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial

from branch.demo import firms, loans, money, officers, scenes
from branch.demo.borrowers import BORROWERS, FIRMS, HOMES, MOTORS, SHOP, Ask, Borrower, Firm
from branch.demo.logins import Login
from branch.demo.money import customer, key_of
from branch.demo.people import When
from lending.stops.operations import LendingStopped
from payments.topups.refusals import OverMaximumBalance
from wekeza.kit.errors import Refusal

Moment = tuple[datetime, Callable]
RESTRUCTURE, LARGE, WRITE_OFF = "lending.restructure", "lending.approve_large", "lending.write_off"
# Who does no more from that many days ago on, so that something waits today.
LAST_OF_MANAGER, LAST_OF_RISK, LAST_OF_COLLECTIONS = 3, 7, 7
MOST_AT_ONCE = {1: 20_000, 2: 150_000, 3: 400_000}  # By tier: what one payment may be.
DAYS_OF_EMPTYING = 4
OWNERS = 400_000  # What the owner of the employer brings in on a day before salaries.
SPENT_ON, OWNERS_ON, SECOND_PAY = (28, 13), (23, 24), 10  # Days of the month.
SUNDAY = 6

# Days ago, name, product, the days until the first part, and how many parts.
PROMISES = [
    (191, "yusuf.abdi", "EMER", 9, 1),
    (150, "samuel.lemayan", "PERS", 5, 1),
    (92, "tabitha.moraa", "EMER", 7, 2),
    (50, "tabitha.moraa", "EMER", 10, 1),
    (36, "dennis.mumo", "ASST", 10, 1),
    (25, "yusuf.abdi", "DIGI30", 5, 1),
    (3, "agnes.nyaboke", "SALA", 9, 3),
    (2, "peninah.akoth", "EMER", 6, 1),
]
# Days ago, name, product, kind, number, and the customer's words.
CHANGES = [
    (150, "esther.naliaka", "PERS", "DEFER", 1, "School fees are due this month."),
    (131, "samuel.lemayan", "PERS", "LONGER", 8, "I was without work and start anew on Monday."),
    (5, "gideon.lagat", "EMER", "LONGER", 2, "My stall was closed for weeks."),
    (1, "rose.wambui", "EMER", "DEFER", 1, "The roof leaks and must be mended first."),
]
THINKING = "gideon.lagat"  # Has not signed what was offered.
WAITS = "faith"  # The story has her wait for a person who looks again.
REFUSED = {("collins.barasa", "ASST"), ("naomi.chemutai", "MORT")}
GRANTED = {("kevin.odera", "PERS"): 20_000}
LOOKED_AGAIN = [(59, "kevin.odera", "PERS"), (49, "victor.mutua", "DIGI30")]
WRITE_OFFS = [
    (24, "oscar.njenga", "DIGI30"), (22, "damaris.khisa", "EMER"), (5, "jairus.muli", "EMER"),
]  # fmt: skip
GONE = ("oscar.njenga", "damaris.khisa", "jairus.muli")
COPIED = (68, "moses.gichuru", "samuel.lemayan")  # Who sent whose payslip.
JUDGED = [
    (66, "moses.gichuru", True, "The payslip is another customer's, line by line."),
    (30, "ruth.jebet", False, "New, and told what her whole household earns. The shop knows her."),
]
STOPPED = (250, "EMER", "The bureau answered with yesterday's files.")
# What the plan expects to be refused, by deed: money that an account does not take or hold, and who
# asks while lending is stopped. Anything else is a plan that does not hold any more.
EXPECTED: dict[str, tuple[type[Refusal], ...]] = {
    "_add": (OverMaximumBalance,),
    "_ask": (LendingStopped,),
}
TWICE = "elijah.ndolo"  # Gives up what was asked for, and asks again.

log = logging.getLogger(__name__)
# Deeds that were refused since this process began though the plan has them done: what -> times.
refused: Counter[str] = Counter()


def deeds(
    logins: Mapping[str, Login], *, today: date, begins_ago: int, gone: Iterable[str]
) -> Iterator[Moment]:
    """
    This will plan all of it, from so many days ago to yesterday. `gone` are others, by e-mail, who
    borrowed and were not seen again.
    """
    pins = {mail: logins[mail].pin for mail in map(_mail, (who.name for who in BORROWERS))}
    planned = [_tiers(), _asks(pins), _of_customers(), _of_staff()]
    planned += [_days(who, today, pins[_mail(who.name)]) for who in BORROWERS]
    planned += [_days_of_firm(firm, today, pins) for firm in FIRMS]
    for when, deed in (moment for part in planned for moment in part):
        yield when.on(today), partial(_tried, deed)
    if BORROWERS:
        away = {*gone, *map(_mail, GONE)}
        for ago in range(begins_ago - 1, 0, -1):
            yield When(ago, "09:30").on(today), partial(_morning, ago, away=away)
            yield When(ago, "15:30").on(today), partial(_afternoon, ago, pins=pins)


def _tried(deed: partial, *, at: datetime) -> None:
    """People are refused, now and then; what the plan does not expect is counted in `refused`."""
    try:
        deed(at=at)
    except Refusal as refusal:
        who = deed.args[0] if deed.args else ""  # Nothing more of it: there are PINs.
        what = f"{deed.func.__name__} of {getattr(who, 'name', who)}"
        is_expected = isinstance(refusal, EXPECTED.get(deed.func.__name__, ()))
        level = logging.INFO if is_expected else logging.ERROR
        log.log(level, "%s at %s was refused: %s", what, at, refusal)
        if not is_expected:
            refused[f"{what}: {refusal.code}"] += 1


def _mail(name: str) -> str:
    return f"{name}@example.com"


def _tiers() -> Iterator[tuple[When, Callable]]:
    for who in BORROWERS:
        if who.tier > 1:
            facts = {"tier": f"TIER_{who.tier}", "pay": who.pay if who.tier == 3 else 0}
            asked = partial(scenes.ask_for_level, **facts)
            yield When(who.joins, "10:30"), partial(_of, who.name, asked)
            yield When(who.joins, "15:10"), partial(_of, who.name, scenes.raise_level)


def _asks(pins: Mapping[str, str]) -> Iterator[tuple[When, Callable]]:
    for who in BORROWERS:
        for wanted in who.asks:
            asked = partial(_ask, who, wanted, pin=pins[_mail(who.name)])
            yield When(wanted.ago, "14:20"), asked
            if who.name == TWICE:
                yield When(wanted.ago, "15:05"), partial(_ask, who, wanted, key="2", pin="")
    for firm in FIRMS:
        for wanted in firm.asks:
            key = key_of(f"credit/{firm.number}/{wanted.ago}")
            yield When(wanted.ago, "14:40"), partial(firms.ask_for, firm, wanted, key=key)


def _ask(who: Borrower, wanted: Ask, *, pin: str, key: str = "", at: datetime) -> None:
    seller = {"HOME": HOMES, "VEHICLE": MOTORS}[wanted.gets]
    reference = key_of(f"credit/{who.name}/{wanted.ago}/{key}")
    asked = loans.ask_for(who, wanted, seller=firms.number_of(seller), key=reference, at=at)
    if who.name != TWICE:
        loans.take(asked, pin=pin, at=at)
    elif not key:
        loans.give_up(asked, at=at)


def _of_customers() -> Iterator[tuple[When, Callable]]:
    for ago, name, product, days, parts in PROMISES:
        key = key_of(f"promise/{name}/{ago}")
        promised = partial(loans.promise, name, product, days=days, parts=parts, key=key)
        yield When(ago, "19:10"), promised
    for ago, name, product, kind, number, reason in CHANGES:
        wish = {"kind": kind, "number": number, "reason": reason}
        yield When(ago, "13:40"), partial(loans.ask_change, name, product, **wish)
    for ago, name, product in LOOKED_AGAIN:
        yield When(ago, "14:00"), partial(loans.look_again, name, product)
    ago, name, of = COPIED
    yield When(ago, "13:00"), partial(loans.copy_paper, name, of)


def _of_staff() -> Iterator[tuple[When, Callable]]:
    for ago, name, product in WRITE_OFFS:
        yield When(ago, "11:20"), partial(officers.ask_write_off, name, product)
    for ago, name, is_fraud, words in JUDGED:
        yield When(ago, "10:05"), partial(officers.judge, name, is_fraud=is_fraud, words=words)
    ago, product, reason = STOPPED
    yield When(ago, "09:05"), partial(officers.stop_lending, product, reason=reason)
    yield When(ago, "16:20"), partial(officers.lift_stop, product, reason="The files are new.")


def _days(who: Borrower, today: date, pin: str) -> Iterator[tuple[When, Callable]]:
    """What comes in and goes out, day by day."""
    for ago in range(who.joins - 1, 0, -1):
        day, key = today - timedelta(days=ago), f"{who.name}/{ago}"
        if not who.earns_on(ago):
            continue
        if amount := _brings(who, ago, day):
            yield When(ago, "08:50"), partial(_add, who, amount, key=f"own/{key}")
        if who.spends and day.day in SPENT_ON:
            amount = who.pay * who.spends // 200
            yield When(ago, "17:25"), partial(_spend, who, amount, key=f"spent/{key}", pin=pin)
    for ago, amount in who.comes:
        yield When(ago, "09:12"), partial(_add, who, amount, key=f"comes/{who.name}/{ago}")
    for first, _last in who.broke:
        for ago in range(first, max(first - DAYS_OF_EMPTYING, 0), -1):
            key, most = f"all/{who.name}/{ago}", MOST_AT_ONCE[who.tier]
            yield When(ago, "16:45"), partial(_spend, who, most, key=key, pin=pin)


def _brings(who: Borrower, ago: int, day: date) -> int:
    """All of a month's pay when they come, and then by halves."""
    if who.is_salaried:
        return 0
    if ago == who.joins - 1:
        return who.pay
    return who.pay // 2 if day.day in {who.payday, SECOND_PAY} else 0


def _days_of_firm(firm: Firm, today: date, pins) -> Iterator[tuple[When, Callable]]:
    pin = pins[_mail(firm.director)]
    yield When(firm.opens, "11:00"), partial(firms.open_firm, firm)
    if firm.name == MOTORS:
        yield from _salaries(firm, today, pin)
    for first, _last in firm.broke:
        for ago in range(first, max(first - DAYS_OF_EMPTYING, 0), -1):
            key = f"all/{firm.number}/{ago}"
            yield When(ago, "16:30"), partial(firms.empty, firm, key=key, pin=pin)


def _salaries(firm: Firm, today: date, pin: str) -> Iterator[tuple[When, Callable]]:
    for ago in range(firm.opens - 1, 0, -1):
        day = (today - timedelta(days=ago)).day
        if day in OWNERS_ON:
            brought = partial(firms.bring_in, firm, OWNERS, key=f"owner/{ago}", pin=pin)
            yield When(ago, "11:05"), brought
        for who in BORROWERS:
            if who.is_salaried and day == who.payday and ago < who.joins and who.earns_on(ago):
                key = f"salary/{who.name}/{ago}"
                yield When(ago, "12:15"), partial(firms.pay_salary, firm, who, key=key, pin=pin)


def _morning(ago: int, *, away: set[str], at: datetime) -> None:
    """The bank's texts, and on a working day the officers' mornings."""
    officers.text(at=at)
    if at.weekday() == SUNDAY:
        return
    if ago >= LAST_OF_COLLECTIONS:
        officers.collect(gone=away, at=at + timedelta(minutes=45))
    ours = {_mail(who.name) for who in BORROWERS}
    officers.clear_cases(but=ours, at=at + timedelta(minutes=70))
    officers.decide_waiting(
        but={_mail(WAITS)},
        refused={(_mail(name), product) for name, product in REFUSED},
        granted={(_mail(name), product): amount for (name, product), amount in GRANTED.items()},
        at=at + timedelta(minutes=90),
    )
    officers.propose_changes(at=at + timedelta(minutes=130))


def _afternoon(ago: int, *, pins: dict[str, str], at: datetime) -> None:
    """What takes a second person, and what customers sign then."""
    if at.weekday() != SUNDAY:
        if ago >= LAST_OF_MANAGER:
            officers.sign_waiting("manager", {LARGE, RESTRUCTURE, WRITE_OFF}, at=at)
        if ago >= LAST_OF_RISK:
            officers.sign_waiting("risk", {WRITE_OFF}, at=at + timedelta(minutes=40))
    evening = at + timedelta(hours=3)
    loans.take_offers(pins, at=evening)
    firms.sign_offers(pins, at=evening)
    loans.sign_changes(
        {mail: pin for mail, pin in pins.items() if mail != _mail(THINKING)}, at=evening
    )


def _add(who: Borrower, amount: int, *, key: str, at: datetime) -> None:
    money.add(customer=customer(who.name), amount=f"{amount}", key=key, at=at)


def _spend(who: Borrower, amount: int, *, key: str, pin: str, at: datetime) -> None:
    """As much of an amount as there is."""
    payer = customer(who.name)
    there = money.spendable(money.account_of(payer), most=amount)
    if there > 0:
        payee = firms.number_of(HOMES if who.is_salaried else SHOP)
        facts = {"reason": "House", "key": key, "pin": pin, "at": at}
        money.pay(payer=payer, payee=payee, amount=f"{there}", **facts)


def _of(name: str, deed: Callable, *, at: datetime) -> None:
    deed(customer(name), at=at)
