"""The loan officer's desk with an application of a business: its paper, its figures, its score."""

import pytest
from django.urls import reverse

from accounts.factories import BusinessFactory, CustomerFactory
from branch.credit.tests.test_doors import page_of, said
from lending.factories import BusinessApplicationFactory

pytestmark = pytest.mark.django_db


class TestTheDesk:
    def test_shows_evidence_figures_and_score(self, at_work, bureau):
        asked = BusinessApplicationFactory(is_read=False)

        officer = at_work("LOAN_OFFICER")
        words = said(officer, page_of(asked))

        assert "Wekeza Hardware Ltd" in words and "ICT and technology" in words
        assert "25% × 1.00 (ICT and technology) × 1.00" in words
        assert "Earnings to instalments (DSCR), times 1.67 120 of 150" in words
        assert "Papers to read" in said(officer, "/workbench/credit/queue/")
        paper = reverse("branch:credit:paper", args=[asked.public_id])
        assert officer.get(paper).status_code == 303
        assert at_work("RISK").get(paper).status_code == 403

    def test_is_shut_to_who_acts_for_the_business(self, at_work, bureau):
        other = CustomerFactory(national_id="61234567")
        shop = BusinessFactory(others=[(other, ["VIEWER"])])
        asked = BusinessApplicationFactory(business=shop, is_read=False)

        officer = at_work("LOAN_OFFICER", national_id="61234567")

        assert officer.get(page_of(asked)).status_code == 403
