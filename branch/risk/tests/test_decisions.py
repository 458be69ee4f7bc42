"""Every decision on a loan: the list with its filters and sums, one of them, and the file."""

import csv
import re
import zipfile
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.customers.models import Customer
from branch.risk import decision_views, decisions
from ledger.calendar.queries import business_date
from lending.decisions.tests.steps import WHY, decide, officer, referred, reviewed
from lending.factories import ApplicationFactory, BorrowerFactory, LoanFactory
from lending.monitoring.tests.steps import note

pytestmark = pytest.mark.django_db
LIST, FILE = "/risk/decisions/", "/risk/decisions/every.csv"


def page_of(application, number=1):
    return reverse("branch:risk:decision", args=[application.public_id, number])


def said(client, address, **query):
    answer = client.get(address, query)
    assert answer.status_code == 200
    spaced = re.sub(r"<[^>]+>", " ", answer.content.decode().replace("\xa0", " "))
    return " ".join(spaced.split())


def listed(client, **query):
    """The decisions that stand in the list, as (address of the application, number)."""
    html = client.get(LIST, query).content.decode()
    return re.findall(r'href="(/risk/decisions/[0-9a-f-]{36}/\d+/)"', html)


@pytest.fixture
def four(bureau):
    """Approved by the rules; refused, and approved by a person; left to a person."""
    approved = ApplicationFactory()
    again = reviewed(bureau)
    decide(again, actor=officer())
    return approved, again, referred(bureau)


class TestTheList:
    @pytest.mark.proves("AD02")
    def test_shows_every_decision_and_how_they_go(self, at_work, four):
        approved, again, silent = four
        client = at_work("RISK")

        assert listed(client) == [
            page_of(silent), page_of(again, 2), page_of(again), page_of(approved),
        ]  # fmt: skip
        text = said(client, LIST)
        assert "Decisions 4 Approved 2 Refused 1 Left to a person 1 Approval rate 66.7%" in text
        month = f"{business_date():%B %Y}"
        own = text.partition("by month and model")[2]
        assert f"{month} NEWCOMER 1 1 1 1 50.0% 625" in own, "675 and 575; a person is no model"
        assert approved.customer.full_name not in text

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ({"result": "APPROVED"}, 2),
            ({"result": "REFUSED"}, 1),
            ({"product": "DIGI30"}, 4),
            ({"product": "PERS"}, 0),
            ({"model": "NEWCOMER 1"}, 4),
            ({"overridden": "yes"}, 1),
            ({"overridden": "no"}, 3),
            ({"overridden": "person"}, 1),
            ({"overridden": "person", "result": "APPROVED"}, 1),
        ],
    )
    @pytest.mark.proves("AD02")
    def test_is_filtered(self, at_work, four, query, count):
        client = at_work("RISK")

        assert len(listed(client, **query)) == count
        assert f"Decisions {count} Approved" in said(client, LIST, **query)
        assert "Clear filters" in said(client, LIST, **query)
        rows = list(csv.reader(StringIO(client.get(FILE, query).content.decode("utf-8-sig"))))
        assert len(rows) == count + 1

    def test_is_of_some_days(self, at_work, four):
        client, day = at_work("RISK"), business_date()

        assert len(listed(client, since=day, until=day)) == 4
        assert listed(client, until=day - timedelta(days=1)) == []
        for wrong in ({"since": "1999-01-01"}, {"until": "yesterday"}, {"result": "MAYBE"}):
            answer = client.get(LIST, wrong)
            assert answer.status_code == 422 and len(listed(client, **wrong)) == 4

    def test_has_pages(self, at_work, four, monkeypatch):
        monkeypatch.setattr(decision_views, "PAGE", 3)
        client = at_work("AUDITOR")

        html = client.get(LIST, {"model": "NEWCOMER 1"}).content.decode()
        older = html.partition('rel="next" href="?')[2].partition('"')[0].replace("&amp;", "&")

        assert "model=NEWCOMER" in older
        assert len(re.findall("/risk/decisions/[0-9a-f-]{36}", html)) == 3
        rest = client.get(f"{LIST}?{older}").content.decode()
        assert len(re.findall("/risk/decisions/[0-9a-f-]{36}", rest)) == 1

    @pytest.mark.parametrize("before", ["", "x", "-1", "٥", "9" * 40])
    def test_takes_any_address(self, at_work, four, before):
        answer = at_work("RISK").get(LIST, {"before": before, "page": before})

        assert answer.status_code == 200

    def test_may_be_empty(self, at_work):
        text = said(at_work("RISK"), LIST)

        assert "No decision is like that" in text and "Approval rate –" in text


