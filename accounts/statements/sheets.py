"""
A statement as a PDF, an Excel file or CSV: one sheet of words and figures, written in three ways.

Nothing of it is ever formatted into a program: the PDF reads it as data, and a spreadsheet shows a
reason that begins with = as text.
"""

import csv
import json
from datetime import datetime
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import typst
import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.statements.models import StatementFile
from accounts.statements.queries import Statement
from wekeza.kit import qr, vouching
from wekeza.kit.spreadsheets import as_text
from wekeza.kit.words import account_number, day, figure, moment, plain

SOURCE = Path(__file__).parent / "data" / "statement.typ"


def content_of(file: StatementFile, statement: Statement, *, at: datetime) -> bytes:
    """This will write a statement as the file that was asked for, in the asker's language."""
    with translation.override(file.language):
        sheet = sheet_of(file, statement, at=at)
        return _WRITERS[file.form](sheet)


def sheet_of(file: StatementFile, statement: Statement, *, at: datetime) -> dict:
    """This will gather every word and figure of a statement in the active language."""
    holding = statement.holding
    return {
        "lang": file.language,
        "title": _("Statement of account"),
        "bank": "Wekeza Bank",
        "facts": [
            [_("Account holder"), holding.account.holder_name],
            [_("Account"), f"{holding.name} {account_number(holding.number)}"],
            [_("Business dates"), f"{day(statement.from_date)} – {day(statement.to_date)}"],
            [_("Currency"), file.currency],
            [_("Made on"), moment(at)],
        ],
        "sums": [
            [_("Opening balance"), plain(statement.opening)],
            [_("Money in"), plain(statement.money_in)],
            [_("Money out"), plain(statement.money_out)],
            [_("Closing balance"), plain(statement.closing)],
        ],
        "head": [
            _("Booked on"), _("Who and what"), _("Reference"), _("In"), _("Out"), _("Balance"),
        ],
        "rows": [_row(row) for row in statement.rows],
        "foot": [
            _("Totals of all dates"),
            _figure(statement.money_in),
            _figure(statement.money_out),
            _figure(statement.closing),
        ],
        "none": _("No transactions in these dates."),
        "page": _("Page {page} of {pages}"),
        "verify": _("Verify this statement"),
        "how": _(
            "Scan the code or open the address. If any figure there differs from this paper, the "
            "paper was changed."
        ),
        "code": file.code,
        "address": vouching.address_of(file.code),
    }  # fmt: skip


def _row(row) -> list[str]:
    who = f"{row.who} · {row.reason}" if row.reason else row.who
    into = _figure(row.money) if row.direction == "in" else ""
    out = _figure(row.money) if row.direction == "out" else ""
    return [day(row.business_date), who, row.reference, into, out, _figure(row.balance_after)]


def _figure(money) -> str:
    parts = figure(money)
    return f"{'−' if parts.is_negative else ''}{parts.whole}{parts.cents}"


def _pdf(sheet: dict) -> bytes:
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
    page.write_string(line + 2, 0, f"{sheet['verify']}: {sheet['address']}")
    book.close()
    return target.getvalue()


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
    lines.writerow([sheet["verify"], sheet["address"]])
    return target.getvalue().encode("utf-8-sig")


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("−", "-"))


_WRITERS = {"PDF": _pdf, "XLSX": _xlsx, "CSV": _csv}
