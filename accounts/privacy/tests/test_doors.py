import json
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

from accounts.access.tests.steps import confirm, log_in
from accounts.customers import api, consents, contacts, standing
from accounts.customers.models import Customer
from accounts.documents import operations as documents
from accounts.factories import (
    PASSWORD,
    BusinessFactory,
    CustomerFactory,
    DepositAccountFactory,
    DocumentFactory,
    StaffMemberFactory,
    actor_of,
    staff_actor,
)
from accounts.kyc.tests.steps import raised
from accounts.notifications import queries as choices
from accounts.partners.factories import AppFactory, ConsentFactory, PartnerFactory, admitted
from accounts.privacy import copy
from accounts.privacy import operations as privacy
from accounts.privacy.models import FileView
from accounts.registry.models import IdentityCheck
from ledger.money import kes
from wekeza.kit.actor import Actor

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 9, tzinfo=UTC)
OFFICER = Actor("STAFF", "CANARY-OFFICER", person="person:officer")
OFFICE = Actor("CONSOLE", "office")
HOME = {"kind": "HOME", "line": "House 4", "town": "Nakuru", "county": "32"}


def page(name, *args):
    return reverse(f"accounts:privacy:{name}", args=args)


@pytest.fixture
def customer():
    return CustomerFactory(full_name="Zuhura Canary Wanjala")


@pytest.fixture
def inside(client, customer):
    log_in(client, customer.user.email, PASSWORD)
    return client


def said_by(client, address):
    return client.get(address).content.decode()


class TestThePage:
    @pytest.mark.proves("SE03")
    def test_lets_news_be_taken_back_as_easily_as_given(self, inside, customer):
        assert said_by(inside, page("index")).count("Agree<") == 1

        assert inside.post(page("news"), {"agrees": "on"}).status_code == 303
        assert not customer.consents.filter(kind="MARKETING").exists(), "nobody read the text"
        shown = consents.hash_of("MARKETING", language="en")
        inside.post(page("news"), {"agrees": "on", "seen": shown})
        given = customer.consents.get(kind="MARKETING", withdrawn_at=None)
        said = said_by(inside, page("index"))
        assert given.text_hash[:12] in said
        assert "Version 2026-11" in said

        answer = inside.post(page("news"))

        assert (answer.status_code, answer["Location"]) == (303, page("index"))
        given.refresh_from_db()
        assert given.withdrawn_at is not None

    @pytest.mark.proves("SE03")
    def test_has_a_page_for_who_reads_what_only_a_button_sends(self, inside):
        answer = inside.get(page("news"))

        assert (answer.status_code, answer["Allow"]) == (405, "POST")
        assert "This address only takes what a button sends" in answer.content.decode()
        assert 'href="/"' in answer.content.decode()

    def test_turns_texts_off_that_protect_nothing(self, inside, customer):
        inside.post(page("message", "money_in"))
        assert not choices.wants(customer.user, "MONEY_IN")
        assert "Turn on" in said_by(inside, page("index"))
        inside.post(page("message", "money_in"), {"wanted": "on"})
        assert choices.wants(customer.user, "MONEY_IN")
        assert inside.post(page("message", "codes")).status_code == 404

    def test_says_what_taking_back_a_needed_consent_means(self, inside):
        assert "for 7 years" in said_by(inside, page("withdraw", "data"))
        assert inside.get(page("withdraw", "marketing")).status_code == 404

    def test_says_who_looked_and_why_but_no_name_and_nothing_forbidden(self, inside, customer):
        assert "Nobody has opened your file" in said_by(inside, page("index"))
        for purpose in FileView.Purpose:
            privacy.note_view(
                customer,
                actor=OFFICER,
                purpose=purpose,
                at=NOON,
                role="Support",
                words="CANARY-WORDS",
            )

        said = said_by(inside, page("index"))

        assert "To look into a payment" in said
        assert said.count('data-label="Who"') == len(FileView.Purpose) - 1
        for canary in ("CANARY-OFFICER", "CANARY-WORDS", "To follow the law"):
            assert canary not in said

    def test_is_for_customers(self, client):
        assert client.get(page("index"))["Location"].startswith("/login/")


