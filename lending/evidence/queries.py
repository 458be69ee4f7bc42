"""What a product asks for on a day, and what of it is there."""

from datetime import date

from accounts.documents import queries as documents
from accounts.documents.models import Document
from lending.applications.models import LoanApplication
from lending.evidence.models import LoanRequirement, Needs

# The paper that stands for a need; a need that is none of these is told or looked up.
PAPERS = {
    Needs.PAYSLIP: Document.Kind.PROOF_OF_INCOME,
    Needs.INVOICE: Document.Kind.SALE_AGREEMENT,
    Needs.VALUATION: Document.Kind.VALUATION,
}
_USABLE = (Document.State.STAGED, Document.State.ACTIVE)


def needs_on(product: str, *, on: date) -> list[str]:
    """This will give what a product asks for on a day, in the order of its list."""
    latest = {}
    for row in LoanRequirement.objects.on(on).filter(product=product).order_by("effective_from"):
        latest[row.needs] = row.is_asked
    return [need for need in Needs.values if latest.get(need)]


def asked_for(*, on: date) -> set[str]:
    """This will give the products that have a list of what they ask for on a day."""
    rows = LoanRequirement.objects.on(on).filter(is_asked=True)
    return set(rows.values_list("product", flat=True))


def papers_of(customer, *, product: str, on: date) -> dict[str, Document | None]:
    """This will give the papers that a product asks for, and of each the newest that counts."""
    held = documents.standing_of(customer.owner_ref).filter(state__in=_USABLE)
    found = {}
    for need in needs_on(product, on=on):
        if need in PAPERS:
            sent = held.filter(kind=PAPERS[need])
            fresh = (one for one in sent if not documents.is_too_old(one, on=on))
            found[need] = next(fresh, None)
    return found


def of(application: LoanApplication) -> list[Document]:
    """
    This will give the papers that an application came with; in place of one that was sent anew and
    let go of since, the newest of its kind.
    """
    rows = application.evidence.select_related("document").order_by("pk")
    standing = documents.standing_of(application.customer.owner_ref)
    return [
        found
        for row in rows
        if (found := row.document if row.document.file
            else standing.filter(kind=row.document.kind).first())
    ]  # fmt: skip
