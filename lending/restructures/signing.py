"""
Signing what a loan is agreed anew to. A person signs the figures of the day. For a business those
sign who would sign for the loan itself: what is signed are the terms, and dates and interest count
from the last signature, so that two people need not sign on one day.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.access import authorising
from accounts.access.authorising import Intent, Secret
from accounts.access.models import User
from accounts.businesses import mandates
from accounts.businesses import queries as businesses
from accounts.businesses.mandates import Standing
from accounts.businesses.queries import Membership
from accounts.customers.models import Customer
from accounts.notifications import operations as notifications
from ledger.controls import audit, doors
from lending.decisions import consents
from lending.earnings import queries as earnings
from lending.loans import versions
from lending.repayments import operations as repayments
from lending.restructures import queries
from lending.restructures.models import Restructure
from lending.restructures.operations import locked, plan_of
from lending.restructures.plan import Plan
from lending.restructures.refusals import DayCloses, FiguresChanged, NotOpen, OfferOver
from lending.restructures.states import LIFECYCLE, RestructureState
from wekeza.kit.actor import Actor
from wekeza.kit.db import deed
from wekeza.kit.words import day as day_words
from wekeza.kit.words import moment


def key_facts(plan: Plan) -> list[str]:
    """This will say what the borrower agrees to, in the reader's language."""
    first, last = plan.after[0], plan.after[-1]
    lines = [
        _("You pay {amount} on {day}, then until {last} on the days below.").format(
            amount=first.total, day=day_words(first.due), last=day_words(last.due)
        ),
        _("In the end you pay {amount} more interest than before.").format(amount=plan.costs_more)
        if plan.costs_more.amount > 0
        else _("In the end you pay no more interest than before."),
        _("Your loan counts as changed for a year. That can make new loans harder to get."),
    ]
    if plan.due_now:
        lines.append(_("{amount} for days late stays due now.").format(amount=plan.due_now))
    if plan.debt.loan.business_id:
        lines.append(
            _("If the last signature comes on a later day, dates and interest move with it.")
        )
    return lines


def intent_of(wish: Restructure, *, plan: Plan, user: User) -> Intent:
    """This will give what one person signs. No money leaves anything: a PIN is enough."""
    name, digest = _name_of(wish), plan.figures
    if wish.loan.business_id:
        name, digest = f"{name}:{user.pk}", terms_of(wish)
    return Intent(
        user=user, name=name, digest=digest, is_small=True, purpose="RESTRUCTURE", text_facts={}
    )


def terms_of(wish: Restructure) -> str:
    """This will give the fingerprint of what a business signs: all but dates and their interest."""
    return doors.digest_of(
        {
            "restructure": str(wish.public_id),
            "loan": wish.loan.number,
            "kind": wish.kind,
            "number": wish.number,
            "percent": str(wish.loan.percent),
        }
    )


def standing_of(wish: Restructure) -> Standing:
    """
    This will tell who signed what a business is offered, and who still must, by its mandate and
    the amount that was lent.

    :raises OverMandate: if no line of the mandate covers it.
    """
    return mandates.standing_of(
        wish.loan.business,
        intent=_name_of(wish),
        intent_digest=terms_of(wish),
        money=wish.loan.money,
        maker=wish.asker_id,
    )


def signed_by(wish: Restructure, person: Customer) -> str:
    """This will tell by which way somebody signed for a business; nothing if they did not."""
    return mandates.way_of(_name_of(wish), intent_digest=terms_of(wish), signer=person)


def waiting_for(member: Membership, *, at: datetime) -> list[Restructure]:
    """This will give what a business is offered that this member can sign now."""
    found = queries.offered_to_business(member.business, at=at)
    return [one for one in found if may_sign(one, member.customer)]


def may_sign(wish: Restructure, person: Customer) -> bool:
    """This will tell whether somebody can sign for a business now."""
    try:
        return any(one.pk == person.pk for one in standing_of(wish).may_sign)
    except mandates.OverMandate:
        return False


