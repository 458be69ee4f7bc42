"""The demo bank is made once, by real deeds, and tells only its owner how to come in."""

import re
import stat
from datetime import timedelta

import psycopg
import pyotp
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.access.models import User
from accounts.businesses.models import Business
from accounts.customers.models import Customer
from accounts.deposits import queries as deposit_queries
from accounts.kyc import desk as kyc_desk
from accounts.monitoring import operations as monitoring
from accounts.monitoring.models import Alert
from accounts.screening import queries as screening_queries
from accounts.staff.models import Role, StaffMember
from accounts.staff.queries import members
from branch.close_of_business import operations as close
from branch.demo import logins, scenes
from branch.demo import operations as demo
from branch.demo.colleagues import COLLEAGUES
from branch.demo.people import DAYS, PAYMENTS, PEOPLE, TOP_UPS
from ledger.calendar import queries as calendar
from ledger.journal.models import Entry
from ledger.money import kes, parse
from ledger.vouchers.models import Voucher
from payments.transfers.models import Transfer
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
BEGIN_EARLIER = "UPDATE ledger_businessday SET business_date = business_date - %s"


@pytest.fixture
def folder(settings, tmp_path):
    settings.BANK_DATA = tmp_path
    return tmp_path


class TestDemoSeed:
    @pytest.mark.proves("OP19")
    def test_makes_people_who_can_come_in_and_their_first_days(self, demo_bank, folder):
        call_command("demo_seed")

        told = (folder / "demo-logins.txt").read_text()
        assert {person.email for person in PEOPLE} >= {"emmanuel@wekeza.com", "nuria@wekeza.com"}
        for person in PEOPLE:
            _email, password, _pin = line_of(told, person.email)
            assert User.objects.get(email=person.email).check_password(password)
        assert Transfer.objects.filter(state="PAID").count() == len(PAYMENTS)

    def test_only_the_owner_may_read_the_file_and_no_password_is_known_beforehand(
        self, demo_bank, folder
    ):
        call_command("demo_seed")

        file = folder / "demo-logins.txt"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert "password123" not in file.read_text()
        assert not (folder / "demo-logins.part").exists()

    def test_somebody_logs_in_with_what_the_file_says(self, demo_bank, folder):
        call_command("demo_seed")
        email, password, _pin = line_of((folder / "demo-logins.txt").read_text(), PEOPLE[0].email)
        page = Client()

        page.post("/login/", {"login": email, "password": password})

        assert "Juma" in page.get("/settings/profile/").content.decode()

    def test_money_is_where_the_payments_took_it(self, demo_bank, folder):
        call_command("demo_seed")

        for person in PEOPLE:
            added = [parse(amount) for _when, name, amount in TOP_UPS if name == person.name]
            expected = sum(added, kes(0))
            for _when, payer, payee, amount, _reason in PAYMENTS:
                expected = expected + parse(amount) if payee == person.name else expected
                expected = expected - parse(amount) if payer == person.name else expected
            account = demo.account_of(User.objects.get(email=person.email).customer)
            assert deposit_queries.standing_of(account).balance == expected

    def test_everybody_acts_at_a_moment_of_their_own_one_after_the_other(self, demo_bank, folder):
        call_command("demo_seed")

        entries = Entry.objects.order_by("id")
        moments = [entry.at for entry in entries]
        clocks = {timezone.localtime(moment).strftime("%H:%M") for moment in moments}
        paid = Transfer.objects.filter(state="PAID")
        sent = paid.order_by("entry_id").values_list("requested_at", "paid_at")
        assert len(moments) == len(TOP_UPS) + len(PAYMENTS) + 1  # And a voucher.
        assert moments == sorted(set(moments))
        assert len(clocks) == len(moments)
        assert moments[-1] < timezone.now() - timedelta(minutes=1)
        assert all(requested == paid for requested, paid in sent)

    @pytest.mark.django_db(transaction=True)
    def test_what_they_did_is_booked_on_its_own_day_in_a_bank_that_begins_there(
        self, empty_bank, folder
    ):
        with psycopg.connect(empty_bank["owner"]) as owner:
            owner.execute("UPDATE ledger_bankfact SET is_demo = true")
            owner.execute(
                "UPDATE ledger_businessday SET business_date = business_date - %s", [DAYS]
            )

        call_command("demo_seed")

        booked = [(entry.business_date, entry.value_date) for entry in Entry.objects.all()]
        acted = [calendar.nairobi_date(entry.at) for entry in Entry.objects.all()]
        assert booked == [(day, day) for day in acted]
        assert len(set(acted)) > 10
        assert min(acted) == calendar.nairobi_date(timezone.now()) - timedelta(days=DAYS)
        assert calendar.business_date() == calendar.nairobi_date(timezone.now() - close.GRACE)

    def test_a_second_run_adds_nothing(self, demo_bank, folder):
        call_command("demo_seed")
        before = Entry.objects.count()

        call_command("demo_seed")

        assert Entry.objects.count() == before

    def test_a_making_that_was_cut_short_is_finished_with_the_same_secrets(self, demo_bank, folder):
        known = logins.of_everybody(folder, [*PEOPLE, *COLLEAGUES])
        demo.take_on(PEOPLE[0], login=known[PEOPLE[0].email], at=timezone.now())

        call_command("demo_seed")

        _email, password, _pin = line_of((folder / "demo-logins.txt").read_text(), PEOPLE[0].email)
        assert password == known[PEOPLE[0].email].password
        assert User.objects.get(email=PEOPLE[0].email).check_password(password)

    def test_a_bank_that_is_no_demo_bank_gets_no_people(self, folder):
        with pytest.raises(CommandError):
            call_command("demo_seed")

        assert not User.objects.exists()


