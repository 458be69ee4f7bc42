"""How the loans stand: what is lent, how much of it is late, and what is provided for (AD01)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum

from branch.risk import decisions
from branch.risk.decisions import Sums
from branch.risk.files import MOST_IN_A_FILE
from ledger.calendar.queries import business_date
from ledger.money import Money
from lending.arrears.models import LoanClass
from lending.decisions.models import CreditDecision
from lending.loans.models import Loan
from lending.loans.states import LoanState
from lending.provisions.models import LoanProvision, ProvisionJournal
from lending.restructures.models import Restructure
from lending.restructures.states import RestructureState

BRANCH = "customer__branch"
LATE = [1, 30, 60, 90]  # More days past due than these: PAR 1, 30, 60, 90 (kenya.md 4.2).
APPROVALS_OF_DAYS = 30
BALANCE = "ledger_account__balances__balance"
NPL = Q(standing__npl_since__isnull=False)
HEAD = [
    "Loan", "Customer", "Product", "Paid out", "Principal in KES", "Days past due",
    "Overdue in KES", "Class", "Since", "Stage", "Expected loss in KES", "Minimum in KES",
    "Restructured",
]  # fmt: skip
HEALTH = [
    "Business date", "Part", "What", "Loans", "Amount in KES", "Of in KES", "Percent",
    "Of it restructured in KES", "Overdue in KES", "Minimum in KES", "Expected loss in KES",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Share:
    """
    A part of the book, in KES, and how many percent of it that is (None of an empty book); and what
    of the part are loans that were agreed anew.
    """

    amount: Money
    of: Money
    days: int = 0
    restructured: Money | None = None

    @property
    def percent(self) -> Decimal | None:
        if not self.of:
            return None
        return round(100 * self.amount.amount / self.of.amount, 2)


@dataclass(frozen=True, slots=True)
class Line:
    """The loans of one class, or one stage: how many, what is owed, what is provided for."""

    code: str
    label: str
    count: int
    principal: Money
    expected: Money
    least: Money
    overdue: Money | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """The whole book on a business date; provisions are those of the last run that was booked."""

    on: date
    run_on: date | None
    count: int
    gross: Money
    late: list[Share]
    restructured: Share
    npl: Share
    coverage: Share
    classes: list[Line]
    stages: list[Line]
    since: date
    approvals: Sums


# A loan that was agreed anew at any time is shown apart (kenya.md 4.2), late or not.
_RESTRUCTURED = Exists(
    Restructure.objects.filter(loan=OuterRef("pk"), state=RestructureState.SIGNED)
)


def book() -> QuerySet[Loan]:
    """
    This will give the loans that are not paid, the latest first: each with what is owed of its
    principal, and its stage and provisions by the last run.
    """
    provided = LoanProvision.objects.filter(loan=OuterRef("pk"), run=_last_run())
    rows = Loan.objects.filter(state=LoanState.ACTIVE).annotate(
        owed=Sum(BALANCE),
        stage=Subquery(provided.values("stage")[:1]),
        expected=Subquery(provided.values("expected")[:1]),
        least=Subquery(provided.values("least")[:1]),
        is_restructured=_RESTRUCTURED,
    )
    return rows.select_related("customer", "product", "standing").order_by("-pk")


def health_of(rows: QuerySet[Loan], answers: QuerySet[CreditDecision]) -> Health:
    """This will add up a book, and the answers to applications of the last days."""
    today = business_date()
    since = today - timedelta(days=APPROVALS_OF_DAYS - 1)
    run = _last_run()
    plain = Loan.objects.filter(pk__in=rows.order_by().values("pk"))
    provided = LoanProvision.objects.filter(run=run, loan__in=plain)
    parts = {f"late_{days}": _sum(standing__days_late__gt=days) for days in LATE}
    sums = plain.aggregate(
        count=Count("pk"), gross=Sum(BALANCE), npl=Sum(BALANCE, filter=NPL), **parts
    )
    anew = plain.filter(_RESTRUCTURED).aggregate(gross=Sum(BALANCE), **parts)
    gross, npl = _kes(sums["gross"]), _kes(sums["npl"])
    expected = _kes(provided.aggregate(total=Sum("expected"))["total"])
    return Health(
        on=today,
        run_on=run and run.business_date,
        count=sums["count"],
        gross=gross,
        late=[
            Share(_kes(sums[f"late_{days}"]), gross, days, _kes(anew[f"late_{days}"]))
            for days in LATE
        ],
        restructured=Share(_kes(anew["gross"]), gross),
        npl=Share(npl, gross),
        coverage=Share(expected, npl),
        classes=_classes(plain, provided),
        stages=_stages(provided),
        since=since,
        approvals=decisions.sums_of(answers.filter(business_date__range=(since, today))),
    )


def chosen(rows: QuerySet[Loan], wanted: dict) -> QuerySet[Loan]:
    """This will keep the loans that somebody wants to see; what they left empty keeps all."""
    if days := wanted.get("late"):
        rows = rows.filter(standing__days_late__gt=int(days))
    if wanted.get("class"):
        rows = rows.filter(_of_class(wanted["class"]))
    if wanted.get("npl"):
        rows = rows.filter(NPL)
    if wanted.get("restructured"):
        rows = rows.filter(is_restructured=True)
    if wanted.get("provided"):
        rows = rows.filter(expected__isnull=False)
    if wanted.get("stage"):
        rows = rows.filter(stage=int(wanted["stage"]))
    if wanted.get("product"):
        rows = rows.filter(product=wanted["product"])
    return rows


def cells_of(rows: QuerySet[Loan]) -> Iterator[list]:
    """
    This will write loans, the newest 50,000, as rows of a file. Customers stand there by what names
    their file, not by name.
    """
    for loan in rows[:MOST_IN_A_FILE]:
        row = getattr(loan, "standing", None)
        yield [
            loan.number, str(loan.customer.public_id), loan.product.name, loan.start_date,
            _kes(loan.owed).amount, row.days_late if row else 0,
            row.overdue_money.amount if row else Decimal("0.00"),
            row.loan_class if row else LoanClass.NORMAL.value, row.since if row else None,
            loan.stage,
            None if loan.expected is None else _kes(loan.expected).amount,
            None if loan.least is None else _kes(loan.least).amount,
            "yes" if loan.is_restructured else "no",
        ]  # fmt: skip


def health_cells(health: Health) -> Iterator[list]:
    """This will write the figures of the overview as rows of a file, a figure a row."""
    on = health.on
    yield [on, "Book", "Owed of principal", health.count, health.gross.amount]
    shares = [(f"PAR {share.days}", share) for share in health.late]
    shares += [
        ("Restructured", health.restructured), ("Non-performing", health.npl),
        ("Coverage", health.coverage),
    ]  # fmt: skip
    for what, share in shares:
        figures = [share.amount.amount, share.of.amount, share.percent]
        yield [on, "Book", what, None, *figures, _figure(share.restructured)]
    answers = health.approvals
    yield [on, "Applications", "Approved", answers.approved, None, None, answers.rate]
    for part, lines in (("Class", health.classes), ("Stage", health.stages)):
        for line in lines:
            yield [
                on, part, line.label, line.count, line.principal.amount, None, None, None,
                _figure(line.overdue), line.least.amount, line.expected.amount,
            ]  # fmt: skip


def _figure(money: Money | None) -> Decimal | None:
    """Nothing owed is a figure too, and no sum is none."""
    return None if money is None else money.amount


def _of_class(code: str) -> Q:
    """A loan that no night has seen yet is normal."""
    found = Q(standing__loan_class=code)
    return found | Q(standing=None) if code == LoanClass.NORMAL else found


def _classes(rows: QuerySet[Loan], provided: QuerySet[LoanProvision]) -> list[Line]:
    found = []
    for code, label in LoanClass.choices:
        sums = rows.filter(_of_class(code)).aggregate(
            count=Count("pk"), principal=Sum(BALANCE), overdue=Sum("standing__overdue")
        )
        loss = provided.filter(loan_class=code).aggregate(a=Sum("expected"), b=Sum("least"))
        found.append(
            Line(
                code, label, sums["count"], _kes(sums["principal"]), _kes(loss["a"]),
                _kes(loss["b"]), _kes(sums["overdue"]),
            )
        )  # fmt: skip
    return found


def _stages(provided: QuerySet[LoanProvision]) -> list[Line]:
    found = []
    for stage in (1, 2, 3):
        sums = provided.filter(stage=stage).aggregate(
            count=Count("pk"), owed=Sum("principal"), a=Sum("expected"), b=Sum("least")
        )
        money = (_kes(sums[name]) for name in ("owed", "a", "b"))
        found.append(Line(str(stage), f"Stage {stage}", sums["count"], *money))
    return found


def _last_run():
    row = ProvisionJournal.objects.select_related("run").order_by("-run__business_date").first()
    return row and row.run


def _sum(**condition) -> Sum:
    return Sum(BALANCE, filter=Q(**condition))


def _kes(amount: Decimal | None) -> Money:
    return Money.rounded(amount or Decimal(0), "KES")
