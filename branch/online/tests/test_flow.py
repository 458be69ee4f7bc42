"""The chart on home adds up to the postings of the month, week by week."""

from datetime import date

import pytest

from accounts.deposits import queries as deposit_queries
from accounts.factories import DepositAccountFactory
from branch.online.flow import month_flow
from ledger.calendar import queries as calendar
from ledger.money import kes
from wekeza.kit.actor import Actor

pytestmark = pytest.mark.django_db


def holding_of(account):
    return deposit_queries.held_by(Actor("CUSTOMER", str(account.customer_id)))[0]


class TestMonthFlow:
    def test_weeks_add_up_to_what_moved(self):
        account = DepositAccountFactory(balance="48250.50")
        today = calendar.business_date()

        flow = month_flow(holding_of(account), on=today)

        assert flow.money_in == kes("48250.50")
        assert flow.money_out == kes(0)
        assert sum((week.money_in for week in flow.weeks), kes(0)) == flow.money_in
        assert flow.weeks[-1].label.endswith(str(today.day))

    def test_shows_nothing_where_nothing_moved(self):
        assert month_flow(holding_of(DepositAccountFactory()), on=date(2026, 11, 21)) is None

    def test_asks_the_database_once(self, django_assert_num_queries):
        holding, today = holding_of(DepositAccountFactory(balance="100")), calendar.business_date()

        with django_assert_num_queries(1):
            month_flow(holding, on=today)


class TestHome:
    def test_hides_the_chart_with_the_balances(self, client):
        account = DepositAccountFactory(balance="48250.50")
        client.force_login(account.customer.user)

        shown = client.get("/").content.decode()
        client.post("/hide-balances/", {"hides": "1", "next": "/"})
        hidden = client.get("/").content.decode()

        assert "<rect" in shown
        assert "48,250" in shown
        assert "<rect" not in hidden
        assert "48,250" not in hidden
