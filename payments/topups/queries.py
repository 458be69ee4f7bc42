"""Looking at top-ups: a customer's own receipts, and the ways that are open."""

from dataclasses import dataclass

from ledger.journal import queries as journal
from payments.rails.demo import client as demo_rail
from payments.topups.models import TopUp
from payments.topups.refusals import NoSuchTopUp
from payments.topups.states import TopUpState
from wekeza.kit import receipts
from wekeza.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class Receipt:
    """A top-up as its asker may see it; reversed when the books hold the mirror of its entry."""

    topup: TopUp
    is_reversed: bool


def receipt_by(actor: Actor, *, receipt_no: str) -> Receipt:
    """
    This will give a top-up to the customer who asked for it, whatever became of it.

    :raises NoSuchTopUp: to anybody else.
    """
    found = (
        TopUp.objects.select_related("account__product")
        .annotate(is_mirrored=journal.has_mirror("entry"))
        .filter(receipt_no=receipts.normalised(receipt_no))
        .exclude(receipt_no="")
        .first()
    )
    if found is None or actor.kind != "CUSTOMER" or found.customer_id != int(actor.ref):
        raise NoSuchTopUp
    return Receipt(found, is_reversed=found.is_mirrored)


def paid_under(receipt_no: str) -> TopUp | None:
    """This will give the paid top-up of a receipt number, to verify its paper; whoever asks."""
    paid = TopUp.objects.filter(receipt_no=receipt_no, state=TopUpState.PAID)
    paid = paid.select_related("account__customer", "account__business")
    return paid.annotate(is_mirrored=journal.has_mirror("entry")).first() if receipt_no else None


def is_any_way_open() -> bool:
    """This will tell whether there is a rail over which money can be added now."""
    return demo_rail.is_open()
