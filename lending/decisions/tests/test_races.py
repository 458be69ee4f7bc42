"""Many at once: one application, one loan, one payment of all; and a stop that comes first."""

import threading
import time
from collections import Counter
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from accounts.factories import actor_of
from ledger.chart import queries as chart
from ledger.money import kes
from ledger.tests.racing import at_once
from lending.decisions import operations, taking
from lending.decisions.tests import steps
from lending.factories import ApplicationFactory, BorrowerFactory, LoanFactory, take, wish
from lending.loans.models import Loan
from lending.repayments import operations as repayments
from lending.stops.models import LendingStop, StoppedAttempt
from lending.stops.operations import LendingStopped
from lending.stops.tests.steps import officer, stop
from lending.stops.tests.test_races import PATIENCE_SECONDS, in_a_thread
from wekeza.kit.errors import Refusal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bureau")]
TEN = 10


def outcome(deed) -> str:
    """What became of a deed: done, or why it was refused."""
    try:
        deed()
    except Refusal as refusal:
        return type(refusal).__name__
    return "done"


def waiting_for_rows() -> int:
    """How many of this bank wait for a row that another transaction holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE NOT granted AND locktype IN ('transactionid', 'tuple')"
            " AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def until(is_so) -> None:
    """This will wait for something to be so."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


class TestRaces:
    def test_ten_forms_of_one_person_are_one_application(self):
        customer, asked = BorrowerFactory(), wish()

        def apply(_number):
            return outcome(
                lambda: operations.apply(
                    customer, wish=asked, reference=uuid4(), at=timezone.now(),
                    actor=actor_of(customer),
                )
            )  # fmt: skip

        outcomes = Counter(at_once(TEN, apply))

        assert outcomes == {"done": 1, "AlreadyAsked": 9}
        assert customer.loan_applications.count() == 1

    def test_ten_officers_give_one_answer(self, bureau):
        asked, officers = steps.referred(bureau), [steps.officer() for _ in range(TEN)]

        def press(number):
            result = "APPROVED" if number % 2 else "REFUSED"
            return outcome(lambda: steps.decide(asked, result=result, actor=officers[number]))

        outcomes = Counter(at_once(TEN, press))

        assert outcomes == {"done": 1, "NotOpen": 9}
        assert asked.decisions.count() == 2

    def test_ten_presses_take_one_loan(self):
        application = ApplicationFactory()
        customer, figures = application.customer, taking.offer_of(application).figures
        agreed = taking.Agreement("0" * 64, "PIN", timezone.now())

        def press(_number):
            return outcome(
                lambda: taking._pay_out(
                    application, figures=figures, agreement=agreed, at=timezone.now(),
                    actor=actor_of(customer),
                )
            )  # fmt: skip

        outcomes = Counter(at_once(TEN, press))

        assert outcomes == {"done": TEN}  # Each is given the one loan.
        loan = Loan.objects.get(customer=customer)
        assert chart.standing(loan.ledger_account_id).balance == 5000
        assert chart.standing(loan.account.ledger_account_id).balance == 55_000

    @pytest.mark.proves("RF03")
    def test_two_offers_of_which_either_rules_out_the_other_are_one_loan(self):
        """Half of 10,400 is 5,200; the 30-day loan takes 5,250, and no loan stands beside it."""
        customer = BorrowerFactory()
        offers = [
            ApplicationFactory(customer=customer, **facts)
            for facts in ({}, {"product": "EMER", "tenor": 3, "income": "10400"})
        ]
        assert all(one.is_approved for one in offers)
        figures = [taking.offer_of(one).figures for one in offers]
        agreed = taking.Agreement("0" * 64, "PIN", timezone.now())

        def press(number):
            return outcome(
                lambda: taking._pay_out(
                    offers[number % 2], figures=figures[number % 2], agreement=agreed,
                    at=timezone.now(), actor=actor_of(customer),
                )
            )  # fmt: skip

        outcomes = Counter(at_once(TEN, press))

        loan = Loan.objects.get(customer=customer)
        refusal = "OneAtATime" if loan.product_id == "EMER" else "CarriesLess"
        assert outcomes == {"done": TEN // 2, refusal: TEN // 2}
        received = 4950 if loan.product_id == "EMER" else 5000
        assert chart.standing(loan.account.ledger_account_id).balance == 50_000 + received

    def test_ten_payments_of_all_take_what_is_owed_once(self):
        loan = LoanFactory()

        def pay(_number):
            return outcome(
                lambda: repayments.repay(
                    loan, money=kes("5250"), reference=str(uuid4()), at=timezone.now(),
                    actor=actor_of(loan.customer),
                )
            )  # fmt: skip

        outcomes = Counter(at_once(TEN, pay))

        assert outcomes == {"done": 1, "LoanPaid": 9}
        assert chart.standing(loan.account.ledger_account_id).balance == 49_750
        loan.refresh_from_db()
        assert loan.is_paid


@pytest.mark.usefixtures("empty_bank")
class TestAStop:
    def test_beats_an_application_that_was_approved_before(self):
        application = ApplicationFactory()
        stop(actor=officer())

        with pytest.raises(LendingStopped):
            take(application)

        assert not Loan.objects.exists()
        attempt = StoppedAttempt.objects.get()
        assert (attempt.what, attempt.customer) == ("DISBURSEMENT", application.customer)

    def test_waits_for_a_payout_and_a_wish_in_flight_and_lets_nothing_follow(self, empty_bank):
        """Both have looked for a stop, and wait for their customers' rows, which somebody holds."""
        offer, later, asks = ApplicationFactory(), ApplicationFactory(), BorrowerFactory()
        figures, asked = taking.offer_of(offer).figures, wish()
        agreed, risk = taking.Agreement("0" * 64, "PIN", timezone.now()), officer()
        has_returned = threading.Event()

        def halt():
            stop(actor=risk)
            has_returned.set()

        with psycopg.connect(empty_bank["app"]) as holder:
            holder.execute(
                "SELECT FROM accounts_customer WHERE id = ANY (%s) FOR NO KEY UPDATE",
                [[offer.customer_id, asks.pk]],
            )
            in_flight = [
                in_a_thread(
                    lambda: taking._pay_out(
                        offer, figures=figures, agreement=agreed, at=timezone.now(),
                        actor=actor_of(offer.customer),
                    )
                ),
                in_a_thread(
                    lambda: operations.apply(
                        asks, wish=asked, reference=uuid4(), at=timezone.now(), actor=actor_of(asks)
                    )
                ),
            ]  # fmt: skip
            until(lambda: waiting_for_rows() == 2)
            in_flight.append(in_a_thread(halt))
            until(LendingStop.objects.exists)
            with pytest.raises(LendingStopped):
                take(later)
            still_waits = not has_returned.wait(0.3)

        for thread in in_flight:
            thread.join(PATIENCE_SECONDS)
        assert still_waits and has_returned.is_set()
        assert [loan.application for loan in Loan.objects.all()] == [offer]
        assert asks.loan_applications.get().is_asked
        attempt = StoppedAttempt.objects.get()
        assert (attempt.what, attempt.customer) == ("DISBURSEMENT", later.customer)

    def test_never_keeps_anybody_from_paying_back(self):
        loan = LoanFactory()
        stop(actor=officer())

        repayments.repay(
            loan, money=kes("5250"), reference="form", at=timezone.now(),
            actor=actor_of(loan.customer),
        )  # fmt: skip

        loan.refresh_from_db()
        assert loan.is_paid
