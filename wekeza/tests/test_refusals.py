"""A production bank does not start on defaults (reliability rule 39)."""

import os
import subprocess
import sys

import psycopg
import pytest
from psycopg import sql

from wekeza.runtime import env, refusals
from wekeza.runtime.check import production

BAD = {
    "SECRET_KEY": [{"SECRET_KEY": ""}, {"SECRET_KEY": "x" * 60}, {"SECRET_KEY": "secret"}],
    "WEKEZA_KEYS": [{"WEKEZA_KEYS": ""}, {"WEKEZA_KEYS": "k1:" + "A" * 43 + "="}],
    "WEKEZA_INDEX_KEY": [{"WEKEZA_INDEX_KEY": ""}, {"WEKEZA_INDEX_KEY": "A" * 43 + "="}],
    "DEBUG": [{"DEBUG": "1"}],
    "https": [{"SITE_URL": "http://bank.example"}, {"SECURE_SSL_REDIRECT": "0"}],
    "ALLOWED_HOSTS": [{"ALLOWED_HOSTS": ""}, {"ALLOWED_HOSTS": "*"}],
    "default user": [
        {"DATABASE_URL": "postgresql://root:x9f8ahfaj@db.example/wekeza"},
        {"DATABASE_URL": "postgresql://postgres:x9f8ahfaj@db.example/wekeza"},
    ],
    "password": [
        {"DATABASE_URL": "postgresql://bank_app:root@db.example/wekeza"},
        {"DATABASE_URL": "postgresql://bank_app:bank_app@db.example/wekeza"},
        {"DATABASE_OWNER_URL": "postgresql://bank_owner@db.example/wekeza"},
    ],
    "two different roles": [
        {
            "DATABASE_URL": "postgresql://bank:8h2f9aWf@db.example/wekeza",
            "DATABASE_OWNER_URL": "postgresql://bank:8h2f9aWf@db.example/wekeza",
        }
    ],
    "BACKUP_URL": [{"BACKUP_URL": "postgresql://bank_backup@db.example/wekeza"}],
    "embedded": [{"DATABASE_URL": ""}, {"REDIS_URL": ""}],
    "begin with https": [
        {"IPRS_URL": "http://register.example"},
        {"PHONE_OWNER_URL": "http://127.0.0.1:8000"},
        {"METROPOL_URL": "http://bureau.example"},
    ],
    "WEKEZA_DEMO": [{"WEKEZA_DEMO": "1"}],
    "WEKEZA_FAILPOINTS": [{"WEKEZA_FAILPOINTS": "after_commit"}],
}


