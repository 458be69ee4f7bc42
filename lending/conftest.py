"""The simulated bureau, and the bank set up to ask it."""

import pytest

from lending.bureau import simulator
from lending.bureau.simulator import Bureau


@pytest.fixture
def bureau(settings):
    """A bureau that has no files yet, over HTTP on this machine."""
    settings.METROPOL_PUBLIC_KEY, settings.METROPOL_PRIVATE_KEY = "public", "private"
    with simulator.running(Bureau("public", "private")) as told:
        settings.METROPOL_URL = told.url
        yield told
