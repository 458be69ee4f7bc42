"""
What a production bank refuses to start with (reliability rule 39).

Each refusal is a system check, so that `manage.py check` lists it and every command of manage.py
stops at it; web, worker and beat ask again through `refuse_to_start`.
"""

import base64
import binascii
import os
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections

from wekeza.kit.encryption import index_canary

SECRET_LETTERS_MIN = 50
DEFAULT_NAMES = {"", "postgres", "root", "admin", "sa", "user", "test", "wekeza"}
DEFAULT_PASSWORDS = {"", "root", "postgres", "password", "password123", "admin", "wekeza", "secret"}
LOCAL_HOSTS = {"", "localhost", "127.0.0.1", "::1"}


def refuse_to_start(*, connected: bool = True) -> None:
    """
    This will stop a production bank that stands on defaults; any other bank goes on.

    `connected` asks the database too, about the rights of the role and the key of its indexes.
    :raises ImproperlyConfigured: with every reason.
    """
    found = settings_refusals()
    if connected:
        found += role_refusals(databases=["default"]) + index_refusals(databases=["default"])
        _let_go()
    if found:
        reasons = "\n".join(f"  - {error.msg}" for error in found)
        raise ImproperlyConfigured(f"A production bank does not start like this:\n{reasons}")


@register(Tags.security)
def settings_refusals(app_configs=None, **_) -> list[Error]:
    """This will list what is wrong with the settings of a production bank."""
    if not settings.PRODUCTION:
        return []
    questions = (_secrets, _web, _database, _providers, _switches)
    return [error for question in questions for error in question()]


@register(Tags.database)
def role_refusals(app_configs=None, databases=None, **_) -> list[Error]:
    """This will list what the database role of a production bank may do but must not."""
    if not settings.PRODUCTION or not databases or settings.WEKEZA_ROLE == "owner":
        return []
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute(_ROLE_SQL)
            names = [column.name for column in cursor.description]
            facts = dict(zip(names, cursor.fetchone(), strict=True))
    except DatabaseError as error:
        return [_error("D00", f"The database of DATABASE_URL does not answer: {error}")]
    wrong = [
        ("D01", facts["is_superuser"], "The role of DATABASE_URL is a superuser."),
        (
            "D02",
            facts["is_mighty"],
            "The role of DATABASE_URL may make roles or pass row security.",
        ),
        ("D03", facts["owned"] > 0, "The role of DATABASE_URL owns tables; it must own nothing."),
        ("D04", facts["inherits"], "The role of DATABASE_URL is a member of the tables' owner."),
        (
            "D05",
            "off" in {facts["synchronous_commit"], facts["fsync"], facts["full_page_writes"]}
            or facts["synchronous_commit"] == "local",
            "synchronous_commit, fsync and full_page_writes must be on: a payment that was "
            "answered is never lost.",
        ),
    ]
    return [_error(mark, words) for mark, is_wrong, words in wrong if is_wrong]


@register(Tags.database)
def index_refusals(app_configs=None, databases=None, **_) -> list[Error]:
    """
    This will say whether WEKEZA_INDEX_KEY is another than the one the bank was founded with: then
    nobody could log in by phone, and one ID number could open two accounts.
    """
    if not databases or not settings.WEKEZA_INDEX_KEY:
        return []
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT index_canary FROM ledger_bankfact")
            row = cursor.fetchone()
    except DatabaseError:  # No tables yet; whether it answers at all is asked above.
        return []
    if row is None or row[0] == index_canary():
        return []
    return [_error("D06", "WEKEZA_INDEX_KEY is not the key that this database was founded with.")]


_ROLE_SQL = """
SELECT r.rolsuper AS is_superuser, r.rolcreaterole OR r.rolbypassrls AS is_mighty,
       (SELECT count(*) FROM pg_catalog.pg_class c WHERE c.relowner = r.oid) AS owned,
       EXISTS (SELECT FROM pg_catalog.pg_class c
               WHERE c.relnamespace = 'public'::regnamespace AND c.relowner <> r.oid
                 AND pg_has_role(r.oid, c.relowner, 'MEMBER')) AS inherits,
       current_setting('synchronous_commit') AS synchronous_commit,
       current_setting('fsync') AS fsync,
       current_setting('full_page_writes') AS full_page_writes
FROM pg_catalog.pg_roles r WHERE r.rolname = current_user
"""


