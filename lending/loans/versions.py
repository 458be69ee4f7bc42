"""New versions of a loan's schedule. What stood before stays written, ended by the new version."""

from datetime import date

from django.db.models import Max

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
    if sum(row.principal for row in before) != sum(row.principal.amount for row in rows):
        raise ValueError(f"{loan}: the principal would be another")
    version = 1 + (loan.versions.aggregate(last=Max("version"))["last"] or 1)
    ScheduleVersion.objects.create(loan=loan, version=version, why=why, business_date=on)
    ending.update(ended_in=version)
    return LoanInstalment.objects.bulk_create(written(loan, rows, version=version))


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
