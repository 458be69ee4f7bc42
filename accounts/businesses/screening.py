"""
Directors and owners of businesses against the lists: asked when they are named, when they join,
when the registration is sent and when a list changes. Nothing here tells them (kenya.md 7.3).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.businesses.models import BeneficialOwner, Business, Member
from accounts.businesses.states import BANKING, BUSINESSES, BusinessState
from accounts.customers import queries as customer_queries
from accounts.customers.models import Customer
from accounts.deposits import operations as deposits
from accounts.deposits import queries as deposit_queries
from accounts.screening import operations as screening
from accounts.screening import queries as screening_queries
from accounts.screening import rescreening
from accounts.screening.facts import IdNumber, Subject
from accounts.screening.models import Hit, ListVersion, ScreeningRun
from ledger.controls import audit
from wekeza.kit import persons
from wekeza.kit.actor import SYSTEM, Actor
from wekeza.kit.db import inside_transaction

SUSPENDED = "Business suspended"  # The reason on accounts; only freezes of this one are undone.
HOME = "KE"  # Whoever has a Kenyan national ID.
Cause = ScreeningRun.Cause
Role = Member.Role


@dataclass(frozen=True, slots=True)
class Person:
    """A director or owner as screening knows them: how they stand, with every case."""

    name: str
    what: str
    standing: screening_queries.Standing
    cases: list[Hit]


@inside_transaction
def screen_owner(owner: BeneficialOwner, *, at: datetime, actor: Actor) -> None:
    """This will compare a named owner with every list in force."""
    screening.screen(_of_owner(owner), cause=Cause.ONBOARDING, at=at, actor=actor)


@inside_transaction
def screen_director(business: Business, *, customer: Customer, at: datetime, actor: Actor) -> None:
    """This will compare a customer with every list, if they direct the business."""
    for member in _directors(business).filter(customer=customer):
        screening.screen(_of_member(member), cause=Cause.ONBOARDING, at=at, actor=actor)


@inside_transaction
def screen_people(business: Business, *, at: datetime, actor: Actor) -> None:
    """This will compare all directors and owners of a business with every list in force."""
    for subject in _subjects(business):
        screening.screen(subject, cause=Cause.ONBOARDING, at=at, actor=actor)


@transaction.atomic
def screen_changes(*, first: int, last: int, version: int, at: datetime) -> None:
    """This will compare the people of businesses of a range of ids with what a version brought."""
    businesses = Business.objects.filter(pk__range=(first, last))
    known = businesses.exclude(state=BusinessState.CLOSED).order_by("pk")
    screening.screen_changes(
        (subject for business in known for subject in _subjects(business)),
        version=ListVersion.objects.get(pk=version),
        at=at,
        actor=SYSTEM,
    )
    rescreening.finish(version=version, room="businesses", first=first, last=last, at=at)


@transaction.atomic
def follow_screening(*, owner_ref: str, **_) -> None:
    """
    This will stop the money out of a business of whose directors or owners one is held by a strong
    match, suspend it with its accounts if two persons confirmed one, and let it go on at once when
    two have cleared that (kenya.md 7.3); told twice it does nothing more.
    """
    kind, _, pk = owner_ref.partition(":")
    people = {"member": Member, "owner": BeneficialOwner}
    if kind not in people:
        return
    person = people[kind].objects.filter(pk=pk).first()
    if person is None:  # An owner who was taken off the list of owners.
        return
    follow(Business.objects.select_for_update().get(pk=person.business_id))


@inside_transaction
def follow(business: Business) -> None:
    """This will bring a locked business that banks here to the state its people's cases ask for."""
    state, aim = business.state, _state_asked(business)
    if state not in BANKING or state == aim:
        return
    BUSINESSES.move(business, to=aim)
    if aim == BusinessState.SUSPENDED:
        _freeze(business)
    elif state == BusinessState.SUSPENDED:
        _unfreeze(business)
    audit.record(actor=SYSTEM, deed="business.state_changed", subject=business, before=state,
                 after=aim)  # fmt: skip


