"""Who and what the tests of this room begin with."""

import pytest

from accounts.tariffs.models import Tariff
from accounts.tariffs.tests import terms


@pytest.fixture
def price(db, test_databases):
    """Sets what a transfer costs from a day on, as the bank's owner."""
    with terms.added(test_databases) as add:

        def set_price(amount, *, at):
            facts = {"excise_class": "MONEY_TRANSFER", "effective_from": at.date()}
            told = {"source": "A test", "approved_by": "A test"}
            add(Tariff(code="INTERNAL_TRANSFER", amount=amount, **facts, **told))

        yield set_price
