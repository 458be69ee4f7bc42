"""Who works in compliance while the tests of the monitor run."""

import pytest

from accounts.factories import StaffMemberFactory, staff_actor


@pytest.fixture
def officer(db):
    return staff_actor(StaffMemberFactory(role_id="COMPLIANCE"))
