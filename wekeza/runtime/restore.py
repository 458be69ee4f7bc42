"""
./bank restore BACKUP: bring a backup back, into an empty bank, and ask whether it is the same.

    ./bank restore BACKUP                  into the bank of this environment, if it is empty
    ./bank restore BACKUP --into FOLDER    into a bank with its own servers in another data folder
    ./bank restore BACKUP --replace-demo   throw the demo bank away that is there

A real bank is never overwritten. The keys are in no backup: put secrets.env of the old bank into
the data folder, or give WEKEZA_KEYS and WEKEZA_INDEX_KEY.
"""

import argparse
import fcntl
import os
import shutil
import sys
import time
from pathlib import Path

from wekeza.runtime import env, secrets, servers
from wekeza.runtime.servers import Servers

ELSEWHERE = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "BACKUP_URL")


def main() -> int:
    asked = argparse.ArgumentParser(
        prog="./bank restore",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    asked.add_argument("backup", type=Path, help="the folder of one backup")
    asked.add_argument("--into", type=Path, metavar="FOLDER", help="another data folder")
    asked.add_argument("--replace-demo", action="store_true", help="throw a demo bank away")
    options = asked.parse_args()
    backup = options.backup.expanduser().absolute()
    if options.into:
        _go_into(options.into)
    if not _has_keys():
        print(
            f"There are no keys: put secrets.env of the old bank into {env.data_folder()}, or "
            "give WEKEZA_KEYS and WEKEZA_INDEX_KEY. No key is in a backup.",
            file=sys.stderr,
        )
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wekeza.settings")
    os.environ.setdefault("WEKEZA_PROCESS", "restore")
    folder = env.data_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"A bank runs on {folder}; close it first (Ctrl-C).", file=sys.stderr)
            return 1
        return _restore(backup, replace_demo=options.replace_demo)


def _go_into(folder: Path) -> None:
    """Another data folder has servers of its own, whatever the environment names."""
    for name in ELSEWHERE:
        os.environ.pop(name, None)
    os.environ["BANK_DATA"] = str(folder.expanduser().absolute())


def _has_keys() -> bool:
    return bool(env.text("WEKEZA_KEYS")) or (env.data_folder() / secrets.FILE).exists()


def _restore(folder: Path, *, replace_demo: bool) -> int:
    import django

    django.setup()
    from django.conf import settings

    from wekeza.backups import parts, programs, restoring
    from wekeza.runtime import backup as words

    if not settings.DATABASE_OWNER_URL:
        print("A restore is the owner's work: give DATABASE_OWNER_URL.", file=sys.stderr)
        return 1
    began = time.monotonic()
    try:
        backup = parts.read(folder)
        parts.check(backup)  # Before a server is started for it.
        with servers.running():
            outcome = restoring.restore(
                backup,
                owner_url=settings.DATABASE_OWNER_URL,
                app_url=settings.DATABASE_URL,
                replace_demo=replace_demo,
            )
    except parts.Damaged as reason:
        print(f"The backup is damaged.\n{reason}", file=sys.stderr)
        return 1
    except (restoring.CannotRestore, programs.NoProgram, programs.ProgramFailed) as reason:
        print(reason, file=sys.stderr)
        return 1
    _forget_queue()
    words.tell(backup)
    status = words.tell_outcome(outcome, f"Restored in {time.monotonic() - began:.1f} s")
    if status:
        print("Do not open this bank.", file=sys.stderr)
    return status


def _forget_queue() -> None:
    """Tasks and cache are of the bank that was there before, or of no bank."""
    if env.text("REDIS_URL"):
        print("Empty the queue and the cache (FLUSHALL) before the bank opens.")
        return
    Servers().broker.stop()
    shutil.rmtree(env.data_folder() / "valkey", ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
