"""Keeping which papers an application came with."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from lending.applications.models import LoanApplication
from lending.evidence import queries
from lending.evidence.models import LoanEvidence, Needs
from wekeza.kit.db import inside_transaction
from wekeza.kit.errors import Refusal


class PaperMissing(Refusal):
    """Facts: paper."""

    code = "paper_missing"
    status = 422
    text = _("Send this paper first: {paper}")


def check(customer, *, product: str, on: date) -> None:
    """
    This will let pass who has sent every paper that a product asks for.

    :raises PaperMissing: if one is not there, was declined, or is too old.
    """
    for need, document in queries.papers_of(customer, product=product, on=on).items():
        if document is None:
            raise PaperMissing(paper=Needs(need).label)


@inside_transaction
def keep(application: LoanApplication, *, on: date) -> None:
    """This will keep which papers an application came with; kept before, they stay."""
    if application.evidence.exists():
        return
    papers = queries.papers_of(application.customer, product=application.product_id, on=on)
    LoanEvidence.objects.bulk_create(
        LoanEvidence(application=application, document=document)
        for document in papers.values()
        if document is not None
    )
