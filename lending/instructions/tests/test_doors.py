"""The page on which a loan is set up to be paid by itself."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from ledger.calendar import queries as calendar
from ledger.factories import put_in
from lending.arrears.tests.steps import lend
from lending.collections.tests.test_doors import said
from lending.factories import BorrowerFactory, account_of
from lending.instructions import queries
from lending.instructions.tests.test_operations import night

pytestmark = pytest.mark.django_db


def page_of(loan):
    return reverse("lending:instructions:instruction", args=[loan.public_id])


def at_home(loan) -> Client:
    client = Client()
    client.force_login(loan.customer.user)
    return client


def form(loan, **more):
    when = f"MONTH-{(calendar.business_date() + timedelta(days=2)).day}"
    return {"what": "FIXED", "amount": "1,000", "when": when, "account": loan.account.number} | more


def test_is_set_up_seen_changed_and_ended():
    loan = lend()
    client, page = at_home(loan), page_of(loan)
    assert page in client.get(page.replace("instruction/", "")).content.decode()

    assert "Set it up" in said(client.get(page))
    first = said(client.post(page, form(loan), follow=True))
    assert "Your loan is paid by itself" in first and "KES 1,000.00" in first
    row = queries.active_of(loan)
    put_in(loan.account.ledger_account, "1500")
    next_day = queries.next_day(row, after=calendar.business_date())
    night(row, next_day)
    night(row, queries.next_day(row, after=next_day))
    shown = client.get(page)
    assert re.search("Too little money .* Paid", said(shown))
    assert loan.repayments.get().receipt_no in shown.content.decode()
    changed = said(client.post(page, form(loan, what="DUE", when="WEEK-5"), follow=True))
    assert "What is due" in changed and "Each Friday" in changed
    assert "Ended. Nothing is paid by itself any more." in said(
        client.post(page, {"end": "1"}, follow=True)
    )
    assert queries.active_of(loan) is None


def test_says_what_is_missing_and_takes_no_account_of_another():
    loan = lend()
    other = account_of(BorrowerFactory(deposit=""))
    client, page = at_home(loan), page_of(loan)

    refused = client.post(page, form(loan, amount="", account=other.number))

    assert refused.status_code == 422
    assert "Enter the amount in shillings" in said(refused)
    assert queries.active_of(loan) is None


def test_speaks_swahili_and_of_ones_own_loans_alone():
    loan, other = lend(), lend()
    user = loan.customer.user
    user.language = "sw"
    user.save()
    client = at_home(loan)

    text = said(client.get(page_of(loan)))

    assert "Agizo la kudumu" in text and "Kila mwezi tarehe 31" in text
    assert client.get(page_of(other)).status_code == 404
