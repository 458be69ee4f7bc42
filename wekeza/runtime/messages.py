"""
The bank's words in Swahili: gather, check and compile them, without GNU gettext.

    python -m wekeza.runtime.messages check      every word used has its Swahili; exit 1 if not
    python -m wekeza.runtime.messages update     write new words into the catalogue, untranslated
    python -m wekeza.runtime.messages compile    write the .mo files that pages read
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from wekeza.runtime import env

ROOT = Path(env.ROOT)
PYTHON_ROOMS = ("wekeza", "ledger", "accounts", "payments", "lending", "insurance", "branch")
LANGUAGE = "sw"
CATALOGUE = ROOT / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
# Staff's pages may be English only (decision 30); tests and made-up sheets are nobody's page.
SKIPPED = ("tests", "migrations", "admin.py", "demo", "kit_sheet.py")
SKIPPED_TEMPLATES = ("admin", "ui/kit.html")


def gather() -> Catalog:
    """This will read every translatable word of templates and Python into one catalogue."""
    found = Catalog(locale=LANGUAGE, fuzzy=False, project="Wekeza", version="1")
    for path, line, message, context in sorted(_all_messages(), key=lambda one: one[:2]):
        found.add(message, context=context, locations=[(path, line)])
    return found


def stored(path: Path = CATALOGUE) -> Catalog:
    """This will read the catalogue that translators keep."""
    if not path.exists():
        return Catalog(locale=LANGUAGE, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def problems(used: Catalog, kept: Catalog) -> list[str]:
    """This will name each word that is used but has no Swahili, or loses a placeholder in it."""
    found = []
    for message in used:
        if not message.id:
            continue
        known = kept.get(message.id, context=message.context)
        where = "{}:{}".format(*message.locations[0]) if message.locations else ""
        texts = _texts(known.string) if known else []
        if known is None or known.fuzzy or not all(texts):
            found.append(f"{where}: no Swahili for {_first(message.id)!r}")
        elif any(
            _holes(text) != _holes(english)
            for text, english in zip(texts, _texts(message.id), strict=True)
        ):
            found.append(f"{where}: other placeholders in the Swahili of {_first(message.id)!r}")
    return found


def update() -> int:
    """This will add new words to the catalogue and drop those that nobody uses; counts them."""
    used, kept = gather(), stored()
    for message in used:
        known = message.id and kept.get(message.id, context=message.context)
        if known:
            message.string = known.string
    _write(used)
    return sum(1 for message in used if message.id and not all(_texts(message.string)))


def translate(words: dict[str, str | list[str]]) -> list[str]:
    """
    This will put Swahili beside English words of the catalogue; gives back unknown words. Words
    that change with a number are found by their singular, and have two of Swahili, or one for both.
    """
    kept, unknown = stored(), []
    for english, swahili in words.items():
        message = kept.get(english)
        if message is None:
            unknown.append(english)
        elif isinstance(message.id, tuple):
            message.string = tuple(swahili) if isinstance(swahili, list) else (swahili,) * 2
        else:
            message.string = swahili
    _write(kept)
    return unknown


def compiled(path: Path = CATALOGUE) -> bytes:
    """This will give the catalogue as the binary file that Django reads."""
    catalogue = stored(path)
    # The same words give the same bytes, on every machine and day.
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    target = BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()


def _all_messages() -> Iterator[tuple]:
    for room in PYTHON_ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if not set(path.relative_to(ROOT).parts) & set(SKIPPED):
                yield from _of_python(path.read_bytes(), path)
    for path in sorted((ROOT / "templates").rglob("*")):
        name = path.relative_to(ROOT / "templates").as_posix()
        if path.is_file() and not name.startswith(SKIPPED_TEMPLATES):
            code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            # Its lines keep the template's indentation, which Python would not take.
            yield from _of_python("\n".join(map(str.lstrip, code.split("\n"))).encode(), path)


def _of_python(code: bytes, path: Path) -> Iterator[tuple]:
    where = path.relative_to(ROOT).as_posix()
    for line, function, message, _comments in extract_python(
        BytesIO(code), list(KEYWORDS), [], {"encoding": "utf-8"}
    ):
        arguments = message if isinstance(message, tuple) else (message,)
        spec = KEYWORDS[function]
        context = arguments[0] if function.startswith("pgettext") else None
        if function.startswith("ngettext"):
            message = arguments[:2]
        else:
            message = arguments[1] if context else arguments[0]
        if message and (spec is None or all(message)):
            yield where, line, message, context


def _write(catalogue: Catalog) -> None:
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.header_comment = "# The bank's words in Swahili. To be read by a Kenyan editor."
    target = BytesIO()
    write_po(target, catalogue, width=0, omit_header=False, include_lineno=False, sort_output=True)
    lines = target.getvalue().decode().splitlines(keepends=True)
    # Dates and names of tools would change with every run and say nothing.
    dull = tuple(
        f'"{name}'
        for name in ("POT-", "PO-Revision-", "Generated-By", "Last-Tr", "Report-", "Language-Team")
    )
    CATALOGUE.write_text("".join(line for line in lines if not line.startswith(dull)))


def _texts(string) -> list[str]:
    return list(string) if isinstance(string, (tuple, list)) else [string]


def _first(message_id) -> str:
    return message_id[0] if isinstance(message_id, tuple) else message_id


def _holes(text: str) -> list[str]:
    """The named places of a text, like %(count)s and {amount}."""
    return sorted(set(re.findall(r"%\(\w+\)[sd]|\{\w*\}", text)))


def main(arguments: list[str]) -> int:
    """This will run one of the commands above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("command", choices=["check", "update", "compile", "translate"])
    parser.add_argument("file", nargs="?", help="translate: a JSON file of English to Swahili")
    chosen = parser.parse_args(arguments)
    if not settings.configured:
        settings.configure(USE_I18N=False)
    if chosen.command == "check":
        missing = problems(gather(), stored())
        if CATALOGUE.with_suffix(".mo").read_bytes() != compiled():
            missing.append("locale/sw: django.mo is older than django.po; compile it")
        print("\n".join(missing) or "Every word has its Swahili.")
        return 1 if missing else 0
    if chosen.command == "update":
        print(f"{update()} words wait for their Swahili.")
    if chosen.command == "translate":
        unknown = translate(json.loads(Path(chosen.file).read_text(encoding="utf-8")))
        print("\n".join(f"not in the catalogue: {word}" for word in unknown) or "All were placed.")
    CATALOGUE.with_suffix(".mo").write_bytes(compiled())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
