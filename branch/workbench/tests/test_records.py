"""Records, which Django's admin draws, look and work like the rest of the workbench."""

import re
import uuid

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from accounts.access.models import LoginEvent
from accounts.factories import CustomerFactory, DepositAccountFactory, UserFactory
from accounts.gateway.models import ApiCall
from accounts.kyc.tests.steps import sent
from accounts.limits.models import TierLimit
from branch.screening.tests.test_browser import officer, open_as  # noqa: F401 - fixtures.
from branch.workbench.tests.test_browser import Eyes
from ledger.backups import operations as backups
from ledger.controls.models import AuditEntry
from payments.factories import TransferFactory
from wekeza.kit.actor import SYSTEM
from wekeza.tests.browser import DESK, LOOKS
from wekeza.tests.look import cut_off

RECORDS = "/workbench/records/"
LIMITS, PAGES = "accounts/tierlimit/", ("", "{row}/change/", "add/")
READERS = ("COMPLIANCE", "AUDITOR")  # Between them they may look at every record.
# The others are not too wide.
LOOKED_AT = ("backup", "auditentry", "identitycheck", "apicall", "message")
WIDER = "document.documentElement.scrollWidth > innerWidth"


def lists() -> dict[str, str]:
    """The address of every list of records, by the name of its rows."""
    return {
        table.model_name: reverse(f"admin:{table.app_label}_{table.model_name}_changelist")
        for table in (model._meta for model in admin.site._registry)
    }


def some_records():
    """Rows as long as the bank's own, in the lists that are widest."""
    source = DepositAccountFactory(balance="5000")
    TransferFactory(source=source, amount="1200")
    sent(at=timezone.now())
    CustomerFactory(full_name="Zaituni Bakari Mwinyi wa Mwanaisha Hassan")
    facts = {"size_bytes": 1_724_355, "entries": 37, "documents": 22, "digest": "9b" * 32}
    facts |= {"server_version": "18.6"}
    for name, problem in (("2026-11-21T01-00-00Z", ""), ("2026-11-20T01-00-00Z", "x" * 64)):
        made = backups.note_kept(name, taken_at=timezone.now(), facts=facts, actor=SYSTEM)
        if problem:
            why = f"database.dump: expected SHA-256 {problem}, found {problem}"
            backups.note_broken(made, problem=why, at=timezone.now(), actor=SYSTEM)
        else:
            backups.note_verified(made, at=timezone.now(), actor=SYSTEM)
    ApiCall.objects.bulk_create(
        ApiCall(
            called_at=timezone.now(),
            principal=f"partner:{uuid.uuid4()}",
            method="POST",
            route="/api/v1/wallets/<uuid:wallet>/standing-orders/<uuid:order>/",
            status=(200, 422, 500)[number % 3],
            error_code=("", "insufficient_funds", "internal_error")[number % 3],
            ms=35,
            request_id=str(uuid.uuid4()),
        )
        for number in range(60)
    )


def wider_than_the_window(eyes, path) -> list[str]:
    eyes.page.goto(eyes.bank + path)
    found = cut_off(eyes.page) + ["scrolls sideways"] * eyes.page.evaluate(WIDER)
    return [f"{path}: {part}" for part in found]


