"""A server whose write-ahead log is kept elsewhere, and the way back to any moment of it."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from wekeza.backups import programs
from wekeza.backups.parts import sha256
from wekeza.bench.server import DURABLE
from wekeza.runtime.devdb import SETTINGS, DatabaseFailed, DevPostgres

ARCHIVER = "wekeza_archive"
REACHED_WITHIN_SECONDS = 600
SEGMENT_BYTES = 16 * 1024 * 1024
KEEPING = {
    "wal_level": "replica",
    "max_wal_senders": "5",
    "log_min_duration_statement": "-1",
    "idle_in_transaction_session_timeout": "0",
}
SEGMENT = re.compile(r"[0-9A-F]{24}")
CHECKSUMS = "SHA256SUMS"


@dataclass
class Archive:
    """The log as pg_receivewal writes it down: every commit waits until it lies here too."""

    folder: Path
    process: subprocess.Popen

    def segments(self) -> list[str]:
        """This will name the whole segments, the oldest first."""
        return sorted(path.name for path in self.folder.iterdir() if SEGMENT.fullmatch(path.name))

    def seal(self) -> None:
        """This will write down the checksum of every whole segment."""
        lines = [f"{sha256(self.folder / name)}  {name}\n" for name in self.segments()]
        (self.folder / CHECKSUMS).write_text("".join(lines))

    def kill(self) -> None:
        """This will end the archiver as a machine that dies does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)


class Recovering(DevPostgres):
    """A server that reads a log to a moment before anybody comes in."""

    def _make_roles(self) -> None:
        """Roles come with the base backup; here is waited until the moment is reached."""
        until = time.monotonic() + REACHED_WITHIN_SECONDS
        while time.monotonic() < until and self.running():
            try:
                with psycopg.connect(superuser(self)) as db:
                    if not db.execute("SELECT pg_is_in_recovery()").fetchone()[0]:
                        return
            except psycopg.OperationalError:
                time.sleep(0.05)
        tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-5:])
        raise DatabaseFailed(f"the log does not reach that moment:\n{tail}")


def primary(folder: Path) -> DevPostgres:
    """This will make a server as durable as in production that can feed an archive."""
    return DevPostgres(folder, "primary", SETTINGS | DURABLE | KEEPING)


def superuser(server: DevPostgres, database: str = "postgres") -> str:
    """This will give the address of a server for its superuser."""
    return server.url("postgres", database)


def archive(server: DevPostgres, folder: Path) -> Archive:
    """
    This will keep the log of a server in a folder from now on; no commit is answered before it
    lies there (synchronous_standby_names).
    """
    folder.mkdir(mode=0o755)
    program, url = server.bin / "pg_receivewal", superuser(server)
    programs.run(program, "--create-slot", "--slot=archive", url=url)
    process = subprocess.Popen(
        [program, f"--directory={folder}", "--slot=archive", "--synchronous", "--no-loop"],
        env=programs.environment_of(url) | {"PGAPPNAME": ARCHIVER},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with psycopg.connect(url, autocommit=True) as db:
        question = "SELECT count(*) FROM pg_stat_replication WHERE application_name = %s"
        until = time.monotonic() + 30
        while not db.execute(question, [ARCHIVER]).fetchone()[0]:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("pg_receivewal does not receive")
            time.sleep(0.05)
        db.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{ARCHIVER}'")
        db.execute("SELECT pg_reload_conf()")
    return Archive(folder, process)


def begin_segment(server: DevPostgres) -> None:
    """This will go on in a new segment of the log, as a server does that writes more."""
    with psycopg.connect(superuser(server), autocommit=True) as db:
        db.execute("SELECT pg_switch_wal()")


def base_backup(server: DevPostgres, target: Path) -> None:
    """This will copy the files of a running server, with a manifest of SHA-256 checksums."""
    words = (f"--pgdata={target}", "--checkpoint=fast", "--wal-method=stream")
    programs.run(
        server.bin / "pg_basebackup",
        *(*words, "--manifest-checksums=SHA256"),
        url=superuser(server),
    )


def verify_base(server: DevPostgres, base: Path) -> str:
    """This will compare a base backup with its manifest and give what is wrong, or ""."""
    done = subprocess.run(
        [server.bin / "pg_verifybackup", base],
        env=os.environ | {"LC_ALL": "C"},
        capture_output=True,
        text=True,
    )
    return (done.stderr or done.stdout).strip() if done.returncode else ""


def first_segment(base: Path) -> str:
    """This will name the segment of the log at which a base backup begins."""
    return re.search(r"\(file ([0-9A-F]{24})\)", (base / "backup_label").read_text()).group(1)


def verify_log(folder: Path, *, first: str) -> list[str]:
    """
    This will say which segments of an archive, from the one at which the base backup begins, are
    missing, cut, or not what was written down of them.
    """
    known = dict(
        reversed(line.split("  ", 1)) for line in (folder / CHECKSUMS).read_text().splitlines()
    )
    faults, name, last = [], first, max(known)
    while name <= last:
        path = folder / name
        if not path.exists():
            faults.append(f"{name} is missing")
        elif (size := path.stat().st_size) != SEGMENT_BYTES:
            faults.append(f"{name}: expected {SEGMENT_BYTES} bytes, found {size}")
        elif sha256(path) != known.get(name):
            faults.append(f"{name}: expected SHA-256 {known.get(name)}, found {sha256(path)}")
        name = _after(name)
    return faults


@contextlib.contextmanager
def recovered(
    base: Path, log: Path, *, name: str, until: str = ""
) -> Iterator[tuple[DevPostgres, float]]:
    """
    This will open a copy of a base backup at a moment of the log (`until`, a timestamp; the end
    when empty), give its server and the seconds that it took, and take both away again.

    :raises DatabaseFailed: if the log does not reach that moment.
    """
    began = time.monotonic()
    get = f'cp "{log}/%f" "%p" || cp "{log}/%f.partial" "%p"'
    wishes = {
        "restore_command": get,
        "hot_standby": "off",  # Nobody comes in before it is there.
        "synchronous_standby_names": "",
        "recovery_target_action": "promote",
    }
    wishes |= {"recovery_target_time": until} if until else {}
    server = Recovering(base.parent, name, SETTINGS | DURABLE | wishes)
    shutil.copytree(base, server.data)
    (server.data / "postgresql.auto.conf").write_text("")
    (server.data / "recovery.signal").touch()
    try:
        server.start()
        yield server, time.monotonic() - began
    finally:
        server.stop("immediate")
        shutil.rmtree(server.data)


def amcheck(server: DevPostgres, database: str) -> str:
    """This will compare every table with its indexes and give what is wrong, or ""."""
    words = ("--install-missing", "--heapallindexed", f"--database={database}")
    done = subprocess.run(
        [server.bin / "pg_amcheck", *words],
        env=programs.environment_of(superuser(server, database)),
        capture_output=True,
        text=True,
    )
    return (done.stdout + done.stderr).strip()


def _after(name: str) -> str:
    """The next segment: 256 of 16 MB in each file of the second third."""
    timeline, log, segment = (int(name[start : start + 8], 16) for start in (0, 8, 16))
    log, segment = (log, segment + 1) if segment < 255 else (log + 1, 0)
    return f"{timeline:08X}{log:08X}{segment:08X}"
