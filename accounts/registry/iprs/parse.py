"""Reading what the register says; what cannot be understood is no answer, never a "no"."""

from datetime import date, datetime

from accounts.registry.answers import Answer, Result
from wekeza.kit.questions import Reply

NAMES = ("first_name", "other_name", "surname")
DATES = ("%Y-%m-%d", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y")


def answer(reply: Reply, *, national_id: str, request_id: str) -> Answer:
    """This will turn a reply into an answer about one national ID."""
    said = reply.said
    if reply.status == 404 and said.get("statusCode") == 404:
        return Answer(Result.NOT_FOUND, reference=request_id, raw=reply.text)
    person = said.get("data")
    if reply.status != 200 or not isinstance(person, dict):
        return Answer(Result.NO_ANSWER, error=reply.error or f"HTTP {reply.status}")
    if str(person.get("id_number")) != national_id:
        return Answer(Result.NO_ANSWER, error="answered about another ID")
    names = tuple(name for part in NAMES for name in _text(person, part).split())
    born = _day(_text(person, "date_of_birth"))
    if not names or born is None:
        return Answer(Result.NO_ANSWER, error="no name or date of birth")
    return Answer(
        Result.FOUND,
        reference=str(person.get("id") or request_id)[:60],
        raw=reply.text,
        names=names,
        born=born,
        is_deceased=bool(_text(person, "date_of_death")),
    )


def _text(person: dict, name: str) -> str:
    return str(person.get(name) or "").strip()


def _day(text: str) -> date | None:
    """The gateway writes 1994-03-27, and what comes from older systems 3/27/1994 12:00:00 AM."""
    for form in DATES:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, no moment.
        except ValueError:
            continue
    return None
