"""Loans that are paid by themselves: what, when, from where, and what stands against it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.businesses.refusals import NotYourRole
from accounts.factories import BusinessFactory, CustomerFactory, DepositAccountFactory, actor_of
from accounts.notifications.models import Message
from ledger.calendar import queries as calendar
from ledger.chart import operations as ledger_accounts
from ledger.chart import queries as chart
from ledger.factories import put_in
from ledger.money import kes
from ledger.tests.racing import at_once
from lending.arrears.tests.steps import due_of, lend
from lending.business.tests.test_taking import sign
from lending.decisions.tests.test_races import outcome
from lending.factories import BorrowerFactory, BusinessApplicationFactory, account_of
from lending.instructions import operations, queries
from lending.instructions.models import InstructionRun
from lending.instructions.refusals import NotAnAccountOfTheirs
from lending.repayments import debts
from lending.repayments import operations as repayments
from lending.repayments.refusals import LoanPaid
from lending.repayments.tests.test_operations import lines_of
from lending.writeoffs.tests.test_operations import broken
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


def instruct(loan, amount=None, *, every="WEEK", day=None, account=None, actor=None, at=None):
    """Paid each week from tomorrow on, unless named otherwise; nothing named pays what is due."""
    tomorrow = calendar.business_date() + timedelta(days=1)
    return operations.set_up(
        loan, account=account or loan.account, amount=kes(amount) if amount else None,
        every=every, day=day or tomorrow.isoweekday(), at=at or timezone.now(),
        actor=actor or actor_of(loan.customer),
    )  # fmt: skip


def night(row, day) -> int:
    return operations.run(day=day, first=row.pk, last=row.pk, at=timezone.now())


def another_account(loan):
    """A second account of the customer, with KES 3,000."""
    return DepositAccountFactory(customer=loan.customer, is_another=True, balance="3000")


def held(account) -> int:
    return chart.standing(account.ledger_account_id).balance


@pytest.fixture
def loan():
    """KES 5,000 at 5% for 30 days, spent."""
    return lend()


class TestSettingUp:
    def test_begins_tomorrow_and_the_same_twice_is_one(self, loan):
        first, again = instruct(loan, "700"), instruct(loan, "700")

        assert first == again
        assert first.first_date == calendar.nairobi_date(first.set_at) + timedelta(days=1)

    def test_another_takes_its_place(self, loan):
        old, new = instruct(loan, "700"), instruct(loan, "900")

        old.refresh_from_db()
        assert (old.state, queries.active_of(loan)) == ("CHANGED", new)

    def test_ends_when_its_customer_says_so(self, loan):
        row = instruct(loan, "700")
        put_in(loan.account.ledger_account, "700")

        for _ in range(2):
            operations.end(loan, at=timezone.now(), actor=actor_of(loan.customer))

        row.refresh_from_db()
        assert (row.state, row.ended_by) == ("ENDED", str(actor_of(loan.customer)))
        assert night(row, row.first_date) == 0

    def test_takes_no_account_of_another(self, loan):
        with pytest.raises(NotAnAccountOfTheirs):
            instruct(loan, account=account_of(BorrowerFactory(deposit="")))

    def test_is_not_of_a_loan_that_is_paid(self, loan):
        put_in(loan.account.ledger_account, "5250")
        repayments.repay(
            loan, money=kes("5250"), reference="all", at=timezone.now(),
            actor=actor_of(loan.customer),
        )  # fmt: skip

        with pytest.raises(LoanPaid):
            instruct(loan)


class TestItsDay:
    @pytest.mark.proves("BW30")
    def test_pays_the_amount_from_the_chosen_account_once_a_date(self, loan):
        saved = another_account(loan)
        row = instruct(loan, "1000", account=saved)

        paid = [night(row, row.first_date) for _ in range(3)]

        assert (paid, held(saved), held(loan.account)) == ([1, 0, 0], 2000, 0)
        [payment] = loan.repayments.all()
        assert (payment.channel, payment.account_id) == ("STANDING", saved.pk)
        assert payment.instruction_run.instruction_id == row.pk
        lines = {line[1:] for line in lines_of(payment.entry_id)}
        assert ("DEBIT", kes("1000")) in lines
        assert broken() == []
        week = timedelta(days=7)
        assert [night(row, row.first_date + timedelta(days=n)) for n in range(1, 7)] == [0] * 6
        assert night(row, row.first_date + week) == 1

    def test_pays_nothing_before_its_first_date(self, loan):
        put_in(loan.account.ledger_account, "1000")
        row = instruct(loan, "1000")

        assert night(row, row.first_date - timedelta(days=7)) == 0

    def test_pays_never_more_than_is_owed_and_ends_with_the_loan(self, loan):
        put_in(loan.account.ledger_account, "9000")
        row = instruct(loan, "9000")

        assert night(row, row.first_date) == 1

        row.refresh_from_db()
        loan.refresh_from_db()
        assert (held(loan.account), loan.state, row.state) == (3750, "PAID", "DONE")
        assert row.ended_by == str(SYSTEM)

    def test_ends_on_any_night_once_the_loan_is_paid_otherwise(self, loan):
        put_in(loan.account.ledger_account, "5250")
        row = instruct(loan, "100")
        repayments.repay(
            loan, money=kes("5250"), reference="all", at=timezone.now(),
            actor=actor_of(loan.customer),
        )  # fmt: skip

        assert night(row, row.first_date - timedelta(days=3)) == 0

        row.refresh_from_db()
        assert (row.state, row.runs.count()) == ("DONE", 0)

    def test_takes_nothing_and_says_so_where_there_is_too_little(self, loan):
        put_in(loan.account.ledger_account, "999.50")
        row = instruct(loan, "1000")

        assert [night(row, row.first_date) for _ in range(2)] == [0, 0]

        run = row.runs.get()
        assert (run.outcome, run.amount, run.available) == ("SHORT", 1000, kes("999.50").amount)
        text = Message.objects.get(kind="loan_instruction", user=loan.customer.user).body
        assert f"KES 1,000.00 for loan {loan.number} was not paid" in text
        assert "has KES 999.50" in text
        assert (held(loan.account), row.is_active) == (kes("999.50").amount, True)

    def test_says_so_where_the_account_pays_nothing_out(self, loan):
        saved = another_account(loan)
        row = instruct(loan, "1000", account=saved)
        ledger_accounts.freeze(saved.ledger_account, reason="A court's order", actor=SYSTEM)

        assert night(row, row.first_date) == 0

        assert row.runs.get().outcome == "STOPPED"
        text = Message.objects.get(kind="loan_instruction", user=loan.customer.user).body
        assert "pays nothing out now" in text


class TestWhatIsDue:
    def test_of_one_charge_is_all_in_the_week_in_which_it_falls_due(self, loan):
        """5,000 at 5%: KES 5,250 on its day."""
        put_in(loan.account.ledger_account, "6000")
        due = due_of(loan)
        row = instruct(loan, day=(due - timedelta(days=2)).isoweekday())

        assert night(row, due - timedelta(days=9)) == 0
        assert row.runs.get().outcome == "NOTHING"
        assert night(row, due - timedelta(days=2)) == 1
        assert held(loan.account) == 750

    def test_of_instalments_is_each_on_its_day_exactly_as_the_schedule_says(self):
        loan = lend(product="PERS", amount="10000", tenor=12, percent="15")
        rows = [loan.instalments.get(number=number) for number in (1, 2, 3)]
        put_in(loan.account.ledger_account, "9000")
        row = instruct(loan, every="MONTH", day=rows[0].contractual.day)

        for instalment in rows:
            assert night(row, instalment.contractual) == 1

        found = list(row.runs.order_by("pk").values_list("amount", flat=True))
        assert found == [one.principal + one.interest for one in rows]
        assert loan.repayments.filter(allocations__part="FEE").count() == 0
        assert broken() == []

    def test_some_days_before_is_the_principal_with_the_interest_that_has_run(self):
        loan = lend(product="PERS", amount="10000", tenor=12, percent="15")
        put_in(loan.account.ledger_account, "2000")
        first = loan.instalments.get(number=1)
        day = first.contractual - timedelta(days=3)
        row = instruct(loan, every="WEEK", day=day.isoweekday())
        before = debts.of(loan, on=day)

        assert night(row, day) == 1

        run = row.runs.get()
        assert run.money == kes(f"{first.principal}") + before.accrued
        assert set(loan.repayments.get().allocations.values_list("part", flat=True)) == {
            "INTEREST", "PRINCIPAL",
        }  # fmt: skip


class TestABusiness:
    def test_is_instructed_by_those_who_may_pay_back_from_its_own_accounts(self, bureau):
        viewer = CustomerFactory()
        shop = BusinessFactory(others=[(viewer, ["VIEWER"])])
        loan = sign(BusinessApplicationFactory(business=shop)).loan

        with pytest.raises(NotYourRole):
            instruct(loan, "1000", actor=actor_of(viewer))
        with pytest.raises(NotAnAccountOfTheirs):
            instruct(loan, "1000", account=account_of(loan.customer))
        row = instruct(loan, "1000")

        assert night(row, row.first_date) == 1
        assert loan.repayments.get().entry.owner == shop.owner_ref


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_night_collection_and_customer_take_what_is_owed_once(self):
        loan = lend()
        day = due_of(loan)
        row = instruct(loan, day=day.isoweekday())
        put_in(loan.account.ledger_account, "21000")
        at = timezone.now()

        def pay():
            return repayments.repay(
                loan, money=kes("5250"), reference=str(uuid4()), at=at,
                actor=actor_of(loan.customer),
            )  # fmt: skip

        deeds = [
            lambda: operations.run(day=day, first=row.pk, last=row.pk, at=at),
            lambda: operations.run(day=day, first=row.pk, last=row.pk, at=at),
            lambda: repayments.sweep(day=day, first=loan.pk, last=loan.pk, at=at),
            pay,
        ]

        at_once(4, lambda nth: outcome(deeds[nth]))

        operations.run(day=day, first=row.pk, last=row.pk, at=at)
        loan.refresh_from_db()
        row.refresh_from_db()
        assert (loan.state, held(loan.account), loan.repayments.count()) == ("PAID", 15750, 1)
        assert (row.state, row.runs.count() <= 1) == ("DONE", True)
        assert InstructionRun.objects.filter(instruction=row, outcome="PAID").count() <= 1
        assert broken() == []
