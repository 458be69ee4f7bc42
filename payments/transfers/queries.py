"""Looking at transfers: drafts and receipts of their own people, payees, ways to authorise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from accounts.access import authorising
from accounts.access.authorising import Intent
from accounts.access.models import User
from accounts.businesses import mandates
from accounts.businesses import queries as business_queries
from accounts.businesses.models import Signature
from accounts.limits import queries as limits
from ledger.calendar import queries as calendar
from ledger.controls import doors
from ledger.journal import queries as journal
from ledger.money import Money
from payments.transfers.models import Transfer
from payments.transfers.refusals import FactorTooNew, NoSuchTransfer
from payments.transfers.states import TransferState
from wekeza.kit import receipts, wire
from wekeza.kit.actor import Actor
from wekeza.kit.wire import Statement

Way = Transfer.AuthorisedBy
# Money is about to move, so this is said once and outright.
_STANDING = Statement.of(
    "transfer_standing",
    f"""
SELECT t.state, t.authorised_by, t.held_until, coalesce(b.state, c.status),
       coalesce(b.tier_id, c.tier_id), {limits.LIMITS.format(tier="coalesce(b.tier_id, c.tier_id)")}
  FROM payments_transfer t JOIN accounts_customer c ON c.id = t.customer_id
  LEFT JOIN accounts_business b ON b.id = t.business_id
 WHERE t.id = %s""",  # noqa: S608 - two texts of ours.
)
_PARTIES = (
    "customer__user", "business", "source__product", "target__customer__user", "target__business"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """What may have changed since a transfer was read: what sending has to look at once more."""

    state: str
    authorised_by: str
    held_until: datetime
    payer_status: str
    caps: Mapping[str, Money | None]


@dataclass(frozen=True, slots=True)
class Receipt:
    """
    A sent transfer as one of its two parties may see it. It is returned when the books hold the
    mirror of its entry, which is what the transaction's page looks at too. Those who signed it for
    a business are for its payer alone.
    """

    transfer: Transfer
    is_payer: bool
    is_returned: bool
    signatures: Sequence[Signature] = ()


def draft_by(actor: Actor, *, public_id: UUID) -> Transfer:
    """
    This will give a transfer of their own that the actor ordered.

    :raises NoSuchTransfer: if it is another's; another's and none look the same.
    """
    found = _of(actor).filter(public_id=public_id).first()
    if found is None:
        raise NoSuchTransfer
    return found


def of_business(business, *, public_id: UUID) -> Transfer:
    """
    This will give a transfer of a business; who may look at it, its door has asked.

    :raises NoSuchTransfer: if it is another's; another's and none look the same.
    """
    found = Transfer.objects.filter(business=business, public_id=public_id)
    row = found.select_related(*_PARTIES).first()
    if row is None:
        raise NoSuchTransfer
    return row


def waiting_of(business, *, at: datetime) -> list[Transfer]:
    """This will give the payments of a business that wait for signatures, the oldest first."""
    waiting = Transfer.objects.filter(
        business=business, state=TransferState.WAITING, held_until__gt=at
    )
    return list(waiting.select_related(*_PARTIES).order_by("pk"))


def signatures_of(transfer: Transfer) -> mandates.Standing:
    """
    This will tell who signed a payment of a business exactly as it stands, and who still must.

    :raises OverMandate: if no line of its mandate covers the amount.
    """
    return mandates.standing_of(
        transfer.business,
        intent=intent_of(transfer),
        intent_digest=intent_digest(transfer),
        money=transfer.total,
        maker=transfer.customer_id,
    )


def standing_of(transfer: Transfer, *, day: date) -> Standing:
    """This will tell how a transfer and its payer stand now, with the limits of a Nairobi day."""
    state, authorised_by, held_until, status, tier, caps = wire.first_row(
        _STANDING, [*limits.as_of(day, "KES"), str(transfer.pk)]
    )
    return Standing(
        state=state,
        authorised_by=authorised_by,
        held_until=datetime.fromisoformat(held_until),
        payer_status=status,
        caps=limits.read_limits(caps, tier=tier, on=day, currency="KES"),
    )


def receipt_by(actor: Actor, *, receipt_no: str) -> Receipt:
    """
    This will give the receipt of a sent transfer to its payer or its payee.

    :raises NoSuchTransfer: to anybody else.
    """
    found = (
        Transfer.objects.select_related(*_PARTIES)
        .annotate(is_mirrored=journal.has_mirror("entry"))
        .filter(receipt_no=receipts.normalised(receipt_no))
        .exclude(receipt_no="")
        .first()
    )
    mine = business_queries.parties_of(actor)
    if found is None or mine.isdisjoint({found.owner_ref, found.target.owner_ref}):
        raise NoSuchTransfer
    is_payer = found.owner_ref in mine
    signatures = approvals_of(found) if is_payer and found.business_id else ()
    return Receipt(found, is_payer, is_returned=found.is_mirrored, signatures=signatures)


def paid_under(receipt_no: str) -> Transfer | None:
    """This will give the sent transfer of a receipt number, to verify its paper; whoever asks."""
    sent = Transfer.objects.filter(receipt_no=receipt_no, state=TransferState.PAID)
    sent = sent.select_related(*_PARTIES).annotate(is_mirrored=journal.has_mirror("entry"))
    return sent.first() if receipt_no else None


def approvals_of(transfer: Transfer) -> list[Signature]:
    """This will give the signatures that a payment of a business was made with, in order."""
    yes = Signature.objects.filter(
        intent=intent_of(transfer),
        intent_digest=intent_digest(transfer),
        decision=Signature.Decision.APPROVED,
    )
    return list(yes.select_related("signer").order_by("signed_at", "pk"))


def recent_payees(actor: Actor, *, most: int = 4) -> list[Transfer]:
    """This will give the last transfer to each of the people whom the actor paid last."""
    newest = (
        Transfer.objects.filter(customer=actor.customer_id, business=None, state=TransferState.PAID)
        .exclude(target__customer=actor.customer_id)
        .values("target")
        .annotate(newest=Max("pk"))
        .order_by("-newest")
        .values_list("newest", flat=True)[:most]
    )
    found = Transfer.objects.filter(pk__in=list(newest)).select_related("target__customer__user")
    return sorted(found, key=lambda transfer: -transfer.pk)


def is_first_payment(transfer: Transfer) -> bool:
    """This will tell whether the payer never paid this account before."""
    payer = {"business": transfer.business_id}
    if not transfer.business_id:
        payer = {"business": None, "customer": transfer.customer_id}
    return not Transfer.objects.filter(
        **payer, target=transfer.target_id, state=TransferState.PAID
    ).exists()


def way_to_authorise(transfer: Transfer, *, at: datetime, user: User | None = None) -> str:
    """
    This will tell what authorises a transfer (X20): the PIN up to the tier's threshold of the day,
    above it an authenticator app if there is one, else a texted code. A tier without a threshold
    never sends by PIN alone. `user` is who authorises it, the customer unless told otherwise.
    """
    return authorising.way_of(intent_for(transfer, user, at=at))


def way_open(transfer: Transfer, *, at: datetime, user: User | None = None) -> str:
    """
    This will tell what authorises a transfer, as `way_to_authorise`, if that may authorise anything
    yet.

    :raises FactorTooNew: if a PIN is not enough and phone, e-mail or app changed within a day.
    """
    try:
        return authorising.way_open(intent_for(transfer, user, at=at), at=at)
    except authorising.FactorTooNew as refusal:
        raise too_new(transfer, refusal, at=at) from refusal


def too_new(transfer: Transfer, refusal: authorising.FactorTooNew, *, at: datetime) -> FactorTooNew:
    """This will say with a transfer's figure that something new authorises no large payment."""
    most = _pin_up_to(transfer, at=at) or Money.rounded(0, transfer.currency)
    return FactorTooNew(opens=refusal.facts["opens"], most=most)


