"""Every decision on a loan: which of them somebody looks at, what they come to, and as a file."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import xlsxwriter
from django.db.models import Avg, Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from branch.books.queries import with_names
from ledger.calendar.queries import NAIROBI
from lending.decisions.models import CreditDecision
from lending.monitoring.months import AGAINST, BANDS, limits_of, with_age
from lending.scoring.models import Scorecard
from wekeza.kit.spreadsheets import as_text

Result = CreditDecision.Result
ANSWERED = ("ANSWERED", "Approved or refused")
BRANCH = "application__customer__branch"
MOST_IN_A_FILE = 50_000
MOST_MONTHS = 24  # Rows of the table by month and model.
HEAD = [
    "Decided", "Business date", "Application", "Number", "Customer", "Product", "Asked in KES",
    "Result", "Amount in KES", "Limit in KES", "Score", "Cut-off", "Model", "By", "Overridden",
    "Reasons", "Why", "Loan was", "Known on", "Days late later",
]  # fmt: skip
# What "overridden" chooses: code, label, and the rows.
OVERRIDDEN = [
    ("yes", "Yes, by a person", Q(overridden_by__isnull=False)),
    ("no", "No, it stands", Q(overridden_by__isnull=True)),
    ("person", "Made by a person", Q(overrides__isnull=False)),
    ("rules", "Made by the rules", Q(overrides__isnull=True)),
    ("against", "Made by a person against the rules", AGAINST),
]
# What "loan was" chooses, likewise.
BECAME = [
    ("good", "Good", Q(verdict__isnull=False, verdict__bad_on__isnull=True)),
    ("bad", "Bad", Q(verdict__bad_on__isnull=False)),
    ("known", "Good or bad", Q(verdict__isnull=False)),
]
# What "score" chooses: with one, or those of a band.
SCORES = [("any", "With a score", Q(score__isnull=False))] + [
    (f"{first}", f"{first:,} to {last:,}", Q(score__range=(first, last)))
    for first, last in map(limits_of, range(BANDS))
]

CONDITIONS = {"overridden": OVERRIDDEN, "became": BECAME, "score": SCORES}


@dataclass(frozen=True, slots=True)
class Sums:
    """How decisions went: how many of each result, and what their scores are on average."""

    approved: int
    refused: int
    referred: int
    score: Decimal | None = None
    month: date | None = None
    model: str = ""

    @property
    def count(self) -> int:
        return self.approved + self.refused + self.referred

    @property
    def rate(self) -> Decimal | None:
        """Of the answers, how many percent were a yes; what went to a person is none yet."""
        answered = self.approved + self.refused
        if not answered:
            return None
        return round(Decimal(100 * self.approved) / answered, 1)


_COUNTS = {
    "approved": Count("pk", filter=Q(result=Result.APPROVED)),
    "refused": Count("pk", filter=Q(result=Result.REFUSED)),
    "referred": Count("pk", filter=Q(result=Result.REFERRED)),
    "score": Avg("score"),
}


def with_outcomes(rows: QuerySet[CreditDecision]) -> QuerySet[CreditDecision]:
    """This will fetch what became of the loans that decisions led to along with them."""
    return rows.select_related("outcome", "verdict")


def chosen(rows: QuerySet[CreditDecision], wanted: dict) -> QuerySet[CreditDecision]:
    """This will keep the decisions that somebody wants to see; what they left empty keeps all."""
    names = {
        "result": "result",
        "product": "application__product",
        "model": "model_version",
        "since": "business_date__gte",
        "until": "business_date__lte",
        "ended_since": "verdict__window_ends__gte",
        "ended_until": "verdict__window_ends__lte",
    }
    for name, field in names.items():
        if (value := wanted.get(name)) and value != ANSWERED[0]:
            rows = rows.filter(**{field: value})
    if wanted.get("result") == ANSWERED[0]:
        rows = rows.exclude(result=Result.REFERRED)
    rows = _of_age(rows, first=wanted.get("age_from"), last=wanted.get("age_to"))
    if (fact := wanted.get("fact")) and wanted.get("points"):
        rows = rows.filter(points__contains=[{"name": fact, "points": int(wanted["points"])}])
    for name, choices in CONDITIONS.items():
        for code, _label, condition in choices:
            if wanted.get(name) == code:
                rows = rows.filter(condition)
    return rows


def _of_age(rows: QuerySet[CreditDecision], *, first: str | None, last: str | None):
    """By the customer's years on the day of the decision, both ends with it."""
    if first or last:
        rows = with_age(rows)
    if first:
        rows = rows.filter(age__gte=int(first))
    return rows.filter(age__lte=int(last)) if last else rows


