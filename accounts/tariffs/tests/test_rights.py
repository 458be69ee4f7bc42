"""What the bank asks and allows is not for the running application to change."""

import pytest

from ledger.tests.sql import NOT_ALLOWED, refusal

pytestmark = pytest.mark.django_db(transaction=True)
TERMS = {
    "accounts_exciserate": "rate_percent = 0",
    "accounts_product": "control_line = '2020'",
    "accounts_tariff": "amount = 0",
    "accounts_tier": "rank = rank + 10",
    "accounts_tierlimit": "amount = NULL",
}


@pytest.mark.parametrize("table", TERMS)
class TestTheApplication:
    def test_reads_the_terms(self, bank_database, table):
        assert refusal(bank_database["app"], f"SELECT * FROM {table}") == ""

    @pytest.mark.parametrize(
        "attack",
        [
            "INSERT INTO {table} SELECT * FROM {table}",
            "UPDATE {table} SET {change}",
            "DELETE FROM {table}",
            "TRUNCATE {table} CASCADE",
            "SELECT 1 FROM {table} FOR UPDATE",
        ],
    )
    def test_cannot_change_them(self, bank_database, table, attack):
        statement = attack.format(table=table, change=TERMS[table])

        assert refusal(bank_database["app"], statement) == NOT_ALLOWED
