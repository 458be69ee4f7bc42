"""The officers' queues as their pages show them, and the pictures of papers beside the data."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.customers.models import ProfileChange
from accounts.documents import queries as documents
from accounts.documents.models import Document
from accounts.kyc import desk
from accounts.kyc import queries as kyc
from accounts.kyc.models import Fact, Submission
from accounts.kyc.queries import Case, Need, QueueRow
from accounts.limits import queries as limits
from accounts.privacy.models import FileView
from ledger.calendar import queries as calendar
from wekeza.kit.words import day, masked_id

CHECKING = FileView.Purpose.REVIEW.value  # Why officers look, for the log of looks.


@dataclass(frozen=True, slots=True)
class Shown:
    """One paper that a request needs: the one to look at, and the link to it if it may be seen."""

    need: Need
    document: Document | None
    link: str


def kyc_queue(rows: QuerySet[Submission], *, at: datetime) -> list[tuple[QueueRow, bool]]:
    """This will give the requests by their clock, and whether a second person has them."""
    asked = desk.with_second_person()
    return [(row, row.submission.pk in asked) for row in kyc.queue(rows, at=at)]


def next_after(
    submission: Submission, *, rows: QuerySet[Submission], person: str
) -> Submission | None:
    """This will give the next request that an officer may take up; never their own."""
    others = rows.exclude(pk=submission.pk)[:20]
    return next((one for one in others if one.customer.actor.person != person), None)


def papers_of(
    needs: list[Need], *, user, session_key: str, may_look: bool, at: datetime, why: str = CHECKING
) -> list[Shown]:
    """This will give the papers that are asked for, with links that open to this session."""
    found = []
    for need in needs:
        document = need.newer or need.document
        link = ""
        if document is not None and may_look:
            link = documents.link_of(
                document,
                user=user,
                session_key=session_key,
                why=why,
                permission="document.look",
                at=at,
            )
        if need.is_document:
            found.append(Shown(need, document, link))
    return found


def told_of(case: Case) -> list[tuple[str, str]]:
    """This will give what the customer told, with its label, as an officer compares it."""
    born = day(case.submission.customer.date_of_birth)
    told = [(str(Fact(code).label), value) for code, value in case.facts.items() if value]
    return [told[0], ("Born", born), *told[1:]]


def daily_limits(submission: Submission, *, at: datetime) -> tuple:
    """This will give what the customer may send in a day now, and on the tier asked for."""
    today, kind = calendar.nairobi_date(at), limits.Kind.DAILY_OUT
    return tuple(
        limits.limit_of(tier, kind, on=today)
        for tier in (submission.customer.tier_id, submission.tier_id)
    )


def before_and_after(change: ProfileChange) -> tuple[str, str]:
    """This will give both values of a correction; of an ID number the end only."""
    values = change.before, change.after
    if change.field == ProfileChange.Field.NATIONAL_ID:
        return tuple(map(masked_id, values))
    return values
