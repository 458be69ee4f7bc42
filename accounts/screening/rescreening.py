"""
A list that changed, against everybody whom the bank knows: handed out in chunks by each room that
knows people, and finished when every chunk of every room is.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.screening.models import ListVersion, ScreeningChunk
from accounts.screening.states import VersionState
from ledger.controls import audit, outbox
from wekeza.kit.actor import SYSTEM
from wekeza.kit.db import inside_transaction

ROOMS = ("customers", "businesses")
NOBODY = (0, 0)  # The chunk of a room that knows nobody yet.


@transaction.atomic
def hand_out(
    *, version: int, room: str, ranges: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    """
    This will note which ids of a room are to be compared with a version, and give the ranges that
    are not done yet. Handing out again, after a worker was lost, gives what is left.
    """
    ScreeningChunk.objects.bulk_create(
        (
            ScreeningChunk(version_id=version, room=room, first=first, last=last)
            for first, last in list(ranges) or [NOBODY]
        ),
        ignore_conflicts=True,
    )
    left = ScreeningChunk.objects.filter(version=version, room=room, done_at=None)
    found = list(left.order_by("first").values_list("first", "last"))
    if found:
        ListVersion.objects.filter(pk=version).update(screened_at=None)
    return found


@transaction.atomic
def go_on() -> None:
    """
    This will tell again of every version in force with which not everybody was compared yet, so
    that the rooms hand out what is left.
    """
    for row in ListVersion.objects.filter(state=VersionState.ACTIVE, screened_at=None):
        outbox.publish("screening.list_in_force", {"version": row.pk})
        audit.record(actor=SYSTEM, deed="screening.list_told_again", subject=row)


@inside_transaction
def finish(*, version: int, room: str, first: int, last: int, at: datetime) -> None:
    """
    This will note that a chunk was compared; the last one of all rooms makes the version screened.
    One that is no longer in force stays as it is: its chunks compared nothing.
    """
    row = ListVersion.objects.select_for_update().get(pk=version)
    if row.state != VersionState.ACTIVE:
        return
    # A worker may be faster than the transaction that hands out: then this waits for its row.
    ScreeningChunk.objects.update_or_create(
        version=row, room=room, first=first, defaults={"last": last, "done_at": at}
    )
    chunks = row.chunks.values_list("room", "done_at")
    if {room for room, _ in chunks} >= set(ROOMS) and all(done for _, done in chunks):
        row.screened_at = at
        row.save(update_fields=["screened_at", "updated_at"])
