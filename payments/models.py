"""Index of the payments floor. Django finds the tables here; people find the rooms here."""

from payments.initiation.models import PartnerPayment
from payments.rails.demo.models import DemoRailRequest
from payments.topups.models import TopUp
from payments.transfers.models import Transfer

__all__ = ["DemoRailRequest", "PartnerPayment", "TopUp", "Transfer"]
