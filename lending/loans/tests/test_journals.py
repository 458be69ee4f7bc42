"""
The journal of every event of a loan's life, by kenya.md 11.2: which lines, which side, how much.

The loans of the examples began on Monday, 5 January 2026:
- PERS, 73,000 at 15% for three months: 73,000 x 15% / 365 = 30.00 a day. Of 31, 28 and 31 days, the
  level payment is 73,000 / (1/1.0127397 + 1/(1.0127397 x 1.0115068) + 1/(1.0127397^2 x 1.0115068))
  = 24,935.82; interest 930.00, 563.77 and 313.68, together 1,807.45.
- EMER, 36,500 at 20% for one month: 20.00 a day, 620.00 by the due date, 5 February. From then on
  20.00 of late interest a day, and from the fourth day after it 6% a year of penalty, 6.00 a day.
- DIGI30, 5,000 at 5% once: 250.00 over 30 days, due on 4 February. From the fourth day after it
  0.25% of penalty a day, 12.50, for 30 days.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ledger.journal.models import Entry, Posting
from lending.arrears.models import SuspenseMove
from lending.arrears.tests.steps import due_of, earn, judge, lend, pay
from lending.earnings.models import EarningJournal
from lending.provisions.tests.test_operations import night
from lending.repayments.tests.test_instalments import take
from lending.replays.tests.steps import lent, live, reverse
from lending.writeoffs.tests.steps import write_off

pytestmark = pytest.mark.django_db
START = date(2026, 1, 5)
PERS = {"product": "PERS", "amount": "73000", "tenor": 3, "percent": "15", "start": START}
EMER = {"product": "EMER", "amount": "36500", "tenor": 1, "percent": "20", "start": START}
DR, CR = "DEBIT", "CREDIT"


def lines_of(entry_id: int) -> list[tuple[str, str, Decimal]]:
    """Every line of an entry, one by one; a loan and a deposit by their line of the chart."""
    rows = Posting.objects.filter(entry_id=entry_id).select_related("account__control")
    return sorted(
        ((row.account.control or row.account).code, row.side, row.amount.normalize())
        for row in rows
    )


def lines(*rows: tuple[str, str, str]) -> list[tuple[str, str, Decimal]]:
    return sorted((code, side, Decimal(amount).normalize()) for code, side, amount in rows)


def booked(day: date) -> list[tuple[str, str, Decimal]]:
    """What the night of a day booked of its earnings."""
    return lines_of(EarningJournal.objects.get(pk=day).entry_id)


def after(day: date, days: int) -> date:
    return day + timedelta(days=days)


def lent_late(days: int):
    """EMER, its interest of 620 earned by the last night before it was due; judged so late."""
    loan = lend(**EMER)
    due = due_of(loan)
    earn(after(due, -1))
    judge(after(due, days))
    return loan, after(due, days)


def test_journal_of_loan_disbursement():
    """131x p against CUST p; each product has its line."""
    for product, line, amount in (("PERS", "1310", "73000"), ("EMER", "1312", "500")):
        loan = lend(product=product, amount=amount, tenor=3, percent="15")

        assert loan.entry.kind == "LOAN_DISBURSEMENT"
        assert lines_of(loan.entry_id) == lines((line, DR, amount), ("2010", CR, amount))


def test_journal_of_loan_fee():
    """2% of 73,000 is 1,460; 1,460 / 1.2 = 1,216.67 is deferred, 243.33 is excise duty."""
    loan = lend(**PERS)

    fee = Entry.objects.get(reference=f"loan-fee:{loan.application.public_id}")
    assert fee.kind == "LOAN_FEE"
    assert lines_of(fee.pk) == lines(
        ("2010", DR, "1460"), ("2340", CR, "1216.67"), ("2210", CR, "243.33")
    )


def test_journal_of_digi30_charge():
    """250 / 30 = 8.333 a day: after one, two and three days 8.33, 16.67 and 25.00."""
    lend(start=START)

    for number, share in enumerate(("8.33", "8.34", "8.33")):
        earn(after(START, number))
        assert booked(after(START, number)) == lines(("1330", DR, share), ("4010", CR, share))


def test_journal_of_accrual_performing():
    lend(**PERS)

    earn(START)

    assert booked(START) == lines(("1330", DR, "30"), ("4010", CR, "30"))


def test_journal_of_accrual_npl():
    """Ninety-one days late: a day's late interest and penalty are kept, both, in suspense."""
    _loan, day = lent_late(91)

    earn(day)

    assert booked(day) == lines(
        ("1330", DR, "20"), ("2360", CR, "20"), ("1335", DR, "6"), ("2360", CR, "6")
    )


