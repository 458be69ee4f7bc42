"""A payment that a passkey signs: the very one that was shown, once, and nothing else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from accounts.access.models import Challenge
from accounts.access.tests.keys import HOST, SoftKey, give_key
from accounts.factories import PIN, DepositAccountFactory, actor_of
from ledger.factories import put_in
from ledger.journal.models import Entry
from ledger.money import kes
from payments.factories import DraftFactory
from payments.transfers import operations as transfers

pytestmark = pytest.mark.django_db


@pytest.fixture
def juma():
    return DepositAccountFactory(customer__full_name="Juma Otieno", balance="5000")


@pytest.fixture
def grace():
    return DepositAccountFactory(customer__full_name="Grace Wanjiku Mwangi")


@pytest.fixture
def key(juma):
    return give_key(juma.customer.user)


@pytest.fixture
def browser(juma):
    return signed_in(juma)


@pytest.fixture
def draft(juma, grace, key):
    return DraftFactory(source=juma, target=grace, amount="1500")


class TestPayingWithAPasskey:
    def test_pays_what_was_shown(self, browser, draft, key, grace):
        page = browser.get(path(draft)).content.decode()

        answer = pay(browser, draft, key)

        draft.refresh_from_db()
        assert "Pay with passkey" in page and "Enter your PIN" in page
        assert answer["Location"] == f"/move/transfers/receipt/{draft.receipt_no}/"
        assert (draft.authorised_by, grace.ledger_account.money) == ("KEY", kes(1500))

    def test_pays_more_than_a_pin_does_without_any_code(self, juma, grace, key):
        put_in(juma.ledger_account, "30000")
        draft = DraftFactory(source=juma, target=grace, amount="12500")

        pay(signed_in(juma), draft, key)

        draft.refresh_from_db()
        assert (draft.authorised_by, grace.ledger_account.money) == ("KEY", kes(12500))

    def test_leaves_the_pin_as_another_way(self, browser, draft, grace):
        assert browser.post(path(draft), {"code": PIN}).status_code == 303

        draft.refresh_from_db()
        assert (draft.authorised_by, grace.ledger_account.money) == ("PIN", kes(1500))

    def test_is_offered_to_nobody_without_one(self, juma, grace):
        draft = DraftFactory(source=juma, target=grace)
        browser = signed_in(juma)

        assert "asskey" not in browser.get(path(draft)).content.decode()
        answer = browser.post(path(draft), {"passkey": "ask"})
        assert (answer.status_code, Challenge.objects.count()) == (422, 0)

    def test_is_asked_of_the_payer_alone(self, draft, grace):
        stranger = signed_in(grace)

        assert stranger.post(path(draft), {"passkey": "ask"}).status_code == 404

    def test_says_what_keeps_the_money(self, browser, draft, key, juma, grace):
        credential = key.signed(asked(browser, draft))
        DraftFactory(source=juma, amount="4000")
        other = DraftFactory(source=juma, amount="4000")
        browser.post(path(other), {"code": PIN})

        answer = browser.post(path(draft), {"credential": credential})

        assert answer.status_code == 422 and "You have" in answer.content.decode()
        assert grace.ledger_account.money == kes(0)

    def test_waits_a_day_with_large_payments_after_a_change(self, juma, grace, key):
        put_in(juma.ledger_account, "30000")
        draft = DraftFactory(source=juma, target=grace, amount="12500")
        user = juma.customer.user
        browser = signed_in(juma)
        credential = key.signed(asked(browser, draft))
        user.factor_changed_at = datetime.now(UTC)
        user.save()

        answer = browser.post(path(draft), {"credential": credential})

        assert "Your phone, e-mail, PIN or two-step login changed" in answer.content.decode()
        assert "Pay with passkey" not in browser.get(path(draft)).content.decode()
        assert browser.post(path(draft), {"passkey": "ask"}).status_code == 422
        assert grace.ledger_account.money == kes(0)


class TestRefusals:
    def refused(self, browser, draft, credential, words):
        answer = browser.post(path(draft), {"credential": credential})

        page = answer.content.decode()
        assert answer.status_code == 422
        assert words in page and "still in your account" not in page  # Another tap may have paid.
        draft.refresh_from_db()
        assert draft.is_draft and draft.authorised_by == ""

    def test_of_another_payment(self, browser, draft, key, juma, grace):
        other = DraftFactory(source=juma, target=grace, amount="1500")
        credential = key.signed(asked(browser, other))

        self.refused(browser, draft, credential, "You signed something else")

    def test_of_an_edited_payment(self, browser, draft, key):
        credential = key.signed(asked(browser, draft))
        draft.amount = 4000  # As a hand in the database would.
        draft.save()

        self.refused(browser, draft, credential, "You signed something else")

    def test_after_two_minutes(self, browser, draft, key):
        credential = key.signed(asked(browser, draft))
        late = datetime.now(UTC) - timedelta(minutes=2)
        Challenge.objects.filter(channel="KEY").update(expires_at=late)

        self.refused(browser, draft, credential, "That took longer than 2 minutes")

    def test_after_another_question(self, browser, draft, key):
        credential = key.signed(asked(browser, draft))
        asked(browser, draft)

        self.refused(browser, draft, credential, "That signature was used up")

    def test_of_an_unknown_key(self, browser, draft, key):
        credential = SoftKey().signed(asked(browser, draft))

        self.refused(browser, draft, credential, "That passkey is not one of yours")

    def test_without_finger_face_or_pin(self, browser, draft, key):
        key.is_verified = False

        self.refused(
            browser, draft, key.signed(asked(browser, draft)), "did not ask for your finger"
        )

    def test_of_a_copy(self, browser, draft, key, juma):
        key.counter = 9
        pay(browser, DraftFactory(source=juma, amount="10"), key)

        self.refused(
            browser, draft, key.signed(asked(browser, draft)), "This passkey may have been copied"
        )

    @pytest.mark.parametrize("credential", ["x", "[]", "{}", "null"])
    def test_of_what_is_no_signature(self, browser, draft, key, credential):
        self.refused(browser, draft, credential, "That passkey could not be used here")

    def test_of_nothing_asks_for_the_pin(self, browser, draft):
        answer = browser.post(path(draft), {"credential": ""})

        assert answer.status_code == 422 and "Enter your PIN" in answer.content.decode()


class TestASecondTap:
    def test_after_it_was_paid_finds_the_receipt(self, browser, draft, key, grace):
        credential = key.signed(asked(browser, draft))
        first = browser.post(path(draft), {"credential": credential})
        second = browser.post(path(draft), {"credential": credential})

        assert first["Location"] == second["Location"]
        assert grace.ledger_account.money == kes(1500)

    def test_that_read_the_draft_before_it_was_paid_gives_what_was_paid(
        self, browser, draft, key, grace
    ):
        from payments.transfers.secrets import Signed

        facts = {
            "secret": Signed(key.signed(asked(browser, draft)), HOST),
            "at": draft.requested_at,
            "actor": actor_of(draft.customer),
        }
        first = transfers.authorise_and_send(draft, **facts)
        again = transfers.authorise_and_send(draft, **facts)

        assert (first.is_replay, again.is_replay) == (False, True)
        assert grace.ledger_account.money == kes(1500)


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_six_taps_with_one_signature_pay_once(self, browser, draft, key, juma, grace):
        credential = key.signed(asked(browser, draft))
        together = Barrier(6)

        def tap(_):
            mine = signed_in(juma)
            together.wait(timeout=30)
            try:
                return mine.post(path(draft), {"credential": credential}).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as pool:
            answers = set(pool.map(tap, range(6)))

        draft.refresh_from_db()
        assert draft.is_sent and 303 in answers and answers <= {303, 422}
        assert Entry.objects.filter(source=f"payments.transfer:{draft.pk}").count() == 1
        assert grace.ledger_account.money == kes(1500)


def signed_in(account):
    browser = Client(SERVER_NAME=HOST)
    browser.force_login(account.customer.user)
    return browser


def path(draft):
    return f"/move/transfers/check/{draft.public_id}/"


def asked(browser, draft):
    return browser.post(path(draft), {"passkey": "ask"}).json()


def pay(browser, draft, key):
    return browser.post(path(draft), {"credential": key.signed(asked(browser, draft))})