class TestRequests:
    def test_of_erasure_get_the_lawful_answer_at_once(self, inside, customer):
        answer = inside.post(page("ask"), {"kind": "ERASURE"})
        said = said_by(inside, answer["Location"])
        assert "for 7 years after your last account is closed" in said

    def test_of_objection_say_by_when(self, inside):
        assert inside.post(page("ask"), {"kind": "OBJECTION", "words": ""}).status_code == 422
        assert inside.post(page("ask"), {"kind": "DOWNLOAD"}).status_code == 422
        answer = inside.post(page("ask"), {"kind": "OBJECTION", "words": "Do not score me"})
        said = said_by(inside, answer["Location"])
        assert "Answer by" in said
        assert "Do not score me" in said

    def test_are_nobody_elses(self, inside):
        other = CustomerFactory()
        asked = privacy.ask_copy(other, at=NOON, actor=actor_of(other))
        assert inside.get(page("request_page", asked.public_id)).status_code == 404
        confirm(inside, "data")
        for name in ("copy", "copy_json"):
            assert inside.get(page(name, asked.public_id)).status_code == 404


class TestTheCopy:
    @pytest.fixture
    def asked(self, inside, customer):
        """A copy that was asked for with PIN and code, of a customer with a bit of everything."""
        DepositAccountFactory(customer=customer, balance="4321.50")
        contacts.add_address(customer, actor=actor_of(customer), **HOME)
        for check in IdentityCheck.objects.filter(customer=customer):
            check.raw, check.finding_reason = "CANARY-RAW", "CANARY-REASON"
            check.settled_by = "CANARY-STAFF"
            check.save()
        for purpose in ("CALL", "INVESTIGATION"):
            privacy.note_view(
                customer, actor=OFFICER, purpose=purpose, at=NOON, words=f"CANARY-{purpose}"
            )
        assert inside.post(page("download"))["Location"] == "/settings/security/confirm/data/"
        confirm(inside, "data")
        return inside.post(page("download"))["Location"]

    def test_is_asked_for_with_pin_and_code(self, inside, asked):
        for name in ("copy/", "copy.json"):
            assert inside.get(f"{asked}{name}").status_code == 200
        other = inside.__class__()
        other.force_login(CustomerFactory().user)
        for name in ("copy/", "copy.json"):
            assert other.get(f"{asked}{name}").status_code == 302

    def test_holds_everything_that_the_bank_holds(self, inside, customer, asked):
        answer = inside.get(f"{asked}copy.json")
        whole = json.loads(answer.content)

        assert answer["Content-Disposition"].startswith("attachment")
        assert "no-store" in answer["Cache-Control"]
        assert set(whole) == {"format", "made_at", *settings.PERSONAL_DATA}
        assert whole["about_you"]["national_id"] == customer.national_id
        assert whole["contacts"]["main_phone"] == customer.user.phone
        assert whole["contacts"]["addresses"][0]["county"] == "Nakuru"
        assert whole["accounts"][0]["balance"] == "KES 4,321.50"
        assert whole["accounts"][0]["transactions"][0]["amount"] == "KES 4,321.50"
        assert {row["kind"] for row in whole["consents"]} == {"TERMS", "DATA"}
        assert {row["result"] for row in whole["identity_checks"]} == {"PENDING"}
        assert [row["purpose"] for row in whole["who_looked"]] == ["You called us"]
        assert whole["logins"]

    def test_holds_facts_papers_requests_apps_and_roles(self, customer):
        customer = raised("TIER_3", customer=customer)
        BusinessFactory(founder=customer, name="Wanjala Hardware Ltd")
        app = AppFactory(partner=admitted(PartnerFactory()), mode="LIVE", name="Shop Book")
        ConsentFactory(customer=customer, app=app)

        held = copy.collect(customer)
        whole = copy.as_json(customer, at=NOON)

        assert held["declared"]["kra_pin"] == "A123456789Z"
        assert held["declared"]["monthly_income"] == kes("45000")
        assert held["declared"]["source_of_funds"] == "Salary"
        assert {row["kind"] for row in held["papers"]} == {
            "Front of your ID",
            "Back of your ID",
            "Photo of your face",
            "Proof of address",
            "Proof of income",
        }
        [asked], [review] = held["tier_requests"], held["reviews"]
        assert (asked["state"], review["valid_until"]) == ("Accepted", date(2031, 11, 20))
        assert held["partner_apps"][0]["app"] == "Shop Book"
        roles = {row["role"] for row in held["businesses"]}
        assert roles == {"Director", "Signatory", "Prepares payments"}
        assert held["shares"][0]["share_percent"] == 60
        assert held["signatures"]
        for canary in ("901", "902", "LOW"):  # The officers, and how risky they find somebody.
            assert f'"{canary}"' not in whole and f"STAFF:{canary}" not in whole

    def test_tells_who_looked_at_papers_but_nothing_of_an_investigation(self, customer):
        paper, officer = DocumentFactory(customer=customer), StaffMemberFactory()
        for why in ("REVIEW", "INVESTIGATION", "AML case 17, CANARY"):
            documents.look(paper, user=officer.user, why=why, actor=staff_actor(officer), at=NOON)

        told = copy.collect(customer)["who_looked_at_papers"]

        assert told == [
            {"when": NOON, "what": "Front of your ID", "purpose": "To check your documents"}
        ]

    def test_reads_the_same_of_held_and_suspended(self, customer):
        DepositAccountFactory(customer=customer)
        told = []
        for status in ("CHECKING", "SUSPENDED"):
            if status == "SUSPENDED":
                standing.suspend(customer, reason="Theft", at=NOON, actor=OFFICE)
            else:
                Customer.objects.filter(pk=customer.pk).update(status=status)
            customer.refresh_from_db()
            whole = copy.as_json(customer, at=NOON)
            told.append((whole, api.Customer(customer).data["status"]))

        assert customer.status == "SUSPENDED"
        assert told[0] == told[1]
        assert "SUSPENDED" not in told[1][0]

    def test_reads_the_same_on_a_page(self, inside, customer, asked):
        said = said_by(inside, f"{asked}copy/")

        for words in (customer.national_id, customer.user.phone, "House 4", "KES 4,321.50"):
            assert words in said

    def test_holds_nothing_that_the_law_forbids_to_tell(self, inside, asked):
        for name in ("copy/", "copy.json"):
            said = said_by(inside, f"{asked}{name}")
            assert "CANARY-" not in said
        # Rooms whose knowledge must never come out this way.
        forbidden = ("screening", "cases", "alerts", "risk", "accounts.monitor", "aml")
        for path in settings.PERSONAL_DATA.values():
            assert not any(word in path for word in forbidden)

    def test_holds_nothing_of_anybody_else(self, inside, customer, asked):
        other = CustomerFactory(full_name="Otherwise Canary Person")
        contacts.add_address(other, actor=actor_of(other), **HOME | {"line": "CANARY-HOUSE"})
        DepositAccountFactory(customer=other, balance="987.65")
        privacy.note_view(other, actor=OFFICER, purpose="CALL", role="CANARY-ROLE", at=NOON)
        theirs = [
            other.full_name,
            other.national_id,
            other.user.phone,
            other.user.email,
            other.deposit_accounts.get().number,
            "CANARY-HOUSE",
            "CANARY-ROLE",
            "987.65",
        ]

        for name in ("copy/", "copy.json"):
            said = said_by(inside, f"{asked}{name}")
            assert not [canary for canary in theirs if canary in said]

    @pytest.mark.parametrize("path", settings.PERSONAL_DATA.values())
    def test_asks_every_room_that_is_named(self, customer, path):
        held = import_string(path)(customer)
        assert isinstance(held, dict | list)
