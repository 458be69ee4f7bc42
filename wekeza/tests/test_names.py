"""What a module takes of another one of ours is there, also where no test goes: `rooms.deed(…)`."""

import ast
from importlib import import_module
from pathlib import Path
from types import ModuleType

from wekeza.runtime import env

OURS = ("accounts", "branch", "insurance", "ledger", "lending", "payments", "wekeza")


def test_every_name_that_is_taken_of_a_module_is_there():
    files = [path for floor in OURS for path in (env.ROOT / floor).rglob("*.py")]
    found = [fault for path in files if "migrations" not in path.parts for fault in missing(path)]

    assert len(files) > 500
    assert found == []


def missing(path: Path) -> list[str]:
    """The names that a file takes of modules of ours and that are not there."""
    tree = ast.parse(path.read_text())
    known = modules_of(tree)
    for name in bound_in(tree):
        known.pop(name, None)  # The same word is something else somewhere in this file.
    return [
        f"{path.relative_to(env.ROOT)}:{node.lineno} {node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if node.value.id in known
        if not any(hasattr(module, node.attr) for module in known[node.value.id])
    ]


def modules_of(tree: ast.AST) -> dict[str, list[ModuleType]]:
    """The modules of ours that a file imports, by what it calls them, here or there."""
    found: dict[str, list[ModuleType]] = {}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.ImportFrom) and node.module and not node.level):
            continue
        if node.module.split(".")[0] not in OURS or any(one.name == "*" for one in node.names):
            continue
        for one in node.names:
            taken = getattr(import_module(node.module), one.name, None)
            if isinstance(taken, ModuleType):
                found.setdefault(one.asname or one.name, []).append(taken)
    return found


def bound_in(tree: ast.AST) -> set[str]:
    """The names that a file gives to other things: variables and arguments."""
    stored = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return stored | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