class TestTheFile:
    def test_names_customers_by_their_file_and_carries_no_formula(self, at_work, bureau):
        asked = referred(bureau)
        decide(asked, why="=HYPERLINK() and other formulas", actor=officer())

        client = at_work("AUDITOR")
        answer = client.get(FILE)
        book = client.get("/risk/decisions/every.xlsx").content
        assert "xl/worksheets/sheet1.xml" in zipfile.ZipFile(BytesIO(book)).namelist()
        assert client.get("/risk/decisions/every.pdf").status_code == 404

        assert "attachment" in answer["Content-Disposition"]
        head, second, first = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
        assert head == decisions.HEAD
        cells = dict(zip(head, second, strict=True))
        assert (cells["Customer"], cells["Amount in KES"]) == (
            str(asked.customer.public_id), "5000.00",
        )  # fmt: skip
        assert cells["Why"].startswith("'=") and cells["Result"] == "APPROVED"
        first = dict(zip(head, first, strict=True))
        assert (first["Overridden"], first["Reasons"]) == ("yes", "BUREAU_SILENT")


class TestOne:
    @pytest.mark.proves("AD02")
    def test_shows_inputs_points_and_reasons(self, at_work, four):
        _approved, again, silent = four
        client = at_work("RISK")

        text = said(client, page_of(again))
        assert "575 of 1,000, cut-off 601" in text and "Overridden" in text
        assert "Deposits in 30 days 1 80 of 160" in text
        assert "Two days after money came in, 1.0% of it was still here." in text
        text = said(client, page_of(silent))
        assert "There is none: the bureau did not answer" in text
        assert "Deposits in 30 days 1" in text and "Standing at the bureau Not known" in text
        text = said(client, page_of(again, 2))
        assert WHY in text and "Instead of Decision 1" in text

    def test_is_there_by_its_number(self, at_work, four):
        client = at_work("RISK")

        assert client.get(page_of(four[0], 2)).status_code == 404
        assert client.get(page_of(four[0], 99999999)).status_code == 404

    def test_is_shut_to_its_own_customer(self, at_work, bureau):
        asked = referred(bureau, customer=BorrowerFactory(national_id="61234567"))

        assert at_work("RISK", national_id="61234567").get(page_of(asked)).status_code == 403


class TestWhoMay:
    @pytest.mark.parametrize(
        ("role", "may"),
        [
            ("RISK", True), ("AUDITOR", True), ("LOAN_OFFICER", False), ("BRANCH_MANAGER", False),
            ("OPERATIONS", False), ("FINANCE", False), ("ADMINISTRATOR", False),
        ],
    )  # fmt: skip
    def test_look(self, at_work, bureau, role, may):
        asked, client = ApplicationFactory(), at_work(role)

        for address in (LIST, FILE, "/risk/decisions/every.xlsx", page_of(asked)):
            assert client.get(address).status_code == (200 if may else 403)
        home = client.get("/workbench/").content.decode()
        assert (f'href="{LIST}"' in home) == may

    def test_see_the_branches_that_their_roles_reach(self, at_work, bureau):
        asked = ApplicationFactory(at=timezone.now())
        Customer.objects.filter(pk=asked.customer_id).update(branch="002")
        here = at_work("AUDITOR", in_every_branch=False)

        assert listed(here) == []
        assert here.get(page_of(asked)).status_code == 404
        assert len(listed(at_work("AUDITOR"))) == 1


class TestWhatBecameOfIt:
    def test_stands_with_the_decision_in_the_list_and_in_the_file(self, at_work, bureau):
        """5,000 that nobody paid: bad on the 60th day, and so many days late on the 90th."""
        loan, client = LoanFactory(), at_work("RISK")
        assert "The loan was" not in said(client, page_of(loan.application))
        note(loan.start_date + timedelta(days=90))
        late = (loan.start_date + timedelta(days=90) - loan.instalments.get().due).days

        text = said(client, page_of(loan.application))

        assert "The loan was Bad 30 days late on" in text
        assert f"After 90 days {late} days late Watch, KES 5,000.00 owed" in text.replace(" .", ".")
        assert "Bad" in said(client, LIST)
        _head, line = csv.reader(StringIO(client.get(FILE).content.decode("utf-8-sig")))
        known = (loan.start_date + timedelta(days=90)).isoformat()
        assert line[-3:] == ["BAD", known, str(late)]
