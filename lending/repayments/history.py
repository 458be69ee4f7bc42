"""How somebody paid their loans, for the cards of points."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Max, Q, Sum

from ledger.calendar import queries as calendar
from lending.applications.queries import whose
from lending.loans.models import LoanInstalment
from lending.loans.states import LoanState

MONTHS_BACK = 24
CLEAN_LOANS = 3


@dataclass(frozen=True, slots=True)
class History:
    """
    The loans of two years: how many, the most days that an instalment was late, and how many due
    dates of half a year, or as long as is asked, passed without the whole being there.
    """

    loans: int
    most_days_late: int
    missed: int

    @property
    def mark(self) -> str | None:
        """How the cards name it; nothing for ninety days and more, which gives no points."""
        if not self.loans:
            return "NONE"
        if self.most_days_late >= 90:
            return "LATE_90"
        if self.most_days_late >= 30:
            return "LATE_UNDER_90"
        if self.most_days_late > 0:
            return "LATE_UNDER_30"
        return "CLEAN_3" if self.loans >= CLEAN_LOANS else "CLEAN"


def of(party, *, on: date, missed_months: int = 6) -> History:
    """
    This will look at what of a customer's or business's loans was due before a day, or is paid by
    it, and when it was paid; `missed` counts so many months back.
    """
    since, late = (calendar.months_after(on, -back) for back in (MONTHS_BACK, missed_months))
    whose_loans = {f"loan__{name}": one for name, one in whose(party).items()}
    payment = "allocations__repayment"
    of_day = f"{payment}__value_date"
    stands = {f"{payment}__reverses": None, f"{payment}__reversal": None}
    rows = (
        LoanInstalment.standing.filter(**whose_loans)
        .filter(Q(due__lt=on) | Q(loan__state=LoanState.PAID), due__gte=since)
        .annotate(
            paid=Sum("allocations__amount"),
            in_time=Sum("allocations__amount", filter=Q(**{f"{of_day}__lte": F("due")})),
            last=Max(of_day, filter=Q(**stands)),
        )
    )
    worst, missed = 0, set()
    for row in rows:
        whole = row.asked_principal + row.asked_interest
        if not whole:
            continue  # All of it is asked for in later ones, as was agreed anew.
        end = row.last if (row.paid or 0) >= whole else on
        worst = max(worst, (end - row.due).days)
        if late <= row.due < on and (row.in_time or 0) < whole:
            missed.add((row.loan_id, row.due))  # A day may have several parts.
    return History(len({row.loan_id for row in rows}), worst, len(missed))
