"""Harm to backups, and whether it is named (./bank drill restore)."""

import shutil
from collections.abc import Callable
from pathlib import Path

from wekeza.backups import parts
from wekeza.drills import pitr
from wekeza.runtime.devdb import DatabaseFailed


def _turn_a_bit(path: Path, dice) -> None:
    place = dice.randrange(path.stat().st_size)
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1 << dice.randrange(8)]))


def _cut(path: Path, dice) -> None:
    with path.open("r+b") as file:
        file.truncate(dice.randrange(path.stat().st_size))


def _remove(path: Path, dice) -> None:
    path.unlink()


HARMS: dict[str, Callable[[Path, object], None]] = {
    "a bit turned": _turn_a_bit,
    "cut off": _cut,
    "gone": _remove,
}


def of_files(options, server, base: Path, dice) -> dict[str, tuple[int, int]]:
    """How often pg_verifybackup names the file of a base backup that was harmed."""
    files = [path for path in base.rglob("*") if path.is_file() and path.stat().st_size]
    # The log within it is looked at by reading it; the manifest has a checksum of its own.
    files = [path for path in files if "pg_wal" not in path.parts]
    return {
        f"base backup, {what}": _named(
            harm,
            dice.sample(files, options.harmed),
            lambda path: pitr.verify_base(server, base),
            lambda path: "manifest" if path.name == "backup_manifest" else path.name,
            dice,
        )
        for what, harm in HARMS.items()
    }


def of_log(options, base: Path, log: Path, moment: dict, dice) -> dict[str, tuple[int, int]]:
    """How often a harmed segment is named; and that nobody restores over a gap."""
    first = pitr.first_segment(base)
    known = (log / pitr.CHECKSUMS).read_text().splitlines()
    segments = [log / line.split("  ")[1] for line in known]
    segments = [path for path in segments if path.name >= first]
    found = {
        f"log, {what}": _named(
            harm,
            dice.choices(segments, k=options.harmed),
            lambda path: "\n".join(pitr.verify_log(log, first=first)),
            lambda path: path.name,
            dice,
        )
        for what, harm in HARMS.items()
    }
    return found | {"restore over a gap in the log refused": _over_a_gap(base, segments, moment)}


def _over_a_gap(base: Path, segments: list[Path], moment: dict) -> tuple[int, int]:
    """The base backup brings the log of its own minutes along; what came after is taken away."""
    gap = next(path for path in segments if not (base / "pg_wal" / path.name).exists())
    away = gap.with_name("away")
    gap.rename(away)
    try:
        with pitr.recovered(base, gap.parent, name="gap", until=moment["at"]):
            return 0, 1
    except DatabaseFailed:
        return 1, 1
    finally:
        away.rename(gap)


def of_dump(options, backup: parts.Backup, dice) -> dict[str, tuple[int, int]]:
    """How often `./bank restore` names the part of a logical backup that was harmed."""
    every = [backup.folder / name for name in (*parts.PARTS, parts.MANIFEST)]
    return {
        f"./bank backup, {what}": _named(
            harm,
            dice.choices(every, k=options.harmed),
            lambda path: _told_of(backup.folder),
            lambda path: path.name,
            dice,
        )
        for what, harm in HARMS.items()
    }


def _told_of(folder: Path) -> str:
    try:
        parts.check(parts.read(folder))
    except parts.Damaged as damage:
        return str(damage)
    return ""


def _named(harm, files: list[Path], ask, name, dice) -> tuple[int, int]:
    """Harm one file at a time, ask, put it right again; how often it was named, and of how many."""
    named = 0
    for path in files:
        kept = path.with_name(f".kept-{path.name}")
        shutil.copy2(path, path.parent.parent / kept.name)
        harm(path, dice)
        named += name(path) in ask(path)
        shutil.move(path.parent.parent / kept.name, path)
    return named, len(files)
