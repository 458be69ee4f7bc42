"""A customer's file opens fast: money first, the panels when they are looked at."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.deposits import queries as deposit_queries
from accounts.factories import CustomerFactory, DepositAccountFactory, StaffMemberFactory
from accounts.privacy.models import FileView
from branch.workbench import queries
from branch.workbench.forms import PURPOSES
from branch.workbench.panels import PANELS
from payments.factories import TransferFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
# Before the panels were asked for one by one the first screen took 45 queries.
MOST_QUERIES = 20
MOST_BYTES = 40 * 1024  # ux.md 5, check 5.


def page_of(customer, panel=None):
    if panel is None:
        return reverse("branch:workbench:customer", args=[customer.public_id])
    return reverse("branch:workbench:panel", args=[customer.public_id, panel])


def text_of(response):
    return " ".join(response.content.decode().replace("\xa0", " ").split())


@pytest.fixture
def account():
    account = DepositAccountFactory(balance="5000")
    for _ in range(3):
        TransferFactory(source=account, amount="120")
    return account


class TestTheFirstScreen:
    @pytest.mark.proves("BR04")
    def test_takes_few_queries_and_little_text(
        self, at_work, account, django_assert_max_num_queries
    ):
        client = at_work("BRANCH_MANAGER")
        client.post(page_of(account.customer), {"purpose": "CALL"})

        with django_assert_max_num_queries(MOST_QUERIES):
            answer = client.get(page_of(account.customer))

        page = text_of(answer)
        assert len(answer.content) < MOST_BYTES
        assert "Why is the balance what it is?" in page and "Last 10 transactions" in page
        for panel in PANELS:
            assert f'hx-get="{page_of(account.customer, panel.name)}"' in page
            assert f'href="{page_of(account.customer, panel.name)}">{panel.label}</a>' in page


class TestAPanel:
    WORDS = {
        "papers": "None yet", "checks": "Identity checks", "contacts": "Main phone",
        "consents": "Not agreed", "devices": "Signed in", "businesses": "Acts for no business",
        "trail": "Customer: file opened",
    }  # fmt: skip

    @pytest.mark.parametrize("name", sorted(WORDS))
    def test_comes_into_the_file_or_as_a_page(
        self, at_work, account, name, django_assert_max_num_queries
    ):
        client, page = at_work("BRANCH_MANAGER"), page_of(account.customer, name)
        client.post(page_of(account.customer), {"purpose": "CALL"})

        with django_assert_max_num_queries(32):
            part = text_of(client.get(page, headers=HTMX))
        whole = text_of(client.get(page))

        assert part.startswith("<section") and f'id="panel-{name}"' in part
        assert "<html" in whole and "Back to the file" in whole
        assert self.WORDS[name] in part and self.WORDS[name] in whole

    def test_of_a_file_that_is_not_open_leads_to_why(self, at_work, account):
        client, page = at_work("SUPPORT"), page_of(account.customer, "trail")

        assert client.get(page)["Location"] == page_of(account.customer)
        assert client.get(page, headers=HTMX)["HX-Redirect"] == page_of(account.customer)

    def test_of_a_restricted_file_stays_shut(self, at_work):
        customer = CustomerFactory(national_id="35791131")
        StaffMemberFactory(national_id="35791131")
        client = at_work("SUPPORT")
        client.post(page_of(customer), {"purpose": "CALL"})

        assert client.get(page_of(customer, "contacts")).status_code == 303

    def test_that_there_is_none_of_is_not_there(self, at_work, account):
        client = at_work("SUPPORT")
        client.post(page_of(account.customer), {"purpose": "CALL"})

        assert client.get(page_of(account.customer, "secrets")).status_code == 404


class TestCustomerSince:
    def test_is_the_day_of_the_first_account(self, at_work):
        account = DepositAccountFactory()
        DepositAccountFactory(customer=account.customer)
        type(account).objects.filter(id=account.id).update(opened_date=date(2025, 11, 22))
        client = at_work("SUPPORT")
        client.post(page_of(account.customer), {"purpose": "CALL"})

        page = text_of(client.get(page_of(account.customer)))

        assert "<dt>Customer since</dt><dd>22 Nov 2025</dd>" in page


class TestWhyTheBalanceIsLow:
    @pytest.mark.proves("BR04")
    def test_names_the_largest_sum_that_went_out(self, at_work):
        account, payee = DepositAccountFactory(balance="50000"), DepositAccountFactory()
        TransferFactory(source=account, amount="120")
        TransferFactory(source=account, target=payee, amount="1500")
        client = at_work("SUPPORT")
        client.post(page_of(account.customer), {"purpose": "CALL"})

        page = text_of(client.get(page_of(account.customer)))

        assert "The largest sum that went out in the last 7 days: KES 1,500.00" in page
        assert "One other payment went out in these 7 days." in page

    def test_looks_at_the_whole_week_and_not_only_at_the_rows_shown(self):
        """A large sum, then 11 small ones; another, larger one went out ten days ago."""
        at = timezone.now()
        account, payee = DepositAccountFactory(balance="50000"), DepositAccountFactory()
        TransferFactory(source=account, amount="2500", at=at - timedelta(days=10))
        TransferFactory(source=account, target=payee, amount="1500", at=at - timedelta(days=6))
        for _ in range(11):
            TransferFactory(source=account, amount="20")

        told = queries.story(deposit_queries.held_by(account.customer.actor), at=timezone.now())

        assert told.replace("\xa0", " ").startswith(
            f"The largest sum that went out in the last 7 days: KES 1,500.00 (transfer) "
            f"to {payee.customer.full_name}, "
        )
        assert told.endswith(" 11 other payments went out in these 7 days.")

    def test_says_that_nothing_went_out(self):
        assert queries.story([], at=timezone.now()) == "Nothing has gone out in the last 7 days."


class TestTheTrail:
    def test_names_who_did_what_in_words(self, at_work, account):
        client = at_work("BRANCH_MANAGER")
        client.post(page_of(account.customer), {"purpose": "CALL"})

        trail = text_of(client.get(page_of(account.customer, "trail"), headers=HTMX))

        assert f"{client.member.full_name} ({client.member.staff_no})" in trail
        assert "STAFF:" not in trail and "CUSTOMER:" not in trail and "file_opened" not in trail


class TestWhyAFileIsOpened:
    def test_is_one_of_the_reasons_that_customers_read(self):
        """Loans are decided at no desk yet; whoever opens a file for another task says that one."""
        assert {code for code, _ in PURPOSES} == set(FileView.Purpose.values) - {"LENDING"}
        said = dict(PURPOSES)
        for code in ("PAYMENT", "CONTROL"):
            assert said[code] == FileView.Purpose(code).label
        assert said["REVIEW"] == "To check the customer’s documents"
        assert FileView.Purpose.REVIEW.label == "To check your documents"
