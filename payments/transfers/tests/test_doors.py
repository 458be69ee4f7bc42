"""The pages of sending money, without any script."""

import time

import pytest
from django.urls import reverse

from accounts.factories import PIN, CustomerFactory, DepositAccountFactory
from ledger.money import kes
from payments.transfers.models import Transfer
from payments.transfers.tests.network import answer_lost
from payments.transfers.tests.pages import (
    SEND,
    balance,
    details_of,
    drafted,
    juma_and_grace,
    signed_in,
    text,
)

pytestmark = pytest.mark.django_db


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
        assert text(page.post("/move/transfers/quote/", {"amount": "abc"})).count("–") == 3


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


def looked_up(page, account, recipient) -> str:
    """What the page says under the recipient's box."""
    answer = page.post("/move/transfers/payee/", {"recipient": recipient, "source": account.number})
    assert "<html" not in answer.content.decode()
    return text(answer)
