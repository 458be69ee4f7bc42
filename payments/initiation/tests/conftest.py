"""Who and what the tests of this room begin with."""

from datetime import UTC, datetime

import pytest

from accounts.factories import DepositAccountFactory
from accounts.partners.factories import AppFactory, ConsentFactory


@pytest.fixture
def app(demo_bank):
    return AppFactory()


@pytest.fixture
def account():
    return DepositAccountFactory(balance="5000", customer__full_name="Juma Otieno Ochieng")


@pytest.fixture
def consent(app, account):
    return ConsentFactory(app=app, customer=account.customer)


@pytest.fixture
def now():
    return datetime.now(UTC)
