"""Every dated table of the bank changes by two persons, and so does the database see it."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.access.password_models import PasswordPolicy
from accounts.access.tests.apps import code_at
from accounts.partners.models import PartnerQuota
from accounts.screening import queries as screening
from accounts.screening.models import ScreeningTerms
from branch.workbench.tests.conftest import at_work  # noqa: F401 - a fixture.
from ledger.approvals.desks import ProposalDesk
from ledger.approvals.models import Approval
from wekeza.kit.dated import DatedRows

# Staff and what roles hold are dated too; they take two by deeds of their own (accounts.staff).
BY_OTHER_DEEDS = {"accounts.rolegrant", "accounts.rolepermission"}
DATED = sorted(
    model._meta.label_lower
    for model in apps.get_models()
    if issubclass(getattr(model._default_manager, "_queryset_class", object), DatedRows)
)
_TRIGGER = """
    SELECT count(*) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
     WHERE t.tgrelid = %s::regclass AND p.proname = 'ledger_takes_two' AND t.tgenabled = 'A'"""


class TestDatedTables:
    def test_are_all_terms_of_two_persons(self):
        assert set(DATED) - BY_OTHER_DEEDS == set(settings.TERMS)

    @pytest.mark.parametrize("label", sorted(settings.TERMS))
    def test_have_a_desk_that_asks(self, label):
        assert isinstance(admin.site._registry[apps.get_model(label)], ProposalDesk)

    @pytest.mark.django_db
    @pytest.mark.parametrize("label", DATED)
    def test_are_guarded_by_the_database(self, label):
        with connection.cursor() as cursor:
            cursor.execute(_TRIGGER, [apps.get_model(label)._meta.db_table])
            assert cursor.fetchone()[0] == 1, "a trigger that asks for two"


@pytest.mark.django_db
class TestAskingForTerms:
    def decide(self, checker, response):
        asked = Approval.objects.get(deed="terms.change")
        page = reverse("branch:workbench:approval", args=[asked.public_id])
        assert response["Location"] == page
        said = {"digest": asked.digest, "verdict": "approve", "code": code_at(timezone.now())}
        assert checker.post(page, said).status_code == 303
        return asked

    def test_figures_of_screening_change_by_two_on_their_day(self, at_work):  # noqa: F811
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

    def test_a_quota_of_all_sandbox_apps_needs_no_app(self, at_work):  # noqa: F811
        today = timezone.localdate()
        facts = {"mode": "SANDBOX", "app": "", "per_minute": 77, "per_day": 7700, "reason": "Load",
                 "effective_from": today}  # fmt: skip

        self.decide(
            at_work("ADMINISTRATOR"),
            at_work("RISK").post("/workbench/records/accounts/partnerquota/add/", facts),
        )

        newest = PartnerQuota.objects.on(today).filter(mode="SANDBOX").first()
        assert newest.per_minute == 77 and newest.approval.deed == "terms.change"

    def test_a_kind_of_number_that_no_table_names_is_refused(self, at_work):  # noqa: F811
        facts = {"kind": "NONSENSE", "number": 3, "effective_from": timezone.localdate(),
                 "reason": "x"}  # fmt: skip

        page = at_work("RISK").post("/workbench/records/accounts/kycterm/add/", facts)

        assert b"NONSENSE is not one of the available choices" in page.content
        assert not Approval.objects.filter(deed="terms.change").exists()

    @pytest.mark.django_db(transaction=True)
    def test_the_application_alone_changes_none(self):
        with pytest.raises(DatabaseError, match="takes two persons"), transaction.atomic():
            PasswordPolicy.objects.create(
                effective_from="2031-01-01", source="Nobody", approved_by="Nobody"
            )
