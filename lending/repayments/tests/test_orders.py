"""In which order a payment pays what is due (kenya.md 4.9), and how that changes."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ledger.approvals import terms
from ledger.calendar import queries as calendar
from ledger.factories import put_in
from ledger.money import kes
from lending.arrears.tests.steps import due_of, earn, judge, lend
from lending.earnings.models import EarningJournal
from lending.factories import account_of
from lending.lines.tests.steps import decided
from lending.products.models import LoanProduct
from lending.repayments import allocation, debts
from lending.repayments import operations as repayments
from lending.repayments.models import AllocationOrder
from lending.repayments.tests.test_operations import lines_of

pytestmark = pytest.mark.django_db
FOUNDED = ("PENALTY", "LATE", "INTEREST", "PRINCIPAL")
PRINCIPAL_FIRST = ("PRINCIPAL", "INTEREST", "LATE", "PENALTY")


def late_loan(*, days):
    """
    KES 5,000 for 30 days, so many days past due now. One night was booked after grace: interest 250
    and a penalty of 0.25% of 5,000, 12.50 (kenya.md 4.5).
    """
    loan = lend(start=calendar.business_date() - timedelta(days=days + 32))
    day = due_of(loan) + timedelta(days=5)
    while EarningJournal.objects.filter(pk=day).exists():  # Each date is booked once.
        day += timedelta(days=1)
    earn(day, loan)
    judge(calendar.business_date(), loan)
    return loan


def order_by_two(*parts, standing="BAD"):
    """Two persons put another order in force for 30-day loans, from today on."""
    row = AllocationOrder(
        product_id="DIGI30", standing=standing,
        effective_from=calendar.nairobi_date(timezone.now()),
        **dict(zip(("first", "second", "third", "fourth"), parts, strict=True)),
    )  # fmt: skip
    return decided(row)


def pay(loan, amount):
    """A payment as of the first day of such an order, which may be after the open business date."""
    on, money = max(calendar.business_date(), calendar.nairobi_date(timezone.now())), kes(amount)
    account = account_of(loan.customer)
    put_in(account.ledger_account, amount)
    with transaction.atomic():
        return repayments.pay_as_ordered(
            debts.of(repayments.locked(loan), on=on), account=account, money=money,
            reference=str(uuid4()), at=timezone.now(),
        )  # fmt: skip


def shares_of(payment):
    return [(one.part, kes(one.amount)) for one in payment.allocations.order_by("pk")]


class TestTheOrder:
    def test_is_that_of_the_servicing_rules_for_every_product(self):
        founded = {
            (row.product_id, row.standing): row.parts for row in AllocationOrder.objects.all()
        }
        assert founded == {
            (product.code, standing): FOUNDED
            for product in LoanProduct.objects.all()
            for standing in AllocationOrder.Standing.values
        }

    def test_pays_penalties_then_interest_then_principal(self):
        """300 = 12.50 + 250 + 37.50."""
        loan = late_loan(days=20)

        payment = pay(loan, "300")

        assert shares_of(payment) == [
            ("PENALTY", kes("12.50")), ("INTEREST", kes("250")), ("PRINCIPAL", kes("37.50")),
        ]  # fmt: skip
        assert (payment.order.standing, payment.order.parts) == ("PERFORMING", FOUNDED)

    def test_may_put_principal_first_for_loans_that_perform_no_more(self):
        """1,000 = principal; 4,200 = 4,000 principal + 200; 62.50 = 50 interest + 12.50 penalty."""
        loan, fine = late_loan(days=95), late_loan(days=20)
        order = order_by_two(*PRINCIPAL_FIRST)

        first, second, last = (pay(loan, amount) for amount in ("1000", "4200", "62.50"))

        assert shares_of(first) == [("PRINCIPAL", kes("1000"))]
        assert lines_of(first.entry_id) == {
            ("2010", "DEBIT", kes("1000")), ("1313", "CREDIT", kes("1000")),
        }  # fmt: skip
        assert shares_of(second) == [("PRINCIPAL", kes("4000")), ("INTEREST", kes("200"))]
        assert lines_of(second.entry_id) == {
            ("2010", "DEBIT", kes("4200")), ("1313", "CREDIT", kes("4000")),
            ("1330", "CREDIT", kes("200")),
            ("2360", "DEBIT", kes("200")), ("4010", "CREDIT", kes("200")),
        }  # fmt: skip
        assert shares_of(last) == [("INTEREST", kes("50")), ("PENALTY", kes("12.50"))]
        assert {one.order for one in (first, second, last)} == {order}
        loan.refresh_from_db()
        assert loan.is_paid
        assert shares_of(pay(fine, "10")) == [("PENALTY", kes("10"))]

    def test_pays_nothing_that_is_not_due_before_what_is(self):
        """Three months are due, and 18 days or so of the fourth have run."""
        on = calendar.business_date()
        started = on - timedelta(days=110)
        loan = lend(product="SALA", amount="60000", tenor=6, percent="15", start=started)
        debt = debts.of(loan, on=on)

        shares = allocation.split(debt, debt.asked_by_now + kes("100"), parts=PRINCIPAL_FIRST)

        rows = [(one.part, one.due.instalment.number) for one in shares]
        assert rows == [
            *(("PRINCIPAL", number) for number in (1, 2, 3)),
            *(("INTEREST", number) for number in (1, 2, 3, 4)),
        ]  # fmt: skip
        assert shares[-1].amount == kes("100")

    def test_names_each_part_once(self):
        with pytest.raises(terms.NotWhole, match="A part stands twice"):
            order_by_two("PRINCIPAL", "INTEREST", "INTEREST", "PENALTY")
        with pytest.raises(IntegrityError, match="each_part_once"), transaction.atomic():
            AllocationOrder.objects.create(
                product_id="DIGI30", standing="BAD", effective_from=calendar.business_date(),
                first="LATE", second="INTEREST", third="PENALTY", fourth="LATE",
            )  # fmt: skip
