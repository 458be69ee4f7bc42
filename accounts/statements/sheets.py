"""A statement as a sheet of words and figures, in the language of whoever asked for it."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.statements.models import StatementFile
from accounts.statements.queries import Statement
from wekeza.kit import papers, vouching
from wekeza.kit.words import account_number, day, moment, plain


def content_of(file: StatementFile, statement: Statement, *, at: datetime) -> bytes:
    """This will write a statement as the file that was asked for, in the asker's language."""
    with translation.override(file.language):
        sheet = sheet_of(file, statement, at=at)
        return papers.written(sheet, form=file.form)


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
            papers.amount(statement.money_in),
            papers.amount(statement.money_out),
            papers.amount(statement.closing),
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
    into = papers.amount(row.money) if row.direction == "in" else ""
    out = papers.amount(row.money) if row.direction == "out" else ""
    return [day(row.business_date), who, row.reference, into, out, papers.amount(row.balance_after)]
