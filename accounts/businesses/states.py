"""The lives of a business, of an invitation to act for one, and of a change to its team."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.states import Lifecycle


class BusinessState(models.TextChoices):
    DRAFT = "DRAFT", _("Not sent yet")
    SUBMITTED = "SUBMITTED", _("The bank is checking it")
    ACTIVE = "ACTIVE", _("Active")
    CHECKING = "CHECKING", _("We are checking its details")
    SUSPENDED = "SUSPENDED", _("Suspended")
    CLOSED = "CLOSED", _("Closed")


class InvitationState(models.TextChoices):
    PROPOSED = "PROPOSED", _("Waiting for a second director")
    OPEN = "OPEN", _("Invited")
    ACCEPTED = "ACCEPTED", _("Accepted")
    DECLINED = "DECLINED", _("Declined")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class ChangeState(models.TextChoices):
    PENDING = "PENDING", _("Waiting for approval")
    DONE = "DONE", _("Done")
    REJECTED = "REJECTED", _("Rejected")


BS, IS, CS = BusinessState, InvitationState, ChangeState

BUSINESSES = Lifecycle(
    {
        BS.DRAFT: {BS.SUBMITTED, BS.CLOSED},
        BS.SUBMITTED: {
            BS.ACTIVE,
            BS.DRAFT,
            BS.CLOSED,
        },  # Back to draft: the bank asks for more.
        BS.ACTIVE: {BS.CHECKING, BS.SUSPENDED, BS.CLOSED},
        BS.CHECKING: {BS.ACTIVE, BS.SUSPENDED, BS.CLOSED},  # No money out while screening decides.
        BS.SUSPENDED: {BS.ACTIVE, BS.CHECKING, BS.CLOSED},
    }
)
BANKING = (BS.ACTIVE, BS.CHECKING, BS.SUSPENDED)

INVITATIONS = Lifecycle(
    {
        IS.PROPOSED: {IS.OPEN, IS.WITHDRAWN},
        IS.OPEN: {
            IS.ACCEPTED,
            IS.DECLINED,
            IS.WITHDRAWN,
        },
    }
)

CHANGES = Lifecycle({CS.PENDING: {CS.DONE, CS.REJECTED}})
