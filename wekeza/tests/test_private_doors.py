import ast

from wekeza.runtime.env import ROOT

LIBRARIES = {"allauth", "django_otp"}
FLOORS = ["accounts", "payments", "branch", "wekeza"]


class TestLibrariesOfIdentity:
    def test_are_used_by_their_public_doors_only(self):
        """What a library keeps to itself changes without notice (decision 23)."""
        found = [
            f"{path.relative_to(ROOT)}: {module}"
            for floor in FLOORS
            for path in (ROOT / floor).rglob("*.py")
            for module in imported(ast.parse(path.read_text()))
            if module.split(".")[0] in LIBRARIES and is_private(module)
        ]

        assert not found


def imported(tree):
    """Every module, and every name taken from one, as a dotted path."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_private(module):
    return any(part == "internal" or part.startswith("_") for part in module.split("."))
