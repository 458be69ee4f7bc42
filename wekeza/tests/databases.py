"""
The databases of a test run.

The owner makes and migrates a template once for each state of the migrations; every process of a
run clones it and works in the clone as the application role, as the bank does (decision 32).
"""

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from wekeza.runtime import env
from wekeza.runtime.devdb import TEST_SETTINGS, DevPostgres

CLUSTER = "postgres-test"
FLOORS = ("ledger", "accounts", "payments", "lending", "insurance", "branch")
STALE_SECONDS = 3600


class TestCluster:
    """The database server of the tests: ours, or the one of DATABASE_OWNER_URL."""

    __test__ = False

    def __init__(self, folder: Path):
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.is_embedded = not env.text("DATABASE_URL")
        self._users = None

    def join(self) -> None:
        """This will start the server, unless another test process has; the last one stops it."""
        if not self.is_embedded:
            return
        self._users = (self.folder / f".{CLUSTER}.users").open("w")
        fcntl.flock(self._users, fcntl.LOCK_SH)
        self._server().start()

    def leave(self) -> None:
        """This will stop the server if nobody else uses it."""
        if self._users is None:
            return
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            if not env.flag("WEKEZA_KEEP_TEST_DB"):
                self._server().stop()
        self._users.close()

    def url(self, role: str, database: str) -> str:
        """This will give the address of one test database, for "owner" or "app"."""
        if self.is_embedded:
            name = env.OWNER_ROLE if role == "owner" else env.APP_ROLE
            return env.embedded_database_url(self.folder, name, name=CLUSTER, database=database)
        given = env.text("DATABASE_OWNER_URL" if role == "owner" else "DATABASE_URL")
        address, _, query = given.partition("?")
        return f"{address.rpartition('/')[0]}/{database}" + (f"?{query}" if query else "")

    def clone(self, label: str, *, template: str = "") -> str:
        """
        This will make a fresh migrated database, or a copy of `template`, to which nobody may be
        connected, and give its name.
        """
        name = f"wk_{os.getpid()}_{label}"
        with (self.folder / ".template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with self._as_owner() as db:
                template = template or self._template(db)
                db.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                db.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
                # A clone takes no rights of the database itself along.
                db.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
                db.execute(f'GRANT CONNECT ON DATABASE "{name}" TO {self.app_role}')
        return name

    def drop(self, name: str) -> None:
        """
        This will drop a test database, whoever is still connected. A vacuum of the server's own,
        which no owner may end, is waited for.
        """
        with self._as_owner() as db:
            for last in (*[False] * 20, True):
                try:
                    db.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                    return
                except psycopg.errors.InsufficientPrivilege:
                    if last:
                        raise
                    time.sleep(0.5)

    @property
    def app_role(self) -> str:
        return env.database_settings(self.url("app", "any"))["USER"]

    def _server(self) -> DevPostgres:
        return DevPostgres(self.folder, CLUSTER, TEST_SETTINGS)

    def _as_owner(self) -> psycopg.Connection:
        return psycopg.connect(self.url("owner", "postgres"), autocommit=True)

    def _template(self, db: psycopg.Connection) -> str:
        name = f"wk_template_{fingerprint()}"
        found = db.execute(
            "SELECT d.datname, shobj_description(d.oid, 'pg_database') FROM pg_database d "
            "WHERE d.datname LIKE 'wk\\_%'"
        )
        notes = dict(found.fetchall())
        self._drop_leftovers(db, notes, keep=name)
        if notes.get(name):
            return name
        db.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        db.execute(f'CREATE DATABASE "{name}"')
        self._migrate(name)
        db.execute(f"COMMENT ON DATABASE \"{name}\" IS '{int(time.time())}'")
        return name

    def _migrate(self, name: str) -> None:
        urls = {f"DATABASE{part}_URL": self.url(role, name) for part, role in _ROLES.items()}
        done = subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v", "0"],
            cwd=env.ROOT,
            env=os.environ | urls | {"DJANGO_SETTINGS_MODULE": "wekeza.settings_test"},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"the migrations failed:\n{done.stdout}{done.stderr}")

    def _drop_leftovers(self, db: psycopg.Connection, notes: dict, *, keep: str) -> None:
        """Drop what killed runs left, and templates of migrations that are long gone."""
        for name, note in notes.items():
            if name.startswith("wk_template_"):
                is_old = note is None or time.time() - int(note) > STALE_SECONDS
                is_left = name != keep and is_old
            else:
                is_left = (
                    not Path(f"/proc/{name.split('_')[1]}").exists() and Path("/proc").exists()
                )
            if is_left:
                db.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


_ROLES = {"": "app", "_OWNER": "owner"}


def fingerprint() -> str:
    """This will name the state of all migrations, with the SQL and data files that they read."""
    found = hashlib.sha256(env.APP_ROLE.encode())
    found.update((env.ROOT / "wekeza" / "kit" / "rights.py").read_bytes())  # Their own words.
    for floor in FLOORS:
        for path in sorted((env.ROOT / floor).rglob("*")):
            parts = path.relative_to(env.ROOT).parts
            is_data = path.suffix in {".csv", ".json", ".sql"} and "tests" not in parts
            if path.is_file() and ((path.suffix == ".py" and "migrations" in parts) or is_data):
                found.update(str(path.relative_to(env.ROOT)).encode() + path.read_bytes())
    return found.hexdigest()[:12]
