"""
A year of the demo bank, planned from a seed: who earns, spends, lends a friend, saves and fails.
Everybody in it is invented. The same seed and day give the same year, deed for deed.
"""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from branch.demo.people import Person, When
from ledger.calendar.queries import NAIROBI

SEED = 2026
DAYS = 365  # How far back the year begins.
# A loan is written off more than 360 days after its first due date: those who come before the year
# borrow then.
EARLIER = 60
BEGINS = DAYS + EARLIER  # How far back the bank begins.
STORY_DAYS = 14  # Before today the story of people.py is told of the people it names.
OTHERS = 53  # Beside the seven of people.py.
MOST_BY_PIN = 4_950
MOST_HELD = 85_000  # An account of the first level holds 100,000.
MOST_OF_THE_NAMED = 25_000  # What the story brings them comes on top.
SAVERS_EVERY = 3  # Every so manieth opens a savings account.
MOST_LENT = 3_000
MOST_SPENT = 40_000  # On the day on which somebody leaves; so much may go out in a day.
BORROWS_NOT_EVERY = 4  # Every so manieth borrows nothing.
FIRST_LOAN, BETWEEN_LOANS = 30, 34  # Days after joining, and from then on.
LEAVERS_EVERY = 8  # The 9th, 17th … borrows, spends all there is, and is not seen again.
FIRST_OF_LEAVERS, NEXT_OF_LEAVERS = 185, 12  # They are known by then, and get what they ask for.
LEAVERS_EARN = 24_000
EARNS = ["PERMANENT", "CONTRACT", "SELF_EMPLOYED", "PERMANENT"]


def _words(text: str) -> list[str]:
    return text.split()


FIRST = _words(
    "Wanjiru Achieng Kipchoge Mwende Otieno Nafula Kamau Chebet Baraka Zawadi Mutua "
    "Akinyi Njoroge Amani Cherono Wairimu Omondi Halima Kiptoo Nyambura"
)
MIDDLE = _words("Wambui Adhiambo Cheptoo Muthoni Wekesa Jepkemoi Ndanu Auma Kariuki Moraa Said")
LAST = _words(
    "Kimani Odhiambo Rono Musyoka Wanyama Koech Mwangi Abdalla Ouma Maina Kirui Barasa "
    "Njeri Onyango Gitau Langat Mumo Wafula"
)
SHOPS = ["Vegetables", "Milk and bread", "Maize flour", "Airtime", "Charcoal", "Fish", "Soap"]
FRIENDS = ["Chama", "Lunch", "Thank you", "Harambee", "Fare", "Medicine", "Birthday"]
BILLS = ["School fees, part", "Water", "Electricity share", "Clinic", "Repairs"]


@dataclass(frozen=True, slots=True)
class Deed:
    """
    Something that somebody does: ADD money from a wallet, PAY a phone, SAVE into a savings account
    of one's own, BORROW for thirty days (the reason says how they earn) and REPAY, or try what is
    refused: SHORT of money, or with a WRONG PIN.
    """

    when: datetime
    kind: str
    who: str
    amount: int
    to: str = ""
    reason: str = ""


