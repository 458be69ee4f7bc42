"""Statements as files: those of a customer, and what one vouches for."""

from datetime import date, datetime

from accounts.deposits import queries as deposit_queries
from accounts.deposits.queries import NoSuchAccount
from accounts.statements.models import StatementFile, StatementTerm
from accounts.statements.refusals import NoSuchFile
from accounts.statements.states import FileState
from wekeza.kit.actor import Actor

LATEST = 10


def terms_on(day: date) -> dict[str, int]:
    """This will give the bounds of making and keeping files on a day, by kind."""
    return StatementTerm.numbers_on(day)


def latest_of(actor: Actor, *, most: int = LATEST) -> list[StatementFile]:
    """This will give the files that a customer asked for last, the newest first."""
    if actor.kind != "CUSTOMER":
        return []
    mine = StatementFile.objects.filter(customer=int(actor.ref)).select_related("account__product")
    return list(mine.exclude(state=FileState.GONE).order_by("-pk")[:most])


def one_of(actor: Actor, *, public_id) -> StatementFile:
    """
    This will give a file to the customer who asked for it, while they may look at the account.

    :raises NoSuchFile: to anybody else.
    """
    found = None
    if actor.kind == "CUSTOMER":
        mine = StatementFile.objects.filter(customer=int(actor.ref), public_id=public_id)
        found = mine.select_related("account__product").first()
    if found is None:
        raise NoSuchFile
    try:
        deposit_queries.one_seen_by(actor, number=found.account.number)
    except NoSuchAccount as refusal:  # Of a business that they act for no more.
        raise NoSuchFile from refusal
    return found


def asked_since(customer, *, moment: datetime) -> int:
    """This will count the files that a customer asked for since a moment."""
    return StatementFile.objects.filter(customer=customer, asked_at__gt=moment).count()


def vouched_for(code: str) -> StatementFile | None:
    """This will give the made statement of a code, kept or not; None if there is none."""
    made = StatementFile.objects.filter(state__in=[FileState.MADE, FileState.GONE], code=code)
    return made.select_related("account").first()


def held_on(customer) -> list[dict]:
    """This will give what a customer asked for, for the copy of their data."""
    rows = StatementFile.objects.filter(customer=customer).select_related("account")
    return [
        {
            "account": row.account.number,
            "from_date": row.from_date,
            "to_date": row.to_date,
            "form": row.form,
            "state": row.get_state_display(),
            "asked_at": row.asked_at,
        }
        for row in rows.order_by("pk")
    ]
