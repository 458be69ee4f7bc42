"""Days past due, classes and their cure, by the table of CBK/PG/04 (kenya.md 4.1)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from ledger.calendar.queries import months_after
from lending.arrears import queries
from lending.arrears.models import ClassChange, ClassTerm, LoanStanding
from lending.arrears.tests.steps import due_of, judge, lend, pay, pay_through, standing_of

pytestmark = pytest.mark.django_db


def day_of(loan, days):
    return due_of(loan) + timedelta(days=days)


def classes_of(loan) -> tuple[str, str]:
    row = standing_of(loan)
    return row.own_class, row.loan_class


class TestTheClass:
    @pytest.mark.parametrize(
        ("days", "wanted"),
        [
            (-10, "NORMAL"), (0, "NORMAL"), (1, "NORMAL"), (30, "NORMAL"), (31, "WATCH"),
            (90, "WATCH"), (91, "SUBSTANDARD"), (180, "SUBSTANDARD"), (181, "DOUBTFUL"),
            (360, "DOUBTFUL"), (361, "LOSS"), (2000, "LOSS"),
        ],
    )  # fmt: skip
    def test_goes_by_calendar_days_past_due(self, days, wanted):
        loan = lend()

        judge(day_of(loan, days))

        row = standing_of(loan)
        assert (row.loan_class, row.days_late) == (wanted, max(days, 0))
        assert row.overdue == (5250 if days > 0 else 0)
        assert row.is_performing == (days < 91)

    def test_keeps_what_the_central_bank_asks_for(self):
        """Class, first day, minimum provision, performing."""
        rows = ClassTerm.objects.order_by("from_days").values_list(
            "loan_class", "from_days", "provision_percent", "is_performing"
        )

        assert list(rows) == [
            ("NORMAL", 0, 1, True), ("WATCH", 31, 3, True), ("SUBSTANDARD", 91, 20, False),
            ("DOUBTFUL", 181, 100, False), ("LOSS", 361, 100, False),
        ]  # fmt: skip

    def test_counts_from_a_hundred_shillings(self):
        loan = lend()
        pay(loan, "5150.01")
        judge(day_of(loan, 40))
        assert (standing_of(loan).days_late, standing_of(loan).overdue) == (0, Decimal("99.99"))

        other = lend()
        pay(other, "5150")
        judge(day_of(other, 40))

        assert standing_of(other).days_late == 40

    def test_counts_from_the_oldest_instalment_that_is_not_paid_whole(self):
        loan = lend(product="EMER", amount="9000", tenor=3, percent="20")
        first, second = due_of(loan, 1), due_of(loan, 2)

        judge(second + timedelta(days=5))
        assert standing_of(loan).days_late == (second - first).days + 5
        pay_through(loan, 1)
        judge(second + timedelta(days=6))

        assert standing_of(loan).days_late == 6

    def test_says_when_it_changed_and_why(self):
        loan = lend()
        for days in (30, 31, 32, 91):
            judge(day_of(loan, days))

        rows = ClassChange.objects.filter(loan=loan).order_by("pk")
        assert [(r.business_date, r.from_class, r.to_class, r.days_late, r.why) for r in rows] == [
            (day_of(loan, 31), "NORMAL", "WATCH", 31, "OWN"),
            (day_of(loan, 91), "WATCH", "SUBSTANDARD", 91, "OWN"),
        ]
        row = standing_of(loan)
        assert (row.since, row.npl_since, row.npl_principal) == (
            day_of(loan, 91), day_of(loan, 91), 5000,
        )  # fmt: skip
        assert [told["to"] for told in queries.held_on(loan.customer)] == ["WATCH", "SUBSTANDARD"]


class TestASecondRun:
    def test_writes_nothing(self):
        loan, good = lend(), lend()
        assert judge(day_of(loan, 91)) == (2, 2)
        before = list(LoanStanding.objects.order_by("pk").values())

        assert judge(day_of(loan, 91)) == (0, 0)

        assert list(LoanStanding.objects.order_by("pk").values()) == before
        assert good.class_changes.count() == 1

    def test_writes_only_what_is_different(self):
        loan = lend()
        assert judge(day_of(loan, -20)) == (1, 0)

        assert judge(day_of(loan, -19)) == (0, 0)
        assert judge(day_of(loan, 1)) == (1, 0)

        assert standing_of(loan).as_of == day_of(loan, 1)


class TestGettingBetter:
    def months_late(self):
        """A loan of six months whose first three instalments were not paid: 92 days late."""
        loan = lend(product="SALA", amount="60000", tenor=6, percent="15")
        first = due_of(loan, 1)
        judge(first + timedelta(days=91))
        assert classes_of(loan) == ("SUBSTANDARD", "SUBSTANDARD")
        return loan, first + timedelta(days=92)

    def test_takes_more_than_paying_part_of_the_arrears(self):
        loan, day = self.months_late()
        pay_through(loan, 1)

        judge(day)

        row = standing_of(loan)
        assert 31 <= row.days_late <= 90
        assert (row.own_class, row.clean_since) == ("SUBSTANDARD", None)

    def test_takes_six_months_after_all_arrears_are_cleared(self):
        loan, day = self.months_late()
        pay_through(loan, 5)
        judge(day)
        assert standing_of(loan).clean_since == day
        assert classes_of(loan) == ("SUBSTANDARD", "SUBSTANDARD")
        last = loan.instalments.get(number=6)
        pay_through(loan, 6, but="50")  # What is left is less than what counts as late.
        assert last.allocations.exists()

        judge(months_after(day, 6) - timedelta(days=1))
        assert classes_of(loan) == ("SUBSTANDARD", "SUBSTANDARD")
        judge(months_after(day, 6))

        assert classes_of(loan) == ("NORMAL", "NORMAL")
        row = standing_of(loan)
        assert (row.npl_since, row.npl_principal, row.clean_since) == (None, None, None)
        assert loan.class_changes.order_by("-pk").first().why == "CURED"

    def test_begins_anew_when_something_is_overdue_again(self):
        loan, day = self.months_late()
        pay_through(loan, 4)
        judge(day)
        assert standing_of(loan).clean_since == day

        judge(due_of(loan, 5) + timedelta(days=1))

        assert standing_of(loan).clean_since is None
        assert standing_of(loan).days_late > 0
        assert classes_of(loan) == ("SUBSTANDARD", "SUBSTANDARD")

    def test_takes_six_instalments_if_that_is_sooner(self):
        loan = lend(product="PERS", amount="60000", tenor=12, percent="15")
        first = due_of(loan, 1)
        judge(first + timedelta(days=91))
        cleared = first + timedelta(days=92)
        pay_through(loan, 11)
        judge(cleared)
        sixth = [row.due for row in loan.instalments.order_by("number") if row.due > cleared][5]
        assert sixth < months_after(cleared, 6)

        judge(sixth)
        assert classes_of(loan)[1] == "SUBSTANDARD"
        judge(sixth + timedelta(days=1))

        assert classes_of(loan)[1] == "NORMAL"

    def test_is_at_once_when_all_is_paid(self):
        loan = lend()
        judge(day_of(loan, 91))
        pay(loan, "5250")

        judge(day_of(loan, 92))

        row = standing_of(loan)
        assert (row.loan_class, row.days_late, row.overdue, row.npl_since) == ("NORMAL", 0, 0, None)
        assert loan.class_changes.order_by("-pk").first().why == "PAID"


class TestOneLoanForAll:
    def two(self, *, bad: str, good: str):
        """A loan of 30 days that goes bad, and a good one of the same customer, of a year."""
        late = lend(amount=bad)
        fine = lend(late.customer, product="PERS", amount=good, tenor=12, percent="15")
        day = day_of(late, 91)
        pay_through(fine, fine.instalments.filter(due__lte=day).count())
        left = fine.ledger_account.balances.get().balance
        return late, fine, day, left

    def test_of_a_fifth_of_what_is_owed_classifies_the_others(self):
        late, fine, day, left = self.two(bad="5000", good="20000")
        assert left <= 20000  # 5,000 is a fifth of 25,000.

        judge(day)

        assert classes_of(late) == ("SUBSTANDARD", "SUBSTANDARD")
        assert classes_of(fine) == ("NORMAL", "SUBSTANDARD")
        assert standing_of(fine).npl_principal == left
        assert fine.class_changes.get().why == "CONTAGION"

    def test_of_less_does_not(self):
        late, fine, day, left = self.two(bad="5000", good="60000")
        assert left > 20000

        judge(day)

        assert classes_of(late)[1] == "SUBSTANDARD"
        assert classes_of(fine)[1] == "NORMAL"

    def test_lets_them_go_when_it_is_paid(self):
        late, fine, day, _left = self.two(bad="5000", good="20000")
        judge(day)
        pay(late, "5250")

        judge(day + timedelta(days=1))

        assert classes_of(fine) == ("NORMAL", "NORMAL")
        assert fine.class_changes.order_by("-pk").first().why == "CURED"

    def test_leaves_others_alone(self):
        late, other = lend(), lend(product="PERS", amount="20000", tenor=12, percent="15")
        pay_through(other, 1)

        judge(day_of(late, 91))

        assert classes_of(other)[1] == "WATCH"  # Its own second instalment.
