"""Who and what the tests of this room begin with."""

import pytest

from accounts.factories import StaffMemberFactory, staff_actor
from branch.workbench.tests.conftest import at_work

__all__ = ["at_work"]


@pytest.fixture
def maker():
    """Somebody who writes vouchers and asks that periods close."""
    return staff_actor(StaffMemberFactory(role_id="OPERATIONS"))


@pytest.fixture
def checker():
    """Somebody who decides them."""
    return staff_actor(StaffMemberFactory(role_id="FINANCE"))
