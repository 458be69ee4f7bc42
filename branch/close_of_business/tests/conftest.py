"""A night in which something fails."""

import pytest

from branch.close_of_business import steps


@pytest.fixture
def broken(monkeypatch):
    """Lets the accrual of one account fail, as a row that nobody thought of would."""
    bad = set()
    whole = steps.savings.accrue

    def accrue(*, first, last, **facts):
        for account in bad:
            if first <= account <= last:
                raise ArithmeticError(f"account {account} cannot be worked out")
        return whole(first=first, last=last, **facts)

    monkeypatch.setattr(steps.savings, "accrue", accrue)
    return bad
