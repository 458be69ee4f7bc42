"""New versions of a loan's schedule. What stood before stays written, ended by the new version."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Max, Q, Sum

from lending.loans.models import Loan, LoanInstalment, ScheduleVersion
from lending.schedules.instalments import Instalment
from wekeza.kit.db import inside_transaction


@inside_transaction
def replace(loan: Loan, rows: list[Instalment], *, why: str, on: date) -> list[LoanInstalment]:
    """
    This will put `rows`, numbered from the first one's number on, in the place of what stands of a
    loan's schedule from that number on, as a new version, and give what was written. Nothing of
    what ends may have been paid. The caller holds the loan.

    :raises ValueError: if something of it was paid, or the principal is not the same.
    """
    before = list(_from(loan, rows[0].number))
    if any(_paid(row) for row in before):
        raise ValueError(f"{loan}: an instalment that was paid would end")
    if sum(row.asked_principal for row in before) != sum(row.principal.amount for row in rows):
        raise ValueError(f"{loan}: the principal would be another")
    return _put(loan, rows, why=why, on=on)[1]


@inside_transaction
def agree_anew(
    loan: Loan, rows: list[Instalment], *, unpaid: Iterable[LoanInstalment], on: date
) -> ScheduleVersion:
    """
    This will put `rows` in the place of all that is not paid of a loan: what stands from the first
    one's number on ends, and what is not paid of the `unpaid` ones before it, principal and
    interest, is asked for by the new ones alone. The caller holds the loan.

    :raises ValueError: if the principal is not the same.
    """
    for row in unpaid:
        _settle(row)
    version, _rows = _put(loan, rows, why=ScheduleVersion.Why.RESTRUCTURED, on=on)
    standing = LoanInstalment.standing.filter(loan=loan)
    if sum(row.asked_principal for row in standing) != loan.principal:
        raise ValueError(f"{loan}: the principal would be another")
    return version


@inside_transaction
def restore(loan: Loan, *, version: int, on: date) -> ScheduleVersion:
    """
    This will let a loan's schedule stand again as it stood in an earlier version, as a new one. The
    caller holds the loan, and has taken back all that was paid of what ends.
    """
    rows = LoanInstalment.objects.filter(loan=loan, version__lte=version, ended_in__gt=version)
    again = list(rows.order_by("number"))
    new = _next(loan, why=ScheduleVersion.Why.REPLAYED, on=on)
    LoanInstalment.standing.filter(loan=loan, version__gt=version).update(ended_in=new.version)
    LoanInstalment.objects.bulk_create(
        LoanInstalment(
            loan=loan, version=new.version, number=row.number, contractual=row.contractual,
            due=row.due, principal=row.principal, interest=row.interest,
        )
        for row in again
    )  # fmt: skip
    return new


@inside_transaction
def ask_again(loan: Loan) -> None:
    """
    This will ask for interest again that was given up when an instalment was paid otherwise, of
    those that are paid whole no more. The caller holds the loan.
    """
    for row in LoanInstalment.standing.filter(loan=loan, waived__gt=0):
        if _paid(row) < row.asked_principal + row.asked_interest:
            LoanInstalment.objects.filter(pk=row.pk).update(waived=0)


def _settle(row: LoanInstalment) -> None:
    """Of an instalment only what was paid of it is asked for from now on."""
    paid = row.allocations.aggregate(
        principal=Sum("amount", filter=Q(part="PRINCIPAL"), default=Decimal(0)),
        interest=Sum("amount", filter=Q(part="INTEREST"), default=Decimal(0)),
    )
    LoanInstalment.objects.filter(pk=row.pk).update(
        moved=row.principal - paid["principal"], waived=row.interest - paid["interest"]
    )


def _put(
    loan: Loan, rows: list[Instalment], *, why: str, on: date
) -> tuple[ScheduleVersion, list[LoanInstalment]]:
    """A new version: what stands from the first row's number on ends, and the rows stand."""
    version = _next(loan, why=why, on=on)
    _from(loan, rows[0].number).update(ended_in=version.version)
    new = written(loan, rows, version=version.version)
    return version, LoanInstalment.objects.bulk_create(new)


def _from(loan: Loan, number: int):
    return LoanInstalment.standing.filter(loan=loan, number__gte=number)


def _paid(row: LoanInstalment) -> Decimal:
    """What was paid of an instalment and not taken back."""
    return row.allocations.aggregate(total=Sum("amount", default=Decimal(0)))["total"]


def _next(loan: Loan, *, why: str, on: date) -> ScheduleVersion:
    last = loan.versions.aggregate(last=Max("version"))["last"] or 1
    return ScheduleVersion.objects.create(loan=loan, version=last + 1, why=why, business_date=on)


def written(loan: Loan, rows: list[Instalment], *, version: int = 1) -> list[LoanInstalment]:
    """This will give the rows of a schedule as a version of a loan's keeps them, not saved yet."""
    return [
        LoanInstalment(
            loan=loan,
            version=version,
            number=row.number,
            contractual=row.contractual,
            due=row.due,
            principal=row.principal.amount,
            interest=row.interest.amount,
        )
        for row in rows
    ]
