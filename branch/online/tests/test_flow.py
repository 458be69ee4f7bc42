"""The chart on home adds up to the postings of the month, week by week."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.factories import DepositAccountFactory
from branch.online import queries
from branch.online.flow import month_flow, today_of
from ledger.calendar import queries as calendar
from ledger.factories import put_in
from ledger.money import kes
from wekeza.kit.actor import Actor

pytestmark = pytest.mark.django_db


def moved_on(account, *, at=None):
    actor, at = Actor("CUSTOMER", str(account.customer_id)), at or timezone.now()
    holding, others = queries.first_of(actor)
    return queries.home_of(actor, holding, others=others, at=at, needs_moved=True).moved


class TestMonthFlow:
    def test_weeks_add_up_to_what_moved(self):
        account = DepositAccountFactory(balance="48250.50")
        today = calendar.business_date()

        flow = month_flow(moved_on(account), on=today, currency="KES")

        assert flow.money_in == kes("48250.50")
        assert flow.money_out == kes(0)
        assert sum((week.money_in for week in flow.weeks), kes(0)) == flow.money_in
        assert flow.weeks[-1].label.endswith(str(today.day))

    def test_shows_nothing_where_nothing_moved(self):
        moved = moved_on(DepositAccountFactory())

        assert month_flow(moved, on=date(2026, 11, 21), currency="KES") is None

    def test_today_begins_at_midnight_in_nairobi_and_not_with_the_business_date(self):
        account, now = DepositAccountFactory(), timezone.now()
        midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        put_in(account.ledger_account, "900", at=midnight - timedelta(microseconds=1))
        put_in(account.ledger_account, "70", at=midnight)

        today = today_of(moved_on(account, at=now), currency="KES")

        assert (today.money_in, today.money_out, today.count) == (kes(70), kes(0), 1)


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
