"""
A customer's first day in a real browser: log in, top up, send, read what happened.

Each way is walked on a phone, on a desk in the dark and in Swahili, and with scripts switched off.
"""

import re
from itertools import count

import pytest

from accounts.access.tests.steps import code_in
from accounts.factories import PASSWORD, PIN, CustomerFactory, DepositAccountFactory
from ledger.money import kes
from wekeza.tests.browser import DESK, PHONE, TABLET
from wekeza.tests.look import problems_of

_turn = count(1)
WAYS = [
    pytest.param({"size": PHONE, "scheme": "light"}, id="phone-light"),
    pytest.param({"size": DESK, "scheme": "dark", "locale": "sw-KE"}, id="desk-dark-swahili"),
    pytest.param({"size": TABLET, "scheme": "light"}, id="tablet-light"),
    pytest.param({"size": PHONE, "javascript": False}, id="phone-without-scripts"),
]
BUTTON = "form.wk-form .wk-actions button"
pytestmark = pytest.mark.django_db(transaction=True)


class Juma:
    """A customer at a browser: every page that he comes to is looked at."""

    def __init__(self, page, bank, *, has_scripts):
        self.page, self.bank, self.has_scripts = page, bank, has_scripts
        self.account = DepositAccountFactory(
            customer=CustomerFactory(full_name="Juma Otieno Ouma"), balance="1000"
        )
        self.go("/login/")
        self.fill(login=self.account.customer.user.email, password=PASSWORD)
        self.page.locator("form.wk-form button:visible:not([data-reveal])").first.click()
        self.page.wait_for_url(self.bank.url + "/")
        self.look()

    def go(self, path):
        answer = self.page.goto(self.bank.url + path)
        self.look()
        return answer

    def look(self):
        if self.has_scripts:  # axe is a script.
            assert problems_of(self.page) == []

    def fill(self, **typed):
        for name, value in typed.items():
            self.page.fill(f"#id_{name}", value)

    def press(self, to=None):
        """The main button; `to` is a pattern of the address that it leads to."""
        if self.has_scripts:  # What an earlier press was told is no answer to this one.
            self.page.evaluate("document.querySelector('.wk-errsum')?.remove()")
        self.page.locator(BUTTON).first.click()
        if to:
            self.page.wait_for_url(re.compile(to))
        else:
            self.page.locator(".wk-errsum").wait_for()
        self.look()

    def draft(self, payee, amount):
        self.go("/move/transfers/send/")
        self.fill(recipient=payee.number, amount=amount, reason="Rent, November")
        if self.has_scripts:  # The name comes while the form is filled in.
            self.page.get_by_text(payee.customer.full_name).wait_for()
        self.press("/move/transfers/check/")

    @property
    def text(self):
        return self.page.locator("main").inner_text()

    @property
    def has(self):
        return self.account.ledger_account.money


@pytest.fixture(params=WAYS)
def juma(request, live_bank, new_page, demo_bank):
    page = new_page(**request.param)
    return Juma(page, live_bank, has_scripts=request.param.get("javascript", True))


@pytest.fixture
def grace():
    return DepositAccountFactory(customer=CustomerFactory(full_name="Grace Wanjiku Mwangi"))


class TestFirstDay:
    @pytest.mark.proves("UX02", "UX11", "SV03", "SV08")
    def test_home_shows_the_balance_and_a_top_up_raises_it_at_once(self, juma):
        assert "1,000" in juma.text
        assert juma.account.number in juma.page.content().replace(" ", "")

        juma.go("/move/topups/start/")
        juma.fill(amount="5,000.50")
        juma.press("/move/topups/receipt/DP-")

        assert juma.has == kes("6000.50")
        juma.go("/")
        assert "6,000" in juma.text

    @pytest.mark.proves("MV12", "MV13", "MV24", "MV36")
    def test_sends_by_pin_after_a_wrong_one_and_gets_a_receipt(self, juma, grace):
        juma.draft(grace, "250")
        check = juma.page.url
        assert "Grace Wanjiku Mwangi" in juma.text
        assert "250" in juma.text

        juma.fill(code="9999")
        juma.press()
        assert juma.has == kes("1000")
        juma.fill(code=PIN)
        juma.press("/move/transfers/receipt/MV-")
        assert juma.has == kes("750")
        assert grace.ledger_account.money == kes("250")

        juma.page.goto(check)  # The way back leads to the same receipt, and sends nothing.
        assert "/move/transfers/receipt/MV-" in juma.page.url
        assert juma.has == kes("750")

    def test_sends_more_by_a_code_that_names_amount_and_payee(self, live_bank, new_page, grace):
        juma = Juma(new_page(), live_bank, has_scripts=True)
        from ledger.factories import put_in

        put_in(juma.account.ledger_account, "30000")
        juma.draft(grace, "12,500")

        juma.fill(code="000000" if code_in("code_transfer") != "000000" else "000001")
        juma.press()
        juma.fill(code=code_in("code_transfer"))
        juma.press("/move/transfers/receipt/MV-")

        assert grace.ledger_account.money == kes("12500")

    @pytest.mark.proves("UX22", "UX25")
    def test_is_told_what_is_wrong_and_keeps_what_was_typed(self, juma, grace):
        juma.go("/move/transfers/send/")
        juma.fill(recipient=grace.number, amount="5,000")
        juma.press()
        assert "1,000.00" in juma.text
        assert juma.page.input_value("#id_amount") == "5,000"

        juma.fill(recipient=juma.account.number, amount="٥٠٠")
        juma.press()
        juma.page.locator(".wk-errsum a").nth(1).wait_for()
        assert juma.has == kes("1000")

    @pytest.mark.proves("SV10", "SV19", "MV11", "UX15")
    def test_reads_hides_and_leaves(self, juma, grace):
        juma.draft(grace, "250")
        juma.fill(code=PIN)
        juma.press("/move/transfers/receipt/MV-")

        for path in (
            "/view/",
            "/view/transactions/?q=Grace",
            "/view/statement/",
            "/save/",
            "/move/",
        ):
            assert juma.go(path).status == 200
        juma.go("/view/transactions/?q=Grace")
        assert "Grace Wanjiku Mwangi" in juma.text
        juma.go("/view/transactions/?q=nobody-of-that-name")
        assert "Grace Wanjiku Mwangi" not in juma.page.locator(".wk-empty").inner_text()

        juma.go("/")
        juma.page.locator("form[action='/hide-balances/'] button").first.click()
        juma.page.wait_for_load_state()
        juma.look()
        assert "750" not in juma.text
        juma.go("/access/logout/")
        juma.page.locator("main form button").first.click()
        juma.page.wait_for_load_state()
        juma.page.goto(juma.bank.url + "/view/")
        assert "/login/" in juma.page.url