@pytest.mark.django_db
class TestTheFrame:
    @pytest.mark.parametrize("tail", ["", "accounts/", *(LIMITS + page for page in PAGES)])
    def test_is_the_one_of_the_workbench_and_nothing_of_djangos(self, at_work, tail):
        path = RECORDS + tail.format(row=TierLimit.objects.first().pk)

        page = at_work("RISK").get(path).content.decode()

        nav = page.partition('aria-label="Workbench"')[2].partition("</nav>")[0]
        assert '<a href="/workbench/records/" aria-current="page">' in nav
        assert '<a href="/workbench/screening/">' in nav
        assert 'id="find"' in page and "data-idle=" in page
        assert "admin/css" not in page and "admin/js" not in page
        assert page.count("<h1") == 1

    def test_shows_no_search_to_whom_it_is_shut(self, at_work):
        assert 'id="find"' not in at_work("ADMINISTRATOR").get(RECORDS).content.decode()

    def test_tells_what_records_are(self, at_work):
        page = at_work("RISK").get(RECORDS).content.decode()

        assert "The bank’s terms" in page and "What happened" in page
        assert "KYC terms" in page and "The trail of deeds" in page

    def test_a_record_is_told_in_words(self, at_work):
        row = TierLimit.objects.get(tier="TIER_1", kind="PER_TRANSFER")

        page = at_work("AUDITOR").get(f"{lists()['tierlimit']}{row.pk}/change/").content.decode()

        rows = page.partition("<dl")[2].partition("</dl>")[0]
        for told in ("Basic", "Each transfer", "KES\u00a020,000.00", "1 Jan 2025"):
            assert told in rows
        for raw in ("TIER_1", "PER_TRANSFER", "20000.0000", "None", "Reason"):
            assert raw not in rows

    def test_every_kind_of_record_can_be_looked_at(self, at_work):
        some_records()
        readers = [at_work(role) for role in READERS]

        shown = {}
        for model in admin.site._registry:
            if row := model.objects.order_by("-pk").first():
                path = f"{lists()[model._meta.model_name]}{row.pk}/change/"
                pages = [reader.get(path) for reader in readers]
                shown[model._meta.model_name] = {page.status_code for page in pages}
                assert any(b"<dt>" in page.content for page in pages), path

        assert len(shown) > 20 and all(codes <= {200, 403} for codes in shown.values())

    def test_a_full_list_stays_light(self, at_work):
        some_records()

        page = at_work("AUDITOR").get(lists()["apicall"]).content.decode()

        assert page.count("<tr>") == 41 and "60 rows" in page
        assert len(page) <= 40 * 1024
        assert len(re.findall(r"<[a-z]", page)) <= 600

    def test_a_list_asks_once_for_all_that_its_columns_name(
        self, at_work, django_assert_max_num_queries
    ):
        reader, rows = at_work("AUDITOR"), 30
        users = [UserFactory() for _ in range(rows)]
        for user in users:
            LoginEvent.objects.create(user=user, result="IN", created_at=timezone.now())

        for name in ("loginevent", "tierlimit", "tierrequirement"):
            with django_assert_max_num_queries(20):
                page = reader.get(lists()[name]).content.decode()
        assert page.count("<tr>") > 5

    def test_pages_are_named_and_the_one_that_is_shown_is_marked(self, at_work):
        some_records()

        page = at_work("AUDITOR").get(f"{lists()['apicall']}?p=2&all=").content.decode()

        _, _, after = page.partition('<nav class="paginator" aria-label="Pages">')
        pages = after.partition("</nav>")[0]
        assert '<a href="?p=1&amp;all="><span class="vh">Page </span>1</a>' in pages
        assert 'aria-current="page"><span class="vh">Page </span>2<' in pages
        assert page.count("<tr>") == 21  # The other 20, and the names of the columns.

    def test_a_proposal_names_what_is_missing(self, at_work):
        page = at_work("RISK").post(f"{lists()['tierlimit']}add/").content.decode()

        assert "Tier is missing. Fill it in" in page and "Reason is missing" in page
        assert 'type="number"' not in page and 'type="date"' in page


@pytest.mark.django_db(transaction=True)
class TestLook:
    @pytest.mark.parametrize(("size", "scheme"), LOOKS)
    def test_no_list_is_wider_than_the_window(self, officer, size, scheme):  # noqa: F811
        some_records()
        seen, found = set(), []
        for role in READERS:
            page = officer(role, RECORDS, size=size, scheme=scheme)
            eyes = Eyes(page, size, scheme)
            eyes.look(f"records_{role.lower()}")
            links = page.locator("main a").evaluate_all("all => all.map(a => a.pathname)")
            for name, path in lists().items():
                if path not in links or name in seen:
                    continue
                if name in LOOKED_AT:
                    eyes.go(path, f"records_{name}")
                found += wider_than_the_window(eyes, path)
                seen.add(name)
            found += eyes.found

        assert seen == set(lists())
        assert not found, "\n".join(found)

    @pytest.mark.parametrize(("size", "scheme"), LOOKS)
    def test_a_record_and_a_proposal_are_whole_and_readable(self, officer, size, scheme):  # noqa: F811
        path = lists()["tierlimit"]
        row = TierLimit.objects.filter(amount__isnull=False).first()
        eyes = Eyes(officer("RISK", path, size=size, scheme=scheme), size, scheme)
        page = eyes.page

        page.get_by_text("Kind: All").click()
        page.get_by_role("link", name="Out in a day", exact=True).click()
        page.get_by_text("Kind: Out in a day").wait_for()
        page.get_by_text("Kind: Out in a day").click()
        eyes.look("records_filtered")
        eyes.go(f"{path}{row.pk}/change/", "records_record")
        eyes.go(f"{lists()['apicall']}?q=nobody", "records_nothing")
        eyes.go(f"{path}add/", "records_proposal")
        page.get_by_role("button", name="Ask for approval").click()
        page.get_by_text("There is a problem").wait_for()
        eyes.look("records_refused")
        entry = AuditEntry.objects.latest("id")
        eyes.go(f"{lists()['auditentry']}{entry.pk}/change/", "records_entry")

        assert not eyes.found, "\n".join(eyes.found)

    def test_ticked_rows_are_what_an_action_is_done_to(self, officer):  # noqa: F811
        some_records()
        page = officer("COMPLIANCE", lists()["identitycheck"], size=DESK)

        page.get_by_label("Select all objects on this page").check()
        page.get_by_text(re.compile(r"(\d+) of \1 selected")).wait_for()
        ticked = page.locator("input[name=_selected_action]:checked").count()
        page.get_by_label("Action:").select_option("ask_again")
        page.get_by_role("button", name="Do it to the ticked rows").click()

        told = page.locator("[role=status] .wk-note")
        told.first.wait_for()
        assert told.count() == ticked
        assert all(
            ": " in words and "must be selected" not in words for words in told.all_inner_texts()
        )
