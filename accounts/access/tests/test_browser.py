"""Registering, the settings and coming back, in a real browser; SHOTS=folder keeps pictures."""

from datetime import UTC, datetime
from itertools import count

import pytest

from accounts.access.models import User
from accounts.access.tests.apps import code_at
from accounts.access.tests.newcomer import Person, register
from accounts.access.tests.steps import PASSWORD, code_in, newest
from accounts.notifications import operations as notifications
from ledger.controls import outbox
from wekeza.tests.browser import DESK, PHONE

_turn = count(1)
WAYS = [
    pytest.param({"size": PHONE, "scheme": "light"}, id="phone-light"),
    pytest.param({"size": DESK, "scheme": "dark", "locale": "sw-KE"}, id="desk-dark-swahili"),
    pytest.param({"size": PHONE, "javascript": False}, id="phone-without-scripts"),
]


@pytest.fixture
def person(request, live_bank, new_page):
    wishes = request.param
    return Person(new_page(**wishes), live_bank, wishes, request.node.callspec.id)


@pytest.mark.django_db(transaction=True)
class TestInABrowser:
    @pytest.mark.proves("UX08")
    @pytest.mark.parametrize("person", WAYS, indirect=True)
    def test_registers_looks_around_and_comes_back(self, person, demo_bank):
        register(person)
        user = User.objects.get(email=person.email)
        assert user.customer.deposit_accounts.get().number in person.page.content().replace(" ", "")

        for path in ("/settings/", "/settings/profile/", "/settings/security/"):
            person.go(path)
        person.go("/settings/security/pin/")
        person.fill(old_pin="2580", new_pin="1234", new_pin_again="1234")
        person.press()  # 1234 is refused.
        person.fill(old_pin="2580", new_pin="7391", new_pin_again="7391")
        person.press("/settings/security/")

        outbox.sweep(
            handlers={"message.queued": [notifications.deliver]}, at=datetime.now(UTC), most=500
        )
        person.go("/demo/inbox/")
        assert person.page.locator("article").count() >= 4

        person.go("/access/logout/")
        person.page.locator("main form button").click()
        person.go("/settings/")
        assert person.page.url.endswith("/login/?next=/settings/")
        person.fill(login=person.email, password="not the password")
        person.press()
        person.fill(login=person.phone, password=PASSWORD)
        person.press("/settings/")

    @pytest.mark.parametrize("person", WAYS[:1], indirect=True)
    def test_turns_two_step_login_on_and_uses_it(self, person):
        register(person)
        person.go("/access/2fa/")
        person.go("/access/2fa/totp/activate/")
        person.fill(pin="2580")
        person.press("/confirm/app-on/")
        person.fill(code=code_in("code_change_app_on"))
        person.press("/totp/activate/")
        secret = person.page.locator(".wk-ref").first.inner_text()
        person.fill(code=code_at(datetime.now(UTC), secret))
        person.press("/recovery-codes/")
        spare = person.page.locator("li.wk-ref").first.inner_text()
        person.go("/access/2fa/")
        person.go("/access/logout/")
        person.page.locator("main form button").click()

        person.go("/login/")
        person.fill(login=person.email, password=PASSWORD)
        person.press("/access/2fa/authenticate/")
        person.fill(code="000000")
        person.press()
        person.fill(code=spare)
        person.press()
        person.go("/settings/")
        assert person.page.url.endswith("/settings/")

    @pytest.mark.parametrize("person", WAYS[2:], indirect=True)
    def test_chooses_a_new_password_with_a_link(self, person):
        register(person)
        person.go("/access/logout/")
        person.page.locator("main form button").click()
        person.go("/access/password/reset/")
        person.fill(email=person.phone)
        person.press("/access/password/reset/done/")
        link = newest("password_reset_link").body.splitlines()[-1]
        person.page.goto(link)
        person.fill(password1="qwertyuiop123456", password2="qwertyuiop123456")
        person.press()  # A leaked one.
        person.fill(password1="seven goats cross", password2="seven goats cross")
        person.press("/access/password/reset/key/done/")
        person.page.goto(link)
        person.look()
        person.go("/login/")
        person.fill(login=person.email, password="seven goats cross")
        person.press()
        person.go("/settings/")
        assert person.page.url.endswith("/settings/")
