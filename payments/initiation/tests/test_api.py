"""The partner API: what a consent opens, and nothing else; payments that a customer authorises."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from allauth.idp.oidc.models import Token
from django.test import Client

from accounts.access.tests.keys import HOST, give_key
from accounts.factories import PIN, DepositAccountFactory, actor_of
from accounts.gateway.models import ApiCall
from accounts.partners import consents
from accounts.partners import operations as partners
from accounts.partners import queries as partner_queries
from accounts.partners.factories import (
    EVERYTHING,
    AppFactory,
    ConsentFactory,
    PartnerFactory,
    admitted,
    agreed_quota,
)
from accounts.partners.models import PartnerApp, PartnerConsent
from accounts.partners.webhook_models import WebhookDelivery, WebhookEndpoint
from ledger.approvals.terms import NotWhole
from ledger.controls import outbox
from payments.factories import TransferFactory
from payments.initiation import notices
from payments.initiation import operations as initiation
from payments.initiation.models import PartnerPayment
from payments.initiation.refusals import PaymentOver
from payments.transfers import operations as transfers
from wekeza.kit.actor import SYSTEM
from wekeza.tests.api.steps import Program, refused

pytestmark = pytest.mark.django_db
API = "/api/v1/partner"
HANDLERS = {event: [notices.tell_app] for event in notices.EVENTS} | {
    "transfer.paid": [initiation.settle, notices.tell_of_transfer],
    "topup.paid": [notices.tell_of_topup],
}


@pytest.fixture
def app(demo_bank):
    return AppFactory()


@pytest.fixture
def account():
    return DepositAccountFactory(balance="5000", customer__full_name="Juma Otieno Ochieng")


@pytest.fixture
def consent(app, account):
    return ConsentFactory(app=app, customer=account.customer)


@pytest.fixture
def now():
    return datetime.now(UTC)


def program(app, *, user=None, scopes=EVERYTHING, lasts=timedelta(minutes=10)):
    """An app with a token of the identity provider."""
    value = uuid4().hex
    token = Token(client=app.client, user=user, type=Token.Type.ACCESS_TOKEN)
    token.expires_at = datetime.now(UTC) + lasts
    token.set_value(value)
    token.set_scopes(list(scopes))
    token.save()
    return Program().use(value)


def order(source, target, **more):
    money = {"amount": "1500.00", "currency": "KES"}
    return {"source": source.number, "recipient": target.number, "money": money} | more


def key():
    return {"Idempotency_Key": uuid4().hex}


def hear(at):
    outbox.sweep(handlers=HANDLERS, at=at, most=500)


class TestShared:
    @pytest.mark.proves("PA09", "PA10")
    def test_an_app_sees_the_account_that_was_chosen(self, app, account, consent):
        asker = program(app, user=account.customer.user)

        listed = asker.get(f"{API}/accounts/").json()
        balances = asker.get(f"{API}/accounts/{account.number}/balances/").json()

        assert [row["number"] for row in listed["accounts"]] == [account.number]
        assert balances["available"] == {"amount": "5000.00", "currency": "KES"}

    @pytest.mark.proves("PA10")
    @pytest.mark.parametrize("path", ["", "balances/", "transactions/"])
    def test_another_account_of_the_same_customer_looks_like_none(
        self, app, account, consent, path
    ):
        other = DepositAccountFactory(customer=account.customer, is_another=True)
        asker = program(app, user=account.customer.user)

        theirs = asker.get(f"{API}/accounts/{other.number}/{path}")
        absent = asker.get(f"{API}/accounts/0010000000000/{path}")

        assert refused(theirs, 404, "NOT_FOUND") == refused(absent, 404, "NOT_FOUND")

    def test_an_apps_own_token_sees_all_that_consents_share_with_it(self, app, account, consent):
        another = ConsentFactory(app=app)
        ConsentFactory(app=AppFactory(name="Other"))

        asker = program(app)

        numbers = {row["number"] for row in asker.get(f"{API}/accounts/").json()["accounts"]}
        ids = {row["id"] for row in asker.get(f"{API}/consents/").json()["consents"]}
        assert numbers == {account.number, another.accounts.get().number}
        assert ids == {str(consent.public_id), str(another.public_id)}

    def test_the_transactions_come_page_by_page(self, app, account, consent):
        for _ in range(3):
            TransferFactory(source=account, amount=100)
        asker = program(app, user=account.customer.user)
        path = f"{API}/accounts/{account.number}/transactions/"

        first = asker.get(f"{path}?size=3").json()
        second = asker.get(f"{path}?size=3&cursor={first['next']}").json()

        rows = first["transactions"] + second["transactions"]
        assert (len(first["transactions"]), second["next"]) == (3, None)
        assert len({row["id"] for row in rows}) == len(rows) == 4

    def test_a_scope_that_was_not_given_opens_nothing(self, app, account):
        ConsentFactory(app=app, customer=account.customer, scopes=("accounts.read",))
        greedy = program(app, user=account.customer.user)
        modest = program(app, user=account.customer.user, scopes=("accounts.read",))
        path = f"{API}/accounts/{account.number}/balances/"

        refused(greedy.get(path), 403, "CONSENT_REQUIRED")
        refused(modest.get(path), 403, "INSUFFICIENT_SCOPE")

    def test_a_scope_that_the_app_lost_is_gone_from_its_tokens(self, app, account, consent, now):
        asker = program(app, user=account.customer.user)
        partners.change_app(
            app, scopes=["accounts.read"], redirect_uris=[], networks=[], at=now, actor=SYSTEM
        )

        answer = asker.get(f"{API}/accounts/{account.number}/balances/")

        refused(answer, 403, "INSUFFICIENT_SCOPE")

    @pytest.mark.proves("PA10")
    def test_a_consent_that_is_over_or_revoked_opens_nothing(self, app, account, now):
        over = ConsentFactory(
            app=app, customer=account.customer, days=30, at=now - timedelta(days=30, seconds=1)
        )
        asker = program(app, user=account.customer.user)
        refused(asker.get(f"{API}/accounts/"), 403, "CONSENT_REQUIRED")

        consents.revoke(over, at=now, actor=SYSTEM)
        refused(asker.get(f"{API}/accounts/"), 401, "INVALID_TOKEN")

    def test_remembers_when_a_consent_was_last_used(self, app, account, consent):
        program(app).get(f"{API}/accounts/{account.number}/balances/")

        consent.refresh_from_db()
        assert consent.last_used_at is not None

    def test_an_old_token_and_a_foreign_address_open_nothing(self, app, account, consent, now):
        old = program(app, lasts=timedelta(seconds=-1))
        refused(old.get(f"{API}/accounts/"), 401, "INVALID_TOKEN")

        networks = {"redirect_uris": [], "networks": ["196.201.214.0/24"]}
        partners.change_app(app, scopes=EVERYTHING, **networks, at=now, actor=SYSTEM)
        refused(program(app).get(f"{API}/accounts/"), 403, "IP_NOT_ALLOWED")

    def test_an_apps_token_opens_no_door_of_people(self, app, account, consent):
        asker = program(app, user=account.customer.user)

        for path in ("/accounts/me", "/users/me", f"/api/v1/accounts/{account.number}/"):
            assert asker.get(path).status_code == 401

    def test_a_persons_token_opens_no_door_of_apps(self, account):
        assert Program(user=account.customer.user).get(f"{API}/accounts/").status_code == 401


class TestQuota:
    @pytest.mark.proves("PA18")
    def test_a_day_that_is_used_up_says_when_to_come_again(self, app):
        agreed_quota(mode="SANDBOX", app=app, per_minute=2, per_day=2)
        asker = program(app)

        answers = [asker.get(f"{API}/consents/") for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[0]["X-RateLimit-Remaining"] == "1"
        assert 0 < int(answers[2]["Retry-After"]) <= 24 * 3600 + 1

    def test_of_two_in_force_the_newer_counts(self, app, now):
        agreed_quota(mode="SANDBOX", per_minute=7, per_day=70)

        answer = program(app).get(f"{API}/consents/")

        assert (answer.status_code, answer["X-RateLimit-Limit"]) == (200, "7")
        own = agreed_quota(mode="SANDBOX", app=app, per_minute=9, per_day=90)
        assert partner_queries.quota_of(app, at=now) == own

    def test_of_an_app_is_of_its_own_mode(self, app):
        with pytest.raises(NotWhole):
            agreed_quota(mode="LIVE", app=app, per_minute=9, per_day=90)

    def test_of_dear_calls_is_not_widened_by_the_apps_own(self, app, account, consent, settings):
        settings.API_PER_MINUTE = settings.API_PER_MINUTE | {"money": 2}
        asker = program(app)

        asked = [asker.post(f"{API}/payments/", {}, **key()).status_code for _ in range(3)]
        looked = [asker.get(f"{API}/accounts/").status_code for _ in range(3)]

        assert (asked, looked) == ([422, 422, 429], [200, 200, 200])

    def test_counts_in_the_database_whoever_asks_at_once(self, app, now):
        with pytest.raises(partners.QuotaUsed) as refusal:
            for _ in range(101):
                partners.count_call(app, at=now.replace(second=30))

        assert refusal.value.facts["most"] == 100
        assert refusal.value.facts["retry_after"] in {30, 31}

    def test_a_live_app_has_the_quota_of_its_mode(self, demo_bank, now):
        app = AppFactory(partner=admitted(PartnerFactory()), mode=PartnerApp.Mode.LIVE)

        assert partners.count_call(app, at=now) == (600, 599)


class TestLog:
    @pytest.mark.proves("PA11", "PA19", "SE30")
    def test_every_call_is_logged_with_its_id_its_key_and_its_error(self, app, account, consent):
        asker, used = program(app), key()

        good = asker.get(f"{API}/accounts/")
        asker.post(f"{API}/payments/", {"source": 1}, **used)

        first, second = ApiCall.objects.filter(principal=app.key).order_by("pk")
        assert (first.status, first.request_id) == (200, good["X-Request-ID"])
        assert (second.status, second.error_code) == (422, "VALIDATION_ERROR")
        assert second.idempotency_key == used["Idempotency_Key"]

    @pytest.mark.proves("PA11", "PA19")
    def test_an_app_that_is_turned_away_at_the_door_finds_it_in_its_log(self, app, now):
        asker = program(app)
        networks = {"redirect_uris": [], "networks": ["196.201.214.0/24"]}
        partners.change_app(app, scopes=EVERYTHING, **networks, at=now, actor=SYSTEM)

        refused(asker.get(f"{API}/accounts/"), 403, "IP_NOT_ALLOWED")

        call = partner_queries.calls_logged(app).get()
        assert (call.status, call.error_code) == (403, "IP_NOT_ALLOWED")


class TestWhatAppsHearOfABalance:
    def told(self, app, account, *, scopes, at=None):
        """The events of one app, with what they say, after 1,500 went out and 200 came in."""
        consent = ConsentFactory(app=app, customer=account.customer, scopes=scopes)
        hook = WebhookEndpoint.objects.create(
            app=app, url="https://duka.example", topics=["account", "transaction"], secret="whsec_e"
        )
        if at:
            consents.revoke(consent, at=at, actor=SYSTEM)
        TransferFactory(source=account, amount="1500")
        TransferFactory(target=account, amount="200")
        hear(datetime.now(UTC) + timedelta(seconds=5))
        hear(datetime.now(UTC) + timedelta(seconds=5))
        return [(row.event, row.data) for row in hook.deliveries.order_by("sequence")]

    def test_who_may_see_the_balance_hears_that_it_changed_and_no_amount(self, app, account):
        told = self.told(app, account, scopes=("accounts.read", "balances.read"))

        only = {"account": account.number}
        assert told == [("account.debited", only), ("account.credited", only)]

    def test_who_may_see_transactions_alone_hears_of_those(self, app, account):
        told = self.told(app, account, scopes=("accounts.read", "transactions.read"))

        assert [event for event, _data in told] == ["transaction.posted"] * 2
        assert told[0][1]["money"] == {"amount": "1500.00", "currency": "KES"}

    def test_who_may_see_names_only_hears_nothing(self, app, account):
        assert self.told(app, account, scopes=("accounts.read",)) == []

    def test_after_the_consent_ended_nobody_hears(self, app, account, now):
        assert self.told(app, account, scopes=EVERYTHING, at=now) == []


class TestPayment:
    def ask(self, app, account, target=None, **headers):
        target = target or DepositAccountFactory()
        return program(app).post(f"{API}/payments/", order(account, target), **(headers or key()))

    @pytest.mark.proves("PA09")
    def test_the_customer_authorises_it_on_our_page_and_the_app_hears(
        self, client, app, account, consent, now
    ):
        WebhookEndpoint.objects.create(
            app=app,
            url="https://duka.example",
            topics=["payment", "transaction"],
            secret="whsec_eA",
        )
        asked = self.ask(app, account)
        body = asked.json()
        assert (asked.status_code, body["status"]) == (202, "PENDING")
        page = body["authorise_url"].partition("://")[2].partition("/")[2]

        client.force_login(account.customer.user)
        assert "Duka" in client.get(f"/{page}").text
        check = client.post(f"/{page}")["Location"]
        receipt = client.post(check, {"code": PIN})

        assert receipt.status_code == 303
        hear(now + timedelta(seconds=30))
        hear(now + timedelta(seconds=60))
        seen = program(app).get(f"{API}/payments/{body['id']}/").json()
        assert (seen["status"], seen["authorise_url"]) == ("COMPLETED", "")
        assert seen["receipt_no"] in receipt["Location"]
        told = set(WebhookDelivery.objects.values_list("event", flat=True))
        assert told == {"payment.pending", "payment.completed", "transaction.posted"}

    def test_the_same_key_asks_once_and_another_body_is_refused(self, app, account, consent):
        target, used = DepositAccountFactory(), key()

        first = self.ask(app, account, target, **used)
        again = self.ask(app, account, target, **used)
        other = program(app).post(
            f"{API}/payments/", order(account, target, reason="Other"), **used
        )

        assert first.content == again.content
        assert PartnerPayment.objects.count() == 1
        refused(other, 422, "REFERENCE_REUSED")
        keyless = program(app).post(f"{API}/payments/", order(account, target))
        refused(keyless, 400, "IDEMPOTENCY_KEY_MISSING")

    def test_an_account_outside_the_consent_looks_like_none(self, app, account, consent):
        foreign = DepositAccountFactory(balance="5000")

        refused(self.ask(app, foreign, account), 404, "NO_SUCH_PAYMENT")

    def test_another_apps_payment_looks_like_none(self, app, account, consent):
        made = self.ask(app, account).json()
        thief = program(AppFactory(name="Thief"))

        refused(thief.get(f"{API}/payments/{made['id']}/"), 404, "NO_SUCH_PAYMENT")
        answer = thief.post(f"{API}/payments/{made['id']}/cancel/")
        refused(answer, 404, "NO_SUCH_PAYMENT")

    def test_the_customer_may_sign_it_with_a_passkey(self, app, account, consent, now):
        made, key = self.ask(app, account).json(), give_key(account.customer.user)
        browser = Client(SERVER_NAME=HOST)
        browser.force_login(account.customer.user)

        check = browser.post(f"/move/initiation/{made['id']}/")["Location"]
        asked = browser.post(check, {"passkey": "ask"}).json()
        answer = browser.post(check, {"credential": key.signed(asked)})
        hear(datetime.now(UTC))

        payment = PartnerPayment.objects.select_related("transfer").get()
        assert answer["Location"].startswith("/move/transfers/receipt/")
        assert (payment.state, payment.transfer.authorised_by) == ("COMPLETED", "KEY")

    def test_another_customer_sees_no_page_of_it(self, client, app, account, consent):
        made = self.ask(app, account).json()
        client.force_login(DepositAccountFactory().customer.user)

        assert client.get(f"/move/initiation/{made['id']}/").status_code == 404

    def test_is_cancelled_while_it_is_pending_with_its_draft(self, app, account, consent, now):
        made = self.ask(app, account).json()
        payment = PartnerPayment.objects.get()
        draft = initiation.open_draft(payment, at=now, actor=actor_of(account.customer))

        answer = program(app).post(f"{API}/payments/{made['id']}/cancel/")

        draft.refresh_from_db()
        assert (answer.json()["status"], draft.state) == ("CANCELLED", "CANCELLED")
        refused(
            program(app).post(f"{API}/payments/{made['id']}/cancel/"), 409, "PAYMENT_NOT_PENDING"
        )

    def test_what_was_paid_is_not_cancelled_even_before_the_app_heard(
        self, app, account, consent, now
    ):
        self.ask(app, account)
        payment, payer = PartnerPayment.objects.get(), actor_of(account.customer)
        draft = initiation.open_draft(payment, at=now, actor=payer)
        transfers.authorise_and_send(draft, secret=PIN, at=now, actor=payer)

        with pytest.raises(PaymentOver):
            initiation.cancel(payment, at=now, actor=SYSTEM)

    def test_a_revoked_consent_or_a_late_day_opens_no_draft(self, app, account, consent, now):
        self.ask(app, account)
        payment, payer = PartnerPayment.objects.select_related("consent").get(), SYSTEM
        with pytest.raises(PaymentOver):
            initiation.open_draft(payment, at=now + timedelta(hours=25), actor=payer)

        consents.revoke(PartnerConsent.objects.get(), at=datetime.now(UTC), actor=SYSTEM)
        payment.consent.refresh_from_db()
        with pytest.raises(initiation.ConsentOver):
            initiation.open_draft(payment, at=now, actor=payer)

    def test_a_draft_that_waits_is_given_again(self, app, account, consent, now):
        self.ask(app, account)
        payment, payer = PartnerPayment.objects.get(), actor_of(account.customer)

        first = initiation.open_draft(payment, at=now, actor=payer)
        payment.refresh_from_db()
        again = initiation.open_draft(payment, at=now, actor=payer)
        payment.refresh_from_db()
        later = initiation.open_draft(payment, at=now + timedelta(minutes=11), actor=payer)

        assert first == again != later
