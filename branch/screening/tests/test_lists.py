"""A list from its file to force: looked at, asked for, decided by a second person."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.access.tests.apps import code_at
from accounts.customers.models import Customer
from accounts.customers.tests.test_standing import tell_events
from accounts.factories import CustomerFactory
from accounts.screening import lists, queries
from accounts.screening.models import Hit, ListVersion
from accounts.screening.refusals import ListMoved
from accounts.screening.tests import steps
from ledger.approvals.models import Approval
from ledger.controls.models import AuditEntry

pytestmark = pytest.mark.django_db
UPLOAD = "/workbench/screening/lists/upload/"
HEAD = steps.HEAD
ROWS = [f"D-{number},Somebody Number{number} Xyzabc,,,,,," for number in range(20)]
BOMB = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>
<CONSOLIDATED_LIST dateGenerated="2026-11-19T00:00:00">&b;</CONSOLIDATED_LIST>"""
FILES = """<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><sdnList>&x;</sdnList>"""


def csv_of(rows, name="deny.csv"):
    return SimpleUploadedFile(name, (HEAD + "\n".join(rows)).encode())


def send(client, rows=ROWS, source="DENY", **facts):
    return client.post(UPLOAD, {"source": source, "file": csv_of(rows)} | facts)


def text_of(response):
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def approve(client, asked):
    page = reverse("branch:workbench:approval", args=[asked.public_id])
    return client.post(page, {
        "digest": asked.digest, "verdict": "approve", "code": code_at(timezone.now()),
    })  # fmt: skip


class TestAListFromItsFileToForce:
    @pytest.mark.proves("AM15")
    def test_is_looked_at_asked_for_and_comes_into_force_by_another_person(self, at_work):
        born = date(1994, 3, 27)
        customer = CustomerFactory(full_name="Kimfano Baraka Tapeli", date_of_birth=born)
        first, second = at_work("COMPLIANCE"), at_work("COMPLIANCE")

        sent = send(first, rows=["D-1,Baraka Tapeli Kimfano,1994-03-27,Kenya,,M,,"])
        assert sent.status_code == 303
        version = ListVersion.objects.get(list="DENY")
        page = text_of(first.get(sent["Location"]))
        assert version.sha256 in page and "Nothing has changed yet" in page
        assert "Baraka Tapeli Kimfano" in page and "deny.csv" in page
        assert not queries.versions_in_force(), "nobody is compared with it yet"

        asked = first.post(sent["Location"], {"deed": "ask", "reason": "Board paper 12"})
        request = Approval.objects.get(deed="screening.accept_list")
        assert asked["Location"].endswith(f"{request.public_id}/")
        assert request.impact == "1 entries of DENY are new, 0 read otherwise, 0 are gone"
        assert approve(first, request).status_code == 422, "their own"
        assert approve(second, request).status_code == 303

        version.refresh_from_db()
        assert (version.state, version.accepted_person) == ("ACTIVE", second.member.person)
        tell_events()  # Everybody is compared with it,
        tell_events()  # and who is like somebody on it is held.
        assert Hit.objects.filter(owner_ref=customer.owner_ref, state="OPEN").exists()
        assert Customer.objects.get(pk=customer.pk).status != "ACTIVE", "held until two decide"
        assert AuditEntry.objects.filter(deed="screening.list_in_force").exists()

    def test_shows_what_is_new_changed_and_gone_and_that_it_shrinks(self, at_work):
        steps.load(rows=ROWS, at=timezone.now())
        changed = [ROWS[0].replace("Xyzabc", "Mtapeli"), *ROWS[1:5], "D-99,Mtu Mpya,,,,,,"]

        page = text_of(at_work("COMPLIANCE").get(send(at_work("COMPLIANCE"), changed)["Location"]))

        for label, count in (("Entries", 6), ("New", 1), ("Read otherwise", 1), ("Gone", 15)):
            assert f"<dt>{label}</dt><dd>{count}" in page, label
        assert "Somebody Number19 Xyzabc" in page and "Mtu Mpya" in page and "Mtapeli" in page
        assert "shrinks by more than a list does" in page

    def test_the_same_file_twice_is_one_version_and_one_in_force_is_said(self, at_work):
        client = at_work("COMPLIANCE")
        assert send(client)["Location"] == send(client)["Location"]
        assert ListVersion.objects.count() == 1

        steps.load("KE_DOMESTIC", text=HEAD + "\n".join(ROWS), at=timezone.now())
        again = send(client, source="KE_DOMESTIC")
        assert again.status_code == 422 and "in force already" in text_of(again)

    def test_three_files_are_one_list_of_ofac(self, at_work):
        files = {
            box: SimpleUploadedFile(name, (steps.DATA / name).read_bytes())
            for box, name in (("file", "sdn.csv"), ("addresses", "add.csv"), ("aliases", "alt.csv"))
        }

        sent = at_work("COMPLIANCE").post(UPLOAD, {"source": "OFAC_SDN_CSV"} | files)

        assert sent.status_code == 303
        version = ListVersion.objects.get(list="OFAC_SDN_CSV")
        assert (version.entry_count, version.files) == (4, "sdn.csv, add.csv, alt.csv")

    def test_is_refused_by_who_sent_it_or_by_who_decides(self, at_work):
        client = at_work("COMPLIANCE")
        page = send(client)["Location"]
        refusal = {"deed": "refuse", "reason": "The wrong file"}
        assert at_work("RISK").post(page, refusal).status_code == 403
        assert client.post(page, refusal | {"reason": ""}).status_code == 422

        assert client.post(page, refusal).status_code == 303
        assert "The wrong file" in text_of(client.get(page))
        late = client.post(page, {"deed": "ask", "reason": "After all"})
        assert late.status_code == 422 and "does not wait for anybody" in text_of(late)

    def test_is_not_asked_for_over_a_version_it_was_not_compared_with(self, at_work):
        client = at_work("COMPLIANCE")
        send(client)
        version = ListVersion.objects.get()
        ListVersion.objects.filter(pk=version.pk).update(replaces=steps.load("PEP", rows=ROWS))

        with pytest.raises(ListMoved):
            lists.ask(version, reason="Now", actor=steps.LOADER, at=timezone.now())

    def test_the_database_refuses_one_person(self, at_work):
        client = at_work("COMPLIANCE")
        send(client)

        with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
            ListVersion.objects.update(accepted_person=client.member.person)


