"""Being paid by a code: what it says, who can read it, and that a changed one is refused."""

from uuid import uuid4

import pytest

from accounts.factories import DepositAccountFactory
from accounts.statements.tests.test_doors import signed_in, text
from ledger.money import kes
from payments.qr import payloads
from payments.transfers.models import Transfer

pytestmark = pytest.mark.django_db
SEND = "/move/transfers/send/"


def wish(source, recipient, amount=""):
    return {
        "reference": str(uuid4()), "source": source.number, "recipient": recipient,
        "amount": amount, "reason": "",
    }  # fmt: skip


class TestPayload:
    def test_has_the_check_value_that_the_standard_gives(self):
        # CRC-16/CCITT-FALSE of "123456789" is 29B1 in every table of check values.
        assert payloads.crc("123456789") == "29B1"

    def test_is_laid_out_object_by_object(self):
        made = payloads.payload_of(
            account="0011000000017", name="Juma Otieno", amount=kes("1500.50")
        )

        assert made[:-4] == (
            "000201" "010212" "2929" "0008ke.go.qr" "90130011000000017" "52040000" "5303404"
            "54071500.50" "5802KE" "5911Juma Otieno" "6007NAIROBI" "6304"
        )  # fmt: skip

    @pytest.mark.parametrize("place", [7, 30, 45, 60, -1])
    def test_one_changed_sign_is_refused(self, place):
        made = payloads.payload_of(account="0011000000017", name="Juma Otieno", amount=kes("150"))
        sign = "8" if made[place] != "8" else "7"
        end = made[place + 1 :] if place != -1 else ""

        with pytest.raises(payloads.NotAPayload):
            payloads.read(made[:place] + sign + end)

    @pytest.mark.parametrize("amount", ["-5", "0", "1.005", "NaN", "1e9", "Infinity", "x"])
    def test_an_odd_amount_is_refused(self, amount):
        body = "00020101021229290008ke.go.qr90130011000000017530340454"
        text_of = f"{body}{len(amount):02d}{amount}5802KE6304"

        with pytest.raises(payloads.NotAPayload):
            payloads.read(text_of + payloads.crc(text_of))


class TestMine:
    def test_shows_name_number_and_a_square_without_any_style(self):
        juma = DepositAccountFactory(customer__full_name="Juma Otieno", balance="4321")

        page = signed_in(juma).get("/move/qr/mine/", {"amount": "250"})

        shown = page.content.decode()
        assert "Juma Otieno" in text(page) and "KES 250.00" in text(page)
        assert 'class="wk-qr"' in shown and "style=" not in shown
        assert "5406250.00" in shown
        assert "4,321" not in shown

    def test_odd_amounts_are_refused_with_words(self):
        juma = DepositAccountFactory()

        assert signed_in(juma).get("/move/qr/mine/", {"amount": "x"}).status_code == 422


class TestPay:
    @pytest.mark.proves("MV40")
    def test_a_code_with_an_amount_leads_to_the_check_page(self):
        juma, grace = (
            DepositAccountFactory(balance="5000"),
            DepositAccountFactory(customer__full_name="Grace Wanjiku Mwangi"),
        )
        code = payloads.payload_of(account=grace.number, name="Grace", amount=kes("1250"))
        page = signed_in(juma)

        held = page.post(SEND, wish(juma, code))

        check = text(page.get(held["Location"]))
        assert "to Grace Wanjiku Mwangi" in check and "KES 1,250.00" in check
        assert Transfer.objects.get(source=juma).target == grace

    def test_another_amount_than_the_code_asks_for_is_refused(self):
        juma, grace = DepositAccountFactory(balance="5000"), DepositAccountFactory()
        code = payloads.payload_of(account=grace.number, name="Grace", amount=kes("1250"))

        refused = signed_in(juma).post(SEND, wish(juma, code, "12.50"))

        assert refused.status_code == 422
        assert "The code asks for KES 1,250.00" in text(refused)

    def test_a_cut_code_and_one_of_another_bank_are_refused(self):
        juma, grace = DepositAccountFactory(balance="5000"), DepositAccountFactory()
        code = payloads.payload_of(account=grace.number, name="Grace")
        other = code[:-4].replace("9013", "6813")
        page = signed_in(juma)

        cut = page.post(SEND, wish(juma, code[:-6], "5"))
        foreign = page.post(SEND, wish(juma, other + payloads.crc(other), "5"))

        assert "This code is not whole" in text(cut)
        assert "This code is of another bank" in text(foreign)
        assert not Transfer.objects.filter(source=juma).exists()
