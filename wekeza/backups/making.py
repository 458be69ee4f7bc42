"""Making a backup: the dump, the figures that prove it, and the sealed files, of one moment."""

import contextlib
import fcntl
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from wekeza.backups import facts, parts, programs
from wekeza.backups.identity import connected_as
from wekeza.backups.parts import Backup
from wekeza.kit import sealed_files

TRIES = 3


class Occupied(Exception):
    """Another backup is being made in this folder, or one of this second is there."""


class Unsteady(Exception):
    """Sealed files went away while they were copied, three times; the message says which."""


def make(folder: Path, *, url: str, at: datetime, code: str) -> Backup:
    """
    This will back up the bank of the settings into a new folder below `folder`, reading the
    database at `url` as a role that may read everything. `code` names the state of the program.

    :raises NoProgram: if no pg_dump fits the server.
    :raises ProgramFailed: if pg_dump fails.
    :raises Occupied: if another one is being made there.
    :raises Unsteady: if documents are moved faster than they are copied.
    """
    name = parts.name_of(at)
    with _alone(folder) as draft:
        if (folder / name).exists():
            raise Occupied(f"{folder / name} is there already")
        for attempt in range(1, TRIES + 1):
            _empty(draft)
            gone = _fill(draft, url=url, at=at, code=code)
            if not gone:
                break
            if attempt == TRIES:
                raise Unsteady(f"{len(gone)} sealed files went away, the first is {gone[0]}")
        parts.make_durable(draft)
        draft.rename(folder / name)
    return parts.read(folder / name)


def _fill(draft: Path, *, url: str, at: datetime, code: str) -> list[str]:
    """Write all parts; give the files that rows named when we looked and that are gone since."""
    with connected_as(url):
        with facts.one_snapshot() as snapshot:
            server, bank = facts.of_server(), facts.of_bank()
            fences, places = facts.fences(), sealed_files.named_paths()
            dumped_by = _dump(draft / parts.DATABASE, server["major"], snapshot, url)
        # A file is written before the row that names it, and taken away after: so files are
        # copied later than the snapshot, and those that went meanwhile show.
        documents, missing = parts.pack_documents(draft / parts.DOCUMENTS, places)
        lost = sorted(set(missing) & sealed_files.named_paths()) if missing else []
    if gone := sorted(set(missing) - set(lost)):
        return gone
    (draft / parts.FENCES).write_text("\n".join(fences) + "\n")
    manifest: dict[str, Any] = {
        "taken_at": at.isoformat(),
        "code": code,
        "server": server | {"roles": sorted(facts.roles_in(fences))},
        "dumped_by": dumped_by,
        "bank": bank,
        "documents": documents | {"lost": lost},
    }
    parts.write_manifest(draft, manifest)
    return []


def _dump(target: Path, major: int, snapshot: str, url: str) -> dict[str, Any]:
    program = programs.fitting("pg_dump", least=major)
    arguments = ("--format=custom", "--no-password", f"--snapshot={snapshot}", f"--file={target}")
    programs.run(program, *arguments, "--lock-wait-timeout=60s", url=url)
    return {"version": programs.version_of(program), "major": programs.major(program)}


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """Hold the folder's lock, and give a draft that nobody takes for a backup."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / ".draft"
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Occupied(f"another backup is being made in {folder}") from None
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _empty(draft: Path) -> None:
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
