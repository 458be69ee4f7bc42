"""Short ways through screening for tests: lists that are in force, officers, and cases."""

from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

from django.db import transaction

from accounts.screening import lists, queries, rescreening
from accounts.screening import operations as screening
from accounts.screening.facts import IdNumber, Subject
from wekeza.kit.actor import Actor

DATA = Path(__file__).parent / "data"
NOON = datetime(2026, 11, 21, 9, tzinfo=UTC)
LOADER = Actor("CONSOLE", "loader", person="person:loader")
OFFICER = Actor("STAFF", "2", person="person:officer")
CHIEF = Actor("STAFF", "3", person="person:chief")
SAME_AS_CHIEF = Actor("STAFF", "77", person="person:chief")
WHY = "The photograph and the mother's name differ."
HEAD = "uid,name,dob,country,id_number,gender,weak_aliases,to\n"
_serial = count(1)
LISTED = "D-1,Baraka Tapeli Kimfano,1980-07-04,Kenya,,M,Bazu,"


def load(code="DENY", *, rows=None, text=None, at=NOON, actor=LOADER, **facts):
    """Load a list; `rows` are lines of our own CSV after its header."""
    if text is None:
        text = HEAD + "\n".join(rows)
    return lists.load(
        queries.list_of(code), files={"list.csv": text.encode()}, at=at, actor=actor, **facts
    )


def load_file(code, *names):
    """Load a list from the sample files."""
    files = {name: (DATA / name).read_bytes() for name in names}
    return lists.load(queries.list_of(code), files=files, at=NOON, actor=LOADER)


def somebody(name, **facts):
    """Somebody to ask about; born in 1980, Kenyan, unless the facts say otherwise."""
    usual = {
        "owner_ref": f"test:{next(_serial)}",
        "date_of_birth": date(1980, 7, 4),
        "nationalities": ("KE",),
        "ids": (IdNumber("44556677", "KE"),),
    }
    return Subject(names=(name,), **usual | facts)


def screen(subject, cause="ONBOARDING"):
    """Ask about somebody at noon."""
    return screening.screen(subject, cause=cause, at=NOON, actor=LOADER)


def finish(version, at=NOON):
    """Let everybody be compared with a version; nobody is there."""
    for room in rescreening.ROOMS:
        chunks = rescreening.hand_out(version=version.pk, room=room, ranges=())
        with transaction.atomic():
            for first, last in chunks:
                rescreening.finish(version=version.pk, room=room, first=first, last=last, at=at)


def end(hit, decision):
    """Two persons decide a case."""
    screening.propose(hit, decision=decision, reason=WHY, at=NOON, actor=OFFICER)
    screening.decide(hit, agrees=True, reason=WHY, at=NOON, actor=CHIEF)
