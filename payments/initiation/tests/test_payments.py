"""Payments that an app asks for, and what apps hear of a balance."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.access.tests.keys import HOST, give_key
from accounts.factories import PIN, DepositAccountFactory, actor_of
from accounts.partners import consents
from accounts.partners.factories import (
    EVERYTHING,
    AppFactory,
    ConsentFactory,
)
from accounts.partners.models import PartnerConsent
from accounts.partners.webhook_models import WebhookDelivery, WebhookEndpoint
from ledger.controls import outbox
from payments.factories import TransferFactory
from payments.initiation import notices
from payments.initiation import operations as initiation
from payments.initiation.models import PartnerPayment
from payments.initiation.refusals import PaymentOver
from payments.initiation.tests.steps import API, key, program
from payments.transfers import operations as transfers
from wekeza.kit.actor import SYSTEM
from wekeza.tests.api.steps import refused

pytestmark = pytest.mark.django_db
HANDLERS = {event: [notices.tell_app] for event in notices.EVENTS} | {
    "transfer.paid": [initiation.settle, notices.tell_of_transfer],
    "topup.paid": [notices.tell_of_topup],
}


def order(source, target, **more):
    money = {"amount": "1500.00", "currency": "KES"}
    return {"source": source.number, "recipient": target.number, "money": money} | more


def hear(at):
    outbox.sweep(handlers=HANDLERS, at=at, most=500)


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
