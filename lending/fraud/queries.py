"""Looking at what the rules found, at cases and at marks. For staff alone."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.access import phones
from accounts.access import queries as access
from accounts.customers import queries as customers
from accounts.customers.models import Customer
from accounts.deposits import numbers
from accounts.deposits.models import DepositAccount
from accounts.staff import queries as staff
from lending.applications.models import LoanApplication
from lending.fraud.models import FraudAssessment, FraudCase, FraudMark
from lending.fraud.refusals import AboutYourself, BadMark, NoFraudCase, NoSuchLoanApplication
from lending.fraud.states import WAITS, CaseState
from wekeza.kit import persons
from wekeza.kit.actor import Actor
from wekeza.kit.encryption import blind_index

LOOK, DECIDE = "fraud.look", "fraud.decide"
_PARTS = ("assessment__application__customer", "assessment__application__product")


def application_by(public_id: UUID) -> LoanApplication:
    """
    This will give an application to staff.

    :raises NoSuchLoanApplication: if there is none.
    """
    parts = ("customer__user", "product", "term__product")
    row = LoanApplication.objects.select_related(*parts).filter(public_id=public_id).first()
    if row is None:
        raise NoSuchLoanApplication
    return row


def assessment_of(application: LoanApplication) -> FraudAssessment | None:
    """This will give what the rules made of an application; None while they were not asked."""
    return FraudAssessment.objects.filter(application=application).first()


def case_of(application: LoanApplication) -> FraudCase:
    """
    This will give the case about an application.

    :raises NoFraudCase: if nothing about it was flagged.
    """
    row = cases().filter(assessment__application=application).first()
    if row is None:
        raise NoFraudCase
    return row


def holds_back(application: LoanApplication) -> bool:
    """This will tell whether a case keeps an application from being approved: all but a cleared."""
    found = FraudCase.objects.filter(assessment__application=application)
    return found.exclude(state=CaseState.CLEARED).exists()


def cases() -> QuerySet[FraudCase]:
    """This will give every case."""
    return FraudCase.objects.select_related(*_PARTS)


def waiting() -> QuerySet[FraudCase]:
    """This will give the cases nobody has decided: the highest score first, then the oldest."""
    rows = cases().filter(state__in=WAITS)
    return rows.order_by("-assessment__score", "opened_at", "pk")


def decided() -> QuerySet[FraudCase]:
    """This will give the cases that were decided, the last first."""
    return cases().exclude(state__in=WAITS).order_by("-decided_at", "-pk")


def about_others(rows: QuerySet[FraudCase], actor: Actor) -> QuerySet[FraudCase]:
    """This will leave out the cases that are about whoever looks."""
    return rows.exclude(assessment__application__customer__in=_own_files(actor))


def check_may(actor: Actor, permission: str, *, about: FraudCase, at: datetime) -> None:
    """
    This will refuse a deed to whoever does not hold the permission, or whom the case is about.

    :raises AboutYourself: if it is about the person who acts.
    :raises NotForYou: if they do not hold the permission.
    """
    check_not_own(actor, about.assessment.application.customer_id)
    staff.check_may(actor, permission, at=at)


def check_not_own(actor: Actor, customer: int) -> None:
    """
    This will refuse to show or change what is about the person who acts.

    :raises AboutYourself: then.
    """
    if _own_files(actor).filter(pk=customer).exists():
        raise AboutYourself


def marks() -> QuerySet[FraudMark]:
    """This will give the marks, those in force first, then the newest."""
    return FraudMark.objects.order_by("ended_at", "-added_at", "-pk")


def marks_on(application: LoanApplication, *, on: date) -> list[FraudMark]:
    """This will give the marks in force that an application meets."""
    meets = _meets(application.customer) | _meets_accounts(business=application.business_id)
    if application.device_index:
        meets |= Q(kind="DEVICE", mark_index=application.device_index)
    return list(in_force(on=on).filter(meets).order_by("pk"))


def in_force(*, on: date) -> QuerySet[FraudMark]:
    """This will give the marks that nobody took off and whose last day has not passed."""
    return FraudMark.objects.filter(Q(until=None) | Q(until__gte=on), ended_at=None)


def marked_businesses(businesses: Iterable[int], *, on: date) -> list[UUID]:
    """This will give those of some businesses, by id, an account of which is marked: public ids."""
    rows = DepositAccount.objects.filter(business__in=businesses).order_by("pk")
    by_index = {
        account_index(number): public_id
        for number, public_id in rows.values_list("number", "business__public_id")
    }
    found = in_force(on=on).filter(kind="ACCOUNT", mark_index__in=by_index)
    return [by_index[mark.mark_index] for mark in found.order_by("pk")]


def check_not_own_mark(actor: Actor, mark: FraudMark) -> None:
    """
    This will refuse to take off what is marked of the person who acts.

    :raises AboutYourself: then.
    """
    files = _own_files(actor).select_related("user")
    if any(FraudMark.objects.filter(_meets(one), pk=mark.pk).exists() for one in files):
        raise AboutYourself
    if mark.case is not None:
        check_not_own(actor, mark.case.assessment.application.customer_id)


def index_of(kind: str, text: str) -> str:
    """
    This will give the keyed hash under which an ID, phone or account number is marked; a device is
    marked by its case alone, for nobody can type one.

    :raises BadMark: if the text is none.
    """
    plain = numbers.without_gaps(text.strip())
    if kind == FraudMark.Kind.ID and plain.isascii() and plain.isdigit():
        return customers.id_index(plain)
    if kind == FraudMark.Kind.PHONE and (phone := phones.normalised(text)):
        return access.phone_index(phone)
    if kind == FraudMark.Kind.ACCOUNT and numbers.is_valid(plain):
        return account_index(plain)
    raise BadMark(kind=FraudMark.Kind(kind).label)


def account_index(number: str) -> str:
    """This will give the keyed hash of an account number."""
    return blind_index(number, context="fraud.account")


def _phones_of(customer: Customer) -> list[str]:
    further = customer.further_phones.values_list("phone_index", flat=True)
    return [index for index in (customer.user.phone_index, *further) if index]


def _meets(customer: Customer) -> Q:
    """The marks on a person's ID, phones and accounts."""
    return (
        Q(kind="ID", mark_index=customer.national_id_index)
        | Q(kind="PHONE", mark_index__in=_phones_of(customer))
        | _meets_accounts(customer=customer)
    )


def _meets_accounts(**owner) -> Q:
    if None in owner.values():
        return Q(pk=None)
    numbers_of = DepositAccount.objects.filter(**owner).values_list("number", flat=True)
    return Q(kind="ACCOUNT", mark_index__in=[account_index(number) for number in numbers_of])


def _own_files(actor: Actor) -> QuerySet[Customer]:
    """Whoever acts, as a customer; nobody but people has any."""
    index = persons.index_of(actor.person) if actor else ""
    found = Customer.objects.filter(national_id_index__startswith=index)
    return found if index else found.none()
