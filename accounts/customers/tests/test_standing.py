"""A customer whom screening finds: held, cleared, suspended, and what they read of it."""

from datetime import UTC, date, datetime

import pytest

from accounts.customers import queries, standing, tasks
from accounts.customers.models import Customer
from accounts.customers.refusals import MatchStands, NotSuspended
from accounts.deposits import operations as deposits
from accounts.deposits import queries as deposit_queries
from accounts.factories import CustomerFactory, DepositAccountFactory, actor_of
from accounts.notifications.models import Message
from accounts.screening.models import Hit, ScreeningRun
from accounts.screening.tests import steps
from ledger.controls import outbox
from ledger.controls.models import AuditEntry
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
LISTED = "D-1,Baraka Tapeli Kimfano,1994-03-27,Kenya,,M,,"
FACTS = {"full_name": "Kimfano Baraka Tapeli", "date_of_birth": date(1994, 3, 27)}
FORBIDDEN = ("sanction", "screen", "listed", "terror", "suspen", "match", "launder", "vikwazo")


@pytest.fixture
def deny(db):
    return steps.load("KE_DOMESTIC", rows=[LISTED])


@pytest.fixture
def held(deny):
    return CustomerFactory(**FACTS)


def tell_events():
    told = dict.fromkeys(("case_opened", "cleared", "confirmed"), [standing.follow_screening])
    told["list_in_force"] = [tasks.screen_all]
    handlers = {f"screening.{event}": called for event, called in told.items()}
    outbox.sweep(handlers=handlers, at=datetime.now(UTC))


def case_of(customer):
    return Hit.objects.get(owner_ref=customer.owner_ref)


def frozen(customer):
    accounts = customer.deposit_accounts.select_related("ledger_account")
    return {account.ledger_account.freeze_reason for account in accounts}


def takes_money(customer):
    holdings = map(deposit_queries.standing_of, customer.deposit_accounts.all())
    return all(holding.takes_debits and holding.takes_credits for holding in holdings)


class TestOpening:
    @pytest.mark.proves("AM14")
    def test_screens_everybody(self, deny):
        customer = CustomerFactory()

        run = ScreeningRun.objects.get(owner_ref=customer.owner_ref)
        assert (run.cause, run.outcome) == ("ONBOARDING", "CLEAR")
        assert customer.status == "ACTIVE"

    @pytest.mark.proves("AM15")
    def test_holds_whoever_is_like_somebody_listed(self, held):
        assert held.status == "CHECKING"
        assert frozen(held) == {""}  # Money may come in; only sending waits.

    def test_knows_the_national_id_of_somebody_listed_under_another_name(self, db):
        steps.load(rows=["D-9,Quite Another,,,28990011,,,"])

        assert CustomerFactory(national_id="28990011").status == "CHECKING"


class TestAfterTheCase:
    def test_a_cleared_customer_may_send_again(self, held):
        steps.end(case_of(held), "CLEARED")
        tell_events()
        held.refresh_from_db()

        assert held.status == "ACTIVE"

    @pytest.mark.proves("AM15", "AM17")
    def test_a_confirmed_one_is_suspended_with_every_account(self, held):
        DepositAccountFactory(customer=held, is_another=True)
        steps.end(case_of(held), "CONFIRMED")
        tell_events()
        held.refresh_from_db()

        assert held.status == "SUSPENDED"
        assert frozen(held) == {standing.SUSPENDED}
        changes = AuditEntry.objects.filter(deed="customer.status_changed").order_by("pk")
        assert [entry.detail["after"] for entry in changes] == ["CHECKING", "SUSPENDED"]

    def test_telling_it_twice_does_nothing_more(self, held):
        steps.end(case_of(held), "CONFIRMED")
        for _ in range(2):
            standing.follow_screening(owner_ref=held.owner_ref, hit=1, message_id=1)

        assert AuditEntry.objects.filter(deed="customer.status_changed").count() == 2

    def test_a_case_of_somebody_who_is_no_customer_changes_nobody(self, held):
        standing.follow_screening(owner_ref="director:5", hit=1, message_id=1)

        assert Customer.objects.get(pk=held.pk).status == "CHECKING"

    def test_nothing_is_sent_to_the_customer(self, held):
        before = Message.objects.count()
        steps.end(case_of(held), "CONFIRMED")
        tell_events()

        assert Message.objects.count() == before


