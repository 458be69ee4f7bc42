"""`./bank manage screening_load UN_CONSOLIDATED consolidated.xml`: load a sanctions or PEP list."""

import getpass
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.screening import lists, queries
from accounts.screening.loaders.parsed import MOST_BYTES
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal


class Command(BaseCommand):
    help = "Load a list from its published files; for OFAC_CSV sdn.csv, add.csv and alt.csv."

    def add_arguments(self, parser):
        parser.add_argument("code", help="as UN_CONSOLIDATED")
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--published", type=date.fromisoformat, help="as 2026-11-21, for CSV")

    def handle(self, *, code, files, published, **_):
        user = getpass.getuser()
        try:
            version = lists.load(
                queries.list_of(code),
                files={path.name: _read(path) for path in files},
                published_date=published,
                at=timezone.now(),
                actor=Actor("CONSOLE", user, person=f"console:{user}"),
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{version}: {version.entry_count} entries with {version.name_count} names, "
            f"{version.added_count} new or changed, {version.removed_count} gone. "
            f"{version.get_state_display()}."
        )


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
