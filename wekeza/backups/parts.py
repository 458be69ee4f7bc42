"""
A backup as it lies on the disk: one folder, named by its moment.

    manifest.json         what was true of the bank, and the size and checksum of every other part
    manifest.json.sha256  the manifest's own checksum, as sha256sum writes it
    database.dump         pg_dump's custom format
    fences.txt            rights, triggers and constraints, one a line (facts.fences)
    documents.tar         the sealed files that rows name, as they lie: they open with keys only
    verified.json         only if it was restored into a scratch database and was the same

No key is in it, nor any other secret of the environment.
"""

import hashlib
import json
import os
import re
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from wekeza.kit import sealed_files

FORMAT = 1
MANIFEST, CHECKSUM, VERIFIED = "manifest.json", "manifest.json.sha256", "verified.json"
DATABASE, FENCES, DOCUMENTS = "database.dump", "fences.txt", "documents.tar"
PARTS = (DATABASE, FENCES, DOCUMENTS)
NAME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ")
SEALED_PATH = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")


class Damaged(Exception):
    """A backup is not what it was when it was made; the message names the part."""


@dataclass(frozen=True)
class Backup:
    """One backup: its folder and what its manifest says."""

    folder: Path
    manifest: dict[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def taken_at(self) -> datetime:
        return datetime.fromisoformat(self.manifest["taken_at"])

    @property
    def size_bytes(self) -> int:
        return sum(part["bytes"] for part in self.manifest["parts"])

    @property
    def is_verified(self) -> bool:
        return (self.folder / VERIFIED).exists()


def name_of(moment: datetime) -> str:
    """This will name a backup by its moment: 2026-11-22T02-00-00Z."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H-%M-%SZ}"


def all_in(folder: Path) -> Iterator[Backup]:
    """This will give the whole backups of a folder, the oldest first; damaged ones are left out."""
    for path in sorted(folder.glob("*")) if folder.exists() else []:
        if NAME.fullmatch(path.name):
            try:
                yield read(path)
            except Damaged:
                continue


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """This will measure the parts and write the manifest over them, with its own checksum."""
    parts = [_measured(folder / name) for name in PARTS]
    body = json.dumps(manifest | {"format": FORMAT, "parts": parts}, indent=1) + "\n"
    (folder / MANIFEST).write_text(body)
    (folder / CHECKSUM).write_text(_checksum(folder))


def read(folder: Path) -> Backup:
    """
    This will read the manifest of a backup.

    :raises Damaged: if it is missing, not what was written, or of another time of this program.
    """
    folder = Path(folder)
    try:
        want, found = (folder / CHECKSUM).read_text(), _checksum(folder)
        if want != found:
            raise Damaged(f"{MANIFEST}: expected SHA-256 {want.strip()}, found {found.strip()}")
        manifest = json.loads((folder / MANIFEST).read_text())
    except FileNotFoundError as error:
        raise Damaged(f"{Path(error.filename).name} is missing in {folder}") from None
    except (OSError, ValueError) as error:
        raise Damaged(f"{MANIFEST} cannot be read: {error}") from None
    if manifest["format"] != FORMAT:
        raise Damaged(f"{MANIFEST}: format {manifest['format']}, and this bank reads {FORMAT}")
    return Backup(folder, manifest)


def check(backup: Backup) -> None:
    """
    This will compare every part with the manifest.

    :raises Damaged: naming each part that is missing or changed, with what was expected and found.
    """
    faults = []
    for part in backup.manifest["parts"]:
        path = backup.folder / part["name"]
        if not path.exists():
            faults.append(f"{part['name']} is missing")
        elif (size := path.stat().st_size) != part["bytes"]:
            faults.append(f"{part['name']}: expected {part['bytes']} bytes, found {size}")
        elif (found := sha256(path)) != part["sha256"]:
            faults.append(f"{part['name']}: expected SHA-256 {part['sha256']}, found {found}")
    if faults:
        raise Damaged("\n".join(faults))


def pack_documents(target: Path, paths: Iterable[str]) -> tuple[dict[str, int], list[str]]:
    """
    This will put sealed files into a tar and give how many and how large they are, and the paths
    at which none lies.
    """
    told, missing = {"files": 0, "bytes": 0}, []
    with tarfile.open(target, "w") as tar:
        for path in sorted(paths):
            try:
                sealed = sealed_files.as_it_lies(path)
            except FileNotFoundError:
                missing.append(path)
                continue
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(sealed), 0o600
            tar.addfile(entry, BytesIO(sealed))
            told = {"files": told["files"] + 1, "bytes": told["bytes"] + len(sealed)}
    return told, missing


def documents_in(backup: Backup) -> Iterator[tuple[str, bytes]]:
    """
    This will give each sealed file of a backup with its path in the storage.

    :raises Damaged: if the tar holds anything else: no path leads out of the storage.
    """
    with tarfile.open(backup.folder / DOCUMENTS) as tar:
        for entry in tar:
            if not entry.isreg() or not SEALED_PATH.fullmatch(entry.name):
                raise Damaged(f"{DOCUMENTS}: {entry.name!r} is no sealed file")
            yield entry.name, tar.extractfile(entry).read()


def make_durable(folder: Path) -> None:
    """This will return when everything in a folder is on the disk."""
    for path in [*folder.iterdir(), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sha256(path: Path) -> str:
    """This will give the checksum of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checksum(folder: Path) -> str:
    return f"{sha256(folder / MANIFEST)}  {MANIFEST}\n"


def _measured(path: Path) -> dict[str, Any]:
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": sha256(path)}
