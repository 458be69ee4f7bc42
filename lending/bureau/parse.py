"""Reading what a bureau says; what cannot be understood is no answer, never a good name."""

from datetime import date, datetime

from ledger.calendar import queries as calendar
from lending.bureau.answers import Report, Result, Standing
from wekeza.kit.questions import Reply

NOT_FOUND = "E017"  # "Identity not found": nobody has lent to them.
IN_DEFAULT = {"004", "005"}  # An account that is, or was, not performing.
GOOD_ACCOUNTS = 2
OLD_MONTHS = 12
COUNT_MOST = 9_999  # More accounts or enquiries than that is no count of one person's.


class Unclear(ValueError):
    """The answer has not the shape that we know."""


def report(reply: Reply, *, number: str, at: datetime) -> Report:
    """This will turn a reply into a report about the holder of a number, as it stands then."""
    said = reply.said
    if str(said.get("api_code") or "") == NOT_FOUND:
        return Report(
            Result.FOUND,
            _text(said, "trx_id")[:60],
            Standing.THIN,
            enquiries_3_months=0,
            raw=reply.text,
        )
    if reply.status != 200 or said.get("has_error") is not False:
        code = _text(said, "api_code") or reply.error or f"HTTP {reply.status}"
        return Report(Result.NO_ANSWER, error=code[:60])
    if _text(said, "identity_number") != number:
        return Report(Result.NO_ANSWER, error="answered about another ID")
    try:
        return Report(
            Result.FOUND,
            _text(said, "trx_id")[:60],
            _standing(said, on=calendar.nairobi_date(at)),
            enquiries_3_months=_count(said.get("no_of_enquiries"), "last_3_months"),
            raw=reply.text,
        )
    except Unclear as unclear:
        return Report(Result.NO_ANSWER, error=str(unclear)[:60])


def _standing(said: dict, *, on: date) -> Standing:
    sectors = said.get("lender_sector")
    if not isinstance(sectors, dict):
        raise Unclear("no lender_sector")
    bad = sum(_count(one, "account_npa") for one in sectors.values())
    once_bad = sum(_count(one, "account_performing_npa_history") for one in sectors.values())
    good = sum(_count(one, "account_performing") for one in sectors.values())
    if bad:
        return Standing.OPEN_NPL
    if once_bad:
        return Standing.SETTLED_OLDER if _all_old(said, on=on) else Standing.SETTLED_DEFAULT
    if not good:
        return Standing.THIN
    return Standing.CLEAN_WITH_GOOD if good >= GOOD_ACCOUNTS else Standing.CLEAN


def _all_old(said: dict, *, on: date) -> bool:
    """Every account that was in default was last paid more than a year ago, and says when."""
    accounts = said.get("account_info")
    if not isinstance(accounts, list):
        return False
    settled = [
        _day(one.get("last_payment_date"))
        for one in accounts
        if isinstance(one, dict) and _text(one, "delinquency_code") in IN_DEFAULT
    ]
    first = calendar.months_after(on, -OLD_MONTHS)
    return bool(settled) and all(day is not None and day < first for day in settled)


def _count(said, name: str) -> int:
    found = said.get(name) if isinstance(said, dict) else None
    if type(found) is not int or not 0 <= found <= COUNT_MOST:
        raise Unclear(f"no {name}")
    return found


def _text(said: dict, name: str) -> str:
    found = str(said.get(name) or "").strip()
    return found if found.isascii() and found.isprintable() else ""


def _day(text) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
