"""Who banks at the demo bank, and what they did on its first day. All of them are invented."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Person:
    """A customer of the demo bank; `adds` is what they top up first, in KES."""

    email: str
    phone: str
    full_name: str
    national_id: str
    date_of_birth: date
    adds: tuple[str, ...]


PEOPLE = [
    Person(
        "juma@example.com",
        "+254712000214",
        "Juma Otieno Ochieng",
        "31204417",
        date(1994, 3, 27),
        ("20,000", "12,500.50"),
    ),
    Person(
        "grace@example.com",
        "+254722000418",
        "Grace Wanjiku Mwangi",
        "28117731",
        date(1991, 11, 2),
        ("35,000",),
    ),
    Person(
        "emmanuel@wekeza.com",
        "+254733000107",
        "Emmanuel Barasa Wafula",
        "30551202",
        date(1993, 6, 14),
        ("48,250",),
    ),
    Person(
        "nuria@wekeza.com",
        "+254701000366",
        "Nuria Hassan Abdi",
        "33490871",
        date(1998, 9, 5),
        ("15,000",),
    ),
    Person(
        "peter@example.com",
        "+254110000592",
        "Peter Kamau Njoroge",
        "24680135",
        date(1986, 1, 30),
        ("60,000",),
    ),
]

# Who pays whom, how much and for what. Each is small enough for a PIN.
PAYMENTS = [
    ("peter", "juma", "4,800", "Wages, week 46"),
    ("peter", "grace", "4,500", "Wages, week 46"),
    ("juma", "grace", "1,500", "Rent share"),
    ("juma", "nuria", "350", "Lunch"),
    ("grace", "emmanuel", "2,750.50", "School books"),
    ("emmanuel", "nuria", "1,200", "Airtime for the shop"),
    ("nuria", "juma", "500", "Thank you"),
    ("emmanuel", "juma", "3,000", "Chama, November"),
    ("grace", "juma", "3,000", "Chama, November"),
    ("nuria", "juma", "3,000", "Chama, November"),
    ("juma", "peter", "950", "Cement"),
    ("juma", "emmanuel", "640", "Matatu and tea"),
    ("grace", "peter", "1,980", "Water tank, part 1"),
    ("emmanuel", "grace", "275", "Printing"),
    ("peter", "nuria", "2,400", "Design of the poster"),
    ("juma", "grace", "120.75", ""),
]
