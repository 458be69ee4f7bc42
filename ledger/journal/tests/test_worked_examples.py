"""The accountant's worked examples: the bank's events line by line, as in its chart."""

from datetime import date
from decimal import Decimal

import pytest

from ledger.chart import queries as chart
from ledger.chart.models import LedgerAccount
from ledger.factories import LedgerAccountFactory, post, put_in, take_out
from ledger.journal.lines import credit, debit
from ledger.journal.models import Posting
from ledger.money import Money, kes
from ledger.proofs import queries as proofs
from ledger.tests.sql import open_line

pytestmark = pytest.mark.django_db


def book(entry):
    """An entry as an accountant writes it: {(code, side): amount}."""
    rows = Posting.objects.filter(entry_id=entry.entry_id).select_related("account")
    return {(row.account.code, row.side): row.amount for row in rows}


class TestCash:
    @pytest.mark.proves("SV07", "LG04")
    def test_deposit_debits_the_till_and_raises_the_account_by_exactly_the_amount(self):
        account = LedgerAccountFactory(balance="1200")

        entry = put_in(account, "5000")

        assert book(entry) == {("1020", "DEBIT"): 5000, (account.code, "CREDIT"): 5000}
        assert account.money == kes("6200")

    def test_withdrawal_with_a_fee_takes_amount_fee_and_excise_at_once(self):
        account = LedgerAccountFactory(balance="1000")

        entry = post(
            debit(account, kes(800)), credit(chart.line("1020"), kes(800)),
            debit(account, kes(30)),
            credit(chart.line("4160"), kes("26.09")), credit(chart.line("2210"), kes("3.91")),
            kind="CASH_WITHDRAWAL",
        )  # fmt: skip

        assert Posting.objects.filter(entry_id=entry.entry_id).count() == 5
        assert account.money == kes(170)


class TestMobileMoney:
    @pytest.mark.proves("SV07")
    def test_coming_in_raises_the_collection_line_and_the_account(self):
        account = LedgerAccountFactory()
        collection = chart.line("1150")
        before = chart.line_balance(collection)

        entry = post(debit(collection, kes(5000)), credit(account, kes(5000)), kind="MM_IN")

        assert book(entry) == {("1150", "DEBIT"): 5000, (account.code, "CREDIT"): 5000}
        assert account.money == kes(5000)
        assert chart.line_balance(collection) == before + kes(5000)

    def test_with_an_unknown_reference_waits_in_unallocated_receipts(self):
        entry = post(debit(chart.line("1150"), kes(700)), credit(chart.line("2450"), kes(700)))
        account = LedgerAccountFactory()
        found = post(debit(chart.line("2450"), kes(700)), credit(account, kes(700)))

        assert book(entry) == {("1150", "DEBIT"): 700, ("2450", "CREDIT"): 700}
        assert book(found) == {("2450", "DEBIT"): 700, (account.code, "CREDIT"): 700}
        assert account.money == kes(700)


class TestAFee:
    def test_of_150_is_130_43_for_the_bank_and_19_57_of_excise_duty(self):
        account = LedgerAccountFactory(balance="150")
        fees, duty = chart.line("4110"), chart.line("2210")
        before = chart.line_balance(fees), chart.line_balance(duty)
        net = Money.rounded(Decimal(150) / Decimal("1.15"), "KES")

        entry = post(
            debit(account, kes(150)), credit(fees, net), credit(duty, kes(150) - net), kind="FEE"
        )

        assert book(entry) == {
            (account.code, "DEBIT"): 150,
            ("4110", "CREDIT"): Decimal("130.43"),
            ("2210", "CREDIT"): Decimal("19.57"),
        }
        assert chart.line_balance(fees) - before[0] == kes("130.43")
        assert chart.line_balance(duty) - before[1] == kes("19.57")

    def test_refund_takes_back_fee_and_duty(self):
        account = LedgerAccountFactory()

        entry = post(
            debit(chart.line("4110"), kes("130.43")), debit(chart.line("2210"), kes("19.57")),
            credit(account, kes(150)), kind="FEE_REFUND",
        )  # fmt: skip

        assert sum(book(entry).values()) == 300
        assert account.money == kes(150)


class TestPayroll:
    def test_of_forty_employees_is_one_entry_of_forty_two_lines(self):
        employer = LedgerAccountFactory(control="2070", balance="400000")
        staff = [LedgerAccountFactory() for _ in range(40)]
        wages = [kes(9000 + 10 * index) for index in range(40)]
        total = sum((wage.amount for wage in wages), Decimal(0))

        entry = post(
            debit(employer, kes(total + 100)),
            *(credit(person, wage) for person, wage in zip(staff, wages, strict=True)),
            credit(chart.line("4110"), kes(100)),
            kind="PAYROLL",
        )

        assert Posting.objects.filter(entry_id=entry.entry_id).count() == 42
        assert [person.money for person in staff] == wages
        assert employer.money == kes(400000 - total - 100)


@pytest.mark.django_db(transaction=True)
class TestForeignExchange:
    """A customer sells 100 US dollars at bid 128.50 while the middle rate is 129.00."""

    @pytest.fixture
    def dollar_lines(self, bank_database):
        for code, kind, side, is_control in [
            ("1710.USD", "ASSET", "DEBIT", False),
            ("2080.USD", "LIABILITY", "CREDIT", True),
            ("1140.USD", "ASSET", "DEBIT", False),
        ]:
            open_line(
                bank_database["owner"], code, kind=kind, side=side, currency="USD",
                is_control=is_control,
            )  # fmt: skip
        return {code: LedgerAccount.objects.get(code=code) for code in ("1710.USD", "1140.USD")}

    def test_deal_balances_in_each_currency_through_position_and_counter_value(self, dollar_lines):
        dollars = LedgerAccountFactory(control="2080.USD", currency="USD")
        shillings = LedgerAccountFactory()
        usd = Money(Decimal(100), "USD")
        post(debit(dollar_lines["1140.USD"], usd), credit(dollars, usd))

        entry = post(
            debit(dollars, usd), credit(dollar_lines["1710.USD"], usd),
            debit(chart.line("1720"), kes(12900)), credit(shillings, kes(12850)),
            credit(chart.line("4210"), kes(50)), kind="FX",
        )  # fmt: skip

        assert shillings.money == kes(12850)
        assert dollars.money == Money(Decimal(0), "USD")
        assert book(entry)["4210", "CREDIT"] == 50
        assert all(proof.holds for proof in proofs.prove())


class TestTheChart:
    @pytest.mark.proves("OP41")
    def test_stands_from_the_first_day_with_the_lines_of_a_kenyan_bank(self):
        codes = set(chart.lines().values_list("code", flat=True))

        for code in ("1010", "1020", "1110", "1150", "2010", "2210", "3010", "4110", "5010"):
            assert code in codes
        assert chart.lines().filter(currency="KES").count() >= 119
        assert chart.line("1150").effective_date == date(2025, 1, 1)

    def test_grows_each_line_on_its_normal_side(self):
        for prefix, side in {"10": "DEBIT", "201": "CREDIT", "41": "CREDIT", "51": "DEBIT"}.items():
            for line in chart.lines().filter(code__startswith=prefix):
                assert line.normal_side == side

    def test_sums_a_control_line_from_its_customers(self):
        control = chart.line("2070")
        before = chart.line_balance(control)
        LedgerAccountFactory(control="2070", balance="12.50")
        account = LedgerAccountFactory(control="2070", balance="10")
        take_out(account, "4")

        assert chart.line_balance(control) == before + kes("18.50")
