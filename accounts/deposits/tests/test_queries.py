"""Who holds what, and whom a number leads to."""

from datetime import UTC, datetime

import pytest

from accounts.access import operations as access
from accounts.deposits import operations as deposits
from accounts.deposits import queries as deposit_queries
from accounts.factories import CustomerFactory, DepositAccountFactory, actor_of
from ledger.money import kes
from wekeza.kit.actor import SYSTEM, Actor
from wekeza.kit.words import phone as national

pytestmark = pytest.mark.django_db


class TestHeldBy:
    @pytest.mark.proves("SV17")
    def test_gives_balance_and_status_as_they_are_now(self, django_assert_num_queries):
        account = DepositAccountFactory(balance="750.50")
        DepositAccountFactory(balance="9")

        with django_assert_num_queries(1):
            [holding] = deposit_queries.held_by(actor_of(account.customer))
            assert holding.number == account.number
            assert holding.name == "Everyday account"
            assert holding.balance == holding.available == kes("750.50")
            assert holding.room == kes("99249.50")
            assert holding.status == "ACTIVE"

    def test_gives_nothing_to_whoever_is_no_customer(self):
        account = DepositAccountFactory()

        assert deposit_queries.held_by(Actor("STAFF", str(account.customer_id))) == []

    def test_anothers_account_looks_like_none(self):
        account = DepositAccountFactory()

        with pytest.raises(deposit_queries.NoSuchAccount):
            deposit_queries.one_held_by(actor_of(CustomerFactory()), number=account.number)


class TestFindPayee:
    def test_finds_by_account_number_however_it_is_grouped(self):
        grace = DepositAccountFactory(customer__full_name="Grace Wanjiku Mwangi")
        number = grace.number

        for text in (
            number,
            f" {number[:3]} {number[3:5]} {number[5:12]} {number[12:]} ",
            "-".join(number),
        ):
            payee = deposit_queries.find_payee(text)
            assert payee.account == grace
            assert payee.name == "Grace Wanjiku Mwangi"
            assert payee.reached_by == "ACCOUNT"

    def test_finds_by_confirmed_phone_in_every_usual_form(self):
        grace = DepositAccountFactory()
        phone = grace.customer.user.phone

        for text in (phone, phone.removeprefix("+"), "0" + phone[4:], national(phone)):
            payee = deposit_queries.find_payee(text)
            assert payee.account == grace
            assert payee.reached_by == "PHONE"

    def test_a_phone_that_was_not_confirmed_leads_nowhere(self):
        account = DepositAccountFactory()
        user = account.customer.user
        access.set_phone(user, phone=user.phone, is_verified=False, at=datetime.now(UTC))

        with pytest.raises(deposit_queries.PayeeNotFound):
            deposit_queries.find_payee(account.customer.user.phone)

    def test_one_wrong_digit_is_noticed(self):
        number = DepositAccountFactory().number
        wrong = number[:-1] + str((int(number[-1]) + 1) % 10)

        with pytest.raises(deposit_queries.PayeeNotFound) as refusal:
            deposit_queries.find_payee(wrong)
        assert "Check the digits" in str(refusal.value)

    @pytest.mark.parametrize(
        "text", ["", "Grace", "07123", "٠٧٢٢٠٠٠٤١٨", "+255712345678", "071234567890"]
    )
    def test_what_is_neither_phone_nor_account_is_not_looked_up(self, text):
        with pytest.raises(deposit_queries.PayeeNotUnderstood):
            deposit_queries.find_payee(text)

    def test_the_paying_account_is_no_payee(self):
        account = DepositAccountFactory()

        with pytest.raises(deposit_queries.OwnAccount):
            deposit_queries.find_payee(account.customer.user.phone, source=account)

    def test_a_closed_account_is_refused_and_its_phone_leads_nowhere(self):
        account = DepositAccountFactory()
        deposits.close(account, reason="Customer's wish", actor=SYSTEM)

        with pytest.raises(deposit_queries.PayeeClosed):
            deposit_queries.find_payee(account.number)
        with pytest.raises(deposit_queries.PayeeNotFound):
            deposit_queries.find_payee(account.customer.user.phone)
