"""
How the bank is tested: loaded by pytest (pyproject.toml) after pytest-django, whose database
set-up it replaces.
"""

import os

import pytest

from wekeza.tests import report
from wekeza.tests.databases import TestCluster

pytest_plugins = ["wekeza.tests.browser", "wekeza.tests.servers"]

# Playwright's synchronous interface keeps an event loop in the thread that also uses the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(report.Report(config), "wekeza-report")


def pytest_collection_modifyitems(config, items):
    report.read_proofs(items)


@pytest.fixture(scope="session")
def test_cluster(django_db_blocker):
    """The database server of the tests, running."""
    from django.conf import settings

    cluster = TestCluster(settings.BANK_DATA)
    cluster.join()
    yield cluster
    cluster.leave()


@pytest.fixture(scope="session")
def django_db_setup(test_cluster, django_db_blocker, request):
    """One clone of the migrated template for each process, used as the application role."""
    from django.db import connections

    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with django_db_blocker.unblock():
        name = test_cluster.clone(worker)
        connection = connections["default"]
        connection.close()
        connection.settings_dict["NAME"] = name
        _never_flush()
    yield
    with django_db_blocker.unblock():
        try:
            _prove(since=0, what="the whole run")
        finally:
            connections.close_all()
            test_cluster.drop(name)


@pytest.fixture(scope="session")
def bank_database(django_db_setup, test_cluster):
    """The addresses of this process's database: {"app": url, "owner": url}."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    return {role: test_cluster.url(role, name) for role in ("app", "owner")}


@pytest.fixture
def demo_bank(bank_database):
    """The bank of this process is a demo bank during one test; only the owner may say so."""
    import psycopg

    with psycopg.connect(bank_database["owner"], autocommit=True) as owner:
        owner.execute("UPDATE ledger_bankfact SET is_demo = true")
        yield
        owner.execute("UPDATE ledger_bankfact SET is_demo = false")


@pytest.fixture
def empty_bank(test_cluster, django_db_setup, django_db_blocker):
    """A database of its own for one test: migrated, no customer, nothing posted."""
    from django.db import connection

    name = test_cluster.clone("empty")
    before = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            yield {role: test_cluster.url(role, name) for role in ("app", "owner")}
            _prove(since=0, what="this test")
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before
            test_cluster.drop(name)


@pytest.fixture(autouse=True)
def english():
    """Every test begins in English: a request leaves its language with its thread."""
    from django.utils import translation

    translation.activate("en")
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def books_hold(request):
    """Every test that posted ends with the proofs of what it posted."""
    uses = {"db", "transactional_db"} & set(request.fixturenames)
    if not uses and request.node.get_closest_marker("django_db") is None:
        yield
        return
    # Asked for here, so that it is undone after this fixture and not before.
    request.getfixturevalue("_django_db_helper")
    since = _last_entry_id()
    yield
    _prove(since=since, what="this test")


def _never_flush():
    """Tests of committed work end without emptying tables: the books refuse it (decision 32)."""
    from django.test.testcases import TransactionTestCase

    TransactionTestCase._fixture_teardown = lambda self: None


def _last_entry_id() -> int:
    from ledger.proofs import queries as proofs

    return proofs.last_entry_id()


def _prove(*, since: int, what: str) -> None:
    """Fail if the books do not hold after what was posted since an entry."""
    from django.db import connection

    from ledger.proofs import queries as proofs
    from wekeza import wiring

    if connection.needs_rollback or not connection.is_usable():
        return
    if proofs.last_entry_id() == since:
        return
    broken = [proof for proof in proofs.prove(since=since, more=wiring.PROOFS) if not proof.holds]
    if broken:
        faults = "\n".join(f"{proof.name}: {proof.faults[:3]}" for proof in broken)
        pytest.fail(f"the books do not hold after {what}:\n{faults}", pytrace=False)
