"""
What a run of the tests has shown: one outcome for each test, with the mission rows that it cites.

`./bank rows` reads it. A run of only some tests writes beside it, never over it.
"""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wekeza.runtime import env

MOST_ROWS = 4
ROWS = env.ROOT / "docs" / "mission-rows.tsv"
FULL, PARTIAL = "test-report.json", "test-report-partial.json"


def read_proofs(items: list[pytest.Item]) -> None:
    """
    This will note on each test the rows it proves.

    :raises pytest.UsageError: if one cites more than four, or a row that the mission has not.
    """
    known = known_rows()
    for item in items:
        rows = [row for mark in item.iter_markers("proves") for row in mark.args]
        if len(rows) > MOST_ROWS:
            raise pytest.UsageError(f"{item.nodeid} proves {len(rows)} rows; a test shows four")
        if unknown := [row for row in rows if known and row not in known]:
            raise pytest.UsageError(f"{item.nodeid} proves {unknown}, which the mission has not")
        if rows:
            item.user_properties.append(("proves", rows))


def known_rows() -> set[str]:
    """This will give the ids of the mission's rows."""
    if not ROWS.exists():
        return set()
    return {line.split("\t", 1)[0] for line in ROWS.read_text().splitlines()[1:] if line}


class Report:
    """Collects the outcomes of a run, from every process, and writes them at its end."""

    def __init__(self, config: pytest.Config):
        self.config = config
        self.began = datetime.now(UTC)
        self.tests: dict[str, dict] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        test = self.tests.setdefault(report.nodeid, {"outcome": "passed", "seconds": 0.0})
        test["seconds"] = round(test["seconds"] + report.duration, 3)
        if report.outcome != "passed" and test["outcome"] != "failed":
            test["outcome"] = report.outcome
        if hasattr(report, "wasxfail"):
            test["outcome"] = "skipped"
        for name, value in report.user_properties:
            if name == "proves":
                test["proves"] = list(value)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if not self.tests:
            return
        body = {
            "began": self.began.isoformat(timespec="seconds"),
            "ended": datetime.now(UTC).isoformat(timespec="seconds"),
            "commit": _commit(),
            "exit_status": int(exitstatus),
            "tests": dict(sorted(self.tests.items())),
        }
        path = env.data_folder() / (FULL if self._is_full() else PARTIAL)
        draft = path.with_suffix(".new")
        draft.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n")
        draft.replace(path)

    def _is_full(self) -> bool:
        option = self.config.option
        chosen = option.keyword or option.markexpr or getattr(option, "deselect", None)
        paths = [Path(argument).resolve() for argument in self.config.args]
        whole = {(env.ROOT / path).resolve() for path in self.config.getini("testpaths")}
        return not chosen and (set(paths) == whole or paths == [env.ROOT])


def _commit() -> str:
    told = subprocess.run(
        ["git", "-C", str(env.ROOT), "describe", "--always", "--dirty", "--abbrev=12"],  # noqa: S607
        capture_output=True,
        text=True,
    )
    return told.stdout.strip()
