"""The desk of cards of points."""

from django.contrib import admin

from ledger.approvals.desks import ProposalDesk
from lending.scoring.models import Scorecard


@admin.register(Scorecard)
class ScorecardDesk(ProposalDesk):
    """A new version of a card, from a day on."""

    look = "customer.search"
    list_display = ["card", "version", "effective_from", "effective_to", "source"]
    list_filter = ["card"]
    ordering = ["card", "-version"]
