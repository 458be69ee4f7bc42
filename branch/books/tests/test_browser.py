"""The books in a real browser, on a phone and on a desk, and without scripts."""

import os

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.access.tests.apps import code_at
from accounts.factories import DepositAccountFactory, StaffMemberFactory, staff_actor
from branch.books.tests.steps import (
    agree,
    asked,
    draft,
)
from ledger.calendar.queries import business_date
from ledger.chart import operations as chart
from ledger.factories import LedgerAccountFactory, put_in
from ledger.vouchers.models import Voucher
from wekeza.kit.actor import SYSTEM
from wekeza.tests.browser import DESK, LOOKS
from wekeza.tests.look import problems_of

PICTURES = os.environ.get("PICTURES", "")  # A folder that keeps pictures of every page.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clerk(at_work, live_bank, new_page):
    """Opens pages as somebody: clerk(address, role="OPERATIONS", size=…) gives the page."""
    clients = {}

    def open_page(address, *, role="OPERATIONS", **wishes):
        client = clients.setdefault(role, at_work(role))
        page = new_page(**wishes)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_bank.url}
        page.context.add_cookies([cookie])
        page.goto(live_bank.url + address)
        return page

    open_page.member = lambda role="OPERATIONS": clients.setdefault(role, at_work(role)).member
    return open_page


class TestThePages:
    @pytest.mark.parametrize(("size", "scheme"), LOOKS)
    def test_are_accessible_and_whole(self, clerk, size, scheme, checker, maker):
        account = LedgerAccountFactory()
        entry = put_in(account, "12345.50")
        customer = DepositAccountFactory(balance="731", customer__full_name="Nekesa Barasa Wafula")
        stopped = LedgerAccountFactory(balance="250")
        chart.freeze(stopped, reason="Proof P02 broken", actor=SYSTEM)
        me = staff_actor(clerk.member())
        mine = draft(me)
        posted = asked(me)
        agree(posted, checker)
        waiting = asked(maker)
        rows = {row.approval_id: row.public_id for row in Voucher.objects.all()}
        pages = [
            "/books/",
            "/books/accounts/1020/",
            "/books/accounts/2010/",
            f"/books/accounts/{customer.number}/",
            "/books/journal/",
            f"/books/journal/{entry.entry_id}/",
            f"/books/journal/{entry.entry_id}/reverse/",
            "/books/controls/",
            "/books/vouchers/",
            "/books/vouchers/write/",
            f"/books/vouchers/{mine.public_id}/",
            f"/books/vouchers/{rows[posted.pk]}/",
            f"/books/vouchers/{rows[waiting.pk]}/",
            "/books/periods/",
            "/books/stopped/",
            f"/books/stopped/{stopped.code}/",
            f"/books/periods/{business_date():%Y-%m}/",
        ]

        for address in pages:
            page = clerk(address, size=size, scheme=scheme)

            if PICTURES:
                name = address.strip("/").replace("/", "_")
                page.screenshot(
                    path=f"{PICTURES}/{name}_{size['width']}_{scheme}.png", full_page=True
                )
            assert page.locator("h1").count() == 1
            assert problems_of(page) == [], address

    def test_write_a_voucher_and_approve_it_without_scripts(self, clerk):
        page = clerk("/books/vouchers/write/", size=DESK, javascript=False)
        page.get_by_label("What is it for?").fill("Rent of the branch")
        page.locator("[name=line-0-account]").fill("5490")
        page.locator("[name=line-0-debit]").fill("45,000")
        page.locator("[name=line-1-account]").fill("2480")
        page.locator("[name=line-1-credit]").fill("40,000")
        page.get_by_role("button", name="Add a line").click()
        assert page.locator("[name=line-4-account]").is_visible()
        assert page.locator("[name=line-0-debit]").input_value() == "45,000"
        page.get_by_role("button", name="Check the totals").click()
        assert page.get_by_text("they differ by KES 5,000.00").first.is_visible()
        page.locator("[name=line-4-account]").fill("2450")
        page.locator("[name=line-4-credit]").fill("5,000")
        page.get_by_role("button", name="Check the totals").click()
        page.get_by_label("Reason").fill("The landlord’s letter")
        page.get_by_role("button", name="Ask a second person").click()
        assert page.get_by_text("Nothing is posted yet").is_visible()

        row = Voucher.objects.get(narrative="Rent of the branch", approval__isnull=False)
        page = clerk(
            f"/workbench/approvals/{row.approval.public_id}/",
            role="FINANCE",
            size=DESK,
            javascript=False,
        )
        page.get_by_label("Code from your authenticator app").fill(code_at(timezone.now()))
        page.get_by_role("button", name="Approve").click()
        assert page.get_by_text("Approved").first.is_visible()
        row.refresh_from_db()
        assert row.state == "POSTED"
        assert row.entry.legs == 3

    def test_print_a_voucher_with_places_to_sign(self, clerk, checker):
        StaffMemberFactory(role_id="OPERATIONS")
        posted = asked(staff_actor(clerk.member()))
        agree(posted, checker)
        row = Voucher.objects.get(approval=posted)

        page = clerk(f"/books/vouchers/{row.public_id}/", size=DESK)
        assert not page.get_by_text("Paper seen").is_visible()
        page.emulate_media(media="print")

        assert page.get_by_text("Paper seen").is_visible()
        assert not page.get_by_role("navigation", name="Workbench").is_visible()
