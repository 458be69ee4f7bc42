"""Several at once: one voucher and two checkers, a period that closes while others book in it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Count

from accounts.factories import StaffMemberFactory, staff_actor
from branch.books.tests.steps import (
    WHY,
    after,
    agree,
    asked,
    close_months_until_december,
    earn,
    in_a_new_year,
    live_until,
    now,
)
from ledger.approvals.operations import AlreadyDecided
from ledger.balances import ledgers
from ledger.balances import queries as balances
from ledger.calendar.queries import business_date
from ledger.chart import queries as chart
from ledger.factories import LedgerAccountFactory, put_in
from ledger.journal.models import Entry, Posting
from ledger.journal.operations import ValueDateNotOpen
from ledger.money import kes
from ledger.periods import operations as periods
from ledger.periods.models import Period
from ledger.tests.racing import at_once, refused
from ledger.vouchers.models import Voucher

pytestmark = pytest.mark.django_db(transaction=True)


def staff(role):
    return staff_actor(StaffMemberFactory(role_id=role))


class TestTwoCheckersAtOnce:
    @pytest.mark.proves("LG09", "LG18")
    def test_post_a_voucher_once(self, empty_bank):
        request, checkers = asked(staff("OPERATIONS")), [staff("FINANCE"), staff("FINANCE")]

        results = at_once(2, lambda number: agree(request, checkers[number]))

        [lost] = refused(results)
        assert isinstance(lost, AlreadyDecided)
        row = Voucher.objects.get(approval=request)
        assert Entry.objects.filter(source=f"ledger.voucher:{row.pk}").count() == 1
        assert chart.line_balance(chart.line("2480")) == kes("100")


class TestMakersAtOnce:
    def test_get_numbers_without_a_gap(self, empty_bank):
        makers = [staff("OPERATIONS") for _ in range(6)]

        at_once(6, lambda number: asked(makers[number]))

        numbers = sorted(int(row.number[5:]) for row in Voucher.objects.all())
        assert numbers == list(range(1, 7))


class TestClosingWhileOthersBook:
    @pytest.mark.proves("LG08", "LG18")
    def test_leaves_no_entry_in_the_period_after_it_closed(self, empty_bank):
        maker, checker = staff("OPERATIONS"), staff("FINANCE")
        month = in_a_new_year(maker, checker)
        live_until(after(month) + timedelta(days=1))
        account = LedgerAccountFactory()
        request = periods.ask_close(first_date=month, reason=WHY, actor=maker, at=now())

        def work(number):
            if number == 0:
                return agree(request, checker)
            return [put_in(account, "1", value_date=month + timedelta(days=3)) for _ in range(25)]

        results = at_once(8, work)

        late = refused(results)
        assert all(isinstance(one, ValueDateNotOpen) for one in late)
        closed = Period.objects.get(first_date=month)
        assert closed.is_closed
        inside = Entry.objects.filter(value_date__range=(closed.first_date, closed.last_date))
        assert not inside.filter(recorded_at__gt=closed.changed_at).exists()
        booked = Posting.objects.filter(account=account).count()
        assert account.money == kes(booked)


class TestTheYearEndOverSubBalances:
    """Eight connections earn 8 × 5 × 10 = 400; two of the lines' sub-balances would not do."""

    def test_moves_the_sum_of_them(self, empty_bank):
        maker, checker = staff("OPERATIONS"), staff("FINANCE")
        at_once(8, lambda number: [earn("10") for _ in range(5)])
        day = business_date()
        used = Posting.objects.filter(account=chart.line("4110")).aggregate(
            rows=Count("shard", distinct=True)
        )
        assert used["rows"] > 1

        found = ledgers.ledger_of(chart.line("4110"), first=day, last=day)
        assert [row.balance_after for row in found.rows] == [
            kes(10 * place) for place in range(1, 41)
        ]
        assert found.ties

        year = close_months_until_december(maker, checker)
        agree(periods.ask_year_end(year=year, reason=WHY, actor=maker, at=now()), checker)

        assert chart.line_balance(chart.line("4110")).amount == 0
        assert chart.line_balance(chart.line("3020")).amount == Decimal(400)
        [then] = balances.trial_balance(day, currency="KES")
        assert then.ties
        assert [line.credit for line in then.lines if line.code == "4110"] == [kes("400")]
        [today] = balances.trial_balance(business_date(), currency="KES")
        assert today.ties
