"""The simulated register and network, and the bank set up to ask them."""

import pytest

from accounts.registry import simulator

TOKEN = "a credential of tests"  # noqa: S105


@pytest.fixture
def register(settings):
    """A register that knows nobody yet, over HTTP on this machine."""
    with simulator.running(simulator.Register(TOKEN)) as told:
        settings.IPRS_URL = settings.PHONE_OWNER_URL = told.url
        settings.IPRS_TOKEN = settings.PHONE_OWNER_TOKEN = TOKEN
        yield told
