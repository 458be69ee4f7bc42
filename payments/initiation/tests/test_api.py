"""The partner API: what a consent opens, and nothing else; payments that a customer authorises."""

from datetime import timedelta

import pytest

from accounts.factories import DepositAccountFactory
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
from accounts.partners.models import PartnerApp
from ledger.approvals.terms import NotWhole
from payments.factories import TransferFactory
from payments.initiation.tests.steps import API, key, program
from wekeza.kit.actor import SYSTEM
from wekeza.tests.api.steps import Program, refused

pytestmark = pytest.mark.django_db


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