def sign(
    wish: Restructure, *, figures: str, secret: Secret, at: datetime, actor: Actor
) -> Restructure:
    """
    This will agree a loan anew as it was offered, signed by who saw these figures: a new version of
    the schedule; of a business, with the last signature that its mandate asks for, until which it
    stays offered. Signed before, it stays so.

    :raises NotOpen: if it is not offered any more.
    :raises OfferOver: if its days are over.
    :raises FiguresChanged: if a date or a figure is another by now.
    :raises DayCloses: if the night has earned its interest, and the date is not closed yet.
    :raises NotYourRole: MadeByYou or SignedAlready, if they may not sign for the business.
    :raises OverMandate: or TooFewSignatories, if the mandate can never sign it.
    :raises WrongPin: and the other refusals of `authorising.check`.
    """
    wish.refresh_from_db()
    if wish.is_signed:
        return wish
    plan, by = _standing(wish, figures=figures, at=at), {"at": at, "actor": actor}
    if wish.loan.business_id:
        member = businesses.membership(actor, wish.loan.business)
        way = _signed_for_business(wish, member, plan, secret=secret, **by)
        if not standing_of(wish).is_enough:
            return wish
    else:
        intent = intent_of(wish, plan=plan, user=wish.loan.customer.user)
        way = authorising.check(intent, secret=secret, **by)
    text_hash = consents.hash_of(key_facts(plan))
    return _agree(wish, figures=figures, way=way, text_hash=text_hash, **by)


def _signed_for_business(
    wish: Restructure, member: Membership, plan: Plan, *, secret: Secret, at, actor
) -> str:
    standing = standing_of(wish)
    mandates.check_able(standing)
    mandates.check_may_sign(member.business, standing, signer=member.customer, maker=wish.asker_id)
    way = signed_by(wish, member.customer)
    if not way:
        intent = intent_of(wish, plan=plan, user=member.customer.user)
        way = authorising.check(intent, secret=secret, at=at, actor=actor)
        _keep(wish, member=member, terms=terms_of(wish), way=way, at=at, actor=actor)
    return way


@deed
def _keep(wish: Restructure, *, member: Membership, terms: str, way, at, actor) -> None:
    row = locked(wish)  # It is signed as it stands, or it is not signed.
    _check_open(row, at=at)
    if terms_of(row) != terms:
        raise FiguresChanged
    mandates.sign(
        member.business, intent=_name_of(row), intent_digest=terms, money=row.loan.money,
        signer=member.customer, way=way, at=at, actor=actor,
    )  # fmt: skip
    _ask_others(row, signer=member)


def _ask_others(wish: Restructure, *, signer: Membership) -> None:
    """Whoever can still sign hears that somebody did, where one signature is not enough."""
    standing = standing_of(wish)
    facts = {
        "name": signer.customer.full_name, "number": wish.loan.number,
        "business": signer.business.name,
    }  # fmt: skip
    for person in standing.may_sign if standing.missing else ():
        notifications.queue(
            user=person.user, channel="SMS", kind="business_restructure_waits", context=facts
        )


@deed
def _agree(wish: Restructure, *, figures, way, text_hash, at: datetime, actor: Actor):
    repayments.locked(wish.loan)
    row = locked(wish)
    if row.is_signed:
        return row
    plan = _standing(row, figures=figures, at=at)
    if row.loan.business_id and not standing_of(row).is_enough:
        raise FiguresChanged  # The mandate is another since.
    today = plan.debt.on
    if earnings.is_night_of(row.loan, day=today):
        raise DayCloses  # Its interest was earned: begun anew today, it would be asked for twice.
    unpaid = [due for due in plan.debt.billed if due.total]
    version = versions.agree_anew(
        row.loan, plan.rows, unpaid=[due.instalment for due in unpaid], on=today
    )
    LIFECYCLE.move(
        row, to=RestructureState.SIGNED, signed_at=at, signed_date=today, version_id=version.pk,
        agreed_by=way, agreed_hash=text_hash, updated_at=at,
    )  # fmt: skip
    audit.record(actor=actor, deed="loan.restructured", subject=row, version=version.version)
    return row


def _standing(wish: Restructure, *, figures: str, at: datetime) -> Plan:
    _check_open(wish, at=at)
    plan = plan_of(wish)
    if plan.figures != figures:
        raise FiguresChanged
    return plan


def _check_open(wish: Restructure, *, at: datetime) -> None:
    if not wish.is_offered:
        raise NotOpen
    if at >= wish.offer_until:
        raise OfferOver(until=moment(wish.offer_until))


def _name_of(wish: Restructure) -> str:
    return f"lending.restructure:{wish.public_id}"
