"""The pages of the books: every figure down to its voucher, nobody's account without a purpose."""

import csv
import re
import zipfile
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from django.template.loader import render_to_string

from accounts.factories import (
    BusinessFactory,
    CustomerFactory,
    DepositAccountFactory,
    StaffMemberFactory,
)
from branch.books import exports, forms
from branch.books.tests.steps import (
    live_until,
)
from ledger.balances.ledgers import PAGE
from ledger.balances.queries import TrialBalance, TrialLine
from ledger.calendar.queries import business_date
from ledger.chart import queries as chart
from ledger.controls.models import AuditEntry
from ledger.factories import LedgerAccountFactory, put_in, send, undo
from ledger.money import kes

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(at_work):
    """Somebody who reads the books and writes vouchers, at work."""
    return at_work("OPERATIONS")


def text(answer):
    return " ".join(answer.content.decode().split())


def plain(answer):
    """What an answer shows, without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


class TestTheTrialBalance:
    @pytest.mark.proves("LG04")
    def test_says_that_it_ties_and_leads_to_each_ledger(self, clerk):
        put_in(LedgerAccountFactory(), "1234.50")

        answer = clerk.get("/books/")

        assert answer.status_code == 200
        assert "Debits and credits are the same" in text(answer)
        assert "/books/accounts/1020/" in text(answer)
        assert "/books/accounts/2050/" in text(answer)
        assert "1,234" in plain(answer)

    def test_is_as_it_was_on_a_past_day(self, clerk):
        day = business_date()
        account = LedgerAccountFactory()
        put_in(account, "100")
        live_until(day + timedelta(days=2))
        put_in(account, "11")

        shown = {
            on: next(
                line
                for line in clerk.get("/books/", {"on": on.isoformat()})
                .context["balances"][0]
                .lines
                if line.code == "2050"
            ).credit
            for on in (day, day + timedelta(days=1), day + timedelta(days=2))
        }

        assert list(shown.values()) == [kes("100"), kes("100"), kes("111")]

    def test_before_the_first_day_is_empty_and_ties(self, clerk):
        put_in(LedgerAccountFactory(), "100")

        answer = clerk.get("/books/", {"on": (business_date() - timedelta(days=1)).isoformat()})

        assert answer.context["balances"][0].lines == []
        assert "No line has a balance" in text(answer)

    def test_of_a_day_to_come_is_refused(self, clerk):
        tomorrow = business_date() + timedelta(days=1)

        answer = clerk.get("/books/", {"on": tomorrow.isoformat()})

        assert answer.status_code == 422
        assert f"The business date is {business_date()}" in text(answer)

    def test_says_loudly_when_it_does_not_tie(self, rf):
        line = TrialLine("1020", "Teller cash", "ASSET", False, 1, kes("5"))
        broken = TrialBalance(on=date(2026, 11, 22), currency="KES", lines=[line])

        facts = {"balances": [broken], "on": broken.on, "form": forms.Trial(today=broken.on)}
        shown = render_to_string("branch/books/trial_balance.html", facts, rf.get("/"))

        assert "The books do not tie" in shown
        assert "Debits and credits are the same" not in shown

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_comes_as_a_file_of_the_same_lines(self, clerk, kind):
        put_in(LedgerAccountFactory(), "1234.50")

        answer = clerk.get(f"/books/export/{kind}/", {"on": business_date().isoformat()})

        assert answer["Content-Disposition"].endswith(f'{business_date()}.{kind}"')
        page = clerk.get("/books/").context["balances"][0]
        if kind == "csv":
            rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
            assert [row["Code"] for row in rows[:-1]] == [line.code for line in page.lines]
            assert rows[-1]["Debit"] == rows[-1]["Credit"] == "1234.50"
        else:
            sheet = zipfile.ZipFile(BytesIO(answer.content)).read("xl/worksheets/sheet1.xml")
            assert b"1234.5" in sheet
            assert b"<f>" not in sheet

    @pytest.mark.parametrize(
        "name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", " =1", "\u00a0@SUM(A1)"]
    )
    def test_as_a_file_runs_no_formula(self, name):
        line = TrialLine("9999", name, "ASSET", False, 0, kes("1"))
        balance = TrialBalance(on=date(2026, 11, 22), currency="KES", lines=[line])

        rows = list(csv.reader(StringIO(exports.as_csv([balance]).decode("utf-8-sig"))))
        sheets = zipfile.ZipFile(BytesIO(exports.as_xlsx([balance])))

        assert rows[1][3] == f"'{name}"
        assert b"<f>" not in sheets.read("xl/worksheets/sheet1.xml")


class TestTheLedgerOfALine:
    @pytest.mark.proves("LG20")
    def test_runs_from_opening_to_closing_over_its_sub_balances(self, clerk):
        account = LedgerAccountFactory()
        before = chart.line_balance(chart.line("1020"))
        for amount in ("100", "20", "3"):
            put_in(account, amount)

        found = clerk.get("/books/accounts/1020/").context["ledger"]

        assert found.ties
        assert found.closing == before + kes("123")
        assert [row.balance_after for row in found.rows[-3:]] == [
            before + kes("100"), before + kes("120"), before + kes("123")
        ]  # fmt: skip

    def test_goes_on_page_by_page(self, clerk):
        account = LedgerAccountFactory()
        amounts = range(1, PAGE + 8)
        for amount in amounts:
            put_in(account, amount)

        rows, address = [], "/books/accounts/1020/"
        while address:
            answer = clerk.get(address)
            rows += answer.context["ledger"].rows
            later = answer.context["later"]
            address = later and f"/books/accounts/1020/{later}"

        assert [row.amount for row in rows] == [kes(amount) for amount in amounts]
        assert rows[-1].balance_after == chart.line_balance(chart.line("1020"))

    def test_of_a_control_line_runs_over_its_customers(self, clerk):
        first, second = LedgerAccountFactory(balance="50"), LedgerAccountFactory()
        send(first, second, "20")

        found = clerk.get("/books/accounts/2050/").context["ledger"]

        assert found.ties
        assert found.closing == kes("50")
        assert found.count == 3

    def test_leads_to_the_entry_of_each_row(self, clerk):
        entry = put_in(LedgerAccountFactory(), "100")

        assert f"/books/journal/{entry.entry_id}/" in text(clerk.get("/books/accounts/1020/"))

    def test_of_nothing_is_not_there(self, clerk):
        assert clerk.get("/books/accounts/7777/").status_code == 404


class TestTheLedgerOfACustomer:
    def test_opens_for_a_purpose_that_is_kept(self, clerk):
        account = DepositAccountFactory(balance="731", customer__full_name="Naliaka Simiyu Wekesa")
        page = f"/books/accounts/{account.number}/"

        before = clerk.get(page)
        assert "731" not in plain(before)
        assert "Why do you open it?" in text(before)
        sent = clerk.post(page, {"purpose": "CONTROL"})

        assert sent.status_code == 303
        assert sent["Location"] == page
        shown = clerk.get(page)
        assert shown.context["ledger"].closing == kes("731")
        assert (
            account.customer.fileview_set.count()
            if hasattr(account.customer, "fileview_set")
            else True
        )

    def test_of_a_colleague_is_shut(self, clerk):
        account = DepositAccountFactory(balance="731")
        StaffMemberFactory(national_id=account.customer.national_id)

        answer = clerk.post(f"/books/accounts/{account.number}/", {"purpose": "CONTROL"})

        assert answer.status_code == 422
        assert "restricted" in text(answer)
        assert "731" not in plain(answer)

    def test_of_ones_own_is_shut(self, at_work):
        clerk = at_work("OPERATIONS")
        own = CustomerFactory(national_id=clerk.member.national_id)
        account = own.deposit_accounts.get()

        answer = clerk.post(f"/books/accounts/{account.number}/", {"purpose": "CONTROL"})

        assert answer.status_code == 422

    def test_of_a_colleague_is_not_named_in_the_ledger_of_the_control_line(self, clerk):
        account = DepositAccountFactory(balance="731")
        other = DepositAccountFactory(balance="5")
        StaffMemberFactory(national_id=account.customer.national_id)

        answer = clerk.get("/books/accounts/2010/")

        assert account.number not in text(answer)
        assert "A restricted account" in text(answer)
        assert other.number in text(answer)

    def test_of_a_business_of_a_colleague_is_shut(self, clerk):
        founder = CustomerFactory()
        shop = BusinessFactory(founder=founder, balance="900")
        StaffMemberFactory(national_id=founder.national_id)
        number = shop.deposit_accounts.get().number

        answer = clerk.get(f"/books/accounts/{number}/")

        assert answer.status_code == 403
        assert "900" not in plain(answer)
        assert number not in text(clerk.get("/books/accounts/2060/"))
        assert number not in text(clerk.get("/books/accounts/2010/"))

    def test_of_a_business_is_kept_as_a_look_at_it(self, clerk):
        shop = BusinessFactory(balance="900")
        number = shop.deposit_accounts.get().number

        answer = clerk.get(f"/books/accounts/{number}/")

        assert answer.context["ledger"].closing == kes("900")
        assert AuditEntry.objects.filter(
            deed="business.looked_at", subject=f"accounts.business:{shop.pk}"
        ).exists()


class TestTheJournal:
    def test_finds_entries_by_what_stands_in_the_address(self, clerk):
        account = LedgerAccountFactory()
        one = put_in(account, "41", receipt_no="BR-0000041", source="test:41")
        put_in(account, "42")

        def found(**filters):
            return {row.pk for row in clerk.get("/books/journal/", filters).context["entries"]}

        assert one.entry_id in found()
        for filters in (
            {"amount": "41"},
            {"reference": "br-0000041"},
            {"source": "test:41"},
            {"kind": "CASH_DEPOSIT", "amount": "41"},
        ):
            assert found(**filters) == {one.entry_id}, filters
        assert found(who="TASK:nobody") == set()
        assert found(amount="41", until=(business_date() - timedelta(days=1)).isoformat()) == set()

    def test_goes_back_page_by_page(self, clerk):
        account = LedgerAccountFactory()
        made = [put_in(account, amount).entry_id for amount in range(1, PAGE + 8)]

        seen, address = [], "/books/journal/"
        while address:
            answer = clerk.get(address)
            seen += [row.pk for row in answer.context["entries"]]
            older = answer.context["older"]
            address = older and f"/books/journal/{older}"

        assert seen == sorted(made, reverse=True)

    def test_tells_days_apart(self, clerk):
        day = business_date()
        account = LedgerAccountFactory()
        first = put_in(account, "1").entry_id
        live_until(day + timedelta(days=3))
        last = put_in(account, "2").entry_id

        def found(on):
            days = {"since": on.isoformat(), "until": on.isoformat()}
            return [row.pk for row in clerk.get("/books/journal/", days).context["entries"]]

        assert found(day) == [first]
        assert found(day + timedelta(days=1)) == []
        assert found(day + timedelta(days=3)) == [last]

    @pytest.mark.proves("LG10")
    def test_shows_an_entry_with_what_took_it_back(self, clerk):
        entry = put_in(LedgerAccountFactory(), "100")
        mirror = undo(entry.entry_id)

        page = text(clerk.get(f"/books/journal/{entry.entry_id}/"))
        other = text(clerk.get(f"/books/journal/{mirror.entry_id}/"))

        assert f"/books/journal/{mirror.entry_id}/" in page
        assert "It was taken back" in page
        assert "It takes another one back" in other

    def test_does_not_tell_a_customers_own_words(self, clerk):
        payer, payee = LedgerAccountFactory(balance="50"), LedgerAccountFactory()
        entry = send(payer, payee, "20", memo="for the clinic")

        page = text(clerk.get(f"/books/journal/{entry.entry_id}/"))

        assert "clinic" not in page
        assert "own words stand in their file" in page


class TestControlLines:
    def test_tie_to_the_products(self, clerk):
        DepositAccountFactory(balance="731")

        answer = clerk.get("/books/controls/")

        [line] = [one for one in answer.context["controls"] if one.code == "2010"]
        assert line.books == line.products == kes("731")
        assert line.ties

    def test_name_the_accounts_that_differ(self, clerk):
        lost = LedgerAccountFactory(balance="30")  # Of no product.

        answer = clerk.get("/books/controls/")

        assert "Books and products differ" in text(answer)
        assert [one.code for one in answer.context["faults"]] == [lost.code]

    def test_are_as_they_were_on_a_past_day(self, clerk):
        day = business_date()
        account = DepositAccountFactory(balance="731")
        live_until(day + timedelta(days=1))
        put_in(account.ledger_account, "5")

        found = clerk.get("/books/controls/", {"on": day.isoformat()}).context["controls"]

        assert [one.books for one in found if one.code == "2010"] == [kes("731")]
