"""The desks of the terms of collections."""

from django.contrib import admin

from ledger.approvals.desks import ProposalDesk
from lending.collections.models import CollectionBucket, CollectionStep, CollectionTerm


@admin.register(CollectionBucket)
class CollectionBucketDesk(ProposalDesk):
    """From how many days past due a late loan is in which bucket, from a day on."""

    look = "customer.search"
    list_display = ["code", "from_days", "effective_from", "effective_to", "source"]
    ordering = ["from_days", "-effective_from"]


@admin.register(CollectionStep)
class CollectionStepDesk(ProposalDesk):
    """On which day past due what is done, from a day on."""

    look = "customer.search"
    list_display = ["code", "from_days", "effective_from", "effective_to", "source"]
    ordering = ["from_days", "-effective_from"]


@admin.register(CollectionTerm)
class CollectionTermDesk(ProposalDesk):
    """How often people are contacted, and what may be promised, from a day on."""

    look = "customer.search"
    list_display = ["kind", "number", "effective_from", "effective_to", "source"]
    ordering = ["kind", "-effective_from"]
