"""Asking a bureau and keeping what it said, against the simulator over real HTTP."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.access import rotation
from accounts.factories import CustomerFactory, actor_of
from accounts.privacy import copy
from ledger.controls.models import AuditEntry
from ledger.money import Money, kes
from lending.bureau import operations as bureaus
from lending.bureau import queries
from lending.bureau.answers import Result, Standing, joint
from lending.bureau.models import BureauEnquiry
from lending.bureau.operations import Consent
from lending.bureau.simulator import file_of
from wekeza.kit.dated import NoSuchTerm

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
AGREED = Consent("2026-11", "c0ffee" * 10)


@pytest.fixture
def customer():
    return CustomerFactory()


def ask(customer, *, amount="5000", at=AT, consent=AGREED) -> BureauEnquiry:
    return bureaus.ask(
        customer, amount=kes(amount), consent=consent, at=at, actor=actor_of(customer)
    )


@pytest.mark.parametrize(
    ("standings", "one"),
    [
        (("CLEAN", "THIN"), "CLEAN"), (("THIN", "THIN"), "THIN"),
        (("CLEAN_WITH_GOOD", "CLEAN"), "CLEAN_WITH_GOOD"),
        (("CLEAN_WITH_GOOD", "SETTLED_OLDER"), "SETTLED_OLDER"),
        (("OPEN_NPL", "SETTLED_DEFAULT"), "OPEN_NPL"), (("CLEAN", ""), None),
    ],
)  # fmt: skip
def test_several_stand_as_what_went_wrong_of_any_or_else_the_best(standings, one):
    assert joint(*standings) == one


class TestAsk:
    def test_keeps_how_somebody_stands(self, bureau, customer):
        bureau.files[customer.national_id] = file_of(good=2, enquiries=4)

        ask(customer, amount="4999.50")

        row = queries.latest(customer)
        assert (row.result, row.standing) == (Result.FOUND, Standing.CLEAN_WITH_GOOD)
        assert (row.enquiries_3_months, row.amount) == (4, Decimal(5000))
        assert (row.bureau, row.error) == ("METROPOL", "")
        assert row.reference in row.raw
        assert (row.asked_at, row.answered_at) == (AT, AT)
        assert (row.consent_version, row.consent_hash) == (AGREED.version, AGREED.text_hash)
        assert (row.asked_by, row.purpose) == (str(actor_of(customer)), "NEW_APPLICATION")
        [asked] = bureau.asked
        assert asked["loan_amount"] == 5000

    def test_is_told_in_the_trail_without_what_was_said(self, bureau, customer):
        bureau.files[customer.national_id] = file_of(open_npl=1)

        row = ask(customer)

        entry = AuditEntry.objects.get(subject=f"lending.bureauenquiry:{row.pk}")
        assert (entry.deed, entry.detail) == ("bureau.asked", {"result": "FOUND"})

    def test_finds_nothing_on_file_of_a_newcomer(self, bureau, customer):
        row = ask(customer)

        assert (row.result, row.standing) == (Result.FOUND, Standing.THIN)
        assert "E017" in row.raw

    def test_keeps_that_nobody_answered_and_asks_again_next_time(self, bureau, customer):
        bureau.behaviour = "down"
        silent = ask(customer)
        bureau.behaviour = ""

        heard = ask(customer, at=AT + timedelta(minutes=1))

        assert (silent.result, silent.standing, silent.answered_at) == ("NO_ANSWER", "", None)
        assert (silent.error, silent.enquiries_3_months) == ("E001", None)
        assert (heard.result, queries.latest(customer)) == (Result.FOUND, heard)

    def test_keeps_that_there_is_no_bureau(self, settings, customer):
        settings.METROPOL_URL = ""

        row = ask(customer)

        assert (row.result, row.standing, row.bureau) == (Result.NOBODY, "", "")
        assert row.error == "no METROPOL_URL"

    def test_uses_an_answer_again_for_seven_days(self, bureau, customer):
        first = ask(customer)

        again = ask(customer, amount="9000", at=AT + timedelta(days=7))
        anew = ask(customer, at=AT + timedelta(days=8))

        assert again == first
        assert anew != first
        assert len(bureau.asked) == 2

    def test_asks_anew_about_an_id_number_that_was_corrected(self, bureau, customer):
        first = ask(customer)
        customer.national_id = "39999999"

        second = ask(customer)

        assert second != first
        assert [one["identity_number"] for one in bureau.asked][1] == "39999999"

    def test_uses_nobody_elses_answer(self, bureau, customer):
        ask(customer)
        other = CustomerFactory()

        ask(other)

        assert [one["identity_number"] for one in bureau.asked] == [
            customer.national_id,
            other.national_id,
        ]

    @pytest.mark.parametrize("amount", [kes("0.40"), kes("0"), Money(Decimal(9), "USD")])
    def test_is_about_whole_shillings(self, bureau, customer, amount):
        with pytest.raises(ValueError, match="whole shillings"):
            bureaus.ask(customer, amount=amount, consent=AGREED, at=AT, actor=actor_of(customer))

        assert bureau.asked == []

    def test_is_never_done_on_a_day_without_a_term(self, bureau, customer):
        with pytest.raises(NoSuchTerm):
            ask(customer, at=AT.replace(year=2020))

        assert bureau.asked == []

    @pytest.mark.parametrize(
        "harm", [{"trx_id": "\u0000\ud800"}, {"trx_id": "x" * 200}, {"trx_id": ["x"] * 99}]
    )
    def test_keeps_an_answer_whose_reference_is_odd(self, bureau, customer, harm):
        bureau.files[customer.national_id] = file_of(good=1) | harm

        assert ask(customer).standing == Standing.CLEAN

    def test_takes_no_count_that_nobody_can_have(self, bureau, customer):
        bureau.files[customer.national_id] = file_of(good=1, enquiries=10**12)

        assert ask(customer).result == Result.NO_ANSWER


@pytest.mark.django_db(transaction=True)
class TestAskAtOnce:
    def test_asks_twice_at_worst(self, bureau):
        customer = CustomerFactory()

        def one(_):
            try:
                return ask(customer)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            rows = list(pool.map(one, range(2)))

        assert {row.standing for row in rows} == {Standing.THIN}
        # Rows of other tests may stand beside it: these are added only, and this one commits.
        asked = BureauEnquiry.objects.filter(customer=customer)
        assert asked.count() == len(bureau.asked) <= 2
        assert ask(customer) == queries.latest(customer)

    def test_never_waits_for_the_network_inside_a_transaction(self, bureau):
        customer = CustomerFactory()

        with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
            ask(customer)

        assert bureau.asked == []


class TestTheRecord:
    def test_lies_sealed(self, bureau, customer):
        bureau.files[customer.national_id] = file_of(good=1) | {"real_name": "CANARY-NAME"}
        row = ask(customer)

        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM lending_bureauenquiry WHERE id = %s", [row.pk])
            stored = str(cursor.fetchone())

        kept = queries.latest(customer).raw
        for plain in ("CANARY-NAME", customer.national_id):
            assert plain in kept and plain not in stored

    def test_is_sealed_anew_when_the_keys_turn(self, bureau, customer, settings):
        row = ask(customer)
        settings.WEKEZA_KEYS = f"newer:{'B' * 43}=,{settings.WEKEZA_KEYS}"

        done = rotation.rotate()

        assert done["lending.BureauEnquiry.raw"] == 1
        assert queries.latest(customer).raw == row.raw

    def test_is_changed_and_deleted_by_nobody(self, bureau, customer):
        row = ask(customer)
        mine = BureauEnquiry.objects.filter(pk=row.pk)

        for deed in (
            lambda: mine.update(standing=Standing.CLEAN_WITH_GOOD),
            lambda: mine.update(asked_at=AT),
            mine.delete,
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                deed()

    @pytest.mark.parametrize(
        "facts",
        [
            {"result": "FOUND", "standing": "", "answered_at": AT, "enquiries_3_months": 0},
            {"result": "FOUND", "standing": "CLEAN", "enquiries_3_months": 0},
            {"result": "FOUND", "standing": "CLEAN", "answered_at": AT},
            {"result": "NO_ANSWER", "standing": "THIN"},
            {"result": "NOBODY", "answered_at": AT},
            {"result": "NOBODY", "consent_hash": ""},
            {"result": "NOBODY", "amount": 0},
        ],
    )
    def test_holds_nothing_that_was_made_up(self, customer, facts):
        whole = {
            "customer": customer,
            "amount": 5000,
            "consent_version": "1",
            "consent_hash": "x",
            "asked_at": AT,
        }
        with pytest.raises(IntegrityError, match="lending_"), transaction.atomic():
            BureauEnquiry.objects.create(**whole | facts)

    def test_is_in_the_customers_copy_without_the_report(self, bureau, customer):
        bureau.files[customer.national_id] = file_of(good=1) | {"real_name": "CANARY-NAME"}
        ask(customer)

        [told] = copy.collect(customer)["bureau_enquiries"]
        whole = copy.as_json(customer, at=AT)

        assert (told["asked_of"], str(told["standing"])) == ("METROPOL", "In good order")
        assert (told["amount"], told["version"], told["asked"]) == (kes("5000"), "2026-11", AT)
        assert "In good order" in whole and "CANARY-NAME" not in whole