def line_of(told: str, email: str) -> tuple[str, str, str]:
    """E-mail, password and PIN of somebody, as the file says."""
    line = next(line for line in told.splitlines() if email in line)
    *_before, password, pin = line.split()
    assert re.fullmatch(r"\d{4}", pin)
    return email, password, pin


class TestTheStaff:
    def test_somebody_works_in_every_role_and_the_page_shows_their_codes(
        self, demo_bank, folder, client
    ):
        call_command("demo_seed")

        roles = {grant.role_id for _, grants in members(at=timezone.now()) for grant in grants}
        assert roles == set(Role.objects.filter(is_staff_role=True).values_list("pk", flat=True))
        page = client.get("/demo/staff/").content.decode()
        assert "Njeri Wairimu Gathoni" in page
        app = Authenticator.objects.get(user__email="admin@wekeza.com")
        assert pyotp.TOTP(decrypt(app.data["secret"])).now() in page

    def test_no_other_bank_shows_codes(self, client):
        assert client.get("/demo/staff/").status_code == 404


class TestTheFirstMorning:
    def test_every_desk_has_something_to_do(self, demo_bank, folder):
        call_command("demo_seed")
        shop = Business.objects.get()
        # The monitor waits for whatever other tests have not committed yet; here nobody does.
        entries = (1, Entry.objects.latest("pk").pk)
        monitoring.look_at(entries, at=timezone.now(), actor=SYSTEM)

        assert [row.customer.full_name for row in kyc_desk.to_review()] == ["Grace Wanjiku Mwangi"]
        assert [row.full_name for row in Customer.objects.filter(tier="TIER_2")] == [
            "Emmanuel Barasa Wafula"
        ]
        assert [hit.owner_ref for hit in screening_queries.cases_waiting()] == [
            demo.customer("amina").owner_ref
        ]
        assert {alert.customer.full_name for alert in Alert.objects.all()} == {
            "Faith Chepkoech Rotich"
        }
        assert [
            (row.business, row.is_waiting) for row in Transfer.objects.exclude(state="PAID")
        ] == [(shop, True)]
        assert [row.state for row in Voucher.objects.order_by("number")] == ["POSTED", "PENDING"]

    def test_a_making_that_was_cut_short_between_two_persons_is_finished(self, demo_bank, folder):
        known = logins.of_everybody(folder, [*PEOPLE, *COLLEAGUES])
        now = timezone.now()
        for colleague in COLLEAGUES:
            demo.engage(colleague, login=known[colleague.email], at=now)
        emmanuel = demo.take_on(PEOPLE[2], login=known[PEOPLE[2].email], at=now)
        scenes.ask_for_level(emmanuel, at=now)
        scenes.ask_for_level(emmanuel, at=now)

        scenes.raise_level(emmanuel, at=now)
        scenes.raise_level(emmanuel, at=now)

        emmanuel.refresh_from_db()
        assert emmanuel.tier_id == "TIER_2"


class TestFounding:
    def test_makes_two_administrators_and_no_third(self, monkeypatch):
        monkeypatch.setattr("getpass.getpass", lambda *_: "a quiet river at noon")
        people = [
            (f"chief{n}@example.com", f"+25471155500{n}", f"Chief {n}", f"6299900{n}")
            for n in (1, 2, 3)
        ]
        call_command("found_administrator", *people[0])
        call_command("found_administrator", *people[1])

        with pytest.raises(CommandError, match="Two people"):
            call_command("found_administrator", *people[2])
        assert StaffMember.objects.filter(state="ACTIVE").count() == 2
