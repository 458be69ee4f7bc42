"""What the environment says is what the bank does."""

import json
import re
import runpy
import shutil
import subprocess
import sys

import pytest

from wekeza.runtime import env, secrets

ASK = """
import json, sys, wekeza.settings as s
print(json.dumps({name: getattr(s, name) for name in sys.argv[1:]}, default=str))
"""


def settings_with(names, folder, **given):
    """The named settings as a fresh process reads them from an environment."""
    plain = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(env.ROOT), "BANK_DATA": str(folder)}
    told = subprocess.run(
        [sys.executable, "-c", ASK, *names],
        env=plain | given,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(told.stdout)


class TestSettings:
    @pytest.mark.proves("OP39", "SE06", "PF10")
    def test_take_the_database_from_its_address(self, tmp_path):
        url = "postgresql://bank%5Fapp:s%3Acret@db.example:6432/wekeza?sslmode=verify-full"

        database = settings_with(["DATABASES"], tmp_path, DATABASE_URL=url, DB_POOL="1")
        database = database["DATABASES"]["default"]

        assert database["NAME"] == "wekeza"
        assert (database["USER"], database["PASSWORD"]) == ("bank_app", "s:cret")
        assert (database["HOST"], database["PORT"]) == ("db.example", "6432")
        assert database["OPTIONS"]["sslmode"] == "verify-full"
        assert database["OPTIONS"]["pool"]["max_size"] == 10
        assert "lock_timeout=3s" in database["OPTIONS"]["options"]

    def test_take_the_owner_only_where_they_are_asked_to(self, tmp_path):
        urls = {
            "DATABASE_URL": "postgresql://bank_app:a@db/wekeza",
            "DATABASE_OWNER_URL": "postgresql://bank_owner:b@db/wekeza",
        }

        as_app = settings_with(["DATABASES", "APP_ROLE"], tmp_path, **urls)
        as_owner = settings_with(["DATABASES", "APP_ROLE"], tmp_path, WEKEZA_ROLE="owner", **urls)

        assert as_app["DATABASES"]["default"]["USER"] == "bank_app"
        assert as_owner["DATABASES"]["default"]["USER"] == "bank_owner"
        assert as_app["APP_ROLE"] == as_owner["APP_ROLE"] == "bank_app"

    @pytest.mark.proves("OP40", "OP31")
    def test_take_queue_cache_and_sessions_from_one_redis(self, tmp_path):
        names = ["CELERY_BROKER_URL", "CACHES", "SESSION_ENGINE"]

        told = settings_with(names, tmp_path, REDIS_URL="rediss://:secret@queue.example:6380")

        assert told["CELERY_BROKER_URL"] == "rediss://:secret@queue.example:6380/0"
        assert told["CACHES"]["default"]["LOCATION"] == "rediss://:secret@queue.example:6380/1"
        assert told["SESSION_ENGINE"] == "wekeza.kit.sessions"

    @pytest.mark.proves("OP38")
    def test_take_host_port_and_whether_it_is_production(self, tmp_path):
        names = ["HOST", "PORT", "PRODUCTION", "ALLOWED_HOSTS"]

        plain = settings_with(names, tmp_path)
        given = settings_with(names, tmp_path, LOCAL_HOST="127.0.0.2", LOCAL_PORT="8600")
        short = settings_with(names, tmp_path, LOCAL_PORT="8600", PORT="8700")
        real = settings_with(names, tmp_path, PRODUCTION="true", ALLOWED_HOSTS="bank.example")

        assert (plain["HOST"], plain["PORT"], plain["PRODUCTION"]) == ("127.0.0.1", 8000, False)
        assert (given["HOST"], given["PORT"]) == ("127.0.0.2", 8600)
        assert "127.0.0.2" in given["ALLOWED_HOSTS"] and "*" not in given["ALLOWED_HOSTS"]
        assert short["PORT"] == 8700
        assert real["PRODUCTION"] is True and real["ALLOWED_HOSTS"] == ["bank.example"]

    def test_take_how_long_a_sign_in_lasts(self, tmp_path):
        names = ["CUSTOMER_IDLE_MINUTES", "SESSION_COOKIE_AGE"]

        told = settings_with(names, tmp_path, CUSTOMER_IDLE_MINUTES="5", SESSION_HOURS="1")

        assert told == {"CUSTOMER_IDLE_MINUTES": 5, "SESSION_COOKIE_AGE": 3600}

    @pytest.mark.proves("IA33", "IA34", "IA40")
    def test_take_how_long_a_token_lasts(self, tmp_path):
        names = ["ACCESS_TOKEN_MINUTES", "REFRESH_TOKEN_MINUTES"]

        plain = settings_with(names, tmp_path)
        told = settings_with(
            names, tmp_path, ACCESS_TOKEN_EXPIRE_MINUTES="5", REFRESH_TOKEN_EXPIRE_MINUTES="60"
        )

        assert plain == {"ACCESS_TOKEN_MINUTES": 60, "REFRESH_TOKEN_MINUTES": 7 * 24 * 60}
        assert told == {"ACCESS_TOKEN_MINUTES": 5, "REFRESH_TOKEN_MINUTES": 60}

    def test_open_the_demo_to_the_network_only_when_asked(self, tmp_path):
        assert "*" in settings_with(["ALLOWED_HOSTS"], tmp_path, HOST="0.0.0.0")["ALLOWED_HOSTS"]
        production = settings_with(["ALLOWED_HOSTS"], tmp_path, HOST="0.0.0.0", PRODUCTION="1")
        assert production["ALLOWED_HOSTS"] == []


class TestTheExample:
    def test_names_every_variable_that_is_read(self):
        reading = re.compile(r"env\.(?:text|flag|number|words)\(\s*\"(\w+)\"")
        files = [path for path in env.ROOT.glob("*/**/*.py") if ".venv" not in path.parts]
        read = {name for path in files for name in reading.findall(path.read_text())}
        listed = (env.ROOT / ".env.example").read_text()

        missing = {name for name in read if not re.search(rf"^#? ?{name}=", listed, re.MULTILINE)}

        assert missing <= {"WEKEZA_TEST_BROKER", "WEKEZA_TEST_SERVER"}, "set by tests only"
        for name in ("LOCAL_HOST", "LOCAL_PORT", "PRODUCTION", "DATABASE_URL", "REDIS_URL"):
            assert name in listed

    def test_is_read_by_the_launcher_as_env_but_the_environment_wins(self, tmp_path):
        shutil.copy(env.ROOT / "bank", tmp_path / "bank")
        (tmp_path / ".env").write_text("# a note\nPORT=8100  # ours\nHOST='x'\n")
        launcher = runpy.run_path(str(tmp_path / "bank"), run_name="launcher")

        assert launcher["own_settings"]("run") == {"PORT": "8100", "HOST": "x"}
        assert launcher["own_settings"]("test") == {}


class TestReadingTheEnvironment:
    @pytest.mark.parametrize("value", ["maybe", "2"])
    def test_refuses_a_switch_that_says_neither_yes_nor_no(self, monkeypatch, value):
        monkeypatch.setenv("PRODUCTION", value)

        with pytest.raises(env.BadEnvironment, match="PRODUCTION"):
            env.flag("PRODUCTION")

    def test_refuses_a_port_that_is_no_number(self, monkeypatch):
        monkeypatch.setenv("PORT", "eight")

        with pytest.raises(env.BadEnvironment, match="PORT"):
            env.number("PORT", 8000)

    @pytest.mark.parametrize("url", ["mysql://root:root@localhost:3306/wekeza", "postgresql://db"])
    def test_refuses_the_address_of_another_database(self, url):
        with pytest.raises(env.BadEnvironment, match="postgresql://"):
            env.database_settings(url)

    def test_reads_the_path_of_a_socket_with_spaces_and_capitals(self):
        url = "postgresql://app@%2Fsrv%2FMy%20Bank%2Fpg.sock/wekeza"

        assert env.database_settings(url)["HOST"] == "/srv/My Bank/pg.sock"

    def test_moves_a_socket_whose_path_is_too_long_for_the_system(self, tmp_path):
        deep = tmp_path.joinpath(*["a folder with a long name"] * 5)

        short = env.postgres_socket(deep)

        assert len(str(short)) < 80
        assert short != env.postgres_socket(deep / "other")
        assert short == env.postgres_socket(deep)


class TestSecretsOfADataFolder:
    def test_are_random_kept_and_readable_by_the_owner_only(self, tmp_path):
        made = secrets.of_folder(tmp_path / "one")
        again = secrets.of_folder(tmp_path / "one")
        other = secrets.of_folder(tmp_path / "two")

        assert made == again != other
        assert len(made["SECRET_KEY"]) > 50 and made["WEKEZA_KEYS"].startswith("k1:")
        assert (tmp_path / "one" / secrets.FILE).stat().st_mode & 0o777 == 0o600

    def test_are_not_made_for_a_production_bank(self, tmp_path):
        told = settings_with(
            ["SECRET_KEY", "WEKEZA_KEYS", "WEKEZA_INDEX_KEY"], tmp_path, PRODUCTION="true"
        )

        assert told == {"SECRET_KEY": "", "WEKEZA_KEYS": "", "WEKEZA_INDEX_KEY": ""}
        assert not (tmp_path / secrets.FILE).exists()
