"""Vouchers: written by one person, posted once by another's yes, exactly as it was shown."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.factories import DepositAccountFactory
from branch.books.tests.steps import (
    WHY,
    after,
    agree,
    asked,
    close_month,
    draft,
    in_a_new_year,
    lines,
    live_until,
    now,
    written,
)
from ledger.approvals import operations as approvals
from ledger.approvals.operations import AboutYou, AlreadyDecided, MayNotAsk, OwnApproval
from ledger.calendar.models import BusinessDay
from ledger.chart import queries as chart
from ledger.controls.models import AuditEntry
from ledger.factories import LedgerAccountFactory, put_in, take_out, undo
from ledger.journal.lines import credit, debit
from ledger.journal.models import Entry, Posting
from ledger.money import kes
from ledger.proofs import queries as proofs
from ledger.vouchers import operations as vouchers
from ledger.vouchers.models import Voucher, VoucherLine

pytestmark = pytest.mark.django_db


def balance(code):
    return chart.line_balance(chart.line(code)).amount


def is_refused(refusal, deed, **facts):
    """Runs a deed, which is a transaction of its own, and gives the refusal it must end in."""
    with pytest.raises(refusal) as refused:
        deed(**facts)
    return refused.value


class TestPosting:
    @pytest.mark.proves("LG04", "LG06", "LG10")
    def test_books_exactly_what_was_approved_and_once(self, maker, checker):
        before = balance("5490"), balance("2480")
        request = asked(maker)

        agree(request, checker)

        row = Voucher.objects.get(approval=request)
        assert row.state == "POSTED"
        assert (balance("5490"), balance("2480")) == (before[0] + 100, before[1] + 100)
        assert row.entry.kind == "VOUCHER"
        assert row.entry.memo == "Paper of the head office"
        assert row.entry.receipt_no == row.number
        assert row.entry.actor == str(checker)
        assert row.entry.source == f"ledger.voucher:{row.pk}"
        assert AuditEntry.objects.filter(
            deed="voucher.posted", subject=f"ledger.voucher:{row.pk}"
        ).exists()
        is_refused(AlreadyDecided, lambda: agree(request, checker))
        assert Entry.objects.filter(source=row.entry.source).count() == 1
        assert [proof.name for proof in proofs.prove() if not proof.holds] == []

    def test_changes_nothing_while_it_waits(self, maker):
        entries = Entry.objects.count()

        request = asked(maker)

        assert Entry.objects.count() == entries
        assert Voucher.objects.get(approval=request).state == "PENDING"

    def test_shows_the_checker_every_line_and_the_amount(self, maker):
        request = asked(maker)

        shown = {change["field"]: change["after"] for change in request.changes}
        assert shown["Debit 5490 Other operating cost"] == "KES 100.00"
        assert shown["Credit 2480 Sundry creditors"] == "KES 100.00"
        assert shown["Narrative"] == "Paper of the head office"
        assert request.amount == 100

    def test_is_not_for_one_person(self, checker):
        request = asked(checker)

        is_refused(OwnApproval, lambda: agree(request, checker))

        assert Voucher.objects.get(approval=request).entry is None

    def test_takes_the_right_to_ask(self):
        from accounts.factories import StaffMemberFactory, staff_actor

        teller = staff_actor(StaffMemberFactory(role_id="TELLER"))
        row = draft(teller)

        is_refused(MayNotAsk, lambda: vouchers.ask(row, reason=WHY, actor=teller, at=now()))

    def test_is_refused_if_the_voucher_is_not_what_was_asked_for(self, maker, checker):
        request = asked(maker)
        row = Voucher.objects.get(approval=request)
        other = draft(maker, lines("7"))

        is_refused(
            vouchers.VoucherChanged,
            lambda: vouchers.post(
                payload=request.payload | {"voucher": other.pk},
                approval=request,
                actor=checker,
                at=now(),
            ),
        )
        is_refused(
            vouchers.VoucherChanged,
            lambda: vouchers.post(
                payload=request.payload | {"narrative": "Something else"},
                approval=request,
                actor=checker,
                at=now(),
            ),
        )

        row.refresh_from_db()
        assert row.entry is None

    def test_numbers_follow_one_another_without_a_gap(self, maker, checker):
        first, second = (Voucher.objects.get(approval=asked(maker)) for _ in range(2))
        draft(maker)  # A draft has no number.
        approvals.reject(first.approval, reason="Wrong line", actor=checker, at=now())
        third = Voucher.objects.get(approval=asked(maker))

        numbers = [int(row.number[5:]) for row in (first, second, third)]
        assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]
        first.refresh_from_db()
        assert first.state == "REJECTED"


class TestWriting:
    def test_is_refused_when_sides_differ_and_names_the_difference(self, maker):
        odd = [
            debit(chart.line("5490"), kes("100")),
            credit(chart.line("2480"), kes("99.50")),
        ]

        refusal = is_refused(vouchers.VoucherUnbalanced, lambda: draft(maker, odd))

        assert refusal.facts["difference"] == kes("0.50")
        assert not Voucher.objects.filter(maker=str(maker)).exists()

    def test_is_refused_on_a_control_line(self, maker):
        refusal = is_refused(vouchers.ControlLine, lambda: draft(maker, lines(giver="2010")))

        assert refusal.facts["code"] == "2010"

    @pytest.mark.parametrize("count", [0, 1])
    def test_takes_two_lines(self, maker, count):
        is_refused(
            vouchers.TooFewLines,
            lambda: vouchers.draft(written(), lines=lines()[:count], actor=maker, at=now()),
        )

    def test_on_a_customers_account_takes_a_reason(self, maker, checker):
        account = LedgerAccountFactory(balance="500")
        booked = [debit(account, kes("80")), credit(chart.line("4160"), kes("80"))]

        refusal = is_refused(vouchers.CustomerReasonMissing, lambda: draft(maker, booked))
        assert refusal.facts["code"] == account.code
        agree(asked(maker, booked, customer_reason="A fee that was not taken"), checker)

        assert account.money == kes("420")

    def test_on_a_customers_account_takes_what_is_there(self, maker):
        account = LedgerAccountFactory(balance="50")
        booked = [debit(account, kes("80")), credit(chart.line("4160"), kes("80"))]

        refusal = is_refused(
            vouchers.LineShort, lambda: draft(maker, booked, customer_reason="A fee")
        )

        assert refusal.facts == {"code": account.code, "required": kes("80")}
        assert str(refusal).endswith("has too little available: this takes KES 80.00 from it.")

    def test_is_the_makers_until_it_is_asked_for(self, maker, checker):
        row = draft(maker)
        anew = {"written": written(narrative="Ink"), "lines": lines("40")}

        is_refused(vouchers.NotYourVoucher, lambda: vouchers.revise(row, **anew, actor=checker))
        vouchers.revise(row, **anew, actor=maker)
        assert [line.amount for line in row.lines.all()] == [40, 40]
        vouchers.ask(row, reason=WHY, actor=maker, at=now())

        is_refused(vouchers.NotADraftVoucher, lambda: vouchers.revise(row, **anew, actor=maker))
        is_refused(vouchers.NotADraftVoucher, lambda: vouchers.throw_away(row, actor=maker))

    def test_is_not_for_whoever_it_is_about(self, maker):
        row = draft(maker)

        is_refused(
            AboutYou,
            lambda: vouchers.ask(row, reason=WHY, about=[maker.person], actor=maker, at=now()),
        )

    def test_can_be_thrown_away_as_a_draft(self, maker):
        row = draft(maker)

        vouchers.throw_away(row, actor=maker)

        assert not Voucher.objects.filter(pk=row.pk).exists()


class TestWaiting:
    def test_is_refused_when_the_money_is_gone_and_waits_on(self, maker, checker):
        account = LedgerAccountFactory(balance="100")
        booked = [debit(account, kes("80")), credit(chart.line("4160"), kes("80"))]
        request = asked(maker, booked, customer_reason="A fee")
        take_out(account, "60")

        refusal = is_refused(vouchers.LineShort, lambda: agree(request, checker))

        assert refusal.facts["code"] == account.code
        assert refusal.facts["deficit"] == kes("40")
        assert account.money == kes("40")
        request.refresh_from_db()
        assert request.state == "PENDING"

    def test_is_refused_when_its_period_was_closed(self, maker, checker):
        month = in_a_new_year(maker, checker)
        live_until(after(month) + timedelta(days=1))
        request = asked(maker, value_date=month + timedelta(days=14))
        close_month(maker, checker, month)

        refusal = is_refused(vouchers.ValueDateNotOpen, lambda: agree(request, checker))

        assert refusal.facts["open_from"] == after(month).isoformat()
        assert Voucher.objects.get(approval=request).entry is None

    def test_keeps_its_value_date_in_the_open_period(self, maker, checker):
        month = in_a_new_year(maker, checker)
        live_until(month + timedelta(days=20))
        request = asked(maker, value_date=month + timedelta(days=3))

        agree(request, checker)

        entry = Voucher.objects.get(approval=request).entry
        assert entry.value_date == month + timedelta(days=3)
        assert entry.business_date == month + timedelta(days=20)

    @pytest.mark.parametrize("days", [-400, 1])
    def test_value_dates_outside_of_the_open_period_are_refused_at_once(self, maker, days):
        day = BusinessDay.objects.get()

        refusal = is_refused(
            vouchers.ValueDateNotOpen,
            lambda: draft(maker, value_date=day.business_date + timedelta(days=days)),
        )

        assert refusal.facts["open_from"] == day.open_from


def ask_reversal(entry_id, maker, **facts):
    row = vouchers.draft_reversal(
        Entry.objects.get(pk=entry_id), narrative="Paid in twice", actor=maker, at=now(), **facts
    )
    return vouchers.ask(row, reason=WHY, actor=maker, at=now())


class TestReversing:
    @pytest.mark.proves("LG16", "LG21")
    def test_writes_the_mirror_once(self, maker, checker):
        account = LedgerAccountFactory(balance="30")
        twice = put_in(account, "100")

        agree(ask_reversal(twice.entry_id, maker), checker)

        row = Voucher.objects.get(reverses_id=twice.entry_id)
        assert account.money == kes("30")
        assert row.entry.reverses_id == twice.entry_id
        assert row.entry.receipt_no == row.number
        is_refused(vouchers.NothingToReverse, lambda: ask_reversal(twice.entry_id, maker))
        is_refused(vouchers.NothingToReverse, lambda: ask_reversal(row.entry_id, maker))

    def test_is_refused_when_it_was_reversed_while_it_waited(self, maker, checker):
        account = LedgerAccountFactory()
        entry = put_in(account, "100")
        request = ask_reversal(entry.entry_id, maker)
        undo(entry.entry_id)

        is_refused(vouchers.NothingToReverse, lambda: agree(request, checker))

    def test_of_money_that_is_gone_is_refused(self, maker, checker):
        account = LedgerAccountFactory()
        entry = put_in(account, "100")
        request = ask_reversal(entry.entry_id, maker)
        take_out(account, "70")

        refusal = is_refused(vouchers.LineShort, lambda: agree(request, checker))

        assert refusal.facts["available"] == kes("30")
        assert account.money == kes("30")
        is_refused(
            vouchers.LineShort,
            lambda: vouchers.draft_reversal(
                Entry.objects.get(pk=entry.entry_id), narrative="x", actor=maker, at=now()
            ),
        )

    def test_overdraws_where_two_persons_say_so_and_stops_the_account(self, maker, checker):
        account = LedgerAccountFactory()
        entry = put_in(account, "100")
        take_out(account, "70")

        agree(ask_reversal(entry.entry_id, maker, may_overdraw=True), checker)

        standing = account.standing
        assert account.money == -kes("70")
        assert standing.available == kes("0")
        assert not standing.takes_debits
        assert standing.takes_credits
        account.refresh_from_db()
        assert account.freeze_reason.startswith("Overdrawn by voucher JV")
        assert [proof.name for proof in proofs.prove() if not proof.holds] == []


class TestTheTables:
    """What the application role may write, it may not write anyhow."""

    def refused(self, sql, *facts):
        with (
            pytest.raises(DatabaseError) as error,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, facts)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        return error.value.__cause__.sqlstate

    def test_keep_a_voucher_that_was_asked_for(self, maker):
        row = Voucher.objects.get(approval=asked(maker))
        line = row.lines.first()

        for sql in (
            "UPDATE ledger_voucher SET narrative = 'x' WHERE id = %s",
            "UPDATE ledger_voucher SET number = 'JV99-99999' WHERE id = %s",
            "UPDATE ledger_voucher SET approval_id = NULL, number = '' WHERE id = %s",
            "DELETE FROM ledger_voucher WHERE id = %s",
            "INSERT INTO ledger_voucherline (voucher_id, place, account_id, side, amount) "
            "SELECT id, 9, 1, 'DEBIT', 5 FROM ledger_voucher WHERE id = %s",
        ):
            assert self.refused(sql, row.pk) == "WK112", sql
        for sql in (
            "UPDATE ledger_voucherline SET amount = 1000 WHERE id = %s",
            "DELETE FROM ledger_voucherline WHERE id = %s",
        ):
            assert self.refused(sql, line.pk) == "WK112", sql
        assert VoucherLine.objects.get(pk=line.pk).amount == Decimal(100)

    def test_let_no_voucher_be_posted_without_its_approval(self, maker):
        row = Voucher.objects.get(approval=asked(maker))
        entry = put_in(LedgerAccountFactory(), "5")

        sql = "UPDATE ledger_voucher SET entry_id = %s WHERE id = %s"

        assert self.refused(sql, entry.entry_id, row.pk) == "WK111"

    def test_let_no_voucher_borrow_the_request_of_another(self, maker):
        request = asked(maker)
        other = draft(maker)

        sql = "UPDATE ledger_voucher SET approval_id = %s, number = 'JV99-00001' WHERE id = %s"

        assert self.refused(sql, request.pk, other.pk) in {"WK112", "23505"}

    def test_let_no_voucher_be_born_with_a_number(self, maker):
        draft(maker)

        sql = (
            "INSERT INTO ledger_voucher (public_id, number, kind, narrative, paper_ref, "
            "customer_reason, may_overdraw, maker, maker_person, made_at, updated_at) VALUES "
            "(gen_random_uuid(), 'JV99-00002', 'COST', 'x', '', '', false, 'x', 'x', now(), now())"
        )

        assert self.refused(sql) == "WK112"


class TestCustomersWhoAreTouched:
    def test_are_named_by_their_number_alone(self, maker):
        account = DepositAccountFactory(balance="500", customer__full_name="Wairimu Njoki Kamau")
        booked = [
            debit(account.ledger_account, kes("80")),
            credit(chart.line("4160"), kes("80")),
        ]

        request = asked(maker, booked, customer_reason="A fee")

        assert "Wairimu" not in str(request.changes)
        assert f"Debit {account.number}" in [change["field"] for change in request.changes]
        assert Posting.objects.filter(account=account.ledger_account).count() == 1