def has_case(owner: BeneficialOwner) -> bool:
    """Screening opened a case of them, whatever became of it."""
    return screening_queries.cases_of(_owner_ref(owner)).exists()


def people_of(business: Business) -> list[Person]:
    """
    This will give the directors and owners of a business as screening knows them. Who was taken off
    the list of owners counts until two persons have cleared their cases.
    """
    found = [
        (member.customer.full_name, Role(member.role).label, f"member:{member.pk}")
        for member in _directors(business)
    ]
    found += [
        (owner.full_name, _share_of(owner), _owner_ref(owner))
        for owner in business.owners.order_by("pk")
        if owner.left_at is None or _is_stopped(owner)
    ]
    return [
        Person(
            name=name,
            what=str(what),
            standing=screening_queries.standing_of(ref),
            cases=list(screening_queries.cases_of(ref)),
        )
        for name, what, ref in found
    ]


def not_about(cases: QuerySet[Hit], *, person: str) -> QuerySet[Hit]:
    """
    This will leave out the cases of a natural person (`Actor.person`), as a customer, a director or
    an owner: who works here learns of no case about themselves.
    """
    index = persons.index_of(person)
    if not index:
        return cases
    customers = Customer.objects.filter(national_id_index__startswith=index)
    members = Member.objects.filter(customer__in=customers)
    owners = BeneficialOwner.objects.filter(national_id_index__startswith=index)
    about = (("customer", customers), ("member", members), ("owner", owners))
    own = [f"{kind}:{pk}" for kind, rows in about for pk in rows.values_list("pk", flat=True)]
    return cases.exclude(owner_ref__in=own)


def is_clear(business: Business) -> bool:
    """Nobody of it is held by a strong match or stands on a list."""
    standings = [one.standing for one in people_of(business)]
    return not any(one.is_held or one.is_confirmed for one in standings)


def _state_asked(business: Business) -> str:
    standings = [one.standing for one in people_of(business)]
    if any(one.is_confirmed for one in standings):
        return BusinessState.SUSPENDED
    is_held = any(one.is_held for one in standings)
    return BusinessState.CHECKING if is_held else BusinessState.ACTIVE


def _freeze(business: Business) -> None:
    for account in _open_accounts(business):
        now = deposit_queries.standing_of(account)
        if now.takes_debits or now.takes_credits:
            deposits.freeze(account, reason=SUSPENDED, actor=SYSTEM)


def _unfreeze(business: Business) -> None:
    for account in _open_accounts(business):
        if account.ledger_account.freeze_reason == SUSPENDED:
            deposits.unfreeze(account, reason="Suspension lifted", actor=SYSTEM)


def _open_accounts(business: Business):
    accounts = business.deposit_accounts.filter(closed_date=None)
    return accounts.select_related("ledger_account").order_by("pk")


def _directors(business: Business):
    rows = business.members.filter(role=Role.DIRECTOR, left_at=None)
    return rows.select_related("customer").order_by("pk")


def _subjects(business: Business) -> Iterator[Subject]:
    yield from map(_of_member, _directors(business))
    yield from map(_of_owner, business.owners.filter(left_at=None).order_by("pk"))


def _is_stopped(owner: BeneficialOwner) -> bool:
    standing = screening_queries.standing_of(_owner_ref(owner))
    return standing.is_held or standing.is_confirmed


def _share_of(owner: BeneficialOwner) -> str:
    share = f"Owner, {owner.share_percent.normalize():f}%"
    return share if owner.left_at is None else f"{share}, taken off the list again"


def _owner_ref(owner: BeneficialOwner) -> str:
    return f"owner:{owner.pk}"


def _of_member(member: Member) -> Subject:
    known = customer_queries.screening_subject(member.customer)
    return replace(known, owner_ref=f"member:{member.pk}")


def _of_owner(owner: BeneficialOwner) -> Subject:
    return Subject(
        owner_ref=_owner_ref(owner),
        names=(owner.full_name,),
        nationalities=(HOME,),
        ids=(IdNumber(owner.national_id, HOME),),
    )
