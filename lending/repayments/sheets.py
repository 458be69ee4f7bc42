"""A loan on paper: what was paid out, added and paid, what is owed after each, and its schedule."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Max, Sum
from django.db.models.functions import TruncMonth
from django.utils import translation
from django.utils.translation import gettext as _

from ledger.money import Money
from lending.earnings.models import Earned, LoanEarning
from lending.loans.models import Loan, LoanInstalment
from lending.repayments import queries, recoveries
from lending.repayments.debts import NOTHING, Debt
from lending.repayments.models import Part, Repayment
from lending.schedules.instalments import Method
from wekeza.kit import papers
from wekeza.kit.papers import amount
from wekeza.kit.words import day, moment, plain


def content_of(debt: Debt, *, form: str, at: datetime) -> bytes:
    """This will write the statement of a loan as PDF, XLSX or CSV, in the active language."""
    return papers.written(sheet_of(debt, at=at), form=form)


def sheet_of(debt: Debt, *, at: datetime) -> dict:
    """This will gather every word and figure of a loan's statement in the active language."""
    loan, rows = debt.loan, _rows(debt.loan)
    added, paid = (sum((row[place] for row in rows), NOTHING) for place in (3, 4))
    return {
        "lang": translation.get_language()[:2],
        "title": _("Statement of a loan"),
        "bank": "Wekeza Bank",
        "facts": [
            [_("Borrower"), loan.account.holder_name],
            [_("Loan"), f"{loan.product.label} {loan.number}"],
            [_("Paid out on"), day(loan.start_date)],
            [_("Made on"), moment(at)],
        ],
        "sums": [
            [_("You got"), plain(loan.money)],
            [_("Interest and penalties"), plain(added - loan.money)],
            [_("You paid"), plain(paid)],
            [_("You owe"), plain(added - paid)],
        ],
        "head": [_("Date"), _("What"), _("Reference"), _("Added"), _("Paid"), _("You owe")],
        "rows": _with_balance(rows),
        "foot": [_("Totals"), amount(added), amount(paid), amount(added - paid)],
        "none": "",
        "page": _("Page {page} of {pages}"),
        "more": {
            "title": _("What you pay and when"),
            "head": [_("Due"), _("Principal"), _("Interest"), _("Not paid yet")],
            "rows": [
                [day(due.date), amount(due.whole_principal), amount(due.whole_interest),
                 amount(due.total)]
                for due in debt.dues
            ],
        },
    }  # fmt: skip


def _rows(loan: Loan) -> list[tuple]:
    """Date, words, reference, added, paid; in the order in which it happened."""
    rows = [(loan.start_date, 0, _("Loan paid out"), loan.receipt_no, loan.money, NOTHING)]
    if loan.term.method == Method.REDUCING:
        rows += _of_nights(loan, Earned.INTEREST, _("Interest"))
    else:
        whole = sum((row.asked_interest for row in _standing(loan)), Decimal(0))
        rows.append((loan.start_date, 1, _("Interest"), loan.number, _kes(whole), NOTHING))
    rows += _of_nights(loan, Earned.LATE, _("Interest for days late"))
    penalties = LoanEarning.objects.filter(loan=loan, part=Earned.PENALTY)
    for one in penalties.values("business_date").annotate(total=Sum("amount")):
        if one["total"]:  # What a replay took back leaves nothing of its day.
            words = (_("Penalty"), loan.number, _kes(one["total"]), NOTHING)
            rows.append((one["business_date"], 3, *words))
    for one in queries.booked_on(loan):
        rows += _of_payment(loan, one)
    if loan.is_off_books:
        rows += _unasked(loan, rows)
        off = _("Taken off our books; it is owed all the same")
        rows.append((loan.write_off.business_date, 5, off, loan.number, NOTHING, NOTHING))
    return [(when, *rest) for when, _place, *rest in sorted(rows, key=lambda row: row[:2])]


def _of_nights(loan: Loan, part: str, words: str) -> list[tuple]:
    """What the nights earned, month by month, on the last night of each."""
    earned = LoanEarning.objects.filter(loan=loan, part=part).exclude(amount=0)
    months = earned.annotate(month=TruncMonth("business_date")).values("month")
    return [
        (one["last"], 1, words, loan.number, _kes(one["total"]), NOTHING)
        for one in months.annotate(total=Sum("amount"), last=Max("business_date")).order_by("month")
        if one["total"]
    ]


def _of_payment(loan: Loan, one: Repayment) -> list[tuple]:
    """
    A payment, and before it what it brought: interest that no night had earned, and its fee. What
    was taken back stands once more, below nothing.
    """
    fee = sum((share.amount for share in one.allocations.all() if share.part == Part.FEE), 0)
    brought = [(_("Fee for paying ahead"), fee)]
    if loan.term.method == Method.REDUCING:
        brought.append((_("Interest"), one.unearned))
    words = _("Payment taken back") if one.reverses_id else _("Payment on a loan")
    return [
        *((one.business_date, 2, what, loan.number, _kes(amount), NOTHING)
          for what, amount in brought if amount),
        (one.business_date, 6 if one.write_off_id else 2, words, one.receipt_no, NOTHING,
         one.money),
    ]  # fmt: skip


def _unasked(loan: Loan, rows: list[tuple]) -> list[tuple]:
    """What is asked for no more, so that the last line is what is owed of a loan off the books."""
    claim = recoveries.claim_on(loan, on=loan.write_off.business_date)
    over = sum((row[4] - row[5] for row in rows), NOTHING) - claim.total
    words = _("Interest that we do not ask for")
    left = (claim.on, 4, words, loan.number, NOTHING - over, NOTHING)
    return [left] if over else []


def _standing(loan: Loan):
    return LoanInstalment.standing.filter(loan=loan)


def _with_balance(rows: list[tuple]) -> list[list[str]]:
    owed, written = NOTHING, []
    for when, words, reference, added, paid in rows:
        owed += added - paid
        written.append(
            [day(when), words, reference, amount(added) if added else "",
             amount(paid) if paid else "", amount(owed)]
        )  # fmt: skip
    return written


def _kes(figure: Decimal) -> Money:
    return Money.rounded(figure, "KES")
