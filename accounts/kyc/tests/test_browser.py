"""The way up the tiers in a real browser; SHOTS=folder keeps pictures of every page."""

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.factories import CustomerFactory, photo
from accounts.kyc import operations as kyc
from accounts.kyc.models import Submission
from accounts.kyc.tests.steps import WANJIRU
from wekeza.kit import sealed_files
from wekeza.tests.browser import DESK, PHONE
from wekeza.tests.look import cut_off, problems_of, small_targets

LADDER = "/settings/kyc/"
SHOTS = os.environ.get("SHOTS", "")
WAYS = [
    pytest.param({"size": PHONE}, id="phone"),
    pytest.param({"size": PHONE, "javascript": False}, id="phone-without-scripts"),
    pytest.param({"size": DESK, "scheme": "dark"}, id="desk-dark"),
]


@pytest.fixture
def customer(live_bank):
    return CustomerFactory()


@pytest.fixture
def browse(live_bank, new_page, customer, request):
    """Makes a page on which the customer is signed in, and looks at whatever it shows."""

    def make(wishes):
        page = new_page(**wishes)
        client = Client()
        client.force_login(customer.user)
        session = client.cookies["session"].value
        page.context.add_cookies([{"name": "session", "value": session, "url": live_bank.url}])

        def look(name):
            if wishes.get("javascript", True):
                assert problems_of(page) == [], name
                assert small_targets(page, least=24) == [], name
            if SHOTS:
                shot = f"{request.node.callspec.id}-{name}.png"
                page.screenshot(path=Path(SHOTS) / f"kyc-{shot}", full_page=True)

        page.look = look
        page.goto(live_bank.url + LADDER)
        return page

    return make


@pytest.mark.django_db(transaction=True)
class TestInABrowser:
    @pytest.mark.proves("CK10", "CK21")
    @pytest.mark.parametrize("wishes", WAYS)
    def test_asks_tells_uploads_sends_and_reads_why_a_paper_was_declined(
        self, browse, customer, wishes, live_bank
    ):
        page = browse(wishes)
        page.look("1-ladder")
        page.click("button[value=TIER_3]")
        page.wait_for_selector("text=Not now, keep my level")
        page.click("text=Not now, keep my level")
        page.wait_for_selector("button[value=TIER_2]")
        page.click("button[value=TIER_2]")
        page.wait_for_selector("text=Tell us about you")
        page.look("2-missing")

        page.click("text=Tell us about you")
        page.wait_for_selector("[name=kra_pin]")
        page.look("3-facts")
        page.fill("[name=kra_pin]", "1234")
        page.fill("[name=address]", "Kilifi")
        page.fill("[name=occupation]", "Teacher")
        page.click("main form button.wk-btn")
        page.wait_for_selector(".wk-errsum")
        page.look("4-refused")
        page.fill("[name=kra_pin]", "A123456789Z")
        page.click("main form button.wk-btn")
        page.wait_for_url(live_bank.url + LADDER)

        for number, slug in enumerate(("id-front", "id-back", "selfie")):
            page.click(f"a[href^='/documents/upload/{slug}/']")
            page.wait_for_selector("input[type=file]")
            if number == 0:
                _send(page, "photo.heic", b"\0\0\0\x18ftypheic" + b"\0" * 40)
                page.wait_for_selector("text=This is HEIC")
                page.look("5-heic")
            _send(page, "photo.jpg", photo(shade=900 + number))
            page.wait_for_url(live_bank.url + LADDER)
        page.look("6-complete")
        page.click("text=Send it to be checked")
        page.wait_for_selector("text=We are checking what you sent")
        page.look("7-sent")

        submission = Submission.objects.get(customer=customer, state="SENT")
        selfie = customer.documents.get(kind="SELFIE")
        at = submission.sent_at
        kyc.decline_document(submission, document=selfie, reason="BLURRED", actor=WANJIRU, at=at)
        kyc.ask_again(submission, actor=WANJIRU, at=at)
        page.goto(live_bank.url + LADDER)
        assert "Hold the phone still" in page.inner_text("main")
        page.look("8-declined")
        page.goto(live_bank.url + "/documents/")
        page.look("9-papers")
        page.goto(live_bank.url + "/documents/upload/proof-of-address/")
        page.look("10-upload")

    def test_makes_a_large_photo_smaller_and_keeps_it_while_the_date_is_mended(
        self, browse, live_bank, customer
    ):
        page = browse({"size": PHONE})
        page.goto(live_bank.url + "/documents/upload/proof-of-address/")
        large = noise((2600, 3400))
        assert len(large) > 5 * 1024 * 1024

        page.set_input_files(
            "input[type=file]", {"name": "bill.jpg", "mimeType": "image/jpeg", "buffer": large}
        )
        page.click("main form button.wk-btn")  # It waits until the smaller one is there.
        page.wait_for_selector(".wk-errsum")  # The date is missing; the photo stays chosen.
        day = timezone.localdate() - timedelta(days=10)
        for part, number in enumerate((day.day, day.month, day.year)):
            page.fill(f"[name=issued_date_{part}]", str(number))
        page.click("main form button.wk-btn")
        page.wait_for_url(live_bank.url + "/documents/")

        sent = customer.documents.get(kind="PROOF_OF_ADDRESS")
        width, height = Image.open(BytesIO(sealed_files.get(sent, "file"))).size
        assert (width, height) == (1835, 2400)

    @pytest.mark.parametrize("path", [LADDER, "/documents/", "/documents/upload/proof-of-address/"])
    def test_fits_a_small_phone_and_text_twice_as_large(self, browse, live_bank, path):
        for size, scale in (({"width": 320, "height": 640}, 100), (PHONE, 200)):
            page = browse({"size": size})
            page.goto(live_bank.url + path)
            page.evaluate(f"document.documentElement.style.fontSize = '{scale}%'")

            assert cut_off(page) == []


def noise(size) -> bytes:
    """A photo of nothing, as large in bytes as a good camera's."""
    picture = Image.effect_noise(size, 120).convert("RGB")
    file = BytesIO()
    picture.save(file, "JPEG", quality=95)
    return file.getvalue()


def _send(page, name, content):
    page.set_input_files(
        "input[type=file]", {"name": name, "mimeType": "image/jpeg", "buffer": content}
    )
    page.click("main form button.wk-btn")
