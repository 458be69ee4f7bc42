"""The home of a business, beside the home of the person who opens it."""

import pytest

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
