"""Late loans for risk: figures worked out by hand, and the file behind them."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest

from lending.arrears.tests.steps import due_of, pay
from lending.collections.tests.steps import late_loan, night, promise, today
from lending.factories import BorrowerFactory

pytestmark = pytest.mark.django_db
PAGE, FILE = "/risk/collections/", "/risk/collections/every.csv"


def said(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    spaced = re.sub(r"<[^>]+>", " ", answer.content.decode().replace("\xa0", " "))
    return " ".join(spaced.split()).replace(" .", ".")  # Cents are smaller than shillings.


class TestLateLoans:
    def test_are_added_up_by_bucket_with_promises_and_how_far_they_went(self, at_work):
        """
        Two loans of KES 5,250: one of them about 13 days past due, one about 43. The first one's
        promise is kept, the other's is broken.
        """
        mild, bad = late_loan(days=10), late_loan(BorrowerFactory(deposit=""), days=40)
        promise(mild, "1000", days=0)
        promise(bad, "2000", days=0)
        pay(mild, "1000")
        night(today())

        text = said(at_work("RISK"), PAGE)

        assert "6–15 days 1 KES 4,250.00" in text
        assert "31–60 days 1 KES 5,250.00" in text
        assert "Kept 1 50.0% of those that were judged Broken 1 Open 0" in text
        assert "Promised in all KES 3,000.00" in text
        # Both came to the call of day 5; one to the letter and the notice; none to the rest.
        assert "2 100.0% 50.0% 50.0% 0.0% 0.0%" in text

    def test_are_taken_as_a_file(self, at_work):
        loan = late_loan()
        night(today() - timedelta(days=1))

        rows = list(csv.DictReader(StringIO(at_work("RISK").get(FILE).content.decode("utf-8-sig"))))

        [row] = [row for row in rows if row["Loan"] == loan.number]
        assert row["Days past due"] == str((today() - due_of(loan)).days)
        assert row["Overdue in KES"] == "5250.00"
        assert loan.customer.full_name not in str(rows)

    def test_are_not_for_tellers(self, at_work):
        assert at_work("TELLER").get(PAGE).status_code == 403
