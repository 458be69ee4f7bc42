"""
Files that lie sealed: a column holds the place of a file that only its own record can open.

A place is "key id:random name". The name says nothing of what is inside; the key's id lets rotation
find what older keys sealed, by the same question as for columns of text. Files lie in the storage
"documents" (settings.STORAGES): a folder below BANK_DATA, or any other Django storage.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import models

from wekeza.kit.encryption import newest_key_id, seal, unseal


class SealedFileField(models.CharField):
    """
    The place of a sealed file; empty when there is none.

    `bound_to` names the columns that are sealed in with it: a file moved to another row, or one
    whose row was changed in them, does not open.
    """

    def __init__(self, *args, context: str, bound_to: tuple[str, ...], **kwargs):
        self.context, self.bound_to = context, tuple(bound_to)
        super().__init__(*args, **{"max_length": 80, "blank": True, "default": ""} | kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"context": self.context, "bound_to": self.bound_to}

    def context_of(self, row) -> str:
        """This will name the record that a file of this column belongs to."""
        return "|".join([self.context, *(str(getattr(row, name)) for name in self.bound_to)])


class DurableStorage(FileSystemStorage):
    """A folder whose files are on the disk, not only on their way there, when `save` returns."""

    def _save(self, name, content):
        kept = super()._save(name, content)
        place = Path(self.path(kept))
        for path in (place, place.parent):
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        return kept


def put(row, column: str, content: bytes) -> str:
    """This will seal a file for a row (saved or not) and give the place to keep in its column."""
    field = row._meta.get_field(column)
    place = f"{newest_key_id()}:{secrets.token_hex(16)}"
    _storage().save(path_of(place), ContentFile(seal(content, context=field.context_of(row))))
    return place


def get(row, column: str) -> bytes:
    """
    This will open the file of a row.

    :raises Undecipherable: if it was changed, cut, swapped, or its key is gone.
    :raises FileNotFoundError: if it was disposed of.
    """
    try:
        sealed = _read(getattr(row, column))
    except FileNotFoundError:
        row.refresh_from_db(fields=[column])  # Sealed anew since the row was read.
        sealed = _read(getattr(row, column))
    return unseal(sealed, context=row._meta.get_field(column).context_of(row))


def discard(*places: str) -> None:
    """This will take sealed files away; what is gone already is no fault."""
    for place in filter(None, places):
        _storage().delete(path_of(place))


def sealed_columns() -> Iterator[tuple[type[models.Model], SealedFileField]]:
    """This will give every column of the bank that holds places of sealed files."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, SealedFileField):
                yield model, field


def named_paths() -> set[str]:
    """This will give the paths of all sealed files that rows name."""
    named = set()
    for model, field in sealed_columns():
        places = model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
        named |= {path_of(place) for place in places.iterator()}
    return named


def all_paths() -> Iterator[str]:
    """This will give the paths of all files that lie in the storage."""
    storage = _storage()
    try:
        shelves, _ = storage.listdir("")
    except FileNotFoundError:
        return  # Nothing was kept yet.
    for shelf in shelves:
        for name in storage.listdir(shelf)[1]:
            yield f"{shelf}/{name}"


def path_of(place: str) -> str:
    """This will give where in the storage the file of a place lies."""
    name = place.rpartition(":")[2]
    return f"{name[:2]}/{name}"


def as_it_lies(path: str) -> bytes:
    """
    This will read a file at a path of the storage without opening it.

    :raises FileNotFoundError: if there is none.
    """
    with _storage().open(path) as file:
        return file.read()


def bring_back(path: str, sealed: bytes) -> bool:
    """
    This will put a file of a backup back at its path; False if it lies there already.

    :raises FileExistsError: if another one lies there; it is not touched.
    """
    if _storage().exists(path):
        if as_it_lies(path) != sealed:
            raise FileExistsError(path)
        return False
    _storage().save(path, ContentFile(sealed))
    return True


def sweep(*, before: datetime) -> int:
    """
    This will take away files older than `before` that no row names: left by a deed that was undone,
    or by a process that died between two steps. It gives their number.
    """
    named = named_paths()
    storage, swept = _storage(), 0
    for path in all_paths():
        with suppress(FileNotFoundError):  # Another sweep was first.
            if path not in named and storage.get_modified_time(path) < before:
                storage.delete(path)
                swept += 1
    return swept


def _storage() -> Storage:
    return storages["documents"]


def _read(place: str) -> bytes:
    if not place:
        raise FileNotFoundError("the row names no file")
    return as_it_lies(path_of(place))
