"""Members of staff in a browser."""

from branch.workbench.tests.conftest import at_work  # noqa: F401 - a fixture.
