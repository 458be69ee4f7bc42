"""What every page of the bank says besides itself: headers, cookies, one request's id."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.conf import settings as used

from wekeza.runtime import env
from wekeza.runtime.check import production
from wekeza.tests.servers import start_bank
from wekeza.tests.test_outage import ask, new_session

POLICY = {
    **{"default-src": "'none'", "base-uri": "'none'", "frame-ancestors": "'none'"},
    **{"object-src": "'none'", "form-action": "'self'"},
    **dict.fromkeys(
        [f"{kind}-src" for kind in ("script", "style", "img", "font", "connect", "manifest")],
        "'self'",
    ),
    "worker-src": "'self'",
}
HTTPS_PAGE = """
import django, json
django.setup()
from django.test import Client
plain = Client().get("/", headers={"host": "bank.example"})
page = Client().get("/", secure=True, headers={"host": "bank.example"})
cookies = {name: [bool(c["secure"]), c["path"], c["domain"]] for name, c in page.cookies.items()}
print(json.dumps([plain.status_code, plain["Location"], page.status_code,
                  page["Strict-Transport-Security"], cookies]))
"""


@pytest.mark.django_db
class TestEveryAnswer:
    @pytest.mark.proves("SE16")
    @pytest.mark.parametrize("path", ["/", "/there-is-no-such-page/"])
    def test_carries_the_one_strict_policy_and_the_other_headers(self, client, path):
        answer = client.get(path)

        told = dict(
            part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";")
        )
        assert told == POLICY
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in answer["Permissions-Policy"]

    @pytest.mark.proves("SE12", "SE14")
    def test_opens_to_no_other_origin_and_names_its_request(self, client):
        answer = client.get("/", headers={"origin": "https://elsewhere.example"})
        again = client.get("/", headers={"x-request-id": "from-the-proxy-1"})
        forged = client.get("/", headers={"x-request-id": "two\r\nlines"})

        assert "Access-Control-Allow-Origin" not in answer
        assert len(answer["X-Request-ID"]) == 16
        assert again["X-Request-ID"] == "from-the-proxy-1"
        assert forged["X-Request-ID"] != "two\r\nlines"

    def test_goes_through_the_middleware_in_the_order_that_the_house_needs(self):
        order = [path.rpartition(".")[2] for path in used.MIDDLEWARE]
        wanted = ["SecurityMiddleware", "SessionMiddleware", "Language"]
        wanted += ["CsrfViewMiddleware", "AuthenticationMiddleware", "OTPMiddleware", "IdleTimeout"]
        wanted += ["ActorMiddleware", "MessageMiddleware"]

        assert [name for name in order if name in wanted] == wanted


class TestAProductionPage:
    @pytest.mark.proves("SE15", "SE16")
    def test_comes_over_https_only_with_cookies_that_no_other_host_can_set(self, tmp_path):
        import json

        given = production() | {"BANK_DATA": str(tmp_path), "PYTHONPATH": str(env.ROOT)}
        told = subprocess.run(
            [sys.executable, "-c", _without_manifest(HTTPS_PAGE)],
            env=given | {"DJANGO_SETTINGS_MODULE": "wekeza.settings"},
            capture_output=True,
            text=True,
        )
        assert told.returncode == 0, told.stderr[-2000:]
        status, location, secure_status, hsts, cookies = json.loads(told.stdout)

        assert (status, location) == (301, "https://bank.example/")
        assert secure_status == 200
        assert hsts == "max-age=31536000; includeSubDomains; preload"
        assert cookies and all(name.startswith("__Host-") for name in cookies)
        assert all(facts == [True, "/", ""] for facts in cookies.values())


def _without_manifest(code):
    """Nobody has collected the static files of this bank; their names do not matter here."""
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    return (
        "from django.conf import settings\n"
        f"settings.STORAGES['staticfiles']['BACKEND'] = '{plain}'\n" + code
    )


POOLED = "pooled-web"


@pytest.mark.django_db(transaction=True)
class TestGunicorn:
    @pytest.mark.proves("PF10", "OP32", "OP39")
    def test_answers_many_at_once_over_few_connections_that_it_keeps(
        self, bank_environment, bank_database, tmp_path
    ):
        bank = start_bank(bank_environment, tmp_path, DB_POOL="1", WEKEZA_PROCESS=POOLED)
        try:
            keys = [new_session() for _ in range(60)]
            with ThreadPoolExecutor(30) as crowd:
                answers = list(
                    crowd.map(lambda key: ask(f"{bank.url}/", Cookie=f"session={key}"), keys)
                )
            first = backends(bank_database)
            ask(f"{bank.url}/", Cookie=f"session={new_session()}")
            later = backends(bank_database)
        finally:
            bank.stop()

        assert {status for status, _, _ in answers} == {200}
        assert answers[0][1]["Server"].startswith("gunicorn")
        assert 2 <= len(first) <= 10
        assert later <= first, "no new connection was made for the next page"


def backends(bank_database):
    """The server processes that work for this test's web server, and nobody else."""
    with psycopg.connect(bank_database["app"]) as db:
        rows = db.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND application_name = %s",
            [f"wekeza-{POOLED}"],
        )
        return {row[0] for row in rows}
