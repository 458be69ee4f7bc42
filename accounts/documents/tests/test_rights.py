"""What the database itself refuses to the running application."""

import pytest

from ledger.tests.sql import NOT_ALLOWED, refusal

pytestmark = pytest.mark.django_db(transaction=True)
TERMS = ["accounts_documentterm", "accounts_kycterm", "accounts_tierrequirement"]
RECORDS = [
    "accounts_document",
    "accounts_submission",
    "accounts_review",
    "accounts_expirynotice",
    "accounts_declaredfacts",
]


class TestTheApplication:
    @pytest.mark.parametrize("table", [*RECORDS, *TERMS, "accounts_documentview"])
    def test_deletes_nothing(self, bank_database, table):
        assert refusal(bank_database["app"], f"DELETE FROM {table}") == NOT_ALLOWED

    def test_cannot_change_who_looked(self, bank_database):
        change = "UPDATE accounts_documentview SET why = 'x'"

        assert refusal(bank_database["app"], change) == NOT_ALLOWED

    @pytest.mark.parametrize("table", TERMS)
    def test_rewrites_no_term(self, bank_database, table):
        app = bank_database["app"]

        assert refusal(app, f"SELECT * FROM {table}") == ""
        assert refusal(app, f"UPDATE {table} SET source = 'x'") == NOT_ALLOWED
