"""What a browser adds to sending money: the name while one types, Back, two taps, odd endings."""

import pytest
from django.test import Client

from accounts.deposits import queries as deposit_queries
from accounts.factories import PIN, DepositAccountFactory, actor_of
from ledger.money import kes
from payments.factories import DraftFactory
from payments.transfers import operations as transfers
from payments.transfers.models import Transfer
from wekeza.tests.browser import PHONE
from wekeza.tests.look import cut_off, problems_of, small_targets

SMALL = {"width": 320, "height": 640}


@pytest.fixture
def juma(live_bank):
    return DepositAccountFactory(customer__full_name="Juma Otieno", balance="20000")


@pytest.fixture
def grace(live_bank):
    return DepositAccountFactory(customer__full_name="Grace Wanjiku Mwangi")


@pytest.fixture
def at_bank(live_bank, new_page, juma):
    """Makes pages on which Juma is signed in."""

    def open_page(path, **wishes):
        page = new_page(**wishes)
        client = Client()
        client.force_login(juma.customer.user)
        session = {"name": "session", "value": client.cookies["session"].value}
        page.context.add_cookies([session | {"url": live_bank.url}])
        page.goto(live_bank.url + path)
        return page

    return open_page


class TestWhileOneTypes:
    def test_the_name_and_the_price_come_before_the_form_is_sent(self, at_bank, grace):
        page = at_bank("/move/transfers/send/")

        page.get_by_label("Who do you want to pay?").fill(grace.number)
        page.get_by_label("How much do you want to send?").fill("1500")

        page.get_by_text("Name confirmed by Wekeza").wait_for()
        page.locator("#quote").get_by_text("KES 1,500.00").first.wait_for()
        assert "KES 1,500.00" in page.locator("#quote").inner_text().replace("\xa0", " ")
        assert "Grace Wanjiku Mwangi" in page.locator("#payee").inner_text()

    def test_what_comes_in_moves_no_button_from_under_a_thumb(self, at_bank, grace):
        page = at_bank("/move/transfers/send/", size=PHONE)
        press = page.get_by_role("button", name="Check the details")
        page.get_by_label("How much do you want to send?").fill("1500")
        page.get_by_text("One thousand five hundred shillings").wait_for()
        before = press.bounding_box()

        page.locator("#quote").get_by_text("KES 1,500.00").first.wait_for()
        page.get_by_label("Who do you want to pay?").fill(grace.number)
        page.get_by_label("Reason").focus()
        page.get_by_text("Name confirmed by Wekeza").wait_for()

        page.get_by_label("Reason").evaluate("box => scrollTo(0, 0)")
        assert press.bounding_box()["y"] == before["y"]

    def test_thousands_are_marked_wherever_one_types_or_deletes(self, at_bank):
        page = at_bank("/move/transfers/send/")
        box = page.get_by_label("How much do you want to send?")

        box.press_sequentially("5000")
        assert box.input_value() == "5,000"
        box.press_sequentially("0.50")
        assert box.input_value() == "50,000.50"
        for _ in range(4):
            box.press("Backspace")
        assert box.input_value() == "5,000"
        assert "Five thousand shillings" in page.locator("form.wk-form").inner_text()
        box.press("Home")
        box.press("Delete")
        assert box.input_value() == "000"

    @pytest.mark.parametrize("typed", ["2,50", "5,0", "1,00,0", "5000,", "2,50.00"])
    def test_a_comma_in_an_odd_place_stays_and_the_bank_asks(self, at_bank, juma, grace, typed):
        page = at_bank("/move/transfers/send/")
        page.get_by_label("Who do you want to pay?").fill(grace.number)
        box = page.get_by_label("How much do you want to send?")

        box.press_sequentially(typed)
        left = box.input_value()
        assert page.locator("[data-echo]").is_hidden()
        page.get_by_role("button", name="Check the details").click()

        page.locator(".wk-errsum").get_by_text("like 5,000 or 5,000.50").wait_for()
        assert left == box.input_value() == {"5000,": "5,000,"}.get(typed, typed)
        assert not Transfer.objects.filter(source=juma).exists()


class TestTheLastStep:
    def test_back_after_sending_leads_to_the_receipt(self, at_bank, grace):
        page = checking(at_bank, grace)
        page.get_by_label("Enter your PIN").fill(PIN)
        page.get_by_role("button", name="Send KES 100.00").click()
        page.get_by_role("heading", name="Sent", exact=True).wait_for()

        page.go_back()

        page.get_by_text("You already sent this at").wait_for()
        assert balance(grace) == kes(100)

    def test_a_refused_pin_leaves_no_step_behind_that_back_would_send_again(self, at_bank, grace):
        page = checking(at_bank, grace)
        page.get_by_label("Enter your PIN").fill("0000")
        page.get_by_role("button", name="Send KES 100.00").click()
        page.get_by_role("heading", name="There is a problem").wait_for()

        assert page.title().startswith("Error:")
        page.go_back()

        page.get_by_role("heading", name="Send money").wait_for()
        assert balance(grace) == kes(0)

    def test_the_number_of_the_payee_stands_on_one_line(self, at_bank, juma):
        payee = DepositAccountFactory()
        draft = DraftFactory(source=juma, target=payee, amount="100")
        for size in (SMALL, PHONE):
            page = at_bank(f"/move/transfers/check/{draft.public_id}/", size=size)

            number = page.locator(".wk-sum .wk-nw").first
            assert number.bounding_box()["height"] < 30
            assert cut_off(page) == []

    def test_nothing_can_be_sent_while_too_many_wrong_codes_lock_it(self, at_bank, grace):
        page = checking(at_bank, grace)
        for told in ("2 tries left", "1 try left", "Sending is off until"):
            page.get_by_label("Enter your PIN").fill("0000")
            page.get_by_role("button", name="Send KES 100.00").click()
            page.get_by_text(told).first.wait_for()

        page.reload()
        page.get_by_text("Sending is off until").wait_for()
        assert page.get_by_role("button", name="Send KES").count() == 0
        assert page.get_by_label("Enter your PIN").count() == 0
        assert page.get_by_role("button", name="Cancel, keep my money").is_visible()
        assert problems_of(page) + small_targets(page) == []

    def test_two_quick_taps_send_once(self, at_bank, grace):
        page = checking(at_bank, grace)
        page.get_by_label("Enter your PIN").fill(PIN)

        page.get_by_role("button", name="Send KES 100.00").dblclick()

        page.get_by_role("heading", name="Sent", exact=True).wait_for()
        assert balance(grace) == kes(100)


class TestOddEndings:
    def test_cancelled_details_are_accessible_and_lead_on(self, at_bank, juma, grace):
        draft = DraftFactory(source=juma, target=grace, amount="100")
        transfers.cancel(draft, at=draft.requested_at, actor=actor_of(juma.customer))

        page = at_bank(f"/move/transfers/check/{draft.public_id}/", scheme="dark")

        assert problems_of(page) + small_targets(page) == []
        page.get_by_role("link", name="Start again with these details").click()
        page.get_by_role("heading", name="Send money").wait_for()
        assert page.get_by_label("How much do you want to send?").input_value() == "100"


def checking(at_bank, payee):
    """A page on which a payment of 100 is checked, reached from its details."""
    page = at_bank("/move/transfers/send/")
    page.get_by_label("Who do you want to pay?").fill(payee.number)
    page.get_by_label("How much do you want to send?").fill("100")
    page.get_by_role("button", name="Check the details").click()
    page.get_by_role("heading", name="Check, then send").wait_for()
    return page


def balance(account):
    return deposit_queries.standing_of(account).balance
