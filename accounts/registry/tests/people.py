"""Customers whom the simulated register knows, and those whom it knows otherwise."""

from itertools import count

from accounts.factories import CustomerFactory
from accounts.registry.models import IdentityCheck

ID, PHONE = IdentityCheck.Kind.ID, IdentityCheck.Kind.PHONE
_numbers = count(1)


def known(register, *, told="Amina Wambui Njeri", owner=None, **facts):
    """A customer who told a name, and the row that the register and the network have."""
    number = next(_numbers)
    row = {
        "id_number": str(60_000_000 + number),
        "first_name": "AMINA",
        "other_name": "WAMBUI",
        "surname": "NJERI",
        "date_of_birth": "1994-03-27",
        "gender": "F",
        "date_of_death": "",
        "phone": f"+25475{number:07}",
        "phone_owner": owner or told,
        "behaviour": "",
    } | facts
    register.people.append(row)
    return CustomerFactory(full_name=told, national_id=row["id_number"], user__phone=row["phone"])


def stranger(**facts):
    """A customer whom nobody has on record."""
    number = next(_numbers)
    return CustomerFactory(
        national_id=str(70_000_000 + number), user__phone=f"+25476{number:07}", **facts
    )


def check_of(customer, kind=ID):
    """The newest check of a customer."""
    return IdentityCheck.objects.filter(customer=customer, kind=kind).latest("id")
