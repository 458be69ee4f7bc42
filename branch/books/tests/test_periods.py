"""Closing months and years by two persons: what it takes, what it refuses, what it does."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from branch.books.tests.steps import (
    WHY,
    after,
    agree,
    close_month,
    close_months_until_december,
    earn,
    in_a_new_year,
    live_until,
    now,
    open_month,
    spend,
)
from ledger.approvals.operations import OwnApproval
from ledger.calendar.models import BusinessDay
from ledger.chart import queries as chart
from ledger.controls.models import AuditEntry
from ledger.factories import LedgerAccountFactory, put_in
from ledger.journal.models import Entry
from ledger.journal.operations import ValueDateNotOpen
from ledger.money import kes
from ledger.periods import operations as periods
from ledger.periods import queries
from ledger.periods.models import FinancialYear, Period
from ledger.proofs import monitor
from ledger.proofs import queries as proofs

pytestmark = pytest.mark.django_db


@pytest.fixture
def month(maker, checker):
    """The first day of the open month: a January, so that no year ends in the next one."""
    return in_a_new_year(maker, checker)


def open_from():
    return BusinessDay.objects.get().open_from


def balance(code):
    return chart.line_balance(chart.line(code)).amount


class TestClosingAMonth:
    @pytest.mark.proves("LG10", "LG16")
    def test_takes_value_dates_from_the_next_month_on(self, maker, checker, month):
        live_until(after(month) + timedelta(days=2))
        account = LedgerAccountFactory(balance="100")
        put_in(account, "5", value_date=month)

        close_month(maker, checker, month)

        assert open_from() == after(month)
        with pytest.raises(ValueDateNotOpen) as refused, transaction.atomic():
            put_in(account, "5", value_date=after(month) - timedelta(days=1))
        assert refused.value.facts["open_from"] == after(month).isoformat()
        put_in(account, "5", value_date=after(month))
        row = Period.objects.get(first_date=month)
        assert row.is_closed
        assert row.last_date == after(month) - timedelta(days=1)
        assert row.approval.maker == str(maker)
        assert row.approval.checker == str(checker)
        assert AuditEntry.objects.filter(deed="period.closed", actor=str(checker)).exists()

    def test_is_not_for_one_person(self, maker, checker, month):
        live_until(after(month))
        asked = periods.ask_close(first_date=month, reason=WHY, actor=checker, at=now())

        with pytest.raises(OwnApproval):
            agree(asked, checker)

        assert open_from() <= month

    def test_is_refused_before_it_is_over_and_says_by_which_date(self, maker, month):
        live_until(after(month) - timedelta(days=1))

        with pytest.raises(periods.PeriodNotOver) as refused:
            periods.ask_close(first_date=month, reason=WHY, actor=maker, at=now())

        assert refused.value.facts["last_date"] == after(month) - timedelta(days=1)

    def test_is_refused_while_a_month_before_is_open(self, maker, month):
        live_until(after(after(month)))

        with pytest.raises(periods.EarlierPeriodOpen):
            periods.ask_close(first_date=after(month), reason=WHY, actor=maker, at=now())

    def test_is_refused_while_a_proof_is_broken(self, maker, tmp_path, settings, month):
        live_until(after(month))
        broken = tmp_path / "P99_nothing_is_well.sql"
        broken.write_text("SELECT 'everything' AS subject, 'is wrong' AS fault")
        settings.PROOFS = [*settings.PROOFS, broken]

        with pytest.raises(periods.ProofsBroken) as refused:
            periods.ask_close(first_date=month, reason=WHY, actor=maker, at=now())

        assert "P99_nothing_is_well" in str(refused.value)

    def test_is_refused_while_a_fault_of_the_night_stands(self, maker, tmp_path, settings, month):
        live_until(after(month))
        old = tmp_path / "P99_what_is_old.sql"
        old.write_text("SELECT 'all' AS subject, 'is wrong' AS fault WHERE %(since)s = 0")
        settings.PROOFS = [*settings.PROOFS, old]
        monitor.prove_all(at=now(), since=0)
        monitor.prove_all(at=now(), since=proofs.last_entry_id())

        with pytest.raises(periods.ProofsBroken) as refused:
            periods.ask_close(first_date=month, reason=WHY, actor=maker, at=now())

        assert "P99_what_is_old" in str(refused.value)

    def test_happens_once(self, maker, checker, month):
        live_until(after(month))
        asked = periods.ask_close(first_date=month, reason=WHY, actor=maker, at=now())
        agree(asked, checker)

        with pytest.raises(periods.PeriodClosed):
            periods.ask_close(first_date=month, reason=WHY, actor=maker, at=now())

        assert Period.objects.filter(first_date=month).count() == 1

    def test_leaves_the_moment_at_which_the_business_date_was_opened(self, maker, checker, month):
        live_until(after(month))
        opened = BusinessDay.objects.get().updated_at

        close_month(maker, checker, month)

        assert BusinessDay.objects.get().updated_at == opened
        assert [proof.name for proof in proofs.prove() if not proof.holds] == []


class TestOpeningAMonthAgain:
    def test_lets_value_dates_in_again(self, maker, checker, month):
        live_until(after(month))
        close_month(maker, checker, month)

        agree(periods.ask_reopen(first_date=month, reason=WHY, actor=maker, at=now()), checker)

        assert open_from() == month
        put_in(LedgerAccountFactory(), "5", value_date=month)
        assert not Period.objects.get(first_date=month).is_closed

    def test_begins_with_the_one_that_closed_last(self, maker, checker, month):
        live_until(after(after(month)))
        close_month(maker, checker, month)
        close_month(maker, checker, after(month))

        with pytest.raises(periods.LaterPeriodClosed):
            periods.ask_reopen(first_date=month, reason=WHY, actor=maker, at=now())

    def test_of_an_open_month_is_refused(self, maker, month):
        with pytest.raises(periods.PeriodNotClosed):
            periods.ask_reopen(first_date=month, reason=WHY, actor=maker, at=now())


class TestTheYearEnd:
    """
    Worked by hand: fees 1,000 and 250 (one booked after the year, valued in it), rounding 2 on its
    other side, costs 300: the result is 1,000 + 250 − 2 − 300 = 948. 70 belong to the next year.
    """

    @pytest.fixture
    def year(self, maker, checker):
        earn("1000")
        spend("2", line="4250")
        spend("300")
        year = close_months_until_december(maker, checker)
        earn("250", value_date=date(year, 12, 30))
        earn("70")
        return year

    def ask(self, maker, year):
        return periods.ask_year_end(year=year, reason=WHY, actor=maker, at=now())

    @pytest.mark.proves("LG04")
    def test_brings_income_and_expense_through_3030_to_3020(self, maker, checker, year):
        before = {code: balance(code) for code in ("3020", "3030", "4110", "4250", "5490")}
        assert before["4110"] == Decimal("1320")

        agree(self.ask(maker, year), checker)

        assert balance("3020") - before["3020"] == Decimal("948")
        assert balance("3030") == before["3030"]
        assert balance("4110") == Decimal("70")
        assert balance("4250") == balance("5490") == 0
        booked = Entry.objects.filter(kind="YEAR_END")
        assert booked.count() == 3
        assert {entry.value_date for entry in booked} == {date(year, 12, 31)}
        assert {entry.business_date for entry in booked} == {date(year + 1, 1, 2)}
        assert queries.result_of(year).lines == []
        assert FinancialYear.objects.get(year=year).result == Decimal("948")
        assert [proof.name for proof in proofs.prove() if not proof.holds] == []

    def test_shows_both_persons_what_is_moved(self, maker, year):
        asked = self.ask(maker, year)

        shown = {change["field"]: change["after"] for change in asked.changes}
        assert shown["Result, to 3020 Retained earnings"] == "KES 948.00"
        assert asked.payload == {"year": year, "result": "948.00"}

    def test_closes_december_and_the_year_for_ever(self, maker, checker, year):
        agree(self.ask(maker, year), checker)

        assert open_from() == date(year + 1, 1, 1)
        with pytest.raises(ValueDateNotOpen), transaction.atomic():
            earn("5", value_date=date(year, 12, 31))
        with pytest.raises(periods.YearClosed):
            periods.ask_reopen(first_date=date(year, 12, 1), reason=WHY, actor=maker, at=now())
        with connection.cursor() as cursor, pytest.raises(Exception, match="is closed"):
            cursor.execute("SELECT ledger_reopen_period(%s, 1)", [date(year, 12, 1)])

    def test_tried_again_does_nothing(self, maker, checker, year):
        asked = self.ask(maker, year)
        agree(asked, checker)
        booked = Entry.objects.count()

        with pytest.raises(periods.YearClosed):
            self.ask(maker, year)
        with connection.cursor() as cursor:
            cursor.execute("SELECT ledger_close_year(%s, %s, 0, now(), 'x')", [year, asked.pk])
            assert cursor.fetchone()[0] == Decimal("948")

        assert Entry.objects.count() == booked

    def test_is_refused_when_the_result_moved_while_it_waited(self, maker, checker, year):
        asked = self.ask(maker, year)
        earn("1", value_date=date(year, 12, 31))

        with pytest.raises(periods.ResultChanged) as refused:
            agree(asked, checker)

        assert refused.value.facts["result"] == kes("949")
        assert refused.value.facts["asked"] == kes("948")
        assert not FinancialYear.objects.filter(year=year).exists()

    def test_comes_after_the_other_months(self, maker):
        year = open_month().year
        live_until(date(year + 1, 1, 1))
        if open_month().month == 12:  # A bank that began in December has no month before it.
            return

        with pytest.raises(periods.EarlierPeriodOpen):
            self.ask(maker, year)

    def test_is_the_only_way_to_close_december(self, maker, year):
        with pytest.raises(periods.YearEndMissing):
            periods.ask_close(first_date=date(year, 12, 1), reason=WHY, actor=maker, at=now())

    def test_of_a_loss_is_taken_from_3020(self, maker, checker):
        spend("40")
        year = close_months_until_december(maker, checker)

        agree(self.ask(maker, year), checker)

        assert balance("3020") == Decimal("-40")

    def test_of_a_year_without_income_books_nothing(self, maker, checker):
        year = close_months_until_december(maker, checker)

        agree(self.ask(maker, year), checker)

        assert not Entry.objects.filter(kind="YEAR_END").exists()
        assert open_from() == date(year + 1, 1, 1)
