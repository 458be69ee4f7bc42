"""What doors know beside the form: when this login was here before, and from where it asks."""

from datetime import datetime
from types import SimpleNamespace

from allauth.account.adapter import get_adapter

from accounts.access.signals import PREVIOUS_LOGIN


def last_seen(request):
    """This will give the time before this session as `last_seen`, without asking the database."""
    session = getattr(request, "session", None)
    before = session.get(PREVIOUS_LOGIN) if session is not None else None
    if not before:
        return {}
    moment = datetime.fromisoformat(before["at"])
    return {"last_seen": SimpleNamespace(created_at=moment, device=before["device"])}


def address_of(request) -> str:
    """This will give the address a request came from, behind the proxies that we trust."""
    return get_adapter(request).get_client_ip(request) if request.META.get("REMOTE_ADDR") else ""
