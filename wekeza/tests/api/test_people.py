"""Registering, becoming a customer and turning two steps on, by program."""

from uuid import uuid4

import pyotp
import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.access.models import User
from accounts.access.tests.apps import code_at
from accounts.access.tests.steps import code_in, newest, spare_phone
from accounts.customers import consents
from accounts.customers.models import Consent, Customer
from accounts.factories import PASSWORD, PIN, CustomerFactory, UserFactory
from wekeza.tests.api.steps import Program, refused

pytestmark = pytest.mark.django_db(transaction=True)
AUTH, CUSTOMER, TOTP = "/api/v1/auth/register", "/api/v1/customer", "/api/v1/2fa/totp"


def newcomer():
    return {
        "phone": spare_phone(),
        "email": f"{uuid4().hex[:12]}@example.com",
        "password": PASSWORD,
    }


def details(**more):
    return {
        "full_name": "Amina Wambui Njeri",
        "national_id": str(uuid4().int)[:9],
        "date_of_birth": "1994-03-27",
        "pin": PIN,
        "agreed": ["TERMS", "DATA"],
        "text_hashes": consents.hashes(language="en"),
    } | more


def registered(program):
    """Both codes, and the tokens after them."""
    going = program.post(AUTH, newcomer()).json()
    body = {"registration_token": going["registration_token"], "code": code_in("code_phone")}
    going = program.post(f"{AUTH}/phone", body).json()
    assert going["next"] == "email"
    mailed = code_in("email_confirmation_signup")
    body = {"registration_token": going["registration_token"], "code": mailed}
    answer = program.post(f"{AUTH}/email", body)
    assert answer.status_code == 201
    return program.use(answer.json()["access_token"])


class TestRegistering:
    @pytest.mark.proves("CK16", "CK19")
    @pytest.mark.parametrize("path", ["/add", "/customer/add"])
    def test_leads_by_both_codes_to_an_open_account(self, path):
        program = registered(Program())
        assert program.get("/users/me").json()["kind"] == "LOGIN"
        refused(program.get("/accounts/me"), 403, "NOT_FOR_THIS_LOGIN")

        answer = program.post(f"{CUSTOMER}{path}", details())

        assert answer.status_code == 201
        told = answer.json()
        assert (told["tier"], told["kyc_status"]) == ("TIER_1", "SELF_DECLARED")
        assert [each["number"] for each in program.get("/accounts/me").json()["accounts"]] == (
            told["accounts"]
        )
        refused(program.post(f"{CUSTOMER}/add", details()), 403, "NOT_FOR_THIS_LOGIN")
        consents = Consent.objects.filter(customer__public_id=told["id"])
        assert {each.kind for each in consents} == {"TERMS", "DATA"}

    def test_leaves_no_browser_session_behind(self):
        before = Session.objects.count()
        registered(Program())
        assert Session.objects.count() <= before + 1  # The one before the login, which expires.

    def test_says_what_is_wrong_with_each_field(self):
        answer = Program().post(AUTH, {"phone": "1", "email": "x", "password": "short"})

        details_ = refused(answer, 422, "VALIDATION_ERROR")
        assert set(details_["fields"]) == {"phone", "email", "password"}

    def test_answers_the_same_for_a_phone_that_is_known(self):
        known = CustomerFactory().user

        answer = Program().post(AUTH, newcomer() | {"phone": known.phone})

        assert answer.status_code == 202
        assert answer.json()["next"] == "phone"
        assert newest("account_already_exists").recipient == known.phone
        body = {"registration_token": answer.json()["registration_token"], "code": "123456"}
        assert Program().post(f"{AUTH}/phone", body).status_code == 400

    def test_takes_no_wrong_code_and_ends_after_five(self):
        going = Program().post(AUTH, newcomer()).json()
        right = code_in("code_phone")
        wrong = "000000" if right != "000000" else "000001"
        body = {"registration_token": going["registration_token"], "code": wrong}
        for _ in range(4):
            refused(Program().post(f"{AUTH}/phone", body), 400, "WRONG_STEP_CODE")

        refused(Program().post(f"{AUTH}/phone", body), 409, "STEP_GONE")
        refused(Program().post(f"{AUTH}/phone", body | {"code": right}), 409, "STEP_GONE")

    def test_cannot_jump_over_the_phone(self):
        going = Program().post(AUTH, newcomer()).json()

        body = {"registration_token": going["registration_token"], "code": "123456"}
        refused(Program().post(f"{AUTH}/email", body), 409, "STEP_GONE")

    @pytest.mark.parametrize("token", ["x", "test:AAAA", "' OR 1=1 --"])
    def test_knows_no_other_token(self, token):
        body = {"registration_token": token, "code": "123456"}
        refused(Program().post(f"{AUTH}/phone", body), 409, "STEP_GONE")

    def test_sends_a_code_again(self, settings):
        going = Program().post(AUTH, newcomer()).json()
        before = newest("code_phone").pk
        settings.ACCOUNT_RATE_LIMITS = {}

        body = {"registration_token": going["registration_token"], "step": "phone"}
        answer = Program().post(f"{AUTH}/resend", body)

        assert answer.status_code == 200
        assert newest("code_phone").pk >= before


