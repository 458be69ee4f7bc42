"""
The natural person behind a login. One human may bank here and work here: both are the same person
when their national IDs have the same keyed hash, and four eyes compare persons.
"""

from wekeza.kit.encryption import blind_index


def id_index(national_id: str) -> str:
    """This will give the keyed hash under which a national ID can be found."""
    return blind_index(national_id, context="customer.national_id")


def person_of(index: str) -> str:
    """This will name the person whose national ID has this keyed hash, for actors and approvals."""
    return f"person:{index[:32]}"
