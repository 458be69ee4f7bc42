"""Accounts and transactions as programs see them."""

import pytest

from accounts.factories import CustomerFactory, DepositAccountFactory, SavingsAccountFactory
from ledger.factories import place
from payments.factories import TransferFactory
from wekeza.tests.api.steps import Program, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return DepositAccountFactory(balance="3000")


@pytest.fixture
def amina(account):
    return Program(user=account.customer.user)


class TestAccounts:
    @pytest.mark.proves("SV04", "PA03")
    @pytest.mark.parametrize("path", ["/accounts/me", "/api/v1/accounts/"])
    def test_come_with_their_balances(self, amina, account, path):
        [told] = amina.get(path).json()["accounts"]

        assert told["number"] == account.number
        assert told["balance"] == told["available"] == {"amount": "3000.00", "currency": "KES"}
        assert told["held"] == {"amount": "0.00", "currency": "KES"}
        assert told["status"] == "ACTIVE"

    @pytest.mark.proves("SV24")
    def test_tell_what_must_stay_and_what_is_held(self):
        saved = SavingsAccountFactory(balance="3000")
        place(saved.ledger_account, "250", reason="Naivas, Westlands")
        program = Program(user=saved.customer.user)

        told = program.get(f"/api/v1/accounts/{saved.number}/").json()
        [held] = program.get(f"/api/v1/accounts/{saved.number}/holds/").json()["holds"]

        assert told["minimum"] == {"amount": "1000.00", "currency": "KES"}
        assert told["held"] == held["amount"] == {"amount": "250.00", "currency": "KES"}
        assert told["available"] == {"amount": "1750.00", "currency": "KES"}
        assert (held["kind"], held["reason"], held["expires_date"]) == (
            "CARD",
            "Naivas, Westlands",
            None,
        )

    def test_are_nobody_elses(self, amina):
        other = DepositAccountFactory(balance="9")
        for path in ("", "transactions/", "holds/"):
            theirs = amina.get(f"/api/v1/accounts/{other.number}/{path}")
            absent = amina.get(f"/api/v1/accounts/0000000000000/{path}")
            assert refused(theirs, 404, "NO_SUCH_ACCOUNT") == refused(
                absent, 404, "NO_SUCH_ACCOUNT"
            )

    @pytest.mark.proves("IA05", "IA08", "IA09")
    @pytest.mark.parametrize(
        "path", ["/accounts/me", "/users/me", "/transactions/history", "/api/v1/auth/me"]
    )
    def test_are_not_told_without_a_token(self, path):
        answer = Program().get(path)

        refused(answer, 401, "NOT_AUTHENTICATED")
        assert answer["WWW-Authenticate"].startswith("Bearer")

    def test_are_not_told_to_who_is_no_customer(self):
        from accounts.factories import UserFactory

        refused(Program(user=UserFactory()).get("/accounts/me"), 403, "NOT_FOR_THIS_LOGIN")


class TestTransactions:
    def sent(self, account, *amounts):
        target = DepositAccountFactory(customer__full_name="Grace Wanjiku Mwangi")
        return [TransferFactory(source=account, target=target, amount=each) for each in amounts]

    @pytest.mark.proves("PA16")
    def test_come_the_newest_first_with_the_balance_after_each(self, amina, account):
        first, second = self.sent(account, "100", "50")

        page = amina.get("/transactions/history").json()

        told = [(row["reference"], row["balance_after"]["amount"]) for row in page["transactions"]]
        assert told[:2] == [(second.receipt_no, "2850.00"), (first.receipt_no, "2900.00")]
        row = page["transactions"][0]
        assert (row["type"], row["direction"], row["description"]) == (
            "TRANSFER",
            "out",
            "Grace Wanjiku Mwangi",
        )
        assert row["money"] == {"amount": "50.00", "currency": "KES"}

    def test_come_page_by_page_each_once(self, amina, account):
        self.sent(account, "1", "2", "3", "4")
        path, seen, cursor = f"/api/v1/accounts/{account.number}/transactions/", [], ""

        while cursor is not None:
            page = amina.get(f"{path}?size=2{cursor and '&cursor=' + cursor}").json()
            seen += [row["id"] for row in page["transactions"]]
            cursor = page["next"]
            if len(seen) == 2:
                self.sent(account, "5")  # What comes meanwhile shifts nothing.

        assert len(seen) == len(set(seen)) == 5

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("size=0", "size"),
            ("size=101", "size"),
            ("size=x", "size"),
            ("cursor=1", "cursor"),
            ("direction=up", "direction"),
            ("from_date=2026-02-30", "from_date"),
            ("from_date=2026-03-01&to_date=2026-02-01", "to_date"),
        ],
    )
    def test_refuse_what_is_no_place_or_size(self, amina, query, field):
        details = refused(amina.get(f"/transactions/history?{query}"), 422, "VALIDATION_ERROR")
        assert list(details["fields"]) == [field]

    def test_keep_to_a_direction(self, amina, account):
        self.sent(account, "100")

        rows = amina.get("/transactions/history?direction=in").json()["transactions"]
        assert {row["direction"] for row in rows} == {"in"}

    def test_of_a_named_account_are_its_own(self, amina):
        other = CustomerFactory().deposit_accounts.get()
        answer = amina.get(f"/transactions/history?account={other.number}")
        refused(answer, 404, "NO_SUCH_ACCOUNT")
