"""The demo bank's year: planned from a seed, lived day by day, taken up where it was cut short."""

from collections import Counter
from datetime import date, timedelta

import psycopg
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.access.models import User
from accounts.customers.models import Customer
from accounts.savings.models import InterestAccrual
from branch.close_of_business import tasks
from branch.close_of_business.models import CloseRun
from branch.demo import borrowers, credit_year, firms, logins, year
from branch.demo import operations as demo
from branch.demo.borrowers import Ask, Borrower, Firm
from branch.demo.colleagues import COLLEAGUES
from branch.demo.people import PAYMENTS, PEOPLE, TOP_UPS
from branch.demo_year.models import DemoYear
from branch.demo_year.queries import year_in_the_making
from ledger.calendar import queries as calendar
from ledger.journal.models import Entry
from ledger.money import parse
from lending.loans.models import Loan

TODAY = date(2026, 11, 22)
NAMED = {person.name for person in PEOPLE}
OF_NIGHTS = ["LOAN_ACCRUAL", "LOAN_PROVISION"]  # What nights book of loans.


OTHERS_OF_CREDIT = {person.name for person in borrowers.people()}


def of_the_year():
    """The people of the year but the borrowers, who have a plan of their own."""
    return [who for who in demo.everybody(is_year=True) if who.name not in OTHERS_OF_CREDIT]


def plan(today=TODAY):
    return year.deeds(of_the_year(), named=NAMED, today=today)


class TestThePlan:
    @pytest.mark.proves("OP19")
    def test_is_the_same_for_the_same_day(self):
        assert plan() == plan()

    def test_is_a_year_of_sixty_people(self):
        people, deeds = of_the_year(), plan()
        days = {deed.when.date() for deed in deeds}

        assert len(people) == 60
        assert len({person.email for person in people}) == 60
        assert len({person.phone for person in people}) == 60
        assert len({person.national_id for person in people}) == 60
        assert len({deed.who for deed in deeds}) == 60
        assert min(days) <= TODAY - timedelta(days=year.DAYS - 3)
        assert max(days) == TODAY - timedelta(days=1)
        assert len({day.replace(day=1) for day in days}) == 13

    def test_has_salaries_rent_shopping_savings_quiet_and_busy_days_and_failures(self):
        deeds = plan()
        kinds = {deed.kind for deed in deeds}
        a_day = [sum(1 for deed in deeds if deed.when.date() == day) for day in
                 (TODAY - timedelta(days=ago) for ago in range(20, 300))]  # fmt: skip

        assert kinds == {
            "ADD", "PAY", "SAVE", "BORROW", "REPAY", "SHORT", "WRONG",
        }  # fmt: skip
        assert {"Rent", "Vegetables", "Chama"} <= {deed.reason for deed in deeds}
        assert max(a_day) >= 4 * max(min(a_day), 1)
        assert 4_000 < len(deeds) < 7_000
        assert sum(1 for deed in deeds if deed.kind == "BORROW") > 12 * 25  # Enough for a month.

    @pytest.mark.parametrize("on", [TODAY, date(2026, 12, 31), date(2027, 3, 1), date(2028, 2, 29)])
    def test_spends_by_the_end_of_each_day_no_more_than_there_is(self, on):
        balances = dict.fromkeys((person.name for person in of_the_year()), 0)
        today = None
        for deed in plan(on):
            if deed.when.date() != today:
                assert min(balances.values()) >= 0, today
                today = deed.when.date()
            if deed.kind == "ADD":
                balances[deed.who] += deed.amount
            elif deed.kind in {"PAY", "SAVE"}:
                balances[deed.who] -= deed.amount
            if deed.kind == "PAY":
                balances[deed.to] += deed.amount
            elif deed.kind == "BORROW":
                balances[deed.who] += deed.amount
            elif deed.kind == "REPAY":
                balances[deed.who] -= deed.amount * 105 // 100 + 1
        most = year.MOST_HELD + year.MOST_LENT * 106 // 100  # With what the loan will cost.
        assert max(balances.values()) <= most < 100_000

    def test_of_the_named_ends_where_their_story_begins(self):
        latest = max(deed.when.date() for deed in plan() if {deed.who, deed.to} & NAMED)

        assert latest <= TODAY - timedelta(days=year.STORY_DAYS)

    def test_leaves_the_named_room_for_what_their_story_brings(self):
        comes = Counter()
        for _, who, amount in TOP_UPS:
            comes[who] += parse(amount).amount
        for _, _, to, amount, _ in PAYMENTS:
            comes[to] += parse(amount).amount

        assert max(comes[who] for who in NAMED) + year.MOST_OF_THE_NAMED <= 100_000


