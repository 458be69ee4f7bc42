"""The core of the bank: its configuration, its entities, and the trail of whoever touched them."""

import pytest
from django.utils import timezone

from accounts.factories import (
    CustomerFactory,
    DepositAccountFactory,
    StaffMemberFactory,
    staff_actor,
)
from accounts.tariffs.models import Tariff
from accounts.tariffs.queries import fee_of
from ledger.approvals import operations as approvals
from ledger.approvals import terms
from ledger.money import kes
from payments.factories import TransferFactory

pytestmark = pytest.mark.django_db


class TestTheCore:
    @pytest.mark.proves("SC27")
    def test_keeps_who_configured_who_looked_and_who_paid(self, at_work):
        today, now = timezone.localdate(), timezone.now()
        maker, checker = (StaffMemberFactory(role_id="RISK") for _ in range(2))
        row = Tariff(
            code="INTERNAL_TRANSFER", amount="10", currency="KES", excise_class="MONEY_TRANSFER",
            effective_from=today,
        )  # fmt: skip
        asked = terms.ask(row, reason="Board paper 3", actor=staff_actor(maker), at=now)
        approvals.approve(asked, digest=asked.digest, actor=staff_actor(checker), at=now)
        customer = CustomerFactory(full_name="Nekesa Barasa Wafula")
        support = at_work("SUPPORT")
        support.post(f"/workbench/customer/{customer.public_id}/", {"purpose": "CALL"})
        paid = TransferFactory(
            source=DepositAccountFactory(customer=customer, balance="900"), amount=100
        )

        assert fee_of("INTERNAL_TRANSFER", on=today).gross == kes("10")
        page = at_work("AUDITOR").get("/workbench/records/ledger/auditentry/").content.decode()
        for deed in ("terms.changed", "customer.file_opened", "transfer.paid"):
            assert deed in page
        assert f"payments.transfer:{paid.pk}" in page
