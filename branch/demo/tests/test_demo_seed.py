"""The demo bank is made once, by real deeds, and tells only its owner how to come in."""

import re
import stat

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.access.models import User
from accounts.deposits import queries as deposit_queries
from branch.demo import logins
from branch.demo import operations as demo
from branch.demo.people import PAYMENTS, PEOPLE
from ledger.journal.models import Entry
from ledger.money import kes, parse
from payments.transfers.models import Transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    settings.BANK_DATA = tmp_path
    return tmp_path


class TestDemoSeed:
    @pytest.mark.proves("OP19")
    def test_makes_people_who_can_come_in_and_their_first_day(self, demo_bank, folder):
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
            name = person.email.partition("@")[0]
            expected = sum((parse(amount) for amount in person.adds), kes(0))
            for payer, payee, amount, _reason in PAYMENTS:
                expected = expected + parse(amount) if payee == name else expected
                expected = expected - parse(amount) if payer == name else expected
            account = demo.account_of(User.objects.get(email=person.email).customer)
            assert deposit_queries.standing_of(account).balance == expected

    def test_a_second_run_adds_nothing(self, demo_bank, folder):
        call_command("demo_seed")
        before = Entry.objects.count()

        call_command("demo_seed")

        assert Entry.objects.count() == before

    def test_a_making_that_was_cut_short_is_finished_with_the_same_secrets(self, demo_bank, folder):
        known = logins.of_everybody(folder, PEOPLE)
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
