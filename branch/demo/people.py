"""Who banks at the demo bank, and what they did in its first days. All of them are invented."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from ledger.calendar.queries import NAIROBI


class When(NamedTuple):
    """A moment before today: so many days ago, at a time of day in Nairobi."""

    days_ago: int
    clock: str

    def on(self, today: date) -> datetime:
        """This will give the moment as it is seen from a day."""
        day = today - timedelta(days=self.days_ago)
        return datetime.combine(day, time.fromisoformat(self.clock), NAIROBI)


@dataclass(frozen=True, slots=True)
class Person:
    """A customer of the demo bank, who is known by the first part of the e-mail address."""

    email: str
    phone: str
    full_name: str
    national_id: str
    date_of_birth: date
    joins: When

    @property
    def name(self) -> str:
        return self.email.partition("@")[0]


PEOPLE = [
    Person(
        "juma@example.com",
        "+254712000214",
        "Juma Otieno Ochieng",
        "31204417",
        date(1994, 3, 27),
        When(13, "08:07"),
    ),
    Person(
        "grace@example.com",
        "+254722000418",
        "Grace Wanjiku Mwangi",
        "28117731",
        date(1991, 11, 2),
        When(13, "08:41"),
    ),
    Person(
        "emmanuel@wekeza.com",
        "+254733000107",
        "Emmanuel Barasa Wafula",
        "30551202",
        date(1993, 6, 14),
        When(13, "10:15"),
    ),
    Person(
        "nuria@wekeza.com",
        "+254701000366",
        "Nuria Hassan Abdi",
        "33490871",
        date(1998, 9, 5),
        When(13, "12:32"),
    ),
    Person(
        "peter@example.com",
        "+254110000592",
        "Peter Kamau Njoroge",
        "24680135",
        date(1986, 1, 30),
        When(13, "16:48"),
    ),
]

# Who brings how much in; the first is what the account begins with.
TOP_UPS = [
    (When(13, "08:19"), "juma", "20,000"),
    (When(13, "09:02"), "grace", "35,000"),
    (When(13, "10:26"), "emmanuel", "48,250"),
    (When(13, "12:50"), "nuria", "15,000"),
    (When(13, "17:05"), "peter", "60,000"),
    (When(10, "18:22"), "juma", "12,500.50"),
]

# Who pays whom, how much and for what. Each is small enough for a PIN.
PAYMENTS = [
    (When(12, "07:31"), "peter", "juma", "4,800", "Wages, week 46"),
    (When(12, "07:34"), "peter", "grace", "4,500", "Wages, week 46"),
    (When(12, "19:08"), "juma", "grace", "1,500", "Rent share"),
    (When(11, "13:12"), "juma", "nuria", "350", "Lunch"),
    (When(9, "10:47"), "grace", "emmanuel", "2,750.50", "School books"),
    (When(9, "15:26"), "emmanuel", "nuria", "1,200", "Airtime for the shop"),
    (When(8, "20:03"), "nuria", "juma", "500", "Thank you"),
    (When(7, "08:15"), "emmanuel", "juma", "3,000", "Chama, November"),
    (When(7, "08:52"), "grace", "juma", "3,000", "Chama, November"),
    (When(7, "09:40"), "nuria", "juma", "3,000", "Chama, November"),
    (When(6, "11:18"), "juma", "peter", "950", "Cement"),
    (When(5, "06:55"), "juma", "emmanuel", "640", "Matatu and tea"),
    (When(4, "14:33"), "grace", "peter", "1,980", "Water tank, part 1"),
    (When(3, "12:09"), "emmanuel", "grace", "275", "Printing"),
    (When(2, "17:21"), "peter", "nuria", "2,400", "Design of the poster"),
    (When(1, "18:46"), "juma", "grace", "120.75", ""),
]

# When the staff came, before the first customer.
OPENING = When(13, "07:30")

# How far back a new demo bank begins, so that all of it is booked on its own day.
DAYS = 13
