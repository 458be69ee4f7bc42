"""What a holder reads of an account: rows, search, pages and statements."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.deposits import queries as deposit_queries
from accounts.factories import DepositAccountFactory
from accounts.statements import queries as statements
from accounts.statements.queries import Cursor, Filters
from ledger.calendar import operations as calendar_operations
from ledger.calendar import queries as calendar
from ledger.chart import queries as chart
from ledger.journal import operations as journal
from ledger.journal.lines import credit, debit
from ledger.money import kes
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 21, 5, 31, tzinfo=UTC)


class TestLatest:
    @pytest.mark.proves("LG03", "LG19")
    def test_gives_type_amount_time_status_and_reference(self):
        juma, grace = juma_and_grace()
        pay(juma, grace, "1500", reason="Rent", receipt_no="MV-0000001")

        [row, _opening] = statements.latest(holding(juma))

        assert (row.kind.code, row.direction, row.status) == ("TRANSFER", "out", "POSTED")
        assert (row.money, row.balance_after) == (kes(1500), kes(3500))
        assert (row.at, row.business_date) == (AT, calendar.business_date())
        assert (row.reference, row.reason) == ("MV-0000001", "Rent")
        assert row.account == juma.number
        assert row.who == "Grace Wanjiku Mwangi"

    def test_the_payee_reads_the_payers_name(self):
        juma, grace = juma_and_grace()
        pay(juma, grace, "1500")

        [row] = statements.latest(holding(grace))

        assert (row.who, row.direction, row.balance_after) == ("Juma Otieno", "in", kes(1500))

    def test_money_from_a_rail_is_a_deposit(self):
        account = DepositAccountFactory()
        bring_in(account, "700", memo="DEMO")

        [row] = statements.latest(holding(account))

        assert (row.kind.code, row.who, row.reason) == ("DEPOSIT", "M-PESA top-up (demo)", "")

    def test_a_reversed_payment_says_so(self):
        juma, grace = juma_and_grace()
        entry = pay(juma, grace, "1500")
        journal.reverse(
            entry, owner="bank", reference="r1", actor=SYSTEM, at=AT, memo="Wrong account"
        )

        back, gone, _opening = statements.latest(holding(juma))

        assert (back.kind.code, back.direction, back.reason) == ("REVERSAL", "in", "")
        assert gone.status == "REVERSED"

    def test_asks_once_however_many_rows(self, django_assert_num_queries):
        juma, grace = juma_and_grace()
        for _ in range(6):
            pay(juma, grace, "10")
        mine = holding(juma)

        with django_assert_num_queries(1):
            assert len(statements.latest(mine, most=50)) == 7


class TestPageOf:
    @pytest.mark.proves("PF12", "SV19")
    def test_older_pages_follow_without_gap_or_repeat(self):
        juma, grace = juma_and_grace()
        for _ in range(11):
            pay(juma, grace, "10")
        mine = holding(juma)

        seen, before, pages = [], None, 0
        while before is not None or pages == 0:
            page = statements.page_of(mine, filters=Filters(), before=before, size=5)
            seen += [row.sequence for row in page.rows]
            before, pages = page.older, pages + 1

        assert pages == 3
        assert seen == list(range(12, 0, -1))

    def test_a_new_row_does_not_move_the_older_page(self):
        juma, grace = juma_and_grace()
        for _ in range(4):
            pay(juma, grace, "10")
        first = statements.page_of(holding(juma), filters=Filters(), size=2)

        pay(juma, grace, "10")
        second = statements.page_of(holding(juma), filters=Filters(), before=first.older, size=2)

        assert [row.sequence for row in first.rows + second.rows] == [5, 4, 3, 2]

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            (Filters(words="grace"), ["100", "250"]),
            (Filters(words="WANJIKU rent"), ["250"]),
            (Filters(words="mv-000000b"), ["100"]),
            (Filters(words="top-up"), ["900"]),
            (Filters(words="nobody"), []),
            (Filters(direction="in"), ["900", "5000"]),
            (Filters(direction="out", least=kes(101)), ["250"]),
            (Filters(least=kes(250), most=kes(900)), ["900", "250"]),
            (Filters(to_date=date.min), []),
        ],
    )
    @pytest.mark.proves("SV10")
    def test_filters_by_words_direction_dates_and_amounts(self, filters, expected):
        juma, grace = juma_and_grace()
        pay(juma, grace, "250", reason="Rent, November", receipt_no="MV-000000A")
        pay(juma, grace, "100", reason="Lunch", receipt_no="MV-000000B")
        bring_in(juma, "900", memo="DEMO")

        page = statements.page_of(holding(juma), filters=filters)

        assert [row.money for row in page.rows] == [kes(amount) for amount in expected]

    def test_wildcards_are_letters_like_others(self):
        juma, grace = juma_and_grace()
        pay(juma, grace, "250", reason="100% mine")

        assert len(statements.page_of(holding(juma), filters=Filters(words="%")).rows) == 1
        assert not statements.page_of(holding(juma), filters=Filters(words="_")).rows


class TestOneOf:
    def test_finds_a_row_by_its_place_and_refuses_any_other(self):
        juma, grace = juma_and_grace()
        pay(juma, grace, "250")
        [row, _opening] = statements.latest(holding(juma))

        assert statements.one_of(holding(juma), cursor=row.cursor) == row
        with pytest.raises(statements.NoSuchTransaction):
            statements.one_of(holding(juma), cursor=Cursor(row.business_date, 99))
        with pytest.raises(statements.NoSuchTransaction):
            statements.one_of(holding(grace), cursor=row.cursor)


class TestCursor:
    def test_goes_through_an_address_and_back(self):
        cursor = Cursor(date(2026, 11, 21), 57)

        assert str(cursor) == "20261121-57"
        assert Cursor.read("20261121-57") == cursor

    @pytest.mark.parametrize(
        "text", ["", "57", "20261321-5", "20261121-", "2026112١-5", "20261121-5x"]
    )
    def test_anything_else_is_none(self, text):
        assert Cursor.read(text) is None


class TestStatementOf:
    @pytest.mark.proves("SV10", "SV11", "LG20")
    def test_opening_plus_in_minus_out_is_closing_over_business_dates(self):
        juma, grace = juma_and_grace()
        first = calendar.business_date()
        pay(juma, grace, "1000")
        second = calendar_operations.roll(from_date=first, actor=SYSTEM)
        pay(juma, grace, "250.50")
        bring_in(juma, "900")
        third = calendar_operations.roll(from_date=second, actor=SYSTEM)
        pay(juma, grace, "1")

        statement = statements.statement_of(holding(juma), from_date=second, to_date=second)

        assert (statement.opening, statement.closing) == (kes(4000), kes("4649.50"))
        assert (statement.money_in, statement.money_out) == (kes(900), kes("250.50"))
        assert (statement.count_in, statement.count_out) == (1, 1)
        assert [row.balance_after for row in statement.rows] == [kes("3749.50"), kes("4649.50")]
        whole = statements.statement_of(holding(juma), from_date=first, to_date=third)
        assert (whole.opening, whole.closing) == (kes(0), kes("4648.50"))
        assert whole.rows[-1].balance_after == whole.closing

    def test_a_span_without_rows_carries_its_balance(self):
        juma, _grace = juma_and_grace()
        day = calendar.business_date() + timedelta(days=7)

        statement = statements.statement_of(holding(juma), from_date=day, to_date=day)

        assert statement.count == 0
        assert statement.opening == statement.closing == kes(5000)

    def test_a_long_statement_comes_in_pages_with_the_totals_of_all(self):
        juma, grace = juma_and_grace()
        for _ in range(4):
            pay(juma, grace, "10")
        day = calendar.business_date()
        span = {"from_date": day, "to_date": day, "size": 3}

        first = statements.statement_of(holding(juma), **span)
        second = statements.statement_of(holding(juma), **span, after=first.more)

        assert [row.sequence for row in first.rows + second.rows] == [1, 2, 3, 4, 5]
        assert first.money_out == second.money_out == kes(40)
        assert second.more is None


def juma_and_grace():
    return (
        DepositAccountFactory(customer__full_name="Juma Otieno", balance="5000"),
        DepositAccountFactory(customer__full_name="Grace Wanjiku Mwangi"),
    )


def holding(account):
    return deposit_queries.standing_of(account)


def pay(payer, payee, amount, *, reason="", receipt_no="") -> int:
    lines = [
        debit(payer.ledger_account, kes(amount)),
        credit(payee.ledger_account, kes(amount)),
    ]
    return post("INTERNAL_TRANSFER", lines, memo=reason, receipt_no=receipt_no)


def bring_in(account, amount, *, memo="") -> int:
    lines = [debit(chart.line("1150"), kes(amount)), credit(account.ledger_account, kes(amount))]
    return post("MM_IN", lines, memo=memo)


def post(kind, lines, **facts) -> int:
    posted = journal.post(
        owner="test", reference=f"{kind}:{next(serial)}", kind=kind, lines=lines,
        actor=SYSTEM, at=AT, **facts,
    )  # fmt: skip
    return posted.entry_id


serial = iter(range(1, 10**6))


class TestIndexes:
    @pytest.mark.proves("PF05", "PF08", "PF17")
    def test_rows_and_balances_of_an_account_come_from_one_index_without_sorting(self):
        juma, grace = juma_and_grace()
        pay(juma, grace, "10")
        day = calendar.business_date()
        looks = [
            lambda: statements.page_of(holding(juma), filters=Filters()),
            lambda: statements.page_of(holding(juma), filters=Filters(), before=Cursor(day, 10**6)),
            lambda: statements.statement_of(holding(juma), from_date=day, to_date=day),
        ]

        for look in looks:
            for plan in plans_of(look):
                assert "ledger_posting_pkey" in plan
                assert "Sort" not in plan


def plans_of(look) -> list[str]:
    """How PostgreSQL reads postings in each query of a look; a small table must not mislead it."""
    with CaptureQueriesContext(connection) as captured:
        look()
    asked = [
        query["sql"] for query in captured if '"ledger_posting"."account_id" =' in query["sql"]
    ]
    plans = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        for sql in asked:
            cursor.execute(f"EXPLAIN {sql}")
            plans.append("\n".join(row[0] for row in cursor.fetchall()))
    assert plans
    return plans
