"""The page on which a payment is looked at once more, and two taps at once."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from accounts.deposits import operations as deposits
from accounts.factories import PIN, DepositAccountFactory
from accounts.notifications.models import Message
from ledger.journal.models import Entry
from ledger.money import kes
from payments.transfers.models import Transfer
from payments.transfers.tests.pages import (
    SEND,
    balance,
    details_of,
    drafted,
    juma_and_grace,
    signed_in,
    text,
)
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


class TestCheck:
    @pytest.mark.proves("MV36", "MV43")
    def test_a_wrong_pin_says_how_many_tries_are_left_and_sends_nothing(self):
        juma, grace = juma_and_grace()
        page = signed_in(juma)
        address = drafted(page, grace, "1500")

        refused = page.post(address, {"code": "0000"})

        assert refused.status_code == 422
        assert "That PIN is not right. 2 tries left" in text(refused)
        assert 'value="0000"' not in refused.content.decode()
        assert balance(juma) == kes(5000)

    def test_after_three_wrong_pins_sending_is_off(self):
        juma, grace = juma_and_grace()
        page = signed_in(juma)
        address = drafted(page, grace, "1500")

        for _ in range(3):
            refused = page.post(address, {"code": "0000"})

        assert re.search(r"Sending is off until \d\d:\d\d\. Nothing was sent", text(refused))
        assert "Sending is off until" in text(page.post(address, {"code": PIN}))
        assert balance(juma) == kes(5000)

    @pytest.mark.proves("MV36")
    def test_above_the_threshold_asks_for_the_code_that_names_the_deed(self):
        juma, grace = juma_and_grace(balance="10000")
        page = signed_in(juma)
        address = drafted(page, grace, "6000")
        asked = text(page.get(address))
        code = code_of(juma)

        assert "Enter the 6-digit code" in asked
        assert "must say “send KES 6,000.00 to Grace Wanjiku Mwangi”" in asked
        wrong = page.post(address, {"code": "000000" if code != "000000" else "111111"})
        assert "That code is not right. 4 tries left" in text(wrong)
        sent = page.post(address, {"code": f"{code[:3]} {code[3:]}"})
        assert sent.status_code == 303
        assert balance(grace) == kes(6000)

    def test_an_edit_after_the_code_sends_nothing_by_the_old_code(self):
        juma, grace = juma_and_grace(balance="10000")
        page = signed_in(juma)
        old = drafted(page, grace, "6000")
        code = code_of(juma)
        change = page.get(f"{SEND}?change={old.split('/')[-2]}")
        assert "6,000" in change.content.decode()

        checking = page.post(SEND, details_of(change, grace.number, "9000"))
        by_old_page = page.post(old, {"code": code})
        by_new_page = page.post(checking["Location"], {"code": code})

        assert by_old_page.status_code == 409
        assert "Nothing was sent" in text(by_old_page)
        assert by_new_page.status_code == 422
        assert balance(juma) == kes(10_000)

    @pytest.mark.proves("MV13", "MV45")
    def test_a_second_tap_and_back_lead_to_the_same_receipt(self):
        juma, grace = juma_and_grace()
        page = signed_in(juma)
        address = drafted(page, grace, "1500")

        first = page.post(address, {"code": PIN})
        second = page.post(address, {"code": PIN})
        back = page.get(address)

        assert first["Location"] == second["Location"] == back["Location"]
        assert re.search(
            r"You already sent this at \d\d:\d\d\. Here is the receipt\.",
            text(page.get(second["Location"])),
        )
        assert (
            Entry.objects.filter(kind="INTERNAL_TRANSFER", owner=juma.customer.owner_ref).count()
            == 1
        )

    def test_what_is_refused_at_sending_says_where_the_money_is(self):
        juma, grace = juma_and_grace()
        page = signed_in(juma)
        address = drafted(page, grace, "1500")
        deposits.freeze(grace, reason="Court order 9", actor=SYSTEM)

        refused = page.post(address, {"code": PIN})

        assert refused.status_code == 422
        assert "Your KES 1,500.00 is still in your account." in text(refused)
        assert "Court" not in text(refused)

    def test_cancel_keeps_the_money(self):
        juma, grace = juma_and_grace()
        page = signed_in(juma)
        address = drafted(page, grace, "1500")

        cancelled = page.post(address, {"cancel": "1"}, follow=True)
        late = page.post(address, {"code": PIN})

        assert "Nothing left your account" in text(cancelled)
        assert late.status_code == 409
        assert balance(juma) == kes(5000)

    def test_details_that_are_too_old_say_so(self):
        juma, grace = juma_and_grace()
        page = signed_in(juma)
        address = drafted(page, grace, "1500")
        Transfer.objects.filter(source=juma).update(held_until="2026-01-01T00:00Z")

        gone = page.post(address, {"code": PIN})

        assert gone.status_code == 409
        assert "We held these details until" in text(gone)
        assert balance(juma) == kes(5000)

    def test_asking_for_another_code_at_once_is_refused(self):
        juma, grace = juma_and_grace(balance="10000")
        page = signed_in(juma)
        address = drafted(page, grace, "6000")

        again = page.post(address, {"resend": "1"})

        assert "You can ask for another in" in text(again)

    def test_a_stranger_finds_no_page(self):
        juma, grace = juma_and_grace()
        address = drafted(signed_in(juma), grace, "1500")

        for stranger in (signed_in(grace), signed_in(DepositAccountFactory())):
            assert stranger.get(address).status_code == 404
            assert stranger.post(address, {"code": PIN}).status_code == 404
        assert Client().get(address).status_code == 302


@pytest.mark.django_db(transaction=True)
class TestTwoTapsAtOnce:
    @pytest.mark.proves("MV44")
    def test_parallel_posts_of_one_intent_post_once_and_show_one_receipt(self):
        juma, grace = juma_and_grace()
        pages = [signed_in(juma) for _ in range(6)]
        address = drafted(pages[0], grace, "1500")
        together = Barrier(len(pages))

        def tap(page):
            try:
                together.wait(timeout=30)
                return page.post(address, {"code": PIN})["Location"]
            finally:
                connection.close()

        with ThreadPoolExecutor(len(pages)) as pool:
            receipts = set(pool.map(tap, pages))

        assert len(receipts) == 1
        assert balance(juma) == kes(3500)


def code_of(account) -> str:
    body = Message.objects.filter(user=account.customer.user, kind="code_transfer").last().body
    return re.search(r"\b\d{6}\b", body).group()
