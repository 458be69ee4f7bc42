"""
What has to be done before the bank opens, as the owner of its database: refuse bad settings,
migrate, decide whether this is a demo bank, collect the static files.

    python -m wekeza.runtime.prepare             --people makes those of a demo bank, too
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from wekeza.runtime import env

MARK = ".collected"


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = os.environ.get(
        "DJANGO_SETTINGS_MODULE", "wekeza.settings"
    )
    os.environ["WEKEZA_ROLE"] = "owner"
    import django

    django.setup()
    from django.core.exceptions import ImproperlyConfigured

    from wekeza.runtime import refusals

    try:
        refusals.refuse_to_start(connected=False)
        migrate()
        become_demo_bank()
        collect_static()
        refusals.refuse_to_start(connected=True)
    except ImproperlyConfigured as reason:
        print(reason, file=sys.stderr)
        return 1
    return _make_people() if "--people" in sys.argv[1:] else 0


def _make_people() -> int:
    """The people of a demo bank are made by its operations, as the application role."""
    from django.conf import settings

    if not settings.WEKEZA_DEMO:
        return 0
    seed = [sys.executable, str(env.ROOT / "manage.py"), "demo_seed"]
    as_app = os.environ | {"WEKEZA_ROLE": "app"}
    if not env.flag("DEMO_YEAR", default=True):
        return subprocess.run(seed, env=as_app).returncode
    for part in ("--first-day", "--year"):
        if code := subprocess.run([*seed, part], env=as_app).returncode:
            return code
    return 0


def migrate() -> None:
    """
    This will bring the database to the state of the code, if it is not there yet.

    :raises ImproperlyConfigured: if there is work and no DATABASE_OWNER_URL to do it as.
    """
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if not settings.DATABASE_OWNER_URL:
        raise ImproperlyConfigured(
            "The database wants migrations, and DATABASE_OWNER_URL is not given: the role of "
            "DATABASE_URL owns nothing and cannot migrate."
        )
    call_command("migrate", verbosity=0, interactive=False)


def become_demo_bank() -> None:
    """
    This will mark a new and empty bank as a demo bank if WEKEZA_DEMO says so (decision 28).

    A bank that has a login or a posting never becomes one. It begins some days back, so that what
    its people did before today is booked on its own day.
    """
    from django.conf import settings
    from django.db import connection

    from branch.demo import people, year

    if not settings.WEKEZA_DEMO:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH made AS ("
            "UPDATE ledger_bankfact SET is_demo = true WHERE NOT is_demo "
            "AND NOT EXISTS (SELECT FROM accounts_user) AND NOT EXISTS (SELECT FROM ledger_entry) "
            "RETURNING id) "
            "UPDATE ledger_businessday SET business_date = business_date - %(days)s, "
            "open_from = date_trunc('month', business_date - %(days)s)::date FROM made",
            {"days": year.BEGINS if env.flag("DEMO_YEAR", default=True) else people.DAYS},
        )


def collect_static() -> None:
    """This will put the static files where the web server finds them, if they have changed."""
    from django.conf import settings
    from django.core.management import call_command

    if settings.DEBUG:
        return
    root = Path(settings.STATIC_ROOT)
    now = _fingerprint(settings.STATICFILES_DIRS)
    mark = root / MARK
    if mark.exists() and mark.read_text() == now:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    mark.write_text(now)


def _fingerprint(folders: list[Path]) -> str:
    found = hashlib.sha256((env.ROOT / "requirements.txt").read_bytes())
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                facts = path.stat()
                found.update(f"{path}|{facts.st_size}|{facts.st_mtime_ns}".encode())
    return found.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
