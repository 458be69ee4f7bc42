"""The trial balance as a file: comma-separated values, or a workbook of Excel."""

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO

import xlsxwriter

from ledger.balances.queries import TrialBalance
from wekeza.kit.spreadsheets import as_text

HEAD = ["Business date", "Currency", "Code", "Name", "Kind", "Accounts", "Debit", "Credit"]
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def as_csv(balances: list[TrialBalance]) -> bytes:
    """This will write trial balances as UTF-8 with a mark, as spreadsheets expect it."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for row in _rows(balances):
        writer.writerow([as_text(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(balances: list[TrialBalance]) -> bytes:
    """This will write trial balances as a workbook: text as text, amounts as numbers."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    bold, amount = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    sheet = book.add_worksheet("Trial balance")
    sheet.write_row(0, 0, HEAD, bold)
    for number, row in enumerate(_rows(balances), start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, place, cell)
            elif cell is not None:
                sheet.write_number(number, place, cell, amount if place > 5 else None)
    sheet.set_column(3, 3, 36)
    sheet.set_column(6, 7, 18)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


WRITERS = {"csv": as_csv, "xlsx": as_xlsx}


def _rows(balances: list[TrialBalance]) -> Iterator[list]:
    for balance in balances:
        on = balance.on.isoformat()
        for line in balance.lines:
            yield [
                on,
                balance.currency,
                line.code,
                line.name,
                line.kind,
                line.accounts if line.is_control else None,
                line.debit and line.debit.amount,
                line.credit and line.credit.amount,
            ]
        totals = [balance.debits.amount, balance.credits.amount]
        yield [on, balance.currency, "", "Total", "", None, *totals]
