"""What a token cannot do, and requests of one login at the same moment."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from accounts.access.tests.steps import spare_phone
from accounts.access.token_models import TokenFamily
from accounts.customers import consents
from accounts.customers import operations as customers
from accounts.customers.refusals import AlreadyCustomer
from accounts.factories import PIN, CustomerFactory, DepositAccountFactory, UserFactory
from ledger.controls.api import reference_of
from payments.rails.answers import Answer, Result
from payments.topups import operations as topups
from wekeza.tests.api.steps import Program, refused

SEND, DEPOSIT = "/api/v1/payments/transfers/", "/accounts/deposit"


@pytest.mark.django_db
class TestRefusals:
    def test_of_a_second_account_for_one_login(self):
        customer = CustomerFactory()
        with pytest.raises(AlreadyCustomer):
            customers.become(
                customer.user,
                full_name=customer.full_name,
                national_id="12345678",
                date_of_birth=customer.date_of_birth,
                pin=PIN,
                agreed=["TERMS", "DATA"],
                text_hashes=consents.hashes(language="en"),
                language="en",
                at=datetime.now(UTC),
                actor=customer.actor,
            )

    def test_of_a_rail_that_gives_nothing(self, demo_bank, monkeypatch):
        program = Program(user=DepositAccountFactory().customer.user)
        monkeypatch.setattr(topups.demo_rail, "ask", lambda **_: Answer(Result.FAILED))
        body = {"money": {"amount": "5.00", "currency": "KES"}}

        answer = program.post(DEPOSIT, body, **{"Idempotency-Key": str(uuid4())})

        refused(answer, 409, "TOPUP_NOT_ADDED")

    def test_of_a_rail_that_does_not_know_yet_is_none(self, demo_bank, monkeypatch):
        program = Program(user=DepositAccountFactory().customer.user)
        monkeypatch.setattr(topups.demo_rail, "ask", lambda **_: Answer(Result.UNKNOWN))
        body = {"money": {"amount": "5.00", "currency": "KES"}}

        answer = program.post(DEPOSIT, body, **{"Idempotency-Key": str(uuid4())})

        assert (answer.status_code, answer.json()["state"]) == (202, "UNKNOWN")

    def test_of_another_currency(self):
        account, payee = DepositAccountFactory(balance="50"), DepositAccountFactory()
        body = {"recipient": payee.number, "money": {"amount": "5.00", "currency": "USD"}}
        answer = Program(user=account.customer.user).post(
            SEND, body, **{"Idempotency-Key": str(uuid4())}
        )
        assert refused(answer, 400, "WRONG_CURRENCY")["account_in"] == "KES"


def somebody():
    user = UserFactory(phone=spare_phone(), email=f"{uuid4().hex[:12]}@example.com")
    return CustomerFactory(user=user, national_id=str(uuid4().int)[:9])


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_a_key_that_is_being_answered_is_told_to_wait(self, bank_database):
        customer, key = somebody(), str(uuid4())
        program = Program(user=customer.user)
        reference = reference_of(
            owner=f"customer:{customer.pk}", route="POST payments.topups.Deposit", key=key
        )
        number = int.from_bytes(hashlib.sha256(reference.bytes).digest()[:8], signed=True)
        body = {"money": {"amount": "5.00", "currency": "KES"}}
        with psycopg.connect(bank_database["app"], autocommit=True) as other:
            other.execute("SELECT pg_advisory_lock(%s)", [number])
            answer = program.post(DEPOSIT, body, **{"Idempotency-Key": key})

        refused(answer, 409, "REQUEST_IN_FLIGHT")
        assert answer["Retry-After"] == "1"
        # The connection of whoever was answering is gone, and the lock with it.
        assert program.post(DEPOSIT, body, **{"Idempotency-Key": key}).status_code == 409
        assert program.post(DEPOSIT, body, **{"Idempotency-Key": key}).json()["error_code"] == (
            "NO_WAY_OPEN"
        )

    def test_a_refresh_token_gives_one_pair_and_then_ends(self):
        program = Program(user=somebody().user)
        body = {"refresh_token": program.tokens["refresh_token"]}

        def renew(_):
            try:
                return Program().post("/api/v1/auth/refresh", body).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as pool:
            answers = sorted(pool.map(renew, range(6)))

        assert answers == [200] + [401] * 5
        claims = TokenFamily.objects.order_by("-id").first()
        assert claims.ended_because == TokenFamily.Ended.REUSED
