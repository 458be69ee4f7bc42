"""Members of staff in a browser, as at the workbench."""

from branch.workbench.tests.conftest import at_work

__all__ = ["at_work"]
