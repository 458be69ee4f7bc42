"""A database server for one bench: its own data folder, as durable as in production, then gone."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg

from wekeza.runtime import env
from wekeza.runtime.devdb import SETTINGS, DevPostgres

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# What a server of this size would be given; both sides of every ratio run on it.
ROOMY = {
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "max_connections": "200",
    "log_min_duration_statement": "-1",
    "log_lock_waits": "off",
}


class BenchServer:
    """One throw-away cluster: the bank's database, pgbench's and hordak's."""

    def __init__(self, folder: Path):
        self.postgres = DevPostgres(folder, "bench", SETTINGS | ROOMY | DURABLE)
        self.bin = self.postgres.bin
        self.socket = self.postgres.socket

    def make(self, database: str, *, owner: str = "postgres") -> None:
        """This will make an empty database."""
        with self.connection() as db:
            db.execute(f'CREATE DATABASE "{database}" OWNER "{owner}"')

    def say(self, *statements: str, database: str = "postgres") -> list:
        """This will run statements as the superuser and give the last one's rows."""
        with self.connection(database) as db:
            for statement in statements:
                answer = db.execute(statement)
            return answer.fetchall() if answer.description else []

    def durability(self) -> dict[str, str]:
        """This will read back from the server what makes a commit durable, and its version."""
        names = [*DURABLE, "server_version"]
        return {name: self.say(f"SHOW {name}")[0][0] for name in names}

    def environment(self, role: str = env.APP_ROLE) -> dict[str, str]:
        """This will give the environment in which the bank's programs find their database."""
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "wekeza.bench.settings",
            "DATABASE_URL": self.postgres.url(env.APP_ROLE),
            "DATABASE_OWNER_URL": self.postgres.url(env.OWNER_ROLE),
            "WEKEZA_ROLE": "owner" if role == env.OWNER_ROLE else "app",
            "DB_POOL": "",
            "PGHOST": str(self.socket),
        }

    def run(self, *words: str, role: str = env.APP_ROLE) -> str:
        """This will run a program of the bank to its end and give what it printed."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=env.ROOT,
            env=self.environment(role),
            text=True,
            capture_output=True,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def pgbench(self, *words: str) -> str:
        """This will run pgbench as the superuser and give its report."""
        done = subprocess.run(
            [self.bin / "pgbench", "-h", self.socket, "-U", "postgres", *words],
            text=True,
            capture_output=True,
        )
        if done.returncode:
            raise RuntimeError(f"pgbench failed:\n{done.stderr}")
        return done.stdout

    def connection(self, database: str = "postgres") -> psycopg.Connection:
        """This will open one as the superuser."""
        return psycopg.connect(
            host=str(self.socket), user="postgres", dbname=database, autocommit=True
        )


@contextmanager
def bench_server():
    """This will start a server on a new data folder, and remove both at the end."""
    home = env.data_folder()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=home))
    folder.chmod(0o755)  # The server may run as another account of this machine.
    server = BenchServer(folder)
    try:
        server.postgres.start()
        yield server
    finally:
        server.postgres.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
