"""Who works at the demo bank: somebody in every role. All of them are invented."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff, known by the first part of the e-mail address."""

    number: int
    name: str
    role: str
    full_name: str

    @property
    def email(self) -> str:
        return f"{self.name}@wekeza.com"

    @property
    def phone(self) -> str:
        return f"+2547111000{self.number:02}"

    @property
    def national_id(self) -> str:
        return f"201100{self.number:02}"


_ROWS = [
    ("admin", "ADMINISTRATOR", "Njeri Wairimu Gathoni"),
    ("admin2", "ADMINISTRATOR", "Hassan Ali Mohamed"),
    ("compliance", "COMPLIANCE", "Atieno Akinyi Odhiambo"),
    ("compliance2", "COMPLIANCE", "Mutiso Kilonzo Musyoka"),
    ("manager", "BRANCH_MANAGER", "Chebet Jepkorir Kiprop"),
    ("operations", "OPERATIONS", "Kamau Ndungu Karanja"),
    ("headteller", "HEAD_TELLER", "Zainab Omar Said"),
    ("teller", "TELLER", "Moraa Kemunto Nyaboke"),
    ("loans", "LOAN_OFFICER", "Barasa Simiyu Wekesa"),
    ("collections", "COLLECTIONS", "Wangari Nyambura Maina"),
    ("risk", "RISK", "Ekai Lokwang Ekiru"),
    ("auditor", "AUDITOR", "Halima Abdi Noor"),
    ("support", "SUPPORT", "Kiprono Cheruiyot Bett"),
    ("finance", "FINANCE", "Auma Achola Ogutu"),
]
COLLEAGUES = [Colleague(number, *row) for number, row in enumerate(_ROWS, 1)]

# Roles that begin and end at the door of a branch; the others hold everywhere.
OF_A_BRANCH = {"BRANCH_MANAGER", "HEAD_TELLER", "TELLER", "LOAN_OFFICER"}
