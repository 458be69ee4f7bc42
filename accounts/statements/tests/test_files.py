"""Statements as files: what stands in them, who gets them, and how large ones are made."""

import csv
import hashlib
import io
import zipfile
from datetime import timedelta
from decimal import Decimal

import pikepdf
import pytest
from defusedxml import ElementTree
from django.test import Client
from django.utils import timezone

from accounts.factories import DepositAccountFactory
from accounts.statements import operations as statements
from accounts.statements import tasks
from accounts.statements.models import StatementFile
from accounts.statements.tests.test_doors import juma_and_grace, pay, signed_in, text
from ledger.calendar import queries as calendar
from ledger.controls.models import OutboxMessage
from ledger.factories import pay as pay_batch
from ledger.journal.lines import BatchLine
from ledger.money import kes
from wekeza.kit import papers

pytestmark = pytest.mark.django_db
ASK = "/view/statement/ask/"
EVIL = '=HYPERLINK("http://evil.example","#set page()")'


def wish(account, form="PDF", **facts):
    day = calendar.business_date().isoformat()
    usual = {"account": account.number, "period": "dates", "since": day, "until": day}
    return usual | {"form": form} | facts


def fetched(page, answer) -> bytes:
    """Follow from asking to the file itself."""
    assert answer.status_code == 303, text(answer)
    file = page.get(answer["Location"])
    assert file.status_code == 200
    assert file["Content-Disposition"].startswith('attachment; filename="wekeza-')
    assert file["Cache-Control"] == "no-store"
    return file.content


def words_of(pdf: bytes) -> str:
    """The alternative and document words that a PDF carries outside its drawing."""
    with pikepdf.open(io.BytesIO(pdf)) as book:
        return str(book.docinfo.get("/Title", ""))


@pytest.mark.django_db
class TestSmall:
    def test_a_pdf_comes_at_once_tagged_and_in_the_readers_language(self):
        juma, grace = juma_and_grace()
        pay(juma, grace, "1500", reason=EVIL, receipt_no="MV-0000001")
        page = signed_in(juma)

        pdf = fetched(page, page.post(ASK, wish(juma)))

        file = StatementFile.objects.get()
        with pikepdf.open(io.BytesIO(pdf)) as book:
            root = book.Root
            assert root.MarkInfo.Marked
            assert str(root.Lang) == "en"
            assert len(book.pages) == 1
            # A4, in points.
            assert [round(float(side)) for side in book.pages[0].MediaBox] == [0, 0, 595, 842]
        assert file.code in words_of(pdf)
        assert file.sha256 == hashlib.sha256(pdf).hexdigest()
        assert (file.opening, file.money_in, file.money_out, file.closing) == (
            Decimal(0), Decimal(5000), Decimal(1500), Decimal(3500),
        )  # fmt: skip

    def test_excel_has_figures_that_add_up_and_no_formula(self):
        juma, grace = juma_and_grace()
        pay(juma, grace, "1500", reason=EVIL)
        page = signed_in(juma)

        book = zipfile.ZipFile(io.BytesIO(fetched(page, page.post(ASK, wish(juma, "XLSX")))))

        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        space = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
        numbers = [
            cell.find("x:v", space).text
            for cell in sheet.iterfind(".//x:c", space)
            if cell.get("t") != "s"
        ]
        assert sheet.findall(".//x:f", space) == []
        assert sorted(map(Decimal, numbers)) == [1500, 1500, 3500, 3500, 5000, 5000, 5000]
        assert EVIL.split('"')[0] in book.read("xl/sharedStrings.xml").decode()

    @pytest.mark.parametrize("name", ["=cmd|calc", " =cmd|calc", "\u3000＝cmd|calc"])
    def test_csv_quotes_what_a_spreadsheet_would_run(self, name):
        juma, grace = juma_and_grace()
        grace.customer.full_name = name
        grace.customer.save()
        pay(juma, grace, "1500", reason="Rent")
        page = signed_in(juma)

        written = fetched(page, page.post(ASK, wish(juma, "CSV"))).decode("utf-8-sig")

        lines = list(csv.reader(io.StringIO(written)))
        [row] = [line for line in lines if "Rent" in ",".join(line)]
        assert row[1] == f"'{name} · Rent"
        assert row[3:] == ["", "1500.00", "3500.00"]
        assert ["Totals of all dates", "", "", "5000.00", "1500.00", "3500.00"] in lines

    def test_is_in_swahili_for_who_reads_swahili(self):
        juma, _grace = juma_and_grace()
        page = signed_in(juma)
        page.cookies["django_language"] = "sw"

        written = fetched(page, page.post(ASK, wish(juma, "CSV"))).decode("utf-8-sig")

        assert "Salio la mwanzo" in written

    def test_days_without_rows_make_a_file_too(self):
        account = DepositAccountFactory()
        page = signed_in(account)

        for form in ("PDF", "XLSX", "CSV"):
            assert fetched(page, page.post(ASK, wish(account, form)))

    @pytest.mark.parametrize(
        "odd", [{"form": "EXE"}, {"since": "x"}, {"since": "2026-12-31", "until": "2026-01-01"}]
    )
    def test_odd_wishes_are_refused(self, odd):
        account = DepositAccountFactory()

        assert signed_in(account).post(ASK, wish(account) | odd).status_code == 422

    def test_is_nobody_elses(self):
        juma, grace = juma_and_grace()
        page = signed_in(juma)
        address = page.post(ASK, wish(juma, "CSV"))["Location"]

        for path in (address, address.replace("download/", "")):
            assert signed_in(grace).get(path).status_code == 404
            assert Client().get(path).status_code == 302
        # An account of somebody else is not in the form: it is refused, not made.
        assert signed_in(grace).post(ASK, wish(juma, "CSV")).status_code in (303, 422)
        assert not StatementFile.objects.filter(customer=grace.customer, account=juma).exists()

    def test_nobody_fills_the_store(self):
        account = DepositAccountFactory()
        page = signed_in(account)
        for _ in range(30):
            assert page.post(ASK, wish(account, "CSV")).status_code == 303

        refused = page.post(ASK, wish(account, "CSV"))

        assert refused.status_code == 422
        assert "You asked for 30 files within an hour" in text(refused)


