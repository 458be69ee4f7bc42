"""Taking an application in, and giving it up."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.businesses.models import Business
from accounts.deposits.models import DepositAccount
from ledger.controls import audit, outbox
from ledger.money import Money
from ledger.refusals import ReferenceReused
from lending.applications import queries
from lending.applications.models import LoanApplication
from lending.applications.pace import Typed
from lending.applications.refusals import AlreadyAsked, NotOpen
from lending.applications.states import LIFECYCLE, OPEN, ApplicationState
from lending.products.models import LoanTerm
from wekeza.kit.actor import SYSTEM, Actor
from wekeza.kit.db import deed, inside_transaction

ASKED = "loan.asked"


@dataclass(frozen=True, slots=True)
class Wish:
    """
    What a person asks for and tells; `consent` is the version and hash of what they allowed,
    `income` and `gross` KES a month where they are asked for, `device` the keyed hash of their
    browser, `business` the one for which they ask, `payee` the seller whom the bank pays where the
    loan buys something, `typed` how its form came; a program sends none.
    """

    term: LoanTerm
    amount: Money
    tenor: int
    employment: str
    consent: tuple[str, str]
    income: Money | None = None
    gross: Money | None = None
    device: str = ""
    business: Business | None = None
    payee: DepositAccount | None = None
    typed: Typed | None = None

    @property
    def facts(self) -> dict:
        """What a reference stands for."""
        return {
            "product_id": self.term.product_id,
            "amount": self.amount.amount,
            "tenor": self.tenor,
            "employment": self.employment,
            "income": self.income and self.income.amount,
            "gross_income": self.gross and self.gross.amount,
            "business_id": self.business and self.business.pk,
            "payee_id": self.payee and self.payee.pk,
        }


@inside_transaction
def take_in(
    customer, *, wish: Wish, reference: UUID, at: datetime, actor: Actor
) -> LoanApplication:
    """
    This will keep a wish, to be answered after commit; asked again by the same reference it gives
    the first. The caller holds the customer's row.

    :raises ReferenceReused: if the reference stands for another wish.
    :raises AlreadyAsked: if another application for the product is open.
    """
    known = LoanApplication.objects.filter(customer=customer, reference=reference).first()
    if known is not None:
        if any(getattr(known, name) != value for name, value in wish.facts.items()):
            raise ReferenceReused(reference=str(reference))
        return known
    check_none_open(wish.business or customer, product=wish.term.product_id)
    version, text_hash = wish.consent
    row = LoanApplication.objects.create(
        customer=customer,
        reference=reference,
        term=wish.term,
        consent_version=version,
        consent_hash=text_hash,
        device_index=wish.device,
        form_seconds=wish.typed and wish.typed.seconds,
        is_scripted=wish.typed is not None and wish.typed.is_scripted,
        asked_at=at,
        **wish.facts,
    )
    audit.record(actor=actor, deed="loan.asked", subject=row, money=wish.amount)
    # Should this process die now, the outbox has it answered.
    outbox.publish(ASKED, {"application": row.pk})
    return row


def check_none_open(party, *, product: str) -> None:
    """
    This will let pass a customer or business without an open application for a product; the caller
    holds their row.

    :raises AlreadyAsked: if there is one.
    """
    open_one = LoanApplication.objects.filter(
        **queries.whose(party), product=product, state__in=OPEN
    ).first()
    if open_one is not None:
        raise AlreadyAsked(application=str(open_one.public_id))


@inside_transaction
def end_old_offers(party, *, at: datetime) -> None:
    """
    This will end the offers to a customer or business whose days are over: they keep nobody from
    asking again. The caller holds their row.
    """
    old = LoanApplication.objects.filter(
        **queries.whose(party), state=ApplicationState.APPROVED, offer_until__lte=at
    )
    for row in old.select_for_update():
        LIFECYCLE.move(row, to=ApplicationState.EXPIRED, updated_at=at)
        audit.record(actor=SYSTEM, deed="loan.offer_ended", subject=row)


@deed
def withdraw(application: LoanApplication, *, at: datetime, actor: Actor) -> LoanApplication:
    """
    This will give an application up at its customer's wish; given up before, it stays so.

    :raises NotOpen: if it was refused, taken or ended.
    """
    row = locked(application)
    if row.state == ApplicationState.WITHDRAWN:
        return row
    if not row.is_open:
        raise NotOpen
    LIFECYCLE.move(row, to=ApplicationState.WITHDRAWN, updated_at=at)
    audit.record(actor=actor, deed="loan.withdrawn", subject=row)
    return row


@inside_transaction
def hold(party):
    """
    This will give a customer or business as it is now, locked until the transaction ends: what it
    asks for is judged one after the other.
    """
    return type(party).objects.select_for_update(of=("self",), no_key=True).get(pk=party.pk)


@inside_transaction
def locked(application: LoanApplication) -> LoanApplication:
    """This will give an application as it is now, locked until the transaction ends."""
    parts = ("customer__user", "business", "product", "term__product")
    rows = LoanApplication.objects.select_for_update(of=("self",)).select_related(*parts)
    return rows.get(pk=application.pk)
