"""The trail of deeds."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from ledger.controls import audit
from ledger.controls.models import AuditEntry
from ledger.factories import LedgerAccountFactory
from wekeza.kit.actor import Actor

pytestmark = pytest.mark.django_db
TELLER = Actor("STAFF", "4", person="party:4")


class TestTheTrail:
    @pytest.mark.proves("LG05", "LG03")
    def test_says_who_did_what_to_which_row_when_and_how(self):
        account = LedgerAccountFactory()

        audit.record(
            actor=TELLER, deed="account.looked_at", subject=account,
            amount=Decimal("5.50"), day=date(2026, 11, 21), is_first=True,
        )  # fmt: skip

        line = AuditEntry.objects.get(deed="account.looked_at")
        assert (line.actor, line.subject) == ("STAFF:4", f"ledger.ledgeraccount:{account.pk}")
        assert line.detail == {"amount": "5.50", "day": "2026-11-21", "is_first": True}
        assert line.recorded_at is not None

    @pytest.mark.django_db(transaction=True)
    def test_goes_with_the_deed_that_is_rolled_back(self):
        account = LedgerAccountFactory()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            audit.record(actor=TELLER, deed="account.lost", subject=account)
            raise ZeroDivisionError

        assert not AuditEntry.objects.filter(deed="account.lost").exists()

    @pytest.mark.django_db(transaction=True)
    def test_is_written_only_inside_a_transaction(self):
        account = LedgerAccountFactory()

        with pytest.raises(RuntimeError, match="inside a transaction"):
            audit.record(actor=TELLER, deed="x", subject=account)