def test_journal_of_penalty():
    """The third day after the due date is the last without one."""
    loan = lend(start=START)
    due = due_of(loan)
    earn(after(due, 3))

    earn(after(due, 4))

    assert booked(after(due, 3)) == lines(("1330", DR, "250"), ("4010", CR, "250"))
    assert booked(after(due, 4)) == lines(("1335", DR, "12.50"), ("4020", CR, "12.50"))


def test_journal_of_move_to_npl():
    """All that was earned and nobody paid: 620 of interest, 20 of it late, 6 of penalty."""
    loan = lend(**EMER)
    due = due_of(loan)
    earn(after(due, -1))
    earn(after(due, 4))

    judge(after(due, 91))

    assert lines_of(SuspenseMove.objects.get().entry_id) == lines(
        ("4010", DR, "640"), ("2360", CR, "640"), ("4020", DR, "6"), ("2360", CR, "6")
    )


def test_journal_of_back_to_performing():
    """
    14,600 at 15% earn 6.00 a day. Five nights, 30.00, were income; then another loan of theirs, a
    quarter of all, turned bad, so that they and the sixth night's are in suspense. When that loan
    is paid, the 36.00, which nobody paid, are income again.
    """
    late = lend(start=START)
    day = after(due_of(late), 91)
    lend(late.customer, product="PERS", amount="14600", tenor=12, percent="15",
         start=after(day, -5))  # fmt: skip
    earn(after(day, -1))
    judge(day)
    earn(day)
    pay(late, "5250")

    judge(after(day, 1))

    back = SuspenseMove.objects.get(is_into=False, interest__gt=0)
    assert lines_of(back.entry_id) == lines(("2360", DR, "36"), ("4010", CR, "36"))


def test_journal_of_repayment_split():
    """
    Five nights late: penalty 6, late interest 100, interest 620; 274 of the thousand are left for
    the principal.
    """
    loan = lend(**EMER)
    due = due_of(loan)
    for days in range(-1, 5):
        earn(after(due, days))

    payment = take(loan, "1000", on=after(due, 5))

    assert payment.entry.kind == "LOAN_REPAYMENT"
    assert lines_of(payment.entry_id) == lines(
        ("2010", DR, "1000"), ("1335", CR, "6"), ("1330", CR, "720"), ("1312", CR, "274")
    )


def test_journal_of_repayment_split_npl():
    """Penalty 6, interest 640: paid, they leave suspense and are income; 354 of principal."""
    loan, day = lent_late(91)
    earn(day)

    payment = take(loan, "1000", on=after(day, 1))

    assert lines_of(payment.entry_id) == lines(
        ("2010", DR, "1000"), ("1335", CR, "6"), ("1330", CR, "640"), ("1312", CR, "354"),
        ("2360", DR, "646"), ("4010", CR, "640"), ("4020", CR, "6"),
    )  # fmt: skip


def test_journal_of_prepayment_fee():
    """
    Paid off on its first day: the first payment's principal is 24,935.82 - 930 = 24,005.82, and 1%
    of the 48,994.18 after it 489.94; 489.94 / 1.2 = 408.28 is income, 81.66 is excise duty.
    """
    loan = lend(**PERS)

    payment = take(loan, "73489.94", on=START)

    assert payment.left.amount == 0
    assert lines_of(payment.entry_id) == lines(
        ("2010", DR, "73489.94"), ("1310", CR, "73000"), ("4140", CR, "408.28"),
        ("2210", CR, "81.66"),
    )  # fmt: skip


def test_journal_of_fee_amortisation():
    """
    By the end of January 27 days have run, 810.00 of 1,807.45: of the fee of 1,216.67 as large a
    part, 545.24, is income then.
    """
    lend(**PERS)
    month_end = date(2026, 1, 31)

    earn(month_end)

    assert booked(month_end) == lines(
        ("1330", DR, "810"), ("4010", CR, "810"), ("2340", DR, "545.24"), ("4140", CR, "545.24")
    )


