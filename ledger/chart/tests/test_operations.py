"""Opening, freezing and closing ledger accounts."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from ledger.calendar import queries as calendar
from ledger.chart import operations as ledger_accounts
from ledger.chart import queries as chart
from ledger.chart.models import FIRST_GL_ID
from ledger.controls.models import AuditEntry
from ledger.factories import LedgerAccountFactory, put_in, take_out
from ledger.money import Money, kes
from ledger.refusals import AccountClosed, AccountNotEmpty, InsufficientFunds, Unbalanced
from wekeza.kit.actor import SYSTEM, Actor

pytestmark = pytest.mark.django_db
OFFICER = Actor("STAFF", "5", person="party:5")


def deeds(account):
    rows = AuditEntry.objects.filter(subject=f"ledger.ledgeraccount:{account.pk}").order_by("id")
    return list(rows.values_list("deed", flat=True))


class TestOpenAccount:
    def test_makes_an_empty_account_under_its_control_line(self):
        account = ledger_accounts.open_account(
            control="2050", code="0012000000013", name="Amina", actor=OFFICER, maximum=Decimal(500)
        )

        assert (account.control.code, account.kind, account.normal_side) == (
            "2050",
            "LIABILITY",
            "CREDIT",
        )
        assert account.pk < FIRST_GL_ID
        assert account.effective_date == calendar.business_date()
        assert account.money == account.available == kes(0)
        assert account.standing.maximum == 500
        assert account.is_open
        assert deeds(account) == ["ledger_account.opened"]

    def test_keeps_a_code_once(self):
        account = LedgerAccountFactory()

        with pytest.raises(IntegrityError), transaction.atomic():
            ledger_accounts.open_account(control="2050", code=account.code, name="x", actor=OFFICER)

    @pytest.mark.parametrize(
        "facts", [{"control": "1020"}, {"control": "0000"}, {"currency": "USD"}, {"maximum": -1}]
    )
    def test_is_a_bug_under_a_line_that_takes_no_such_account(self, facts):
        usual = {"control": "2050", "code": "x", "name": "x", "actor": OFFICER}

        with pytest.raises(Unbalanced), transaction.atomic():
            ledger_accounts.open_account(**usual | facts)

    def test_of_the_banks_own_lines_is_the_owners_alone(self):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            ledger_accounts.open_line(
                code="1999", name="x", kind="ASSET", normal_side="DEBIT", is_control=False,
                effective_date=date(2026, 11, 21),
            )  # fmt: skip


class TestFreeze:
    def test_keeps_the_reason_and_the_balance(self):
        account = LedgerAccountFactory(balance="10")

        ledger_accounts.freeze(account, reason="court order 12", actor=OFFICER)

        account.refresh_from_db()
        assert account.freeze_reason == "court order 12"
        assert account.standing.is_frozen
        assert account.money == kes(10)
        assert deeds(account)[-1] == "ledger_account.frozen"

    def test_of_one_side_leaves_the_other(self):
        account = LedgerAccountFactory()

        ledger_accounts.freeze(account, reason="x", actor=OFFICER, credits=False)

        assert (account.standing.takes_debits, account.standing.takes_credits) == (False, True)

    def test_ends_with_unfreeze(self):
        account = LedgerAccountFactory()
        ledger_accounts.freeze(account, reason="x", actor=OFFICER)

        ledger_accounts.unfreeze(account, reason="settled", actor=OFFICER)

        assert not account.standing.is_frozen
        assert deeds(account)[-1] == "ledger_account.unfrozen"


class TestSetTerms:
    def test_arranges_an_overdraft_and_a_maximum(self):
        account = LedgerAccountFactory(balance="10")

        ledger_accounts.set_terms(
            account, maximum=Decimal(5000), overdraft=Decimal(100), actor=OFFICER
        )

        assert account.available == kes(110)
        assert account.standing.maximum == 5000
        assert deeds(account)[-1] == "ledger_account.terms_set"

    def test_never_takes_away_what_is_used_of_an_overdraft(self):
        account = LedgerAccountFactory(balance="10")
        ledger_accounts.set_terms(account, maximum=None, overdraft=Decimal(100), actor=OFFICER)
        take_out(account, "60")

        with pytest.raises(InsufficientFunds) as refused, transaction.atomic():
            ledger_accounts.set_terms(account, maximum=None, overdraft=Decimal(49), actor=OFFICER)
        ledger_accounts.set_terms(account, maximum=None, overdraft=Decimal(50), actor=OFFICER)

        assert refused.value.facts["required"] == kes(50)
        assert account.available == kes(0)


class TestClose:
    def test_happens_on_the_business_date_and_once(self):
        account = LedgerAccountFactory()

        ledger_accounts.close(account, actor=OFFICER)

        account.refresh_from_db()
        assert account.closed_date == calendar.business_date()
        assert not account.is_open
        with pytest.raises(AccountClosed), transaction.atomic():
            ledger_accounts.close(account, actor=OFFICER)
        assert deeds(account).count("ledger_account.closed") == 1

    @pytest.mark.parametrize("balance", ["10", "-10"])
    def test_waits_until_nothing_is_held_or_owed(self, balance):
        account = LedgerAccountFactory(balance="10")
        if balance == "-10":
            ledger_accounts.set_terms(account, maximum=None, overdraft=Decimal(100), actor=OFFICER)
            take_out(account, "20")

        with pytest.raises(AccountNotEmpty) as refused, transaction.atomic():
            ledger_accounts.close(account, actor=OFFICER)

        assert refused.value.facts["balance"] == kes(balance)
        assert refused.value.status == 409

    def test_ends_every_other_change(self):
        account = LedgerAccountFactory()
        ledger_accounts.close(account, actor=OFFICER)

        for change in (
            lambda: ledger_accounts.freeze(account, reason="x", actor=OFFICER),
            lambda: ledger_accounts.unfreeze(account, reason="x", actor=OFFICER),
            lambda: ledger_accounts.set_terms(
                account, maximum=None, overdraft=Decimal(5), actor=OFFICER
            ),
        ):
            with pytest.raises(AccountClosed), transaction.atomic():
                change()

    def test_is_refused_on_the_banks_own_lines(self):
        with pytest.raises(AccountClosed), transaction.atomic():
            ledger_accounts.close(chart.line("1020"), actor=SYSTEM)


class TestLooking:
    def test_shows_the_balance_as_it_stands_after_each_posting(self):
        account = LedgerAccountFactory()
        for amount, balance in (("5000", 5000), ("0.05", "5000.05")):
            put_in(account, amount)
            assert chart.standing(account.pk).available == kes(balance)

    def test_gives_a_line_by_its_code_and_no_customers_account(self):
        account = LedgerAccountFactory()

        assert chart.line("1150").name == "M-Pesa paybill collection"
        with pytest.raises(type(account).DoesNotExist):
            chart.line(account.code)

    def test_says_nothing_used_of_a_limit_that_nobody_touched(self):
        day = date(2026, 11, 21)

        assert chart.used(owner_ref="test:nobody", kind="DAILY_OUT", period_start=day) == 0
        assert chart.line_balance(chart.line("9010")) == Money.zero()