def _let_go() -> None:
    """Close what was opened to ask: a web server forks next, and no connection survives that."""
    connection = connections["default"]
    if not connection.in_atomic_block:
        connection.close()
        if settings.DATABASES["default"]["OPTIONS"].get("pool"):
            connection.close_pool()


def _secrets():
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django does not even read an empty one.
        key = ""
    if len(key) < SECRET_LETTERS_MIN or len(set(key)) < 10 or key.startswith("django-insecure"):
        yield _error("S01", f"SECRET_KEY must be {SECRET_LETTERS_MIN} random characters or more.")
    try:
        rings = [part.partition(":") for part in settings.WEKEZA_KEYS.split(",")]
        keys = [base64.b64decode(body, validate=True) for _, _, body in rings]
    except (binascii.Error, ValueError):
        keys = [b""]
    if not all(_is_random(key) for key in keys):
        yield _error("S02", "WEKEZA_KEYS must be given: id:base64 of 32 random bytes, by commas.")
    try:
        index_key = base64.b64decode(settings.WEKEZA_INDEX_KEY, validate=True)
    except (binascii.Error, ValueError):
        index_key = b""
    if not _is_random(index_key) or index_key in keys:
        yield _error("S03", "WEKEZA_INDEX_KEY must be given: base64 of 32 random bytes of its own.")


def _is_random(key: bytes) -> bool:
    return len(key) == 32 and len(set(key)) > 8


def _web():
    if settings.DEBUG:
        yield _error("W01", "DEBUG shows the bank's inside to everybody.")
    if not settings.SITE_URL.startswith("https://"):
        yield _error("W02", "SITE_URL must be given and begin with https://.")
    if not settings.SECURE_SSL_REDIRECT:
        yield _error("W03", "SECURE_SSL_REDIRECT=false lets pages go without https.")
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        yield _error("W04", "ALLOWED_HOSTS must name the bank's own host names.")


def _database():
    for variable in ("DATABASE_URL", "DATABASE_OWNER_URL", "BACKUP_URL"):
        given = os.environ.get(variable, "")
        parts = urlsplit(given)
        if not given:
            # The owner is needed to migrate only, so that web and worker may not know it at all.
            if variable == "DATABASE_URL":
                yield _error("B01", "DATABASE_URL must be given; embedded servers are for demos.")
            continue
        if (parts.username or "") in DEFAULT_NAMES:
            yield _error("B02", f"{variable}: {parts.username or 'no name'} is a default user.")
        is_local = (parts.hostname or "") in LOCAL_HOSTS or "%2f" in parts.netloc.lower()
        password = parts.password or ""
        if password == parts.username or (
            password in DEFAULT_PASSWORDS and (password or not is_local)
        ):
            yield _error("B03", f"{variable} has no password, or one that everybody knows.")
    owner = urlsplit(os.environ.get("DATABASE_OWNER_URL", "")).username
    if owner and owner == urlsplit(os.environ.get("DATABASE_URL", "")).username:
        yield _error("B04", "DATABASE_URL and DATABASE_OWNER_URL must be two different roles.")
    if not os.environ.get("REDIS_URL"):
        yield _error("B05", "REDIS_URL must be given; embedded servers are for demos.")


def _providers():
    for name in ("IPRS_URL", "PHONE_OWNER_URL", "METROPOL_URL"):
        address = getattr(settings, name)
        if address and not address.startswith("https://"):
            yield _error("P01", f"{name} must begin with https://: it carries national IDs.")


def _switches():
    if settings.WEKEZA_DEMO:
        yield _error("M01", "WEKEZA_DEMO shows everybody's messages; never in production.")
    if os.environ.get("WEKEZA_FAILPOINTS"):
        yield _error("M02", "WEKEZA_FAILPOINTS breaks the bank on purpose; never in production.")


def _error(mark: str, words: str) -> Error:
    return Error(words, id=f"wekeza.{mark}")
