"""What customers see when something behind the pages is away."""

import json
import time
import urllib.error
import urllib.request
from urllib.parse import quote

import pytest

from wekeza.kit.sessions import SessionStore, place_of
from wekeza.runtime import env
from wekeza.runtime.devbroker import DevBroker
from wekeza.tests.servers import Passage, start_bank


def ask(url, *, data=None, **headers):
    """GET, or POST with data; gives (status, headers, text) whatever the answer is."""
    request = urllib.request.Request(url, data=data, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, response.headers, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def new_session():
    """A session that stands in the database and in no cache: reading it needs the database."""
    session = SessionStore()
    session["seen"] = True
    session.create()
    return session.session_key


@pytest.fixture
def session_key(transactional_db):
    return new_session()


@pytest.fixture
def fragile_bank(bank_environment, tmp_path):
    """A bank whose database can be lost: (bank, passage)."""
    settings = env.database_settings(bank_environment["DATABASE_URL"])
    passage = Passage(tmp_path / ".s.PGSQL.5432", f"{settings['HOST']}/.s.PGSQL.5432").open()
    url = f"postgresql://{settings['USER']}@{quote(str(tmp_path), safe='')}/{settings['NAME']}"
    bank = start_bank(bank_environment, tmp_path, DATABASE_URL=url, DB_POOL="1")
    yield bank, passage
    bank.stop()
    passage.shut()


@pytest.mark.django_db(transaction=True)
class TestWithoutTheDatabase:
    @pytest.mark.proves("UX23", "UX24", "UX25")
    def test_says_what_is_wrong_and_what_to_do_and_comes_back_by_itself(self, fragile_bank):
        bank, database = fragile_bank
        first, cookie = ({"Cookie": f"session={new_session()}"} for _ in range(2))
        before, _, _ = ask(f"{bank.url}/", **first)

        database.shut()
        status, headers, page = ask(f"{bank.url}/", **cookie)
        still_open, _, _ = ask(f"{bank.url}/", Accept="text/html")
        database.open()
        again, _, _ = ask(f"{bank.url}/", **cookie)

        assert (before, status, again) == (200, 503, 200)
        assert still_open == 200, "pages that need no books go on"
        assert headers["Retry-After"] and headers["X-Request-ID"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "The bank is closed for a moment" in page and "Try again in a minute" in page
        assert "Traceback" not in page and "psycopg" not in page

    def test_tells_a_program_the_same_in_the_missions_error_body(self, fragile_bank, session_key):
        bank, database = fragile_bank
        database.shut()

        status, _, body = ask(
            f"{bank.url}/", Cookie=f"session={session_key}", Accept="application/json"
        )

        error = json.loads(body)
        assert (status, error["status_code"]) == (503, 503)
        assert error["error_code"] == "SERVICE_UNAVAILABLE"
        assert set(error) == {"status_code", "error_code", "message", "details"}


@pytest.mark.django_db(transaction=True)
class TestWithoutCacheAndBroker:
    @pytest.mark.proves("UX24", "OP35")
    def test_pages_go_on_and_the_cache_is_used_again_when_it_is_back(
        self, bank_environment, session_key, tmp_path
    ):
        valkey = DevBroker(tmp_path).start()
        bank = start_bank(bank_environment, tmp_path, REDIS_URL=valkey.url)
        try:
            cookie = {"Cookie": f"session={session_key}", "Accept": "text/html"}
            with_it, _, _ = ask(f"{bank.url}/", **cookie)
            kept = _cached(valkey, session_key)
            valkey.stop()
            without, _, _ = ask(f"{bank.url}/", **cookie)
            valkey.start()
            _forget(valkey)
            again, kept_again = 0, False
            until = time.monotonic() + 20
            while not kept_again and time.monotonic() < until:
                again, _, _ = ask(f"{bank.url}/", **cookie)
                kept_again = _cached(valkey, session_key)
        finally:
            bank.stop()
            valkey.stop()

        assert (with_it, without, again) == (200, 200, 200)
        assert kept, "sessions are read from the cache (OP35)"
        assert kept_again, "and again once it is back"


def _forget(valkey) -> None:
    import redis

    with redis.Redis(unix_socket_path=str(valkey.socket), db=1) as cache:
        cache.flushdb()


def _cached(valkey, session_key) -> bool:
    import redis

    with redis.Redis(unix_socket_path=str(valkey.socket), db=1) as cache:
        place = place_of(SessionStore.cache_key_prefix + session_key).encode()
        return any(place in key for key in cache.scan_iter())
