"""The desks of what a bureau was asked, and of how long its answers are used."""

from django.contrib import admin

from ledger.approvals.desks import ProposalDesk
from lending.bureau.models import BureauEnquiry, BureauTerm
from wekeza.kit.workbench import Desk


@admin.register(BureauEnquiry)
class BureauEnquiryDesk(Desk):
    """What a credit bureau was asked, the newest first; its reports are sealed."""

    look = "kyc.review"
    list_display = ["id", "customer", "business", "purpose", "result", "standing", "asked_at"]
    fields = [
        *(*list_display, "amount", "enquiries_3_months", "answered_at", "bureau", "reference"),
        *("error", "asked_by", "consent_version", "consent_hash"),
    ]
    list_filter = ["result", "standing"]
    list_select_related = ["customer", "business"]
    ordering = ["-id"]


@admin.register(BureauTerm)
class BureauTermDesk(ProposalDesk):
    """How a credit bureau is asked, from a day on."""

    look = "customer.search"
    list_display = ["kind", "number", "effective_from", "effective_to", "source"]
    ordering = ["kind", "-effective_from"]