def check(**given):
    """`manage.py check --deploy` in an environment of its own: (exit code, what it said)."""
    keep = {"PATH": os.environ["PATH"], "PYTHONPATH": str(env.ROOT)}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=env.ROOT,
        env=keep | given,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def open_web(**given):
    """Load the web application as gunicorn does: (exit code, what it said)."""
    done = subprocess.run(
        [sys.executable, "-c", "import wekeza.wsgi"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(env.ROOT)} | given,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


class TestAProductionBank:
    @pytest.mark.proves("SE15", "SE06")
    def test_accepts_an_environment_in_which_nothing_is_a_default(self):
        code, said = check(**production())

        assert code == 0, said

    @pytest.mark.proves("SE06", "OP38")
    @pytest.mark.parametrize(
        ("word", "change"), [(word, change) for word, changes in BAD.items() for change in changes]
    )
    def test_refuses_each_default_and_names_it(self, word, change, settings, monkeypatch):
        given = production() | change
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        settings.PRODUCTION = True
        settings.WEKEZA_ROLE = "app"
        for name in ("SECRET_KEY", "WEKEZA_KEYS", "WEKEZA_INDEX_KEY", "SITE_URL"):
            setattr(settings, name, given[name])
        for name in ("IPRS_URL", "PHONE_OWNER_URL", "METROPOL_URL"):
            setattr(settings, name, given.get(name, ""))
        settings.DEBUG = env.flag("DEBUG")
        settings.WEKEZA_DEMO = env.flag("WEKEZA_DEMO")
        settings.SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
        settings.ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")

        found = [error.msg for error in refusals.settings_refusals()]

        assert any(word.lower() in words.lower() for words in found), found

    def test_does_not_load_its_web_application_on_defaults(self):
        code, said = open_web(**production() | {"DATABASE_OWNER_URL": "", "REDIS_URL": ""})

        assert code != 0
        assert "REDIS_URL must be given" in said

    @pytest.mark.parametrize("process", ["worker", "beat"])
    def test_does_not_start_its_worker_or_its_clock_on_defaults(self, process, tmp_path):
        done = subprocess.run(
            [sys.executable, "-m", "celery", "-A", "wekeza.celery", process],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(env.ROOT)}
            | production()
            | {"SITE_URL": "http://bank.example", "BANK_DATA": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=120,
        )

        assert done.returncode != 0
        assert "SITE_URL must be given" in done.stderr

    def test_does_not_load_without_its_secrets(self):
        code, said = open_web(**production() | {"SECRET_KEY": "", "WEKEZA_KEYS": ""})

        assert code != 0
        assert "SECRET_KEY" in said

    @pytest.mark.django_db
    def test_does_not_start_with_another_key_of_its_indexes(self, settings):
        assert refusals.index_refusals(databases=["default"]) == []
        settings.WEKEZA_INDEX_KEY = production()["WEKEZA_INDEX_KEY"]

        [found] = refusals.index_refusals(databases=["default"])

        assert "WEKEZA_INDEX_KEY" in found.msg

    def test_another_bank_may_stand_on_defaults(self, settings):
        settings.PRODUCTION = False

        assert refusals.settings_refusals() == []


@pytest.fixture
def role(test_cluster, bank_database):
    """Makes a role with some rights in the tests' cluster: role("LOGIN SUPERUSER") -> its name."""
    if not test_cluster.is_embedded:
        pytest.skip("needs the embedded PostgreSQL, whose superuser makes roles")
    made = []
    host = str(env.postgres_socket(test_cluster.folder, "postgres-test"))
    database = env.database_settings(bank_database["app"])["NAME"]
    with psycopg.connect(host=host, user="postgres", dbname=database, autocommit=True) as db:

        def make(rights):
            name = f"try_{os.getpid()}_{len(made)}"
            db.execute(sql.SQL(f"CREATE ROLE {{}} {rights}").format(sql.Identifier(name)))
            db.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                    sql.Identifier(database), sql.Identifier(name)
                )
            )
            made.append(name)
            return name

        yield make
        for name in made:
            db.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(name)))
            db.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


@pytest.mark.django_db(transaction=True)
class TestTheRoleOfAProductionBank:
    def refused(self, settings, bank_database, role):
        from django.db import connections

        settings.PRODUCTION = True
        settings.WEKEZA_ROLE = "app"
        connection = connections["default"]
        connection.close()
        before = connection.settings_dict["USER"]
        connection.settings_dict["USER"] = role or before
        try:
            return " ".join(error.msg for error in refusals.role_refusals(databases=["default"]))
        finally:
            connection.close()
            connection.settings_dict["USER"] = before

    @pytest.mark.proves("SE06")
    def test_may_not_be_a_superuser(self, settings, bank_database, role):
        assert "superuser" in self.refused(settings, bank_database, role("LOGIN SUPERUSER"))

    def test_may_not_be_able_to_make_roles(self, settings, bank_database, role):
        assert "make roles" in self.refused(settings, bank_database, role("LOGIN CREATEROLE"))

    def test_may_not_be_a_member_of_the_owner(self, settings, bank_database, role):
        name = role(f"LOGIN IN ROLE {env.OWNER_ROLE}")

        assert "member" in self.refused(settings, bank_database, name)

    def test_may_not_be_the_owner(self, settings, bank_database, test_cluster):
        owner = env.database_settings(bank_database["owner"])["USER"]

        assert "owns tables" in self.refused(settings, bank_database, owner)

    def test_may_not_lose_commits(self, settings, bank_database):
        """The tests' own cluster runs with synchronous_commit off, which is what is refused."""
        assert "synchronous_commit" in self.refused(settings, bank_database, None)
