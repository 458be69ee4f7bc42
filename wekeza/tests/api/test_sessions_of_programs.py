"""
Programs in the list of sessions (IA39): ending a session ends its tokens at once, wherever it is
ended, and the other way round; and what becomes of those who are sent home or suspended.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.access import login_codes, tasks
from accounts.access.models import DeviceSession, LoginEvent
from accounts.access.tests.apps import code_at, give_app
from accounts.access.tests.steps import code_in, newest
from accounts.customers.models import Customer
from accounts.factories import (
    MAKER,
    PASSWORD,
    CustomerFactory,
    DepositAccountFactory,
    StaffMemberFactory,
    staff_actor,
)
from accounts.staff import operations as staff
from ledger.approvals import operations as approvals
from ledger.controls import outbox
from wekeza import wiring
from wekeza.kit.actor import SYSTEM
from wekeza.tests.api.steps import Program, refused

pytestmark = pytest.mark.django_db
ME, PAGE, REFRESH = "/api/v1/auth/me", "/settings/security/sessions/", "/api/v1/auth/refresh"


@pytest.fixture
def user():
    return CustomerFactory().user


@pytest.fixture
def browser(user):
    client = Client()
    client.force_login(user)
    return client


def row_of(program_user):
    return DeviceSession.objects.get(user=program_user, how="TOKEN", ended_at=None)


class TestASignIn:
    @pytest.mark.proves("IA39")
    def test_stands_in_the_list_of_sessions(self, user, browser):
        Program().sign_in(user.email)
        row = row_of(user)

        page = browser.get(PAGE).content.decode()

        assert str(row.public_id) in page and "App or program" in page
        assert LoginEvent.objects.filter(user=user, how="TOKEN").count() == 1

    @pytest.mark.proves("IA39", "IA35")
    def test_that_is_ended_there_is_out_with_the_next_request(self, user, browser):
        program, other = Program(user=user), Program(user=user)
        first = DeviceSession.objects.filter(user=user, how="TOKEN").earliest("id")

        browser.post(PAGE, {"session": str(first.public_id)})

        refused(program.get(ME), 401, "TOKEN_REVOKED")
        renewed = Program().post(REFRESH, {"refresh_token": program.tokens["refresh_token"]})
        refused(renewed, 401, "TOKEN_REVOKED")
        assert other.get(ME).status_code == 200

    @pytest.mark.parametrize("everywhere", ["others", "all"])
    def test_ends_with_log_out_everywhere(self, user, browser, everywhere):
        program = Program(user=user)
        browser.post(PAGE, {everywhere: "1"})
        refused(program.get(ME), 401, "TOKEN_REVOKED")

    def test_ends_with_a_new_password(self, user, browser):
        program, new = Program(user=user), "another quiet river at noon"
        typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        browser.post(reverse("account_change_password"), typed)
        user.refresh_from_db()
        assert user.check_password(new)
        refused(program.get(ME), 401, "TOKEN_REVOKED")
        assert not DeviceSession.objects.filter(user=user, how="TOKEN", ended_at=None).exists()

    def test_leaves_the_list_when_the_program_signs_out(self, user):
        program = Program(user=user)
        program.post("/api/v1/auth/logout")
        assert DeviceSession.objects.get(user=user, how="TOKEN").ended_by == "OUT"

    @pytest.mark.proves("IA35")
    def test_everywhere_by_program_ends_browsers_too(self, user, browser):
        program = Program(user=user)

        assert program.post("/api/v1/auth/logout/everywhere").json() == {"ended": 2}

        assert "why=ended" in browser.get("/settings/")["Location"]
        refused(program.get(ME), 401, "TOKEN_REVOKED")

    def test_leaves_the_list_when_no_token_of_it_is_good_any_more(self, user):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            Program(user=user)
            Program().post("/token", {"username": user.email, "password": PASSWORD})
            clock.shift(timedelta(minutes=31))
            tasks.end_stale_sessions()
            assert DeviceSession.objects.filter(user=user, ended_by="AGE").count() == 1
            clock.shift(timedelta(days=7))
            tasks.end_stale_sessions()
            assert not DeviceSession.objects.filter(user=user, ended_at=None).exists()

    def test_from_a_new_program_is_told_once(self, user):
        Program().sign_in(user.email)
        for _ in range(2):
            told = {"username": user.email, "password": PASSWORD}
            Program().post("/api/v1/auth/login", told, User_Agent="Duka/2.1")
        assert newest("new_device", user=user) is not None
        assert LoginEvent.objects.filter(user=user, is_new_device=True).count() == 1


class TestACodeAtLogin:
    @pytest.mark.proves("IA16")
    def test_is_asked_of_programs_too(self, user):
        login_codes.choose(user, channel="SMS", at=timezone.now(), actor=SYSTEM)

        refused(Program().sign_in(user.email), 401, "CODE_SENT")
        right = code_in("code_login")
        wrong = "000000" if right != "000000" else "000001"
        refused(Program().sign_in(user.email, otp=wrong), 400, "WRONG_CODE")
        assert Program().sign_in(user.email, otp=right).status_code == 200
        assert LoginEvent.objects.filter(user=user, result=LoginEvent.Result.WRONG_CODE).exists()


def hear():
    outbox.sweep(handlers=_handlers(), at=timezone.now(), most=500)


def _handlers():
    return {"staff.left": [import_string(path) for path in wiring.EVENTS["staff.left"]]}


class TestStaff:
    @pytest.mark.proves("IA35")
    @pytest.mark.parametrize("deed", [staff.suspend, staff.dismiss])
    def test_who_leave_are_out_of_browser_and_program(self, deed):
        member, chief = StaffMemberFactory(), StaffMemberFactory(role_id="ADMINISTRATOR")
        browser, program = inside(member)
        assert browser.get("/settings/security/").status_code == 200
        assert program.get(ME).status_code == 200

        deed(member, reason="Lost phone", actor=staff_actor(chief), at=timezone.now())

        assert browser.get("/settings/security/").status_code in (302, 303)
        refused(program.get(ME), 401, "TOKEN_REVOKED")
        hear()
        assert not DeviceSession.objects.filter(user=member.user, ended_at=None).exists()

    def test_who_come_back_begin_anew(self):
        member, chief = StaffMemberFactory(), StaffMemberFactory(role_id="ADMINISTRATOR")
        browser, program = inside(member)
        at = timezone.now()
        staff.suspend(member, reason="Lost phone", actor=staff_actor(chief), at=at)
        hear()
        asked = staff.ask_return(member, reason="Found", actor=MAKER, at=at)
        second = staff_actor(StaffMemberFactory(role_id="ADMINISTRATOR"))
        approvals.approve(asked, digest=asked.digest, actor=second, at=at)
        member.user.refresh_from_db()
        assert member.user.is_active

        assert browser.get("/settings/security/").status_code in (302, 303)
        refused(program.get(ME), 401, "TOKEN_REVOKED")


def inside(member):
    give_app(member.user)
    browser, program = Client(), Program()
    browser.force_login(member.user)
    told = program.sign_in(member.user.email, otp=code_at(timezone.now())).json()
    return browser, program.use(told["access_token"])


class TestASuspendedCustomer:
    def test_may_look_and_not_pay(self):
        account, payee = DepositAccountFactory(balance="3000"), DepositAccountFactory()
        program = Program(user=account.customer.user)
        Customer.objects.filter(pk=account.customer_id).update(status="SUSPENDED")

        [seen] = program.get("/accounts/me").json()["accounts"]
        body = {"recipient": payee.number, "money": {"amount": "5.00", "currency": "KES"}}
        answer = program.post(
            "/api/v1/payments/transfers/", body, **{"Idempotency-Key": str(uuid4())}
        )

        assert seen["number"] == account.number
        assert answer.status_code in (400, 403, 409), answer.content
