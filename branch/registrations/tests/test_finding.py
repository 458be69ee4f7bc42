"""Staff find a business as they find a person, and see what it has and what it paid."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.deposits.models import DepositAccount
from accounts.factories import (
    BusinessFactory,
    CustomerFactory,
    DepositAccountFactory,
    StaffMemberFactory,
    staff_actor,
)
from accounts.staff.refusals import NotForYou
from branch.registrations import operations
from ledger.controls.models import AuditEntry
from payments.factories import TransferFactory

pytestmark = pytest.mark.django_db
SEARCH = "/workbench/search/"


@pytest.fixture
def business():
    return BusinessFactory(
        name="Tausi Timber and Nails Ltd", registration_no="PVT-TAUSI77", balance="81000"
    )


def page_of(business):
    return reverse("branch:registrations:business", args=[business.public_id])


def account_of(business):
    return DepositAccount.objects.get(business=business)


class TestFinding:
    @pytest.mark.proves("BR02")
    def test_finds_a_business_by_all_that_names_it(self, at_work, business):
        client, account = at_work("SUPPORT"), account_of(business)
        paid = TransferFactory(source=DepositAccountFactory(balance="5000"), target=account)

        for typed in (
            "Tausi Timber", "nals tausi", account.number, "PVT-TAUSI77", "pvt-tausi77",
            business.kra_pin, paid.receipt_no,
        ):  # fmt: skip
            shown = client.post(SEARCH, {"q": typed}).content.decode()
            assert page_of(business) in shown, typed

        lines = AuditEntry.objects.filter(actor=str(staff_actor(client.member)))
        kinds = set(lines.values_list("detail__kind", flat=True))
        assert kinds == {"name", "account", "registration number", "receipt"}

    def test_finds_both_sides_of_a_receipt_and_nobody_else(self, at_work, business):
        other = BusinessFactory(name="Kifaru Bakers Ltd")
        client = at_work("SUPPORT")
        payer = CustomerFactory(full_name="Naliaka Wafula")
        paid = TransferFactory(
            source=DepositAccountFactory(customer=payer, balance="5000"),
            target=account_of(business),
        )

        shown = client.post(SEARCH, {"q": paid.receipt_no}).content.decode()

        assert "Naliaka Wafula" in shown and "2 found by receipt" in shown
        assert page_of(other) not in shown

    def test_a_registration_number_like_a_receipt_is_found_too(self, at_work):
        business = BusinessFactory(registration_no="BN-1234567")

        shown = at_work("SUPPORT").post(SEARCH, {"q": "bn-1234567"}).content.decode()

        assert page_of(business) in shown


class TestTheMoney:
    def test_whoever_may_look_sees_balance_and_last_payments_and_it_is_kept(
        self, at_work, business
    ):
        client = at_work("SUPPORT")
        paid = [
            TransferFactory(
                source=DepositAccountFactory(balance="5000"),
                target=account_of(business),
                amount=Decimal(100),
            )
            for _ in range(11)
        ]

        shown = client.get(page_of(business)).content.decode()

        assert "82,100.00" in shown
        refs = [one.receipt_no in shown for one in paid]
        assert refs == [False] + [True] * 10
        [line] = AuditEntry.objects.filter(deed="business.looked_at")
        assert line.actor == str(staff_actor(client.member))

    def test_who_only_looks_decides_nothing(self, at_work, business):
        client = at_work("SUPPORT")

        said = client.post(page_of(business), {"deed": "activate", "reason": "Please"})

        assert said.status_code == 403
        assert "Back to search" in client.get(page_of(business)).content.decode()

    def test_nobody_sees_the_money_of_their_own_or_a_colleagues_business(self, at_work):
        client, colleague = at_work("SUPPORT"), StaffMemberFactory()
        for number in (client.member.national_id, colleague.national_id):
            founder = CustomerFactory(national_id=number)
            business = BusinessFactory(founder=founder, balance="4321")

            shown = client.get(page_of(business))

            assert shown.status_code == 200 and "4,321.00" not in shown.content.decode()

    def test_refuses_whoever_may_look_at_no_customer(self, business):
        member = StaffMemberFactory(role_id="ADMINISTRATOR")

        with pytest.raises(NotForYou):
            operations.look_at_money(
                business, member=member, actor=staff_actor(member), at=datetime.now(UTC)
            )