class TestWhatTheCustomerReads:
    @pytest.mark.parametrize("decision", ["", "CONFIRMED"])
    def test_is_the_same_whether_held_or_suspended(self, client, held, decision):
        if decision:
            steps.end(case_of(held), decision)
            tell_events()
        client.force_login(held.user)

        for page in ("/", "/register/welcome/"):
            text = client.get(page).content.decode()
            assert "We are checking your details." in text
            assert "we tell you why" not in text
            assert not [word for word in FORBIDDEN if word in text.lower()]


class TestLiftSuspension:
    def lift(self, customer):
        return standing.lift_suspension(
            payload={"customer": customer.pk}, approval=None, actor=steps.CHIEF, at=steps.NOON
        )

    @pytest.fixture
    def suspended(self, held):
        steps.end(case_of(held), "CONFIRMED")
        tell_events()
        return held

    def test_gives_the_accounts_back_after_the_case_was_cleared(self, suspended):
        steps.end(case_of(suspended), "CLEARED")
        tell_events()
        suspended.refresh_from_db()
        assert suspended.status == "SUSPENDED"  # Clearing the case alone is not enough.

        customer = self.lift(suspended)

        assert customer.status == "ACTIVE"
        assert takes_money(customer)

    def test_is_refused_while_the_match_stands(self, suspended):
        with pytest.raises(MatchStands):
            self.lift(suspended)
        assert frozen(suspended) == {standing.SUSPENDED}

    def test_is_refused_for_whoever_is_not_suspended(self, held):
        with pytest.raises(NotSuspended):
            self.lift(held)

    def test_frees_accounts_that_had_been_stopped_for_something_else_once(self, held):
        [account] = held.deposit_accounts.select_related("ledger_account")
        deposits.freeze(account, reason="Lost phone", actor=SYSTEM)
        deposits.unfreeze(account, reason="Phone found", actor=SYSTEM)
        steps.end(case_of(held), "CONFIRMED")
        tell_events()
        assert not takes_money(held)
        steps.end(case_of(held), "CLEARED")

        assert takes_money(self.lift(held))

    def test_leaves_accounts_stopped_that_were_stopped_before(self, held):
        [account] = held.deposit_accounts.select_related("ledger_account")
        deposits.freeze(account, reason="Court order", actor=SYSTEM)
        steps.end(case_of(held), "CONFIRMED")
        tell_events()
        steps.end(case_of(held), "CLEARED")

        self.lift(held)

        assert frozen(held) == {"Court order"}


class TestAListThatChanges:
    @pytest.mark.proves("AM14")
    def test_is_compared_with_every_customer_in_chunks(self, db):
        customer, other = CustomerFactory(**FACTS), CustomerFactory()
        steps.load("KE_DOMESTIC", rows=[LISTED])

        tell_events()  # The list came into force: everybody is compared.
        tell_events()  # A case was opened: its owner is held.
        customer.refresh_from_db()
        other.refresh_from_db()

        assert (customer.status, other.status) == ("CHECKING", "ACTIVE")
        runs = ScreeningRun.objects.filter(cause="LIST_UPDATE")
        assert {run.owner_ref for run in runs} == {customer.owner_ref, other.owner_ref}

    def test_asks_again_after_a_change_of_name(self, deny):
        customer = CustomerFactory()
        Customer.objects.filter(pk=customer.pk).update(**FACTS)
        customer.refresh_from_db()

        standing.screen(customer, cause="CHANGE", at=steps.NOON, actor=actor_of(customer))

        assert customer.status == "CHECKING"
        assert queries.screening_subject(customer).names == ("Kimfano Baraka Tapeli",)