class TestThatCannotBeMadeAtOnce:
    """What ends the asking half-way leaves the file to the worker; nobody waits for ever."""

    @pytest.fixture
    def asked(self, monkeypatch):
        """A small file whose making failed in the request, and its event."""
        account = DepositAccountFactory()
        page = signed_in(account)
        with monkeypatch.context() as broken:
            broken.setattr(papers, "SOURCE", papers.SOURCE.with_name("lost.typ"))
            with pytest.raises(FileNotFoundError):
                page.post(ASK, wish(account))
        [event] = OutboxMessage.objects.filter(event="statement.asked")
        return event.payload

    def test_is_made_by_the_worker(self, asked):
        tasks.make_file(**asked)

        assert StatementFile.objects.get().is_made

    def test_or_is_told_to_have_failed(self, asked, monkeypatch):
        monkeypatch.setattr(papers, "SOURCE", papers.SOURCE.with_name("lost.typ"))

        with pytest.raises(FileNotFoundError):
            tasks.make_file(**asked)

        assert StatementFile.objects.get().state == "FAILED"


class TestKept:
    def test_goes_after_a_week_and_what_it_vouches_for_stays(self):
        juma, _grace = juma_and_grace()
        page = signed_in(juma)
        address = page.post(ASK, wish(juma, "CSV"))["Location"]
        file = StatementFile.objects.get()

        statements.dispose_due(at=file.made_at + timedelta(days=7) - timedelta(seconds=1))
        kept = page.get(address)
        gone = statements.dispose_due(at=file.made_at + timedelta(days=7))
        after = page.get(address)

        assert kept.status_code == 200
        assert gone == 1
        assert after.status_code == 302
        assert "We no longer keep this file" in text(page.get(after["Location"]))
        file.refresh_from_db()
        assert (file.file, file.closing) == ("", Decimal(5000))


class TestLarge:
    def test_is_made_by_the_worker_with_progress_and_adds_up(self, settings):
        from accounts.statements.tasks import make_asked

        juma, grace = juma_and_grace()
        line = BatchLine(juma.ledger_account_id, grace.ledger_account_id, kes("1"))
        pay_batch(*[line] * 2001)
        page = signed_in(juma)

        asked = page.post(ASK, wish(juma, "XLSX"))
        waiting = page.get(asked["Location"])
        [event] = OutboxMessage.objects.filter(event="statement.asked")
        make_asked(**event.payload)
        ready = page.get(asked["Location"])

        # 5,000 came in and 2,001 times 1 went out: 2,002 rows.
        assert asked.status_code == 303
        assert "We are making it: 0 of 2002 rows" in text(waiting)
        assert 'hx-trigger="every 3s"' in waiting.content.decode()
        assert "Look again" in text(waiting)
        assert "It is ready" in text(ready)
        file = StatementFile.objects.get()
        assert (file.rows_done, file.closing) == (2002, Decimal(2999))
        assert page.get(f"{asked['Location']}download/").status_code == 200

    def test_done_twice_it_stays_the_first(self):
        juma, _grace = juma_and_grace()
        signed_in(juma).post(ASK, wish(juma, "CSV"))
        first = StatementFile.objects.get()

        again = statements.make(StatementFile.objects.get(), at=timezone.now())

        assert (again.sha256, again.file) == (first.sha256, first.file)
