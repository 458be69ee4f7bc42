"""
Secrets and facts of persons, typed into the running bank through its own doors, are found in plain
sight nowhere but where they are meant to be (G23): the homes that are named here, with the reason.
"""

import re
import time
from datetime import UTC, datetime

import psycopg
import pytest
import requests
from django.conf import settings as configured
from django.utils import timezone

from accounts.access.models import User
from accounts.access.tests.apps import code_at
from accounts.access.tests.steps import newest
from accounts.factories import CustomerFactory, DepositAccountFactory, photo
from accounts.notifications.models import Message
from accounts.partners import webhooks
from accounts.partners.factories import AppFactory
from ledger.controls.models import OutboxMessage
from wekeza.kit.actor import SYSTEM
from wekeza.tests.canaries import (
    Browser,
    Canaries,
    Listener,
    kept_by_tables,
    kept_by_valkey,
    kept_in_files,
    running_statements,
)
from wekeza.tests.servers import start_bank

pytestmark = pytest.mark.django_db(transaction=True)

# Where a value may be read in the database, and why. Everything else is sealed, hashed or not kept.
HOMES = {
    "accounts_user.email": {"email"},  # The login's name; mails go there.
    "account_emailaddress.email": {"email"},  # allauth's list of the same.
    "accounts_customer.full_name": {"name"},  # Payees and officers read it; found by its like.
    "accounts_address.line": {"address", "KYC address"},  # Letters go there.
    "accounts_apicall.idempotency_key": {"idempotency key"},  # Its sender reads it in the log.
    "ledger_ledgeraccount.name": {"name"},  # The books say whose account it is.
    "ledger_entry.memo": {"reason"},  # Both statements show it.
    "ledger_doorkey.key": {"idempotency key"},  # Found by it; it opens nothing.
    "payments_transfer.reason": {"reason"},
}
DEMO_INBOX = "accounts_demoinboxitem."  # Of a demo bank alone: it stands in for every phone.


@pytest.fixture
def bank(bank_environment, demo_bank, tmp_path):
    """A bank of its own, whose tasks go over a real queue."""
    running = start_bank(bank_environment, tmp_path, WEKEZA_TEST_BROKER="1")
    yield running
    running.stop()


@pytest.fixture
def broken(bank_database):
    """Lets the database refuse certain rows, so that a page and a task fail in the middle."""
    names = []

    def refuse(table, condition):
        name = f"canary_{len(names)}_{table}"
        with psycopg.connect(bank_database["owner"]) as owner:
            owner.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID"
            )
        names.append((table, name))

    yield refuse
    with psycopg.connect(bank_database["owner"]) as owner:
        for table, name in names:
            owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


