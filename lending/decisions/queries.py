"""Looking at decisions, and at the clock of those that a person makes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from ledger.calendar import queries as calendar
from lending.applications.models import LoanApplication
from lending.applications.queries import whose
from lending.applications.states import OPEN
from lending.credit.models import CreditTerm
from lending.decisions.models import CreditDecision
from lending.loans import queries as loans
from lending.loans.models import Loan
from lending.products.models import ONLINE
from lending.repayments import debts


@dataclass(frozen=True, slots=True)
class Clock:
    """
    By when a person answers: so many hours after it was asked for (BW28); where the customer wants
    a refusal looked at again, by the end of so many working days.
    """

    hours: int
    days: int
    settled: Callable[[date], date]

    def due(self, application: LoanApplication, *, last: CreditDecision) -> datetime:
        """This will give the moment by which an application that is with a person is answered."""
        if not last.is_refused:
            return application.asked_at + timedelta(hours=self.hours)
        asked = calendar.nairobi_date(application.updated_at)
        day = calendar.business_days_after(asked, self.days, settled=self.settled)
        return calendar.ends_at(day)


def clock_at(at: datetime, *, since: datetime) -> Clock:
    """
    This will give the clock of a moment, for what is with a person since some moment or later.

    :raises NoSuchTerm: if nothing says how long an answer takes.
    """
    today = calendar.nairobi_date(at)
    terms, kinds = CreditTerm.numbers_on(today), CreditTerm.Kind
    settled = calendar.business_days(calendar.nairobi_date(since), today)
    return Clock(terms[kinds.ANSWER_HOURS], terms[kinds.REVIEW_DAYS], settled)


def answered_by(application: LoanApplication, *, at: datetime) -> datetime | None:
    """
    This will give the moment by which an application that is with a person is answered; None if it
    is with none.

    :raises NoSuchTerm: as `clock_at`.
    """
    if not application.is_referred:
        return None
    clock = clock_at(at, since=application.updated_at)
    return clock.due(application, last=last_of(application))


def review_days(*, at: datetime) -> int:
    """This will give the working days within which a person looks again at a refusal."""
    return CreditTerm.numbers_on(calendar.nairobi_date(at))[CreditTerm.Kind.REVIEW_DAYS]


def every_one() -> QuerySet[CreditDecision]:
    """This will give every decision with its application, the newest first (AD02)."""
    parts = ("application__customer", "application__business", "application__product")
    parts += ("overrides", "overridden_by")
    return CreditDecision.objects.select_related(*parts).order_by("-pk")


def last_of(application: LoanApplication) -> CreditDecision | None:
    """This will give the answer that stands; None while there is none."""
    return application.decisions.order_by("number").last()


def held_on(customer) -> list[dict]:
    """This will give the decisions about a customer with their reasons, for their own copy."""
    mine = {"application__customer": customer, "application__business": None}
    rows = CreditDecision.objects.filter(**mine).order_by("pk")
    return [
        {
            "result": row.result,
            "amount": str(row.money),
            "model_version": row.model_version,
            "score": row.score,
            # What the rules of fraud found is told to nobody (no tipping-off).
            "inputs": {name: fact for name, fact in row.inputs.items() if name != "fraud"},
            "reasons": row.reasons,
            "decided_at": row.decided_at.isoformat(),
        }
        for row in rows
    ]


def in_the_way(party, *, product: str, on: date) -> list[Loan]:
    """
    This will give the loans that a customer or business pays back before it gets one of a product:
    of the 30-day loan every one (RF03), else one of the same product, and any that is late.
    """
    active = loans.active_of(party)
    if product == ONLINE:
        return active
    return [loan for loan in active if loan.product_id == product or debts.of(loan, on=on).is_late]


def is_open_to_ask(customer, *, product: str = ONLINE, on: date) -> bool:
    """This will tell whether nothing keeps a customer from asking: no loan, no open application."""
    asked = LoanApplication.objects.filter(**whose(customer), product=product, state__in=OPEN)
    return not asked.exists() and not in_the_way(customer, product=product, on=on)
