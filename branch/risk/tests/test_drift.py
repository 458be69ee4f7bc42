"""Score and drift: a year whose figures follow by hand, and the rows behind each of them."""

import csv
import re
import zipfile
from io import BytesIO, StringIO

import pytest

from branch.risk import drift_files
from ledger.calendar.queries import business_date, months_after
from lending.arrears.tests.steps import lend
from lending.monitoring.tests.steps import a_year

pytestmark = pytest.mark.django_db
PAGE, FILE, CARDS = "/risk/drift/", "/risk/drift/month.csv", "/risk/cards/"


def said(client, address, **query):
    answer = client.get(address, query or None)
    assert answer.status_code == 200
    spaced = re.sub(r"<[^>]+>", " ", answer.content.decode().replace("\xa0", " "))
    return " ".join(spaced.split())


@pytest.fixture
def year():
    a_year(lend().application, business_date())


class TestThePage:
    def test_shows_the_figures_of_the_month(self, at_work, year):
        """20, 50, 30% of scores became 30, 50, 20%: 0.2 ln 1.5 = 0.081. Chance makes 0.040."""
        text = said(at_work("RISK"), PAGE)

        assert f"NEWCOMER 1, {business_date():%B %Y}" in text
        assert "Stability index (PSI) 0.081 Stable; chance alone makes 0.040" in text
        assert "Approval rate 80.0% 80 yes, 20 no; 0 with a person" in text
        assert "Gini – fewer than 50 loans judged" in text
        assert "500 to 599 20 decisions of the reference, score 500 to 599 20.0% 30" in text
        assert "Level of identification: 0.000, Stable" in text
        # Predicted at 600: 1 in 8.5. Up to 699 are both bad loans and one of three good ones.
        assert re.search(
            r"600 to 699 2 loans .* 1 bad loans .* 50\.0% 11\.7% 100\.0% 33\.3% 0\.667", text
        )
        assert "does not keep its customers’ gender" in text
        assert "kept at the month’s end" not in text

    @pytest.mark.proves("AD02")
    def test_leads_to_the_decisions_behind_each_figure(self, at_work, year):
        client = at_work("RISK")
        html = client.get(PAGE).content.decode().replace("&amp;", "&")
        links = re.findall(r'href="(/risk/decisions/\?[^"]+)">(\d+)<', html)

        assert len(links) > 30
        assert any("fact=kyc_tier" in one for one, _ in links), "CSI"
        assert any("age_from=" in one for one, _ in links), "age"
        for address, count in links:
            assert f"Decisions {count} Approved" in said(client, address), address

    def test_may_show_another_month_and_no_other_card(self, at_work, year):
        client, before = at_work("AUDITOR"), months_after(business_date(), -1)

        text = said(client, PAGE, card="NEWCOMER 1", month=f"{before:%Y-%m}")
        assert f"NEWCOMER 1, {before:%B %Y}" in text and "5 worked out now" in text
        for wrong in ({"month": "1999-01"}, {"card": "NEWCOMER 9"}, {"month": "x"}):
            assert client.get(PAGE, wrong).status_code == 422

    def test_says_in_plain_words_that_there_is_nothing_yet(self, at_work):
        client = at_work("RISK")

        assert "No card has scored anybody yet" in said(client, PAGE)
        assert client.get(FILE).status_code == 404

    def test_comes_as_csv_and_as_a_workbook(self, at_work, year):
        client = at_work("RISK")

        answer = client.get(FILE)
        head, *rows = csv.reader(StringIO(answer.content.decode("utf-8-sig")))

        assert head == drift_files.HEAD
        lead = ["NEWCOMER 1", business_date().isoformat()]
        assert [*lead, "Figures", "Stability index (PSI)", "", "", "", "", "0.081093"] in rows
        assert [*lead, "Scores", "500 to 599", "30", "100", "20", "100", "0.040547"] in rows
        assert [*lead, "Answers", "Approved", "80", "100", "", "", ""] in rows
        book = client.get("/risk/drift/month.xlsx")
        assert "xl/worksheets/sheet1.xml" in zipfile.ZipFile(BytesIO(book.content)).namelist()
        assert client.get("/risk/drift/month.pdf").status_code == 404

    @pytest.mark.parametrize("role", ["TELLER", "LOAN_OFFICER", "ADMINISTRATOR"])
    def test_is_for_those_who_watch_over_loans(self, at_work, role):
        client = at_work(role)
        for address in (PAGE, FILE, CARDS, f"{CARDS}NEWCOMER/1/"):
            assert client.get(address).status_code == 403


class TestTheCards:
    def test_show_what_each_fact_gives(self, at_work):
        """kenya.md 4.5: tier 1 gives 60, tier 2 140, tier 3 200; less than a fifth held gives 0."""
        client = at_work("RISK")

        assert re.search(r"NEWCOMER 1 People who came lately .* 7 In force", said(client, CARDS))
        text = said(client, f"{CARDS}NEWCOMER/1/")

        assert "Level of identification At most 200" in text
        assert "Tier 3 200 Tier 2 140 Tier 1 60 Anything else, or not known 0" in text
        assert "at most 19.99 0 at most 60 60 at most 100 100" in text
        assert client.get(f"{CARDS}NEWCOMER/9/").status_code == 404
