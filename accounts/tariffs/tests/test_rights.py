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
            "UPDATE {table} SET {change}",
            "DELETE FROM {table}",
            "TRUNCATE {table} CASCADE",
            "SELECT 1 FROM {table} FOR UPDATE",
        ],
    )
    def test_cannot_change_them(self, bank_database, table, attack):
        statement = attack.format(table=table, change=TERMS[table])

        assert refusal(bank_database["app"], statement) == NOT_ALLOWED


# Another row of the same, from a day on that has none; in force for good if it were taken.
ONE_MORE = (
    "INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, to_jsonb(known)"
    ' || \'{{"id": 987654, "effective_from": "2031-01-01"}}\')).*'
    " FROM (SELECT * FROM {table} LIMIT 1) known"
)
TAKES_TWO = "WK111"


class TestOneMoreRow:
    @pytest.mark.parametrize(
        "table", ["accounts_exciserate", "accounts_tariff", "accounts_tierlimit"]
    )
    def test_takes_an_approval_of_two_persons(self, bank_database, table):
        assert refusal(bank_database["app"], ONE_MORE.format(table=table)) == TAKES_TWO

    @pytest.mark.parametrize("table", ["accounts_product", "accounts_tier"])
    def test_of_what_has_no_desk_is_not_for_the_application(self, bank_database, table):
        attack = f"INSERT INTO {table} SELECT * FROM {table}"

        assert refusal(bank_database["app"], attack) == NOT_ALLOWED
