"""Tokens of programs: who gets one, how long it is good, and what stolen ones are worth."""

import base64
import json
from datetime import timedelta

import jwt
import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from accounts.access import tokens
from accounts.access.models import LoginEvent
from accounts.access.tests.apps import code_at, give_app
from accounts.access.tests.steps import newest
from accounts.access.token_models import RefreshToken, TokenFamily
from accounts.factories import PASSWORD, CustomerFactory, UserFactory
from ledger.controls.models import AuditEntry
from wekeza.kit import cache as soft_cache
from wekeza.kit.encryption import newest_key_id, signing_key
from wekeza.tests.api.steps import Program, refused

pytestmark = pytest.mark.django_db
ME, LOGIN, REFRESH = "/api/v1/auth/me", "/api/v1/auth/login", "/api/v1/auth/refresh"


@pytest.fixture
def user():
    return CustomerFactory().user


@pytest.fixture
def amina(user):
    return Program(user=user)


def claims_of(token):
    return jwt.decode(token, options={"verify_signature": False})


def renew(token):
    return Program().post(REFRESH, {"refresh_token": token})


class TestSigningIn:
    @pytest.mark.proves("IA32", "IA33", "IA34", "IA46")
    def test_gives_an_access_token_for_an_hour_and_a_refresh_token_for_a_week(self, user):
        answer = Program().sign_in(user.email)

        told = answer.json()
        assert (told["expires_in"], told["refresh_expires_in"]) == (3600, 7 * 24 * 3600)
        assert told["token_type"] == "Bearer"
        claims = claims_of(told["access_token"])
        assert claims["exp"] - claims["iat"] == 3600
        assert claims["aud"] == "wekeza-api"
        assert Program().use(told["access_token"]).get(ME).json()["email"] == user.email

    @pytest.mark.proves("IA04", "IA07", "PA17")
    @pytest.mark.parametrize("kind", ["json", "form"])
    def test_at_the_short_door_gives_thirty_minutes(self, user, kind):
        body = {"username": user.email, "password": PASSWORD}
        if kind == "json":
            answer = Program().post("/token", body)
        else:
            form = f"grant_type=password&username={user.email}&password={PASSWORD}&scope="
            answer = Program().send("POST", "/token", form, "application/x-www-form-urlencoded")

        assert answer.json()["expires_in"] == 1800
        assert "refresh_token" not in answer.json()
        assert Program().use(answer.json()["access_token"]).get("/users/me").status_code == 200

    def test_by_phone_as_people_write_it(self, user):
        assert Program().sign_in("0" + user.phone[4:]).status_code == 200

    @pytest.mark.parametrize("username", ["nobody@example.com", "0799 999 999", "x"])
    def test_answers_an_unknown_login_like_a_wrong_password(self, user, username):
        unknown, wrong = Program().sign_in(username), Program().sign_in(user.email, "wrong" * 4)

        assert unknown.json() == wrong.json()
        refused(wrong, 401, "WRONG_CREDENTIALS")

    def test_answers_a_login_that_is_shut_like_a_wrong_password(self, user):
        user.is_active = False
        user.save()
        refused(Program().sign_in(user.email), 401, "WRONG_CREDENTIALS")

    @pytest.mark.proves("SE17", "SE25")
    def test_stops_after_five_wrong_passwords_here_and_on_the_page(self, client, user):
        for _ in range(5):
            refused(Program().sign_in(user.email, "wrong" * 4), 401, "WRONG_CREDENTIALS")

        answer = Program().sign_in(user.email)
        refused(answer, 429, "TOO_MANY_TRIES")
        assert answer["Retry-After"] == "900"
        page = client.post("/login/", {"login": user.email, "password": PASSWORD})
        assert page.status_code == 422

    def test_asks_for_the_code_of_who_has_two_steps_and_takes_it_once(self):
        user = CustomerFactory().user
        give_app(user)
        refused(Program().sign_in(user.email), 401, "MFA_REQUIRED")
        refused(Program().sign_in(user.email, otp="000000"), 400, "WRONG_CODE")

        code = code_at(timezone.now())
        assert Program().sign_in(user.email, otp=code).status_code == 200
        refused(Program().sign_in(user.email, otp=code), 409, "CODE_USED")

    def test_is_not_for_staff_without_two_steps(self):
        staff = UserFactory(is_staff=True)
        refused(Program().sign_in(staff.email), 403, "STAFF_NEEDS_TWO_STEPS")

    def test_is_not_for_who_never_confirmed_the_phone(self):
        user = UserFactory()
        user.is_phone_verified = False
        user.save()
        refused(Program().sign_in(user.email), 403, "REGISTRATION_UNFINISHED")

    def test_is_written_into_the_history_of_the_login(self, user):
        Program().sign_in(user.email)

        assert LoginEvent.objects.filter(user=user, result=LoginEvent.Result.IN).count() == 1
        assert AuditEntry.objects.filter(deed="access.tokens_given").exists()


