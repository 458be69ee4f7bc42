"""The style guide, as far as a machine can read it."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from wekeza.runtime.env import ROOT

FLOORS = ["ledger", "accounts", "payments", "lending", "insurance", "branch"]
EVERY_FILE = sorted(
    path.relative_to(ROOT) for top in [*FLOORS, "wekeza"] for path in (ROOT / top).rglob("*.py")
)
FILES = [path for path in EVERY_FILE if not {"migrations", "tests"} & set(path.parts)]
DOORS = {"views.py", "api.py", "admin.py", "tasks.py"}
CORE = {"operations.py", "queries.py", "models.py", "states.py"}
WRITES = {"save", "create", "get_or_create", "update_or_create", "bulk_create", "update", "delete"}
CLOCKS = {"now", "today", "utcnow", "localdate"}
TOP_LEVEL = {
    *("wekeza", "accounts", "ledger", "lending", "insurance", "payments", "branch"),
    *("templates", "static", "manage.py", "requirements.txt", "docs", "deploy", "locale", "bank"),
    *("pyproject.toml", "requirements-embedded.txt", "requirements-dev.txt"),
    "requirements-bench.txt",
    *("README.md", "CHANGELOG.md", "LICENSE", "Dockerfile", "docker-compose.yml"),
}


def calls(tree):
    """The called attributes; `update` of a dict, which takes a positional argument, writes none."""
    return [
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if not (node.func.attr == "update" and node.args)
    ]


def imported(source):
    """The top-level packages that a file imports."""
    for_all = ast.walk(ast.parse(source))
    nodes = [node for node in for_all if isinstance(node, (ast.Import, ast.ImportFrom))]
    plain = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    direct = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.partition(".")[0] for name in plain | direct}


def distribution(line):
    """The name of a distribution, from a line of a requirements file or from its metadata."""
    return re.match(r"[\w.-]+", line).group().lower().replace("_", "-")


def is_public(node):
    return isinstance(node, ast.FunctionDef) and not node.name.startswith("_")


@pytest.mark.parametrize("path", FILES, ids=str)
class TestHouseRules:
    def test_keeps_files_and_functions_short(self, path):
        source = (ROOT / path).read_text()

        assert source.count("\n") <= 400, "a file is at most 400 lines"
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno - node.lineno < 50, f"{node.name} is longer than a screen"

    def test_keeps_doors_and_core_apart(self, path):
        source = (ROOT / path).read_text()
        called = set(calls(ast.parse(source)))

        if path.name in DOORS:
            assert not WRITES & called, "doors never write; they call one operation"
            assert "LIFECYCLE.move" not in source, "a move is a write"
        if path.name in CORE and path.parts[0] in FLOORS:
            assert not CLOCKS & called, "the core never reads the clock; pass the time in"
            assert "float(" not in source, "money is never a float"
        if path.name == "models.py":
            assert "on_delete=models.CASCADE" not in source, "a bank forgets nothing by accident"

    def test_says_what_operations_do_and_what_rooms_are_for(self, path):
        tree = ast.parse((ROOT / path).read_text())

        if path.name == "operations.py":
            for function in filter(is_public, tree.body):
                positional = len(function.args.args)
                assert positional <= 1, f"{function.name}: only its subject may be positional"
                assert ast.get_docstring(function), f"{function.name} needs a docstring"
        is_room = path.name == "__init__.py" and len(path.parts) == 3 and path.parts[0] in FLOORS
        if is_room and path.parts[1] not in {"management", "templatetags"}:
            assert ast.get_docstring(tree), "a room says what it is for in one sentence"


class TestTheRepository:
    def test_has_no_other_entries_at_the_top(self):
        ignored = {"__pycache__", "staticfiles", "htmlcov"}
        entries = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}

        assert entries - ignored <= TOP_LEVEL

    def test_pins_every_package_that_the_bank_imports(self):
        pinned = set()
        for name in ("requirements.txt", "requirements-embedded.txt"):
            lines = (ROOT / name).read_text().splitlines()
            pinned |= {distribution(line) for line in lines if line and line[0] != "#"}
        told = packages_distributions()
        # Factories make test data; developers write the Swahili catalogue, measure and run drills.
        files = [
            path
            for path in FILES
            if path.name not in {"factories.py", "messages.py"}
            and not {"bench", "drills"} & set(path.parts)
        ]

        missing = {
            f"{path}: {top}"
            for path in files
            for top in imported((ROOT / path).read_text()) - sys.stdlib_module_names
            if top in told and not pinned & {distribution(name) for name in told[top]}
        }

        # Redis comes with celery[redis], Django's own packages with Django.
        assert not {fault for fault in missing if not fault.endswith((": redis", ": kombu"))}

    def test_forgets_no_task_for_later(self):
        marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X ")
        found = [
            f"{path}:{number}"
            for path in EVERY_FILE
            for number, line in enumerate((ROOT / path).read_text().splitlines(), 1)
            if any(mark in line for mark in marks)
        ]

        assert not found, "nothing is left for later in the code"


class TestTemplates:
    def templates(self):
        return [path for path in Path(ROOT / "templates").rglob("*.html")]

    def test_carry_no_inline_style_or_script(self):
        inline = re.compile(
            r"<style|\sstyle\s*=|\son[a-z]+\s*=|hx-on|javascript:|<script(?![^>]*\ssrc=)|data:image",
            re.IGNORECASE,
        )
        found = [
            f"{path.relative_to(ROOT)}: {match.group()}"
            for path in self.templates()
            for match in inline.finditer(path.read_text())
        ]

        assert not found, "the content policy of every page forbids it"

    def test_never_ask_for_an_amount_with_a_number_box(self):
        found = [path for path in self.templates() if "type=number" in _plain(path)]

        assert not found, "a scroll wheel must not change money"


def _plain(path):
    return path.read_text().replace('"', "").replace("'", "")
