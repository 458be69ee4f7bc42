"""Looking at the lines of lending."""

from ledger.chart import queries as chart
from ledger.chart.models import LedgerAccount
from lending.lines.models import PROVEN, LendingLine


def in_force() -> dict[str, LedgerAccount]:
    """This will give the line of each role now: no row begins after the open business date."""
    return {role: chart.line(code) for role, code in _codes()}


def proven() -> set[str]:
    """This will give the codes of the lines whose balances are compared with the loans."""
    return {code for role, code in dict(_codes()).items() if role in PROVEN}


def _codes():
    return LendingLine.objects.order_by("effective_from", "pk").values_list("role", "line")
