"""Late loans for risk: figures worked out by hand, and the file behind them."""

import csv
import re
from datetime import timedelta
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest

from branch.risk import late_rows
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


def links(client):
    """The addresses of the rows behind the page's figures, in their order."""
    html = client.get(PAGE).content.decode().replace("&amp;", "&")
    return re.findall(rf'href="({PAGE}(?:loans|promises)/\?[^"]+)"', html)


def listed(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return set(re.findall(r">(LN-\w+)<", answer.content.decode()))


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

        client = at_work("RISK")
        text = said(client, PAGE)

        assert "6–15 days 1 KES 4,250.00" in text
        assert "31–60 days 1 KES 5,250.00" in text
        assert "Kept 1 50.0% of those that were judged Broken 1 Open 0" in text
        assert "Promised in all KES 3,000.00" in text
        # Both came to the call of day 5; one to the letter and the notice; none to the rest.
        steps = re.findall(r"(\d+\.\d)% of \w+ \d+ came to step \d", text)
        assert steps == ["100.0", "50.0", "50.0", "0.0", "0.0"]
        found = {address: listed(client, address) for address in links(client)}
        both, none = {mild.number, bad.number}, set()
        assert [found[one] for one in found if "step=" in one] == [
            both, {bad.number}, {bad.number}, none, none,
        ]  # fmt: skip
        assert [loans for one, loans in found.items() if one.endswith("?bucket=B2")] == [
            {mild.number}
        ]
        assert [loans for one, loans in found.items() if "state=KEPT" in one] == [{mild.number}]
        assert [loans for one, loans in found.items() if "state=BROKEN" in one] == [{bad.number}]

    def test_are_taken_as_a_file(self, at_work):
        loan = late_loan()
        night(today() - timedelta(days=1))

        rows = list(csv.DictReader(StringIO(at_work("RISK").get(FILE).content.decode("utf-8-sig"))))

        [row] = [row for row in rows if row["Loan"] == loan.number]
        assert row["Days past due"] == str((today() - due_of(loan)).days)
        assert row["Overdue in KES"] == "5250.00"
        assert loan.customer.full_name not in str(rows)

        rows = at_work("RISK").get(f"{PAGE}promises/every.csv").content.decode("utf-8-sig")
        assert next(csv.reader(StringIO(rows))) == late_rows.PROMISES
        for address in (f"{PAGE}every.xlsx", f"{PAGE}promises/every.xlsx"):
            book = ZipFile(BytesIO(at_work("RISK").get(address).content))
            assert "xl/workbook.xml" in book.namelist()

    def test_are_not_for_tellers(self, at_work):
        for address in (PAGE, FILE, f"{PAGE}loans/", f"{PAGE}promises/"):
            assert at_work("TELLER").get(address).status_code == 403
