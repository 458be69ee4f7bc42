"""Who and what the tests of this room begin with."""

import pytest

from accounts.businesses.tests.steps import begin
from accounts.factories import DIRECTOR, BusinessFactory, CustomerFactory


@pytest.fixture
def njeri():
    return CustomerFactory(full_name="Achieng Njeri")


@pytest.fixture
def kamau():
    return CustomerFactory(full_name="Peter Kamau")


@pytest.fixture
def draft(njeri):
    return begin(njeri)


@pytest.fixture
def shop(njeri, kamau):
    """Two directors who both sign."""
    return BusinessFactory(founder=njeri, others=[(kamau, DIRECTOR)])
