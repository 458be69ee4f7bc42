"""Papers from a customer's phone to a higher tier, in three browsers; PICTURES=folder keeps all."""

import os
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.access.tests.apps import code_at
from accounts.access.tests.steps import code_in
from accounts.customers import corrections
from accounts.factories import CustomerFactory, DepositAccountFactory, actor_of, photo
from accounts.kyc.tests.steps import accept_all, sent
from accounts.privacy import operations as privacy
from accounts.registry.models import IdentityCheck
from wekeza.tests.browser import DESK, LOOKS, PHONE
from wekeza.tests.look import problems_of, small_targets

LADDER, HOME = "/settings/kyc/", "/workbench/"
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture
def open_as(live_bank, new_page):
    """Opens a page of the bank with a client's session, in a browser of its own."""

    def open_page(client, path, **wishes):
        page = new_page(**wishes)
        session = {"name": "session", "value": client.cookies["session"].value}
        page.context.add_cookies([session | {"url": live_bank.url}])
        page.goto(live_bank.url + path)
        return page

    return open_page


def customer_client(customer):
    client = Client()
    client.force_login(customer.user)
    return client


@pytest.mark.django_db(transaction=True)
class TestFromPapersToATier:
    @pytest.mark.proves("CK02", "CK17", "BR01")
    def test_a_customer_an_officer_and_a_second_person(self, live_bank, open_as, at_work):
        account = DepositAccountFactory(customer__full_name="Juma Otieno", balance="60000")
        grace = DepositAccountFactory(customer__full_name="Grace Wanjiku Mwangi")
        his = open_as(customer_client(account.customer), LADDER)
        send_papers(his)

        hers = open_as(at_work("OPERATIONS"), HOME, size=DESK)
        hers.get_by_role("link", name="Papers to check").click()
        hers.get_by_role("link", name="Juma Otieno").click()
        assert hers.locator(".wk-paper img").count() == 3
        assert (
            hers.locator(".wk-paper img").first.evaluate(
                "it => it.decode().then(() => it.naturalWidth)"
            )
            > 0
        )
        for paper in ("Front of your ID", "Back of your ID", "Photo of your face"):
            hers.get_by_role("button", name=f"Accept {paper}").click()
            hers.get_by_role("button", name=f"Accept {paper}").wait_for(state="detached")
        assert "KES50,000 → becomes KES300,000" in words_of(hers, ".wk-desk__figure")
        hers.get_by_label("Reason").fill("The face is the one on the ID")
        hers.get_by_role("button", name="Ask for approval of Tier 2").click()
        waits = "Waiting for approval. The customer’s limit has not changed."
        hers.get_by_role("heading", name=waits).wait_for()
        look(hers, "waiting")

        checker = at_work("COMPLIANCE")
        second = open_as(checker, HOME, size=DESK)
        second.get_by_role("link", name="Approvals for you").click()
        second.get_by_role("link", name="Raise a customer's tier").click()
        look(second, "approval")
        second.get_by_label("Code from your authenticator app").fill(code_at(timezone.now()))
        second.get_by_role("button", name="Approve").click()
        second.get_by_text("Decided").wait_for()

        hers.reload()
        hers.get_by_role("heading", name="Raised").wait_for()
        his.goto(live_bank.url + "/move/transfers/send/")
        his.get_by_label("Who do you want to pay?").fill(grace.number)
        his.get_by_label("How much do you want to send?").fill("25,000")  # Tier 1: 20,000 each.
        his.get_by_role("button", name="Check the details").click()
        his.get_by_role("heading", name="Check, then send").wait_for()
        his.locator("[name=code]").fill(code_in("code_transfer"))
        his.get_by_role("button", name="Send KES 25,000.00").click()
        his.get_by_role("heading", name="Sent", exact=True).wait_for()


