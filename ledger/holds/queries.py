"""Looking at holds."""

from datetime import date

from django.db.models import QuerySet

from ledger.holds.models import Hold
from ledger.holds.states import HoldState


def open_on(account_id: int) -> QuerySet[Hold]:
    """This will give the open holds of an account, the oldest first."""
    return Hold.objects.filter(account_id=account_id, state=HoldState.OPEN).order_by("pk")


def to_expire(*, day: date) -> QuerySet[Hold]:
    """This will give the open holds whose last business date is `day` or before."""
    return Hold.objects.filter(state=HoldState.OPEN, expires_on__lte=day)
