"""./bank where URL: the view, the template and the tests behind an address of the bank."""

import inspect
import os
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

from wekeza.runtime import env

TEMPLATE = re.compile(r"""["']([\w./-]+\.html)(?:#[\w-]+)?["']""")


def main() -> int:
    if len(sys.argv) != 2:
        print("./bank where URL, for example: ./bank where /move/transfers/send/")
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wekeza.settings")
    import django

    django.setup()
    from django.urls import Resolver404, resolve

    path = urlsplit(sys.argv[1]).path or "/"
    try:
        match = resolve(path)
    except Resolver404:
        print(f"No view answers {path}")
        return 1
    for name, value in describe(match).items():
        for line in value or ["none"]:
            print(f"{name:10}{line}")
            name = ""
    return 0


def describe(match) -> dict[str, list[str]]:
    """This will say what stands behind a resolved address."""
    view = inspect.unwrap(getattr(match.func, "view_class", match.func))
    file = Path(inspect.getsourcefile(view))
    source, line = inspect.getsourcelines(view)
    room = file.parent
    named = str(getattr(view, "template_name", "") or "")  # Views of packages are classes.
    return {
        "view": [f"{_short(file)}:{line}  {view.__qualname__}"],
        "name": [match.view_name or "none"],
        "template": sorted({*_templates(f'{"".join(source)}"{named}"', file)}),
        "tests": sorted(_tests(room, match.view_name or "", view.__name__)),
    }


def _templates(source: str, file: Path):
    """The templates that a view names, or that a constant of its module names for it."""
    module = file.read_text()
    names = TEMPLATE.findall(source)
    for constant in re.findall(r"\b[A-Z][A-Z_]+\b", source):
        names += re.findall(rf"""^{constant} = ["']([\w./-]+\.html)["']""", module, re.MULTILINE)
    for name in names:
        path = env.ROOT / "templates" / name
        yield f"templates/{name}" if path.exists() else name


def _tests(room: Path, url_name: str, function: str) -> list[str]:
    """Test files that speak of the address by its name, or else the tests of the room's doors."""
    if env.ROOT not in room.parents:
        return []
    floors = [top for top in env.ROOT.iterdir() if (top / "__init__.py").exists()]
    files = [path for top in floors for path in top.rglob("tests/**/test_*.py")]
    named = [path for path in files if url_name and url_name in path.read_text()]
    doors = [room / "tests" / name for name in (f"test_{function}.py", "test_doors.py")]
    return [_short(path) for path in {*named, *(path for path in doors if path.exists())}]


def _short(path: Path) -> str:
    return str(path.relative_to(env.ROOT)) if env.ROOT in path.parents else str(path)


if __name__ == "__main__":
    sys.exit(main())
