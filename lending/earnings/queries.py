"""Looking at what the nights earned."""

from datetime import date

from lending.earnings.models import EarningJournal
from lending.loans.models import Loan


def is_night_of(loan: Loan, *, day: date) -> bool:
    """
    This will tell whether the close of a business date has earned of a loan while the date is open
    still: what begins anew on that day would count it twice.
    """
    if EarningJournal.objects.filter(pk=day).exists():
        return True
    return loan.earnings.filter(business_date=day, replay=None).exists()