def forged(user_token, *, key=None, alg="HS256", head=None, **claims):
    """A token like a good one, but for what is given."""
    facts = claims_of(user_token) | claims
    key_id = newest_key_id()
    key = signing_key(key_id, purpose="access token") if key is None else key
    return jwt.encode(
        {name: value for name, value in facts.items() if value is not None},
        key,
        algorithm=alg,
        headers={"kid": key_id, "typ": "at+jwt"} | (head or {}),
    )


def unsigned(user_token):
    def part(data):
        return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none', 'typ': 'at+jwt'})}.{part(claims_of(user_token))}."


class TestAForgedToken:
    @pytest.mark.proves("IA05", "IA09")
    @pytest.mark.parametrize(
        "change",
        [
            {"key": b"another key of thirty-two bytes!"},
            {"alg": "HS384"},
            {"aud": "elsewhere"},
            {"aud": None},
            {"iss": "https://elsewhere.example"},
            {"exp": None},
            {"sid": None},
            {"sid": "1"},
            {"sid": "' OR 1=1 --"},
            {"head": {"kid": "no such key"}},
            {"head": {"typ": "JWT"}},
            {"head": {"kid": "../../etc/passwd"}},
        ],
        ids=str,
    )
    def test_opens_nothing(self, amina, change):
        token = forged(amina.tokens["access_token"], **change)
        refused(Program().use(token).get(ME), 401, "INVALID_TOKEN")

    def test_without_a_signature_opens_nothing(self, amina):
        token = unsigned(amina.tokens["access_token"])
        refused(Program().use(token).get(ME), 401, "INVALID_TOKEN")

    def test_signed_with_the_key_of_django_opens_nothing(self, amina, settings):
        token = forged(amina.tokens["access_token"], key=settings.SECRET_KEY.encode())
        refused(Program().use(token).get(ME), 401, "INVALID_TOKEN")

    def test_with_another_subject_is_still_its_familys(self, amina, user):
        """Nobody can sign it but us; and the family alone says whose it is."""
        token = forged(amina.tokens["access_token"], sub="somebody else")
        assert Program().use(token).get(ME).json()["email"] == user.email

    @pytest.mark.parametrize(
        "header", ["Bearer", "Bearer a b", "Basic YTpi", "Bearer x.y.z", "bearer ключ", "Bearer  "]
    )
    def test_that_is_no_token_opens_nothing(self, header):
        answer = Program().get(ME, Authorization=header)
        assert answer.status_code == 401
        assert answer.json()["error_code"] in {"INVALID_TOKEN", "NOT_AUTHENTICATED"}

    def test_of_the_refresh_kind_opens_nothing(self, amina):
        refused(Program().use(amina.tokens["refresh_token"]).get(ME), 401, "NOT_AUTHENTICATED")

    def test_survives_a_new_key_in_front_of_the_ring(self, amina, settings):
        fresh = base64.b64encode(b"n" * 32).decode()
        settings.WEKEZA_KEYS = f"new:{fresh},{settings.WEKEZA_KEYS}"

        assert amina.get(ME).status_code == 200
        head = jwt.get_unverified_header(
            Program(user=CustomerFactory().user).tokens["access_token"]
        )
        assert head["kid"] == "new"


