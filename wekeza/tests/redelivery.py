"""A bank in which every task of the worker has something to do, and how such a bank stands."""

import time
from datetime import datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from typing import NamedTuple
from uuid import uuid4

from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.access.models import User
from accounts.access.tests.steps import begin, spare_phone
from accounts.businesses.models import Business
from accounts.customers.models import Customer
from accounts.deposits import queries as deposit_queries
from accounts.deposits.models import DepositAccount
from accounts.documents.models import Document
from accounts.factories import BusinessFactory, DepositAccountFactory, actor_of
from accounts.kyc.tests.steps import raised
from accounts.monitoring.models import MonitorMark
from accounts.partners import webhooks
from accounts.partners.factories import AppFactory, ConsentFactory
from accounts.partners.models import SpentGrant
from accounts.products.models import EVERYDAY
from accounts.registry.models import IdentityCheck
from accounts.screening.models import ListVersion
from accounts.statements import operations as statements
from accounts.statements.models import StatementFile
from ledger.calendar import queries as calendar
from ledger.chart import operations as ledger_accounts
from ledger.controls.models import OutboxMessage
from ledger.factories import pay, place
from ledger.journal.lines import BatchLine
from ledger.money import kes
from ledger.proofs import queries as proofs
from lending.loans.models import LoanInstalment
from payments.initiation.tests.steps import program
from wekeza.celery import app
from wekeza.kit import sealed_files
from wekeza.kit.actor import SYSTEM
from wekeza.tests import things
from wekeza.tests.api.steps import Program

MOST_RUNS, PAUSE_SECONDS = 3000, 0.05
app.loader.import_default_modules()
# `backups.daily` works in a process of its own: wekeza/tests/test_daily_backup.py.
TASKS = {name for name in app.tasks if not name.startswith("celery.")} - {"backups.daily"}
# How many days after the bank was made a task runs: one, unless it comes first or waits long.
DAYS = {
    "deposits.follow_limits_of": 0,
    "screening.go_on": 0,
    "deposits.follow_limits": 0.5,
    "proofs.seal": 0.5,
    "access.forget_unfinished": 1.5,
    "documents.sweep": 1.5,
    "outbox.sweep": 2,
    "partners.deliver": 3,
    "lending.remind": 27,  # In the morning three days before a loan is due.
    "lending.text_late": 31,
    "registry.ask_unanswered": 30,
    "approvals.expire": 100,
    "businesses.tell_expiring": 100,
    "kyc.tell_expiring": 100,
    "statements.dispose": 100,
    "documents.expire": 160,
    "kyc.lower_overdue": 200,
    "calendar.write_next_year": 800,
    "gateway.forget_calls": 800,
    "gateway.forget_tokens": 800,
    "partners.forget_spent": 800,
}
# Tasks that do something on the morning so many days after the first loan is due.
MORNINGS = {"lending.remind": -3, "lending.text_late": 1}
ORDER = sorted(TASKS, key=lambda name: (DAYS.get(name, 1), name))


def off_their_limits() -> dict:
    one = deposit_queries.off_their_tier(on=calendar.business_date()).earliest("pk")
    return {"first": one.pk, "last": one.pk}


def compared_with_a_new_list(model) -> dict:
    version = ListVersion.objects.filter(state="ACTIVE", screened_at=None).latest("pk")
    return {"first": 1, "last": model.objects.latest("pk").pk, "version": version.pk}


def moment_of(name: str, now: datetime) -> datetime:
    """This will give when a task runs in a bank that was made at `now`."""
    if name in MORNINGS:
        due = LoanInstalment.objects.earliest("pk").due
        day = due + timedelta(days=MORNINGS[name])
        return datetime.combine(day, clock_time(9), calendar.NAIROBI)
    return now + timedelta(days=DAYS.get(name, 1))


# What a task is given, if it is given anything: a new one that needs something is added here.
GIVEN = {
    "businesses.screen_chunk": lambda: compared_with_a_new_list(Business),
    "customers.screen_chunk": lambda: compared_with_a_new_list(Customer),
    "deposits.follow_limits_of": off_their_limits,
    "statements.make_file": lambda: {"file": StatementFile.objects.get(state="WAITING").pk},
}


