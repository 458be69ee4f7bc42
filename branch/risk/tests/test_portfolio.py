"""Portfolio health: figures worked out by hand, and the loans behind each of them."""

import csv
import re
from datetime import timedelta
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.utils import timezone

from branch.risk import portfolio
from ledger.calendar.queries import business_date
from lending.arrears.models import LoanStanding
from lending.arrears.tests.steps import ALL, due_of, judge, lend, pay
from lending.provisions import operations as provisions
from lending.restructures.tests.test_operations import ask, loan_of_a_year, offered, sign
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
PAGE, LIST, FILE = "/risk/", "/risk/loans/", "/risk/loans/every.csv"


def said(client, address, **query):
    answer = client.get(address, query)
    assert answer.status_code == 200
    spaced = re.sub(r"<[^>]+>", " ", answer.content.decode().replace("\xa0", " "))
    return " ".join(spaced.split()).replace(" .", ".")  # Cents are smaller than shillings.


def rows_of(client, address, **query):
    content = client.get(address, query).content.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(content)))


def listed(client, **query):
    return set(re.findall(r">(LN-\w+)<", client.get(LIST, query).content.decode()))


@pytest.fixture
def four():
    """
    KES 50,000 owed: 5,000 of it 100 days past due, 10,000 is 61, 15,000 is 31, and 20,000 is two
    days past due.
    """
    rows = {100: lend(amount="5000"), 61: lend(amount="10000"), 31: lend(amount="15000")}
    rows[2] = lend(amount="25000")
    pay(rows[2], "6250")  # 1,250 of interest, and 5,000.
    judge(due_of(rows[100]) + timedelta(days=100))
    classes = {100: "SUBSTANDARD", 61: "WATCH", 31: "WATCH", 2: "NORMAL"}
    for days, loan in rows.items():
        bad = {} if days == 100 else {"npl_since": None, "npl_principal": None}
        LoanStanding.objects.filter(pk=loan.pk).update(
            days_late=days, own_class=classes[days], loan_class=classes[days], **bad
        )
    return rows


class TestHealth:
    @pytest.mark.proves("AD01")
    def test_shows_the_portfolio_at_risk(self, at_work, four):
        """
        PAR 1: all of 50,000. PAR 30: 15 + 10 + 5 = 30,000, 60%. PAR 60: 15,000, 30%. PAR 90: 5,000,
        10%. Non-performing: 5,000.
        """
        text = said(at_work("RISK"), PAGE)

        assert "Owed of principal KES 50,000.00 4 loans" in text
        assert "PAR 1 100.00% KES 50,000.00" in text
        assert "PAR 30 60.00% KES 30,000.00" in text
        assert "PAR 60 30.00% KES 15,000.00" in text
        assert "PAR 90 10.00% KES 5,000.00" in text
        assert "Non-performing 10.00% KES 5,000.00" in text
        assert "Watch 2 KES 25,000.00" in text

    @pytest.mark.proves("AD01")
    @pytest.mark.parametrize(
        ("query", "days"),
        [
            ({}, [100, 61, 31, 2]), ({"late": "1"}, [100, 61, 31, 2]),
            ({"late": "30"}, [100, 61, 31]), ({"late": "60"}, [100, 61]), ({"late": "90"}, [100]),
            ({"npl": "yes"}, [100]), ({"class": "WATCH"}, [61, 31]), ({"class": "NORMAL"}, [2]),
            ({"class": "LOSS"}, []), ({"product": "PERS"}, []),
        ],
    )  # fmt: skip
    def test_leads_to_the_loans_behind_each_figure(self, at_work, four, query, days):
        assert listed(at_work("RISK"), **query) == {four[one].number for one in days}

    def test_shows_what_is_provided_for(self, at_work, four):
        """Stage 3: 65% of 5,000 is 3,250 expected, 20% at least."""
        day = due_of(four[100]) + timedelta(days=100)
        provisions.provide(day=day, at=timezone.now(), **ALL)
        booked = provisions.book(day=day, actor=SYSTEM, at=timezone.now())
        client = at_work("RISK")

        text = said(client, PAGE)

        assert "Stage 3 1 KES 5,000.00 KES 1,000.00 KES 3,250.00" in text
        total = booked.stage_1 + booked.stage_2 + booked.stage_3
        assert f"Coverage {round(total / 50, 2):.2f}%" in text
        assert listed(client, stage="3") == {four[100].number}
        assert listed(client, provided="yes") == {loan.number for loan in four.values()}
        lend()  # After the run, so it is not among what the cover is made of.
        assert listed(client, provided="yes") == {loan.number for loan in four.values()}

    def test_shows_loans_that_were_agreed_anew_apart(self, at_work, four):
        """KES 40,000 agreed anew beside 50,000 that were not: 44.44% of the book."""
        loan = loan_of_a_year()
        sign(offered(ask(loan)))
        client = at_work("RISK")

        text = said(client, PAGE)
        assert "Restructured 44.44% KES 40,000.00 agreed anew" in text
        assert "PAR 1 55.56% KES 50,000.00 more than 1 day past due; KES 0.00" in text
        assert listed(client, restructured="yes") == {loan.number}

        LoanStanding.objects.filter(pk=four[31].pk).update(days_late=0)
        LoanStanding.objects.create(
            pk=loan.pk, days_late=35, overdue=0, own_class="WATCH", loan_class="WATCH",
            since=loan.start_date, as_of=loan.start_date,
        )  # fmt: skip
        text = said(client, PAGE)
        # 5,000 + 10,000 + 40,000 of 90,000.
        assert "PAR 30 61.11% KES 55,000.00 more than 30 days past due; KES 40,000.00" in text
        assert listed(client, late="30", restructured="yes") == {loan.number}
        [row] = rows_of(client, FILE, restructured="yes")
        assert row["Restructured"] == "yes"

    def test_is_a_file_too(self, at_work, four):
        client = at_work("RISK")

        told = {row["What"]: row for row in rows_of(client, "/risk/every.csv")}

        late = told["PAR 30"]
        assert late["Business date"] == business_date().isoformat()
        assert (late["Amount in KES"], late["Percent"]) == ("30000.00", "60.00")
        assert (told["Watch"]["Loans"], told["Watch"]["Amount in KES"]) == ("2", "25000.00")
        for address in ("/risk/every.xlsx", "/risk/loans/every.xlsx"):
            assert "xl/workbook.xml" in ZipFile(BytesIO(client.get(address).content)).namelist()
        assert client.get("/risk/every.pdf").status_code == 404

    def test_of_no_loans_has_no_percentages(self, at_work):
        text = said(at_work("RISK"), PAGE)

        assert "PAR 30 – KES 0.00" in text
        assert "Coverage – KES 0.00" in text

    def test_comes_as_a_file(self, at_work, four):
        answer = at_work("RISK").get(FILE, {"late": "90"})

        head, line = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
        assert head == portfolio.HEAD
        assert line[0] == four[100].number
        assert line[4:8] == ["5000.00", "100", "5250.00", "SUBSTANDARD"]

    @pytest.mark.parametrize("role", ["TELLER", "COMPLIANCE", "ADMINISTRATOR"])
    def test_is_for_those_who_watch_over_loans(self, at_work, role):
        for address in (PAGE, LIST, FILE, "/risk/every.csv"):
            assert at_work(role).get(address).status_code == 403
