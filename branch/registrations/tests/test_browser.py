"""The papers of a business in real browsers: a director sends them, an officer decides."""

import os
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.businesses import papers
from accounts.businesses.models import Business
from accounts.factories import STAFF, BusinessFactory, photo
from accounts.monitoring import operations as monitoring
from accounts.monitoring import reading
from accounts.monitoring.models import Alert
from ledger.factories import put_in
from wekeza.kit.actor import SYSTEM
from wekeza.tests.browser import DESK, LOOKS, PHONE
from wekeza.tests.look import problems_of, small_targets

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime.now(UTC)
PICTURES = os.environ.get("PICTURES", "")
SHADES = iter(range(5000, 9000))


@pytest.fixture
def open_as(live_bank, new_page):
    """Opens a page as whoever a test client is."""

    def open_page(client, path, **wishes):
        page = new_page(**wishes)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_bank.url}
        page.context.add_cookies([cookie])
        page.goto(live_bank.url + path)
        return page

    return open_page


@pytest.fixture
def shop(live_bank):
    """A company that was sent to the bank, without any paper."""
    name = f"Umoja {uuid4().hex[:6]} Ltd"
    made = BusinessFactory(name=name, is_active=False, has_papers=False)
    return Business.objects.get(pk=made.pk)


def director_of(business) -> Client:
    client = Client()
    client.force_login(business.members.first().customer.user)
    return client


def send(business, slug, **days):
    content = photo(shade=next(SHADES), size=(640, 440))
    actor = business.members.first().customer.actor
    return papers.send(business, slug=slug, content=content, at=AT, actor=actor, **days)


def look(page, name):
    """Keeps a picture, and lets nothing pass that is cut off, unreadable or too small to press."""
    width = page.viewport_size["width"]
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
    assert problems_of(page) == [], name
    if width == PHONE["width"]:
        assert small_targets(page, 24) == [], name


class TestThePapersOfABusiness:
    def test_go_from_a_phone_to_an_officer_and_back(self, shop, open_as, at_work):
        his = open_as(director_of(shop), f"/biz/{shop.public_id}/papers/", javascript=False)
        his.get_by_role("link", name="Upload Certificate of registration").click()
        picture = {"name": "it.jpg", "mimeType": "image/jpeg", "buffer": photo(shade=4711)}
        his.set_input_files("input[type=file]", picture)
        his.get_by_role("button", name="Upload: Certificate of registration").click()
        his.get_by_text("We have it: Certificate of registration.").wait_for()

        address = reverse("branch:registrations:business", args=[shop.public_id])
        hers = open_as(at_work("COMPLIANCE"), address, size=DESK)
        hers.wait_for_selector(".wk-paper img")
        assert hers.locator(".wk-paper img").first.evaluate("it => it.naturalWidth") > 0
        hers.get_by_label("Why, if you decline it").select_option("OTHER_COMPANY")
        hers.get_by_role("button", name="Decline Certificate of registration").click()
        hers.get_by_text("It does not show the company as you told it").wait_for()

        his.reload()
        assert his.get_by_text("Name and number must be the ones that you").is_visible()
        his.get_by_role("link", name="Send a new one Certificate of registration").click()
        assert his.get_by_text("It does not show the company as you told it").is_visible()


class TestLook:
    @pytest.mark.parametrize(("size", "scheme"), LOOKS)
    def test_every_page_is_whole_and_readable(self, shop, open_as, at_work, size, scheme):
        send(shop, "certificate")
        bad = send(shop, "registry-extract")
        papers.decline(shop, document=bad, reason="PAGES_MISSING", actor=STAFF, at=AT)
        good = send(shop, "kra-certificate")
        papers.accept(shop, document=good, actor=STAFF, at=AT)
        director, officer = director_of(shop), at_work("COMPLIANCE")
        held, alert = held_business(), alert_about_business()
        home = f"/biz/{shop.public_id}/papers/"

        how = {"size": size, "scheme": scheme}
        look(open_as(director, home, **how), f"papers-{scheme}")
        look(open_as(director, home + "registry-extract/", **how), f"upload-{scheme}")
        refused = open_as(director, home + "proof-of-address/", **how)
        refused.get_by_role("button", name="Upload: Proof of address").click()
        refused.get_by_text("Choose a photo or a PDF").first.wait_for()
        look(refused, f"refused-{scheme}")
        held_home = f"/biz/{held.public_id}/home/"
        look(open_as(director_of(held), held_home, **how), f"held-{scheme}")
        desk = reverse("branch:registrations:business", args=[shop.public_id])
        look(open_as(officer, desk, **how), f"desk-{scheme}")
        about = reverse("branch:compliance:alert", args=[alert.public_id])
        look(open_as(officer, about, **how), f"alert-{scheme}")
        look(open_as(officer, reverse("branch:compliance:alerts"), **how), f"alerts-{scheme}")


def held_business() -> Business:
    """A business that is under check, as a strong match of an owner leaves it."""
    business = BusinessFactory(balance="25000")
    Business.objects.filter(pk=business.pk).update(state="CHECKING")
    return business


def alert_about_business() -> Alert:
    """Structuring: three times KES 800,000 in cash within a day."""
    business = BusinessFactory(name="Bidii Supplies Ltd")
    account = business.deposit_accounts.select_related("ledger_account").get().ledger_account
    paid = [put_in(account, "800000", at=timezone.now()).entry_id for _ in range(3)]
    with transaction.atomic():
        monitoring.look_at((paid[0], reading.newest_entry()), at=timezone.now(), actor=SYSTEM)
    return Alert.objects.get(business=business)


class TestFinding:
    @pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
    def test_leads_from_the_search_to_what_a_business_has(self, open_as, at_work, size):
        business = BusinessFactory(name=f"Tausi {uuid4().hex[:6]} Ltd", balance="81000")
        page = open_as(at_work("SUPPORT"), "/workbench/search/", size=size)

        page.fill("#id_q", business.registration_no)
        page.locator("main form button").click()
        page.get_by_role("link", name=business.name).wait_for()
        assert problems_of(page) == []
        page.get_by_role("link", name=business.name).click()
        page.wait_for_url("**/workbench/registrations/*/")

        assert "81,000.00" in page.locator("main").inner_text()
        assert problems_of(page) == []
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/business-{size['width']}.png", full_page=True)
