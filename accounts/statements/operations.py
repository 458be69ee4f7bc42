"""Statements as files: asked for, made at once or by the worker, kept for some days."""

import hashlib
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.customers.models import Customer
from accounts.deposits import queries as deposit_queries
from accounts.deposits.queries import Holding
from accounts.statements import filed, queries, sheets
from accounts.statements.models import StatementFile, StatementTerm
from accounts.statements.queries import Statement
from accounts.statements.refusals import TooManyFiles, TooManyRows
from accounts.statements.states import LIFECYCLE, FileState
from ledger.calendar import queries as calendar
from ledger.controls import audit, outbox
from ledger.money import Money
from wekeza.kit import sealed_files, vouching
from wekeza.kit.actor import Actor

__all__ = ["TooManyFiles", "TooManyRows", "ask", "dispose_due", "fail", "look", "make"]

Term = StatementTerm.Kind


def ask(
    *,
    holding: Holding,
    from_date: date,
    to_date: date,
    form: str,
    language: str,
    actor: Actor,
    at: datetime,
) -> StatementFile:
    """
    This will keep that a customer wants a statement over a span of business dates as a file, and
    make it: at once, or by the worker where it has many rows (PF09, PF11). One whose making fails
    here the worker makes again, or tells whoever waits that it cannot be made.

    :raises TooManyRows: if it has more than any file takes.
    :raises TooManyFiles: if the customer asked too often within an hour.
    """
    terms = filed.terms_on(calendar.nairobi_date(at))
    rows = queries.statement_of(holding, from_date=from_date, to_date=to_date, size=1).count
    if rows > terms[Term.MOST_ROWS]:
        raise TooManyRows(rows=f"{rows:,}", most=f"{terms[Term.MOST_ROWS]:,}")
    is_at_once = rows <= terms[Term.ROWS_AT_ONCE]
    with transaction.atomic():
        customer = Customer.objects.select_for_update().get(pk=int(actor.ref))
        most = terms[Term.MOST_AN_HOUR]
        if filed.asked_since(customer, moment=at - timedelta(hours=1)) >= most:
            raise TooManyFiles(most=most)
        file = StatementFile.objects.create(
            code=vouching.new_statement_code(),
            customer=customer,
            account=holding.account,
            from_date=from_date,
            to_date=to_date,
            form=form,
            language=language,
            rows_total=rows,
            currency=holding.balance.currency,
            asked_at=at,
        )
        audit.record(actor=actor, deed="statement.asked", subject=file, form=form)
        # Of a small one too: whatever ends this process, no file waits for ever.
        outbox.publish("statement.asked", {"file": file.pk})
    return make(file, at=at) if is_at_once else file


def make(file: StatementFile, *, at: datetime) -> StatementFile:
    """
    This will write a file that was asked for, seal it, and keep with it the figures and the
    fingerprint that it vouches for. It tells how far it is. One that was made stays as it is.
    """
    if not file.is_waiting:
        return file
    statement = _whole(file)
    content = sheets.content_of(file, statement, at=at)
    days = filed.terms_on(calendar.nairobi_date(at))[Term.KEPT_DAYS]
    with transaction.atomic():
        locked = StatementFile.objects.select_for_update().get(pk=file.pk)
        if not locked.is_waiting:  # Another worker was first.
            return locked
        LIFECYCLE.move(
            locked,
            to=FileState.MADE,
            rows_done=len(statement.rows),
            opening=statement.opening.amount,
            money_in=statement.money_in.amount,
            money_out=statement.money_out.amount,
            closing=statement.closing.amount,
            sha256=hashlib.sha256(content).hexdigest(),
            size_bytes=len(content),
            file=sealed_files.put(locked, "file", content),
            made_at=at,
            kept_until=at + timedelta(days=days),
            updated_at=at,
        )
    return locked


def fail(file: StatementFile, *, at: datetime) -> None:
    """
    This will tell whoever waits that a file could not be made; they may ask again. One that another
    worker made meanwhile stays as it is.
    """
    with transaction.atomic():
        locked = StatementFile.objects.select_for_update().get(pk=file.pk)
        if locked.is_waiting:
            LIFECYCLE.move(locked, to=FileState.FAILED, updated_at=at)


def look(file: StatementFile, *, actor: Actor) -> bytes:
    """
    This will open a made file for the customer who asked for it.

    :raises FileNotFoundError: if it is not kept any more, or not made yet.
    """
    content = sealed_files.get(file, "file")
    with transaction.atomic():
        audit.record(actor=actor, deed="statement.fetched", subject=file)
    return content


def dispose_due(*, at: datetime) -> int:
    """
    This will take away the files whose days are over, and give their number. What they vouch for
    stays, so that a printed one can be verified for as long as the bank has its books.
    """
    due = StatementFile.objects.filter(state=FileState.MADE, kept_until__lte=at).order_by("pk")
    return sum(_dispose(pk, at=at) for pk in list(due.values_list("pk", flat=True)))


def _dispose(pk: int, *, at: datetime) -> int:
    made = StatementFile.objects.filter(pk=pk, state=FileState.MADE)
    with transaction.atomic():
        file = made.select_for_update(skip_locked=True).first()
        if file is None:
            return 0  # Another worker was first.
        place = file.file
        LIFECYCLE.move(file, to=FileState.GONE, file="", updated_at=at)
    sealed_files.discard(place)
    return 1


def _whole(file: StatementFile) -> Statement:
    """All rows, page by page; the totals are those of the rows, so that the file adds up."""
    holding = deposit_queries.standing_of(file.account)
    span = {"from_date": file.from_date, "to_date": file.to_date}
    page = first = queries.statement_of(holding, **span)
    rows = list(page.rows)
    while page.more is not None:
        waiting = StatementFile.objects.filter(pk=file.pk, state=FileState.WAITING)
        waiting.update(rows_done=len(rows))
        page = queries.statement_of(holding, **span, after=page.more)
        rows += page.rows
    zero = Money.zero(file.currency)
    into = [row.money for row in rows if row.direction == "in"]
    out = [row.money for row in rows if row.direction == "out"]
    money_in, money_out = sum(into, zero), sum(out, zero)
    return replace(
        first,
        rows=rows,
        more=None,
        money_in=money_in,
        money_out=money_out,
        count_in=len(into),
        count_out=len(out),
        closing=first.opening + money_in - money_out,
    )
