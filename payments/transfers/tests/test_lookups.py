"""Whom a number belongs to: 40 different numbers within any ten minutes, and no more."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine

from accounts.deposits.queries import PayeeNotFound, PayeeNotUnderstood
from accounts.factories import CustomerFactory, DepositAccountFactory, actor_of
from ledger.tests.racing import at_once
from payments.transfers import lookups
from wekeza.kit.cache import SoftRedisCache

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 21, 5, 31, 20, tzinfo=UTC)  # 08:31:20 in Nairobi.


@pytest.fixture
def clock():
    """The time, which stands still unless a test shifts it."""
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def asks():
    """A customer who looks numbers up now, and gives what is wrong with each, "" if nothing."""
    actor = actor_of(CustomerFactory())

    def ask(text) -> str:
        try:
            lookups.payee(text, source=None, at=datetime.now(UTC), actor=actor)
        except (PayeeNotFound, PayeeNotUnderstood, lookups.TooManyLookups) as refusal:
            return refusal.code
        return ""

    return SimpleNamespace(ask=ask, actor=actor)


class TestPayee:
    def test_is_found_for_forty_numbers_and_not_for_the_next(self, clock, asks):
        answers = [asks.ask(number(n)) for n in range(lookups.MOST + 1)]

        assert answers == ["payee_not_found"] * lookups.MOST + ["too_many_lookups"]

    def test_costs_nothing_the_second_time_however_the_number_is_written(self, clock, asks):
        grace = DepositAccountFactory()
        phone = grace.customer.user.phone
        ways = [phone, f"0{phone[4:]}", f"0{phone[4:7]} {phone[7:10]}-{phone[10:]}", phone[1:]]

        for _ in range(lookups.MOST):
            assert {asks.ask(way) for way in [*ways, grace.number]} == {""}
        others = [asks.ask(number(n)) for n in range(lookups.MOST - 2)]

        assert set(others) == {"payee_not_found"}
        assert asks.ask(number(99)) == "too_many_lookups"
        assert asks.ask(phone) == "", "what was asked for before is still answered"

    def test_is_counted_for_each_customer_alone(self, clock, asks):
        for n in range(lookups.MOST):
            asks.ask(number(n))

        with pytest.raises(PayeeNotFound):
            lookups.payee(number(99), source=None, at=AT, actor=actor_of(CustomerFactory()))


class TestTheSpan:
    def test_slides_so_that_no_ten_minutes_hold_more(self, clock, asks):
        asks.ask(number(0))
        clock.shift(timedelta(minutes=9))
        for n in range(1, lookups.MOST):
            asks.ask(number(n))

        clock.shift(timedelta(minutes=1, seconds=1))  # Only the first one is ten minutes old.

        assert asks.ask(number(100)) == "payee_not_found"
        assert asks.ask(number(101)) == "too_many_lookups"

    def test_ends_at_the_time_that_the_refusal_names(self, clock, asks):
        for n in range(lookups.MOST):
            asks.ask(number(n))
        clock.shift(timedelta(minutes=3))

        with pytest.raises(lookups.TooManyLookups) as refusal:
            lookups.payee(number(99), source=None, at=datetime.now(UTC), actor=asks.actor)

        # The first was asked at 08:31:20, so that its place is free at 08:41:20.
        assert "You can look up the next one from 08:42" in str(refusal.value)
        clock.move_to(datetime(2026, 11, 21, 5, 41, 19, tzinfo=UTC), tick=False)
        assert asks.ask(number(99)) == "too_many_lookups"
        clock.move_to(datetime(2026, 11, 21, 5, 42, tzinfo=UTC), tick=False)
        assert asks.ask(number(99)) == "payee_not_found"


class TestManyAtOnce:
    def test_get_no_more_than_one_after_another(self, monkeypatch, valkey, asks):
        monkeypatch.setattr(lookups, "cache", cache_on(valkey.url))
        for n in range(lookups.MOST - 4):
            asks.ask(number(n))

        answers = at_once(12, lambda n: asks.ask(number(100 + n)))

        assert Counter(answers) == {"payee_not_found": 4, "too_many_lookups": 8}

    def test_with_one_number_cost_one_place(self, monkeypatch, valkey, asks):
        monkeypatch.setattr(lookups, "cache", cache_on(valkey.url))

        at_once(12, lambda _: asks.ask(number(0)))
        answers = [asks.ask(number(n)) for n in range(1, lookups.MOST + 1)]

        assert Counter(answers) == {"payee_not_found": lookups.MOST - 1, "too_many_lookups": 1}


class TestADeadCache:
    def test_counts_nothing_and_stops_nobody(self, monkeypatch, tmp_path, asks):
        monkeypatch.setattr(lookups, "cache", cache_on(f"unix://{tmp_path}/nobody.sock"))

        answers = {asks.ask(number(n)) for n in range(lookups.MOST + 5)}

        assert answers == {"payee_not_found"}


def number(n: int) -> str:
    """The n-th of many phone numbers that nobody here has."""
    return f"01{n:08d}"


def cache_on(url: str) -> SoftRedisCache:
    return SoftRedisCache(url, {})
