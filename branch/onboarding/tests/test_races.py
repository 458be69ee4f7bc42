"""Two officers at once: one decides, the other is told; these tests commit."""

import pytest
from django.utils import timezone

from accounts.factories import StaffMemberFactory, staff_actor
from accounts.kyc.tests.steps import sent
from branch.onboarding import operations as onboarding
from ledger.controls.models import AuditEntry
from ledger.tests.racing import at_once, refused


@pytest.mark.django_db(transaction=True)
class TestOnePaper:
    def test_is_decided_once_however_many_decide_at_once(self):
        submission = sent(at=timezone.now())
        paper = submission.customer.documents.get(kind="SELFIE")
        officers = [staff_actor(StaffMemberFactory(role_id="OPERATIONS")) for _ in range(2)]
        deeds = [("accept", ""), ("decline", "BLURRED")]

        def decide(number):
            deed, reason = deeds[number]
            onboarding.decide_paper(
                submission,
                deed=deed,
                document=paper,
                expires_date=None,
                reason=reason,
                actor=officers[number],
                at=timezone.now(),
            )

        [loser] = refused(at_once(2, decide))

        assert loser.code == "document_already_decided"
        paper.refresh_from_db()
        assert paper.state in {"ACTIVE", "DECLINED"}
        decided = AuditEntry.objects.filter(
            deed__in=["document.approved", "document.declined"],
            subject=f"accounts.document:{paper.pk}",
        )
        assert decided.count() == 1
