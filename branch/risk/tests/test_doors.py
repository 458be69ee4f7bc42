"""The desk of lending: stopping by one press, lifting by two, and what was blocked."""

import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access.tests.apps import code_at
from accounts.factories import CustomerFactory, actor_of
from branch.risk import queries, views
from ledger.approvals.models import Approval
from lending.products.models import LoanProduct
from lending.stops.models import LendingStop, Scope
from lending.stops.operations import LendingStopped
from lending.stops.tests.steps import WHY, lend, lent, product, stop
from lending.stops.tests.steps import lift as lifted

pytestmark = pytest.mark.django_db
DESK = "/risk/lending/"
ALL = {"what": "ALL", "reason": WHY}


def page_of(row):
    return reverse("branch:risk:stop", args=[row.public_id])


def said(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def approve(client, asked):
    says = {"digest": asked.digest, "verdict": "approve", "code": code_at(timezone.now())}
    return client.post(reverse("branch:workbench:approval", args=[asked.public_id]), says)


def blocked(wanted=None, **facts):
    with pytest.raises(LendingStopped):
        lend(wanted or product(), **facts)


class TestStopping:
    @pytest.mark.proves("AD03")
    def test_takes_one_press_and_blocks_every_loan_until_two_persons_lift_it(self, at_work):
        officer, second, customer = at_work("OPERATIONS"), at_work("RISK"), CustomerFactory()
        assert "Lending goes on" in said(officer, DESK)
        for one in LoanProduct.objects.all():
            lend(one)
        before = lent()

        assert officer.post(DESK, ALL).status_code == 303

        assert "All lending is stopped" in said(officer, DESK)
        for one in LoanProduct.objects.all():
            for what in ("APPLICATION", "OFFER", "DISBURSEMENT"):
                blocked(one, what=what, customer=customer, actor=actor_of(customer))
        assert lent() == before
        row = LendingStop.objects.get()
        assert row.stopped_by == f"STAFF:{officer.member.user_id}"
        shown = said(officer, page_of(row))
        assert WHY in shown and officer.member.full_name in shown
        assert shown.count('data-label="When"') == 3 * LoanProduct.objects.count()
        assert str(customer.public_id)[:8] in shown and customer.full_name not in shown

        assert officer.post(page_of(row), {"reason": "It is mended"}).status_code == 303
        asked = Approval.objects.get(deed="lending.lift_stop")
        assert "Waiting for a second person" in said(officer, page_of(row))
        assert approve(officer, asked).status_code == 422, "nobody decides what they asked for"
        blocked()
        assert approve(second, asked).status_code == 303
        lend(product())
        assert "Lending goes on" in said(officer, DESK)
        assert "It is mended" in said(officer, page_of(row))

    def test_may_be_of_a_product_or_of_a_kind_of_customer(self, at_work):
        client = at_work("RISK")

        for what in ("PRODUCT:PERS", "SEGMENT:BUSINESS"):
            assert client.post(DESK, {"what": what, "reason": WHY}).status_code == 303

        assert "A part of lending is stopped" in said(client, DESK)
        blocked(product("PERS"))
        blocked(product("SMEW"))
        lend(product("MORT"))
        assert set(LendingStop.objects.values_list("scope", flat=True)) == {
            Scope.PRODUCT,
            Scope.SEGMENT,
        }

    def test_says_what_and_why(self, at_work):
        client = at_work("RISK")

        for wrong in ({"reason": ""}, {"reason": "error"}, {"what": "PRODUCT:NONE"}, {"what": ""}):
            assert client.post(DESK, ALL | wrong).status_code == 422

        assert not LendingStop.objects.exists()

    def test_waits_on_the_home_of_those_who_decide(self, at_work):
        stop()

        assert "Stops of lending in force" in said(at_work("FINANCE"), "/workbench/")
        assert "Stops of lending in force" not in said(at_work("AUDITOR"), "/workbench/")


class TestWhoMay:
    @pytest.mark.parametrize(
        ("role", "looks", "stops"),
        [
            ("RISK", True, True),
            ("OPERATIONS", True, True),
            ("FINANCE", True, False),
            ("AUDITOR", True, False),
            ("COMPLIANCE", False, False),
            ("BRANCH_MANAGER", False, False),
            ("LOAN_OFFICER", False, False),
            ("TELLER", False, False),
            ("ADMINISTRATOR", False, False),
        ],
    )
    def test_look_and_stop(self, at_work, role, looks, stops):
        row, client = stop(Scope.PRODUCT, product=product()), at_work(role)

        for address in (DESK, page_of(row), f"{page_of(row)}attempts.csv"):
            assert client.get(address).status_code == (200 if looks else 403)
        assert ('href="/risk/lending/"' in said(client, "/workbench/")) == looks
        if looks:
            assert ("Stop at once" in said(client, DESK)) == stops
            assert ("Ask a second person" in said(client, page_of(row))) == stops
        for address, says in ((DESK, ALL), (page_of(row), {"reason": "Mended"})):
            assert client.post(address, says).status_code == (303 if stops else 403)
        assert LendingStop.objects.filter(scope=Scope.ALL).exists() == stops


class TestTheLists:
    def test_have_pages(self, at_work, monkeypatch):
        monkeypatch.setattr(views, "PAGE", 2)
        monkeypatch.setattr(views, "ATTEMPTS", 2)
        client = at_work("AUDITOR")
        for _ in range(3):
            lifted(stop())
        row = stop()
        for number in range(5):
            blocked(amount=f"{1000 + number}")

        assert said(client, DESK).count('data-label="Lifted"') == 2
        assert said(client, f"{DESK}?page=2").count('data-label="Lifted"') == 1
        seen, address = [], page_of(row)
        while address:
            html = said(client, address)
            seen += [number for number in range(5) if f"1,00{number}" in html]
            older = html.partition('rel="next" href="')[2].partition('"')[0]
            address = older and f"{page_of(row)}{older}"
        assert sorted(seen) == [0, 1, 2, 3, 4] and seen[:2] == [3, 4]

    @pytest.mark.parametrize("before", ["", "x", "-1", "٥", "9" * 40])
    def test_take_any_address(self, at_work, before):
        row = stop()
        blocked()

        at_work("AUDITOR").get(page_of(row), {"before": before, "page": before})

    def test_come_as_a_file(self, at_work):
        row, customer = stop(), CustomerFactory()
        blocked(customer=customer, amount="7500", what="OFFER", actor=actor_of(customer))

        answer = at_work("AUDITOR").get(f"{page_of(row)}attempts.csv")

        assert "attachment" in answer["Content-Disposition"]
        head, line = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
        assert head == queries.HEAD
        assert line[1:] == [
            "Offer", "Personal loan", "7500.00", str(customer.public_id), "A customer",
        ]  # fmt: skip
        book = at_work("AUDITOR").get(f"{page_of(row)}attempts.xlsx").content
        assert "xl/workbook.xml" in ZipFile(BytesIO(book)).namelist()
