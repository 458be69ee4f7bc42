"""Written off and recovered for risk: sums worked out by hand, their rows, and the files."""

import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest

from branch.risk.tests.test_portfolio import said
from ledger.calendar import queries as calendar
from lending.arrears.tests.steps import pay
from lending.repayments import sheets
from lending.repayments.debts import of as debt_of
from lending.writeoffs.tests.steps import lost_loan, write_off
from wekeza.kit.words import day

pytestmark = pytest.mark.django_db
PAGE = "/risk/written-off/"


@pytest.fixture
def loan():
    """KES 5,000 and 250 of interest in suspense, written off today; 1,250 and 500 came back."""
    loan = lost_loan()
    write_off(loan)
    pay(loan, "1250")
    pay(loan, "500")
    return loan


def rows_of(answer) -> list[list[str]]:
    assert answer.status_code == 200
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))


def test_is_added_up_for_the_year_and_leads_to_its_rows(at_work, loan):
    """One loan of 5,250, of which 1,250 + 500 = 1,750 came back in two payments."""
    risk, today = at_work("RISK"), calendar.business_date()
    year = f"since={today.year}-01-01&until={today}"

    text = said(risk, "/risk/")

    assert "Written off KES 5,250.00 1 loan," in text
    assert "Recovered KES 1,750.00 2 payments" in text
    assert f"1 January {today.year} to" in text
    written, back = said(risk, f"{PAGE}?{year}"), said(risk, f"{PAGE}?show=recovered&{year}")
    assert loan.number in written and "5,000.00 250.00 0.00 5,250.00 1,750.00" in written
    assert "1,250.00 4,000.00" in back and "500.00 3,500.00" in back
    before = f"until={today.year - 1}-12-31"
    assert "Nothing was written off" in said(risk, f"{PAGE}?{before}")
    assert "Nothing came back" in said(risk, f"{PAGE}?show=recovered&{before}")


def test_is_taken_as_files(at_work, loan):
    risk = at_work("RISK")

    head, row = rows_of(risk.get(f"{PAGE}every.csv"))
    paid = rows_of(risk.get(f"{PAGE}every.csv?show=recovered"))
    book = risk.get(f"{PAGE}every.xlsx")

    told = dict(zip(head, row, strict=True))
    assert (told["Loan"], told["Together in KES"]) == (loan.number, "5250.00")
    assert (told["Recovered in KES"], told["Still claimed in KES"]) == ("1750.00", "3500.00")
    assert told["From suspense in KES"] == "250.00"
    assert [line[5] for line in paid] == ["Amount in KES", "500.00", "1250.00"]
    assert "xl/workbook.xml" in ZipFile(BytesIO(book.content)).namelist()
    assert risk.get(f"{PAGE}every.exe").status_code == 404


def test_stands_in_the_statement_of_the_loan(loan):
    sheet = sheets.sheet_of(debt_of(loan, on=calendar.business_date()), at=loan.agreed_at)

    lines = [row[:2] + row[3:] for row in sheet["rows"]]
    off = [day(loan.write_off.business_date), "Taken off our books; it is owed all the same"]
    assert [*off, "", "", "5,250.00"] in lines
    assert lines[-1][-1] == "3,500.00"
    assert sheet["foot"][-1] == "3,500.00"


def test_is_not_for_tellers(at_work):
    assert at_work("TELLER").get(PAGE).status_code == 403
