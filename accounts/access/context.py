"""What every signed-in page says: when this login was here before."""

from datetime import datetime
from types import SimpleNamespace

from accounts.access.signals import PREVIOUS_LOGIN


def last_seen(request):
    """This will give the time before this session as `last_seen`, without asking the database."""
    session = getattr(request, "session", None)
    before = session.get(PREVIOUS_LOGIN) if session is not None else None
    if not before:
        return {}
    moment = datetime.fromisoformat(before["at"])
    return {"last_seen": SimpleNamespace(created_at=moment, device=before["device"])}
