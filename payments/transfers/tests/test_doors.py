"""The pages of sending money, without any script."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.deposits import operations as deposits
from accounts.deposits import queries as deposit_queries
from accounts.factories import PIN, CustomerFactory, DepositAccountFactory
from accounts.notifications.models import Message
from ledger.journal.models import Entry
from ledger.money import kes
from payments.transfers.models import Transfer
from payments.transfers.tests.network import answer_lost
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
SEND = "/move/transfers/send/"


class TestSend:
    @pytest.mark.proves("MV12", "MV24")
    def test_goes_from_details_over_the_check_to_the_receipt(self):
        juma, grace = juma_and_grace()
        page = signed_in(juma)

        details = page.get(SEND)
        checking = page.post(SEND, details_of(details, grace.number, "1,500.50", reason="Rent"))
        assert checking.status_code == 303
        check = text(page.get(checking["Location"]))
        sent = page.post(checking["Location"], {"code": PIN})
        assert sent.status_code == 303
        receipt = text(page.get(sent["Location"]))

        assert "Check, then send" in check
        for words in ("Grace Wanjiku Mwangi", "KES 1,500.50", "Rent", "KES 3,499.50", "At once"):
            assert words in check
        assert "Send KES 1,500.50" in check
        assert "First time paying Grace." in check
        transfer = Transfer.objects.get(source=juma)
        assert f"/{transfer.receipt_no}/" in sent["Location"]
        for words in ("Sent", transfer.receipt_no, "KES 1,500.50", "to Grace Wanjiku Mwangi"):
            assert words in receipt
        assert balance(juma) == kes("3499.50")

    def test_finds_the_payee_by_phone_and_masks_it_on_the_check_page(self):
        juma, grace = juma_and_grace()
        phone = "0" + grace.customer.user.phone[4:]
        page = signed_in(juma)

        check = page.post(SEND, details_of(page.get(SEND), phone, "10"))
        words = text(page.get(check["Location"]))

        assert f"{phone[:4]} ••• {phone[-3:]}" in words
        assert phone not in words

    @pytest.mark.parametrize(
        ("amount", "words"),
        [
            ("0", "Enter an amount of more than zero"),
            ("-5", "Enter the amount in shillings"),
            ("NaN", "Enter the amount in shillings"),
            ("Infinity", "Enter the amount in shillings"),
            ("1e3", "Enter the amount in shillings"),
            ("١٠٠", "Enter the amount in shillings"),
            ("1.005", "Is that 1,005 or 1?"),
            ("10.005", "Is that 10,005 or 10?"),
            ("5.1234", "Enter the amount in shillings"),
            ("9" * 13, "larger than the bank can move"),
            ("9" * 39, "larger than the bank can move"),
            ("9" * 400, "Enter the amount in shillings"),
            ("", "Enter the amount in shillings"),
            ("5000.01", "You have KES 5,000.00. Enter KES 5,000.00 or less"),
            ("20000.01", "You can send up to KES 20,000.00 in one payment"),
        ],
    )
    @pytest.mark.proves("UX22", "UX25")
    def test_a_bad_amount_is_refused_with_what_to_do_and_kept(self, amount, words):
        juma, grace = juma_and_grace()
        page = signed_in(juma)

        refused = page.post(SEND, details_of(page.get(SEND), grace.number, amount))

        assert refused.status_code == 422
        assert words in text(refused)
        assert f'value="{amount[:40]}' in refused.content.decode() or not amount
        assert not Transfer.objects.filter(source=juma).exists()

    def test_echoes_what_was_typed_in_every_usual_way(self):
        juma, grace = juma_and_grace()
        page = signed_in(juma)

        for typed in ("5000", "5,000", "5,000.00", "KES 5,000"):
            checking = page.post(SEND, details_of(page.get(SEND), grace.number, typed))
            assert "KES 5,000.00" in text(page.get(checking["Location"]))

    def test_a_payee_who_is_not_here_is_said_so(self):
        juma, _grace = juma_and_grace()
        page = signed_in(juma)

        nobody = page.post(SEND, details_of(page.get(SEND), "0799 999 999", "10"))
        myself = page.post(SEND, details_of(page.get(SEND), juma.number, "10"))

        assert "We can’t find this number at Wekeza. Check the digits" in text(nobody)
        assert "This is the account you send from" in text(myself)
        assert nobody.status_code == myself.status_code == 422

    def test_somebody_elses_account_is_no_source(self):
        juma, grace = juma_and_grace()
        page = signed_in(juma)
        stolen = details_of(page.get(SEND), juma.number, "10") | {"source": grace.number}

        assert page.post(SEND, stolen).status_code == 422
        assert not Transfer.objects.filter(source=grace).exists()

    def test_the_name_comes_before_the_form_is_sent(self):
        juma, grace = juma_and_grace()
        page = signed_in(juma)

        found = looked_up(page, juma, grace.number)
        missing = looked_up(page, juma, "0799 999 999")

        assert "Grace Wanjiku Mwangi" in found
        assert "can’t find this number" in missing

    def test_the_bank_is_no_telephone_book(self):
        juma, _grace = juma_and_grace()
        page = signed_in(juma)

        answers = [looked_up(page, juma, f"07{n:08d}") for n in range(41)]

        assert "looked up many numbers" not in answers[39]
        assert "looked up many numbers" in answers[40]

    def test_the_price_comes_before_the_form_is_sent(self):
        juma, _grace = juma_and_grace()
        page = signed_in(juma)

        quoted = text(page.post("/move/transfers/quote/", {"amount": "1500"}))

        assert "They get KES 1,500.00" in quoted
        assert "Fee KES 0.00" in quoted
        assert "You pay KES 1,500.00" in quoted
        assert text(page.post("/move/transfers/quote/", {"amount": "abc"})) == ""


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


class TestFaults:
    """ux.md 2: say "we don't know yet" only when that is so, and let the next look tell."""

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("is_done", [True, False])
    def test_an_answer_that_is_lost_claims_nothing_and_the_next_look_tells(self, is_done):
        juma, grace = juma_and_grace()
        page = signed_in(juma)
        address = drafted(page, grace, "1500")
        transfer = Transfer.objects.get(source=juma)

        with answer_lost(is_done=is_done):
            unknown = page.post(address, {"code": PIN})
        again = page.get(address)

        assert unknown.status_code == 503
        words = text(unknown)
        assert "We don’t know yet if this was sent" in words
        assert "Don’t send again." in words
        assert transfer.future_receipt_no in words
        assert (again.status_code, balance(juma)) == (
            (303, kes(3500)) if is_done else (200, kes(5000))
        )
        page.post(address, {"code": PIN})
        assert balance(juma) == kes(3500)

    def test_details_typed_in_a_session_that_ended_are_there_after_the_next_login(
        self, time_machine
    ):
        juma, grace = juma_and_grace()
        page = signed_in(juma)
        typed = details_of(page.get(SEND), grace.number, "1,500", reason="Rent")

        time_machine.move_to(time.time() + 601)
        ended = page.post(SEND, typed)
        page.force_login(juma.customer.user)
        kept = page.get(SEND).content.decode()

        assert ended["Location"].startswith("/session-ended/")
        for words in (f'value="{grace.number}"', 'value="1,500"', 'value="Rent"'):
            assert words in kept
        assert not Transfer.objects.filter(source=juma).exists()


class TestReceipt:
    @pytest.mark.proves("MV11")
    def test_payer_and_payee_read_it_each_from_their_side(self):
        juma, grace = juma_and_grace()
        page = signed_in(juma)
        address = drafted(page, grace, "1500")
        receipt = page.post(address, {"code": PIN})["Location"]

        mine, hers = text(page.get(receipt)), text(signed_in(grace).get(receipt))
        stranger = signed_in(DepositAccountFactory(customer=CustomerFactory()))

        assert "to Grace Wanjiku Mwangi" in mine
        assert "Total paid" in mine
        assert "from Juma Otieno" in hers
        assert "Total paid" not in hers
        assert stranger.get(receipt).status_code == 404

    def test_its_short_address_leads_to_it(self):
        juma, grace = juma_and_grace()
        page = signed_in(juma)
        page.post(drafted(page, grace, "1500"), {"code": PIN})
        number = Transfer.objects.get(source=juma).receipt_no

        found = page.get(reverse("branch:online:receipt", args=[number.lower()]), follow=True)

        assert number in text(found)
        assert page.get("/receipt/XX-1234567/").status_code == 404


class TestHub:
    def test_lists_who_was_paid_last_and_starts_again_with_them(self):
        juma, grace = juma_and_grace()
        page = signed_in(juma)
        assert "No payees yet" in text(page.get("/move/"))

        page.post(drafted(page, grace, "1500"), {"code": PIN})
        number = Transfer.objects.get(source=juma).receipt_no

        assert "Grace Wanjiku Mwangi" in text(page.get("/move/"))
        again = page.get(f"{SEND}?like={number}")
        assert f"{grace.number[:3]} {grace.number[3:5]}" in again.content.decode()


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


def juma_and_grace(*, balance="5000"):
    return (
        DepositAccountFactory(customer__full_name="Juma Otieno", balance=balance),
        DepositAccountFactory(customer__full_name="Grace Wanjiku Mwangi"),
    )


def signed_in(account) -> Client:
    page = Client()
    page.force_login(account.customer.user)
    return page


def details_of(page, recipient, amount, *, reason="") -> dict:
    form = page.context["form"]
    return {
        "reference": form["reference"].value() or uuid4(),
        "replaces": form["replaces"].value() or "",
        "source": form["source"].value(),
        "recipient": recipient,
        "amount": amount,
        "reason": reason,
    }


def looked_up(page, account, recipient) -> str:
    """What the page says under the recipient's box."""
    answer = page.post("/move/transfers/payee/", {"recipient": recipient, "source": account.number})
    assert "<html" not in answer.content.decode()
    return text(answer)


def drafted(page, payee, amount) -> str:
    """The address of the check page of a new draft."""
    return page.post(SEND, details_of(page.get(SEND), payee.number, amount))["Location"]


def text(answer) -> str:
    """What a person reads: no tags, one space between words."""
    page = re.sub(
        r"</(p|div|li|dt|dd|h1|h2|td|th|abbr)>|</span><span", r" \g<0>", answer.content.decode()
    )
    words = re.sub(r"<[^>]+>", "", page)
    return " ".join(words.replace("\xa0", " ").replace("&nbsp;", " ").split())


def code_of(account) -> str:
    body = Message.objects.filter(user=account.customer.user, kind="code_transfer").last().body
    return re.search(r"\b\d{6}\b", body).group()


def balance(account):
    return deposit_queries.standing_of(account).balance
