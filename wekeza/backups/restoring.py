"""Restoring a backup into an empty database, and asking whether it is the same bank."""

from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from ledger.proofs import queries as proofs
from wekeza import wiring
from wekeza.backups import facts, parts, programs
from wekeza.backups.identity import connected_as
from wekeza.backups.parts import Backup
from wekeza.kit import sealed_files
from wekeza.kit.encryption import index_canary, key_ids
from wekeza.runtime import env

NEW_LIFE = (Path(__file__).parent / "new_life.sql").read_text()
MOST = 10  # Lines of one kind of difference that are shown.


class CannotRestore(Exception):
    """The backup may not go there, and nothing was touched; the message says why and what helps."""


@dataclass(frozen=True)
class Outcome:
    """What became of a backup that was restored: where it differs, and which proofs are broken."""

    differences: list[str]
    broken: list[str]
    proofs: int

    @property
    def is_same(self) -> bool:
        return not self.differences and not self.broken


def restore(backup: Backup, *, owner_url: str, app_url: str, replace_demo: bool = False) -> Outcome:
    """
    This will restore a backup as the bank of the settings: documents into their storage, the
    database into the one of the two addresses, which must be empty or, if asked to, a demo bank's.

    :raises Damaged: if a part is not what it was.
    :raises CannotRestore: if program, keys, server or database do not fit.
    :raises ProgramFailed: if pg_restore fails; the database is as empty as before.
    """
    parts.check(backup)
    _refuse_other_program(backup)
    _refuse_other_keys(backup)
    with connected_as(owner_url):
        refuse_other_server(backup, app_role=env.database_settings(app_url)["USER"])
        _make_room(replace_demo=replace_demo)
    _bring_documents_back(backup)
    load(backup, owner_url=owner_url)
    with connected_as(owner_url):
        different = differences(backup) + _documents_missing(backup)
        begin_new_life()
    return asked(backup, app_url=app_url, different=different)


def load(backup: Backup, *, owner_url: str) -> None:
    """This will restore the database of a backup as its owner: all of it, or nothing."""
    database = env.database_settings(owner_url)["NAME"]
    program = programs.fitting("pg_restore", least=backup.manifest["dumped_by"]["major"])
    arguments = ("--no-owner", "--exit-on-error", "--single-transaction", f"--dbname={database}")
    programs.run(program, *arguments, str(backup.folder / parts.DATABASE), url=owner_url)
    quote = connection.ops.quote_name
    with connected_as(owner_url), connection.cursor() as cursor:
        # Rights on the database itself are in no dump of it.
        cursor.execute(f"REVOKE ALL ON DATABASE {quote(database)} FROM PUBLIC")
        role = quote(backup.manifest["server"]["application"])
        cursor.execute(f"GRANT CONNECT ON DATABASE {quote(database)} TO {role}")
        cursor.execute("ANALYZE")


def differences(backup: Backup) -> list[str]:
    """This will say where the database, as its owner sees it, is not what the manifest says."""
    with facts.one_snapshot():
        now, lines, server = facts.of_bank(), facts.fences(), facts.of_server()
    was, found = backup.manifest["bank"], []
    for name, value in was.items():
        if name == "rows":
            counts = {*value.items()} ^ {*now["rows"].items()}
            found += [
                f"rows of {table}: {value.get(table)} then, {now['rows'].get(table)} now"
                for table in sorted({table for table, _ in counts})
            ]
        elif name == "keys":  # Asked of a ring: the backup's was another perhaps.
            found += [f"key {key} seals nothing now" for key in set(value) - set(now["keys"])]
        elif now[name] != value:
            found.append(f"{name}: {_short(value)} then, {_short(now[name])} now")
    before = set((backup.folder / parts.FENCES).read_text().splitlines())
    is_same_server = server["major"] == backup.manifest["server"]["major"]
    for words, some in (("is gone", before - set(lines)), ("is new", set(lines) - before)):
        # PostgreSQL's own words for a definition may be others in another version.
        told = sorted(line for line in some if is_same_server or not line.startswith("definition "))
        found += [f"{line} ({words})" for line in told[:MOST]]
        found += [f"{len(told) - MOST} lines more ({words})"] if len(told) > MOST else []
    return found


def asked(backup: Backup, *, app_url: str, different: list[str]) -> Outcome:
    """This will ask every proof, and the digest again, as the role as which the bank works."""
    with connected_as(app_url), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        told, digest = proofs.prove(more=wiring.PROOFS), proofs.digest()
    if digest != backup.manifest["bank"]["digest"]:
        different = [*different, f"digest as the application role: {digest}"]
    broken = [
        f"{proof.name}: {subject}: {fault}" for proof in told for subject, fault in proof.faults
    ]
    return Outcome(different, broken, len(told))