def something_for_each(now: datetime) -> None:
    """This will make such a bank. Nothing that it tells anybody has been told yet."""
    owner, _ = things.of_customer()
    things.of_staff()
    account = owner.deposit_accounts.earliest("pk")
    place(account.ledger_account, "50", expires_on=calendar.business_date())
    raised(at=now, ID_FRONT=calendar.nairobi_date(now) + timedelta(days=150))
    paper = Document.objects.filter(
        owner_ref=BusinessFactory().owner_ref, state=Document.State.ACTIVE
    ).latest("pk")
    paper.expires_date = calendar.nairobi_date(now) + timedelta(days=150)
    paper.save(update_fields=["expires_date"])
    sealed_files.put(paper, "file", b"of a deed that was undone")
    IdentityCheck.objects.filter(customer=owner).update(state="UNKNOWN", tried_at=now)
    _who_came_by(account, now=now)
    _a_large_statement(now=now)


def let_limits_change() -> None:
    """This will leave two accounts behind their tier, which the proofs forgive for no longer."""
    for account in DepositAccount.objects.filter(product=EVERYDAY).order_by("pk")[:2]:
        ledger_accounts.set_terms(
            account.ledger_account, maximum=Decimal(5), overdraft=Decimal(0), actor=SYSTEM
        )


def _who_came_by(account, *, now: datetime) -> None:
    """Somebody in a browser, a program and an app; and somebody who began to register."""
    user, made = account.customer.user, AppFactory()
    page = Client()
    page.force_login(user)
    page.get("/")
    Program(user=user).get("/accounts/me")
    by_owner = {"at": now, "actor": actor_of(account.customer)}
    webhooks.add(made, url="http://127.0.0.1:8765/", topics=webhooks.TOPICS, **by_owner)
    ConsentFactory(app=made, customer=account.customer)
    program(made, user=user)
    SpentGrant.objects.create(digest=uuid4().hex, client=made.client, user=user, spent_at=now)
    User.objects.update(last_login=now)  # Whoever applied for a company had logged in for it.
    begin(Client(), phone=spare_phone(), email=f"{uuid4().hex[:12]}@example.com")


def _a_large_statement(*, now: datetime) -> None:
    payer = DepositAccountFactory(balance="9000")
    payee = DepositAccountFactory()
    line = BatchLine(payer.ledger_account_id, payee.ledger_account_id, kes("1"))
    pay(*[line] * 2001)
    day = calendar.business_date()
    actor = actor_of(payer.customer)
    statements.ask(
        holding=deposit_queries.held_by(actor)[0], from_date=day, to_date=day, form="CSV",
        language="en", at=now, actor=actor,
    )  # fmt: skip


class Stand(NamedTuple):
    """How a bank stands: the digest of its books, and for each table the rows and their content."""

    digest: str
    rows: dict[str, int]
    contents: dict[str, int]

    def changed_since(self, before: "Stand") -> set[str]:
        """This will name the tables whose content is another."""
        now, then = self.contents, before.contents
        return {table for table in now if now[table] != then[table]}

    def grown_since(self, before: "Stand") -> dict[str, int]:
        """This will tell how many rows each table has more, or fewer."""
        now, then = self.rows, before.rows
        return {table: now[table] - then[table] for table in now}


def stand() -> Stand:
    """This will look at every table; the sealed files count as one."""
    tables = sorted({model._meta.db_table for model in apps.get_models() if model._meta.managed})
    each = (
        f"SELECT '{name}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {name} t"
        for name in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        found = cursor.fetchall()
    rows = {name: count for name, count, _ in found}
    contents = {name: content for name, _, content in found}
    files = sorted(sealed_files.all_paths())
    rows["files"], contents["files"] = len(files), hash(tuple(files))
    return Stand(proofs.digest(), rows, contents)


def run(name: str, given: dict) -> None:
    """This will do what a worker does with a task, until nothing waits for it at this moment."""
    for _ in range(MOST_RUNS):
        app.tasks[name].apply(kwargs=given, throw=True)
        if not IS_LEFT.get(name, bool)():
            return
        time.sleep(PAUSE_SECONDS)
    raise AssertionError(f"{name} does not come to an end")


def _events_wait() -> bool:
    return OutboxMessage.objects.filter(state="PENDING", due_at__lte=timezone.now()).exists()


def _entries_wait() -> bool:
    """The monitor lets an entry wait for transactions in flight, also of tests beside this one."""
    return MonitorMark.objects.get().read_to < proofs.last_entry_id()


IS_LEFT = {"outbox.sweep": _events_wait, "monitoring.watch": _entries_wait}
