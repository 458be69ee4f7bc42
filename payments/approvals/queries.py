"""What waits for signatures in a business, as one of its members sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.businesses.mandates import Standing
from accounts.businesses.models import Business, Signature
from accounts.businesses.queries import Membership
from payments.transfers import queries
from payments.transfers.models import Transfer


@dataclass(frozen=True, slots=True)
class Waiting:
    """One payment that waits, and whether it is this member who should look at it."""

    transfer: Transfer
    standing: Standing
    is_mine: bool
    is_for_me: bool


@dataclass(frozen=True, slots=True)
class Behind:
    """The people behind one payment of a business, by name: who prepared it, who approved it."""

    maker: str
    approvers: list[str]


def people_behind(entries: Iterable[int]) -> dict[int, Behind]:
    """This will tell, of journal entries that are payments of businesses, who made each."""
    rows = Transfer.objects.filter(entry__in=list(entries), business__isnull=False)
    sent = {queries.intent_of(row): row for row in rows.select_related("customer").order_by("pk")}
    approvers: dict[str, list[str]] = {intent: [] for intent in sent}
    signed = Signature.objects.filter(intent__in=sent, decision=Signature.Decision.APPROVED)
    for one in signed.select_related("signer").order_by("pk"):
        approvers[one.intent].append(one.signer.full_name)
    return {
        row.entry_id: Behind(row.customer.full_name, approvers[intent])
        for intent, row in sent.items()
    }


def waiting_for(member: Membership, *, at: datetime) -> list[Waiting]:
    """
    This will give the payments of a business that wait for signatures: those that this member can
    sign first, then the oldest.
    """
    found = [waiting_one(member, row) for row in queries.waiting_of(member.business, at=at)]
    return sorted(found, key=lambda one: (not one.is_for_me, one.transfer.pk))


def waiting_one(member: Membership, row: Transfer) -> Waiting:
    """This will tell how one payment stands, as a member sees it."""
    standing = queries.signatures_of(row)
    me = member.customer.pk
    return Waiting(
        transfer=row,
        standing=standing,
        is_mine=row.customer_id == me,
        is_for_me=any(person.pk == me for person in standing.may_sign),
    )


def decisions_on(business: Business, row: Transfer) -> list[Signature]:
    """This will give who decided what about a payment, the first first."""
    return list(
        Signature.objects.select_related("signer")
        .filter(business=business, intent=queries.intent_of(row))
        .order_by("pk")
    )
