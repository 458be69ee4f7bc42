"""How the bank writes figures, dates, phones and account numbers; used by every page."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

BULLETS = "••••••"  # Always six: their number must not tell how large the balance is.
DOTS = "•••"
MINUS = "\u2212"

CURRENCY_NAMES = {
    "KES": _("Kenyan shillings"),
    "USD": _("US dollars"),
    "EUR": _("Euros"),
    "GBP": _("Pounds sterling"),
    "UGX": _("Ugandan shillings"),
    "TZS": _("Tanzanian shillings"),
    "RWF": _("Rwandan francs"),
    "ZAR": _("South African rand"),
    "NGN": _("Nigerian naira"),
    "GHS": _("Ghanaian cedis"),
}
WITHOUT_CENTS = {"UGX", "RWF"}


class Figure(NamedTuple):
    """An amount taken apart for printing: its currency, whole part with commas, cents, and sign."""

    currency: str
    whole: str
    cents: str
    is_negative: bool


def figure(value, currency: str = "KES") -> Figure:
    """
    This will take apart a Money (anything with `amount` and `currency`), a pair, or a Decimal.

    The books hold four decimals, people read two; halves go up, as the ledger rounds.
    """
    if hasattr(value, "amount"):
        amount, currency = value.amount, value.currency
    elif isinstance(value, tuple):
        amount, currency = value
    else:
        amount = value
    amount = Decimal(amount)
    unit = Decimal(1) if currency in WITHOUT_CENTS else Decimal("0.01")
    rounded = amount.quantize(unit, ROUND_HALF_UP)
    whole, _point, cents = f"{abs(rounded):,}".partition(".")
    return Figure(currency, whole, f".{cents}" if cents else "", rounded < 0)


def plain(value) -> str:
    """This will write an amount as one piece of text: KES 48,250.00."""
    parts = figure(value)
    sign = MINUS if parts.is_negative else ""
    return f"{parts.currency} {sign}{parts.whole}{parts.cents}".replace(" ", "\u00a0", 1)


def local_day(value) -> date:
    """This will give the day in Nairobi of a moment; a date is taken as it is."""
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def day(value) -> str:
    """This will write a date as 21 Nov 2026."""
    return date_format(local_day(value), "j M Y")


def moment(value: datetime) -> str:
    """This will write a moment in East Africa Time, as 21 Nov 2026, 08:33 EAT."""
    local = timezone.localtime(value)
    return f"{date_format(local, 'j M Y')}, {local:%H:%M} EAT"


def clock(value: datetime) -> str:
    """This will write the time of day in East Africa Time, as 08:33."""
    return f"{timezone.localtime(value):%H:%M}"


def day_heading(value, *, today: date) -> str:
    """This will write a day as people say it: Today, 21 November; the year only when another."""
    that_day = local_day(value)
    words = date_format(that_day, "j F" if that_day.year == today.year else "j F Y")
    if that_day == today:
        return str(_("Today, {day}")).format(day=words)
    if that_day == today - timedelta(days=1):
        return str(_("Yesterday, {day}")).format(day=words)
    return words


def phone(value: str) -> str:
    """This will write a Kenyan number in the national form with gaps: 0722 000 418."""
    digits = _national(value)
    return f"{digits[:4]} {digits[4:7]} {digits[7:]}" if len(digits) == 10 else value


def masked_phone(value: str) -> str:
    """This will show the first four and last three digits only: 0722 ••• 418."""
    digits = _national(value)
    if len(digits) < 8:
        return BULLETS
    return f"{digits[:4]} {DOTS} {digits[-3:]}"


def account_number(value: str) -> str:
    """This will group the 13 digits for reading aloud: 001 10 0000017 4."""
    number = str(value)
    if len(number) != 13:
        return number
    return f"{number[:3]} {number[3:5]} {number[5:12]} {number[12:]}"


def masked_account(value: str) -> str:
    """This will show the last four digits only: ••• 4417."""
    return f"{DOTS} {str(value)[-4:]}"


def masked_email(value: str) -> str:
    """This will show the first letter and the domain only: j•••@example.com."""
    name, _at, domain = str(value).partition("@")
    return f"{name[:1]}{DOTS}@{domain}" if domain else BULLETS


def masked_id(value: str) -> str:
    """This will show the last three digits of a national ID only: ••• 678."""
    return f"{DOTS} {str(value)[-3:]}"


def initials(name: str) -> str:
    """This will give the first letters of the first two names, for the round picture."""
    words = [word for word in str(name).split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper()


def _national(value: str) -> str:
    digits = "".join(sign for sign in str(value) if sign.isdigit())
    return "0" + digits[3:] if digits.startswith("254") and len(digits) == 12 else digits


def percent(value) -> str:
    """A rate without idle zeros: 1%, 0.25%."""
    text = f"{Decimal(value):f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"
