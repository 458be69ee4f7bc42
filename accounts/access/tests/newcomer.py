"""Somebody new at a browser: registers as customers do; SHOTS=folder keeps pictures."""

import os
from itertools import count
from pathlib import Path

from accounts.access.tests.steps import PASSWORD, code_in
from wekeza.tests.look import problems_of

_turn = count(1)


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
        self.page.locator("form.wk-form .wk-actions button").first.click()
        if to:
            self.page.wait_for_url(f"**{to}")
        self.look()

    @property
    def words(self):
        return self.page.locator("main").inner_text()


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
