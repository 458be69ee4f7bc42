"""What customers do with their money in the tests of the monitor."""

from datetime import datetime, time, timedelta

from django.db import transaction

from accounts.factories import DepositAccountFactory
from accounts.monitoring import operations as monitoring
from accounts.monitoring import reading
from accounts.monitoring.models import Alert
from ledger.calendar import queries as calendar
from ledger.factories import put_in
from wekeza.kit.actor import SYSTEM


def noon(days=0, hours=0):
    """Noon in Nairobi on the bank's day, and so long before or after it."""
    day = datetime.combine(calendar.business_date(), time(12), calendar.NAIROBI)
    return day + timedelta(days=days, hours=hours)


def open_account(**facts):
    return DepositAccountFactory(customer__tier_id="TIER_3", **facts)


def deposit(account, amount="800000", *, at, **facts):
    return put_in(account.ledger_account, amount, at=at, **facts).entry_id


def structure(account, *, last):
    return [deposit(account, at=last + timedelta(days=days)) for days in (-4, -2, 0)]


def alerts_about(account):
    return list(Alert.objects.filter(customer=account.customer).order_by("found_at"))


def look_at(first, last=None, *, at):
    with transaction.atomic():
        monitoring.look_at((first, last or reading.newest_entry()), at=at, actor=SYSTEM)
