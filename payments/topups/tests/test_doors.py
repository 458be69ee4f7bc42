"""The pages of adding money, without any script."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client

from accounts.deposits import queries as deposit_queries
from accounts.factories import CustomerFactory, DepositAccountFactory, actor_of
from ledger.factories import put_in, undo
from ledger.money import kes
from payments.topups import operations as topups
from payments.topups.models import TopUp

pytestmark = pytest.mark.django_db
START = "/move/topups/start/"


@pytest.mark.usefixtures("demo_bank")
class TestStart:
    @pytest.mark.proves("SV05", "SV08")
    def test_adds_what_was_typed_and_shows_the_new_balance_at_once(self):
        account = DepositAccountFactory(balance="48250")
        page = signed_in(account)

        added = page.post(START, form_of(page.get(START), "5,000"))
        assert added.status_code == 303
        receipt = text(page.get(added["Location"]))

        assert "KES 5,000.00 added. Your balance is KES 53,250.00" in receipt
        assert TopUp.objects.get(account=account).receipt_no in receipt
        assert "53,250" in text(page.get("/"))

    def test_a_second_tap_leads_to_the_same_receipt(self):
        account = DepositAccountFactory()
        page = signed_in(account)
        form = form_of(page.get(START), "700")

        first, second = page.post(START, form), page.post(START, form)

        assert first["Location"] == second["Location"]
        assert deposit_queries.standing_of(account).balance == kes(700)

    @pytest.mark.parametrize(
        ("amount", "words"),
        [
            ("0", "Enter an amount of more than zero"),
            ("-5", "Enter the amount in shillings"),
            ("NaN", "Enter the amount in shillings"),
            ("5.005.00", "Enter the amount in shillings"),
            ("100000.01", "You can add KES 100,000.00 more. Your account may hold up to"),
        ],
    )
    def test_a_bad_amount_is_refused_with_what_to_do(self, amount, words):
        account = DepositAccountFactory()
        page = signed_in(account)

        refused = page.post(START, form_of(page.get(START), amount))

        assert refused.status_code == 422
        assert words in text(refused)
        assert f'value="{amount}"' in refused.content.decode()
        assert not TopUp.objects.filter(account=account).exists()

    def test_somebody_elses_account_is_no_place_for_it(self):
        account, other = DepositAccountFactory(), DepositAccountFactory()
        page = signed_in(account)
        form = form_of(page.get(START), "700") | {"account": other.number}

        assert page.post(START, form).status_code == 422

    def test_only_its_asker_reads_the_receipt(self):
        account = DepositAccountFactory()
        page = signed_in(account)
        receipt = page.post(START, form_of(page.get(START), "700"))["Location"]

        stranger = signed_in(DepositAccountFactory(customer=CustomerFactory()))

        assert stranger.get(receipt).status_code == 404
        assert page.get(receipt.lower()).status_code == 200


@pytest.mark.usefixtures("demo_bank")
class TestReceipt:
    def test_of_what_the_account_cannot_take_says_that_it_goes_back(self):
        account = DepositAccountFactory(balance="90000")
        topup = started(account, "10000")
        put_in(account.ledger_account, "1")
        topups.finish(topup, at=topup.requested_at, actor=actor_of(account.customer))

        receipt = text(signed_in(account).get(f"/move/topups/receipt/{topup.receipt_no}/"))

        assert "Returned" in receipt
        assert "Nothing was added: your account cannot take this now." in receipt
        assert "Your balance is" not in receipt

    def test_of_what_the_bank_took_back_does_not_say_added(self):
        account = DepositAccountFactory()
        topup = started(account, "700")
        topup = topups.finish(topup, at=topup.requested_at, actor=actor_of(account.customer))
        page, address = signed_in(account), f"/move/topups/receipt/{topup.receipt_no}/"
        assert "KES 700.00 added" in text(page.get(address))

        undo(topup.entry_id)

        receipt = text(page.get(address))
        assert "The bank took this back. It is no longer in your account." in receipt
        assert "added" not in receipt


class TestWithoutARail:
    def test_the_page_claims_no_way_that_does_not_exist(self):
        account = DepositAccountFactory()
        page = signed_in(account)

        shown = page.get(START)

        assert "No way to add money is open yet" in text(shown)
        assert 'name="amount"' not in shown.content.decode()

    @pytest.mark.proves("UX26")
    def test_the_page_names_the_ways_that_are_left(self):
        account = DepositAccountFactory()

        shown = signed_in(account).get(START)

        assert "Other Wekeza customers can send you money now" in text(shown)
        assert account.number in text(shown).replace(" ", "")
        assert 'href="/move/qr/mine/"' in shown.content.decode()

    def test_a_form_sent_all_the_same_adds_nothing(self):
        account = DepositAccountFactory()
        page = signed_in(account)

        refused = page.post(START, form_of(page.get(START), "700"))

        assert refused.status_code == 422
        assert deposit_queries.standing_of(account).balance == kes(0)


def started(account, amount) -> TopUp:
    return topups.start(
        reference=uuid4(),
        account=account,
        money=kes(amount),
        at=datetime.now(UTC),
        actor=actor_of(account.customer),
    )


def form_of(page, amount) -> dict:
    form = page.context["form"]
    return {
        "reference": form["reference"].value(),
        "account": form["account"].value(),
        "amount": amount,
    }


def signed_in(account) -> Client:
    page = Client()
    page.force_login(account.customer.user)
    return page


def text(answer) -> str:
    page = re.sub(r"</(p|div|li|dt|dd|h1|h2|td|th|abbr)>", r" \g<0>", answer.content.decode())
    return " ".join(re.sub(r"<[^>]+>", "", page).replace("\xa0", " ").split())
