"""The pages on which staff ask: vouchers, reversals and periods; and hostile input to all pages."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.factories import (
    CustomerFactory,
    staff_actor,
)
from branch.books.tests.steps import (
    agree,
    asked,
    close_months_until_december,
    draft,
    earn,
    in_a_new_year,
    live_until,
)
from branch.books.tests.steps import lines as two_lines
from ledger.approvals.models import Approval
from ledger.calendar.queries import business_date
from ledger.factories import LedgerAccountFactory, put_in
from ledger.journal.models import Entry
from ledger.money import kes
from ledger.vouchers.models import Voucher
from wekeza.tests.test_every_address import HOSTILE

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


class TestWritingAVoucher:
    def form(self, *rows, deed="check", **facts):
        said = {
            "kind": "COST", "narrative": "Paper", "value_date": "", "paper_ref": "INV-17",
            "customer_reason": "", "deed": deed, "line-TOTAL_FORMS": len(rows),
            "line-INITIAL_FORMS": 0,
        } | facts  # fmt: skip
        for number, (account, debit, credit) in enumerate(rows):
            said |= {
                f"line-{number}-account": account,
                f"line-{number}-debit": debit,
                f"line-{number}-credit": credit,
            }
        return said

    def test_goes_from_lines_to_totals_to_a_second_person(self, clerk, checker):
        sent = clerk.post(
            "/books/vouchers/write/",
            self.form(("5490", "100", ""), ("2480", "", "100"), ("", "", "")),
        )
        assert sent.status_code == 303
        checked = clerk.get(sent["Location"])
        assert "Check this voucher" in text(checked)
        assert checked.context["totals"][0].debits == kes("100")

        clerk.post(sent["Location"], {"deed": "ask", "reason": "The bill is here"})

        row = Voucher.objects.get(paper_ref="INV-17")
        assert row.state == "PENDING"
        assert "Waiting for approval" in text(clerk.get(sent["Location"]))
        agree(row.approval, checker)
        assert f"/books/journal/{Voucher.objects.get(pk=row.pk).entry_id}/" in text(
            clerk.get(sent["Location"])
        )

    def test_adds_a_line_and_keeps_what_was_typed(self, clerk):
        answer = clerk.post("/books/vouchers/write/", self.form(("5490", "1x0", ""), deed="add"))

        assert answer.status_code == 200
        assert 'value="1x0"' in text(answer)
        assert 'name="line-1-account"' in text(answer)
        assert not Voucher.objects.exists()

    @pytest.mark.parametrize(
        ("rows", "said"),
        [
            ([("5490", "100", ""), ("2480", "", "90")], "they differ by KES 10.00"),
            ([("2010", "100", ""), ("2480", "", "100")], "is a control line"),
            ([("7777", "100", ""), ("2480", "", "100")], "There is no account 7777"),
            ([("5490", "100", "100"), ("2480", "", "100")], "Enter one amount"),
            ([("5490", "1e2", ""), ("2480", "", "100")], "Enter the amount"),
            ([("", "100", ""), ("2480", "", "100")], "Enter the code of a line"),
            ([("5490", "100", "")], "two lines or more"),
        ],
    )
    def test_refuses_and_says_why(self, clerk, rows, said):
        answer = clerk.post("/books/vouchers/write/", self.form(*rows))

        assert answer.status_code == 422
        assert said in text(answer)
        assert not Voucher.objects.exists()

    def test_changes_a_draft(self, clerk):
        row = draft(staff_actor(clerk.member))
        page = f"/books/vouchers/{row.public_id}/write/"

        assert 'value="5490"' in text(clerk.get(page))
        clerk.post(page, self.form(("5490", "40", ""), ("2480", "", "40")))

        assert [line.amount for line in row.lines.all()] == [40, 40]

    def test_does_not_show_the_draft_of_a_colleague(self, clerk, maker):
        row = draft(maker)

        assert clerk.get(f"/books/vouchers/{row.public_id}/").status_code == 404
        assert str(row.public_id) not in text(clerk.get("/books/vouchers/"))

    def test_is_not_for_auditors(self, at_work):
        auditor = at_work("AUDITOR")

        assert auditor.get("/books/vouchers/").status_code == 200
        assert auditor.get("/books/vouchers/write/").status_code == 403

    def test_on_ones_own_account_is_refused(self, at_work):
        clerk = at_work("OPERATIONS")
        own = CustomerFactory(national_id=clerk.member.national_id)
        account = own.deposit_accounts.select_related("ledger_account").get()
        booked = [two_lines()[0], two_lines()[1]._replace(account_id=account.ledger_account_id)]
        row = draft(staff_actor(clerk.member), booked, customer_reason="A gift")

        answer = clerk.post(f"/books/vouchers/{row.public_id}/", {"deed": "ask", "reason": "x"})

        assert answer.status_code == 422
        assert "This is about you" in text(answer)

    def test_leads_from_the_approval_to_the_voucher(self, at_work, maker):
        request = asked(maker)
        finance = at_work("FINANCE")

        page = text(finance.get(reverse("branch:workbench:approval", args=[request.public_id])))

        assert f"/books/vouchers/{Voucher.objects.get(approval=request).public_id}/" in page
        assert "Voucher JV" in page

    def test_takes_an_entry_back(self, clerk):
        entry = put_in(LedgerAccountFactory(), "100")

        sent = clerk.post(
            f"/books/journal/{entry.entry_id}/reverse/", {"narrative": "Paid in twice"}
        )

        assert sent.status_code == 303
        row = Voucher.objects.get(reverses_id=entry.entry_id)
        assert sent["Location"] == f"/books/vouchers/{row.public_id}/"
        assert Entry.objects.filter(reverses_id=entry.entry_id).count() == 0


class TestHostileInput:
    NAMES = ("on", "currency", "lines", "since", "until", "after", "before", "kind", "reference")
    NAMES += ("who", "amount", "source", "place", "q", "state")

    @pytest.mark.parametrize("value", [*HOSTILE, "9" * 18, "1-1", "9999-12-31", "0001-01-01"])
    def test_meets_no_fault(self, clerk, value):
        number = put_in(LedgerAccountFactory(), "5").entry_id
        row = draft(staff_actor(clerk.member))
        for page in ("", "accounts/1020/", "accounts/2050/", "journal/", "controls/", "vouchers/"):
            for names in (self.NAMES, ["since"], ["until"], ["after"]):
                answer = clerk.get(f"/books/{page}", dict.fromkeys(names, value))
                assert answer.status_code in (200, 422), (page, names)
        said = dict.fromkeys(
            ("kind", "narrative", "value_date", "paper_ref", "deed", "reason", "customer_reason"),
            value,
        )
        said |= {"line-TOTAL_FORMS": value, "line-INITIAL_FORMS": value, "line-0-account": value}
        for page in (
            "vouchers/write/",
            f"vouchers/{row.public_id}/write/",
            f"vouchers/{row.public_id}/",
            f"journal/{number}/reverse/",
            f"periods/{business_date():%Y-%m}/",
            "accounts/1020/",
        ):
            assert clerk.post(f"/books/{page}", said).status_code in (200, 302, 303, 422), page


class TestPeriods:
    def test_are_shown_and_asked_for(self, clerk):
        day = business_date()
        first = day.replace(day=1)
        put_in(LedgerAccountFactory(), "5")
        page = f"/books/periods/{first:%Y-%m}/"

        assert f"/books/periods/{first:%Y-%m}/" in text(clerk.get("/books/periods/"))
        refused = clerk.post(page, {"deed": "close", "reason": "The month is over"})
        assert refused.status_code == 422
        assert "It can be closed from the day after it ends" in text(refused)
        assert not Approval.objects.filter(deed="periods.close").exists()

    def test_are_asked_for_when_they_are_over(self, clerk, maker, checker):
        month = in_a_new_year(maker, checker)
        live_until(month + timedelta(days=40))

        sent = clerk.post(
            f"/books/periods/{month:%Y-%m}/", {"deed": "close", "reason": "January is over"}
        )

        asked_for = Approval.objects.get(deed="periods.close", state="PENDING")
        assert sent["Location"] == f"/workbench/approvals/{asked_for.public_id}/"
        assert "The accounting periods" in text(clerk.get(sent["Location"]))
        assert "Waiting for approval" in text(clerk.get("/books/periods/"))

    def test_show_the_year_end_that_can_be_asked_for(self, clerk, maker, checker):
        earn("1000")
        year = close_months_until_december(maker, checker)

        page = clerk.get(f"/books/periods/{year}-12/")

        assert page.context["result"].result == kes("1000")
        assert "Ask for the year end" in text(page)
        assert f"/books/periods/{year}-12/" in text(clerk.get("/books/periods/"))

    def test_of_other_books_are_not_there(self, clerk):
        for month in ("2019-01", "x", "2026-13", "9999-99"):
            assert clerk.get(f"/books/periods/{month}/").status_code == 404

    def test_are_not_asked_for_by_auditors(self, at_work):
        first = business_date().replace(day=1)

        answer = at_work("AUDITOR").post(
            f"/books/periods/{first:%Y-%m}/", {"deed": "close", "reason": "x"}
        )

        assert answer.status_code == 403
