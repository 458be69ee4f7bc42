"""Amounts that an entry takes from limits, counted under the ledger's lock."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from ledger.chart import queries as chart
from ledger.factories import LedgerAccountFactory, send, undo
from ledger.journal.lines import Count
from ledger.money import kes
from ledger.refusals import InsufficientFunds, LimitExceeded

pytestmark = pytest.mark.django_db
TODAY, TOMORROW, MONTH = date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 1)


@pytest.fixture
def pair():
    return LedgerAccountFactory(balance="10000"), LedgerAccountFactory()


def out(payer, amount, *, cap="1000", kind="DAILY_OUT", day=TODAY):
    cap = None if cap is None else Decimal(cap)
    return Count(f"test:{payer.pk}", kind, day, Decimal(amount), cap)


def used(payer, kind="DAILY_OUT", day=TODAY):
    return chart.used(owner_ref=f"test:{payer.pk}", kind=kind, period_start=day)


class TestALimit:
    @pytest.mark.proves("MV35")
    def test_takes_up_to_its_cap_and_a_refusal_names_what_is_left(self, pair):
        payer, payee = pair
        send(payer, payee, "600", counts=[out(payer, "600")])

        with pytest.raises(LimitExceeded) as refused, transaction.atomic():
            send(payer, payee, "400.01", counts=[out(payer, "400.01")])
        send(payer, payee, "400", counts=[out(payer, "400")])

        assert refused.value.facts["kind"] == "DAILY_OUT"
        assert refused.value.facts["left"] == kes(400)
        assert refused.value.facts["cap"] == kes(1000)
        assert refused.value.status == 400
        assert used(payer) == 1000

    def test_left_is_never_less_than_nothing(self, pair):
        payer, payee = pair
        send(payer, payee, "600", counts=[out(payer, "600")])

        with pytest.raises(LimitExceeded) as refused, transaction.atomic():
            send(payer, payee, "1", counts=[out(payer, "1", cap="500")])

        assert refused.value.facts["left"] == kes(0)

    def test_starts_anew_with_its_period(self, pair):
        payer, payee = pair
        send(payer, payee, "1000", counts=[out(payer, "1000")])

        send(payer, payee, "1000", counts=[out(payer, "1000", day=TOMORROW)])

        assert (used(payer), used(payer, day=TOMORROW)) == (1000, 1000)

    def test_of_the_month_holds_when_the_days_would_not(self, pair):
        payer, payee = pair

        def counts(day):
            return [
                out(payer, "1000", day=day),
                out(payer, "1000", cap="1500", kind="MONTHLY_OUT", day=MONTH),
            ]

        send(payer, payee, "1000", counts=counts(TODAY))
        with pytest.raises(LimitExceeded) as refused, transaction.atomic():
            send(payer, payee, "1000", counts=counts(TOMORROW))

        assert refused.value.facts["kind"] == "MONTHLY_OUT"
        assert refused.value.facts["left"] == kes(500)
        assert used(payer, day=TOMORROW) == 0

    def test_without_a_cap_only_counts(self, pair):
        payer, payee = pair
        send(payer, payee, "9999", counts=[out(payer, "9999", cap=None)])

        assert used(payer) == 9999

    def test_takes_nothing_for_an_entry_that_is_refused(self, pair):
        payer, payee = pair

        with pytest.raises(InsufficientFunds), transaction.atomic():
            send(payer, payee, "10001", counts=[out(payer, "10001", cap="20000")])

        assert used(payer) == 0

    def test_is_taken_once_however_often_the_entry_is_asked_for(self, pair):
        payer, payee = pair
        for cap in ("1000", "900", "1"):  # A cap that changed meanwhile changes no fact.
            posted = send(
                payer, payee, "600", reference="counted", counts=[out(payer, "600", cap=cap)]
            )

        assert posted.is_replay
        assert used(payer) == 600

    def test_is_not_counted_again_by_a_retry_after_midnight(self, pair):
        payer, payee = pair
        send(payer, payee, "600", reference="late", counts=[out(payer, "600")])

        again = send(
            payer, payee, "600", reference="late", counts=[out(payer, "600", day=TOMORROW)]
        )

        assert again.is_replay
        assert used(payer, day=TOMORROW) == 0


class TestGivingBack:
    def test_goes_to_the_period_that_it_was_taken_from(self, pair):
        payer, payee = pair
        posted = send(payer, payee, "600", counts=[out(payer, "600")])
        send(payer, payee, "100", counts=[out(payer, "100", day=TOMORROW)])

        undo(posted.entry_id)

        assert (used(payer), used(payer, day=TOMORROW)) == (0, 100)
        send(payer, payee, "1000", counts=[out(payer, "1000")])

    def test_gives_back_every_count_of_the_entry(self, pair):
        payer, payee = pair
        counts = [
            out(payer, "600"),
            out(payer, "600", kind="MONTHLY_OUT", day=MONTH, cap="5000"),
            out(payer, "1", kind="DAILY_COUNT", cap="10"),
        ]
        posted = send(payer, payee, "600", counts=counts)
        undo(posted.entry_id)

        assert used(payer) == used(payer, "MONTHLY_OUT", MONTH) == used(payer, "DAILY_COUNT") == 0

    def test_gives_nothing_back_when_the_reversal_is_refused(self, pair):
        payer, payee = pair
        posted = send(payer, payee, "600", counts=[out(payer, "600")])
        send(payee, payer, "600")

        with pytest.raises(InsufficientFunds), transaction.atomic():
            undo(posted.entry_id)

        assert used(payer) == 600
