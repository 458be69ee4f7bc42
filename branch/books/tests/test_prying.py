"""Writing vouchers tells nobody what stands on an account that they may not see."""

import pytest

from accounts.factories import CustomerFactory, DepositAccountFactory, StaffMemberFactory
from branch.books.tests.test_doors import plain
from ledger.controls.models import AuditEntry
from ledger.factories import put_in, take_out
from ledger.vouchers.models import Voucher

pytestmark = pytest.mark.django_db
ALL = "10000000000"
RESTRICTED = "is restricted, or your own"


@pytest.fixture
def clerk(at_work):
    """Somebody who reads the books and writes vouchers, at work."""
    return at_work("OPERATIONS")


def write(page, account, amount=ALL, *, address="/books/vouchers/write/"):
    return page.post(
        address,
        {
            "kind": "COST", "narrative": "Paper", "customer_reason": "x", "deed": "check",
            "line-TOTAL_FORMS": 2, "line-INITIAL_FORMS": 0,
            "line-0-account": account.number, "line-0-debit": amount,
            "line-1-account": "4160", "line-1-credit": amount,
        },
    )  # fmt: skip


def reverse(page, entry, **facts):
    return page.post(f"/books/journal/{entry.entry_id}/reverse/", {"narrative": "x"} | facts)


@pytest.fixture
def shut(clerk):
    """The account of a colleague, and one's own."""
    colleague = DepositAccountFactory(balance="73519.42")
    StaffMemberFactory(national_id=colleague.customer.national_id)
    own = CustomerFactory(national_id=clerk.member.national_id).deposit_accounts.get()
    put_in(own.ledger_account, "73519.42")
    return {"colleague": colleague, "own": own}


class TestAnAccountThatIsOpen:
    @pytest.fixture
    def account(self):
        return DepositAccountFactory(balance="73519.42")

    def test_is_said_to_have_too_little_and_who_asked_is_kept(self, clerk, account):
        answer = write(clerk, account)

        assert answer.status_code == 422
        assert "has too little available" in plain(answer)
        assert "73,519" not in plain(answer)
        assert not Voucher.objects.exists()
        [told] = AuditEntry.objects.filter(deed="voucher.short")
        assert told.subject == f"ledger.ledgeraccount:{account.ledger_account_id}"
        assert told.actor == f"STAFF:{clerk.member.user_id}"

    def test_is_said_to_have_too_little_for_a_reversal(self, clerk, account):
        entry = put_in(account.ledger_account, "100")
        take_out(account.ledger_account, "73000")

        answer = reverse(clerk, put_in(account.ledger_account, "1"))
        assert answer.status_code == 303
        take_out(account.ledger_account, "619")
        answer = reverse(clerk, entry)

        assert answer.status_code == 422
        assert "has too little available" in plain(answer)
        assert " 1.42" not in plain(answer)
        assert AuditEntry.objects.filter(deed="voucher.short").count() == 1

    def test_takes_a_voucher_that_it_can_pay(self, clerk, account):
        assert write(clerk, account, "80").status_code == 303


@pytest.mark.parametrize("whose", ["colleague", "own"])
class TestAnAccountThatIsShut:
    @pytest.mark.parametrize("amount", ["1", ALL])
    def test_takes_no_voucher_whatever_it_has(self, clerk, shut, whose, amount):
        answer = write(clerk, shut[whose], amount)

        assert answer.status_code == 422
        assert RESTRICTED in plain(answer)
        assert "too little" not in plain(answer)
        assert not Voucher.objects.exists()

    def test_takes_no_place_in_a_draft(self, clerk, shut, whose):
        draft = write(clerk, DepositAccountFactory(balance="500"), "5")["Location"]

        answer = write(clerk, shut[whose], address=f"{draft}write/")

        assert answer.status_code == 422
        assert RESTRICTED in plain(answer)

    @pytest.mark.parametrize("facts", [{}, {"may_overdraw": "on"}])
    def test_is_not_named_by_a_reversal(self, clerk, shut, whose, facts):
        entry = put_in(shut[whose].ledger_account, "100")
        take_out(shut[whose].ledger_account, "73600")

        answer = reverse(clerk, entry, **facts)

        assert answer.status_code == 422
        assert RESTRICTED in plain(answer)
        assert not Voucher.objects.exists()
