"""What is compared: an entry of a list, and the person or company that the bank asks about."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a name belongs to. A person is never compared with a company, nor with a ship."""

    PERSON = "PERSON"
    ENTITY = "ENTITY"
    OTHER = "OTHER"  # Vessels and aircraft: kept, and compared only when nobody knows the kind.


@dataclass(frozen=True, slots=True)
class Name:
    """One name of an entry. A weak alias is one that the publisher says fits many people."""

    text: str
    is_weak: bool = False


@dataclass(frozen=True, slots=True)
class Birth:
    """
    When somebody was born, as far as the list knows: a day (first = last), a year, or some years.
    """

    first: date
    last: date

    @property
    def is_exact(self) -> bool:
        """The list names the day."""
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class IdNumber:
    """The number of an identity document, and the country that issued it (ISO code, or empty)."""

    number: str
    country: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a list as its publisher wrote it, in our terms."""

    uid: str
    kind: Kind
    names: tuple[Name, ...]
    programme: str = ""
    births: tuple[Birth, ...] = ()
    nationalities: tuple[str, ...] = ()
    ids: tuple[IdNumber, ...] = ()
    gender: str = ""
    remarks: str = ""
    left_office: date | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """
    Whom the bank asks about: a customer, a director, a payee. `owner_ref` names it, such as
    "customer:17". Countries are ISO codes, gender is "M", "F" or empty; an unknown kind is None
    and is compared with everything.
    """

    owner_ref: str
    names: tuple[str, ...]
    kind: Kind | None = Kind.PERSON
    date_of_birth: date | None = None
    nationalities: tuple[str, ...] = ()
    ids: tuple[IdNumber, ...] = ()
    gender: str = ""
