"""
The natural person behind a login. One human may bank here and work here: both are the same person
when their national IDs have the same keyed hash, and four eyes compare persons.
"""

from wekeza.kit.encryption import blind_index

KNOWN = "person:"


def id_index(national_id: str) -> str:
    """This will give the keyed hash under which a national ID can be found."""
    return blind_index(national_id, context="customer.national_id")


def person_of(index: str) -> str:
    """This will name the person whose national ID has this keyed hash, for actors and approvals."""
    return f"{KNOWN}{index[:32]}"


def index_of(person: str) -> str:
    """
    This will give what the keyed hashes of a person's national ID begin with, and nothing for
    whoever has none: a task of the bank, or a login that no ID stands behind.
    """
    return person.removeprefix(KNOWN) if person.startswith(KNOWN) else ""
