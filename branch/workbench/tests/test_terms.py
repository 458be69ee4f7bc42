"""Terms of the rooms are asked for at their desks, and hold when a second person has said yes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access.tests.apps import code_at
from accounts.partners.models import PartnerQuota
from accounts.screening import queries as screening
from accounts.screening.models import ScreeningTerms
from ledger.approvals.models import Approval

pytestmark = pytest.mark.django_db


class TestAskingForTerms:
    def decide(self, checker, response):
        asked = Approval.objects.get(deed="terms.change")
        page = reverse("branch:workbench:approval", args=[asked.public_id])
        assert response["Location"] == page
        said = {"digest": asked.digest, "verdict": "approve", "code": code_at(timezone.now())}
        assert checker.post(page, said).status_code == 303
        return asked

    def test_figures_of_screening_change_by_two_on_their_day(self, at_work):
        today = timezone.localdate()
        row = ScreeningTerms.objects.on(today).first()
        names = {field.name for field in ScreeningTerms._meta.fields}
        ours = {"id", "approval", "approved_by", "source", "created_at", "updated_at"}
        facts = {name: getattr(row, name) for name in names - ours - {"effective_to"}}
        facts |= {"block_from": "0.9500", "effective_from": today + timedelta(1), "reason": "Board"}

        asked = self.decide(
            at_work("ADMINISTRATOR"),
            at_work("RISK").post("/workbench/records/accounts/screeningterms/add/", facts),
        )

        assert [change["field"] for change in asked.changes] == ["Block from", "Effective from"]
        assert screening.terms_on(today).block_from == row.block_from
        assert str(screening.terms_on(today + timedelta(1)).block_from) == "0.9500"

    def test_a_quota_of_all_sandbox_apps_needs_no_app(self, at_work):
        today = timezone.localdate()
        facts = {"mode": "SANDBOX", "app": "", "per_minute": 77, "per_day": 7700, "reason": "Load",
                 "effective_from": today}  # fmt: skip

        self.decide(
            at_work("ADMINISTRATOR"),
            at_work("RISK").post("/workbench/records/accounts/partnerquota/add/", facts),
        )

        newest = PartnerQuota.objects.on(today).filter(mode="SANDBOX").first()
        assert newest.per_minute == 77 and newest.approval.deed == "terms.change"

    def test_a_kind_of_number_that_no_table_names_is_refused(self, at_work):
        facts = {"kind": "NONSENSE", "number": 3, "effective_from": timezone.localdate(),
                 "reason": "x"}  # fmt: skip

        page = at_work("RISK").post("/workbench/records/accounts/kycterm/add/", facts)

        assert b"NONSENSE is not one of the available choices" in page.content
        assert not Approval.objects.filter(deed="terms.change").exists()
