"""Registering, the settings and coming back, in a real browser; SHOTS=folder keeps pictures."""

import os
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from accounts.access.models import User
from accounts.access.tests.apps import code_at
from accounts.access.tests.steps import PASSWORD, code_in, newest
from accounts.notifications import operations as notifications
from ledger.controls import outbox
from wekeza.tests.browser import DESK, PHONE
from wekeza.tests.look import problems_of

_turn = count(1)
WAYS = [
    pytest.param({"size": PHONE, "scheme": "light"}, id="phone-light"),
    pytest.param({"size": DESK, "scheme": "dark", "locale": "sw-KE"}, id="desk-dark-swahili"),
    pytest.param({"size": PHONE, "javascript": False}, id="phone-without-scripts"),
]


class Person:
    """Somebody at a browser: goes to pages, looks at each, types and presses."""

    def __init__(self, page, bank, wishes, tag):
        self.page, self.url, self.tag = page, bank.url, tag
        self.has_scripts = wishes.get("javascript", True)
        turn = next(_turn)
        self.phone, self.email = f"07110{turn:05}", f"person{turn}@example.com"
        self.national_id = f"{31_000_000 + turn}"

    def go(self, path):
        self.page.goto(self.url + path)
        self.look()

    def look(self):
        """Nothing is cut, unreadable or unnamed on the page that is shown."""
        if self.has_scripts:
            assert problems_of(self.page) == []
        if folder := os.environ.get("SHOTS"):
            name = self.page.url.removeprefix(self.url).strip("/").replace("/", "-")[:60]
            path = Path(folder) / f"{self.tag}-{next(_turn):03}-{name or 'home'}.png"
            self.page.screenshot(path=path, full_page=True)

    def fill(self, **typed):
        for name, value in typed.items():
            self.page.fill(f"#id_{name}", value)

    def press(self, to=None):
        """The main button of the form; `to` ends the address that it leads to."""
        self.page.locator("form.wk-form button:visible:not([data-reveal])").first.click()
        if to:
            self.page.wait_for_url(f"**{to}")
        self.look()

    @property
    def words(self):
        return self.page.locator("main").inner_text()


@pytest.fixture
def person(request, live_bank, new_page):
    wishes = request.param
    return Person(new_page(**wishes), live_bank, wishes, request.node.callspec.id)


def register(person):
    """From the first page to the open account, with a mistake or two on the way."""
    person.go("/register/")
    person.press()  # Nothing typed: every box says what it wants.
    assert person.page.locator(".wk-errsum a").count() == 3
    person.fill(phone=person.phone, email=person.email, password1=PASSWORD)
    person.press("/access/phone/verify/")
    right = code_in("code_phone")
    person.fill(code="000000" if right != "000000" else "000001")
    person.press()
    person.fill(code=right)
    person.press("/access/confirm-email/")
    person.fill(code=code_in("email_confirmation_signup"))
    person.press("/register/details/")
    person.fill(full_name="Juma Otieno Ouma", national_id=person.national_id)
    person.fill(date_of_birth_0="31", date_of_birth_1="2", date_of_birth_2="1994")
    person.press()  # There is no 31 February.
    person.fill(date_of_birth_1="3")
    person.press("/register/pin/")
    person.fill(pin="2580", pin_again="2580")
    person.press("/register/check/")
    person.page.check("#id_terms")
    person.page.check("#id_data")
    person.press("/register/welcome/")


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
