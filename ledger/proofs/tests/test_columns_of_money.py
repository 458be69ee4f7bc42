"""Every column of money in the database has the same type."""

import pytest
from django.db import connection

from ledger.tests.sql import rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ask(bank_database):
    """Asks the catalogue as the owner."""
    return lambda sql, facts=None: rows(bank_database["owner"], sql, facts)


class TestTheColumnsOfMoney:
    def test_are_exact_decimals(self, ask):
        wrong = ask(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'public' AND data_type IN ('real', 'double precision', 'money')"
        )
        assert wrong == []
        assert connection.vendor == "postgresql"
