"""What these tests do again and again: somebody settled, who asked at some moment; a mark."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from accounts.deposits.models import DepositAccount
from accounts.factories import StaffMemberFactory, actor_of, staff_actor
from ledger.approvals import operations as approvals
from ledger.approvals import terms
from ledger.calendar import queries as calendar
from ledger.money import kes
from lending.applications import operations as applications
from lending.applications.models import LoanApplication
from lending.applications.pace import Typed
from lending.decisions import operations as decisions
from lending.factories import ApplicationFactory, BorrowerFactory, account_of, wish
from lending.fraud import operations as fraud
from lending.fraud import queries
from lending.fraud.models import FraudCase, FraudMark


def ago(**span) -> datetime:
    """This will give a moment in the past."""
    return timezone.now() - timedelta(**span)


def settled(*, days: int = 60):
    """This will give a borrower whose account is some days old."""
    customer = BorrowerFactory()
    opened = calendar.business_date() - timedelta(days=days)
    DepositAccount.objects.filter(customer=customer).update(opened_date=opened)
    return customer


def asked(
    customer,
    at: datetime | None = None,
    *,
    withdrawn: bool = False,
    device: str = "",
    income: str | None = None,
    amount: str = "5000",
    is_assessed: bool = True,
    typed: Typed | None = None,
    checker=None,
) -> LoanApplication:  # fmt: skip
    """This will take a wish in and ask the rules of fraud about it; nobody decides."""
    at = at or timezone.now()
    wanted = wish(amount=amount)
    wanted = type(wanted)(
        term=wanted.term, amount=wanted.amount, tenor=wanted.tenor, employment=wanted.employment,
        consent=wanted.consent, income=income and kes(income), device=device,
        typed=typed,
    )  # fmt: skip
    row = decisions.apply(customer, wish=wanted, reference=uuid4(), at=at, actor=actor_of(customer))
    if is_assessed:
        fraud.check(row, actor=checker or officer("AUDITOR"), at=at)
    if withdrawn:
        applications.withdraw(row, at=at, actor=actor_of(customer))
    return row


def found(application: LoanApplication) -> tuple[int, str, dict[str, int]]:
    """This will give the score, the result, and the weights of the rules that fired."""
    row = queries.assessment_of(application)
    return row.score, row.result, dict(row.flags.order_by("pk").values_list("rule", "weight"))


def marked(customer, kind: str, *, until: date | None = None) -> FraudMark:
    """This will mark what is a customer's as known fraud; their device is "d" 64 times."""
    index = {
        "ID": customer.national_id_index,
        "PHONE": customer.user.phone_index,
        "DEVICE": "d" * 64,
        "ACCOUNT": queries.account_index(account_of(customer).number),
    }[kind]
    return FraudMark.objects.create(
        kind=kind, mark_index=index, why="Known", until=until, added_by="STAFF:1",
        added_at=timezone.now(),
    )  # fmt: skip


def officer(role: str = "RISK"):
    """This will give somebody of staff who acts."""
    return staff_actor(StaffMemberFactory(role_id=role))


def now_by(role: str) -> dict:
    """This will give who does a deed now."""
    return {"actor": officer(role), "at": timezone.now()}


def with_anothers_phone():
    """This will give a borrower whose phone is registered to somebody else: 40."""
    customer = settled()
    customer.identity_checks.filter(kind="PHONE").update(state="MISMATCH")
    return customer


def flagged() -> LoanApplication:
    """This will give an application that a person looks at: 40, it was asked for before."""
    customer = settled()
    asked(customer, ago(hours=3), withdrawn=True)
    return ApplicationFactory(customer=customer)


def blocked() -> LoanApplication:
    """This will give an application that was blocked: 100, known fraud."""
    customer = settled()
    marked(customer, "ID")
    return ApplicationFactory(customer=customer)


def case_about(application: LoanApplication) -> FraudCase:
    """This will give the case of an application."""
    return queries.case_of(application)


def take_off(mark: FraudMark) -> FraudMark:
    """This will take a mark off the list: one officer asks, another says yes."""
    now = timezone.now()
    request = fraud.ask_end(mark, reason="Not the same person", actor=officer(), at=now)
    approvals.approve(request, digest=request.digest, actor=officer(), at=now)
    mark.refresh_from_db()
    return mark


def change(row) -> None:
    """This will put a new row of terms in force today: one asks, another says yes."""
    now = timezone.now()
    row.effective_from = calendar.nairobi_date(now)
    asked = terms.ask(row, reason="In a test", actor=officer(), at=now)
    approvals.approve(asked, digest=asked.digest, actor=officer("ADMINISTRATOR"), at=now)
