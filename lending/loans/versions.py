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
    ending = LoanInstalment.standing.filter(loan=loan, number__gte=rows[0].number)
    before = list(ending.order_by("number"))
    if any(row.allocations.exists() for row in before):
        raise ValueError(f"{loan}: an instalment that was paid would end")
    if sum(row.asked_principal for row in before) != sum(row.principal.amount for row in rows):
        raise ValueError(f"{loan}: the principal would be another")
    version = _next(loan, why=why, on=on)
    ending.update(ended_in=version.version)
    return LoanInstalment.objects.bulk_create(written(loan, rows, version=version.version))


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
    ending = LoanInstalment.standing.filter(loan=loan, number__gte=rows[0].number)
    version = _next(loan, why=ScheduleVersion.Why.RESTRUCTURED, on=on)
    ending.update(ended_in=version.version)
    LoanInstalment.objects.bulk_create(written(loan, rows, version=version.version))
    standing = LoanInstalment.standing.filter(loan=loan)
    if sum(row.asked_principal for row in standing) != loan.principal:
        raise ValueError(f"{loan}: the principal would be another")
    return version


def _settle(row: LoanInstalment) -> None:
    """Of an instalment only what was paid of it is asked for from now on."""
    paid = row.allocations.aggregate(
        principal=Sum("amount", filter=Q(part="PRINCIPAL"), default=Decimal(0)),
        interest=Sum("amount", filter=Q(part="INTEREST"), default=Decimal(0)),
    )
    LoanInstalment.objects.filter(pk=row.pk).update(
        moved=row.principal - paid["principal"], waived=row.interest - paid["interest"]
    )


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
