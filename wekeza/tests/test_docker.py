"""
The image and the services of docker-compose.yml: by their schema, by rules of our own, and each
service's very command and health check as processes of this machine, without Docker.
"""

import http.client
import os
import re
import shlex
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest
import redis
import yaml
from django.test import Client

from accounts.factories import UserFactory
from accounts.notifications import operations as notifications
from accounts.notifications.models import DemoInboxItem
from wekeza.runtime import devbroker, doors, env
from wekeza.runtime.devdb import DevPostgres, programs
from wekeza.tests.servers import free_port

COMPOSE = env.ROOT / "docker-compose.yml"
SERVICES = yaml.safe_load(COMPOSE.read_text())["services"]
OURS = {name for name, service in SERVICES.items() if service["image"] == "wekeza"}
GIVEN = re.compile(r"\$\{(\w+)(?:(:[-?])([^}]*))?\}")
KEYS = ("SECRET_KEY", "WEKEZA_KEYS", "WEKEZA_INDEX_KEY")
START_SECONDS = 240  # A busy machine starts slowly.


class Missing(Exception):
    """What Compose would say of a variable that .env does not give."""


def filled(value, given):
    """A value of the file as Compose reads it: ${NAME}, ${NAME:-default}, ${NAME:?words}."""
    if isinstance(value, list):
        return [filled(one, given) for one in value]

    def put_in(found):
        name, how, words = found.groups()
        if given.get(name):
            return given[name]
        if how == ":?":
            raise Missing(f"{name} {words}")
        return words or ""

    return GIVEN.sub(put_in, str(value))


def new_env():
    """What deploy/new_env.py prints, as Compose reads it."""
    made = subprocess.run(
        [sys.executable, str(env.ROOT / "deploy" / "new_env.py")],
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
    )
    lines = [line for line in made.stdout.splitlines() if line and line[0] != "#"]
    return dict(line.split("=", 1) for line in lines)


def environment_of(name, given):
    return {key: filled(value, given) for key, value in SERVICES[name]["environment"].items()}


def instructions():
    """The Dockerfile's instructions: name and words, lines put together."""
    text = re.sub(r"\\\n", " ", (env.ROOT / "Dockerfile").read_text())
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.partition(" ")[::2] for line in lines if line and line[0] != "#")
    return [(name, words.strip()) for name, words in pairs]


class TestTheFiles:
    @pytest.mark.proves("OP10")
    def test_are_what_compose_understands(self):
        asked = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]

        told = subprocess.run(
            [*asked, "vendor.compose-spec", str(COMPOSE)], capture_output=True, text=True
        )

        assert told.returncode == 0, told.stdout + told.stderr

    def test_carry_no_secret_and_say_which_is_missing(self):
        given = new_env()

        for name in ("SECRET_KEY", "WEKEZA_KEYS", "WEKEZA_INDEX_KEY", "APP_PASSWORD"):
            with pytest.raises(Missing, match=f"{name} is missing. Make .env first"):
                environment_of("web", given | {name: ""})
        for name in ("POSTGRES_PASSWORD", "OWNER_PASSWORD", "BACKUP_PASSWORD"):
            with pytest.raises(Missing, match=f"{name} is missing. Make .env first"):
                environment_of("db", given | {name: ""})
        secret = re.compile(r"PASSWORD|SECRET|_KEY|KEYS|TOKEN|_URL$")
        for service in SERVICES.values():
            for key, value in service.get("environment", {}).items():
                assert not secret.search(key) or "${" in str(value), f"{key} stands in the file"

    def test_make_an_env_whose_secrets_nobody_else_has(self):
        first, second = new_env(), new_env()

        for name in first:
            is_secret = re.search("PASSWORD|SECRET|KEY|TOKEN", name)
            assert (first[name] != second[name]) == bool(is_secret), name

    def test_give_the_owners_password_to_nobody_who_serves(self):
        given = new_env()

        knowing = {
            name
            for name in OURS
            if given["OWNER_PASSWORD"] in " ".join(environment_of(name, given).values())
        }
        reading = {
            name
            for name in OURS
            if given["BACKUP_PASSWORD"] in " ".join(environment_of(name, given).values())
        }

        assert (knowing, reading) == ({"migrate"}, {"worker"})

    def test_open_only_web_and_doors_and_on_this_machine_only(self):
        opened = {
            name: [filled(port, {}) for port in service["ports"]]
            for name, service in SERVICES.items()
            if "ports" in service
        }

        assert opened["web"] == ["127.0.0.1:8000:8000"]
        assert opened["doors"] == [f"127.0.0.1:{port}:{port}" for port in doors.DOORS]
        assert set(opened) == {"web", "doors"}

    def test_run_every_process_of_ours_without_rights_and_check_its_health(self):
        for name in OURS:
            service = SERVICES[name]
            assert service["cap_drop"] == ["ALL"] and service["read_only"] is True
            assert "no-new-privileges:true" in service["security_opt"]
            assert "healthcheck" in service or name in {"migrate", "simulators"}

    def test_keep_what_must_last_in_volumes(self):
        kept = yaml.safe_load(COMPOSE.read_text())["volumes"]
        used = {
            volume.partition(":")[0]
            for service in SERVICES.values()
            for volume in service.get("volumes", [])
        }

        assert set(kept) == {"database", "queue", "bank", "backups"}
        assert used - {"./deploy/postgres"} == set(kept)


