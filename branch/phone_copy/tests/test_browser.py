"""The copy on a phone, in a real browser whose network is cut."""

import pytest
from django.test import Client

from accounts.factories import DepositAccountFactory
from accounts.statements.tests.test_doors import signed_in, text
from wekeza.tests.browser import guarded


@pytest.fixture
def juma(live_bank):
    return DepositAccountFactory(customer__full_name="Juma Otieno", balance="4321")


@pytest.fixture
def phone(live_bank, browser, juma):
    """As `new_page`, but the console may say that there is no network: it was cut on purpose."""
    context, problems = guarded(browser)
    page = context.new_page()
    enter(page, live_bank, juma)
    yield page
    context.close()
    assert [problem for problem in problems if "ERR_INTERNET_DISCONNECTED" not in problem] == []


def enter(page, bank, account):
    client = Client()
    client.force_login(account.customer.user)
    session = client.cookies["session"].value
    page.context.add_cookies([{"name": "session", "value": session, "url": bank.url}])


def turned_on(page, bank):
    page.goto(f"{bank.url}/phone-copy/")
    page.click("text=Keep a copy >> nth=-1")
    page.wait_for_selector("text=A copy is kept on this phone")


def copies(page) -> list[str]:
    return page.evaluate("async () => (await caches.keys()).filter(n => n.startsWith('wk-copy-'))")


def offline_text(page, bank) -> str:
    """What stands on the page that somebody opens without a network; nothing if none does."""
    from playwright.sync_api import Error as Unreachable

    page.context.set_offline(True)
    try:
        page.goto(f"{bank.url}/")
        return page.inner_text("body")
    except Unreachable as error:
        assert "ERR_" in str(error)
        return ""
    finally:
        page.context.set_offline(False)


@pytest.mark.django_db(transaction=True)
class TestCopy:
    @pytest.mark.proves("UX19")
    def test_shows_balances_and_rows_as_of_then_where_there_is_no_network(
        self, phone, live_bank, juma
    ):
        turned_on(phone, live_bank)

        shown = offline_text(phone, live_bank)

        assert "As of " in shown and "There is no network" in shown
        assert "4,321.00" in shown and "Cash deposit" in shown
        assert copies(phone) == [f"wk-copy-{juma.customer.public_id}"]

    def test_is_off_until_somebody_turns_it_on(self, phone, live_bank):
        phone.goto(f"{live_bank.url}/")

        assert copies(phone) == []
        workers = "async () => (await navigator.serviceWorker.getRegistrations()).length"
        assert phone.evaluate(workers) == 0

    def test_goes_when_it_is_taken_away(self, phone, live_bank):
        turned_on(phone, live_bank)

        phone.click("text=Take the copy away")
        phone.wait_for_selector("[data-copy-turn=on]:visible")

        assert copies(phone) == []
        assert offline_text(phone, live_bank) == ""

    def test_goes_at_logout(self, phone, live_bank):
        turned_on(phone, live_bank)
        phone.goto(f"{live_bank.url}/settings/")

        phone.click("main >> text=Log out")
        phone.wait_for_load_state()
        phone.goto(f"{live_bank.url}/login/")

        assert copies(phone) == []

    def test_goes_when_the_session_is_over(self, phone, live_bank, juma):
        turned_on(phone, live_bank)
        phone.context.clear_cookies()

        phone.goto(f"{live_bank.url}/save/")

        assert copies(phone) == []

    def test_goes_after_a_day(self, phone, live_bank):
        turned_on(phone, live_bank)
        phone.evaluate(
            """async () => {
              const cache = await caches.open((await caches.keys())[0]);
              const page = await cache.match("/phone-copy/page/");
              const headers = new Headers(page.headers);
              headers.set("X-Kept-At", Date.now() - 24 * 3600e3);
              await cache.put("/phone-copy/page/", new Response(await page.text(), {headers}));
            }"""
        )

        assert "4,321" not in offline_text(phone, live_bank)

    def test_leaves_nothing_to_the_next_person_on_the_phone(self, phone, live_bank):
        turned_on(phone, live_bank)
        grace = DepositAccountFactory(balance="77")
        enter(phone, live_bank, grace)

        turned_on(phone, live_bank)

        assert copies(phone) == [f"wk-copy-{grace.customer.public_id}"]
        assert "4,321" not in offline_text(phone, live_bank)


@pytest.mark.django_db
class TestPage:
    def test_hides_balances_where_they_are_hidden(self):
        juma = DepositAccountFactory(balance="4321")
        juma.customer.user.hides_balances = True
        juma.customer.user.save()

        shown = signed_in(juma).get("/phone-copy/page/")

        assert "4,321" not in shown.content.decode() and "As of" in text(shown)

    def test_has_ten_rows_at_most_and_is_nobody_elses(self):
        from ledger.factories import put_in

        juma = DepositAccountFactory(balance="10")
        for _ in range(12):
            put_in(juma.ledger_account, "1")

        shown = signed_in(juma).get("/phone-copy/page/").content.decode()

        assert shown.count("Cash deposit") == 10
        assert Client().get("/phone-copy/page/").status_code == 302
