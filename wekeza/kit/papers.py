"""
A paper as a PDF, an Excel file or CSV: one sheet of words and figures, written in three ways.

Nothing of it is ever formatted into a program: the PDF reads it as data, and a spreadsheet shows a
reason that begins with = as text. A sheet has a title, facts and sums in pairs, a head, rows of
three texts and three amounts, and a foot; it may have a further table (`more`: a title, a head,
rows of a text and amounts) and a code by which it is verified, with address and words.
"""

import csv
import json
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import typst
import xlsxwriter
from django.http import HttpResponse

from wekeza.kit import qr
from wekeza.kit.spreadsheets import as_text
from wekeza.kit.words import figure

SOURCE = Path(__file__).parent / "data" / "paper.typ"
KINDS = {
    "PDF": "application/pdf",
    "XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "CSV": "text/csv; charset=utf-8",
}


def amount(money) -> str:
    """This will write an amount as a sheet holds it: digits and cents, no currency."""
    parts = figure(money)
    return f"{'−' if parts.is_negative else ''}{parts.whole}{parts.cents}"


def answer(content: bytes, *, form: str, name: str) -> HttpResponse:
    """This will give a file as nothing but itself, kept by nobody."""
    reply = HttpResponse(content, content_type=KINDS[form])
    reply["Content-Disposition"] = f'attachment; filename="{name}"'
    reply["X-Content-Type-Options"] = "nosniff"
    reply["Cache-Control"] = "no-store"
    return reply


def written(sheet: dict, *, form: str) -> bytes:
    """This will write a sheet as PDF, XLSX or CSV."""
    return _WRITERS[form](sheet)


def _pdf(sheet: dict) -> bytes:
    if "code" in sheet:
        sheet = sheet | {"qr": qr.svg(sheet["address"])}
    return typst.compile(
        SOURCE.read_bytes(),
        format="pdf",
        sys_inputs={"data": json.dumps(sheet)},
        ignore_system_fonts=True,
    )


def _xlsx(sheet: dict) -> bytes:
    target = BytesIO()
    plain_text = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book = xlsxwriter.Workbook(target, plain_text)
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    total = book.add_format({"bold": True, "num_format": "#,##0.00", "top": 1})
    page = book.add_worksheet(sheet["title"][:31])
    page.set_column(0, 0, 18)
    page.set_column(1, 1, 44)
    page.set_column(2, 5, 15)
    page.write_string(0, 0, f"{sheet['bank']}: {sheet['title']}", bold)
    line = 1
    for name, value in [*sheet["facts"], *sheet["sums"]]:
        page.write_string(line, 0, name)
        page.write_string(line, 1, value)
        line += 1
    line += 1
    for column, name in enumerate(sheet["head"]):
        page.write_string(line, column, name, bold)
    page.freeze_panes(line + 1, 0)
    for row in sheet["rows"]:
        line += 1
        for column in range(3):
            page.write_string(line, column, row[column])
        for column in range(3, 6):
            if row[column]:
                page.write_number(line, column, _number(row[column]), money)
    line += 1
    page.write_string(line, 0, sheet["foot"][0], bold)
    for column, amount in enumerate(sheet["foot"][1:], start=3):
        page.write_number(line, column, _number(amount), total)
    line = _more_of_book(page, sheet.get("more"), line + 2, bold, money)
    if "code" in sheet:
        page.write_string(line, 0, f"{sheet['verify']}: {sheet['address']}")
    book.close()
    return target.getvalue()


def _more_of_book(page, more: dict | None, line: int, bold, money) -> int:
    """A further table below the first; gives the line after it."""
    if more is None:
        return line
    page.write_string(line, 0, more["title"], bold)
    for column, name in enumerate(more["head"]):
        page.write_string(line + 1, column, name, bold)
    for place, row in enumerate(more["rows"], start=line + 2):
        page.write_string(place, 0, row[0])
        for column, amount in enumerate(row[1:], start=1):
            page.write_number(place, column, _number(amount), money)
    return line + len(more["rows"]) + 3


def _csv(sheet: dict) -> bytes:
    target = StringIO()
    lines = csv.writer(target)
    lines.writerow([sheet["bank"], sheet["title"]])
    lines.writerows([as_text(cell) for cell in line] for line in sheet["facts"] + sheet["sums"])
    lines.writerow([])
    lines.writerow(sheet["head"])
    for row in sheet["rows"]:
        amounts = [str(_number(amount)) if amount else "" for amount in row[3:]]
        lines.writerow([*(as_text(cell) for cell in row[:3]), *amounts])
    amounts = [str(_number(amount)) for amount in sheet["foot"][1:]]
    lines.writerow([sheet["foot"][0], "", "", *amounts])
    if more := sheet.get("more"):
        lines.writerows([[], [more["title"]], more["head"]])
        for row in more["rows"]:
            lines.writerow([as_text(row[0]), *(str(_number(amount)) for amount in row[1:])])
    if "code" in sheet:
        lines.writerow([sheet["verify"], sheet["address"]])
    return target.getvalue().encode("utf-8-sig")


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("−", "-"))


_WRITERS = {"PDF": _pdf, "XLSX": _xlsx, "CSV": _csv}