class TestTheImage:
    def test_ends_as_somebody_who_is_not_root_and_starts_from_a_named_version(self):
        told = instructions()

        users = [words for name, words in told if name == "USER"]
        bases = [words.split()[0] for name, words in told if name == "FROM"]
        assert users and users[-1].split(":")[0].isdigit() and users[-1][0] != "0"
        assert all(":" in base and not base.endswith(":latest") for base in bases)

    def test_copies_what_there_is_and_leaves_out_what_is_secret(self):
        left_out = (env.ROOT / ".dockerignore").read_text().split()

        for name, words in instructions():
            if name == "COPY" and not words.startswith("--from"):
                for source in words.split()[:-1]:
                    assert (env.ROOT / source).exists(), source
        assert {".env", ".data", ".git", ".venv*"} <= set(left_out)

    def test_has_no_secret_and_adds_nothing_from_the_network_but_packages(self):
        for name, words in instructions():
            assert name != "ADD"
            assert not (name in {"ENV", "ARG"} and re.search("PASSWORD|SECRET|TOKEN|_KEY", words))
            assert "curl" not in words and "sudo" not in words

    def test_installs_the_bank_and_the_servers_of_its_demo_by_their_pins(self):
        told = " ".join(words for name, words in instructions() if name == "RUN")

        assert "-r /tmp/requirements.txt" in told and "-r /tmp/requirements-embedded.txt" in told

    @pytest.mark.proves("OP52")
    def test_is_built_and_run_as_the_document_says(self):
        text = (env.ROOT / "docs" / "running.md").read_text()
        told = dict(instructions())

        assert "docker build -t wekeza ." in text
        assert "docker run --rm -p 127.0.0.1:8000:8000 wekeza" in text
        # Alone it is ./bank run: the demo bank with servers of its own.
        assert told["CMD"] == '["python", "-m", "wekeza.runtime.run"]'
        assert "HOST=0.0.0.0" in told["ENV"] and "PORT=8000" in told["ENV"]
        assert told["EXPOSE"] == "8000"


@pytest.fixture
def running(tmp_path):
    """Start a service's own command with its own environment, until its health check passes."""
    started = []

    def start(name, more):
        given = environment_of(name, new_env()) | more
        plain = {key: os.environ[key] for key in ("HOME", "LANG") if key in os.environ}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        environment = plain | {"PATH": path, "PYTHONPATH": str(env.ROOT)} | given
        log = tmp_path / f"{name}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                filled(SERVICES[name]["command"], new_env()),
                cwd=env.ROOT,
                env=environment,
                stdout=out,
                stderr=out,
            )
        started.append(process)
        check = SERVICES[name]["healthcheck"]["test"]
        assert check[0] == "CMD"
        until = time.monotonic() + START_SECONDS
        while True:
            assert process.poll() is None, log.read_text()[-3000:]
            told = subprocess.run(check[1:], env=environment, cwd=env.ROOT, capture_output=True)
            if told.returncode == 0:
                return process
            assert time.monotonic() < until, log.read_text()[-3000:]
            time.sleep(0.2)

    yield start
    for process in started:
        process.terminate()
        process.wait(30)


@pytest.mark.django_db(transaction=True)
class TestTheServices:
    """What is given below stands for the network of Compose: where db and queue are."""

    @pytest.fixture
    def given(self, bank_environment, settings, tmp_path):
        names = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "WEKEZA_TEST_SERVER")
        return {name: bank_environment[name] for name in names} | {
            "BANK_DATA": str(tmp_path),
            **{name: getattr(settings, name) for name in KEYS},
            "WEKEZA_TEST_BROKER": "1",
        }

    @pytest.mark.proves("OP10")
    def test_web_answers(self, running, given):
        port = str(free_port())

        running("web", given | {"PORT": port})

        there = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)
        there.request("GET", "/", headers={"Host": "localhost"})
        assert there.getresponse().status == 200

    def test_worker_and_beat_tell_customers(self, running, given, demo_bank, tmp_path):
        user = UserFactory()
        running("worker", given)
        running("beat", given)

        notifications.queue(user=user, channel="SMS", kind="pin_changed")

        until = time.monotonic() + START_SECONDS
        while not DemoInboxItem.objects.filter(message__user=user).exists():
            assert time.monotonic() < until, (tmp_path / "worker.log").read_text()[-3000:]
            time.sleep(0.2)

    def test_queue_wants_its_password(self, tmp_path):
        argv = filled(SERVICES["queue"]["command"], {"QUEUE_PASSWORD": "of-the-test"})
        socket = tmp_path / "q.sock"
        assert argv[0] == "valkey-server"
        process = subprocess.Popen(
            [devbroker.program(), *argv[1:], "--port", "0", "--unixsocket", str(socket)],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
        )
        try:
            until = time.monotonic() + 30
            while not socket.exists():
                assert time.monotonic() < until
                time.sleep(0.05)
            with redis.Redis(unix_socket_path=str(socket), password="of-the-test") as known:
                assert known.ping()
            with (
                redis.Redis(unix_socket_path=str(socket)) as stranger,
                pytest.raises(redis.AuthenticationError),
            ):
                stranger.ping()
        finally:
            process.terminate()
            process.wait(30)


