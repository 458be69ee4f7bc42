"""The module manual names only pages, doors and tables that there are."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import resolve

MANUAL = (settings.BASE_DIR / "docs/01_PERSONAL_BANKING_MODULE.md").read_text(encoding="utf-8")


@pytest.mark.proves("OP01")
class TestManual:
    @pytest.mark.parametrize("address", sorted(set(re.findall(r"`(/[a-z0-9/]*)`", MANUAL))))
    def test_names_addresses_that_lead_somewhere(self, address):
        assert resolve(address)

    @pytest.mark.parametrize(
        ("method", "address"),
        sorted(set(re.findall(r"`(GET|POST)` \| `(/[a-z0-9/]+)`", MANUAL))),
    )
    def test_names_methods_that_their_doors_take(self, method, address):
        door = resolve(address).func.view_class

        assert method in door().allowed_methods

    def test_names_tables_that_there_are(self):
        tables = {model._meta.db_table for model in apps.get_models()}
        named = set(re.findall(r"`((?:ledger|accounts|lending)_[a-z]+)`", MANUAL))

        assert len(named) > 8
        assert named <= tables

    def test_is_a_users_manual_and_a_technical_specification(self):
        headings = re.findall(r"^#+ (.+)$", MANUAL, re.MULTILINE)

        for part in ("Save", "Borrow", "Pay back", "What staff do", "Technical reference"):
            assert any(part in heading for heading in headings), part
