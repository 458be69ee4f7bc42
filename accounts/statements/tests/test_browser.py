"""A statement in a real browser: nothing of it is cut off, however narrow the window."""

import pytest
from django.test import Client

from accounts.factories import CustomerFactory, DepositAccountFactory
from accounts.statements.tests.test_doors import pay
from wekeza.tests.look import cut_off

LANGUAGES = ["en", "sw"]
WIDTHS = [320, 360, 414, 600, 760, 768, 820, 960, 1024, 1280, 1920]


@pytest.fixture
def juma(live_bank):
    """Sums as large as an account of the first tiers holds, and names that do not break."""
    juma = DepositAccountFactory(customer__full_name="Juma Otieno", balance="99999.99")
    grace = DepositAccountFactory(
        customer=CustomerFactory(full_name="Grace Wanjikuwanyambura Kamau-Mwangangi")
    )
    pay(juma, grace, "9999.99", reason="Matengenezo ya nyumba", receipt_no="MV-9999999")
    pay(grace, juma, "9999.98", receipt_no="MV-9999998")
    return juma


@pytest.fixture
def open_page(live_bank, new_page, juma):
    """Makes pages on which Juma is signed in."""

    def make(path, *, language):
        page = new_page()
        client = Client()
        client.force_login(juma.customer.user)
        cookies = {"session": client.cookies["session"].value, "django_language": language}
        page.context.add_cookies(
            [{"name": name, "value": said, "url": live_bank.url} for name, said in cookies.items()]
        )
        page.goto(live_bank.url + path)
        return page

    return make


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/view/statement/", "/view/transactions/", "/save/", "/"])
class TestEveryWidth:
    def test_shows_every_figure_whole(self, open_page, path, language):
        page = open_page(path, language=language)
        found = []

        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            found += [(width, part) for part in cut_off(page)]

        assert found == []
