"""Who and what the tests of this room begin with."""

import pytest

from ledger.tests.sql import rows


@pytest.fixture
def ask(bank_database):
    """Asks the catalogue as the owner."""
    return lambda sql, facts=None: rows(bank_database["owner"], sql, facts)


@pytest.fixture
def app_role(bank_database):
    """The name of the application role."""
    return rows(bank_database["app"], "SELECT current_user")[0][0]