class TestRevoking:
    @pytest.mark.proves("IA35")
    def test_works_at_once(self, amina):
        assert amina.get(ME).status_code == 200

        assert amina.post("/api/v1/auth/logout").status_code == 204

        refused(amina.get(ME), 401, "TOKEN_REVOKED")
        refused(renew(amina.tokens["refresh_token"]), 401, "TOKEN_REVOKED")

    @pytest.mark.proves("IA35")
    def test_is_told_by_the_denylist_without_the_database(
        self, user, django_capture_on_commit_callbacks, django_assert_num_queries
    ):
        amina = Program(user=user)
        with django_capture_on_commit_callbacks(execute=True):
            amina.post("/api/v1/auth/logout")

        with django_assert_num_queries(0), pytest.raises(tokens.TokenRevoked):
            tokens.read(amina.tokens["access_token"], at=timezone.now())

    @pytest.mark.proves("IA35")
    def test_works_while_the_cache_is_away(self, amina, settings):
        """The database is the truth: a dead Redis opens nothing, and shuts nobody out."""
        away = soft_cache.SoftRedisCache("redis://127.0.0.1:1/1", {})
        assert away.get("anything") is None
        settings.CACHES = {
            "default": {
                "BACKEND": "wekeza.kit.cache.SoftRedisCache",
                "LOCATION": "redis://127.0.0.1:1/1",
            }
        }

        assert amina.get(ME).status_code == 200
        amina.post("/api/v1/auth/logout")
        refused(amina.get(ME), 401, "TOKEN_REVOKED")

    def test_everywhere_ends_every_program_of_the_login_and_no_other(self, user):
        first, second, other = (
            Program(user=user), Program(user=user), Program(user=CustomerFactory().user)
        )  # fmt: skip

        assert first.post("/api/v1/auth/logout/everywhere").json() == {"ended": 2}

        assert [each.get(ME).status_code for each in (first, second, other)] == [401, 401, 200]

    def test_follows_another_password_and_a_login_that_is_shut(self, user):
        program, later = Program(user=user), None
        user.set_password("another quiet river at noon")
        user.save()
        refused(program.get(ME), 401, "TOKEN_REVOKED")

        later = Program(user=user, password="another quiet river at noon")
        user.refresh_from_db()
        user.is_active = False
        user.save()
        refused(later.get(ME), 401, "TOKEN_REVOKED")


class TestRefreshing:
    def test_gives_the_next_pair(self, amina):
        following = renew(amina.tokens["refresh_token"]).json()

        assert Program().use(following["access_token"]).get(ME).status_code == 200
        assert renew(following["refresh_token"]).status_code == 200

    def test_of_a_used_token_ends_the_whole_family(self, amina, user):
        """A thief copied the first one: whoever comes second, both are out, and Amina is told."""
        stolen = amina.tokens["refresh_token"]
        following = renew(stolen).json()

        refused(renew(stolen), 401, "TOKEN_REUSED")

        refused(renew(following["refresh_token"]), 401, "TOKEN_REVOKED")
        for token in (amina.tokens["access_token"], following["access_token"]):
            refused(Program().use(token).get(ME), 401, "TOKEN_REVOKED")
        assert TokenFamily.objects.get().ended_because == TokenFamily.Ended.REUSED
        assert newest("token_reused", user=user).recipient == user.email

    def test_of_another_family_goes_on(self, amina, user):
        other = Program(user=user)
        renew(amina.tokens["refresh_token"])
        renew(amina.tokens["refresh_token"])

        assert other.get(ME).status_code == 200

    @pytest.mark.parametrize("token", ["", "wkr_nothing", "a" * 80])
    def test_of_no_token_is_refused(self, token):
        answer = renew(token)
        assert answer.status_code in {401, 422}

    def test_keeps_no_token_in_the_database(self, amina):
        kept = RefreshToken.objects.get().digest
        assert kept != amina.tokens["refresh_token"] and len(kept) == 64

    @pytest.mark.proves("IA33", "IA34")
    def test_ends_with_the_time(self, user):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            amina = Program(user=user)
            clock.shift(timedelta(minutes=59, seconds=59))
            assert amina.get(ME).status_code == 200
            clock.shift(timedelta(seconds=1))
            refused(amina.get(ME), 401, "TOKEN_EXPIRED")
            clock.shift(timedelta(days=7))
            refused(renew(amina.tokens["refresh_token"]), 401, "TOKEN_EXPIRED")

    def test_goes_on_for_thirty_days_and_no_longer(self, user):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            token = Program(user=user).tokens["refresh_token"]
            for _ in range(4):
                clock.shift(timedelta(days=6))
                token = renew(token).json()["refresh_token"]
            clock.shift(timedelta(days=6))
            refused(renew(token), 401, "TOKEN_REVOKED")

    def test_forgets_what_ended_long_ago(self, amina):
        assert tokens.forget(before=timezone.now()) == 0
        assert tokens.forget(before=timezone.now() + timedelta(days=31)) == 1
        assert not RefreshToken.objects.exists()


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()
