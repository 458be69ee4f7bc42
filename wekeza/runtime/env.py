"""
What the environment says, typed; and where the embedded servers stand when it says nothing.

Nothing is started here: addresses of the embedded servers follow from the data folder alone.
"""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}

# Roles of the embedded database: only the owner may change tables, and it is no superuser.
OWNER_ROLE, APP_ROLE, DATABASE = "wekeza_owner", "wekeza_app", "wekeza"


class BadEnvironment(Exception):
    """A variable of the environment cannot be read; the message says how to write it."""


def text(name: str, default: str = "") -> str:
    """This will read a variable as text; an empty one counts as not given."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    """
    This will read a variable as yes or no.

    :raises BadEnvironment: if it is neither.
    """
    value = os.environ.get(name, "").strip().lower()
    if name not in os.environ or (value == "" and default):
        return default
    if value in TRUE | FALSE:
        return value in TRUE
    raise BadEnvironment(f"{name}={value!r}: write true or false")


def number(name: str, default: int) -> int:
    """
    This will read a variable as a whole number.

    :raises BadEnvironment: if it is none.
    """
    value = text(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise BadEnvironment(f"{name}={value!r}: write a whole number") from None


def words(name: str, default: str = "") -> list[str]:
    """This will read a variable as a list, separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def folder(name: str, default: Path) -> Path:
    """This will read a variable as the path of a folder."""
    return Path(text(name) or default).expanduser().absolute()


def data_folder() -> Path:
    """This will give the folder of this bank's data: BANK_DATA, or `.data` beside `manage.py`."""
    return folder("BANK_DATA", ROOT / ".data")


def short_socket_path(path: Path) -> Path:
    """This will give a socket's path; one too long for the system (104 bytes) moves to /tmp."""
    if len(os.fsencode(path)) < 80:
        return path
    mark = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"wekeza-{os.getuid()}-{mark}-{path.name}"


def postgres_socket(data: Path, name: str = "postgres") -> Path:
    """This will give the folder in which the embedded PostgreSQL `name` puts its socket."""
    return short_socket_path(data / f"{name}.sock")


def valkey_socket(data: Path, name: str = "valkey") -> Path:
    """This will give the socket of the embedded Valkey `name`."""
    return short_socket_path(data / f"{name}.sock")


def embedded_database_url(
    data: Path, role: str, *, name: str = "postgres", database: str = DATABASE
) -> str:
    """This will give the address of a database of the embedded PostgreSQL, for one role."""
    return f"postgresql://{role}@{quote(str(postgres_socket(data, name)), safe='')}/{database}"


def database_settings(url: str) -> dict:
    """
    This will turn postgresql://user:password@host:port/name?option=value into Django's settings.

    A host that begins with a slash (percent-encoded) is the folder of a Unix socket.
    :raises BadEnvironment: if it is no address of a PostgreSQL database.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise BadEnvironment("a database address reads postgresql://role:password@host:port/name")
    # urlsplit().hostname is in lower case, which would break the path of a socket.
    found = re.fullmatch(r"(\[[^]]*\]|[^:]*)(?::(\d+))?", parts.netloc.rpartition("@")[2])
    if found is None:
        raise BadEnvironment("the host of a database address reads name:port")
    host, port = found.groups(default="")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host).strip("[]"),
        "PORT": port,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def redis_urls(url: str) -> tuple[str, str]:
    """
    This will give the addresses of the broker (database 0) and the cache (database 1) of one
    Redis or Valkey. A Unix socket is written unix:///path or redis+socket:///path.

    :raises BadEnvironment: if it is no address of a Redis server.
    """
    parts = urlsplit(url)
    if parts.scheme in {"unix", "redis+socket"}:
        return f"redis+socket://{parts.path}?virtual_host=0", f"unix://{parts.path}?db=1"
    if parts.scheme in {"redis", "rediss"}:
        base = f"{parts.scheme}://{parts.netloc}"
        query = f"?{parts.query}" if parts.query else ""
        return f"{base}/0{query}", f"{base}/1{query}"
    raise BadEnvironment("REDIS_URL reads redis://host:6379, rediss://… or unix:///path")


def django_database(url: str, *, pooled: bool, limited: bool) -> dict:
    """
    This will give Django's settings of one database.

    `pooled` keeps 2 to 10 connections in each process (PF10). `limited` sets the limits of the
    application role: 3 s for a lock, 10 s idle in a transaction, 20 s a statement (reliability
    rule 9); the owner, who migrates, waits 3 s for a lock and is not limited otherwise.
    """
    settings = database_settings(url)
    limits = {"lock_timeout": "3s"}
    if limited:
        limits |= {
            "idle_in_transaction_session_timeout": "10s",
            "statement_timeout": text("DB_STATEMENT_TIMEOUT", "20s"),
        }
    settings["OPTIONS"] |= {
        # Measured: the posting function through Django is 1.04 x TPC-B with these two, else 0.91.
        "server_side_binding": True,
        "prepare_threshold": 1,
        "application_name": f"wekeza-{text('WEKEZA_PROCESS', 'shell')}",
        "connect_timeout": number("DB_CONNECT_TIMEOUT", 3),
        "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
    }
    if pooled:
        settings["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 10, "timeout": 3}
    else:
        settings["CONN_MAX_AGE"] = 60
    return settings | {"CONN_HEALTH_CHECKS": True}
