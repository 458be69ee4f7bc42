"""
./bank drill rotation: a new key for everything that lies sealed, while the bank reads and writes.

Values are sealed with an old key; a new one is put in front of the ring; readers and writers of
their own processes go on while `accounts.access.rotation` seals everything anew. Was a read refused
or wrong, a write lost, a nonce used twice (goal G22)? Does a harmed value open? Then the old key is
taken away, and everything is read once more.
"""

import argparse
import base64
import logging
import multiprocessing
import os
import random
import secrets
import sys
import tempfile
import time
from datetime import UTC, datetime
from typing import NamedTuple

VALUES_OF_A_LOGIN = 5  # Its phone, its application's ID, and recipient, subject and body of a text.
FILES = 200
BYTES_OF_A_FILE = 20_000
CHUNK = 1000


def main() -> int:
    asked = argparse.ArgumentParser(
        prog="./bank drill rotation", description=__doc__.split("\n")[1]
    )
    asked.add_argument("--values", type=int, default=100_000)
    asked.add_argument("--readers", type=int, default=2)
    asked.add_argument("--writers", type=int, default=2)
    asked.add_argument("--harmed", type=int, default=1000, help="values harmed in each way")
    asked.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    options = asked.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "wekeza.settings_test"
    logging.disable(logging.WARNING)
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from wekeza.tests.databases import TestCluster

    cluster = TestCluster(settings.BANK_DATA)
    cluster.join()
    name = cluster.clone("drill")
    connection.settings_dict["NAME"] = name
    try:
        with tempfile.TemporaryDirectory() as folder:  # Tests sweep the one that is theirs.
            settings.STORAGES["documents"]["OPTIONS"]["location"] = folder
            return run(options)
    finally:
        connection.close()
        cluster.drop(name)
        cluster.leave()


def run(options: argparse.Namespace) -> int:
    """This will seal, rotate under load, harm, read again without the old key, and tell."""
    from wekeza.drills import record
    from wekeza.drills.harm import HARMS, nonces_of_all, of_key, refused_files, refused_of

    began, dice = datetime.now(UTC), random.Random(options.seed)  # noqa: S311 - a drill.
    old, new, index = (f"{name}:{_key()}" for name in ("old", "new", "index"))
    _use(old, index)
    logins = fill(options.values)
    nonces = nonces_of_all()
    print(f"{len(nonces):,} values lie sealed", flush=True)
    _use(new, old, index)
    sealed_anew, took, load = _under_load(options, logins)
    later = nonces_of_all()
    print(f"{sealed_anew:,} sealed anew in {took:.1f} s", flush=True)
    left, twice = of_key("old"), len(nonces & later)
    attacks = {what: refused_of(harm, options, dice) for what, harm in HARMS.items()}
    attacks["files turned, cut or swapped"] = refused_files(options, dice)
    _use(new, index)  # The old key is gone; the index key stays the last.
    wrong = wrong_after(logins, load["last"])
    figures = {
        "seed": options.seed,
        "values sealed with the old key": f"{len(nonces):,}, and {FILES} files",
        "sealed anew while the bank worked": f"{sealed_anew:,} in {took:.1f} s",
        "readers, writers": f"{options.readers}, {options.writers}",
        "values read meanwhile": f"{load['reads']:,}",
        "reads that failed or were wrong": load["failed_reads"],
        "values written meanwhile": f"{load['writes']:,}",
        "writes that failed": load["failed_writes"],
        "values that the old key still seals": left,
        "values unreadable, wrong or lost without the old key": wrong,
        "nonces that came twice": f"{twice} of {len(nonces) + len(later):,}",
        **{f"refused: {what}": f"{no:,} of {of:,}" for what, (no, of) in attacks.items()},
    }
    sums = load["failed_reads"] + load["failed_writes"] + left + wrong + twice
    holds = sums == 0 and load["reads"] and load["writes"]
    holds = holds and all(no == of for no, of in attacks.values())
    figures["holds"] = "yes" if holds else "NO"
    words = (
        "Phones, ID numbers, texts and files of made-up people, on PostgreSQL as the application "
        "role; readers and writers are processes of their own. It speaks for goal G22. Repeat it "
        f"with `./bank drill rotation --seed {options.seed} --values {options.values}`."
    )
    path = record.write(
        "rotation", began=began, ended=datetime.now(UTC), figures=figures, words=words
    )
    for what, figure in figures.items():
        print(f"{what}: {figure}")
    print(f"The record is {path}")
    return 0 if holds else 1


