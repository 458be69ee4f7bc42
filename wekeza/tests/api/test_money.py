"""Money by program: top-ups, transfers, and the key that makes each happen once."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.access import mfa
from accounts.access.tests.apps import code_at, give_app
from accounts.access.tests.steps import code_in
from accounts.factories import PIN, DepositAccountFactory
from ledger.controls import doors
from ledger.controls.models import DoorKey
from ledger.journal.models import Entry
from payments.factories import DraftFactory
from payments.topups.models import TopUp
from payments.transfers.models import Transfer
from wekeza.tests.api.steps import Program, refused

pytestmark = pytest.mark.django_db
SEND, DEPOSIT = "/api/v1/payments/transfers/", "/accounts/deposit"


def kes(amount):
    return {"amount": amount, "currency": "KES"}


def key():
    return {"Idempotency-Key": str(uuid4())}


@pytest.fixture
def account():
    return DepositAccountFactory(balance="3000")


@pytest.fixture
def grace():
    return DepositAccountFactory(customer__full_name="Grace Wanjiku Mwangi")


@pytest.fixture
def amina(account):
    return Program(user=account.customer.user)


def order(to, amount="1000.00", **more):
    return {"recipient": to.number, "money": kes(amount)} | more


class TestDeposit:
    @pytest.mark.proves("SV09")
    @pytest.mark.parametrize("path", [DEPOSIT, "/wallet/deposit", "/api/v1/payments/topups/"])
    def test_adds_money_over_the_demo_rail(self, amina, account, demo_bank, path):
        answer = amina.post(path, {"money": kes("500.00")}, **key())

        assert answer.status_code == 201
        assert answer.json()["state"] == "PAID"
        assert amina.get("/accounts/me").json()["accounts"][0]["balance"] == kes("3500.00")
        receipt_no = answer.json()["receipt_no"]
        told = amina.get(f"/api/v1/payments/topups/{receipt_no}/").json()
        assert told["money"] == kes("500.00")
        refused(
            Program(user=DepositAccountFactory().customer.user).get(
                f"/api/v1/payments/topups/{receipt_no}/"
            ),
            404,
            "NO_SUCH_TOPUP",
        )

    def test_says_what_fits_into_the_account(self, amina, demo_bank):
        answer = amina.post(DEPOSIT, {"money": kes("900000.00")}, **key())

        details = refused(answer, 400, "MAXIMUM_BALANCE")
        assert details["currency"] == "KES"

    def test_says_that_no_way_is_open(self, amina):
        refused(amina.post(DEPOSIT, {"money": kes("5.00")}, **key()), 409, "NO_WAY_OPEN")

    def test_takes_no_other_currency(self, amina, demo_bank):
        body = {"money": {"amount": "5.00", "currency": "USD"}}
        refused(amina.post(DEPOSIT, body, **key()), 400, "WRONG_CURRENCY")

    @pytest.mark.parametrize(
        "money",
        [
            5,
            "5.00",
            {"amount": 5, "currency": "KES"},
            {"amount": "5,000", "currency": "KES"},
            {"amount": "-5", "currency": "KES"},
            {"amount": "1e3", "currency": "KES"},
            {"amount": "0.00", "currency": "KES"},
            {"amount": "0.001", "currency": "KES"},
            {"amount": "٥", "currency": "KES"},
            {"amount": "5", "currency": "XXX"},
            {"amount": "5"},
            {"amount": "5", "currency": "KES", "more": 1},
            None,
        ],
    )
    def test_takes_only_amounts_that_are_amounts(self, amina, demo_bank, money):
        details = refused(amina.post(DEPOSIT, {"money": money}, **key()), 422, "VALIDATION_ERROR")

        assert list(details["fields"]) == ["money"]
        assert not TopUp.objects.exists()


class TestTransfer:
    def test_is_held_and_sent_when_the_pin_came(self, amina, grace):
        answer = amina.post(SEND, order(grace, reason="Rent"), **key())

        assert answer.status_code == 202
        told = answer.json()
        assert (told["state"], told["authorise_with"]) == ("DRAFT", "PIN")
        assert told["payee_name"] == "Grace Wanjiku Mwangi"
        assert told["authorise_url"].endswith(f"/move/transfers/check/{told['id']}/")
        assert amina.get("/accounts/me").json()["accounts"][0]["balance"] == kes("3000.00")

        sent = amina.post(f"{SEND}{told['id']}/authorise", {"secret": PIN})
        again = amina.post(f"{SEND}{told['id']}/authorise", {"secret": "0000"})

        assert sent.status_code == 200
        assert sent.json()["state"] == "PAID"
        assert again.json()["receipt_no"] == sent.json()["receipt_no"] != ""
        left = amina.get("/accounts/me").json()["accounts"][0]["balance"]["amount"]
        total = sent.json()["total"]["amount"]
        assert float(left) == 3000 - float(total)  # noqa: RUF100 - shown, not booked.
        assert amina.get(f"{SEND}{told['id']}/").json()["paid_at"]

    def test_is_not_sent_by_another_pin(self, amina, grace):
        told = amina.post(SEND, order(grace), **key()).json()

        answer = amina.post(f"{SEND}{told['id']}/authorise", {"secret": "0000"})

        assert refused(answer, 400, "WRONG_PIN")["left"] == "2"
        assert Transfer.objects.get(public_id=told["id"]).is_draft

    def test_asks_for_the_texted_code_above_what_a_pin_may(self, grace):
        account = DepositAccountFactory(balance="60000", customer__tier_id="TIER_2")
        amina = Program(user=account.customer.user)
        told = amina.post(SEND, order(grace, "50000.00"), **key()).json()
        assert told["authorise_with"] == "CODE"

        refused(amina.post(f"{SEND}{told['id']}/code"), 429, "CODE_TOO_SOON")
        sent = amina.post(f"{SEND}{told['id']}/authorise", {"secret": code_in("code_transfer")})

        assert sent.json()["state"] == "PAID"

    def test_takes_no_code_of_the_app_that_was_used(self, grace):
        account = DepositAccountFactory(balance="60000", customer__tier_id="TIER_2")
        user = account.customer.user
        amina, code = Program(user=user), code_at(timezone.now())
        give_app(user)
        mfa.verify(user=user, code=code, at=timezone.now())
        told = amina.post(SEND, order(grace, "50000.00"), **key()).json()
        assert told["authorise_with"] == "TOTP"

        answer = amina.post(f"{SEND}{told['id']}/authorise", {"secret": code})

        refused(answer, 409, "CODE_USED")

    def test_can_be_cancelled_until_it_is_sent(self, amina, grace):
        told = amina.post(SEND, order(grace), **key()).json()

        assert amina.post(f"{SEND}{told['id']}/cancel").json()["state"] == "CANCELLED"
        answer = amina.post(f"{SEND}{told['id']}/authorise", {"secret": PIN})
        refused(answer, 409, "DRAFT_CHANGED")

    def test_between_own_accounts_moves_at_once(self, amina, account):
        savings = DepositAccountFactory(customer=account.customer, is_another=True)

        answer = amina.post(SEND, order(savings, source=account.number), **key())

        assert (answer.status_code, answer.json()["state"]) == (201, "PAID")
        balances = [each["balance"] for each in amina.get("/accounts/me").json()["accounts"]]
        assert balances == [kes("2000.00"), kes("1000.00")]

    def test_of_somebody_else_is_none(self, amina):
        draft = DraftFactory()
        for path in ("", "authorise", "cancel", "code"):
            for public_id in (draft.public_id, uuid4()):
                address = f"{SEND}{public_id}/{path}"
                answer = (
                    amina.post(address, {"secret": PIN})
                    if path == "authorise"
                    else (amina.post(address) if path else amina.get(address))
                )
                refused(answer, 404, "NO_SUCH_TRANSFER")

    @pytest.mark.proves("PA05", "PA04")
    def test_without_enough_money_says_the_three_figures(self, amina, grace):
        answer = amina.post(SEND, order(grace, "5000.00"), **key())

        details = refused(answer, 400, "INSUFFICIENT_FUNDS")
        told = {name: details[name] for name in ("required", "available", "deficit", "currency")}
        fee = details["fee"]
        assert fee == "0.00"
        assert told == {
            "required": "5000.00",
            "available": "3000.00",
            "deficit": "2000.00",
            "currency": "KES",
        }

    @pytest.mark.parametrize(
        ("recipient", "status", "code"),
        [
            ("0799999999", 404, "PAYEE_NOT_FOUND"),
            ("nobody", 422, "PAYEE_NOT_UNDERSTOOD"),
            ("'; DROP TABLE ledger_posting; --", 422, "PAYEE_NOT_UNDERSTOOD"),
        ],
    )
    def test_needs_somebody_who_banks_here(self, amina, recipient, status, code):
        body = {"recipient": recipient, "money": kes("5.00")}
        refused(amina.post(SEND, body, **key()), status, code)

    def test_goes_to_somebody_else(self, amina, account):
        refused(amina.post(SEND, order(account), **key()), 400, "OWN_ACCOUNT")


class TestTheKey:
    @pytest.mark.parametrize("bad", [None, "", "short", "with spaces here", "x" * 65, "ключключ"])
    @pytest.mark.parametrize("path", [SEND, DEPOSIT])
    def test_must_come_with_money(self, amina, grace, path, bad):
        headers = {} if bad is None else {"Idempotency-Key": bad}
        body = order(grace) if path == SEND else {"money": kes("5.00")}

        refused(amina.post(path, body, **headers), 400, "IDEMPOTENCY_KEY_MISSING")

    def test_gives_the_first_answer_byte_for_byte(self, amina, grace):
        body, once = order(grace), key()
        first = amina.post(SEND, body, **once)
        amina.post(f"{SEND}{first.json()['id']}/authorise", {"secret": PIN})

        again = amina.post(SEND, body, **once)

        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert Transfer.objects.count() == 1

    def test_keeps_the_answer_sealed(self, amina, grace):
        amina.post(SEND, order(grace), **key())

        with connection.cursor() as cursor:
            cursor.execute("SELECT answer FROM ledger_doorkey")
            [[kept]] = cursor.fetchall()
        assert "Grace" not in kept
        assert "Grace" in DoorKey.objects.get().answer

    def test_stands_for_one_body_only(self, amina, grace):
        once = key()
        amina.post(SEND, order(grace), **once)

        refused(amina.post(SEND, order(grace, "1.00"), **once), 422, "REFERENCE_REUSED")

    def test_of_a_refused_request_may_come_again(self, amina, account, grace):
        from ledger import factories as ledger_factories

        body, once = order(grace, "5000.00"), key()
        refused(amina.post(SEND, body, **once), 400, "INSUFFICIENT_FUNDS")
        ledger_factories.put_in(account.ledger_account, "9000")

        assert amina.post(SEND, body, **once).status_code == 202

    def test_is_each_customers_own(self, amina, grace):
        once = key()
        other = DepositAccountFactory(balance="3000")

        mine = amina.post(SEND, order(grace), **once)
        theirs = Program(user=other.customer.user).post(SEND, order(grace, "2.00"), **once)

        assert (mine.status_code, theirs.status_code) == (202, 202)

    def test_finds_the_deed_of_who_died_before_answering(self, amina, demo_bank, monkeypatch):
        """The process dies after the money came and before its answer was kept."""
        body, once = {"money": kes("500.00")}, key()

        def die(**_):
            raise SystemExit("killed")

        with monkeypatch.context() as broken:
            broken.setattr(doors, "keep_answer", die)
            with pytest.raises(SystemExit):
                amina.post(DEPOSIT, body, **once)
        answer = amina.post(DEPOSIT, body, **once)

        assert (answer.status_code, answer.json()["state"]) == (201, "PAID")
        assert TopUp.objects.count() == 1
        assert amina.get("/accounts/me").json()["accounts"][0]["balance"] == kes("3500.00")


@pytest.mark.django_db(transaction=True)
class TestTheSameKeyAtOnce:
    def test_makes_one_deed(self, demo_bank):
        account = DepositAccountFactory()
        amina = Program(user=account.customer.user)
        body, once = {"money": kes("500.00")}, key()
        booked = Entry.objects.count()

        def ask(_):
            mine = Program()
            mine.headers = amina.headers
            try:
                return mine.post(DEPOSIT, body, **once)
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(ask, range(8)))

        done = [each for each in answers if each.status_code == 201]
        waited = [each for each in answers if each.status_code != 201]
        assert done and len({each.content for each in done}) == 1
        for each in waited:
            refused(each, 409, "REQUEST_IN_FLIGHT")
            assert each["Retry-After"] == "1"
        assert Entry.objects.count() == booked + 1
        assert isinstance(amina.client, Client)
