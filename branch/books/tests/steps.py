"""What these tests do again and again: asking, deciding, living until a date."""

from datetime import UTC, date, datetime, timedelta

from django.db import connection

from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.calendar.models import BusinessDay
from ledger.chart import queries as chart
from ledger.factories import post
from ledger.journal.lines import Line, credit, debit
from ledger.money import kes
from ledger.periods import operations as periods
from ledger.vouchers import operations as vouchers
from ledger.vouchers.models import Voucher
from ledger.vouchers.operations import Written

WHY = "The auditor found it"


def now() -> datetime:
    """This will give the moment; rights and waits go by the clock."""
    return datetime.now(UTC)


def agree(asked: Approval, checker) -> Approval:
    """This will let a second person say yes."""
    return approvals.approve(asked, digest=asked.digest, actor=checker, at=now())


def lines(amount="100", *, taker="5490", giver="2480") -> list[Line]:
    """This will give two lines: a cost of the bank that is owed to somebody."""
    return [debit(chart.line(taker), kes(amount)), credit(chart.line(giver), kes(amount))]


def written(**facts) -> Written:
    """This will give what a maker writes beside the lines."""
    usual = {"kind": "COST", "narrative": "Paper of the head office", "paper_ref": "INV-17"}
    return Written(**usual | facts)


def draft(maker, booked=None, **facts) -> Voucher:
    """This will write a voucher down."""
    return vouchers.draft(written(**facts), lines=booked or lines(), actor=maker, at=now())


def asked(maker, booked=None, **facts) -> Approval:
    """This will write a voucher and ask for it."""
    row = draft(maker, booked, **facts)
    return vouchers.ask(row, reason=WHY, actor=maker, at=now())


def live_until(day: date) -> None:
    """This will open one business date after the other until a day."""
    with connection.cursor() as cursor:
        while BusinessDay.objects.get().business_date < day:
            cursor.execute(
                "SELECT ledger_roll_business_date(business_date) FROM ledger_businessday"
            )


def open_month() -> date:
    """This will give the first day of the earliest open month."""
    return BusinessDay.objects.get().open_from.replace(day=1)


def after(month: date) -> date:
    """This will give the first day of the month after one."""
    return (month + timedelta(days=31)).replace(day=1)


def close_month(maker, checker, month: date) -> None:
    """This will close a month by two persons."""
    agree(
        periods.ask_close(first_date=month, reason=WHY, actor=maker, at=now()),
        checker,
    )


def close_months_until_december(maker, checker) -> int:
    """This will live to the next year and close every month before December; gives the year."""
    year = open_month().year
    live_until(date(year + 1, 1, 2))
    while open_month() < date(year, 12, 1):
        close_month(maker, checker, open_month())
    return year


def earn(amount, *, line="4110", value_date=None):
    """This will book income of the bank, owed to it in cash."""
    return post(
        debit(chart.line("1020"), kes(amount)),
        credit(chart.line(line), kes(amount)),
        value_date=value_date,
    )


def spend(amount, *, line="5490", value_date=None):
    """This will book a cost of the bank, paid in cash."""
    return post(
        debit(chart.line(line), kes(amount)),
        credit(chart.line("1020"), kes(amount)),
        value_date=value_date,
    )


def in_a_new_year(maker, checker) -> date:
    """This will end the year, so that January is the open month; gives its first day."""
    year = close_months_until_december(maker, checker)
    agree(periods.ask_year_end(year=year, reason=WHY, actor=maker, at=now()), checker)
    return date(year + 1, 1, 1)
