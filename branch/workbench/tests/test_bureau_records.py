"""The desk of what a credit bureau was asked."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from accounts.factories import CustomerFactory, actor_of
from ledger.money import kes
from lending.bureau import operations as bureaus
from lending.bureau.operations import Consent
from lending.bureau.simulator import file_of

pytestmark = pytest.mark.django_db
LIST = "admin:lending_bureauenquiry_changelist"


class TestBureauEnquiries:
    def test_tell_how_somebody_stands_but_not_what_was_reported(self, bureau, at_work):  # noqa: F811
        customer = CustomerFactory()
        bureau.files[customer.national_id] = file_of(open_npl=1) | {"real_name": "CANARY-NAME"}
        row = bureaus.ask(
            customer,
            amount=kes("5000"),
            consent=Consent("2026-11", "c0ffee"),
            at=datetime.now(UTC),
            actor=actor_of(customer),
        )
        officer = at_work("LOAN_OFFICER")

        found = officer.get(reverse(LIST)).content.decode()
        shown = officer.get(reverse("admin:lending_bureauenquiry_change", args=[row.pk]))

        for words in (str(customer), "In default now", "Application for a loan"):
            assert words in found
        whole = shown.content.decode()
        assert row.reference in whole and "KES\xa05,000" in whole
        for hidden in ("CANARY-NAME", customer.national_id, row.identity_hash):
            assert hidden not in found + whole

    def test_open_to_nobody_without_the_permission(self, at_work):
        for role in ("SUPPORT", "TELLER", "ADMINISTRATOR"):
            assert at_work(role).get(reverse(LIST)).status_code == 403
