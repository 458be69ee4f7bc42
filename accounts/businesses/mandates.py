"""
The mandate: how many of the signatories must sign an amount, and what they signed.

An intent (a payment, later a batch) is named as in `accounts.access`: label and id. A signature
counts while its signer is a signatory and its digest is that of the intent as it stands, so that an
edited intent has no signatures. What is enough is decided by the mandate in force at that moment.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.businesses import queries
from accounts.businesses.models import Business, MandateBand, Member, Signature
from accounts.businesses.refusals import (
    BadMandate,
    MadeByYou,
    NotYourRole,
    OverMandate,
    ReasonMissing,
    SignedAlready,
    TooFewSignatories,
)
from accounts.customers.models import Customer
from ledger.controls import audit
from ledger.money import Money
from wekeza.kit.actor import Actor
from wekeza.kit.db import inside_transaction

MOST_BANDS = 5
Decision = Signature.Decision


@dataclass(frozen=True, slots=True)
class Band:
    """One line of a mandate as somebody proposes it; `up_to` in KES, None for any amount."""

    up_to: Decimal | None
    needed: int
    maker_counts: bool = False

    def facts(self) -> dict:
        """This will give the line as text, to be kept and compared."""
        facts = asdict(self)
        return facts | {"up_to": None if self.up_to is None else f"{self.up_to:.2f}"}

    @classmethod
    def read(cls, facts: dict) -> "Band":
        """This will read a line that `facts` wrote."""
        up_to = facts["up_to"]
        return cls(
            None if up_to is None else Decimal(up_to), facts["needed"], facts["maker_counts"]
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """How an intent stands: who signed, who still may, how many signatures are missing."""

    needed: int
    signed: list[Customer]
    may_sign: list[Customer]
    maker_counts: bool

    @property
    def missing(self) -> int:
        return max(self.needed - len(self.signed), 0)

    @property
    def is_enough(self) -> bool:
        return not self.missing

    @property
    def names(self) -> str:
        """Who still may sign, as pages say it: A. Njeri, P. Kamau."""
        return ", ".join(short_name(person.full_name) for person in self.may_sign)


def band_for(bands: Iterable[MandateBand], money: Money) -> MandateBand:
    """
    This will find the line of a mandate, given from the smallest amount up, that an amount falls
    under.

    :raises OverMandate: if it is above them all.
    """
    bands = list(bands)
    for band in bands:
        if band.covers(money):
            return band
    raise OverMandate(most=bands[-1].limit if bands else Money.zero(money.currency))


def standing_of(
    business: Business, *, intent: str, intent_digest: str, money: Money, maker: int
) -> Standing:
    """
    This will tell how an intent stands under the mandate in force. `maker` is the id of the
    customer who made it.

    :raises OverMandate: if no line of the mandate covers the amount.
    """
    band = band_for(queries.bands_of(business), money)
    able = [
        person
        for person in queries.with_role(business, Member.Role.SIGNATORY)
        if band.maker_counts or person.pk != maker
    ]
    decided = dict(
        Signature.objects.filter(intent=intent, intent_digest=intent_digest).values_list(
            "signer", "decision"
        )
    )
    return Standing(
        needed=band.needed,
        signed=[person for person in able if decided.get(person.pk) == Decision.APPROVED],
        may_sign=[person for person in able if person.pk not in decided],
        maker_counts=band.maker_counts,
    )


def way_of(intent: str, *, intent_digest: str, signer: Customer) -> str:
    """This will tell by which way somebody said yes to an intent as it stands; nothing if not."""
    yes = Signature.objects.filter(
        intent=intent, intent_digest=intent_digest, signer=signer, decision=Decision.APPROVED
    )
    return yes.values_list("way", flat=True).first() or ""


def check_able(standing: Standing) -> None:
    """
    This will refuse an intent that could never have its signatures.

    :raises TooFewSignatories: if fewer people may sign than must.
    """
    there = len(standing.signed) + len(standing.may_sign)
    if there < standing.needed:
        raise TooFewSignatories(needed=standing.needed, there=there)


def check_may_sign(business: Business, standing: Standing, *, signer: Customer, maker: int) -> None:
    """
    This will let pass who may sign an intent, or has signed it.

    :raises MadeByYou: if the signer made it and the mandate does not count makers.
    :raises NotYourRole: if the signer is no signatory.
    :raises SignedAlready: if the signer turned it down.
    """
    if any(person.pk == signer.pk for person in [*standing.signed, *standing.may_sign]):
        return
    if signer.pk == maker and not standing.maker_counts:
        raise MadeByYou
    if any(one.pk == signer.pk for one in queries.with_role(business, Member.Role.SIGNATORY)):
        raise SignedAlready
    raise NotYourRole(role=Member.Role.SIGNATORY.label)


@inside_transaction
def sign(
    business: Business,
    *,
    intent: str,
    intent_digest: str,
    money: Money,
    signer: Customer,
    way: str,
    at: datetime,
    actor: Actor,
) -> Signature:
    """
    This will keep a signatory's yes to an intent, which `way` (PIN, CODE, TOTP or KEY) has proved.
    The same yes again is the first one. `money` is what it is about, for the trail.

    :raises SignedAlready: if the signer decided otherwise before, or about other details.
    """
    facts = {"intent_digest": intent_digest, "decision": Decision.APPROVED}
    known = Signature.objects.filter(intent=intent, signer=signer).first()
    if known is not None and all(getattr(known, name) == value for name, value in facts.items()):
        return known
    return _keep(
        business,
        intent=intent,
        money=money,
        signer=signer,
        at=at,
        actor=actor,
        way=way,
        reason="",
        **facts,
    )


@inside_transaction
def turn_down(
    business: Business,
    *,
    intent: str,
    intent_digest: str,
    money: Money,
    signer: Customer,
    reason: str,
    at: datetime,
    actor: Actor,
) -> Signature:
    """
    This will keep a signatory's no to an intent about some money, with its reason.

    :raises ReasonMissing: without a reason.
    :raises SignedAlready: if the signer decided before.
    """
    if not reason.strip():
        raise ReasonMissing
    return _keep(
        business,
        intent=intent,
        intent_digest=intent_digest,
        money=money,
        signer=signer,
        decision=Decision.REJECTED,
        way="",
        reason=reason.strip(),
        at=at,
        actor=actor,
    )


@inside_transaction
def install(business: Business, *, bands: list[Band], at: datetime, actor: Actor) -> None:
    """
    This will put a new version of the mandate in the place of the one in force.

    :raises BadMandate: if the lines are no mandate.
    """
    check_bands(bands)
    Business.objects.select_for_update().get(pk=business.pk)
    business.bands.filter(valid_until=None).update(valid_until=at, updated_at=at)
    last = business.bands.order_by("-version").values_list("version", flat=True).first() or 0
    MandateBand.objects.bulk_create(
        MandateBand(business=business, version=last + 1, valid_from=at, **asdict(band))
        for band in bands
    )
    audit.record(
        actor=actor,
        deed="business.mandate_set",
        subject=business,
        version=last + 1,
        bands=[band.facts() for band in bands],
    )


def check_bands(bands: list[Band], *, signatories: int | None = None) -> None:
    """
    This will refuse lines that are no mandate: amounts that do not rise, or more signatures than
    there are signatories.

    :raises BadMandate: with what is wrong.
    """
    if not bands:
        raise BadMandate(problem=_("Say at least for one amount how many people must sign"))
    if len(bands) > MOST_BANDS:
        raise BadMandate(problem=_("A mandate has up to {n} lines").format(n=MOST_BANDS))
    limits = [band.up_to for band in bands]
    if None in limits[:-1]:
        raise BadMandate(problem=_("Only the last line may be for any amount"))
    figures = [limit for limit in limits if limit is not None]
    if any(one >= other for one, other in zip(figures, figures[1:], strict=False)):
        raise BadMandate(problem=_("Each amount must be higher than the one above it"))
    most = max(band.needed for band in bands)
    if signatories is not None and most > signatories:
        raise BadMandate(
            problem=ngettext(
                "You ask for {most} signatures, but have one signatory",
                "You ask for {most} signatures, but have {n} signatories",
                signatories,
            ).format(most=most, n=signatories)
        )


def short_name(full_name: str) -> str:
    """This will write a name as lists of people do: A. Njeri."""
    names = full_name.split()
    return f"{names[0][0]}. {names[-1]}" if len(names) > 1 else full_name


def _keep(business, *, intent, money, signer, decision, reason, at, actor, **facts) -> Signature:
    try:
        with transaction.atomic():
            row = Signature.objects.create(
                business=business,
                intent=intent,
                signer=signer,
                decision=decision,
                reason=reason[:200],
                signed_at=at,
                **facts,
            )
    except IntegrityError as error:  # This person was here before, or is at this very moment.
        raise SignedAlready from error
    audit.record(
        actor=actor,
        deed=f"business.intent_{decision.lower()}",
        subject=business,
        intent=intent,
        money=money,
        reason=reason,
    )
    return row
