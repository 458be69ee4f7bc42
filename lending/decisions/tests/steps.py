"""What these tests do again and again: applications that are with a person, and officers."""

from django.utils import timezone

from accounts.factories import StaffMemberFactory, actor_of, staff_actor
from ledger.approvals import operations as approvals
from ledger.approvals import terms
from ledger.calendar import queries as calendar
from ledger.factories import take_out
from ledger.money import kes
from lending.bureau.simulator import file_of
from lending.decisions import operations
from lending.factories import DIGI30, ApplicationFactory, BorrowerFactory, account_of
from lending.products.models import LoanTerm

WHY = "Three years of payslips were seen and called back"


def officer(role="LOAN_OFFICER", **facts):
    """This will give somebody who may decide loans in branch 001, or who has another role."""
    return staff_actor(StaffMemberFactory(role_id=role, **facts))


def referred(bureau, **facts):
    """This will give an application that is with a person, for the bureau is down."""
    bureau.behaviour = "down"
    return ApplicationFactory(**facts)


def reviewed(bureau, **facts):
    """This will give an application that was refused, and that its customer wants looked at."""
    customer = BorrowerFactory(**facts)
    take_out(account_of(customer).ledger_account, "49500", at=timezone.now())
    return _ask_person(ApplicationFactory(customer=customer))


def in_default(bureau):
    """This will give the same of somebody whom the bureau knows in default."""
    customer = BorrowerFactory()
    bureau.files[customer.national_id] = file_of(open_npl=1, good=3)
    return _ask_person(ApplicationFactory(customer=customer))


def two_above(amount: int) -> None:
    """This will have 30-day loans above an amount take two persons, by two persons."""
    row, now = LoanTerm.objects.get(product=DIGI30), timezone.now()
    row.pk, row._state.adding = None, True
    row.second_approval_above, row.effective_from = amount, calendar.nairobi_date(now)
    asked = terms.ask(row, reason="Board paper 9", actor=officer("RISK"), at=now)
    approvals.approve(asked, digest=asked.digest, actor=officer("RISK"), at=now)


def decide(application, *, result="APPROVED", amount="5000", why=WHY, actor=None, at=None):
    """This will have an officer answer."""
    return operations.override(
        application, result=result, amount=kes(amount), why=why, at=at or timezone.now(),
        actor=actor or officer(),
    )  # fmt: skip


def _ask_person(application):
    assert application.is_refused
    who = actor_of(application.customer)
    return operations.ask_person(application, at=timezone.now(), actor=who)