@pytest.mark.django_db(transaction=True)
class TestLook:
    @pytest.mark.parametrize(("size", "scheme"), LOOKS)
    def test_every_page_is_whole_and_readable(self, live_bank, open_as, at_work, size, scheme):
        pages = everything_that_waits()
        manager, clerk = at_work("COMPLIANCE"), at_work("OPERATIONS")
        for client, paths in ((manager, pages["manager"]), (clerk, pages["clerk"])):
            page = open_as(client, HOME, size=size, scheme=scheme)
            for number, path in enumerate([HOME, *paths]):
                page.goto(live_bank.url + path)
                if "/customer/" in path and page.locator("#id_purpose").count():
                    look(page, f"purpose-{scheme}")
                    if page.get_by_role("button", name="Open the file").count():
                        page.get_by_role("button", name="Open the file").click()
                        page.wait_for_selector("text=Last 10 transactions")
                look(page, f"{number}{re.sub('[0-9a-f-]{36}|/+', '_', path)}-{scheme}")


def everything_that_waits():
    """One of everything in every queue, and the addresses of all pages by who opens them."""
    now = timezone.now()
    late = sent(at=now - timedelta(hours=30), customer=CustomerFactory(full_name="Brian Otieno"))
    papers = sent(at=now)
    accepted = sent(at=now, customer=CustomerFactory(full_name="Zawadi Chepkoech Muthoni"))
    accept_all(accepted, at=now)
    check = IdentityCheck.objects.get(customer=papers.customer, kind="ID")
    answered = {"state": "PARTIAL", "scores": {"name": 71}, "differing": ["Wambui"]}
    IdentityCheck.objects.filter(pk=check.pk).update(**answered, answered_at=now)
    who = {"at": now, "actor": actor_of(papers.customer)}
    change = corrections.request_change(
        papers.customer, field="full_name", value="Amina W. Njeri", reason="Shorter", **who
    )
    asked = privacy.object_to(papers.customer, words="No letters to my work, please", **who)

    def address(name, row=None):
        return reverse(f"branch:onboarding:{name}", args=[row.public_id] if row else [])

    file = reverse("branch:workbench:customer", args=[papers.customer.public_id])
    return {
        "clerk": [
            *(address("kyc"), address("review", late), address("review", papers)),
            *(address("review", accepted), address("checks"), address("check", check)),
            *(address("corrections"), address("correction", change)),
        ],
        "manager": [
            *(address("data_requests"), address("data_request", asked), file),
            reverse("branch:workbench:reveal", args=[papers.customer.public_id]),
            reverse("branch:workbench:ask_access", args=[papers.customer.public_id]),
        ],
    }


def send_papers(page):
    """A customer asks for tier 2, tells what it needs, uploads three photos and sends it all."""
    page.click("button[value=TIER_2]")
    page.click("text=Tell us about you")
    page.fill("[name=kra_pin]", "A123456789Z")
    page.fill("[name=address]", "Kilifi")
    page.fill("[name=occupation]", "Teacher")
    page.click("main form button.wk-btn")
    for number, slug in enumerate(("id-front", "id-back", "selfie")):
        page.click(f"a[href^='/documents/upload/{slug}/']")
        page.wait_for_selector("input[type=file]")
        content = photo(shade=1900 + number, size=(640, 420))
        page.set_input_files(
            "input[type=file]", {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content}
        )
        page.click("main form button.wk-btn")
        page.wait_for_selector("h1:has-text('Your level')")
    page.click("text=Send it to be checked")
    page.wait_for_selector("text=We are checking what you sent")


def look(page, name):
    """Keeps a picture, and lets nothing pass that is cut off, unreadable or too small to press."""
    width = page.viewport_size["width"]
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
    assert problems_of(page) == [], name
    if width == PHONE["width"]:
        assert small_targets(page, 24) == [], name


def words_of(page, place="main"):
    text = page.locator(place).inner_text()
    return re.sub(r"\s+", " ", text.replace("\xa0", " ").replace("KES ", "KES"))
