"""Who and what the tests of this room begin with."""

import pytest

from accounts.factories import DIRECTOR, BusinessFactory, CustomerFactory
from payments.approvals.tests.steps import Role


@pytest.fixture
def kamau():
    return CustomerFactory(full_name="Peter Kamau")


@pytest.fixture
def wanja():
    return CustomerFactory(full_name="Wanja Otieno")


@pytest.fixture
def shop(kamau, wanja):
    """Njeri prepares and signs, Kamau and Wanja sign; two above 3,000, else one; makers don't."""
    return BusinessFactory(
        others=[(kamau, DIRECTOR), (wanja, [Role.SIGNATORY])],
        bands=(("3000", 1, False), (None, 2, False)),
        balance="1000000",
    )
