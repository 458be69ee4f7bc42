"""The pages of looking at money, without any script."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.deposits import operations as deposits
from accounts.factories import CustomerFactory, DepositAccountFactory
from ledger.calendar import operations as calendar_operations
from ledger.calendar import queries as calendar
from ledger.journal import operations as journal
from ledger.journal.lines import credit, debit
from ledger.money import kes
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 21, 5, 31, tzinfo=UTC)
LIST, STATEMENT = "/view/transactions/", "/view/statement/"


class TestTransactions:
    @pytest.mark.proves("SV19", "SV10")
    def test_every_row_says_who_when_how_much_and_the_balance_after(self):
        juma, grace = juma_and_grace()
        pay(juma, grace, "1500", reason="Rent", receipt_no="MV-0000001")

        shown = text(signed_in(juma).get(LIST))

        for words in ("Grace Wanjiku Mwangi", "08:31", "Rent", "MV-0000001", "3,500.00"):
            assert words in shown
        assert "Money out −1,500.00" in shown
        assert "Money in +5,000.00" in shown

    @pytest.mark.proves("PF12")
    def test_shows_25_rows_and_a_link_to_the_older_ones_that_keeps_the_filters(self):
        juma, grace = juma_and_grace()
        for _ in range(27):
            pay(juma, grace, "10")
        page = signed_in(juma)

        first = page.get(LIST, {"direction": "out"})
        older = re.search(r'href="([^"]*before=[^"]*)"', first.content.decode())[1]
        second = page.get(older.replace("&amp;", "&"))

        assert rows_in(first) == 25
        assert rows_in(second) == 2
        assert "direction=out" in older
        assert "Older transactions" not in text(second)

    def test_filters_stand_in_the_address_and_in_the_boxes(self):
        juma, grace = juma_and_grace()
        pay(juma, grace, "250", reason="Rent")
        pay(juma, grace, "90", reason="Lunch")

        found = signed_in(juma).get(LIST, {"q": "rent", "least": "100", "direction": "out"})

        assert rows_in(found) == 1
        assert 'value="rent"' in found.content.decode()
        assert "Clear filters" in text(found)

    def test_nothing_found_says_so_with_a_way_back(self):
        juma, _grace = juma_and_grace()

        found = text(signed_in(juma).get(LIST, {"q": "kplc<b>"}))

        assert "No rows for “kplc&lt;b&gt;”" in found
        assert "Clear filters" in found

    def test_a_new_account_is_told_how_to_begin(self):
        account = DepositAccountFactory()

        shown = text(signed_in(account).get(LIST))

        assert "No transactions yet" in shown
        assert "Top up" in shown

    @pytest.mark.parametrize(
        "odd",
        [
            {"before": "x"},
            {"before": "99999999-1"},
            {"before": "20261121-" + "9" * 30},
            {"least": "NaN"},
            {"least": "1e5"},
            {"since": "yesterday"},
            {"since": "2026-12-31", "until": "2026-01-01"},
            {"direction": "sideways"},
            {"account": "4222222222222"},
            {"q": "%' OR 1=1 --"},
            {"q": "\x00"},
        ],
    )
    def test_odd_addresses_break_nothing(self, odd):
        juma, _grace = juma_and_grace()

        assert signed_in(juma).get(LIST, odd).status_code == 200

    @pytest.mark.proves("PF04", "PF17")
    def test_takes_the_same_few_queries_for_one_row_and_for_many(
        self, django_assert_max_num_queries
    ):
        juma, grace = juma_and_grace()
        for _ in range(30):
            pay(juma, grace, "10")
        page = signed_in(juma)
        page.get(LIST)

        # Session, login with its customer, the row of the device, accounts with balances, rows.
        with django_assert_max_num_queries(6):
            assert rows_in(page.get(LIST)) == 25

    def test_hidden_balances_are_not_in_the_page_at_all(self):
        juma, grace = juma_and_grace()
        pay(juma, grace, "1234.56")
        juma.customer.user.hides_balances = True
        juma.customer.user.save()
        page = signed_in(juma)

        for address in (LIST, STATEMENT, "/", "/save/"):
            shown = page.get(address).content.decode()
            assert "••••••" in shown
            for figure in ("1,234", "3,765", "5,000.00"):
                assert figure not in shown


class TestTransaction:
    def test_shows_everything_the_books_know_of_it(self):
        juma, grace = juma_and_grace()
        pay(juma, grace, "1500", reason="Rent", receipt_no="MV-0000001")
        page = signed_in(juma)
        link = re.search(r'class="wk-tx__row" href="([^"]+)"', page.get(LIST).content.decode())[1]

        shown = text(page.get(link))

        for words in ("Grace Wanjiku Mwangi", "Transfer", "Rent", "MV-0000001", "KES 3,500.00"):
            assert words in shown
        assert "Open the receipt" in shown

    def test_nobody_else_sees_it(self):
        juma, grace = juma_and_grace()
        pay(juma, grace, "1500")
        link = re.search(
            r'class="wk-tx__row" href="([^"]+)"', signed_in(juma).get(LIST).content.decode()
        )[1]

        assert signed_in(grace).get(link).status_code == 404
        assert signed_in(juma).get(f"{LIST}{juma.number}/20261121-99/").status_code == 404
        assert signed_in(juma).get(f"{LIST}{juma.number}/x/").status_code == 404


class TestStatement:
    @pytest.mark.proves("SV10", "SV11")
    def test_this_month_adds_up_by_business_date(self):
        juma, grace = juma_and_grace()
        day = calendar.business_date()
        pay(juma, grace, "1500", reason="Rent")

        shown = text(signed_in(juma).get(STATEMENT))

        assert "Juma Otieno" in shown
        assert "Opening balance KES 0.00" in shown
        assert "Closing balance KES 3,500.00" in shown
        assert f"{day.day} " in shown
        assert "Grace Wanjiku Mwangi · Rent" in shown

    def test_dates_of_ones_own(self):
        juma, grace = juma_and_grace()
        first = calendar.business_date()
        second = calendar_operations.roll(from_date=first, actor=SYSTEM)
        pay(juma, grace, "1500")
        asked = {"period": "dates", "since": second.isoformat(), "until": second.isoformat()}

        shown = text(signed_in(juma).get(STATEMENT, asked))

        assert "Opening balance KES 5,000.00" in shown
        assert "Closing balance KES 3,500.00" in shown

    def test_days_without_rows_carry_the_balance(self):
        juma, _grace = juma_and_grace()
        day = calendar.business_date() + timedelta(days=40)
        asked = {"period": "dates", "since": day.isoformat(), "until": day.isoformat()}

        shown = text(signed_in(juma).get(STATEMENT, asked))

        assert "No transactions from" in shown
        assert "Opening and closing balance KES 5,000.00" in shown

    def test_days_in_the_wrong_order_are_refused(self):
        juma, _grace = juma_and_grace()
        asked = {"period": "dates", "since": "2026-11-21", "until": "2026-11-20"}

        refused = signed_in(juma).get(STATEMENT, asked)

        assert refused.status_code == 422
        assert "Choose a day on or after the first one" in text(refused)

    @pytest.mark.parametrize("period", ["last-month", "last-7-days", "last-90-days", "this-year"])
    def test_has_the_usual_periods(self, period):
        juma, _grace = juma_and_grace()

        assert "Closing balance" in text(signed_in(juma).get(STATEMENT, {"period": period}))


class TestAccounts:
    @pytest.mark.proves("SV17")
    def test_list_number_balance_and_status(self):
        juma, _grace = juma_and_grace()
        page = signed_in(juma)

        shown = text(page.get("/save/"))
        deposits.freeze(juma, reason="Court order 5", actor=SYSTEM)
        frozen = text(page.get("/save/"))

        assert (
            f"{juma.number[:3]} {juma.number[3:5]} {juma.number[5:12]} {juma.number[12]}" in shown
        )
        assert "Available balance KES 5,000.00" in shown
        assert "Active" in shown
        assert "Frozen" in frozen
        assert "Court" not in frozen

    def test_doors_are_shut_to_whoever_is_not_signed_in(self):
        for address in (LIST, STATEMENT, "/view/", "/save/", "/move/"):
            assert Client().get(address).status_code == 302


def juma_and_grace():
    return (
        DepositAccountFactory(customer__full_name="Juma Otieno", balance="5000"),
        DepositAccountFactory(
            customer=CustomerFactory(full_name="Grace Wanjiku Mwangi"),
        ),
    )


def pay(payer, payee, amount, *, reason="", receipt_no=""):
    journal.post(
        owner="test",
        reference=f"t{next(serial)}",
        kind="INTERNAL_TRANSFER",
        lines=[
            debit(payer.ledger_account, kes(amount)),
            credit(payee.ledger_account, kes(amount)),
        ],
        actor=SYSTEM,
        at=AT,
        memo=reason,
        receipt_no=receipt_no,
    )


serial = iter(range(1, 10**6))


def signed_in(account) -> Client:
    page = Client()
    page.force_login(account.customer.user)
    return page


def rows_in(answer) -> int:
    return answer.content.decode().count('class="wk-tx__row"')


def text(answer) -> str:
    page = re.sub(r"</(p|div|li|dt|dd|h1|h2|td|th|abbr)>", r" \g<0>", answer.content.decode())
    return " ".join(re.sub(r"<[^>]+>", "", page).replace("\xa0", " ").split())
