"""Quotas, the log of calls, and which other sites may ask."""

import json
import time
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.urls import URLResolver, get_resolver, resolve
from django.utils import timezone

from accounts.access.models import User
from accounts.factories import PIN, CustomerFactory, DepositAccountFactory
from accounts.gateway import operations as gateway
from accounts.gateway import tasks
from accounts.gateway.models import ApiCall
from wekeza.kit import throttles
from wekeza.kit.api import Door
from wekeza.tests.api.steps import Program, refused

pytestmark = pytest.mark.django_db
ME = "/api/v1/auth/me"


@pytest.fixture
def amina():
    return Program(user=CustomerFactory().user)


@pytest.fixture
def clock(monkeypatch):
    """The clock of the quotas: it stands in the middle of a minute until it is turned."""
    hands = SimpleNamespace(now=time.time() // 60 * 60 + 30)
    monkeypatch.setattr(throttles, "time", SimpleNamespace(time=lambda: hands.now))
    return hands


@pytest.fixture
def few(settings, clock):
    settings.API_PER_MINUTE = {"address": 1000, "principal": 3, "money": 2, "sign_in": 4}


def asked(program, times, path=ME):
    return [program.get(path).status_code for _ in range(times)]


class TestTheQuota:
    @pytest.mark.proves("PA18", "SE17", "SE25")
    def test_of_a_principal_ends_with_a_429_that_says_when_to_go_on(self, amina, few):
        assert asked(amina, 3) == [200, 200, 200]

        answer = amina.get(ME)

        details = refused(answer, 429, "TOO_MANY_REQUESTS")
        assert 1 <= int(answer["Retry-After"]) <= 61
        assert details["retry_after"] == answer["Retry-After"]

    def test_is_each_principals_own(self, amina, few):
        asked(amina, 4)
        assert asked(Program(user=CustomerFactory().user), 3) == [200, 200, 200]

    def test_begins_anew_with_the_next_minute(self, amina, few, clock):
        asked(amina, 4)
        clock.now += 60
        assert amina.get(ME).status_code == 200

    def test_of_money_is_smaller(self, few):
        account = DepositAccountFactory(balance="3000")
        program = Program(user=account.customer.user)
        path = "/api/v1/payments/transfers/5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11/authorise"
        answers = [program.post(path, {"secret": PIN}).status_code for _ in range(3)]
        assert answers == [404, 404, 429]

    def test_of_an_address_holds_for_strangers(self, settings):
        settings.API_PER_MINUTE = settings.API_PER_MINUTE | {"address": 3}
        assert asked(Program(), 4) == [401, 401, 401, 429]
        refused(Program().get("/api/v1/nothing"), 429, "TOO_MANY_REQUESTS")

    def test_of_signing_in_holds_whoever_is_tried(self, few):
        program = Program()
        answers = [program.sign_in(f"nobody{turn}@example.com").status_code for turn in range(5)]
        assert answers == [401] * 4 + [429]

    def test_holds_while_the_cache_is_away(self, amina, few, monkeypatch):
        """As SoftRedisCache answers then: nothing is added, nothing is counted."""

        def missing(key):
            raise ValueError(key)

        monkeypatch.setattr(throttles.cache, "add", lambda *a, **k: False)
        monkeypatch.setattr(throttles.cache, "incr", missing)
        throttles._local.clear()

        assert asked(amina, 4) == [200, 200, 200, 429]


class TestTheLog:
    @pytest.mark.proves("PA19", "SE30")
    def test_has_a_row_for_each_call_without_what_was_in_it(self, amina):
        amina.get("/api/v1/accounts/0010010000000/", **{"X-Request-ID": "quote-this-id"})

        row = ApiCall.objects.latest("id")
        assert (row.method, row.status, row.error_code) == ("GET", 404, "NO_SUCH_ACCOUNT")
        assert row.route == "/api/v1/accounts/<str:number>/"
        assert row.principal == f"customer:{User.objects.get().customer.pk}"
        assert row.request_id == "quote-this-id"
        assert row.ms >= 0
        kept = json.dumps([str(value) for value in ApiCall.objects.values_list().order_by("id")])
        for secret in ("0010010000000", "a quiet river", amina.tokens["access_token"]):
            assert secret not in kept

    def test_has_refused_strangers_and_lost_addresses_too(self):
        Program().get(ME)
        Program().get("/api/v1/nothing")

        rows = ApiCall.objects.order_by("id").values_list("principal", "status", "error_code")
        assert list(rows) == [("", 401, "NOT_AUTHENTICATED"), ("", 404, "NOT_FOUND")]

    def test_stands_in_the_way_of_no_answer(self, amina, monkeypatch):
        def fail(**_):
            raise DatabaseError("no room")

        monkeypatch.setattr(gateway.ApiCall.objects, "create", fail)
        assert amina.get(ME).status_code == 200

    def test_cannot_be_changed_by_the_application(self, amina):
        amina.get(ME)
        with pytest.raises(DatabaseError), transaction.atomic():
            ApiCall.objects.update(status=200)

    def test_is_let_go_when_its_days_are_over(self, amina):
        amina.get(ME)
        assert gateway.forget(before=timezone.now() - tasks.CALLS_KEPT) == 0
        tasks.forget_calls()
        tasks.forget_tokens()
        assert ApiCall.objects.exists()
        assert gateway.forget(before=timezone.now()) > 0


class TestOtherSites:
    @pytest.mark.proves("SE14")
    def test_may_ask_only_if_they_are_named(self, client, settings):
        settings.CORS_ALLOWED_ORIGINS = ["https://partner.example"]

        for origin, is_named in (
            ("https://partner.example", True),
            ("https://elsewhere.example", False),
            ("https://partner.example.elsewhere.example", False),
            ("http://partner.example", False),
            ("null", False),
        ):
            for path in ("/users/me", "/api/v1/auth/login"):
                answer = client.options(
                    path,
                    headers={
                        "Origin": origin,
                        "Access-Control-Request-Method": "POST",
                        "Access-Control-Request-Headers": "authorization, idempotency-key",
                    },
                )
                told = answer.headers.get("Access-Control-Allow-Origin")
                assert told == (origin if is_named else None)
                assert "Access-Control-Allow-Credentials" not in answer.headers

    def test_may_not_ask_for_pages(self, client, settings):
        settings.CORS_ALLOWED_ORIGINS = ["https://partner.example"]
        for path in ("/", "/login/", "/docs", "/move/transfers/send/"):
            answer = client.get(path, headers={"Origin": "https://partner.example"})
            assert "Access-Control-Allow-Origin" not in answer.headers

    def test_are_named_by_nobody_at_first(self, client):
        answer = client.get("/users/me", headers={"Origin": "https://partner.example"})
        assert "Access-Control-Allow-Origin" not in answer.headers


def api_doors(patterns=None):
    """The views below /api/v1/, those of nested lists too."""
    for pattern in patterns or get_resolver().url_patterns[0].url_patterns:
        if isinstance(pattern, URLResolver):
            yield from api_doors(pattern.url_patterns)
        else:
            yield pattern.callback


class TestEveryDoor:
    def test_below_api_is_a_door_of_ours(self):
        """No address of the API escapes the checks, the quota and the log."""
        for address in ("/token", "/users/me", "/api/v1/accounts/", "/api/x", "/api/v1/"):
            assert issubclass(resolve(address).func.cls, Door)
        doors = list(api_doors())
        assert len(doors) > 40
        for door in doors:
            assert issubclass(door.cls, Door)


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()
    throttles._local.clear()
