"""
./bank drill planted: do the tests notice? Known-bad changes, one by one.

Each change of wekeza/drills/planted/plants.toml is made in a copy of the tree, and only the tests
that are there to notice it are run; before, all of these run in the copy as it is. Red is a failed
test. One that stays green is a hole in the tests.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from wekeza.runtime import env

PLANTS = Path(__file__).parent / "planted" / "plants.toml"
LEFT_OUT = {".git", ".data", ".venv", ".venv-bench", ".ci", ".hypothesis", ".ruff_cache", "docs"}
FAILED = 1  # How pytest ends when tests have failed; any other end is no answer.
_FUNCTION = re.compile(r"^CREATE FUNCTION .*?^(?:[^\n]*\$\$;|RETURN [^;]*;)$", re.DOTALL | re.M)
_FIRST_RED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.M)


@dataclass(frozen=True, slots=True)
class Plant:
    """One known-bad change and the tests that must notice it."""

    name: str
    file: str
    find: str
    put: str
    tests: list[str] = field(default_factory=list)
    every: bool = False

    def made_in(self, text: str) -> str:
        """
        This will give a file's text with the change in it.

        :raises ValueError: if what is to be changed is not there, or more often than it may be.
        """
        times = text.count(self.find)
        if times != 1 and not (self.every and times):
            raise ValueError(f"{self.name}: found {times} times in {self.file}")
        return text.replace(self.find, self.put)


def options_of(words: list[str] | None = None) -> argparse.Namespace:
    """This will read the words of the command line."""
    asked = argparse.ArgumentParser(prog="./bank drill planted", description=__doc__.split("\n")[1])
    asked.add_argument("--only", default="", help="plants whose names contain this")
    asked.add_argument(
        "--without-green", action="store_true", help="leave out the run of the tree as it is"
    )
    return asked.parse_args(words)


def plants(only: str = "") -> list[Plant]:
    """This will read the plants whose names contain a text."""
    found = [Plant(**facts) for facts in tomllib.loads(PLANTS.read_text())["plant"]]
    return [plant for plant in found if only in plant.name]


def main() -> int:
    from wekeza.drills import record

    options, began = options_of(), datetime.now(UTC)
    chosen = plants(options.only)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Scratch(Path(folder) / "tree")
        if not options.without_green:
            code, told, _ = scratch.test(sorted({test for one in chosen for test in one.tests}))
            if code:
                print(told[-3000:])
                raise SystemExit("the tests are not green as it is")
        found = {one.name: notice(one, scratch) for one in chosen}
    red = sum(1 for is_red, _ in found.values() if is_red)
    figures = {name: words for name, (_, words) in found.items()} | {
        "red": f"{red} of {len(chosen)}",
        "the same tests before": "not run" if options.without_green else "green",
        "load beside it": f"{os.getloadavg()[0]:.1f}",
    }
    words = (
        "Each change was made in a copy of the tree, where the tests mapped to it were run "
        "until the first failed. Repeat it with `./bank drill planted`. It speaks for goal G25."
    )
    path = record.write(
        "planted", began=began, ended=datetime.now(UTC), figures=figures, words=words
    )
    print(f"{red} of {len(chosen)} turned red. The record is {path}")
    return 0 if red == len(chosen) else 1


def notice(plant: Plant, scratch: "Scratch") -> tuple[bool, str]:
    """This will make one change, run its tests, take it back, and tell whether they noticed."""
    was = scratch.change(plant)
    try:
        code, told, seconds = scratch.test(plant.tests)
    finally:
        (scratch.root / plant.file).write_text(was)
    first = _FIRST_RED.search(told)
    if code == FAILED and first:
        name = first[1].rpartition("/")[2]
        words = f"red in {seconds:.0f} s: `{name}`"
    else:
        words = "GREEN" if code == 0 else f"no answer ({code})"
    print(f"{plant.name}: {words}", flush=True)
    return code == FAILED and first is not None, words


class Scratch:
    """A copy of the tree in which things may be broken."""

    def __init__(self, root: Path):
        self.root = root
        shutil.copytree(env.ROOT, root, ignore=lambda _, names: LEFT_OUT & set(names))
        (root / "docs").symlink_to(env.ROOT / "docs")

    def change(self, plant: Plant) -> str:
        """This will make a change and give what the file said before."""
        path = self.root / plant.file
        was = path.read_text()
        path.write_text(plant.made_in(was))
        if path.suffix == ".sql":
            self._lay_template(was, path.read_text())
        return was

    def test(self, tests: list[str]) -> tuple[int, str, float]:
        """This will run tests in the copy until one fails: exit code, words and seconds."""
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "-rfE", "--tb=no", *tests],
            cwd=self.root, env=self._environment(), capture_output=True, text=True,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr, time.monotonic() - began

    def _environment(self) -> dict[str, str]:
        return os.environ | {"BANK_DATA": str(env.data_folder()), "PYTHONPATH": str(self.root)}

    def _lay_template(self, was: str, now: str) -> None:
        """
        Lay the database for tests of the changed tree ready: that of the tree as it is, with the
        changed functions in place of theirs. Migrating anew would take a minute for each change.
        """
        import psycopg

        from wekeza.tests.databases import TestCluster, fingerprint

        asked = "from wekeza.tests.databases import fingerprint; print(fingerprint())"
        theirs = subprocess.run(
            [sys.executable, "-c", asked],
            cwd=self.root, env=self._environment(), capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
        name, base = f"wk_template_{theirs}", f"wk_template_{fingerprint()}"
        changed = set(functions(now)) - set(functions(was))
        if not changed:
            raise ValueError("the change is in no function")
        cluster = TestCluster(env.data_folder())
        cluster.join()
        cluster.drop(cluster.clone("plant"))  # Makes the template as it is, if there is none.
        with psycopg.connect(cluster.url("owner", "postgres"), autocommit=True) as db:
            db.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            db.execute(f'CREATE DATABASE "{name}" TEMPLATE "{base}"')
            db.execute(f"COMMENT ON DATABASE \"{name}\" IS '{int(time.time())}'")
        with psycopg.connect(cluster.url("owner", name), autocommit=True) as db:
            for text in changed:
                db.execute(text.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1))
        cluster.leave()


def functions(sql: str) -> list[str]:
    """This will give the texts that make functions in an SQL file."""
    return [found[0] for found in _FUNCTION.finditer(sql)]


if __name__ == "__main__":
    sys.exit(main())
