"""
The copy of everything that the bank holds on a person (Data Protection Act 2019 s.26, s.38).

Each room says what it holds, by a function that settings.PERSONAL_DATA names. What the law forbids
to tell of, screening and cases, is named there by nobody.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.customers.models import Address, Consent, Customer, ProfileChange
from accounts.customers.states import ChangeState
from accounts.kyc.reasons import Reason
from accounts.privacy.words import KEYS, SECTIONS
from accounts.registry.states import CheckState
from wekeza.kit.words import day, moment

FORMAT = "wekeza-personal-data/1"
# Programs read codes, people their words.
CODES = {
    code: label
    for kinds in (
        *(Address.Kind, Consent.Kind, ProfileChange.Field, ChangeState, CheckState),
        *(Customer.KycStatus, Customer.Status, Reason),
    )
    for code, label in kinds.choices
}


@dataclass(frozen=True)
class Section:
    """One heading of the readable copy, with its lists of labelled lines."""

    title: str
    groups: list[list[tuple[str, str]]]


def collect(customer) -> dict:
    """This will ask every room what it holds on a customer, by the names of the registry."""
    return {name: import_string(path)(customer) for name, path in settings.PERSONAL_DATA.items()}


def as_json(customer, *, at: datetime) -> str:
    """This will write the copy for programs; amounts and dates are text."""
    whole = {"format": FORMAT, "made_at": at} | collect(customer)
    return json.dumps(whole, cls=_Encoder, ensure_ascii=False, indent=2)


def as_sections(customer) -> list[Section]:
    """This will lay the copy out for reading, in the language of the page."""
    return [
        Section(str(SECTIONS.get(name, name)), list(_groups(held)))
        for name, held in collect(customer).items()
    ]


class _Encoder(DjangoJSONEncoder):
    def default(self, value):
        try:
            return super().default(value)
        except TypeError:
            return str(value)  # Money, and words that wait for their language.


def _groups(held) -> Iterator[list[tuple[str, str]]]:
    """A list of lines for each thing; what a thing holds itself follows it as lists of its own."""
    for thing in held if isinstance(held, list) else [held]:
        inner = {name: value for name, value in thing.items() if isinstance(value, list)}
        lines = [
            (str(KEYS.get(name, name)), _text(value))
            for name, value in thing.items()
            if name not in inner and value not in ("", None, {})
        ]
        if lines:
            yield lines
        for value in inner.values():
            yield from _groups(value)


def _text(value) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, dict):
        return ", ".join(f"{KEYS.get(name, name)}: {_text(inner)}" for name, inner in value.items())
    return str(CODES.get(value, value) if isinstance(value, str) else value)
