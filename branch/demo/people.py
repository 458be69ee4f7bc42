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
    Person(
        "faith@example.com",
        "+254720000731",
        "Faith Chepkoech Rotich",
        "29870164",
        date(1990, 7, 19),
        When(12, "09:20"),
    ),
    Person(
        "amina@example.com",
        "+254745000253",
        "Amina Yusuf Hassan",
        "35617720",
        date(2001, 4, 8),
        When(1, "15:20"),
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
    (When(6, "08:10"), "faith", "24,000"),
    (When(3, "08:25"), "faith", "24,500"),
]

# Whom a payment of the list below names for the shop's account.
SHOP = "shop"

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
    # What the shop sells.
    (When(4, "10:05"), "juma", SHOP, "4,800", "Cement, 6 bags"),
    (When(4, "16:12"), "emmanuel", SHOP, "4,950", "Timber"),
    (When(2, "09:31"), "nuria", SHOP, "3,250", "Paint"),
    # What comes in and goes out again within hours, which the monitor asks about.
    (When(6, "09:03"), "faith", "juma", "4,900", "Stock"),
    (When(6, "09:06"), "faith", "nuria", "4,900", "Stock"),
    (When(6, "09:11"), "faith", "emmanuel", "4,900", "Stock"),
    (When(6, "09:15"), "faith", "peter", "4,900", "Stock"),
    (When(6, "09:21"), "faith", "grace", "4,000", "Stock"),
    (When(3, "10:02"), "faith", "juma", "4,900", "Stock"),
    (When(3, "10:07"), "faith", "nuria", "4,900", "Stock"),
    (When(3, "10:13"), "faith", "emmanuel", "4,900", "Stock"),
    (When(3, "10:18"), "faith", "peter", "4,900", "Stock"),
    (When(3, "10:24"), "faith", "grace", "4,600", "Stock"),
]

# The shop of Peter and Grace, who are its directors.
BUSINESS = {
    "name": "Wekeza Hardware Ltd",
    "registration_no": "PVT-DEMO4417",
    "kra_pin": "P051234417K",
    "sector": "CONSTRUCTION",
    "nature": "Sells building materials",
    "address": "Kirinyaga Road 12, Nairobi",
}

# People in public office: all invented, and one a namesake of a customer.
WATCH_LIST = b"""name,kind,dob,country,position,from
Amina Hassan Yusuf,person,1969-02-11,KE,Member of a County Assembly,2022-08-25
Wycliffe Ombati Nyakundi,person,1958-10-30,KE,Principal Secretary,2022-12-02
Leshan Ole Saitoti,person,1971,KE,Member of a County Assembly,2022-08-25
"""

# When the staff came, before the first customer.
OPENING = When(13, "07:30")
# When the list of people in public office comes, before anybody is compared with it.
WATCHED = When(13, "07:45")

# How far back a new demo bank begins, so that all of it is booked on its own day.
DAYS = 13
