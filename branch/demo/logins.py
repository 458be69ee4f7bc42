"""
How the demo bank's people come in: random passwords and PINs, kept in one file that only its owner
may read.

The secrets are written down before the first person exists, as demo-logins.part, so that a bank
whose making was cut short can be finished with the same ones.
"""

import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from accounts.access import pins
from accounts.access.refusals import WeakPin
from branch.demo.colleagues import Colleague
from branch.demo.people import Person
from wekeza.kit.words import phone

FILE, PART = "demo-logins.txt", "demo-logins.part"
PARTNER = "demo-partner.json"
WORDS = (Path(__file__).parent / "words.txt").read_text().split()


@dataclass(frozen=True, slots=True)
class Login:
    """What one person of the demo bank types to come in and to pay."""

    email: str
    password: str
    pin: str


def of_everybody(folder: Path, people: Iterable[Person | Colleague]) -> dict[str, Login]:
    """This will give everybody's login, the same again when an earlier making was cut short."""
    part = folder / PART
    if part.exists():
        kept = json.loads(part.read_text())
        return {login["email"]: Login(**login) for login in kept}
    logins = {person.email: _new(person) for person in people}
    write_secret(part, json.dumps([asdict(login) for login in logins.values()]))
    return logins


def publish(
    folder: Path,
    people: Iterable[Person],
    logins: dict[str, Login],
    *,
    borrowers: Mapping[Person, str] = MappingProxyType({}),
    staff: Iterable[Colleague] = (),
    is_over: bool = True,
) -> Path:
    """
    This will write the file that the launcher shows. When the making is over, the secrets that it
    would go on with are forgotten.
    """
    lines = ["Demo logins: e-mail or phone, password, PIN for payments"]
    lines += [_line(person, logins[person.email]) for person in people]
    if borrowers:
        lines += ["", "Borrowers, the same; and what is to be seen there"]
        lines += [
            f"{_line(person, logins[person.email])}  {words}" for person, words in borrowers.items()
        ]
    lines += [
        "",
        "Staff: e-mail, password, role; the workbench is at /workbench/, codes at /demo/staff/",
    ]
    for colleague in staff:
        password = logins[colleague.email].password
        lines.append(f"  {colleague.email:<24} {password:<28} {colleague.role}")
    lines += ["", f"Partner (docs/partner_demo.py): app and key are in {PARTNER}"]
    write_secret(folder / FILE, "\n".join(lines) + "\n")
    if is_over:
        (folder / PART).unlink(missing_ok=True)
    return folder / FILE


def _line(person: Person, login: Login) -> str:
    return f"  {person.email:<28} {phone(person.phone):<13} {login.password:<28} {login.pin}"


def _new(person: Person | Colleague) -> Login:
    words = "-".join(secrets.choice(WORDS) for _ in range(3))
    pin = _pin(person.date_of_birth) if isinstance(person, Person) else ""
    return Login(person.email, f"{words}-{secrets.randbelow(10_000):04}", pin)


def _pin(born: date) -> str:
    while True:
        pin = f"{secrets.randbelow(10_000):04}"
        try:
            pins.check(pin, date_of_birth=born)
        except WeakPin:
            continue
        return pin


def write_secret(path: Path, text: str) -> None:
    """This will write a file that nobody else reads, not for a moment; whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)
