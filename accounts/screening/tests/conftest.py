"""A list with one person on it, and the case of somebody who is like that person."""

import pytest

from accounts.screening.tests.steps import LISTED, load, screen, somebody


@pytest.fixture
def deny(db):
    return load(rows=[LISTED])


@pytest.fixture
def hit(deny):
    [found] = screen(somebody("Kimfano Baraka Tapeli")).hits
    return found