def begin_new_life() -> None:
    """
    This will forget, as the owner, what was true of the old server only: numbers of its
    transactions, which the new one will count again, and who was signed in.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(NEW_LIFE)


def refuse_other_server(backup: Backup, *, app_role: str) -> None:
    """
    This will compare the server with what the backup needs, as the owner of the new database.

    :raises CannotRestore: if it is too old, or roles are missing or called otherwise.
    """
    want, least = backup.manifest["server"], backup.manifest["dumped_by"]["major"]
    major = connection.pg_version // 10000 if connection.ensure_connection() is None else 0
    if major < least:
        raise CannotRestore(
            f"The backup was dumped by programs of PostgreSQL {least}, and the server is of "
            f"{major}: restore it into PostgreSQL {least} or later."
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, array_agg(rolname::text) FROM pg_roles")
        owner, roles = cursor.fetchone()
    for what, name, wanted in (
        ("DATABASE_OWNER_URL", owner, want["owner"]),
        ("DATABASE_URL", app_role, want["application"]),
    ):
        if name != wanted:
            raise CannotRestore(
                f"The rights in the backup are of the role {wanted}, and {what} names {name}: "
                f"make a role {wanted} in the new server and name it in {what}."
            )
    if missing := set(want["roles"]) - set(roles):
        raise CannotRestore(
            f"The backup gives rights to roles that this server does not have: "
            f"{', '.join(sorted(missing))}. Make them first (CREATE ROLE)."
        )


def _refuse_other_program(backup: Backup) -> None:
    loader = MigrationLoader(None)
    here = {f"{app}.{name}" for app, name in loader.disk_migrations}
    there = set(backup.manifest["bank"]["migrations"])
    if unknown := sorted(there - here):
        raise CannotRestore(
            f"The backup is of a newer bank: this one does not know {_few(unknown)}. Restore it "
            f"with the program that made it ({backup.manifest['code']})."
        )
    if lacking := sorted(here - there):
        raise CannotRestore(
            f"The backup is of an older bank: it lacks {_few(lacking)}. Restore it with the "
            f"program that made it ({backup.manifest['code']}); then open it with this one, "
            "which migrates it."
        )


def _refuse_other_keys(backup: Backup) -> None:
    bank = backup.manifest["bank"]
    if missing := set(bank["keys"]) - set(key_ids()):
        raise CannotRestore(
            f"WEKEZA_KEYS lacks {', '.join(sorted(missing))}, which seals what is in the backup. "
            "No key is in a backup: take WEKEZA_KEYS and WEKEZA_INDEX_KEY from where you keep the "
            "secrets of that bank (of a bank with its own servers: its secrets.env)."
        )
    if bank["index_canary"] != index_canary():
        raise CannotRestore(
            "WEKEZA_INDEX_KEY is not the key that the bank in the backup was founded with: nobody "
            "could log in by phone. Take it from where you keep the secrets of that bank."
        )


def _make_room(*, replace_demo: bool) -> None:
    if facts.is_empty():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.ledger_bankfact') IS NOT NULL")
        is_bank = cursor.fetchone()[0]
        cursor.execute(
            "SELECT bool_and(is_demo) FROM ledger_bankfact" if is_bank else "SELECT false"
        )
        is_demo = cursor.fetchone()[0]
        if not is_demo:
            raise CannotRestore(
                "The database is not empty, and it is no demo bank: a real bank is never "
                "overwritten. Restore into a new, empty database."
            )
        if not replace_demo:
            raise CannotRestore(
                "A demo bank is in the database. Add --replace-demo to throw it away, or name "
                "another folder by --into."
            )
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND usename IS NOT NULL"  # Nor the server's own.
        )
        if cursor.fetchone()[0]:
            raise CannotRestore("The demo bank in the database is open; close it first (Ctrl-C).")
        with transaction.atomic():
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public AUTHORIZATION pg_database_owner")


def _bring_documents_back(backup: Backup) -> None:
    for path, sealed in parts.documents_in(backup):
        try:
            sealed_files.bring_back(path, sealed)
        except FileExistsError:
            raise CannotRestore(
                f"Another file lies at documents/{path}: this is not the storage of that bank."
            ) from None


def _documents_missing(backup: Backup) -> list[str]:
    there = set(sealed_files.all_paths()) | set(backup.manifest["documents"]["lost"])
    return [f"document {path} is missing" for path in sorted(sealed_files.named_paths() - there)]


def _short(value) -> str:
    words = str(value)
    return words if len(words) <= 100 else f"{words[:100]}…"


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