def facts() -> list[str]:
    """This will name what the cards count, by any version of them."""
    cards = Scorecard.objects.values_list("characteristics", flat=True)
    return sorted({one["name"] for card in cards for one in card})


def models() -> list[str]:
    """This will name the versions of cards by which anybody was decided."""
    names = CreditDecision.objects.exclude(model_version="").values_list("model_version", flat=True)
    return sorted(names.distinct())


def sums_of(rows: QuerySet[CreditDecision]) -> Sums:
    """This will count decisions by their result."""
    return Sums(**_rounded(rows.aggregate(**_COUNTS)))


def drift_of(rows: QuerySet[CreditDecision]) -> list[Sums]:
    """
    This will count the rules' own decisions by month and by model, the newest first: what changes
    from month to month under one model is drift.
    """
    grouped = rows.filter(overrides=None).order_by().annotate(month=TruncMonth("business_date"))
    found = grouped.values("month", "model_version").annotate(**_COUNTS)
    return [
        Sums(model=one.pop("model_version"), **_rounded(one))
        for one in found.order_by("-month", "model_version")[:MOST_MONTHS]
    ]


def page_of(
    rows: QuerySet[CreditDecision], *, before: str, most: int
) -> tuple[list[CreditDecision], str]:
    """
    This will give decisions older than one of them (empty: from the newest on), and the last of
    them if there are more.
    """
    if before.isascii() and before.isdigit() and len(before) <= 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: most + 1])
    older = str(found[most - 1].pk) if len(found) > most else ""
    return with_names(found[:most], "decided_by"), older


def as_csv(rows: QuerySet[CreditDecision]) -> bytes:
    """
    This will write decisions, the newest 50,000, as UTF-8 with a mark, as spreadsheets expect it.
    Customers stand there by what names their file, not by name.
    """
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for cells in _cells(rows):
        writer.writerow([as_text(cell) if isinstance(cell, str) else cell for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: QuerySet[CreditDecision]) -> bytes:
    """This will write the same as a workbook: text as text, figures as numbers."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Decisions")
    sheet.write_row(0, 0, HEAD, book.add_format({"bold": True}))
    for number, cells in enumerate(_cells(rows), start=1):
        for place, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(number, place, cell)
            elif cell is not None:
                sheet.write_number(number, place, cell)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


WRITERS = {"csv": as_csv, "xlsx": as_xlsx}


def _cells(rows: QuerySet[CreditDecision]) -> Iterator[list]:
    for row in with_names(list(rows[:MOST_IN_A_FILE]), "decided_by"):
        asked = row.application
        yield [
            row.decided_at.astimezone(NAIROBI).isoformat(sep=" ", timespec="seconds"),
            row.business_date.isoformat(),
            str(asked.public_id),
            row.number,
            str(asked.customer.public_id),
            asked.product.name,
            asked.money.amount,
            row.result,
            row.money.amount,
            row.limit_money.amount,
            row.score,
            row.least_score,
            row.model_version,
            row.by,
            "yes" if hasattr(row, "overridden_by") else "no",
            " ".join(reason["code"] for reason in row.reasons),
            row.why,
            *_became(row),
        ]


def _became(row: CreditDecision) -> list:
    """What became of the loan that a decision led to, as far as it is known."""
    verdict, outcome = getattr(row, "verdict", None), getattr(row, "outcome", None)
    known = ["", ""]
    if verdict is not None:
        known = ["BAD" if verdict.is_bad else "GOOD", verdict.known_on.isoformat()]
    return [*known, "" if outcome is None else outcome.days_late]


def _rounded(sums: dict) -> dict:
    score = sums["score"]
    return sums | {"score": None if score is None else round(Decimal(score))}
