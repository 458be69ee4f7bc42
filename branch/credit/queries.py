"""What the loan officer's pages show: who waits, why and until when, and all about one of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_UP, Decimal

from accounts.documents import queries as documents
from accounts.documents.models import Document
from branch.books.queries import with_names
from branch.credit.figures import Figures, figures_of
from branch.workbench.queries import shown
from ledger.approvals import queries as approval_queries
from ledger.approvals.models import Approval
from ledger.approvals.states import ApprovalState
from ledger.controls.audit import subject_of
from lending.applications.models import LoanApplication
from lending.business.quotes import percent_of
from lending.business.told import Told
from lending.decisions import queries as decisions
from lending.decisions.models import CreditDecision
from lending.decisions.operations import LARGE
from lending.evidence import queries as evidence
from lending.loans import queries as loans
from lending.loans.models import Loan
from lending.purchases import queries as purchases
from lending.purchases.models import LoanPurchase
from lending.watch import operations as watch
from lending.watch import queries as watched
from lending.watch.models import BorrowerMark

REVIEW, BETWEEN = "Customer asked for a person", "Between the scores"
WHY = {
    "BUREAU_SILENT": "The bureau was silent",
    "LARGE": "Large loan",
    "BY_PERSON": "A person decides this loan",
    "PAPERS": "Papers to read",
    "THIN_COVER": "Earns little above its instalments",
    "ON_RECORD_LOOK": "On the watch-list",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """An application that is with a person: why, until when, and whether a second one has it."""

    application: LoanApplication
    why: str
    due_at: datetime
    is_late: bool
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class KnownOf:
    """What is kept of a borrower: marks that stand, marks that were lifted, and what waits."""

    application: LoanApplication
    standing: list[BorrowerMark]
    lifted: list[BorrowerMark]
    asked: list[Approval]

    @property
    def waits_to_mark(self) -> bool:
        """A second person is asked to keep something: one at a time."""
        return any(one.deed == watch.MARK for one in self.asked)

    @property
    def waits_to_lift(self) -> bool:
        """The same of lifting."""
        return any(one.deed == watch.LIFT for one in self.asked)


@dataclass(frozen=True, slots=True)
class Case:
    """
    One application as an officer reads it; `waiting` is None when it is with nobody, `told` and
    `rate` (percent a year) are of a business.
    """

    application: LoanApplication
    waiting: Waiting | None
    figures: Figures | None
    decisions: list[CreditDecision]
    active: list[Loan]
    asked: list[Approval]
    told: Told | None
    rate: Decimal | None
    known: KnownOf
    purchase: LoanPurchase | None = None

    @property
    def share_of_value(self) -> Decimal:
        """What percent of the value that counts was asked for (LTV), upwards to a tenth."""
        share = self.application.amount / self.purchase.value.amount * 100
        return share.quantize(Decimal("0.1"), ROUND_UP)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that an application came with, or the newer one in its place, and the link to it."""

    document: Document
    link: str


def papers_of(application: LoanApplication, *, user, session_key: str, at: datetime) -> list[Paper]:
    """This will give the papers of an application, with links that open to this session."""
    return [
        Paper(
            document,
            documents.link_of(
                document, user=user, session_key=session_key, why=f"loan {application.public_id}",
                permission="document.look", at=at,
            ),
        )
        for document in evidence.of(application)
    ]  # fmt: skip


def queue(rows: Iterable[LoanApplication], *, at: datetime) -> list[Waiting]:
    """This will tell of applications that are with a person why, and by when they are answered."""
    rows = list(rows)
    if not rows:
        return []
    clock = decisions.clock_at(at, since=min(row.updated_at for row in rows))
    found = CreditDecision.objects.filter(application__in=rows).order_by("number")
    last = {one.application_id: one for one in found}
    names = {subject_of(row): row.pk for row in rows}
    asked = approval_queries.waiting().filter(deed=LARGE, subject__in=names)
    with_second = {names[one.subject] for one in asked}
    return [
        _waiting(row, last[row.pk], clock=clock, at=at, is_asked=row.pk in with_second)
        for row in rows
    ]


def case_of(application: LoanApplication, *, at: datetime) -> Case:
    """This will gather what there is to see of an application."""
    past = decisions_on(application)
    waiting = queue([application], at=at) if application.is_referred else []
    told = application.business_request.told if application.business_id else None
    return Case(
        application=application,
        waiting=waiting[0] if waiting else None,
        figures=figures_of(past[-1]) if past else None,
        decisions=past,
        active=loans.active_of(application.party),
        told=told,
        rate=told and percent_of(told, application.term),
        known=known_of(application),
        asked=shown(approval_queries.waiting_for(application, LARGE)),
        purchase=purchases.of(application),
    )


def known_of(application: LoanApplication) -> KnownOf:
    """This will give what is kept of whoever borrows by an application, each with who put it."""
    rows = list(watched.of(application.party))
    shown(one for row in rows for one in (row.put, row.approval))
    return KnownOf(
        application=application,
        standing=[row for row in rows if row.stands],
        lifted=[row for row in rows if not row.stands],
        asked=shown(approval_queries.waiting_for(application.party, watch.MARK, watch.LIFT)),
    )


def decisions_on(application: LoanApplication) -> list[CreditDecision]:
    """
    This will give the decisions on an application from the first on, each with who decided (`by`)
    and, of a large loan, who asked for it (`asked_by`).
    """
    rows = list(application.decisions.select_related("overrides").order_by("number"))
    done = Approval.objects.filter(
        deed=LARGE, subject=subject_of(application), state=ApprovalState.APPROVED
    )
    makers = {(one.checker, one.decided_at): one.maker_name for one in shown(done)}
    for row in with_names(rows, "decided_by"):
        row.asked_by = makers.get((row.decided_by, row.decided_at), "")
    return rows


def _waiting(
    row: LoanApplication, last: CreditDecision, *, clock: decisions.Clock, at: datetime, is_asked
) -> Waiting:
    due = clock.due(row, last=last)
    codes = [one["code"] for one in last.reasons]
    why = next((WHY[code] for code in codes if code in WHY), BETWEEN)
    return Waiting(row, REVIEW if last.is_refused else why, due, due < at, is_asked)
