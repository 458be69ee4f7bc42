"""What a person earns and owes in a month, as the books know it."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import OuterRef, Subquery, Sum

from ledger.calendar import queries as calendar
from ledger.chart.models import Side
from ledger.journal.models import Posting
from ledger.money import Money
from lending.affordability.capacity import Capacity, Grade, Income, Salary
from lending.applications.models import LoanApplication
from lending.credit import queries as credit
from lending.credit.models import CreditTerm
from lending.evidence import queries as evidence
from lending.evidence.models import Needs
from lending.loans import queries as loans
from lending.products import queries as products
from lending.products import quotes
from lending.repayments import debts

Kind, Terms = CreditTerm.Kind, Mapping[str, int]
PAYROLL, TRANSFER = "PAYROLL", "INTERNAL_TRANSFER"  # The second is pay where a business sends it.


def capacity_of(application: LoanApplication, *, on: date, terms: Terms | None = None) -> Capacity:
    """
    This will gather by what the amount of an application for a loan by instalments is judged.
    Here and below, `terms` are the credit policy's numbers of that day, where they were read
    already.

    :raises NoSuchTerm: if the credit policy or the product's prices have a gap on that day.
    """
    customer, term = application.customer, application.term
    terms = terms or CreditTerm.numbers_on(on)
    needs = evidence.needs_on(application.product_id, on=on)
    gross, stated = application.gross_income, application.income
    return Capacity(
        asked=application.money,
        income=Income(
            stated=Money.rounded(stated or Decimal(0), "KES"),
            seen=income_seen(customer, on=on, terms=terms),
            gross=None if gross is None else Money.rounded(gross, "KES"),
        ),
        dues=dues_of(customer, on=on),
        grades=_grades(application, on=on),
        cap=credit.cap_of(customer, product=application.product_id, on=on),
        share=term.most_debt_share,
        gross_part=terms[Kind.GROSS_PART] if Needs.GROSS in needs else None,
        salary=salary_of(customer, on=on, terms=terms) if Needs.SALARY in needs else None,
        is_by_person=Needs.PERSON in needs,
    )


def income_seen(customer, *, on: date, terms: Terms | None = None) -> Money:
    """
    This will give what came in a month on average from others, over the months that count or those
    since somebody came, one at least; to the cent.
    """
    most = (terms or CreditTerm.numbers_on(on))[Kind.INCOME_MONTHS]
    months = min(max(credit.months_here(customer, on=on), 1), most)
    first = calendar.months_after(on, -months) + timedelta(days=1)
    came = credit.deposits_of(customer, on=on, days=(on - first).days + 1)
    return Money.rounded(came.total.amount / months, "KES")


def dues_of(customer, *, on: date) -> Money:
    """This will give what the next month asks of the loans somebody has, with what is late."""
    month, total = calendar.months_after(on, 1), Money.zero("KES")
    for loan in loans.active_of(customer):
        rows = debts.of(loan, on=on).dues
        total = sum((due.total for due in rows if due.instalment.contractual <= month), total)
    return total


def salary_of(customer, *, on: date, terms: Terms | None = None) -> Salary:
    """
    This will tell for how many calendar months in a row one employer's pay came through the bank,
    to this month or the last, and the least pay of as many of those as are asked for.
    """
    terms = terms or CreditTerm.numbers_on(on)
    least = terms[Kind.SALARY_MONTHS]
    pay = _pay_by_employer(customer, on=on, months=least)
    found = max(
        (_in_a_row(paid, on=on) for paid in pay.values()),
        key=lambda row: (len(row), sum(row)),
        default=[],
    )
    net = min(found[:least], default=Decimal(0))
    return Salary(
        months=len(found),
        least_months=least,
        net=Money.rounded(net, "KES"),
        times=terms[Kind.SALARY_TIMES],
    )


def employers_of(customer, *, on: date) -> list[int]:
    """This will give the ids of the businesses that paid somebody over the months that count."""
    months = CreditTerm.numbers_on(on)[Kind.SALARY_MONTHS]
    return sorted(one for one in _pay_by_employer(customer, on=on, months=months) if one)


def _pay_by_employer(customer, *, on: date, months: int) -> dict[int | None, dict[int, Decimal]]:
    """For each business that paid: what it paid in each month, by the month's count."""
    first = calendar.months_after(on.replace(day=1), -months)
    payer = Posting.objects.filter(
        entry_id=OuterRef("entry_id"), side=Side.DEBIT, business_date=OuterRef("business_date")
    ).values("account__deposit_account__business")[:1]
    rows = credit.came_in(customer, first=first, last=on).filter(
        entry__kind__in=[PAYROLL, TRANSFER]
    )
    paid = (
        rows.annotate(employer=Subquery(payer))
        .values("employer", "entry__kind", "business_date")
        .annotate(total=Sum("amount"))
    )
    found: dict[int | None, dict[int, Decimal]] = {}
    for row in paid:
        if row["employer"] is None and row["entry__kind"] != PAYROLL:
            continue  # Another person sent it.
        months_of = found.setdefault(row["employer"], {})
        month = _count(row["business_date"])
        months_of[month] = months_of.get(month, Decimal(0)) + row["total"]
    return found


def _in_a_row(paid: dict[int, Decimal], *, on: date) -> list[Decimal]:
    """The pay of each month back from this one, or from the last where this has none yet."""
    month, row = _count(on), []
    month -= month not in paid
    while month in paid:
        row.append(paid[month])
        month -= 1
    return row


def _count(day: date) -> int:
    return day.year * 12 + day.month


def _grades(application: LoanApplication, *, on: date) -> list[Grade]:
    offer = products.offer(application.product_id, on=on)
    return [
        Grade(price.from_score or 0, price.percent, _instalment(application, price.percent, on=on))
        for price in offer.prices
    ]


def _instalment(application: LoanApplication, percent: Decimal, *, on: date) -> Money:
    quote = quotes.quote(
        application.term,
        principal=application.money,
        tenor=application.tenor,
        percent=percent,
        start=on,
    )
    return quote.first.total