class TestBecomingACustomer:
    @pytest.fixture
    def program(self):
        return Program(user=UserFactory(phone=spare_phone(), email=newcomer()["email"]))

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"full_name": "Amina"}, "ONE_NAME"),
            ({"full_name": "Am1na Njeri"}, "BAD_NAME"),
            ({"national_id": "12"}, "BAD_NATIONAL_ID"),
            ({"date_of_birth": "2020-01-01"}, "TOO_YOUNG"),
            ({"date_of_birth": "2090-01-01"}, "NOT_BORN_YET"),
            ({"pin": "1234"}, "WEAK_PIN"),
            ({"pin": "12"}, "BAD_PIN"),
            ({"pin": "1994"}, "WEAK_PIN"),
            ({"agreed": ["TERMS"]}, "CONSENT_MISSING"),
            ({"text_hashes": ["of another text"]}, "CONSENT_OUTDATED"),
            ({"full_name": "Моhаmmеd Аli"}, "FOREIGN_LETTERS"),
            ({"agreed": ["TERMS", "EVERYTHING"]}, "VALIDATION_ERROR"),
            ({"is_staff": True}, "VALIDATION_ERROR"),
            ({"date_of_birth": "27.3.1994"}, "VALIDATION_ERROR"),
        ],
    )
    def test_refuses_what_the_pages_refuse(self, program, wrong, code):
        refused(program.post(f"{CUSTOMER}/add", details(**wrong)), 422, code)
        assert not Customer.objects.filter(user__email=program.get("/users/me").json()["email"])

    def test_refuses_an_id_that_is_known(self, program):
        known = CustomerFactory(
            user__phone=spare_phone(), user__email=newcomer()["email"],
            national_id=str(uuid4().int)[:9],
        )  # fmt: skip
        answer = program.post(f"{CUSTOMER}/add", details(national_id=known.national_id))
        refused(answer, 409, "ID_TAKEN")

    def test_shows_the_texts_in_ones_language(self):
        english, swahili = (
            Program().get(f"{CUSTOMER}/texts", **{"Accept-Language": code}).json()["texts"]
            for code in ("en", "sw")
        )
        assert {each["kind"] for each in english} == {"TERMS", "DATA", "MARKETING"}
        assert english[0]["text_hash"] != swahili[0]["text_hash"]


def customer():
    user = UserFactory(phone=spare_phone(), email=newcomer()["email"])
    return CustomerFactory(user=user, national_id=str(uuid4().int)[:9])


class TestTheProfile:
    def test_is_ones_own(self):
        mine, theirs = customer(), customer()
        program = Program(user=mine.user)

        assert program.get(f"{CUSTOMER}/{mine.public_id}").json()["full_name"] == mine.full_name
        for public_id in (theirs.public_id, uuid4()):
            refused(program.get(f"{CUSTOMER}/{public_id}"), 404, "NO_SUCH_CUSTOMER")

    @pytest.mark.proves("CK13")
    def test_can_be_changed_as_far_as_it_is_the_customers_and_stands_beside_the_level(self):
        mine = customer()
        level = Program(user=mine.user).get(f"{CUSTOMER}/kyc/status").json()
        assert (level["tier"], level["request"]) == ("TIER_1", None)
        read = consents.hash_of("MARKETING", language="en")
        body = '{"address": "Ngong Road, Nairobi", "occupation": "Baker", "news": true,'
        body += f' "text_hash": "{read}"}}'

        answer = Program(user=mine.user).send("PATCH", f"{CUSTOMER}/me", body)

        assert answer.json()["address"] == "Ngong Road, Nairobi"
        body = '{"address": "", "occupation": "", "news": false, "tier": "TIER_3"}'
        answer = Program(user=mine.user).send("PATCH", f"{CUSTOMER}/me", body)
        refused(answer, 422, "VALIDATION_ERROR")


