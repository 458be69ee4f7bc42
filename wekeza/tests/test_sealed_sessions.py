"""Sessions lie sealed in the cache and in the database, and logs quote no row (G23)."""

import logging

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, transaction

from accounts.factories import CustomerFactory
from wekeza.kit.logs import JsonLines
from wekeza.kit.sessions import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept():
    store = SessionStore()
    store["phone"] = "+254722000418"
    store.save()
    return store


class TestASession:
    def test_shows_neither_its_key_nor_what_is_in_it(self, kept):
        with connection.cursor() as cursor:
            cursor.execute("SELECT s::text FROM django_session s")
            lies = str(cursor.fetchall()) + str(cache._cache)

        assert kept.session_key not in lies and "722000418" not in lies

    @pytest.mark.parametrize("is_cached", [True, False])
    def test_opens_with_its_own_key_from_cache_and_table(self, kept, is_cached):
        if not is_cached:
            cache.clear()
        assert SessionStore(kept.session_key)["phone"] == "+254722000418"
        assert kept.exists(kept.session_key) and not kept.exists("x" * 32)

    def test_moved_to_another_row_signs_nobody_in(self, kept):
        mine = SessionStore()
        mine.save()
        rows = {row.session_key: row for row in Session.objects.all()}
        stolen = max(rows.values(), key=lambda row: len(row.session_data))
        for row in rows.values():
            row.session_data = stolen.session_data
            row.save()
        cache.clear()

        assert "phone" not in SessionStore(mine.session_key)

    def test_is_gone_everywhere_when_it_ends(self, kept):
        key = kept.session_key
        kept.flush()

        assert not kept.exists(key) and not Session.objects.exists()
        assert SessionStore(key).load() == {}

    def test_gets_another_key_with_the_same_content(self, kept):
        before = kept.session_key
        kept.cycle_key()

        assert kept.session_key != before and not kept.exists(before)
        assert SessionStore(kept.session_key)["phone"] == "+254722000418"


class TestALine:
    def test_quotes_no_row_that_the_database_refused(self):
        customer = CustomerFactory(full_name="Zawadi Canary Njeri")
        record = None
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE accounts_customer SET tier_id = NULL WHERE id = %s", [customer.pk]
                )
        except Exception as error:  # noqa: BLE001 - what it says is what is looked at.
            assert isinstance(error.__cause__, psycopg.Error) and "Zawadi" in str(error)
            how = (type(error), error, error.__traceback__)
            record = logging.LogRecord("bank", logging.ERROR, "", 1, "It failed", (), how)

        line = JsonLines().format(record)

        assert "NotNullViolation" in line and "The above exception" in line
        assert "Zawadi" not in line and "Failing row" not in line
