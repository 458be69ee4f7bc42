"""The shape of one line in a list of transactions; queries make it, `{% tx_rows %}` draws it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """
    One movement as its customer reads it.

    `money` is positive; `direction` is "in" or "out". `at` is an aware moment, shown in EAT; rows
    stand under `day` (a business date), or under the day of `at`. `status` is a code of
    ui_tags.STATUSES, left empty when the money has moved. `url` is its receipt.
    """

    who: str
    at: datetime
    money: Any
    direction: str
    what: str = ""
    reference: str = ""
    balance_after: Any = None
    url: str = ""
    status: str = ""
    icon: str = ""
    day: date | None = None
