"""Every dated table of the bank changes by two persons, and so does the database see it."""

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import DatabaseError, connection, transaction

from accounts.access.password_models import PasswordPolicy
from ledger.approvals.desks import ProposalDesk
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

    @pytest.mark.django_db(transaction=True)
    def test_the_application_alone_changes_none(self):
        with pytest.raises(DatabaseError, match="takes two persons"), transaction.atomic():
            PasswordPolicy.objects.create(
                effective_from="2031-01-01", source="Nobody", approved_by="Nobody"
            )
