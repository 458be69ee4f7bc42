"""The tests themselves work as the bank does: as a role that owns nothing, on real PostgreSQL."""

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from wekeza.runtime.devdb import TEST_SETTINGS, DevPostgres
from wekeza.tests.databases import CLUSTER


def answer(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


@pytest.mark.django_db
class TestTheConnectionOfATest:
    @pytest.mark.proves("OP49", "OP64")
    def test_is_postgresql_as_the_application_role_which_owns_nothing(self):
        owned = (
            "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner "
            "WHERE r.rolname = current_user"
        )

        assert connection.vendor == "postgresql"
        assert answer("SELECT current_user") == connection.settings_dict["USER"] == "wekeza_app"
        assert answer("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert answer(owned) == 0

    def test_waits_three_seconds_for_a_lock_and_never_idles_in_a_transaction(self):
        assert answer("SHOW lock_timeout") == "3s"
        assert answer("SHOW idle_in_transaction_session_timeout") == "10s"

    def test_forgets_what_a_plain_test_wrote(self):
        ContentType.objects.create(app_label="forgotten", model="thing")

    def test_has_forgotten_it(self):
        assert not ContentType.objects.filter(app_label="forgotten").exists()


@pytest.mark.django_db(transaction=True)
class TestATestOfCommittedWork:
    def test_keeps_what_it_committed_and_empties_no_table(self, bank_database):
        with transaction.atomic(durable=True):
            ContentType.objects.get_or_create(app_label="kept", model="thing")

        with psycopg.connect(bank_database["app"]) as other:
            rows = other.execute("SELECT 1 FROM django_content_type WHERE app_label = 'kept'")
            assert rows.fetchone()

    def test_can_have_an_empty_bank_of_its_own(self, empty_bank):
        assert not ContentType.objects.filter(app_label="kept").exists()
        assert answer("SELECT current_database()").endswith("empty")


class TestAServerThatRuns:
    def test_is_seen_by_a_command_that_did_not_start_it(self, test_cluster):
        if not test_cluster.is_embedded:
            pytest.skip("the server is not ours")
        another = DevPostgres(test_cluster.folder, CLUSTER, TEST_SETTINGS)

        assert another.running(), "or the command would take it for its own and stop it"
