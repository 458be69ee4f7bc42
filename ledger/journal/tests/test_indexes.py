"""The questions that pages ask of the books are answered from an index, in its order."""

import pytest
from django.db import connection

from ledger.factories import LedgerAccountFactory, put_in
from ledger.journal.models import Entry, Posting

pytestmark = pytest.mark.django_db


def plan(rows):
    """
    The plan of a query over a table that is large: nothing is read as a whole, nothing sorted, if
    there is a way. On a small table PostgreSQL would rightly read it all.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    return rows.explain()


@pytest.fixture
def account():
    account = LedgerAccountFactory()
    for amount in range(1, 30):
        put_in(account, amount)
    return account


class TestTheRowsOfAnAccount:
    @pytest.mark.proves("PF05", "PF08", "PF17")
    def test_come_newest_first_from_the_primary_key(self, account):
        rows = Posting.objects.filter(account=account, shard=0).order_by(
            "-business_date", "-sequence"
        )[:25]

        assert "Index Scan Backward using ledger_posting_pkey" in plan(rows)
        assert "Sort" not in plan(rows)
        assert [row.amount for row in rows[:3]] == [29, 28, 27]

    @pytest.mark.proves("PF17")
    def test_of_a_month_and_the_balance_on_a_day_too(self, account):
        day = Posting.objects.filter(account=account).latest("sequence").business_date
        rows = Posting.objects.filter(account=account, shard=0)
        month = rows.filter(business_date__range=(day.replace(day=1), day))
        on_the_day = rows.filter(business_date__lte=day).order_by("-business_date", "-sequence")

        for asked in (month.order_by("business_date", "sequence"), on_the_day[:1]):
            assert "using ledger_posting_pkey" in plan(asked)
            assert "Sort" not in plan(asked)
        assert on_the_day.first().balance_after == account.money.amount

    def test_of_an_entry_come_from_an_index(self, account):
        rows = Posting.objects.filter(entry_id=1)

        assert "Index" in plan(rows)
        assert "Seq Scan" not in plan(rows)


class TestAnEntryIsFound:
    @pytest.mark.proves("PF04", "PF05")
    @pytest.mark.parametrize(
        ("facts", "index"),
        [
            ({"owner": "test", "reference": "x"}, "reference_is_used_once"),
            ({"reverses_id": 1}, "reversed_once"),
            ({"pk": 1}, "ledger_entry_pkey"),
        ],
    )
    def test_by_its_reference_its_mirror_and_its_number(self, facts, index):
        asked = plan(Entry.objects.filter(**facts))

        assert index in asked
        assert "Seq Scan" not in asked
