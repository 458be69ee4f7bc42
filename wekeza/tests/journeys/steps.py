"""Somebody who is signed in, at a browser of their own. PICTURES=folder keeps what they saw."""

import os
import re

from django.conf import settings
from django.test import Client

from wekeza.tests.look import problems_of

NAME = settings.SESSION_COOKIE_NAME


class Walker:
    """A person at a browser: every page that they come to is looked at."""

    def __init__(self, page, bank, client, *, name):
        self.page, self.bank, self.name, self.seen = page, bank, name, 0
        session = {"name": NAME, "value": client.cookies[NAME].value, "url": bank.url}
        page.context.add_cookies([session])

    def look(self):
        """This will fail where axe or the eye finds something wrong with the page."""
        self.seen += 1
        if folder := os.environ.get("PICTURES"):
            path = f"{folder}/{self.name}-{self.seen:02}.png"
            self.page.screenshot(path=path, full_page=True)
        assert problems_of(self.page) == []

    def go(self, path):
        self.page.goto(self.bank.url + path)
        self.look()

    def press(self, name, to):
        """Press a button by its name; `to` is a pattern of the address that it leads to."""
        self.page.get_by_role("button", name=name).first.click()
        self.page.wait_for_url(re.compile(to))
        self.look()

    def follow(self, name, to):
        """Follow a link by its name, to where a pattern says."""
        self.page.get_by_role("link", name=name).first.click()
        self.page.wait_for_url(re.compile(to))
        self.look()

    @property
    def text(self) -> str:
        words = self.page.locator("main").inner_text().replace("\xa0", " ")
        return " ".join(words.split())


def at_home(page, bank, customer, *, name="customer") -> Walker:
    """This will give a customer who is signed in."""
    client = Client()
    client.force_login(customer.user)
    return Walker(page, bank, client, name=name)
