"""
How the bank is tested: loaded by pytest (pyproject.toml) after pytest-django, whose database
set-up it replaces.
"""

import os
import shutil

import pytest

from wekeza.tests import report
from wekeza.tests.databases import TestCluster

pytest_plugins = ["wekeza.tests.browser", "wekeza.tests.servers"]

# Playwright's synchronous interface keeps an event loop in the thread that also uses the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(report.Report(config), "wekeza-report")


def pytest_unconfigure(config):
    """The papers of the tests belong to databases that are gone."""
    if not hasattr(config, "workerinput"):
        from django.conf import settings

        shutil.rmtree(settings.STORAGES["documents"]["OPTIONS"]["location"], ignore_errors=True)


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


class Databases:
    """
    The clones of one process: "plain" for tests that roll back, which always see a new bank, and
    "committed" for tests that commit, where every test opens customers of its own.
    """

    TRANSACTIONAL = {"transactional_db", "live_server", "django_db_reset_sequences"}

    def __init__(self, cluster: TestCluster, worker: str):
        self.cluster, self.worker = cluster, worker
        self.names: dict[str, str] = {}

    def name(self, kind: str) -> str:
        """This will give the database of a kind, and make it the first time."""
        if kind not in self.names:
            self.names[kind] = self.cluster.clone(f"{self.worker}_{kind}")
        return self.names[kind]

    def use(self, name: str) -> str:
        """This will connect the tests to a database and give the name of the one before."""
        from django.db import connections

        connection = connections["default"]
        before = connection.settings_dict["NAME"]
        if before != name:
            connection.close()
            connection.settings_dict["NAME"] = name
        return before

    @classmethod
    def kind_of(cls, item: pytest.Item) -> str:
        """This will say in which database a test works."""
        mark = item.get_closest_marker("django_db")
        commits = mark is not None and mark.kwargs.get("transaction", False)
        if commits or cls.TRANSACTIONAL & set(getattr(item, "fixturenames", ())):
            return "committed"
        return "plain"


@pytest.fixture(scope="session")
def test_databases(test_cluster, request):
    """The databases of this process."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    databases = Databases(test_cluster, worker)
    yield databases
    for name in databases.names.values():
        test_cluster.drop(name)


@pytest.fixture(scope="session")
def django_db_setup(test_databases, django_db_blocker):
    """The tests work in clones of the migrated template, as the application role."""
    from django.db import connections

    _never_flush()
    _stay_prepared()
    yield
    with django_db_blocker.unblock():
        try:
            if "committed" in test_databases.names:
                test_databases.use(test_databases.names["committed"])
                _prove(since=0, what="the whole run")
        finally:
            connections.close_all()


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef, request):
    """Before a test's transaction begins, connect to the database that it belongs to."""
    if fixturedef.argname == "_django_db_helper":
        databases = request.getfixturevalue("test_databases")
        databases.use(databases.name(Databases.kind_of(request.node)))


@pytest.fixture(scope="session")
def bank_database(test_databases):
    """The addresses of the database of tests that commit: {"app": url, "owner": url}."""
    name = test_databases.name("committed")
    return {role: test_databases.cluster.url(role, name) for role in ("app", "owner")}


@pytest.fixture
def empty_bank(test_databases, transactional_db):
    """A database of its own for one test that commits: migrated, no customer, nothing posted."""
    from django.db import connection

    cluster = test_databases.cluster
    name = cluster.clone(f"{test_databases.worker}_empty")
    before = test_databases.use(name)
    try:
        yield {role: cluster.url(role, name) for role in ("app", "owner")}
        _prove(since=0, what="this test")
    finally:
        connection.close()
        test_databases.use(before)
        cluster.drop(name)


@pytest.fixture(autouse=True)
def fresh_start(request):
    """Every test starts in English with an empty cache, whatever the one before did."""
    from django.conf import settings
    from django.core.cache import cache
    from django.utils import translation

    translation.activate(settings.LANGUAGE_CODE)
    cache.clear()


@pytest.fixture
def demo_bank(request, test_databases):
    """The bank of this test is a demo bank while it lasts; only the owner may say so."""
    import psycopg

    name = test_databases.name(Databases.kind_of(request.node))
    with psycopg.connect(test_databases.cluster.url("owner", name), autocommit=True) as owner:
        owner.execute("UPDATE ledger_bankfact SET is_demo = true")
        yield
        owner.execute("UPDATE ledger_bankfact SET is_demo = false")


@pytest.fixture(autouse=True)
def books_hold(request):
    """Every test that posted ends with the proofs of what it posted."""
    uses = {"db", *Databases.TRANSACTIONAL} & set(request.fixturenames)
    if not uses and request.node.get_closest_marker("django_db") is None:
        yield
        return
    # Asked for here, so that it is undone after this fixture and not before.
    request.getfixturevalue("_django_db_helper")
    if Databases.kind_of(request.node) == "committed":
        _tell_nobody_of_what_was()
    since = _last_entry_id()
    yield
    _prove(since=since, what="this test")


def _never_flush():
    """Tests of committed work end without emptying tables: the books refuse it (decision 32)."""
    from django.test.testcases import TransactionTestCase

    TransactionTestCase._fixture_teardown = lambda self: None


def _stay_prepared():
    """
    A test that is rolled back leaves its statements prepared for the next one. Psycopg would forget
    them all, as a table may be another one after a rollback, and the server would plan every
    statement of every test anew; here no test puts another table in the place of one.
    """
    from django.db.backends.signals import connection_created
    from psycopg._preparing import PrepareManager

    PrepareManager.clear = lambda self: False
    connection_created.connect(_keep_many, dispatch_uid="wekeza-tests")


def _keep_many(connection, **_):
    connection.connection.prepared_max = 1000


def _tell_nobody_of_what_was() -> None:
    """A test tells the events of its own: those that earlier ones left would fill its sweeps."""
    from django.utils import timezone

    from ledger.controls.models import OutboxMessage

    waiting = OutboxMessage.objects.filter(state=OutboxMessage.State.PENDING)
    waiting.update(state=OutboxMessage.State.DONE, done_at=timezone.now())


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
