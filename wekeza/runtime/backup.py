"""
./bank backup: copy the database and the sealed documents, of one moment, into a new folder.

    ./bank backup                    into BACKUP_FOLDER (BANK_DATA/backups)
    ./bank backup --to FOLDER        somewhere else
    ./bank backup --verify           and restore it into a scratch server: is it the same?
    ./bank backup --daily            what the clock does: and tell staff, and throw old ones away
    ./bank backup --check BACKUP     only compare the parts of one with their checksums

The database is read as BACKUP_URL, or DATABASE_OWNER_URL. No key is put into a backup: keep
WEKEZA_KEYS and WEKEZA_INDEX_KEY (secrets.env of a bank with its own servers) somewhere else.
"""

import argparse
import os
import sys
from pathlib import Path

from wekeza.runtime import servers


def main() -> int:
    asked = argparse.ArgumentParser(
        prog="./bank backup",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    asked.add_argument("--to", type=Path, metavar="FOLDER", help="instead of BACKUP_FOLDER")
    asked.add_argument("--verify", action="store_true", help="restore it for a trial")
    asked.add_argument("--daily", action="store_true", help="what the clock does")
    asked.add_argument("--check", type=Path, metavar="BACKUP", help="only compare checksums")
    options = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wekeza.settings")
    os.environ.setdefault("WEKEZA_PROCESS", "backup")
    import django

    django.setup()
    from wekeza.backups import making, parts, programs, scratch

    try:
        if options.check:
            return _check(options.check)
        with servers.running():
            return _daily() if options.daily else _make(options)
    except (parts.Damaged, making.Occupied, making.Unsteady, scratch.CannotVerify) as reason:
        print(reason, file=sys.stderr)
    except (programs.NoProgram, programs.ProgramFailed) as reason:
        print(reason, file=sys.stderr)
    return 1


def _check(folder: Path) -> int:
    from wekeza.backups import parts

    backup = parts.read(folder)
    parts.check(backup)
    print(f"{backup.name}: every part is as it was made, {backup.size_bytes:,} bytes.")
    return 0


def _make(options: argparse.Namespace) -> int:
    from django.conf import settings
    from django.utils import timezone

    from wekeza.backups import making, scratch
    from wekeza.drills import record

    if not settings.BACKUP_URL:
        print(
            "DATABASE_URL is the application role, which may not read everything: name a role "
            "that may by BACKUP_URL or DATABASE_OWNER_URL.",
            file=sys.stderr,
        )
        return 1
    folder = (options.to or settings.BACKUP_FOLDER).expanduser().absolute()
    backup = making.make(folder, url=settings.BACKUP_URL, at=timezone.now(), code=record.commit())
    tell(backup)
    if not options.verify:
        print("Not verified yet: ./bank backup --verify makes one and restores it for a trial.")
        return 0
    outcome = scratch.verify(backup, at=timezone.now())
    return tell_outcome(outcome, "Restored for a trial")


def tell(backup) -> None:
    """This will say what is in a backup, and which keys it needs."""
    manifest = backup.manifest
    bank, documents = manifest["bank"], manifest["documents"]
    figures = ", ".join(f"{count:,} {what}" for what, count in bank["figures"].items())
    print(f"{backup.folder}")
    print(f"  {backup.size_bytes:,} bytes: {figures}, {documents['files']:,} documents")
    print(f"  digest {bank['digest']}")
    print(f"  needs the keys {', '.join(bank['keys']) or '(none yet)'}, which are NOT in it")
    for path in documents["lost"]:
        print(f"  WARNING: a row names documents/{path}, and no such file lies in the storage")


def tell_outcome(outcome, what: str) -> int:
    """This will say how a restored backup compares; 1 if it is not the same."""
    for line in (*outcome.differences, *outcome.broken):
        print(f"  {line}", file=sys.stderr)
    if outcome.is_same:
        print(f"{what}: the same digest, rows and rights; {outcome.proofs} proofs hold.")
        return 0
    print(f"{what}: NOT the same bank; see above.", file=sys.stderr)
    return 1


def _daily() -> int:
    from wekeza.backups import daily

    return daily.main()


if __name__ == "__main__":
    sys.exit(main())
