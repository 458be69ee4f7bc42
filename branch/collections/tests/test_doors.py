"""The collections officer's desk: the worklist by bucket and hands, and work on one late loan."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.customers.models import Customer
from accounts.factories import StaffMemberFactory
from lending.arrears.tests.steps import pay
from lending.collections.models import CollectionCase, CollectionContact, LoanPromise
from lending.collections.tests.steps import chased, late_loan, night, noon, promise, today

pytestmark = pytest.mark.django_db
WORKLIST = "/workbench/collections/worklist/"


@pytest.fixture(autouse=True)
def by_day():
    """Officers work in lawful hours."""
    with time_machine.travel(noon(), tick=True):
        yield


def page_of(case):
    return reverse("branch:collections:case", args=[case.public_id])


def said(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    spaced = re.sub(r"<[^>]+>", " ", answer.content.decode().replace("\xa0", " "))
    return " ".join(spaced.split())


def html(client, address):
    return client.get(address).content.decode()


class TestTheWorklist:
    def test_shows_late_loans_by_bucket_and_in_order(self, at_work):
        broken, plain = late_loan(days=3), late_loan(days=40)
        promise(broken, days=0)
        night(today())
        client = at_work("COLLECTIONS")

        text, page = said(client, WORKLIST), html(client, WORKLIST)

        cases = {case.loan: page_of(case) for case in CollectionCase.objects.all()}
        assert page.index(cases[broken]) < page.index(cases[plain]), "the broken promise first"
        assert "31–60 days (1)" in text and "5,250" in text and "Broken" in text
        assert "Steps about late loans" in said(client, "/workbench/")
        only = html(client, f"{WORKLIST}?bucket=B4")
        assert cases[plain] in only and cases[broken] not in only

    def test_is_ones_own_or_nobodys_or_of_ones_branch(self, at_work):
        case, other = chased(late_loan()), late_loan()
        Customer.objects.filter(pk=other.customer_id).update(branch="002")
        night(today() - timedelta(days=1))
        client = at_work("COLLECTIONS")

        client.post(page_of(case), {"deed": "take"})

        assert page_of(case) in html(client, f"{WORKLIST}?hands=mine")
        assert page_of(case) not in html(client, f"{WORKLIST}?hands=nobody")
        elsewhere = page_of(CollectionCase.objects.get(loan=other))
        assert elsewhere not in html(client, WORKLIST)
        assert elsewhere in html(client, f"{WORKLIST}?branch=all")

    def test_says_what_was_paid_today(self, at_work):
        loan = late_loan()
        chased(loan)
        pay(loan, "5250")

        assert "Paid today" in said(at_work("COLLECTIONS"), WORKLIST)


class TestACase:
    def test_keeps_contacts_promises_and_whose_hands_it_is_in(self, at_work):
        case, client = chased(late_loan()), at_work("COLLECTIONS")
        colleague = StaffMemberFactory(role_id="COLLECTIONS", full_name="Kamau Otieno Were")
        call = {
            "contact-channel": "CALL", "contact-outcome": "SPOKE", "contact-step": "CALL",
            "contact-note": "Pays on Friday",
        }  # fmt: skip
        vow = {
            "promise-reference": str(uuid4()), "promise-money": "2,000", "promise-parts": "2",
            "promise-first": (today() + timedelta(days=4)).isoformat(),
        }  # fmt: skip
        for sent in (
            {"deed": "take"},
            {"deed": "contact"} | call,
            {"deed": "promise"} | vow,
            {"deed": "assign", "assign-to": colleague.pk},
        ):
            assert client.post(page_of(case), sent).status_code == 303, sent["deed"]

        text = said(client, page_of(case))
        for words in ("Pays on Friday", "1,000", "Kamau Otieno Were", "1 of 3 contacts"):
            assert words in text, words
        refused = client.post(page_of(case), {"deed": "contact"} | call | {"contact-step": ""})
        assert refused.status_code == 422
        assert "Nobody calls, texts or visits" in refused.content.decode()
        assert CollectionContact.objects.count() == LoanPromise.objects.count() == 1

    def test_writes_the_letter_once_and_shows_it_to_officer_and_customer(self, at_work):
        loan = late_loan(days=20)
        case, client = chased(loan), at_work("COLLECTIONS")
        assert "Write the letter" in said(client, page_of(case))

        assert client.post(page_of(case), {"deed": "letter"}).status_code == 303

        again = client.post(page_of(case), {"deed": "letter"})
        assert again.status_code == 422
        assert "Write the letter" not in said(client, page_of(case))
        [paper] = re.findall(rf'href="({page_of(case)}letters/[^"]+)"', html(client, page_of(case)))
        assert client.get(paper, follow=True).content.startswith(b"%PDF-")
        assert at_work("TELLER").get(paper).status_code == 403
        home = Client()
        home.force_login(loan.customer.user)
        own = html(home, reverse("accounts:documents:index"))
        assert "Letter about your loan" in own and "From us" in own
        [see] = re.findall(r'href="([^"]+/see/[^"]+)"', own)
        assert home.get(see, follow=True).content.startswith(b"%PDF-")
        upload = reverse("accounts:documents:upload", args=["loan-letter"])
        assert home.get(upload).status_code == 404

    def test_is_only_looked_at_by_who_does_not_collect(self, at_work):
        case, client = chased(late_loan()), at_work("AUDITOR")

        assert "Keep a contact" not in said(client, page_of(case))
        assert client.post(page_of(case), {"deed": "take"}).status_code == 403
        assert at_work("TELLER").get(page_of(case)).status_code == 403
