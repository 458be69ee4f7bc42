"""A partner with a sandbox app at a demo bank."""

from datetime import UTC, datetime

import pytest

from accounts.factories import CustomerFactory
from accounts.partners.factories import AppFactory


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.fixture
def app(demo_bank):
    return AppFactory()


@pytest.fixture
def juma():
    return CustomerFactory(full_name="Juma Otieno Ochieng")
