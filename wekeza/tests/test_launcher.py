"""
The one command, as a stranger uses it: from a folder with spaces, twice side by side, stopped,
killed and started again. The packages are those of this environment; nothing is downloaded.
"""

import json
import os
import re
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import time
import venv
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from wekeza.runtime import env
from wekeza.runtime.supervisor import command_of
from wekeza.tests.servers import free_port
from wekeza.tests.test_outage import ask

OPEN_SECONDS, CLOSE_SECONDS = 240, 60
GIVEN = {"PATH", "HOME", "LANG", "TMPDIR", "CHROMIUM"}


def launcher(home, *arguments, **given):
    """Start `./bank …` in a plain environment, with a venv whose packages are these."""
    plain = {name: value for name, value in os.environ.items() if name in GIVEN}
    return subprocess.Popen(
        [str(home / "bank"), *arguments],
        env=plain | {"BANK_VENV": sys.prefix, "DEMO_YEAR": "0"} | given,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@dataclass
class Bank:
    """A bank that `./bank run` opened."""

    url: str
    data: Path
    process: subprocess.Popen
    told: str
    seconds: float

    def pids(self) -> dict[str, int]:
        return json.loads((self.data / "run.pids").read_text())

    def close(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=CLOSE_SECONDS)
        return self.process.returncode, rest


def open_bank(home, data, **given):
    port, began = free_port(), time.monotonic()
    given = {"PORT": str(port), "BANK_DATA": str(data)} | given
    process = launcher(home, "run", **given)
    told = ""
    for line in process.stdout:
        told += line
        if "Ctrl-C closes the bank" in line:
            seconds = time.monotonic() - began
            return Bank(f"http://localhost:{port}", data, process, told, seconds)
        assert time.monotonic() - began < OPEN_SECONDS, told
    raise AssertionError(told)


def _no_ensurepip(*_, **__):
    raise subprocess.CalledProcessError(1, ["python3", "-m", "ensurepip"])


def is_gone(pid):
    return "wekeza" not in command_of(pid)


def wait_until(condition, seconds=CLOSE_SECONDS):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A copy of the repository in a folder with spaces, as a clone would be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=env.ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("not a git clone")
    home = tmp_path_factory.mktemp("my own bank") / "a bank"
    for name in filter(None, listed.stdout.split("\0")):
        if (env.ROOT / name).is_file():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(env.ROOT / name, home / name)
    return home


@pytest.fixture(scope="module")
def two_banks(home, tmp_path_factory):
    """Two banks of one clone, at the same time, on other ports and data."""
    first = open_bank(home, home / ".data")
    try:
        second = open_bank(home, tmp_path_factory.mktemp("second") / "its data", WEKEZA_DEMO="")
    except BaseException:
        first.close()
        raise
    yield first, second
    for bank in (first, second):
        if bank.process.poll() is None:
            bank.close()


class TestTwoBanksSideBySide:
    @pytest.mark.proves("OP31", "OP32", "OP36", "OP38")
    def test_open_with_one_command_each(self, two_banks):
        # The demo bank brings the registers that it asks along, as a process of its own.
        for bank, more in zip(two_banks, ({"simulators"}, set()), strict=True):
            status, headers, _ = ask(f"{bank.url}/", Accept="text/html")

            assert status == 200
            assert headers["Server"].startswith("gunicorn")
            assert set(bank.pids()) == {"web", "worker", "beat"} | more
            assert bank.url in bank.told

    @pytest.mark.proves("OP33", "OP41", "OP64")
    def test_have_a_migrated_and_seeded_database_each(self, two_banks):
        for bank in two_banks:
            with psycopg.connect(env.embedded_database_url(bank.data, env.APP_ROLE)) as db:
                lines = db.execute("SELECT count(*) FROM ledger_ledgeraccount").fetchone()[0]
                tiers = db.execute("SELECT count(*) FROM accounts_tier").fetchone()[0]
                assert lines > 50 and tiers >= 3

    def test_work_as_a_role_that_owns_nothing(self, two_banks):
        for bank in two_banks:
            ask(f"{bank.url}/", Cookie=f"session={'k' * 32}")  # It looks for it in the database.
            where = {"host": str(env.postgres_socket(bank.data)), "user": "postgres"}
            with psycopg.connect(**where, dbname=env.DATABASE) as db:
                roles = db.execute(
                    "SELECT DISTINCT usename FROM pg_stat_activity "
                    "WHERE datname = current_database() AND application_name LIKE 'wekeza-%'"
                )
                assert {row[0] for row in roles} == {env.APP_ROLE}

    def test_open_no_port_but_their_own_and_only_on_this_machine(self, two_banks):
        for bank in two_banks:
            port = int(bank.url.rpartition(":")[2])
            with socket.socket() as plug:
                plug.settimeout(1)
                assert plug.connect_ex(("127.0.0.1", port)) == 0
            assert list(bank.data.glob("postgres.sock/.s.PGSQL.5432")) or len(str(bank.data)) > 60

    def test_keep_their_secrets_to_themselves(self, two_banks):
        first, second = ((bank.data / "secrets.env") for bank in two_banks)

        assert first.read_text() != second.read_text()
        assert first.stat().st_mode & 0o777 == 0o600

    def test_print_the_demo_logins_and_keep_them_from_others(self, two_banks, home):
        demo, plain = two_banks
        logins = demo.data / "demo-logins.txt"
        asked = launcher(home, "demo", BANK_DATA=str(demo.data))

        told, _ = asked.communicate(timeout=20)

        assert told.strip() == logins.read_text().strip() and told.strip() in demo.told
        assert logins.stat().st_mode & 0o777 == 0o600
        assert not (plain.data / "demo-logins.txt").exists()

    def test_prove_their_books_while_they_are_open(self, two_banks, home):
        asked = launcher(home, "prove", BANK_DATA=str(two_banks[0].data))

        told, _ = asked.communicate(timeout=60)

        assert asked.returncode == 0, told
        assert "BROKEN" not in told and re.search(r"^digest [0-9a-f]{64}$", told, re.MULTILINE)
        assert two_banks[0].process.poll() is None, "it was not closed for it"

    def test_refuse_a_third_on_the_same_data(self, two_banks, home):
        third = launcher(home, "run", PORT=str(free_port()), BANK_DATA=str(two_banks[0].data))
        told, _ = third.communicate(timeout=OPEN_SECONDS)

        assert third.returncode == 1
        assert "already runs" in told and "BANK_DATA=" in told

    def test_refuse_a_port_that_is_taken(self, two_banks, home, tmp_path):
        port = two_banks[0].url.rpartition(":")[2]
        third = launcher(home, "run", PORT=port, BANK_DATA=str(tmp_path))
        told, _ = third.communicate(timeout=OPEN_SECONDS)

        assert third.returncode == 1
        assert f":{port} is not to be had" in told and "PORT=" in told

    def test_close_cleanly_and_open_again_at_once(self, two_banks, home):
        first, second = two_banks
        pids = first.pids()

        code, told = first.close()

        assert (code, told.strip().splitlines()[-1]) == (0, "Closed.")
        assert all(is_gone(pid) for pid in pids.values())
        assert not (first.data / "run.pids").exists()
        assert not (first.data / "postgres" / "postmaster.pid").exists()
        assert ask(f"{second.url}/", Accept="text/html")[0] == 200, "the other one goes on"

        again = open_bank(home, first.data)
        again.close()
        is_quiet = os.getloadavg()[0] < 2 * (os.cpu_count() or 1)
        assert again.seconds < (8 if is_quiet else OPEN_SECONDS)

    def test_a_killed_bank_does_not_stand_in_the_way_of_the_next(self, two_banks, home):
        second = two_banks[1]
        pids = second.pids()

        os.kill(second.process.pid, signal.SIGKILL)
        second.process.wait(5)
        again = open_bank(home, second.data)

        wait_until(lambda: all(is_gone(pid) for pid in pids.values()))
        assert ask(f"{again.url}/", Accept="text/html")[0] == 200
        assert again.close()[0] == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
class TestAnOrdinaryUser:
    def test_can_open_a_bank_too(self, home, tmp_path):
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("no setpriv here")
        data = Path("/tmp") / f"wekeza-ordinary-{os.getpid()}"  # A folder that everybody reaches.
        data.mkdir(mode=0o700)
        os.chown(data, 65534, 65534)
        # Nobody of this machine, with the one right to pass through root's folders to Python.
        may = "+dac_override"
        command = [setpriv, "--reuid=65534", "--regid=65534", "--clear-groups"]
        command += [f"--inh-caps={may}", f"--ambient-caps={may}", "--", str(home / "bank"), "run"]
        port = free_port()
        given = {
            "PORT": str(port),
            "BANK_DATA": str(data),
            "BANK_VENV": sys.prefix,
            "WEKEZA_DEMO": "",
        }
        process = subprocess.Popen(
            command,
            env={"PATH": os.environ["PATH"], "HOME": str(data)} | given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            told = ""
            for line in process.stdout:
                told += line
                if "Ctrl-C closes" in line:
                    break
            assert "Wekeza is open" in told, told
            assert ask(f"http://localhost:{port}/", Accept="text/html")[0] == 200
            assert (data / "postgres").stat().st_uid == 65534
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=CLOSE_SECONDS)
            assert process.returncode == 0
        finally:
            process.kill()
            shutil.rmtree(data, ignore_errors=True)


class TestTheLauncher:
    def test_says_what_it_can_do(self, home):
        told, _ = (process := launcher(home)).communicate(timeout=20)

        assert process.returncode == 0
        assert all(f"./bank {name}" in told for name in ("run", "test", "check", "prove", "rows"))

    def test_says_what_is_missing_when_no_environment_can_be_made(
        self, home, monkeypatch, tmp_path
    ):
        """Debian's Python without python3-venv: venv is there, ensurepip is not."""
        monkeypatch.setenv("BANK_VENV", str(tmp_path / "venv"))
        monkeypatch.setattr(venv, "create", _no_ensurepip)
        commands = runpy.run_path(str(home / "bank"), run_name="launcher")

        with pytest.raises(SystemExit, match="apt-get install python3"):
            commands["make_environment"]()

    @pytest.mark.proves("OP50")
    def test_runs_all_tests_one_file_one_function_or_counts_coverage(self, home):
        """All tests: this very run. The rest is asked for in a copy, on house rules only."""
        file = "wekeza/tests/test_environment.py"
        one = f"{file}::TestReadingTheEnvironment"
        few = launcher(home, "test", "-n0", file, BANK_DATA=str(home / "few"))
        named = launcher(home, "test", "-n0", one, "-k", "port", BANK_DATA=str(home / "one"))
        counted = launcher(
            home, "test", "-n0", one, "--cov", "--cov-report=term", BANK_DATA=str(home / "cov")
        )
        told = [process.communicate(timeout=120)[0] for process in (few, named, counted)]

        assert [process.returncode for process in (few, named, counted)] == [0, 0, 0], told
        assert "1 passed" in told[1]
        assert "wekeza/runtime/env.py" in told[2] and "TOTAL" in told[2]
