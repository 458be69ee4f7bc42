"""
./bank rows: what the mission asks, row by row, and what the last whole test run has shown of it.

A row is proven by a test that passed, was not skipped and cites at most four rows, unless another
test that cites it failed. It may instead be shown by a document or a drill's record named for it
in docs/mission-rows.tsv; that file must exist and cite the row. Some rows need somebody outside.
"""

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from wekeza.runtime import env

TABLE = env.ROOT / "docs" / "mission-rows.tsv"
REPORT = "test-report.json"
OUTSIDE = "outside:"
STATES = ("PROVEN", "SHOWN", "BROKEN", "OUTSIDE", "OPEN")


@dataclass
class Row:
    """One ask of the mission, and what speaks for it."""

    id: str
    domain: str
    ask: str
    shown_by: str = ""
    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def state(self) -> str:
        if self.failed:
            return "BROKEN"
        if self.passed:
            return "PROVEN"
        if self.shown_by.startswith(OUTSIDE):
            return "OUTSIDE"
        return "SHOWN" if self.shown_by and cites(env.ROOT / self.shown_by, self.id) else "OPEN"


def read_rows(table: Path = TABLE, report: dict | None = None) -> list[Row]:
    """This will read the mission's rows, with the tests of a report that speak for each."""
    lines = table.read_text().splitlines()[1:]
    rows = {parts[0]: Row(*parts) for parts in (line.split("\t") for line in lines) if parts[0]}
    for name, test in (report or {}).get("tests", {}).items():
        for row_id in test.get("proves", []):
            if test["outcome"] == "passed":
                rows[row_id].passed.append(name)
            elif test["outcome"] == "failed":
                rows[row_id].failed.append(name)
    return list(rows.values())


def cites(path: Path, row_id: str) -> bool:
    """This will say whether a document exists and names the row."""
    return path.is_file() and row_id in path.read_text(errors="replace")


def read_report() -> dict:
    """This will read the report of the last whole test run; {} if there was none."""
    path = env.data_folder() / REPORT
    return json.loads(path.read_text()) if path.exists() else {}


def main() -> int:
    asked = argparse.ArgumentParser(prog="./bank rows", description="What the mission asks.")
    asked.add_argument("rows", nargs="*", metavar="ROW", help="LG01, or LG for all of them")
    asked.add_argument("--open", action="store_true", help="also the rows that nothing shows yet")
    options = asked.parse_args()
    report = read_report()
    rows = read_rows(report=report)
    wanted = [row for row in rows if not options.rows or row.id.startswith(tuple(options.rows))]
    if options.rows and not wanted:
        print("The mission has no such row.")
        return 2
    _print_report(report)
    for row in wanted:
        if options.rows or options.open or row.state != "OPEN":
            _print_row(row, with_tests=bool(options.rows))
    counts = Counter(row.state for row in wanted)
    print(f"{len(wanted)} rows: " + ", ".join(f"{counts[state]} {state}" for state in STATES))
    is_done = counts["BROKEN"] == 0 and not (options.rows and counts["OPEN"])
    return 0 if is_done else 1


def _print_report(report: dict) -> None:
    if not report:
        print("No whole test run is on record here: ./bank test makes one.\n")
        return
    outcomes = Counter(test["outcome"] for test in report["tests"].values())
    ended = datetime.fromisoformat(report["ended"]).strftime("%Y-%m-%d %H:%M UTC")
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    print(f"Test run of {ended}, commit {report['commit']}: {told}\n")


def _print_row(row: Row, *, with_tests: bool) -> None:
    by = row.shown_by if row.state in {"SHOWN", "OUTSIDE"} else ""
    if row.passed and not with_tests:
        by = f"{len(row.passed)} test{'s' if len(row.passed) > 1 else ''}"
    print(f"{row.state:8}{row.id:6}{row.ask}" + (f"  [{by}]" if by else ""))
    for name in [*row.failed, *row.passed] if with_tests else row.failed:
        print(f"              {'FAILED ' if name in row.failed else ''}{name}")


if __name__ == "__main__":
    sys.exit(main())
