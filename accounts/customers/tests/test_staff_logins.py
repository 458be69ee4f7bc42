"""A login is a customer's or a colleague's, never both: one human must not decide as two."""

import time
from datetime import UTC, date, datetime
from threading import Event, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.customers import operations as customers
from accounts.customers.models import Application, Customer
from accounts.customers.refusals import StaffLogin
from accounts.factories import (
    MAKER,
    PIN,
    CustomerFactory,
    StaffMemberFactory,
    UserFactory,
    staff_actor,
)
from accounts.staff import operations as staff
from accounts.staff.models import Branch, Role, StaffMember
from accounts.staff.refusals import LoginIsCustomers
from ledger.approvals.models import Approval

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ANOTHER_ID = {
    "full_name": "Wanjiru Mutua", "national_id": "39990001", "date_of_birth": date(1990, 1, 1),
}  # fmt: skip


def invite(user, **facts):
    return staff.invite(
        user, full_name="Otieno Barasa", branch=Branch.objects.get(pk="001"),
        role=Role.objects.get(pk="TELLER"), reason="New", actor=MAKER, at=NOW,
        **({"national_id": "61239001"} | facts),
    )  # fmt: skip


class TestAStaffLogin:
    def test_does_not_become_a_customer(self):
        member = StaffMemberFactory(role_id="COMPLIANCE")

        with pytest.raises(StaffLogin):
            customers.tell_details(member.user, **ANOTHER_ID, at=NOW)
        with pytest.raises(StaffLogin):
            customers.choose_pin(member.user, pin=PIN)
        with pytest.raises(StaffLogin):
            customers.open(
                member.user, agreed=["TERMS", "DATA"], language="en", at=NOW,
                actor=staff_actor(member),
            )  # fmt: skip
        assert not Application.objects.filter(user=member.user).exists()

    def test_does_not_before_it_is_admitted_either(self):
        user = UserFactory()
        invite(user)

        with pytest.raises(StaffLogin):
            customers.tell_details(user, **ANOTHER_ID, at=NOW)

    def test_is_told_so_on_the_page(self, client):
        client.force_login(StaffMemberFactory(role_id="COMPLIANCE").user)

        page = client.post("/register/details/", {
            "full_name": "Wanjiru Mutua", "national_id": "39990001", "date_of_birth_0": "1",
            "date_of_birth_1": "1", "date_of_birth_2": "1990",
        })  # fmt: skip

        assert page.status_code == 422 and "for work" in page.content.decode()

    def test_is_refused_by_the_database(self):
        member = StaffMemberFactory()

        with pytest.raises(IntegrityError, match="never both"), transaction.atomic():
            Customer.objects.create(
                user=member.user, full_name="X Y", national_id="39990002",
                national_id_index="x" * 64, date_of_birth=date(1990, 1, 1), tier_id="TIER_1",
            )  # fmt: skip
        other = CustomerFactory()
        with pytest.raises(IntegrityError, match="never both"), transaction.atomic():
            Customer.objects.filter(pk=other.pk).update(user=member.user)


class TestARace:
    @pytest.mark.django_db(transaction=True)
    def test_of_both_leaves_one(self):
        """The second waits for the first, and then sees it."""
        user, is_in = UserFactory(), Event()

        def become_staff():
            with transaction.atomic():
                invite(user, national_id="61239055")
                is_in.set()
                time.sleep(0.5)
            connection.close()

        colleague = Thread(target=become_staff)
        colleague.start()
        assert is_in.wait(20)
        began = time.monotonic()
        with pytest.raises(IntegrityError, match="never both"), transaction.atomic():
            Customer.objects.create(
                user=user, full_name="X Y", national_id="39990056", tier_id="TIER_1",
                national_id_index=f"{user.pk:064}", date_of_birth=date(1990, 1, 1),
            )  # fmt: skip
        waited = time.monotonic() - began
        colleague.join()

        assert waited > 0.1
        assert StaffMember.objects.filter(user=user).exists()


class TestACustomersLogin:
    def test_is_not_invited(self):
        user = CustomerFactory().user

        with pytest.raises(LoginIsCustomers):
            invite(user)
        assert not Approval.objects.filter(deed="staff.admit").exists()

    def test_is_refused_by_the_database(self):
        user = CustomerFactory().user

        with pytest.raises(IntegrityError, match="never both"), transaction.atomic():
            StaffMember.objects.create(
                user=user, staff_no="W9901", full_name="X Y", national_id="61239009",
                national_id_index="y" * 64, branch_id="001",
            )  # fmt: skip