class TestTheDatabase:
    def test_is_made_migrated_and_peopled_by_the_files_own_commands(self, tmp_path):
        """The script of the roles, then the migrate service, on a server that is new."""
        given = new_env()
        server = DevPostgres(tmp_path, "db").start()
        superuser = {"PGHOST": str(server.socket), "PATH": f"{programs()}:{os.environ['PATH']}"}
        try:
            with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as db:
                db.execute("DROP DATABASE wekeza")
                db.execute("DROP ROLE wekeza_app")
                db.execute("DROP ROLE wekeza_owner")
            script = env.ROOT / "deploy" / "postgres" / "10-roles.sh"
            subprocess.run([str(script)], env=superuser | environment_of("db", given), check=True)
            migrate = environment_of("migrate", given) | {
                "DATABASE_URL": server.url("wekeza_app"),
                "DATABASE_OWNER_URL": server.url("wekeza_owner"),
                "BANK_DATA": str(tmp_path),
                "PYTHONPATH": str(env.ROOT),
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            }
            command = filled(SERVICES["migrate"]["command"], given)
            for _ in range(2):  # Compose runs it again at every start.
                done = subprocess.run(
                    command, cwd=env.ROOT, env=migrate, capture_output=True, text=True
                )
                assert done.returncode == 0, done.stdout + done.stderr
            with psycopg.connect(server.url("wekeza_backup")) as reader:
                people = reader.execute("SELECT count(*) FROM accounts_customer").fetchone()[0]
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    reader.execute("UPDATE ledger_balance SET balance = 0")
        finally:
            server.stop("immediate")
        assert people == 7
        assert "demo-logins.txt" in {path.name for path in tmp_path.iterdir()}

    def test_is_started_with_settings_that_there_are(self, test_cluster):
        command = SERVICES["db"]["command"]
        pairs = [command[at + 1] for at, word in enumerate(command) if word == "-c"]

        for pair in pairs:
            name, value = pair.split("=")
            with psycopg.connect(test_cluster.url("owner", "postgres"), autocommit=True) as db:
                question = "SELECT enumvals FROM pg_settings WHERE lower(name) = %s"
                values = db.execute(question, [name]).fetchone()
            assert values and (values[0] is None or value in values[0]), pair


class TestTheDoors:
    @pytest.mark.django_db
    def test_lead_to_pages_of_the_bank(self):
        for page in doors.DOORS.values():
            answer = Client().get(page)

            assert answer.status_code in {200, 302}, page
            if answer.status_code == 302:
                assert answer["Location"].startswith(("/login/", "/workbench/")), page

    def test_lead_there_whatever_is_asked(self):
        shift = free_port() - min(doors.DOORS)
        opened = doors.servers(site="https://bank.example/", host="127.0.0.1", shift=shift)
        for one in opened:
            threading.Thread(target=one.serve_forever, daemon=True).start()
        try:
            for port, page in doors.DOORS.items():
                there = http.client.HTTPConnection("127.0.0.1", port + shift, timeout=10)
                there.request("GET", "//elsewhere.example/", headers={"Host": "elsewhere.example"})
                answer = there.getresponse()

                assert answer.status == 302
                assert answer.getheader("Location") == f"https://bank.example{page}"
        finally:
            for one in opened:
                one.shutdown()
                one.server_close()


class TestTheDocument:
    @pytest.mark.proves("OP11")
    def test_says_every_command_of_the_quick_start_and_each_door(self):
        text = (env.ROOT / "docs" / "running.md").read_text()

        for words in ("git clone", "python3 deploy/new_env.py > .env", "docker compose up --build"):
            assert words in text, words
        for port, page in doors.DOORS.items():
            assert re.search(rf"{port}.*`{re.escape(page)}`", text), port
        for line in re.findall(r"^(\./bank (?:backup|restore|drill) .*)$", text, re.MULTILINE):
            command = shlex.split(line, comments=True)[1]
            assert command in (env.ROOT / "bank").read_text()
