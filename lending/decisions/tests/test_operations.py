"""Asking for a loan and being answered, against a real bureau's protocol."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.factories import actor_of
from ledger.chart import queries as chart
from ledger.factories import take_out
from ledger.journal.models import Entry
from ledger.money import kes
from ledger.refusals import ReferenceReused
from lending.applications.refusals import AlreadyAsked
from lending.bureau.simulator import file_of
from lending.decisions import operations
from lending.decisions.models import CreditDecision
from lending.decisions.refusals import (
    DetailsBeingChecked,
    NoRoomForIt,
    OneAtATime,
    OverLimit,
    OverTerms,
)
from lending.factories import (
    ApplicationFactory,
    BorrowerFactory,
    LoanFactory,
    account_of,
    take,
    wish,
)

pytestmark = pytest.mark.django_db


def decision_on(application) -> CreditDecision:
    return application.decisions.get()


class TestANewcomer:
    @pytest.mark.proves("RF02", "RF04", "BW24")
    def test_with_money_still_here_is_told_yes(self, bureau):
        """kenya.md 4.5: 60+240+80+140+100+80+35 = 735, limit min(0.8 x 50,000, 10,000)."""
        customer = BorrowerFactory()
        bureau.files[customer.national_id] = file_of(good=1)

        application = ApplicationFactory(customer=customer)

        decision = decision_on(application)
        assert application.is_approved
        assert (decision.result, decision.score, decision.money) == ("APPROVED", 735, kes("5000"))
        assert decision.limit_money == kes("10000")
        assert decision.model_version == "NEWCOMER 1"
        assert {one["name"]: one["points"] for one in decision.points} == {
            "kyc_tier": 60, "bureau": 240, "deposits_30_days": 80, "deposits_to_amount": 140,
            "held_after_48_hours_percent": 100, "phone_is_theirs": 80, "employment": 35,
        }  # fmt: skip
        assert decision.inputs["deposits"]["average"] == "50000.00"
        assert decision.inputs["bureau"] == "CLEAN"

    def test_who_moved_it_out_and_is_thin_is_told_no(self, bureau):
        """kenya.md 4.5: 60+180+80+140+0+80+35 = 575, below 601."""
        customer = BorrowerFactory()
        take_out(account_of(customer).ledger_account, "49500", at=timezone.now())

        application = ApplicationFactory(customer=customer)

        decision = decision_on(application)
        assert application.is_refused
        assert (decision.score, decision.money) == (575, kes("0"))
        assert [reason["code"] for reason in decision.reasons] == [
            "KYC_TIER", "HELD_AFTER_48_HOURS_PERCENT", "BUREAU",
        ]  # fmt: skip

    def test_with_an_open_bad_loan_elsewhere_is_told_no_whatever_the_score(self, bureau):
        customer = BorrowerFactory()
        bureau.files[customer.national_id] = file_of(open_npl=1, good=3)

        decision = decision_on(ApplicationFactory(customer=customer))

        assert decision.result == "REFUSED"
        assert decision.reasons == [{"code": "OPEN_NPL", "facts": {}}]

    def test_is_with_a_person_while_the_bureau_is_down(self, bureau):
        bureau.behaviour = "down"

        application = ApplicationFactory()

        decision = decision_on(application)
        assert application.is_referred
        assert (decision.score, decision.points) == (None, [])
        assert [reason["code"] for reason in decision.reasons] == ["BUREAU_SILENT"]


class TestWhatIsRefusedBefore:
    def test_more_than_the_limit(self, bureau):
        with pytest.raises(OverLimit) as refused:
            ApplicationFactory(amount="10000.01")

        assert refused.value.facts["limit"] == kes("10000")

    def test_less_than_the_product_lends(self, bureau):
        with pytest.raises(OverTerms):
            ApplicationFactory(amount="499.99")

    @pytest.mark.proves("RF03")
    def test_a_second_loan(self, bureau):
        loan = LoanFactory()

        with pytest.raises(OneAtATime) as refused:
            ApplicationFactory(customer=loan.customer)

        assert refused.value.facts["number"] == loan.number

    def test_a_second_application(self, bureau):
        first = ApplicationFactory()

        with pytest.raises(AlreadyAsked) as refused:
            ApplicationFactory(customer=first.customer)

        assert refused.value.facts["application"] == str(first.public_id)

    def test_nothing_is_left_of_a_refused_wish(self, bureau):
        customer = BorrowerFactory()
        with pytest.raises(OverLimit):
            ApplicationFactory(customer=customer, amount="11000")

        assert not customer.loan_applications.exists()
        assert not bureau.asked


class TestAgain:
    def test_one_form_is_one_application(self, bureau):
        customer, reference = BorrowerFactory(), uuid4()

        first, second = (
            ApplicationFactory(customer=customer, reference=reference) for _ in range(2)
        )

        assert first == second
        assert len(bureau.asked) == 1

    def test_one_form_is_for_one_wish(self, bureau):
        customer, reference = BorrowerFactory(), uuid4()
        ApplicationFactory(customer=customer, reference=reference)

        with pytest.raises(ReferenceReused):
            ApplicationFactory(customer=customer, reference=reference, amount="6000")

    def test_an_ended_offer_keeps_nobody_from_asking(self, bureau):
        first = ApplicationFactory()

        again = ApplicationFactory(
            customer=first.customer, at=timezone.now() + timedelta(days=7, minutes=1)
        )

        first.refresh_from_db()
        assert (first.state, again.state) == ("EXPIRED", "APPROVED")

    def test_it_is_answered_once_however_often_the_outbox_tells_it(self, bureau):
        customer = BorrowerFactory()
        facts = {"wish": wish(), "reference": uuid4(), "at": timezone.now()}
        asked = operations.apply(customer, actor=actor_of(customer), **facts)
        assert asked.is_asked

        operations.answer_asked(application=asked.pk, at=timezone.now())
        operations.answer_asked(application=asked.pk, at=timezone.now())

        asked.refresh_from_db()
        assert (asked.state, asked.decisions.count()) == ("APPROVED", 1)


class TestAPerson:
    def test_is_not_asked_about_an_old_answer_while_a_new_wish_is_open(self, bureau):
        customer = BorrowerFactory()
        bureau.files[customer.national_id] = file_of(settled=1)
        take_out(account_of(customer).ledger_account, "49500", at=timezone.now())
        refused = ApplicationFactory(customer=customer)
        assert refused.is_refused
        facts = {"wish": wish(), "reference": uuid4(), "at": timezone.now()}
        operations.apply(customer, actor=actor_of(customer), **facts)

        with pytest.raises(AlreadyAsked):
            operations.ask_person(refused, at=timezone.now(), actor=actor_of(customer))

        refused.refresh_from_db()
        assert refused.is_refused


class TestTaking:
    @pytest.mark.proves("BW08", "BW09", "BW10", "BW11")
    def test_the_money_is_there_with_the_loan(self, bureau):
        application = ApplicationFactory()
        account = account_of(application.customer)
        before = account.ledger_account.standing.balance

        loan = take(application)

        assert loan.is_active
        assert loan.money == kes("5000")
        entry = loan.entry
        assert (entry.kind, entry.receipt_no) == ("LOAN_DISBURSEMENT", loan.receipt_no)
        assert chart.standing(account.ledger_account_id).balance == before + 5000
        assert chart.standing(loan.ledger_account_id).balance == 5000

    def test_one_whose_details_are_being_checked_is_paid_nothing(self, bureau):
        application = ApplicationFactory()
        application.customer.status = "CHECKING"
        application.customer.save(update_fields=["status"])

        with pytest.raises(DetailsBeingChecked):
            take(application)

        assert not application.customer.loans.exists()

    @pytest.mark.proves("LG06")
    def test_every_entry_of_it_has_a_reference_of_its_own(self, bureau):
        """The deposit, two loans and the fee of one; no second entry may have such a reference."""
        emergency = {"product": "EMER", "tenor": 3, "income": "40000"}
        loans = [take(ApplicationFactory()), take(ApplicationFactory(**emergency))]

        accounts = [loan.account.ledger_account_id for loan in loans]
        entries = Entry.objects.filter(postings__account__in=accounts).distinct()
        assert sorted(entry.kind for entry in entries) == [
            "CASH_DEPOSIT", "CASH_DEPOSIT", "LOAN_DISBURSEMENT", "LOAN_DISBURSEMENT", "LOAN_FEE",
        ]  # fmt: skip
        assert len({entry.reference for entry in entries}) == 5
        receipts = {loan.entry.receipt_no for loan in loans}
        assert len(receipts) == 2
        assert all(re.fullmatch(r"DB-[0-9A-Z]{7}", number) for number in receipts)

    def test_an_account_that_would_hold_too_much_is_told_how_much_room_there_is(self, bureau):
        customer = BorrowerFactory(deposit="98000")
        application = ApplicationFactory(customer=customer)

        with pytest.raises(NoRoomForIt) as refused:
            take(application)

        assert refused.value.facts == {"maximum": kes("100000"), "room": kes("2000")}
        application.refresh_from_db()
        assert application.is_approved

    def test_taken_twice_is_one_loan(self, bureau):
        application = ApplicationFactory()

        first = take(application)
        second = take(application)

        assert first == second
        assert application.customer.loans.count() == 1