def others() -> list[Person]:
    """This will give the people of the year beside those of the story, always the same."""
    found = []
    names = [(first, last) for first in FIRST for last in LAST]
    random.Random(SEED).shuffle(names)  # noqa: S311 - a plan, no secret.
    for number, (first, last) in enumerate(names[:OTHERS]):
        found.append(
            Person(
                email=f"{first.lower()}.{last.lower()}@example.com",
                phone=f"+2547420{number:05}",
                full_name=f"{first} {MIDDLE[number % len(MIDDLE)]} {last}",
                national_id=f"{22_400_000 + number * 1_117}",
                date_of_birth=date(1970 + number % 33, 1 + number % 12, 1 + number % 28),
                joins=When(DAYS - 1 - min(number // 2, 20), f"{8 + number % 9:02}:{number:02}"),
            )
        )
    return found


def deeds(people: list[Person], *, named: set[str], today: date) -> list[Deed]:
    """
    This will plan the year up to yesterday, in the order in which it happens; of the people whom
    the story names, up to the day on which it begins. Nobody spends what they do not have, but who
    tries to.
    """
    chance = random.Random(f"{SEED} {today.isoformat()}")  # noqa: S311 - a plan, no secret.
    lives = [_Life(person, number, today, chance) for number, person in enumerate(people)]
    for life in lives:
        life.others = [other for other in lives if other is not life]
        if life.person.name in named:
            life.ends, life.most = today - timedelta(days=STORY_DAYS), MOST_OF_THE_NAMED
    for ago in range(DAYS, 0, -1):
        for life in lives:
            life.live(today - timedelta(days=ago))
    planned = [deed for life in lives for deed in life.deeds]
    return sorted(planned, key=lambda deed: (deed.when, deed.who))


def leavers(people: list[Person]) -> list[Person]:
    """This will give who of them is not seen again."""
    return [person for number, person in enumerate(people) if _is_leaver(number)]


def _is_leaver(number: int) -> bool:
    return number > LEAVERS_EVERY and number % LEAVERS_EVERY == 1


class _Life:
    """One person's year: what comes in on its day, and what goes out while there is something."""

    def __init__(self, person: Person, number: int, today: date, chance: random.Random):
        self.person, self.number, self.chance = person, number, chance
        self.joined = today - timedelta(days=person.joins.days_ago)
        self.ends, self.most = today - timedelta(days=1), MOST_HELD
        self.others: list[_Life] = []
        self.income = 6_000 + 800 * (number * 7 % 19)
        self.is_leaver = _is_leaver(number)
        if self.is_leaver:
            self.income = LEAVERS_EARN
            self.most = self.income + 6_000  # They save nothing.
        self.payday = 1 + number * 5 % 28
        self.balance, self.has_savings, self.has_loan = 0, False, False
        self.day, self.minute = self.joined, 0
        self.deeds: list[Deed] = []

    def live(self, day: date) -> None:
        if not self.joined < day <= self.ends:
            return
        if day == self.joined + timedelta(days=1) or day.day == self.payday:
            self._earn(day)
        if day.day == 3:
            self._pay(day, self.income // 3, "Rent", among=[o for o in self.others if o.is_early])
        is_busy = day.weekday() >= 4 or (day.month == 12 and day.day > 15)
        if self.chance.random() < (0.17 if is_busy else 0.05) * self._ease:
            self._pay(day, self.chance.randint(80, 1_900), self.chance.choice(SHOPS))
        if self.chance.random() < 0.035 * self._ease:
            self._pay(day, self.chance.randint(100, 2_500), self.chance.choice(FRIENDS))
        if day.day == 12 and self.chance.random() < 0.5:
            self._pay(day, self.chance.randint(400, 3_500), self.chance.choice(BILLS))
        self._borrow(day)
        if self.ends == day:
            return
        if self.balance < 4_000 and self.chance.random() < 0.06:
            self._try(day, "SHORT", self.balance + 900)
        if self.chance.random() < 0.003:
            self._try(day, "WRONG", 150)

    @property
    def is_early(self) -> bool:
        """Was among the first, who let rooms to the others."""
        return self.number < 12

    @property
    def _ease(self) -> int:
        """Whoever has much spends more often."""
        return 2 if self.balance > 40_000 else 1

    def _earn(self, day: date) -> None:
        if self.balance + self.income > self.most:
            return
        self._note(day, "ADD", self.income)
        self.balance += self.income
        if self.number % SAVERS_EVERY == 0:
            self._save(day)

    def _pay(self, day: date, amount: int, reason: str, *, among: list | None = None) -> None:
        amount = min(amount, MOST_BY_PIN)
        payee = self.chance.choice(among or self.others)
        takes = payee.joined < day <= payee.ends and payee.balance + amount <= payee.most
        if self.balance >= amount and takes:
            self._note(day, "PAY", amount, to=payee.person.name, reason=reason)
            self.balance -= amount
            payee.balance += amount

    def _save(self, day: date) -> None:
        amount = self.income // 12 if self.has_savings else max(1_000, self.income // 10)
        if self.balance >= amount + 500:
            self._note(day, "SAVE", amount)
            self.balance -= amount
            self.has_savings = True

    def _borrow(self, day: date) -> None:
        """
        What is borrowed is not spent here, so that it is there when it is paid back; only what it
        costs goes out of what there is.
        """
        since = (day - self.joined).days - self._first_loan
        if self.number % BORROWS_NOT_EVERY == 0 or since < 0:
            return
        amount, cost = self.loan, self.loan // 20 + 1
        if since % BETWEEN_LOANS == 0 and self.balance > cost + 500:
            self._note(day, "BORROW", amount, reason=EARNS[self.number % len(EARNS)])
            self.balance, self.has_loan = self.balance - cost, True
            if self.is_leaver and self.balance < MOST_SPENT:
                self._leave(day)
        elif self.has_loan and since % BETWEEN_LOANS == 24 + self.number % 7:
            self._note(day, "REPAY", amount)
            self.has_loan = False

    @property
    def _first_loan(self) -> int:
        """Days after joining; those who leave do so one after the other."""
        if self.is_leaver:
            return FIRST_OF_LEAVERS + NEXT_OF_LEAVERS * (self.number // LEAVERS_EVERY)
        return FIRST_LOAN + self.number % 30

    def _leave(self, day: date) -> None:
        """All of it goes, the loan too, so that no night finds anything to collect."""
        self.balance += self.loan
        for _try in range(60):  # Not everybody has room for it.
            if self.balance >= 100:
                self._pay(day, self.balance, "Moving")
        self._try(day, "SHORT", self.balance + 900)
        self.ends = day

    @property
    def loan(self) -> int:
        """What they ask for each time."""
        return min(1_000 + 250 * (self.number % 9), MOST_LENT)

    def _try(self, day: date, kind: str, amount: int) -> None:
        payee = self.others[self.number % len(self.others)]
        if amount <= MOST_BY_PIN and payee.joined < day <= payee.ends:
            self._note(day, kind, amount, to=payee.person.name, reason="Fare")

    def _note(self, day: date, kind: str, amount: int, **more: str) -> None:
        if day != self.day:
            self.day, self.minute = day, self.chance.randint(6 * 60, 9 * 60)
        self.minute = min(self.minute + self.chance.randint(3, 120), 21 * 60)
        when = datetime.combine(day, time(), NAIROBI) + timedelta(
            minutes=self.minute,
            seconds=self.chance.randint(0, 59),
            microseconds=self.number * 100 + len(self.deeds) % 100,
        )
        self.deeds.append(Deed(when, kind, self.person.name, amount, **more))
