"""The record a drill leaves, docs/drills/<date>-<name>.md, by which a stranger can repeat it."""

import platform
import shutil
import subprocess
from datetime import datetime

from wekeza.runtime import env

FOLDER = env.ROOT / "docs" / "drills"


def write(name: str, *, began: datetime, ended: datetime, figures: dict, words: str) -> str:
    """This will write the record and give its path, as seen from the root of the house."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{began.date().isoformat()}-{name}.md"
    rows = "\n".join(f"| {what} | {figure} |" for what, figure in figures.items())
    path.write_text(
        f"# Drill: {name}\n\n"
        f"Run on {began:%Y-%m-%d} from {began:%H:%M} to {ended:%H:%M} UTC, at commit {commit()}, "
        f"Python {platform.python_version()}.\n\n"
        f"{words}\n\n| what | figure |\n|---|---|\n{rows}\n"
    )
    return str(path.relative_to(env.ROOT))


def commit() -> str:
    """
    This will name the state of the code: WEKEZA_CODE, or what git says ("-dirty" if it is not all
    committed), or "unknown".
    """
    if given := env.text("WEKEZA_CODE"):
        return given
    if not shutil.which("git"):
        return "unknown"
    asked = ["git", "-C", str(env.ROOT), "describe", "--always", "--dirty", "--abbrev=12"]
    told = subprocess.run(asked, capture_output=True, text=True)  # noqa: S603
    return told.stdout.strip() or "unknown"