def may_use_passkey(transfer: Transfer, *, at: datetime, user: User | None = None) -> bool:
    """This will tell whether somebody has a passkey, and it may authorise this transfer by now."""
    return authorising.may_use_passkey(intent_for(transfer, user, at=at), at=at)


def was_texted(transfer: Transfer, *, user: User, at: datetime) -> bool:
    """This will tell whether a code was texted to somebody for a transfer that still works."""
    return authorising.was_texted(intent_for(transfer, user, at=at), at=at)


def _pin_up_to(transfer: Transfer, *, at: datetime) -> Money | None:
    payer = transfer.business or transfer.customer
    tier = payer.tier_id
    return limits.limit_of(tier, limits.Kind.PIN_UP_TO, on=calendar.nairobi_date(at))


def intent_of(transfer: Transfer) -> str:
    """This will name a transfer for the code that authorises it and nothing else."""
    return f"payments.transfer:{transfer.public_id}"


def intent_for(transfer: Transfer, user: User | None, *, at: datetime) -> Intent:
    """This will give what one person authorises of a transfer, the customer unless told who."""
    user = user or transfer.customer.user
    mark = f":{user.pk}" if transfer.business_id else ""
    threshold = _pin_up_to(transfer, at=at)
    return Intent(
        user=user,
        name=f"{intent_of(transfer)}{mark}",
        digest=intent_digest(transfer),
        is_small=threshold is not None and transfer.total <= threshold,
        purpose="APPROVE" if transfer.business_id else "TRANSFER",
        text_facts={
            "amount": str(transfer.money),
            "payee": transfer.payee_name,
            "payer": transfer.payer_name,
            "to": transfer.masked_recipient,
            "fee": str(transfer.fee_money),
        },
        may_be_new_pin=not transfer.business_id,
    )


def intent_digest(transfer: Transfer) -> str:
    """This will give the fingerprint of what the customer was shown and authorises."""
    return doors.digest_of(
        {
            "transfer": str(transfer.public_id),
            "source": transfer.source.number,
            "target": transfer.target.number,
            "payee": transfer.payee_name,
            "money": str(transfer.money),
            "fee": str(transfer.fee_money),
        }
    )


def _of(actor: Actor) -> QuerySet[Transfer]:
    mine = Q(customer=actor.customer_id, business=None)
    return Transfer.objects.filter(mine).select_related(*_PARTIES)
