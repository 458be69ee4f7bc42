"""A customer's login, and a browser in which it is signed in."""

import pytest

from accounts.access.tests.steps import log_in
from accounts.factories import PASSWORD, CustomerFactory


@pytest.fixture
def user():
    """The login of a customer."""
    return CustomerFactory().user


@pytest.fixture
def inside(client, user):
    """A browser that came in with the password."""
    log_in(client, user.email, PASSWORD)
    return client
