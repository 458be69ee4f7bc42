"""Journeys are walked by members of staff too, signed in as at the workbench's own pages."""

from branch.workbench.tests.conftest import at_work  # noqa: F401