class TestWhatIsNoList:
    @pytest.mark.parametrize(
        ("source", "content", "told"),
        [
            ("UN_CONSOLIDATED", BOMB, "document type or entity"),
            ("OFAC_SDN", FILES, "document type or entity"),
            ("UN_CONSOLIDATED", b"<html></html>", "this is no CONSOLIDATED_LIST"),
            ("OFAC_SDN", b"PK\x03\x04\x00\x00zip", "line 1"),
            ("DENY", b"uid,name\nD-1,Ju\x00ma\n", "line 2: this is no text"),
            ("DENY", b"uid,name\n" + b"D" * 65 + b",Juma\n", "more than 64 letters"),
            ("DENY", b"uid,name\nD-1," + b"J" * 401 + b"\n", "more than 400 letters"),
            ("DENY", b"uid,name,password\nD-1,Juma,x\n", "we do not know the column “password”"),
            ("OFAC_SDN_CSV", b"1,2,3\n", "comes as OFAC, sdn.csv, add.csv and alt.csv"),
            ("DENY", b"", "This file is empty"),
        ],
    )
    def test_is_refused_by_name_and_leaves_nothing(self, at_work, source, content, told):
        content = content.encode() if isinstance(content, str) else content
        file = SimpleUploadedFile("list.bin", content)

        answer = at_work("COMPLIANCE").post(UPLOAD, {"source": source, "file": file})

        assert answer.status_code == 422 and told in text_of(answer)
        assert not ListVersion.objects.exists()

    def test_is_one_of_tomorrow_or_the_same_file_twice_or_too_large(self, at_work, monkeypatch):
        client, tomorrow = at_work("COMPLIANCE"), timezone.localdate() + timedelta(1)

        late = send(client, published_date=tomorrow)
        assert late.status_code == 422 and "still to come" in text_of(late)
        twice = send(client, aliases=csv_of(ROWS))
        assert twice.status_code == 422 and "the same file twice" in text_of(twice)
        monkeypatch.setattr("branch.screening.forms.LARGEST", 10)
        large = send(client)
        assert large.status_code == 422 and "deny.csv has" in text_of(large)
        assert not ListVersion.objects.exists()

    def test_is_not_read_without_end(self, at_work):
        answer = at_work("COMPLIANCE").post(
            UPLOAD, b"--x\r\n\r\n--x--", content_type="multipart/form-data; boundary=x",
            CONTENT_LENGTH=str(64 * 1024 * 1024 + 1),
        )  # fmt: skip

        assert answer.status_code == 400

    def test_comes_from_our_own_page_and_from_who_may_load(self, at_work):
        strict = at_work("COMPLIANCE")
        careful = Client(enforce_csrf_checks=True)
        careful.cookies = strict.cookies

        assert send(careful).status_code == 403
        for role in ("RISK", "AUDITOR", "BRANCH_MANAGER"):
            assert send(at_work(role)).status_code == 403
        assert not ListVersion.objects.exists()