class TestTwoSteps:
    @pytest.mark.proves("IA18", "IA30")
    def test_are_turned_on_with_pin_and_code_and_off_with_the_app(self, time_machine):
        user = customer().user
        program = Program(user=user)
        assert program.get(f"{TOTP}/status").json() == {
            "enabled": False,
            "recovery_codes_left": 0,
        }

        wanted = program.post(f"{TOTP}/setup", {"pin": PIN})
        assert (wanted.status_code, wanted.json()["way"]) == (202, "TEXT")
        body = {"pin": PIN, "code": code_in("code_change_app_on")}
        told = program.post(f"{TOTP}/setup", body).json()
        assert told["secret"] in told["otpauth_url"]
        body = {"setup_token": told["setup_token"], "code": "000000"}
        refused(program.post(f"{TOTP}/confirm", body), 400, "WRONG_STEP_CODE")
        body |= {"code": code_at(timezone.now(), told["secret"])}
        codes = program.post(f"{TOTP}/confirm", body).json()["recovery_codes"]

        assert len(codes) == 10
        assert program.get(f"{TOTP}/status").json() == {
            "enabled": True,
            "recovery_codes_left": 10,
        }
        refused(Program().sign_in(user.email), 401, "MFA_REQUIRED")
        assert Program().sign_in(user.email, otp=codes[0]).status_code == 200
        refused(program.post(f"{TOTP}/setup", {"pin": PIN}), 409, "TWO_STEPS_ALREADY_ON")

        time_machine.shift(61)
        app = {"pin": PIN, "code": code_at(timezone.now(), told["secret"])}
        renewed = program.post(f"{TOTP}/recovery-codes", app).json()["recovery_codes"]
        assert len(renewed) == 10 and not set(renewed) & set(codes)

        wanted = program.post(f"{TOTP}/disable", {"pin": PIN})
        assert (wanted.status_code, wanted.json()["way"]) == (202, "APP")
        time_machine.shift(61)
        app = {"pin": PIN, "code": code_at(timezone.now(), told["secret"])}
        assert program.post(f"{TOTP}/disable", app).status_code == 204
        assert Program().sign_in(user.email).status_code == 200
        refused(program.post(f"{TOTP}/disable", {"pin": PIN}), 409, "NO_AUTHENTICATOR")

    @pytest.mark.proves("IA18", "IA30")
    def test_take_the_codes_of_an_app_that_we_did_not_write_once(self, time_machine):
        """pyotp is the app: it reads our address, and its codes sign in, each a single time."""
        user = customer().user
        program = Program(user=user)
        program.post(f"{TOTP}/setup", {"pin": PIN})
        told = program.post(
            f"{TOTP}/setup", {"pin": PIN, "code": code_in("code_change_app_on")}
        ).json()
        app = pyotp.parse_uri(told["otpauth_url"])
        assert app.secret == told["secret"]
        body = {"setup_token": told["setup_token"], "code": app.at(timezone.now())}
        assert program.post(f"{TOTP}/confirm", body).status_code == 200
        # The one that turned it on is spent, without a wait between.
        refused(Program().sign_in(user.email, otp=body["code"]), 409, "CODE_USED")

        time_machine.shift(61)
        code = app.at(timezone.now())
        assert Program().sign_in(user.email, otp=code).status_code == 200
        refused(Program().sign_in(user.email, otp=code), 409, "CODE_USED")
        time_machine.shift(31)
        assert Program().sign_in(user.email, otp=app.at(timezone.now())).status_code == 200

    def test_need_the_pin(self):
        program = Program(user=customer().user)
        refused(program.post(f"{TOTP}/setup", {"pin": "0000"}), 400, "WRONG_PIN")
        answer = program.post(f"{TOTP}/setup", {"pin": PIN, "code": "123456"})
        refused(answer, 400, "CODE_EXPIRED")

    def test_of_somebody_else_cannot_be_set_up(self):
        thief, owner = Program(user=customer().user), Program(user=customer().user)
        owner.post(f"{TOTP}/setup", {"pin": PIN})
        body = {"pin": PIN, "code": code_in("code_change_app_on")}
        told = owner.post(f"{TOTP}/setup", body).json()

        body = {
            "setup_token": told["setup_token"],
            "code": code_at(timezone.now(), told["secret"]),
        }
        refused(thief.post(f"{TOTP}/confirm", body), 409, "STEP_GONE")
        assert User.objects.exists()


@pytest.fixture
def time_machine():
    import time_machine as machine

    with machine.travel(timezone.now(), tick=True) as clock:
        yield clock
