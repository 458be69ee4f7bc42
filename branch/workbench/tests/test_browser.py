"""
The workbench in real browsers: queues, a customer's file and its panels, roles, and lists.
PICTURES=folder keeps pictures of every page.
"""

import os
import re
from datetime import date

import pytest
from django.utils import timezone

from accounts.factories import CustomerFactory, DepositAccountFactory, StaffMemberFactory
from accounts.kyc.tests.steps import sent
from accounts.screening.models import Hit, ListVersion
from branch.screening.tests.test_browser import (  # noqa: F401 - fixtures.
    LISTED,
    LOOKS,
    deny,
    officer,
    open_as,
    words_of,
)
from payments.factories import TransferFactory
from wekeza.tests.browser import PHONE
from wekeza.tests.look import problems_of, small_targets

PICTURES = os.environ.get("PICTURES", "")
HEAD = "uid,name,dob,country,id_number,gender,weak_aliases,to"


class Eyes:
    """Looks at pages and remembers what is wrong with them."""

    def __init__(self, page, size, scheme):
        self.page, self.size, self.scheme, self.found = page, size, scheme, []
        self.bank = "/".join(page.url.split("/")[:3])

    def go(self, path, name):
        self.page.goto(self.bank + path)
        self.look(name)

    def look(self, name):
        self.page.wait_for_load_state("networkidle")
        if PICTURES:
            shot = f"{PICTURES}/{name}_{self.size['width']}_{self.scheme}.png"
            self.page.screenshot(path=shot, full_page=True)
        self.found += [f"{name}: {problem}" for problem in problems_of(self.page)]
        if self.size == PHONE:
            self.found += [f"{name}: low {part}" for part in small_targets(self.page, 24)]


@pytest.mark.django_db(transaction=True)
class TestLook:
    @pytest.mark.parametrize(("size", "scheme"), LOOKS)
    def test_files_queues_and_lists(self, officer, deny, size, scheme):  # noqa: F811
        held = CustomerFactory(full_name="Kizani Hewala Mzushi", date_of_birth=date(1994, 3, 27))
        hit = Hit.objects.get(owner_ref=held.owner_ref)
        account = DepositAccountFactory(balance="5000")
        TransferFactory(source=account, amount="1200")
        sent(at=timezone.now())
        eyes = Eyes(officer("COMPLIANCE", "/workbench/", size=size, scheme=scheme), size, scheme)
        page = eyes.page

        eyes.look("home")
        eyes.go("/workbench/?branch=all", "home_all")
        eyes.go("/workbench/onboarding/kyc/", "kyc")
        eyes.go(f"/workbench/screening/{hit.pk}/", "case")
        file = f"/workbench/customer/{account.customer.public_id}/"
        page.goto(eyes.bank + file)
        page.get_by_role("button", name="Open the file").click()
        for name in ("papers", "checks", "contacts", "consents", "devices", "businesses", "trail"):
            page.locator(f"#panel-{name}").scroll_into_view_if_needed()
            page.locator(f"#panel-{name}.wk-card--flush").wait_for()
        eyes.look("file")
        eyes.go(f"{file}panel/devices/", "panel")

        eyes.go("/workbench/screening/lists/upload/", "upload")
        page.get_by_label("Which list is it?").select_option("DENY")
        row = f"D-9,Mtu Mwingine {size['width']} {scheme},,Kenya,,,,"
        content = "\n".join([HEAD, row]).encode()
        file = {"name": "deny.csv", "mimeType": "text/csv", "buffer": content}
        page.locator("#id_file").set_input_files(file)
        page.get_by_role("button", name="Read the file").click()
        page.get_by_text("Nothing has changed yet").first.wait_for()
        eyes.look("version")
        page.get_by_label("Why?").fill("The newest of the publisher")
        page.get_by_role("button", name="Ask to put it in force").click()
        page.get_by_text("Another person must decide it").wait_for()
        eyes.look("version_asked")
        page.get_by_role("button", name="Take it back").click()
        page.wait_for_load_state()
        ListVersion.objects.filter(list="DENY", state="PENDING").update(state="REFUSED")

        assert not eyes.found, "\n".join(eyes.found)

    @pytest.mark.parametrize(("size", "scheme"), LOOKS)
    def test_staff_and_roles(self, officer, size, scheme):  # noqa: F811
        member = StaffMemberFactory(role_id="TELLER", full_name="Otieno Barasa")
        page = officer("ADMINISTRATOR", "/workbench/staff/", size=size, scheme=scheme)
        eyes = Eyes(page, size, scheme)

        eyes.look("staff")
        eyes.go(f"/workbench/staff/{member.public_id}/", "member")
        eyes.go("/workbench/staff/roles/TELLER/", "role")
        page.get_by_label("Permission").select_option("audit.look")
        page.get_by_role("button", name="See whom it touches").click()
        page.get_by_text("Otieno Barasa gains it").first.wait_for()
        eyes.look("role_touched")
        eyes.go("/workbench/staff/roles/ADMINISTRATOR/", "role_own")
        page.get_by_label("Permission").select_option("customer.reveal")
        page.get_by_label("Reason").fill("I want to")
        page.get_by_role("button", name="Ask to add permission").click()
        page.get_by_text("This is about yourself").first.wait_for()
        eyes.look("role_refused")

        assert not eyes.found, "\n".join(eyes.found)


@pytest.mark.django_db(transaction=True)
class TestWithoutJavaScript:
    def test_panels_are_pages(self, officer):  # noqa: F811
        customer = CustomerFactory()
        file = f"/workbench/customer/{customer.public_id}/"
        page = officer("SUPPORT", file, javascript=False)
        page.get_by_role("button", name="Open the file").click()

        page.get_by_role("link", name="Contacts").click()

        assert re.search("Main phone", words_of(page))
        page.get_by_role("link", name="Back to the file").click()
        assert "Last 10 transactions" in words_of(page)
