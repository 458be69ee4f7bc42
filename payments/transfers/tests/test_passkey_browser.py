"""Paying with Chromium's own virtual authenticator; SHOTS=folder keeps pictures."""

import pytest

from accounts.access.tests.test_passkey_browser import WAYS, Holder, enrol, log_in
from accounts.factories import DIRECTOR, PIN, BusinessFactory, DepositAccountFactory
from ledger.money import kes
from payments.factories import DraftFactory, WaitingFactory
from payments.transfers import operations as transfers
from wekeza.kit.actor import SYSTEM

SIGN = '[data-passkey="get"]'
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def juma(live_bank):
    return DepositAccountFactory(customer__full_name="Juma Otieno", balance="20000")


@pytest.fixture
def grace(live_bank):
    return DepositAccountFactory(customer__full_name="Grace Wanjiku Mwangi")


def holder_of(page, bank, account, *, tag, language="en"):
    user = account.customer.user
    user.language = language
    user.save()
    holder = Holder(page, bank, tag)
    log_in(holder, user)
    enrol(holder)
    return holder


@pytest.fixture
def holder(new_page, live_bank, juma, demo_bank):
    return holder_of(new_page(), live_bank, juma, tag="pay")


def check(draft):
    return f"/move/transfers/check/{draft.public_id}/"


class TestPaying:
    @pytest.mark.parametrize("wishes", WAYS)
    def test_after_a_wrong_pin_the_passkey_pays(
        self, wishes, request, new_page, live_bank, juma, grace, demo_bank
    ):
        language = "sw" if "locale" in wishes else "en"
        tag = request.node.callspec.id
        holder = holder_of(new_page(**wishes), live_bank, juma, tag=tag, language=language)
        holder.go("/move/transfers/send/")
        holder.page.fill("#id_recipient", grace.number)
        holder.page.fill("#id_amount", "250")
        holder.press("form.wk-form .wk-actions button", "/move/transfers/check/*/")
        assert holder.page.locator(SIGN).is_visible()

        holder.page.fill("#id_code", "0000")
        holder.page.locator("form.wk-form .wk-btn--lg:not([data-passkey])").click()
        holder.page.locator(".wk-errsum").wait_for()
        holder.look()
        assert holder.page.locator(SIGN).is_visible()
        holder.press(SIGN, "/move/transfers/receipt/MV-*/")

        assert grace.ledger_account.money == kes(250)

    def test_an_unknown_finger_signs_nothing_and_the_pin_pays(self, holder, juma, grace):
        draft = DraftFactory(source=juma, target=grace, amount="250")
        holder.go(check(draft))
        holder.is_known(False)

        holder.page.locator(SIGN).click()
        holder.page.get_by_text("Nothing was signed.").wait_for()
        holder.look()
        assert grace.ledger_account.money == kes(0)
        holder.page.fill("#id_code", PIN)
        holder.press("form.wk-form .wk-btn--lg:not([data-passkey])", "/receipt/MV-*/")

        assert grace.ledger_account.money == kes(250)

    def test_each_payment_has_a_signature_of_its_own(self, holder, juma, grace):
        for amount in ("100", "200"):
            holder.go(check(DraftFactory(source=juma, target=grace, amount=amount)))
            holder.press(SIGN, "/move/transfers/receipt/MV-*/")

        assert grace.ledger_account.money == kes(300)

    def test_what_was_cancelled_meanwhile_is_not_signed_and_the_page_says_so(
        self, holder, juma, grace
    ):
        draft = DraftFactory(source=juma, target=grace, amount="250")
        holder.go(check(draft))
        transfers.cancel(draft, at=draft.requested_at, actor=SYSTEM)

        holder.page.locator(SIGN).click()

        holder.page.get_by_role("link", name="Start again with these details").wait_for()
        assert grace.ledger_account.money == kes(0)

    def test_without_scripts_only_the_pin_is_there(self, holder, new_page, live_bank, juma, grace):
        page = new_page(javascript=False)
        page.context.add_cookies(holder.page.context.cookies())
        draft = DraftFactory(source=juma, target=grace, amount="250")

        page.goto(holder.url + check(draft))
        assert not page.locator(SIGN).is_visible()
        page.fill("#id_code", PIN)
        page.locator("form.wk-form .wk-btn--lg:not([data-passkey])").click()
        page.wait_for_url("**/move/transfers/receipt/MV-*/")

        assert grace.ledger_account.money == kes(250)


class TestApproving:
    @pytest.mark.parametrize("wishes", WAYS)
    def test_a_signatory_signs_with_the_passkey(
        self, wishes, request, new_page, live_bank, juma, grace, demo_bank
    ):
        bands = ((None, 1, False),)
        shop = BusinessFactory(others=[(juma.customer, DIRECTOR)], bands=bands, balance="90000")
        waiting = WaitingFactory(business=shop, target=grace, amount="600")
        language = "sw" if "locale" in wishes else "en"
        tag = f"biz-{request.node.callspec.id}"
        holder = holder_of(new_page(**wishes), live_bank, juma, tag=tag, language=language)

        holder.go(f"/biz/{shop.public_id}/approvals/{waiting.public_id}/")
        holder.press(SIGN, "/move/transfers/receipt/MV-*/")

        assert grace.ledger_account.money == kes(600)