def test_journal_of_provision_by_stage():
    """
    Score 600: 11.689% default in a year; 1 - (1 - f x 0.11689)^(1/12) for f = 1, 1.3 and 0.85 at
    50, 30 and 20% is 1.09818% a month; 65% of it is lost, a month later, at 81.1% a year.
    - Stage 1, six nights: 5,050 x 1.09818% x 65% x 1.811^(-1/12) = 34.31; the minimum of 1% is
      50.50, so that 16.19 more are reserved.
    - Stage 2, 31 days late, with a penalty of 12.50: of 5,262.50 it is 35.75; 3% are 157.88.
    - Stage 3, 91 days late: 65% of 5,000, and 20% are less.
    - Paid, nothing of it is left.
    """
    loan = lend(start=START)
    due = due_of(loan)

    entries = [night(day).entry_id for day in (after(START, 5), after(due, 31), after(due, 91))]
    pay(loan, "5262.50")
    entries.append(night(after(due, 92)).entry_id)

    assert [lines_of(entry) for entry in entries] == [
        lines(("5110", DR, "34.31"), ("1340", CR, "34.31"),
              ("3020", DR, "16.19"), ("3040", CR, "16.19")),
        lines(("1340", DR, "34.31"), ("1341", CR, "35.75"), ("5110", DR, "1.44"),
              ("3020", DR, "105.94"), ("3040", CR, "105.94")),
        lines(("1341", DR, "35.75"), ("1342", CR, "3250"), ("5110", DR, "3214.25"),
              ("3040", DR, "122.13"), ("3020", CR, "122.13")),
        lines(("1342", DR, "3250"), ("5110", CR, "3250")),
    ]  # fmt: skip


def test_journal_of_reserve():
    """
    Doubtful, 181 days late: the central bank wants all 36,500, the model 65%, 23,725; 12,775 go out
    of retained earnings, and come back when the loan is paid.
    """
    loan = lend(**EMER)
    day = after(due_of(loan), 181)

    more = night(day)
    take(loan, "37146", on=day)  # With 620 of interest, 20 of late interest, 6 of penalty.
    less = night(after(day, 1))

    assert lines_of(more.entry_id) == lines(
        ("5110", DR, "23725"), ("1342", CR, "23725"), ("3020", DR, "12775"), ("3040", CR, "12775")
    )
    assert lines_of(less.entry_id) == lines(
        ("1342", DR, "23725"), ("5110", CR, "23725"), ("3040", DR, "12775"), ("3020", CR, "12775")
    )


def test_journal_of_write_off():
    """361 days late: interest 640 and penalty 6 are in suspense, 65% of 36,500 provided for."""
    row = _written_off()

    assert lines_of(row.entry_id) == lines(
        ("2360", DR, "646"), ("1342", DR, "23725"), ("5120", DR, "12775"),
        ("1312", CR, "36500"), ("1330", CR, "640"), ("1335", CR, "6"),
        ("9010", DR, "37146"), ("9011", CR, "37146"),
    )  # fmt: skip


def test_journal_of_recovery():
    payment = pay(_written_off().loan, "1000")

    assert lines_of(payment.entry_id) == lines(
        ("2010", DR, "1000"), ("4310", CR, "1000"), ("9011", DR, "1000"), ("9010", CR, "1000")
    )


def _written_off():
    loan = lend(**EMER)
    due = due_of(loan)
    earn(after(due, -1))
    night(after(due, 361))
    row = write_off(loan)
    earn(row.business_date)  # The rest of its fee is income with it.
    return row


def test_journal_of_reversal():
    """
    Two nights earned 16.67 when 2,000 were paid on DIGI30: 250 of interest, 233.33 of it income of
    that moment, and 1,750 of principal. Taken back, each line is mirrored; the third night, which
    had nothing left to earn, has 8.33.
    """
    loan = lent(3)
    [payment] = live(loan, paying={2: "2000"})

    replay = reverse(payment)

    assert lines_of(payment.entry_id) == lines(
        ("2010", DR, "2000"), ("1330", CR, "16.67"), ("4010", CR, "233.33"), ("1313", CR, "1750")
    )
    mirror = loan.repayments.get(reverses=payment)
    assert lines_of(mirror.entry_id) == lines(
        ("2010", CR, "2000"), ("1330", DR, "16.67"), ("4010", DR, "233.33"), ("1313", DR, "1750")
    )
    assert lines_of(replay.entry_id) == lines(("1330", DR, "8.33"), ("4010", CR, "8.33"))
