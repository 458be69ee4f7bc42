"""Signing payments of a business, for tests."""

from accounts.businesses.models import Member
from accounts.factories import PIN, actor_of
from payments.approvals import operations as approvals
from payments.transfers import queries

Role = Member.Role


def sign(transfer, person, secret=PIN, **more):
    facts = {"at": transfer.requested_at, "seen": queries.intent_digest(transfer)} | more
    return approvals.approve(transfer, secret=secret, actor=actor_of(person), **facts)


def balance(account):
    account.ledger_account.refresh_from_db()
    return account.ledger_account.money
