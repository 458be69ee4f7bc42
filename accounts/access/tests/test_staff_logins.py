"""Logins of staff: two steps at every door, and nobody learns or undoes who was hired."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.access import login_codes
from accounts.access import operations as access
from accounts.access.models import User
from accounts.access.refusals import LoginTaken, StaffNeedsApp
from accounts.access.tests.apps import code_at, give_app
from accounts.access.tests.steps import begin, spare_phone
from accounts.factories import MAKER, PASSWORD, CustomerFactory, StaffMemberFactory
from accounts.staff import operations as staff
from accounts.staff.models import Branch, Role
from wekeza.kit.actor import SYSTEM
from wekeza.tests.api.steps import Program, refused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def hired():
    """The login of somebody who was hired and never came in."""
    user = access.open_login(
        email="hired@example.com", phone=spare_phone(), password=PASSWORD, is_active=False
    )
    staff.invite(
        user, full_name="Otieno Barasa", national_id="61234501",
        branch=Branch.objects.get(pk="001"), role=Role.objects.get(pk="TELLER"),
        reason="New", actor=MAKER, at=NOW,
    )  # fmt: skip
    return user


class TestSigningIn:
    def test_takes_the_app_even_from_who_asked_for_a_mailed_code(self):
        user = StaffMemberFactory(role_id="COMPLIANCE").user
        user.login_code = "EMAIL"
        user.save()

        refused(Program().sign_in(user.email), 403, "STAFF_NEEDS_TWO_STEPS")

    def test_takes_an_app_from_who_has_a_passkey_alone(self):
        """A program has no passkey, and an approval is signed with the app."""
        user = StaffMemberFactory(role_id="COMPLIANCE").user
        Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={})

        refused(Program().sign_in(user.email), 403, "STAFF_NEEDS_TWO_STEPS")

    def test_ends_for_a_token_when_the_app_is_gone(self):
        user = StaffMemberFactory(role_id="ADMINISTRATOR").user
        give_app(user)
        answer = Program().sign_in(user.email, otp=code_at(timezone.now()))
        program = Program().use(answer.json()["access_token"])
        assert program.get("/api/v1/user/me").status_code == 200

        Authenticator.objects.filter(user=user).delete()

        refused(program.get("/api/v1/user/me"), 403, "STAFF_NEEDS_TWO_STEPS")
        refused(program.get("/api/v1/auth/me"), 403, "STAFF_NEEDS_TWO_STEPS")

    def test_has_no_mailed_or_texted_code(self):
        user = StaffMemberFactory().user

        with pytest.raises(StaffNeedsApp):
            login_codes.choose(user, channel="EMAIL", at=NOW, actor=SYSTEM)
        user.refresh_from_db()
        assert user.login_code == ""

    def test_says_to_a_customer_with_a_passkey_alone_that_there_is_no_app(self):
        user = CustomerFactory().user
        Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={})

        refused(Program().sign_in(user.email), 401, "MFA_REQUIRED")
        refused(Program().sign_in(user.email, otp="123456"), 409, "NO_AUTHENTICATOR")


class TestALoginThatWasMadeForStaff:
    def test_is_not_forgotten_with_unfinished_registrations(self, hired):
        access.forget_unfinished(before=timezone.now() + timedelta(days=1))

        assert User.objects.filter(pk=hired.pk).exists()

    def test_is_told_to_nobody_who_registers_with_its_address(self, hired):
        page = begin(Client(), phone="0722 000 499", email=hired.email)
        assert page.status_code == 302 and page["Location"] == "/access/phone/verify/"

        answer = Program().post("/api/v1/auth/register", {
            "phone": "0722 000 498", "email": hired.email, "password": "a quiet lake at dawn",
        })  # fmt: skip
        assert answer.status_code == 202
        assert User.objects.get(email=hired.email) == hired

    def test_is_made_once_for_an_address_and_a_phone(self, hired):
        with pytest.raises(LoginTaken):
            access.open_login(email=hired.email, password=PASSWORD)
        with pytest.raises(LoginTaken):
            access.open_login(email="Another@example.com", phone=hired.phone, password=PASSWORD)
        with pytest.raises(LoginTaken):
            access.open_login(email="HIRED@example.com", password=PASSWORD)
