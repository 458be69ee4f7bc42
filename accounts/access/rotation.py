"""
Key rotation: after a new key was put in front of WEKEZA_KEYS, everything that older keys sealed is
sealed anew, so that the old key can be taken away. Indexes have a key of their own that stays.

The bank serves meanwhile: a file is sealed at a new place, its row is swapped to that, and only
then the old one goes.
"""

from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, models, transaction

from wekeza.kit import sealed_files
from wekeza.kit.encryption import (
    EncryptedTextField,
    Sealed,
    Undecipherable,
    decrypt,
    encrypt,
    key_ids,
    newest_key_id,
)

CHUNK = 500
MFA = "mfa.secret"  # What accounts.access.adapters.MfaAdapter seals.


def rotate() -> dict[str, int]:
    """This will seal every older value with the newest key, in chunks; gives counts by column."""
    done = {}
    for model, field in encrypted_columns():
        done[f"{model._meta.label}.{field.name}"] = _rotate_column(model, field)
    for model, field in sealed_files.sealed_columns():
        done[f"{model._meta.label}.{field.name}"] = _rotate_files(model, field)
    done[Authenticator._meta.label] = _rotate_second_factors()
    return done


def encrypted_columns() -> Iterator[tuple[type[models.Model], EncryptedTextField]]:
    """This will give every encrypted column of the bank."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field


def keys_in_use() -> set[str]:
    """This will give the ids of the keys that anything lies sealed with: what a ring must hold."""
    quote, found = connection.ops.quote_name, set()
    sealed = [*encrypted_columns(), *sealed_files.sealed_columns()]
    with connection.cursor() as cursor:
        for model, field in sealed:
            table, column = quote(model._meta.db_table), quote(field.column)
            cursor.execute(
                f"SELECT DISTINCT split_part({column}, ':', 1) FROM {table} "  # noqa: S608
                f"WHERE {column} <> ''"
            )
            found |= {key_id for (key_id,) in cursor}
    known = set(key_ids())
    for data in Authenticator.objects.values_list("data", flat=True).iterator():
        texts = (value for value in data.values() if isinstance(value, str))
        found |= {text.partition(":")[0] for text in texts} & known
    return found


def _rotate_column(model, field) -> int:
    return sum(
        _swap_values(
            model,
            field,
            [
                (row.pk, field.lying_in(row), field.seal(getattr(row, field.attname), row))
                for row in model._base_manager.filter(pk__in=ids)
            ],
        )
        for ids in _sealed_by_older_keys(model, field)
    )


def _swap_values(model, field, values: list[tuple[int, Sealed, Sealed]]) -> int:
    """
    Old values for new ones in one statement, so that nobody waits for a lock while we seal; one
    that somebody has written meanwhile stays as they wrote it, with the newest key.
    """
    quote = connection.ops.quote_name
    table, pk, column = map(quote, (model._meta.db_table, model._meta.pk.column, field.column))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET {column} = v.anew "  # noqa: S608 - names of our own columns.
            "FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS v(id, old, anew) "
            f"WHERE t.{pk} = v.id AND t.{column} = v.old",
            [list(each) for each in zip(*values, strict=True)] or [[], [], []],
        )
        return cursor.rowcount


def _rotate_files(model, field) -> int:
    """New file, then the row, then the old file: who dies in between leaves a file for `sweep`."""
    total = 0
    for ids in _sealed_by_older_keys(model, field):
        for row in model._base_manager.filter(pk__in=ids).order_by("pk"):
            try:
                content = sealed_files.get(row, field.name)
            except FileNotFoundError:
                if getattr(row, field.name):
                    raise  # A file is lost; nobody takes the old key away before that is known.
                continue  # Disposed of since it was listed.
            old, new = getattr(row, field.name), sealed_files.put(row, field.name, content)
            is_swapped = _swap(row, field, old=old, new=new)
            sealed_files.discard(old if is_swapped else new)
            total += is_swapped
    return total


def _swap(row, field, *, old: str, new: str) -> bool:
    """False if the row names another file by now: it was disposed of, or somebody was first."""
    same = type(row)._base_manager.filter(pk=row.pk, **{field.name: old})
    return same.update(**{field.name: new}) == 1


def _sealed_by_older_keys(model, field) -> Iterator[list[int]]:
    """Ids of older values in order, so that a second run goes on where a first one died."""
    quote = connection.ops.quote_name
    older = (
        f"SELECT {quote(model._meta.pk.column)} FROM {quote(model._meta.db_table)} "  # noqa: S608
        f"WHERE {quote(field.column)} <> '' AND {quote(field.column)} NOT LIKE %s "
        f"AND {quote(model._meta.pk.column)} > %s ORDER BY 1 LIMIT {CHUNK}"
    )
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(older, [f"{newest_key_id()}:%", last])
            ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return
        yield ids
        last = ids[-1]


def _rotate_second_factors() -> int:
    """allauth keeps secrets as texts inside a JSON column; whatever opens is sealed anew."""
    total = 0
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().get(pk=pk)
            sealed_anew = {name: _anew(value) for name, value in row.data.items()}
            if sealed_anew != row.data:
                row.data = sealed_anew
                row.save(update_fields=["data"])
                total += 1
    return total


def _anew(value):
    if not isinstance(value, str) or value.startswith(f"{newest_key_id()}:"):
        return value
    try:
        return encrypt(decrypt(value, context=MFA), context=MFA)
    except Undecipherable:
        return value  # Not one of ours: allauth's plain settings.