class Person:
    """A customer-to-be at a browser, and what is hers."""

    def __init__(self, bank, canaries):
        self.browser, self.canaries = Browser(bank.url), canaries
        self.email = canaries.word("email", "canary-{}@example.com")
        number = canaries.digits("phone", 8)
        self.phone = f"+2547{number}"
        self.password = canaries.word("password", "canary lake {} at dawn")

    def code(self, kind):
        found = re.search(r"\b[0-9]{6}\b", newest(kind).body)
        return found[0]

    def register(self):
        mine, see = self.canaries, self.browser
        see.send(
            "/register/",
            phone="0712 BAD" + mine.word("refused phone"),
            email="x",
            password1="short",
        )
        see.send("/register/", phone=self.phone, email=self.email, password1=self.password)
        see.send("/access/phone/verify/", code=mine.word("wrong code"), action="verify")
        see.send("/access/phone/verify/", code=self.code("code_phone"), action="verify")
        code = self.code("email_confirmation_signup")
        see.send("/access/confirm-email/", code=code, action="verify")
        born = {"date_of_birth_0": "27", "date_of_birth_1": "3", "date_of_birth_2": "1994"}
        refused = {"full_name": mine.word("refused name", "<b>{}</b>"), **born}
        see.send("/register/details/", national_id=mine.word("refused ID"), **refused)
        facts = {"full_name": mine.letters("name", "Zawadi {} Njeri"), **born}
        see.send("/register/details/", national_id=mine.digits("national ID", 8), **facts)
        typed = mine.digits("refused PIN", 9)
        see.send("/register/pin/", pin=typed, pin_again=typed)
        see.send("/register/pin/", pin="2580", pin_again="2580")
        see.send("/register/check/", terms="on", data="on")
        assert "Welcome" in see.see("/register/welcome/") or see.answer.status_code == 200
        mine.keep("session", see.session.cookies["session"])
        mine.keep("token of forms", see.session.cookies["csrf"])
        return User.objects.get(email=self.email)

    def bank_by_pages(self):
        mine, see = self.canaries, self.browser
        see.send(
            "/settings/profile/addresses/add/",
            line=mine.word("address", "House {}"), kind="HOME", town="Kilifi", county="03",
        )  # fmt: skip
        see.send("/settings/profile/", occupation=mine.word("occupation", "Teacher {}"))
        see.send("/settings/kyc/", tier="TIER_2")
        typed = {"address": mine.word("KYC address", "Plot {}"), "occupation": "Teacher"}
        see.send("/settings/kyc/facts/", kra_pin=mine.word("refused KRA PIN"), **typed)
        see.send("/settings/kyc/facts/", kra_pin=mine.digits("KRA PIN", 9, "A{}Z"), **typed)
        page = "/documents/upload/id-front/"
        secret = mine.word("refused file").encode()
        see.send(page, files={"file": ("page.html", b"<html>" + secret)})
        note = mine.word("comment in a photo").encode()
        name = mine.word("name of a file", "{}.jpg")
        see.send(page, files={"file": (name, photo(shade=77, comment=note), "image/jpeg")})
        see.see("/view/transactions/?q=" + mine.word("search"))
        see.send(
            "/move/transfers/send/",
            recipient=mine.digits("unknown phone", 8, "07{}"), amount="5", reason="x",
        )  # fmt: skip

    def pay(self, payee):
        mine, see = self.canaries, self.browser
        sent = see.send(
            "/move/transfers/send/",
            recipient=payee.number, amount="150", reason=mine.word("reason", "Rent {}"),
        )  # fmt: skip
        check = sent.headers["Location"]
        see.send(check, code=mine.digits("wrong PIN", 9))
        assert "/receipt/" in see.send(check, code="2580").headers["Location"]

    def fail_to_log_in(self, bank):
        mine, other = self.canaries, Browser(bank.url)
        other.session.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux) Firefox/130.0"
        wrong = mine.word("wrong password", "wrong lake {} at dawn")
        other.send("/login/", login=self.email, password=wrong)
        stranger = mine.word("stranger", "stranger-{}@example.com")
        other.send("/login/", login=stranger, password=mine.word("stranger's password"))
        other.send("/access/password/reset/", email=mine.word("lost", "lost-{}@example.com"))
        other.send("/login/", login=self.email, password=self.password)
        mine.keep("second session", other.session.cookies["session"])


class Program:
    """The same customer by program, and an app of a partner."""

    def __init__(self, bank, canaries):
        self.url, self.canaries = bank.url, canaries

    def post(self, path, body, **headers):
        return requests.post(self.url + path, json=body, headers=headers, timeout=30)

    def use(self, person, payee):
        mine = self.canaries
        said = {"username": person.email, "password": person.password}
        wrong = mine.word("wrong password by program")
        assert self.post("/api/v1/auth/login", said | {"password": wrong}).status_code == 401
        self.post("/api/v1/auth/login", {"pasword": mine.word("password in a wrong field")})
        told = self.post("/api/v1/auth/login", said).json()
        mine.keep("refresh token", told["refresh_token"])
        told = self.post("/api/v1/auth/refresh", {"refresh_token": told["refresh_token"]}).json()
        mine.keep("next refresh token", told["refresh_token"])
        token = {"Authorization": f"Bearer {mine.keep('access token', told['access_token'])}"}
        forged = {"Authorization": f"Bearer {mine.word('forged token')}"}
        requests.get(self.url + "/users/me", headers=forged, timeout=30)
        asked = "/api/v1/accounts/?token=" + mine.word("value in an address")
        requests.get(self.url + asked, headers=token, timeout=30)
        key = {"Idempotency-Key": mine.word("idempotency key")}
        money = {"amount": "2000.00", "currency": "KES"}
        paid = self.post("/accounts/deposit", {"money": money}, **token, **key)
        assert paid.status_code == 201, paid.text
        order = {"recipient": payee.number, "money": money | {"amount": "9.99999"}}
        self.post("/api/v1/payments/transfers/", order | {"note": mine.word("note")}, **token)
        return token

    def turn_app_on(self, token):
        mine, setup = self.canaries, "/api/v1/2fa/totp/setup"
        self.post(setup, {"pin": "2580"}, **token)
        code = re.search(r"\b[0-9]{6}\b", Message.objects.order_by("-id").first().body)[0]
        told = self.post(setup, {"pin": "2580", "code": code}, **token).json()
        secret = mine.keep("authenticator", told["secret"])
        said = {"setup_token": mine.keep("setup token", told["setup_token"])}
        said["code"] = code_at(timezone.now(), secret)
        told = self.post("/api/v1/2fa/totp/confirm", said, **token).json()
        for number, each in enumerate(told["recovery_codes"]):
            mine.keep(f"recovery code {number}", each)

    def use_app(self, app, hook):
        mine = self.canaries
        mine.keep("client secret", app.secret)
        mine.keep("webhook secret", hook.secret.removeprefix("whsec_"))
        said = {"grant_type": "client_credentials", "client_id": app.client_id}
        where = self.url + "/identity/o/api/token"
        wrong = {"client_secret": mine.word("wrong client secret")}
        requests.post(where, data=said | wrong, timeout=30)
        told = requests.post(where, data=said | {"client_secret": app.secret}, timeout=30).json()
        token = mine.keep("partner's token", told["access_token"])
        headers = {"Authorization": f"Bearer {token}"}
        requests.get(self.url + "/api/v1/partner/consents/", headers=headers, timeout=30)


