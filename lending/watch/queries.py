"""Looking at what is known of borrowers."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from accounts.businesses.models import Business
from lending.applications.models import LoanApplication
from lending.watch.models import BorrowerMark, MarkKind, WatchTerm
from wekeza.kit.dated import NoSuchTerm


@dataclass(frozen=True, slots=True)
class Record:
    """The kinds of marks on whoever asks for a loan: those that decline, and those that refer."""

    declining: tuple[str, ...] = ()
    referring: tuple[str, ...] = ()

    @property
    def kinds(self) -> list[str]:
        """All of them, those that decline first."""
        return [*self.declining, *self.referring]


def terms_on(day: date) -> dict[str, WatchTerm]:
    """
    This will give what each kind of mark does on a day.

    :raises NoSuchTerm: if the terms have a gap on that day.
    """
    found = {row.kind: row for row in WatchTerm.objects.on(day).reverse()}
    for kind in MarkKind.values:
        if kind not in found:
            raise NoSuchTerm(f"{kind} of WatchTerm on {day}")
    return found


def record_of(application: LoanApplication, *, on: date) -> Record:
    """
    This will give what counts on a day of an application: the marks on its customer, and on the
    business for which they ask.

    :raises NoSuchTerm: if the terms have a gap on that day.
    """
    about = Q(customer=application.customer_id)
    if application.business_id:
        about |= Q(business=application.business_id)
    rows = BorrowerMark.objects.filter(about, ended_date=None)
    kinds = sorted(set(rows.values_list("kind", flat=True)))
    if not kinds:
        return Record()
    terms = terms_on(on)
    return Record(
        declining=tuple(kind for kind in kinds if terms[kind].declines),
        referring=tuple(kind for kind in kinds if not terms[kind].declines),
    )


def of(borrower) -> QuerySet[BorrowerMark]:
    """This will give the marks on a customer or business, those that stand first, then the last."""
    rows = BorrowerMark.objects.filter(**_whose(borrower)).select_related("put", "approval")
    return rows.order_by("-ended_date", "-pk")  # PostgreSQL puts nothing first.


def standing(borrower) -> QuerySet[BorrowerMark]:
    """This will give the marks on a customer or business that nobody lifted, the newest first."""
    return of(borrower).filter(ended_date=None)


def held_on(customer) -> list[dict]:
    """This will give what the bank keeps of marks on a customer, for the copy of their data."""
    return [
        {
            "kind": row.get_kind_display(),
            "when": row.since.isoformat(),
            "reason": row.put.reason,
            "lifted": row.ended_date.isoformat() if row.ended_date else "",
        }
        for row in of(customer).order_by("pk")
    ]


def _whose(borrower) -> dict:
    return {"business" if isinstance(borrower, Business) else "customer": borrower}
