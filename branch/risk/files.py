"""Rows as a file for those who watch over lending: comma-separated values, or a workbook."""

import csv
from collections.abc import Iterable
from datetime import date
from io import BytesIO, StringIO

import xlsxwriter
from django.http import Http404, HttpResponse

from branch.books.exports import TYPES
from wekeza.kit.spreadsheets import as_text

MOST_IN_A_FILE = 50_000


def answer(
    kind: str, head: list[str], rows: Iterable[list], *, title: str, name: str
) -> HttpResponse:
    """
    This will give rows as a file to take: "csv" or "xlsx", its name without its ending.

    :raises Http404: if the kind is neither.
    """
    if kind not in TYPES:
        raise Http404
    content = as_csv(head, rows) if kind == "csv" else as_xlsx(head, rows, title=title)
    taken = HttpResponse(content, content_type=TYPES[kind])
    taken["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return taken


def as_csv(head: list[str], rows: Iterable[list]) -> bytes:
    """This will write rows as UTF-8 with a mark, as spreadsheets expect it."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    for row in rows:
        writer.writerow([as_text(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(head: list[str], rows: Iterable[list], *, title: str) -> bytes:
    """This will write rows as a workbook: text as text, days as days, figures as numbers."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title)
    sheet.write_row(0, 0, head, book.add_format({"bold": True}))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, place, cell)
            elif isinstance(cell, date):
                sheet.write_datetime(number, place, cell, day)
            elif cell is not None:
                sheet.write_number(number, place, cell)
    sheet.freeze_panes(1, 0)
    sheet.autofit()
    book.close()
    return out.getvalue()
