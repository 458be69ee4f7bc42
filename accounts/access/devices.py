"""Where a request comes from: "Chrome on Android", nothing finer, and its address."""

from dataclasses import dataclass

from allauth.account.adapter import get_adapter

_BROWSERS = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Opera Mini", "Opera Mini"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
]
_SYSTEMS = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
]


def described(user_agent: str) -> str:
    """This will name browser and system; empty when neither is known."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return f"{browser} · {system}"
    return browser or system


@dataclass(frozen=True, slots=True)
class Facts:
    """What a request tells about where it comes from; a session that a shell begins tells none."""

    ip_address: str = ""
    device: str = ""


def facts_of(request) -> Facts:
    """This will give the address, behind as many proxies as are trusted, and the browser."""
    meta = getattr(request, "META", {})
    if not meta.get("REMOTE_ADDR"):
        return Facts(device=described(meta.get("HTTP_USER_AGENT", "")))
    address = get_adapter(request).get_client_ip(request)
    return Facts(ip_address=address or "", device=described(meta.get("HTTP_USER_AGENT", "")))


def facts_of_program(request) -> Facts:
    """This will give the same of a program; one that is no browser is called what it says."""
    facts = facts_of(request)
    said = request.META.get("HTTP_USER_AGENT", "")
    return Facts(ip_address=facts.ip_address, device=facts.device or said[:60])


def is_scripted(request) -> bool:
    """This will tell whether a request names no browser that people use, or one that none sees."""
    said = request.META.get("HTTP_USER_AGENT", "")
    return not described(said) or "Headless" in said


def index_of(request) -> str:
    """
    This will give the keyed hash of the browser that a request comes from, the same for every login
    in it; nothing if it is not known.
    """
    session = getattr(request, "program_session", None) or getattr(request, "device_session", None)
    known = session and session.known_device
    return known.cookie_index if known else ""
