"""The home of a business, beside the home of the person who opens it."""

import re

import pytest

from accounts.businesses.models import Business
from accounts.factories import BusinessFactory, CustomerFactory, DepositAccountFactory
from ledger.factories import put_in

pytestmark = pytest.mark.django_db


class TestOnePersonWithAShop:
    @pytest.mark.proves("UX04")
    def test_banks_for_both_with_one_login_and_keeps_them_apart(self, client):
        njeri = CustomerFactory(full_name="Achieng Njeri")
        own = DepositAccountFactory(customer=njeri)
        put_in(own.ledger_account, "1250.75")
        shop = BusinessFactory(founder=njeri, name="Njeri Hardware Ltd", balance="83400.50")
        stranger = BusinessFactory(founder=CustomerFactory(), name="Another Ltd")
        client.force_login(njeri.user)

        mine = client.get("/").content.decode()
        ours = client.get(f"/biz/{shop.public_id}/home/").content.decode()

        assert "1,250" in mine
        assert "83,400" not in mine
        assert f"/biz/{shop.public_id}/home/" in mine
        assert "Njeri Hardware Ltd" in ours
        assert "83,400" in ours
        assert "1,250" not in ours
        assert client.get(f"/biz/{stranger.public_id}/home/").status_code == 404


class TestTheTabs:
    def test_stay_those_of_the_business_until_one_goes_back_to_ones_own(self, client):
        njeri = CustomerFactory()
        shop = BusinessFactory(founder=njeri, name="Njeri Hardware Ltd", balance="5000")
        client.force_login(njeri.user)

        for page in ("home/", "pay/", "approvals/", "team/", "team/invite/", "papers/"):
            tabs = tabs_of(client.get(f"/biz/{shop.public_id}/{page}"))
            assert 'aria-label="Njeri Hardware Ltd"' in tabs
            assert re.findall(r"</svg>([^<]+)</a>", tabs) == [
                "Business", "Pay", "Approvals", "Team", "My own",
            ]  # fmt: skip
            assert tabs.count("aria-current") == (page != "papers/")
        assert 'aria-label="Main"' in tabs_of(client.get("/biz/"))

    def test_stay_while_the_bank_checks_it(self, client):
        njeri = CustomerFactory()
        shop = BusinessFactory(founder=njeri, name="Njeri Hardware Ltd")
        Business.objects.filter(pk=shop.pk).update(state="CHECKING")
        client.force_login(njeri.user)

        assert "Approvals" in tabs_of(client.get(f"/biz/{shop.public_id}/home/"))

    def test_of_a_business_that_waits_for_the_bank_are_ones_own(self, client):
        njeri = CustomerFactory()
        shop = BusinessFactory(founder=njeri, is_active=False)
        client.force_login(njeri.user)

        assert 'aria-label="Main"' in tabs_of(client.get(f"/biz/{shop.public_id}/papers/"))


def tabs_of(answer):
    return answer.content.decode().partition('<nav class="wk-nav"')[2].partition("</nav>")[0]
