"""The desk is asked by members of staff, as the workbench's own pages are."""

from branch.workbench.tests.conftest import at_work  # noqa: F401
