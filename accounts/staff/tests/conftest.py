"""Who and what the tests of this room begin with."""

import pytest

from accounts.factories import StaffMemberFactory


@pytest.fixture
def admin():
    return StaffMemberFactory(role_id="ADMINISTRATOR")
