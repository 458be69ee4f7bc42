"""The daily and monthly limits are rows that two officers change, and nothing else."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.factories import DepositAccountFactory, StaffMemberFactory, staff_actor
from accounts.limits.models import TierLimit
from ledger.approvals import operations as approvals
from ledger.approvals import terms
from payments.factories import DraftFactory
from payments.transfers.refusals import OverDailyLimit, OverMonthlyLimit

pytestmark = pytest.mark.django_db


def agree_on(kind, amount, *, start):
    """Two officers agree on a limit of the first tier from a day on."""
    maker, checker = (StaffMemberFactory(role_id="RISK") for _ in range(2))
    now = timezone.now()
    row = TierLimit(
        tier_id="TIER_1", kind=kind, amount=Decimal(amount), currency="KES", effective_from=start
    )
    asked = terms.ask(row, reason="Board paper 9", actor=staff_actor(maker), at=now)
    approvals.approve(asked, digest=asked.digest, actor=staff_actor(checker), at=now)


class TestALimit:
    @pytest.mark.proves("MV23")
    @pytest.mark.parametrize(
        ("kind", "refusal"), [("DAILY_OUT", OverDailyLimit), ("MONTHLY_OUT", OverMonthlyLimit)]
    )
    def test_that_two_officers_lowered_binds_the_next_payment(self, kind, refusal):
        source = DepositAccountFactory(balance="9000")
        DraftFactory(source=source, amount=900)
        agree_on(kind, "800", start=timezone.localdate())

        with pytest.raises(refusal):
            DraftFactory(source=source, amount=900)
        assert DraftFactory(source=source, amount=800).is_draft

    @pytest.mark.proves("MV23")
    def test_holds_from_its_day_on_and_not_before(self):
        source = DepositAccountFactory(balance="9000")
        agree_on("DAILY_OUT", "800", start=timezone.localdate() + timedelta(days=1))

        assert DraftFactory(source=source, amount=900).is_draft
