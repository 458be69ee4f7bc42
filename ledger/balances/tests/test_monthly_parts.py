"""Tables that grow with every day stand in monthly parts."""

from datetime import timedelta

import pytest
from django.db import connection

from ledger.balances.models import DailyBalance
from ledger.calendar import operations as calendar
from ledger.calendar import queries as calendar_queries
from ledger.factories import LedgerAccountFactory, put_in
from ledger.tests.sql import rows
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


class TestDailyBalances:
    @pytest.mark.proves("PF06")
    def test_of_two_months_lie_in_two_parts_and_one_is_read_alone(self):
        account, first = LedgerAccountFactory(), calendar_queries.business_date()
        day = first
        while day.month == first.month:
            put_in(account, "5")
            calendar.roll(from_date=day, actor=SYSTEM)
            day += timedelta(days=1)
        put_in(account, "7")
        calendar.roll(from_date=day, actor=SYSTEM)

        mine = "SELECT tableoid::regclass::text FROM ledger_dailybalance WHERE account_id = %s"
        with connection.cursor() as cursor:
            cursor.execute(f"{mine} GROUP BY 1 ORDER BY 1", [account.pk])
            parts = [name for (name,) in cursor.fetchall()]
            cursor.execute(
                "EXPLAIN SELECT balance FROM ledger_dailybalance WHERE account_id = %s "
                "AND business_date = %s",
                [account.pk, day],
            )
            plan = " ".join(line for (line,) in cursor.fetchall())
        assert parts == [f"ledger_dailybalance_{one:%Y%m}" for one in (first, day)]
        assert parts[1] in plan
        assert parts[0] not in plan
        assert DailyBalance.objects.get(account=account, business_date=day).balance == (
            5 * (day - first).days + 7
        )

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.proves("PF06")
    @pytest.mark.parametrize("table", ["ledger_dailybalance", "accounts_interestaccrual"])
    def test_and_what_was_earned_are_split_by_date(self, bank_database, table):
        found = rows(bank_database["owner"], "SELECT pg_get_partkeydef(%s::regclass)", [table])

        assert found[0][0].startswith("RANGE (")