# What lies sealed, and what it says: a reader knows by the login's number what must be there.


def phone_of(number: int) -> str:
    return f"+2547{number:08d}"


def body_of(number: int, version: int) -> str:
    return f"Text {version} to {phone_of(number)}"


class Login(NamedTuple):
    """A made-up login: its number, and the keys of its rows."""

    number: int
    user: int
    text: int


def fill(values: int) -> list[Login]:
    """This will seal that many values, and some files."""
    from accounts.access.models import User
    from accounts.access.queries import phone_index
    from accounts.customers.models import Application
    from accounts.notifications.models import Message

    logins: list[Login] = []
    for start in range(0, values // VALUES_OF_A_LOGIN, CHUNK):
        numbers = range(start, min(start + CHUNK, values // VALUES_OF_A_LOGIN))
        users = User.objects.bulk_create(
            [
                User(
                    email=f"login{number}@example.com",
                    phone=phone_of(number),
                    phone_index=phone_index(phone_of(number)),
                    is_phone_verified=True,
                )
                for number in numbers
            ]
        )
        each = list(zip(users, numbers, strict=True))
        Application.objects.bulk_create(
            [Application(user=user, national_id=f"{number:08d}") for user, number in each]
        )
        texts = Message.objects.bulk_create([_text_to(user, number) for user, number in each])
        logins += [
            Login(number, user.pk, text.pk)
            for (user, number), text in zip(each, texts, strict=True)
        ]
    _fill_files(logins)
    return logins


def _text_to(user, number: int):
    from accounts.notifications.models import Message

    return Message(
        user=user,
        channel="SMS",
        kind="drill",
        recipient=phone_of(number),
        subject=f"About {number}",
        body=body_of(number, 0),
    )


def _fill_files(logins: list[Login]) -> None:
    from accounts.documents.models import Document
    from wekeza.kit import sealed_files

    papers = []
    for login in logins[:FILES]:
        paper = Document(
            owner_ref=f"drill:{login.number}",
            kind=Document.Kind.OTHER,
            content_type="image/jpeg",
            size_bytes=BYTES_OF_A_FILE,
            pages=1,
            pixels=0,
            content_index=f"{login.number}",
            uploaded_by="drill",
            uploaded_at=datetime.now(UTC),
        )
        paper.file = sealed_files.put(paper, "file", _paper_of(login.number))
        papers.append(paper)
    Document.objects.bulk_create(papers)


def _paper_of(number: int) -> bytes:
    return f"{number:08d}".encode() * (BYTES_OF_A_FILE // 8)


# The load: each process counts what it read and wrote, and what went wrong.


def _under_load(options, logins: list[Login]) -> tuple[int, float, dict]:
    """This will rotate while readers and writers work; how many, how long, and what they saw."""
    from django.db import connection

    from accounts.access import rotation

    connection.close()  # Each process opens its own.
    many = multiprocessing.get_context("fork")
    over, told = many.Event(), many.Queue()
    doing = [(read, number) for number in range(options.readers)]
    doing += [(write, number) for number in range(options.writers)]
    crowd = [
        many.Process(target=_work, args=(what, number, options, logins, over, told))
        for what, number in doing
    ]
    for one in crowd:
        one.start()
    for _ in crowd:
        told.get(timeout=60)  # Each says that it is at work.
    began = time.monotonic()
    try:
        sealed_anew = sum(rotation.rotate().values())
        took = time.monotonic() - began
    finally:
        over.set()
    load = {"reads": 0, "failed_reads": 0, "writes": 0, "failed_writes": 0, "last": {}}
    for _ in crowd:
        for what, figure in told.get(timeout=120).items():
            load[what] = load[what] | figure if what == "last" else load[what] + figure
    for one in crowd:
        one.join()
    return sealed_anew, took, load


def _work(what, number: int, options, logins, over, told) -> None:
    from django.db import connection

    dice = random.Random(options.seed + 1 + number)  # noqa: S311 - a drill.
    told.put({})
    told.put(what(logins, number, options.writers, dice, over))
    connection.close()


def read(logins, number, writers, dice, over) -> dict:
    """This will read values of random logins, by key and by phone, until it is over."""
    reads = failed = 0
    while not over.is_set():
        seen, login = 0, dice.choice(logins)
        try:
            seen = sum(_is_right(login, version=None))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a failed read.
            print(f"a read failed: {error!r}", flush=True)
        reads, failed = reads + READ_AT_ONCE, failed + READ_AT_ONCE - seen
    return {"reads": reads, "failed_reads": failed}


READ_AT_ONCE = 7


def _is_right(login: Login, *, version: int | None) -> list[bool]:
    """Whether each value of a login, and one file, says what was written into it."""
    from accounts.access.models import User
    from accounts.access.queries import user_by_phone
    from accounts.customers.models import Application
    from accounts.documents.models import Document
    from accounts.notifications.models import Message
    from wekeza.kit import sealed_files

    phone, text = phone_of(login.number), Message.objects.get(pk=login.text)
    known = text.body.split(" ")[1] if version is None else version
    found, paper = user_by_phone(phone), login.number % FILES
    row = Document.objects.get(owner_ref=f"drill:{paper}")
    return [
        User.objects.get(pk=login.user).phone == phone,
        found is not None and found.pk == login.user,
        Application.objects.get(user=login.user).national_id == f"{login.number:08d}",
        text.recipient == phone,
        text.subject == f"About {login.number}",
        text.body == body_of(login.number, known),
        sealed_files.get(row, "file") == _paper_of(paper),
    ]


def write(logins, number, writers, dice, over) -> dict:
    """This will write new texts over old ones, each writer over its own, until it is over."""
    from accounts.notifications.models import Message

    mine = [login for login in logins if login.number % writers == number]
    last, writes, failed = {}, 0, 0
    while not over.is_set():
        login = dice.choice(mine)
        version = last.get(login.text, 0) + 1
        try:
            row = Message.objects.get(pk=login.text)
            row.body = body_of(login.number, version)
            row.save(update_fields=["body"])
            last[login.text] = version
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a failed write.
            print(f"a write failed: {error!r}", flush=True)
            failed += 1
        writes += 1
    return {"writes": writes, "failed_writes": failed, "last": last}


def wrong_after(logins: list[Login], last: dict[int, int]) -> int:
    """
    This will read everything once more and count what is not as it was written last; some logins
    are also looked for by their phone, and their files opened.
    """
    from accounts.access.models import User
    from accounts.customers.models import Application
    from accounts.notifications.models import Message

    wrong = 0
    for start in range(0, len(logins), CHUNK):
        these = logins[start : start + CHUNK]
        users = User.objects.in_bulk([login.user for login in these])
        texts = Message.objects.in_bulk([login.text for login in these])
        told = Application.objects.in_bulk([login.user for login in these], field_name="user_id")
        for login in these:
            phone, text = phone_of(login.number), texts[login.text]
            body = body_of(login.number, last.get(login.text, 0))
            wrong += users[login.user].phone != phone
            wrong += told[login.user].national_id != f"{login.number:08d}"
            wrong += (text.recipient, text.subject, text.body) != (
                phone,
                f"About {login.number}",
                body,
            )
    for login in logins[:FILES]:
        wrong += READ_AT_ONCE - sum(_is_right(login, version=last.get(login.text, 0)))
    return wrong


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _use(*keys: str) -> None:
    from django.conf import settings

    settings.WEKEZA_KEYS = ",".join(keys)


if __name__ == "__main__":
    sys.exit(main())