# Somebody who buys a vehicle with a loan, and who sells it.
BUYERS = [
    Borrower("joan.wairimu", "Joan Wairimu Kamande", 18, 240_000, tier=3, spends=0, asks=(
        Ask(14, "ASST", 250_000, 24, price=350_000),
    )),
    Borrower("paul.kimani", "Paul Kimani Ndegwa", 18, 30_000, spends=0),
]  # fmt: skip
DEALER = Firm("paul.kimani", 16, borrowers.MOTORS, 5199, "TRANSPORT", "Sells vehicles", "Road 1")


@pytest.fixture
def young_bank(empty_bank, settings, tmp_path, monkeypatch):
    """A demo bank of its own whose year is twenty days long, begun as `./bank run` begins it."""
    settings.BANK_DATA, settings.WEKEZA_DEMO = tmp_path, True
    monkeypatch.setattr(year, "DAYS", 20)
    monkeypatch.setattr(year, "BEGINS", 20)
    monkeypatch.setattr(year, "OTHERS", 4)
    for module in (borrowers, credit_year, firms):
        monkeypatch.setattr(module, "FIRMS", [DEALER])
    for module in (borrowers, credit_year):
        monkeypatch.setattr(module, "BORROWERS", BUYERS)
    for plan_of in ("PROMISES", "CHANGES", "WRITE_OFFS"):
        monkeypatch.setattr(credit_year, plan_of, [])
    with psycopg.connect(empty_bank["owner"]) as owner:
        owner.execute("UPDATE ledger_bankfact SET is_demo = true")
        owner.execute("UPDATE ledger_businessday SET business_date = business_date - 20")
    return tmp_path


@pytest.mark.django_db(transaction=True)
class TestTheYear:
    @pytest.mark.proves("OP19")
    def test_lets_everybody_in_on_its_first_day_and_is_lived_behind_that(self, young_bank):
        call_command("demo_seed", first_day=True)

        row = DemoYear.objects.get()
        assert Customer.objects.count() == len(PEOPLE)
        assert calendar.business_date() == row.begins_on
        assert year_in_the_making() == row
        assert "juma@example.com" in (young_bank / "demo-logins.txt").read_text()
        page = Client()
        assert "living its year" in page.get("/demo/year/").content.decode()

        tasks.go_on()  # The worker leaves its dates alone.
        assert calendar.business_date() == row.begins_on
        call_command("demo_seed", year=True)

        row.refresh_from_db()
        today = calendar.nairobi_date(timezone.now())
        assert row.finished_at is not None
        assert page.get("/demo/year/").status_code == 286
        assert calendar.business_date() >= today - timedelta(days=1)
        assert CloseRun.objects.count() >= 19
        assert Customer.objects.count() == len(PEOPLE) + 4 + len(BUYERS)
        by_day = Entry.objects.exclude(kind__startswith="INTEREST").exclude(kind__in=OF_NIGHTS)
        assert all(entry.business_date == calendar.nairobi_date(entry.at) for entry in by_day)
        assert "living its year" not in page.get("/demo/year/").content.decode()
        assert not (young_bank / logins.PART).exists()

    def test_that_was_cut_short_goes_on_from_its_last_whole_day(self, young_bank):
        call_command("demo_seed", first_day=True)
        people = [*demo.everybody(is_year=True), *COLLEAGUES]
        known = logins.of_everybody(young_bank, people)

        class Cut(Exception):
            pass

        def tell(row):
            if (row.lived_to - row.begins_on).days == 6:
                raise Cut

        with pytest.raises(Cut):
            demo.live_year(logins=known, now=timezone.now(), tell=tell)
        before = set(Entry.objects.values_list("pk", flat=True))
        demo.live_year(logins=known, now=timezone.now())

        references = list(Entry.objects.values_list("owner", "reference"))
        assert len(references) == len(set(references))
        assert before < set(Entry.objects.values_list("pk", flat=True))
        assert User.objects.filter(email="juma@example.com").count() == 1
        assert InterestAccrual.objects.exists() or not plan_has_savers()
        loan = Loan.objects.get(product="ASST")
        assert loan.application.payee == firms.account_of_firm(DEALER)
        assert [row.decided_by.split(":")[0] for row in loan.application.decisions.all()] == [
            "TASK", "STAFF"
        ]  # fmt: skip


def plan_has_savers():
    return any(deed.kind == "SAVE" for deed in plan(calendar.nairobi_date(timezone.now())))
