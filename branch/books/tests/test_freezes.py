"""Accounts that the books stopped go on by two persons, and only when nothing is wrong any more."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.factories import (
    CustomerFactory,
    DepositAccountFactory,
    StaffMemberFactory,
    staff_actor,
)
from branch.books import freezes
from branch.books.tests.steps import WHY, agree, now
from branch.books.tests.test_doors import plain
from branch.books.tests.test_vouchers import ask_reversal
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.approvals.operations import AboutYou, AlreadyWaiting, MayNotAsk, MayNotDecide
from ledger.chart import operations as chart
from ledger.controls.models import AuditEntry
from ledger.factories import LedgerAccountFactory, put_in, take_out
from ledger.money import kes
from ledger.proofs import monitor
from ledger.proofs.models import ProofRun
from ledger.refusals import AccountFrozen
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
HERE = "/books/stopped/"


def stopped_by_a_proof(account=None):
    account = account or LedgerAccountFactory(balance="500")
    reason = monitor.STOPPED.format(proof="P02")
    chart.freeze(account, reason=reason, actor=SYSTEM)
    account.refresh_from_db()
    return account


def overdrawn(maker, checker, *, lets_in=True):
    """An account that paid out 70 of 100 that were taken back."""
    account = LedgerAccountFactory()
    entry = put_in(account, "100")
    take_out(account, "70")
    if not lets_in:
        chart.freeze(account, reason="Court order 77", actor=SYSTEM, debits=False)
    agree(ask_reversal(entry.entry_id, maker, may_overdraw=True), checker)
    account.refresh_from_db()
    return account


def tell_fault(subject, *, at=None):
    """A round of the proofs that found something."""
    faults = [["P02_balances", subject, "its postings lead to another balance"]]
    return ProofRun.objects.create(
        since_entry=0, last_entry=0, holds=False, faults=faults, seconds=1, at=at or now()
    )


class TestAReversalThatOverdraws:
    def test_lets_nothing_in_where_nothing_was_let_in(self, maker, checker):
        standing = overdrawn(maker, checker, lets_in=False).standing

        assert (standing.takes_debits, standing.takes_credits) == (False, False)


def ask(account, maker):
    return freezes.ask_lift(account, reason=WHY, actor=maker, at=now())


class TestLifting:
    def test_takes_two_and_lets_the_account_pay_and_receive_again(self, maker, checker):
        account = stopped_by_a_proof()

        asked = ask(account, maker)
        with pytest.raises(AccountFrozen), transaction.atomic():
            take_out(account, "1")
        agree(asked, checker)
        take_out(account, "1")
        put_in(account, "2")

        assert account.money == kes("501")
        [told] = AuditEntry.objects.filter(deed="books.freeze_lifted")
        assert told.actor == str(checker)
        assert (told.detail["asked_by"], told.detail["why"]) == (str(maker), WHY)
        assert told.detail["was"] == "Proof P02 broken"
        assert account not in freezes.stopped()

    def test_waits_until_the_fault_is_mended(self, maker, checker):
        account = stopped_by_a_proof()
        tell_fault(f"account {account.code}")

        with pytest.raises(freezes.FaultStands) as refused:
            ask(account, maker)

        assert "its postings lead to another balance" in str(refused.value)
        ProofRun.objects.create(
            since_entry=0, last_entry=0, holds=True, seconds=1, at=now() + timedelta(seconds=1)
        )
        agree(ask(account, maker), checker)
        assert account.standing.takes_debits

    def test_looks_again_when_it_is_decided(self, maker, checker):
        account = stopped_by_a_proof()
        asked = ask(account, maker)
        tell_fault(f"account {account.code}")

        with pytest.raises(freezes.FaultStands):
            agree(asked, checker)

        asked.refresh_from_db()
        assert asked.state == "PENDING"
        assert not account.standing.takes_debits

    def test_of_an_overdrawn_account_waits_until_it_is_made_good_and_leaves_no_overdraft(
        self, maker, checker
    ):
        account = overdrawn(maker, checker)

        with pytest.raises(freezes.StillBelowZero) as refused:
            ask(account, maker)
        put_in(account, "90")
        agree(ask(account, maker), checker)

        assert f"{account.code} is KES 70.00 below zero" in str(refused.value)
        standing = account.standing
        assert (standing.takes_debits, standing.overdraft) == (True, 0)
        assert account.available == kes("20")

    def test_happens_once(self, maker, checker):
        account = stopped_by_a_proof()
        asked = ask(account, maker)
        with pytest.raises(AlreadyWaiting):
            ask(account, maker)
        agree(asked, checker)

        with pytest.raises(approvals.AlreadyDecided):
            agree(asked, checker)
        with pytest.raises(freezes.NotStopped):
            ask(account, maker)

    def test_leaves_alone_what_others_stopped(self, maker):
        account = LedgerAccountFactory(balance="500")
        chart.freeze(account, reason="Customer suspended", actor=SYSTEM)

        with pytest.raises(freezes.NotStopped):
            ask(account, maker)

    def test_is_not_the_way_round_a_suspension(self, maker):
        account = DepositAccountFactory(balance="500")
        stopped_by_a_proof(account.ledger_account)
        account.customer.status = "SUSPENDED"
        account.customer.save()

        with pytest.raises(freezes.HolderSuspended):
            ask(account.ledger_account, maker)

    @pytest.mark.parametrize("role", ["TELLER", "AUDITOR", "RISK", "COMPLIANCE"])
    def test_is_asked_for_by_no_other_role(self, role):
        other = staff_actor(StaffMemberFactory(role_id=role))

        with pytest.raises(MayNotAsk):
            ask(stopped_by_a_proof(), other)

    @pytest.mark.parametrize("role", ["OPERATIONS", "RISK", "COMPLIANCE", "ADMINISTRATOR"])
    def test_is_decided_by_no_other_role(self, maker, role):
        asked = ask(stopped_by_a_proof(), maker)

        with pytest.raises(MayNotDecide):
            agree(asked, staff_actor(StaffMemberFactory(role_id=role)))

    def test_is_never_about_oneself(self):
        member = StaffMemberFactory(role_id="OPERATIONS", national_id="31415926")
        own = DepositAccountFactory(customer=CustomerFactory(national_id="31415926"))

        with pytest.raises(AboutYou):
            ask(stopped_by_a_proof(own.ledger_account), staff_actor(member))


class TestThePages:
    def test_name_what_is_stopped_and_what_keeps_it(self, at_work):
        mended, broken = stopped_by_a_proof(), stopped_by_a_proof()
        tell_fault(f"account {broken.code}")
        page = at_work("AUDITOR")

        listed, one = plain(page.get(HERE)), plain(page.get(f"{HERE}{broken.code}/"))
        close = page.get("/workbench/close/").content.decode()

        assert f"{mended.code} Proof P02 broken" in listed
        assert "Still stands" in listed and "None now" in listed
        assert "its postings lead to another balance" in one
        assert "Ask a second person" not in one
        assert "2 accounts the books stopped" in close and HERE in close

    def test_ask_with_a_reason_and_lead_to_the_request(self, at_work):
        account = stopped_by_a_proof()
        page = at_work("OPERATIONS")

        empty = page.post(f"{HERE}{account.code}/", {"reason": ""})
        asked = page.post(f"{HERE}{account.code}/", {"reason": WHY})

        request = Approval.objects.get(deed="books.lift_freeze")
        shown = plain(page.get(asked["Location"]))
        assert empty.status_code == 422
        assert asked["Location"] == f"/workbench/approvals/{request.public_id}/"
        assert "Let an account go on that the books stopped" in shown
        assert f"Account {account.code}" in shown and WHY in shown
        assert "Waiting for a second person" in plain(page.get(f"{HERE}{account.code}/"))

    def test_say_why_it_cannot_go_on(self, at_work, maker, checker):
        account = overdrawn(maker, checker)

        refused = at_work("OPERATIONS").post(f"{HERE}{account.code}/", {"reason": WHY})

        assert refused.status_code == 422
        assert "KES 70.00 below zero" in plain(refused)

    def test_are_read_by_the_books_readers_and_asked_by_its_writers_alone(self, at_work):
        account = stopped_by_a_proof()
        address = f"{HERE}{account.code}/"

        assert at_work("TELLER").get(HERE).status_code == 403
        assert at_work("TELLER").get(address).status_code == 403
        assert at_work("AUDITOR").get(address).status_code == 200
        assert at_work("AUDITOR").post(address, {"reason": WHY}).status_code == 403
        assert not Approval.objects.filter(deed="books.lift_freeze").exists()

    def test_are_of_no_account_that_goes_on(self, at_work, maker):
        page = at_work("OPERATIONS")
        free = DepositAccountFactory(balance="731").ledger_account
        assert page.get(f"{HERE}{free.code}/").status_code == 404
        chart.freeze(free, reason="Customer suspended", actor=SYSTEM)
        assert page.get(f"{HERE}{free.code}/").status_code == 404
        assert page.post(f"{HERE}{free.code}/", {"reason": WHY}).status_code == 404

        stopped = stopped_by_a_proof()
        asked = ask(stopped, maker)
        assert page.get(f"{HERE}{stopped.code}/").status_code == 200
        chart.unfreeze(stopped, reason="By hand", actor=SYSTEM)
        assert "Not stopped" in plain(page.get(f"{HERE}{stopped.code}/"))  # A request waits.
        approvals.withdraw(asked, actor=maker, at=now())
        assert page.get(f"{HERE}{stopped.code}/").status_code == 404

    def test_tell_what_is_missing_and_never_what_is_there(self, at_work, maker, checker):
        rich = stopped_by_a_proof(LedgerAccountFactory(balance="73519.42"))
        poor = overdrawn(maker, checker)
        page = at_work("OPERATIONS")
        pages = [HERE, f"{HERE}{rich.code}/", f"{HERE}{poor.code}/"]

        listed, one, other = (page.get(address) for address in pages)
        asked = page.post(f"{HERE}{rich.code}/", {"reason": WHY})

        for shown in (listed, one, page.get(asked["Location"])):
            assert "73,519" not in plain(shown)
        assert other.context["freeze"].short == kes("70")
        assert "Below zero by" in plain(other) and "Below zero by" not in plain(one)

    def test_show_no_account_of_who_looks(self, at_work):
        page = at_work("OPERATIONS", national_id="27182818")
        own = DepositAccountFactory(customer=CustomerFactory(national_id="27182818"))
        stopped_by_a_proof(own.ledger_account)

        assert own.number not in plain(page.get(HERE))
        assert page.get(f"{HERE}{own.number}/").status_code == 403

    def test_say_that_nothing_is_stopped(self, at_work):
        assert "No account is stopped" in plain(at_work("FINANCE").get(HERE))
