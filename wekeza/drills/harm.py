"""What lies sealed as a thief of the database sees it, and harm to it (./bank drill rotation)."""

import base64

from wekeza.kit.encryption import NONCE_BYTES


def _columns() -> list[tuple[type, str]]:
    from accounts.access import rotation

    return [(model, field.column) for model, field in rotation.encrypted_columns()]


def _stored(model, column: str) -> list[tuple[int, str]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {model._meta.pk.column}, {column} "  # noqa: S608 - names of our own columns.
            f"FROM {model._meta.db_table} WHERE {column} <> '' ORDER BY 1"
        )
        return cursor.fetchall()


def nonces_of_all() -> set[bytes]:
    """Every sealed value's nonce; the sealed values that share one are counted here already."""
    found = [
        base64.b64decode(value.partition(":")[2])[:NONCE_BYTES]
        for model, column in _columns()
        for _, value in _stored(model, column)
    ]
    if len(set(found)) != len(found):
        raise RuntimeError(f"{len(found) - len(set(found))} values share a nonce")
    return set(found)


def of_key(key_id: str) -> int:
    from accounts.documents.models import Document

    values = [value for model, column in _columns() for _, value in _stored(model, column)]
    values += Document.objects.values_list("file", flat=True)
    return sum(value.startswith(f"{key_id}:") for value in values)


# Harm: a value as it lies there, changed by somebody who can write to the tables but has no key.


def _turned(value: str, other: str, dice) -> str:
    key_id, _, body = value.partition(":")
    sealed = bytearray(base64.b64decode(body))
    sealed[dice.randrange(len(sealed))] ^= 1 << dice.randrange(8)
    return f"{key_id}:{base64.b64encode(bytes(sealed)).decode()}"


def _cut(value: str, other: str, dice) -> str:
    key_id, _, body = value.partition(":")
    sealed = base64.b64decode(body)
    return f"{key_id}:{base64.b64encode(sealed[: dice.randrange(len(sealed))]).decode()}"


def _moved(value: str, other: str, dice) -> str:
    return other


def _under_another_key(value: str, other: str, dice) -> str:
    return value.replace("new:", "index:", 1)


HARMS = {
    "a bit turned": (_turned, "row"),
    "cut off": (_cut, "row"),
    "named as another key's": (_under_another_key, "row"),
    "moved to another row": (_moved, "row"),
    "moved to another column of its row": (_moved, "column"),
}


def refused_of(harm, options, dice) -> tuple[int, int]:
    """How many of the values harmed in one way do not open, and how many were harmed."""
    from django.db import connection, transaction

    from accounts.notifications.models import Message
    from wekeza.kit.encryption import Undecipherable

    change, source = harm
    stored = {name: dict(_stored(Message, name)) for name in ("recipient", "subject", "body")}
    pks, refused = list(stored["body"]), 0
    for _ in range(options.harmed):
        pk, column = dice.choice(pks), dice.choice(list(stored))
        there = (dice.choice(pks[:-1]), column)
        if there[0] == pk:
            there = (pks[-1], column)
        if source == "column":
            there = (pk, dice.choice([name for name in stored if name != column]))
        wrong = change(stored[column][pk], stored[there[1]][there[0]], dice)
        with transaction.atomic():
            with connection.cursor() as cursor:
                table = Message._meta.db_table
                cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [wrong, pk])  # noqa: S608
            try:
                getattr(Message.objects.get(pk=pk), column)
            except Undecipherable:
                refused += 1
            transaction.set_rollback(True)
    return refused, options.harmed


def refused_files(options, dice) -> tuple[int, int]:
    """How many sealed files do not open after a bit was turned, the end cut off, or two swapped."""
    from accounts.documents.models import Document
    from wekeza.kit.encryption import Undecipherable, unseal

    rows = list(Document.objects.order_by("pk"))
    refused = tried = 0
    for row, other in zip(rows, [*rows[1:], rows[0]], strict=True):
        context = Document._meta.get_field("file").context_of(row)
        sealed, theirs = _lies(row), _lies(other)
        bit = bytearray(sealed)
        bit[dice.randrange(len(bit))] ^= 1 << dice.randrange(8)
        for wrong in (bytes(bit), sealed[: dice.randrange(len(sealed))], theirs):
            tried += 1
            try:
                unseal(wrong, context=context)
            except Undecipherable:
                refused += 1
    return refused, tried


def _lies(row) -> bytes:
    """The file of a row as it lies on the disk."""
    from django.core.files.storage import storages

    name = row.file.rpartition(":")[2]
    with storages["documents"].open(f"{name[:2]}/{name}") as file:
        return file.read()