def break_a_page(person, broken):
    """The row is refused by the database, whose message holds every value of it."""
    broken("accounts_address", "line NOT LIKE 'Ruin %'")
    see, mine = person.browser, person.canaries
    line = mine.word("address of a fault", "Ruin {}")
    where = {"kind": "HOME", "town": "Kilifi", "county": "03"}
    answer = see.send("/settings/profile/addresses/add/", line=line, **where)
    assert answer.status_code == 500
    assert line not in answer.text and "Traceback" not in answer.text


def wait_until_told(worker):
    until = time.monotonic() + 30
    while OutboxMessage.objects.filter(state="PENDING", due_at__lte=timezone.now()).exists():
        assert time.monotonic() < until, "the outbox was not emptied"
        worker.ask("outbox.sweep")
        time.sleep(0.3)


@pytest.mark.proves("IA36")
def test_nothing_typed_into_the_bank_lies_open(
    bank, celery_worker, valkey, bank_database, broken, test_cluster
):
    canaries = Canaries()
    person, program = Person(bank, canaries), Program(bank, canaries)
    payee, app = DepositAccountFactory(customer=CustomerFactory()), AppFactory()
    at = datetime.now(UTC)
    hook = webhooks.add(
        app, url="http://127.0.0.1:9/hook", topics=webhooks.TOPICS, at=at, actor=SYSTEM
    )
    server_log = test_cluster.folder / "postgres-test.log"
    already = server_log.stat().st_size if server_log.exists() else 0

    with Listener(valkey.socket) as said_to_valkey:
        person.register()
        person.fail_to_log_in(bank)
        token = program.use(person, payee)
        program.use_app(app, hook)
        person.bank_by_pages()
        person.pay(payee)
        break_a_page(person, broken)
        program.turn_app_on(token)
        wait_until_told(celery_worker)

    assert len(canaries.values) >= 30
    shown = {
        "log of the web": bank.log.read_text(),
        "log of the worker": celery_worker.log.read_text(),
        "Valkey, as it was told": "\n".join(said_to_valkey.heard),
        "Valkey, as it is": kept_by_valkey(valkey.socket),
        "files": kept_in_files(configured.STORAGES["documents"]["OPTIONS"]["location"]),
        "statements that run": running_statements(bank_database["owner"]),
    }
    if server_log.exists():
        shown["log of the database"] = server_log.read_bytes()[already:].decode("utf-8", "replace")
    found = {place: canaries.in_text(text) for place, text in shown.items()}
    rows = kept_by_tables(bank_database["owner"], canaries)
    found |= {
        column: names - HOMES.get(column, set())
        for column, names in rows.items()
        if not column.startswith(DEMO_INBOX)
    }
    assert {place: names for place, names in found.items() if names} == {}
    assert set(HOMES) - set(rows) == set(), "nobody lives there: take these homes away"
