"""Looking at entries."""

from django.db.models import Exists, OuterRef

from ledger.journal.models import Entry


def has_mirror(entry: str) -> Exists:
    """This will tell of each row whether the entry in its field `entry` was reversed."""
    return Exists(Entry.objects.filter(reverses=OuterRef(entry)))
