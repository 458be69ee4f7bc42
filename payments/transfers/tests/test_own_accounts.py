"""Moving money between own accounts by the pages: no PIN, and the minimum stays."""

from uuid import uuid4

import pytest

from accounts.access.models import Challenge
from accounts.deposits.models import DepositAccount
from accounts.factories import DepositAccountFactory, SavingsAccountFactory
from accounts.statements.tests.test_doors import signed_in, text
from ledger.factories import place
from ledger.money import kes
from payments.transfers.models import Transfer

pytestmark = pytest.mark.django_db
SEND = "/move/transfers/send/"


@pytest.fixture
def saved():
    return SavingsAccountFactory(balance="2000")


@pytest.fixture
def everyday(saved):
    return DepositAccount.objects.get(customer=saved.customer, product="10")


def details(source, target, amount):
    return {
        "reference": str(uuid4()),
        "source": source.number,
        "recipient": target.number,
        "amount": amount,
        "reason": "",
    }


class TestOwnAccounts:
    @pytest.mark.proves("SV24", "MV40")
    def test_savings_give_back_what_is_above_the_minimum_without_a_pin(self, saved, everyday):
        page = signed_in(saved)

        held = page.post(SEND, details(saved, everyday, "1000"))
        check = page.get(held["Location"])
        sent = page.post(held["Location"])

        assert "Between your own accounts you need no PIN" in text(check)
        assert "Left in the account it comes from KES 1,000.00" in text(check)
        assert 'name="code"' not in check.content.decode()
        assert sent.status_code == 303 and "/receipt/" in sent["Location"]
        assert saved.ledger_account.money == kes("1000")
        assert everyday.ledger_account.money == kes("1000")
        assert Transfer.objects.get(source=saved).authorised_by == Transfer.AuthorisedBy.OWN

    def test_a_second_press_moves_nothing_more(self, saved, everyday):
        page = signed_in(saved)
        check = page.post(SEND, details(saved, everyday, "400"))["Location"]

        first, again = page.post(check), page.post(check)

        assert first["Location"] == again["Location"]
        assert saved.ledger_account.money == kes("1600")

    def test_the_minimum_is_named_when_too_much_is_asked_for(self, saved, everyday):
        page = signed_in(saved)

        refused = page.post(SEND, details(saved, everyday, "1000.01"))

        assert refused.status_code == 422
        assert (
            "You have KES 2,000.00. KES 1,000.00 stays in the account. "
            "Enter KES 1,000.00 or less" in text(refused)
        )

    def test_what_is_held_is_not_told_as_there(self, saved, everyday):
        place(saved.ledger_account, "300")

        refused = signed_in(saved).post(SEND, details(saved, everyday, "900"))

        assert "You have KES 1,700.00. KES 1,000.00 stays in the account" in text(refused)

    def test_the_minimum_is_named_too_when_it_went_between_check_and_move(self, saved, everyday):
        page = signed_in(saved)
        check = page.post(SEND, details(saved, everyday, "900"))["Location"]
        place(saved.ledger_account, "500")

        refused = page.post(check)

        assert refused.status_code == 422
        assert "KES 1,000.00 stays in the account. Enter KES 500.00 or less" in text(refused)
        assert saved.ledger_account.money == kes("2000")

    def test_links_of_the_accounts_fill_both_ends(self, saved, everyday):
        page = signed_in(saved)

        filled = page.get(SEND, {"from": saved.number, "to": everyday.number}).content.decode()
        odd = page.get(SEND, {"from": "4" * 13, "to": "<b>"})

        assert f'<option value="{saved.number}" selected>' in filled
        assert f'value="{everyday.number}"' in filled
        assert "available in the account ending" in filled
        assert odd.status_code == 200 and "<b>" not in odd.content.decode()

    def test_no_code_is_texted_for_a_large_sum_between_own_accounts(self):
        rich = SavingsAccountFactory(balance="90000")
        target = DepositAccount.objects.get(customer=rich.customer, product="10")

        held = signed_in(rich).post(SEND, details(rich, target, "80000"))

        assert held.status_code == 303
        assert not Challenge.objects.filter(user=rich.customer.user).exists()

    def test_somebody_else_is_never_paid_without_the_pin(self, saved):
        grace, page = DepositAccountFactory(), signed_in(saved)
        check = page.post(SEND, details(saved, grace, "500"))["Location"]

        refused = page.post(check)

        assert refused.status_code in (200, 422)
        assert 'name="code"' in page.get(check).content.decode()
        assert saved.ledger_account.money == kes("2000")
