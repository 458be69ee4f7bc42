"""One shape for every refusal and every fault (003:341-363)."""

import pytest
from django.db import OperationalError

from accounts.access import api as access_api
from accounts.factories import CustomerFactory
from wekeza.tests.api.steps import Program, refused

pytestmark = pytest.mark.django_db
LOGIN = "/api/v1/auth/login"


@pytest.fixture
def stranger():
    return Program()


@pytest.fixture
def amina():
    return Program(user=CustomerFactory().user)


class TestTheEnvelope:
    @pytest.mark.proves("PA04", "PA06")
    @pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/", "/api/v2/auth/login"])
    def test_says_that_there_is_nothing_at_an_address(self, stranger, path):
        refused(stranger.get(path), 404, "NOT_FOUND")
        refused(stranger.post(path), 404, "NOT_FOUND")

    @pytest.mark.parametrize("path", ["/users/me", "/api/v1/auth/me", "/api/v1/auth/logout"])
    def test_says_which_methods_an_address_knows(self, amina, path):
        answer = amina.send("DELETE", path)

        refused(answer, 405, "METHOD_NOT_ALLOWED")
        assert answer["Allow"] in {"GET, HEAD", "POST"}

    def test_knows_no_options(self, stranger):
        refused(stranger.send("OPTIONS", LOGIN), 405, "METHOD_NOT_ALLOWED")

    def test_is_json_even_for_who_asks_for_something_else(self, stranger):
        answer = stranger.post(LOGIN, Accept="text/html")

        assert answer["Content-Type"] == "application/json"
        refused(answer, 406, "NOT_ACCEPTABLE")

    def test_refuses_other_kinds_of_body(self, stranger):
        refused(stranger.send("POST", LOGIN, "<a/>", "text/xml"), 415, "UNSUPPORTED_MEDIA_TYPE")

    @pytest.mark.parametrize(
        "body",
        [
            "{",
            "[]",
            '"text"',
            "NaN",
            '{"username": NaN}',
            '{"username": Infinity}',
            '{"username": "a",}',
            "{'username': 'a'}",
            '{"n": ' + "1" * 50 + "}",
            '{"a":' * 9 + "1" + "}" * 9,
            "[" * 40_000,
        ],
    )
    def test_refuses_what_is_no_json_object(self, stranger, body):
        refused(stranger.send("POST", LOGIN, body), 400, "MALFORMED_BODY")

    def test_refuses_bytes_that_are_no_text(self, stranger):
        refused(stranger.send("POST", LOGIN, b'{"username": "\xff"}'), 400, "MALFORMED_BODY")

    def test_refuses_a_body_without_end(self, stranger):
        body = '{"username": "' + "a" * 70_000 + '"}'

        assert refused(stranger.send("POST", LOGIN, body), 413, "BODY_TOO_LARGE")["most"] == "65536"

    def test_refuses_a_name_that_comes_twice(self, stranger):
        body = '{"username": "a@example.com", "username": "b@example.com", "password": "x"}'

        assert refused(stranger.send("POST", LOGIN, body), 400, "DUPLICATE_KEY")["name"] == (
            "username"
        )
        form = "username=a&username=b&password=x"
        answer = stranger.send("POST", "/token", form, "application/x-www-form-urlencoded")
        refused(answer, 400, "DUPLICATE_KEY")

    def test_refuses_a_parameter_that_comes_twice(self, amina):
        refused(amina.get("/users/me?a=1&a=2"), 400, "DUPLICATE_PARAMETER")

    def test_names_every_field_that_is_wrong_or_unknown(self, stranger):
        details = refused(stranger.post(LOGIN, {"username": 5}), 422, "VALIDATION_ERROR")
        assert set(details["fields"]) == {"username", "password"}

        body = {"username": "a@example.com", "password": "x", "is_staff": True}
        details = refused(stranger.post(LOGIN, body), 422, "VALIDATION_ERROR")
        assert set(details["fields"]) == {"is_staff"}

    def test_names_a_parameter_that_nobody_asked_for(self, amina):
        details = refused(amina.get("/users/me?format=html"), 422, "VALIDATION_ERROR")
        assert set(details["fields"]) == {"format"}

    @pytest.mark.parametrize("value", ["a\x00b", "\ud800", "٥٠٠"])
    def test_takes_hostile_texts_for_what_they_are(self, stranger, value):
        answer = stranger.post(LOGIN, {"username": value, "password": "x"})
        assert answer.status_code in {400, 401, 422}

    def test_speaks_swahili_to_who_asks_for_it(self, stranger):
        answer = stranger.get("/users/me", **{"Accept-Language": "sw"})
        refused(answer, 401, "NOT_AUTHENTICATED")
        assert answer["Content-Language"] == "sw"

    def test_tells_a_fault_without_its_words(self, amina, monkeypatch):
        def break_down(*args, **kwargs):
            raise RuntimeError("secret words")

        monkeypatch.setattr(access_api, "masked_phone", break_down)
        amina.client.raise_request_exception = False
        answer = amina.get("/users/me", **{"X-Request-ID": "look-under-this"})

        details = refused(answer, 500, "INTERNAL_ERROR")
        assert details == {"request_id": "look-under-this"}
        assert "secret" not in answer.content.decode()

    def test_says_that_the_bank_is_away(self, amina, monkeypatch):
        def be_away(*args, **kwargs):
            raise OperationalError("no route")

        monkeypatch.setattr(access_api, "masked_phone", be_away)
        amina.client.raise_request_exception = False
        answer = amina.get("/users/me")

        refused(answer, 503, "SERVICE_UNAVAILABLE")
        assert int(answer["Retry-After"]) > 0

    def test_is_kept_by_nobody_and_sets_no_cookie(self, amina):
        for answer in (amina.get("/users/me"), Program().get("/users/me")):
            assert answer["Cache-Control"] == "no-store"
            assert not answer.cookies


class TestCookies:
    @pytest.mark.parametrize("path", ["/users/me", "/api/v1/auth/me"])
    def test_open_nothing_here(self, client, path):
        client.force_login(CustomerFactory().user)

        refused(client.get(path), 401, "NOT_AUTHENTICATED")
        assert client.get("/").status_code == 200  # And the browser is signed in as before.
