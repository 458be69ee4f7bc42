"""Promises to pay: what is taken, when one is kept or broken, and what customers are told."""

from decimal import Decimal

import pytest

from accounts.factories import CustomerFactory
from accounts.staff.refusals import NotForYou
from ledger.refusals import ReferenceReused
from ledger.tests.racing import at_once, refused
from lending.arrears.tests.steps import lend, pay
from lending.collections import queries, texts
from lending.collections.models import CollectionContact, LoanPromise
from lending.collections.refusals import (
    AlreadyPromised,
    NotLate,
    NotSuchADay,
    PromiseTooLarge,
    PromiseTooSmall,
    TooManyParts,
    TooManyPromises,
)
from lending.collections.tests.steps import (
    ONE_DAY,
    chased,
    collector,
    late_loan,
    night,
    noon,
    promise,
    today,
)

pytestmark = pytest.mark.django_db


def told(loan) -> list[str]:
    rows = loan.customer.user.messages.filter(kind="loan_promise").order_by("pk")
    return [row.body.replace("\xa0", " ") for row in rows]


def state_of(row) -> str:
    row.refresh_from_db()
    return row.state


class TestMake:
    def test_keeps_what_was_promised_once_and_tells_the_customer(self):
        loan = late_loan()

        first = promise(loan, "2000", reference="form")
        again = promise(loan, "2000", reference="form")

        assert first == again
        assert (first.amount, first.overdue) == (Decimal(2000), Decimal(5250))
        [part] = first.parts.all()
        assert (part.due, part.amount) == (today() + 7 * ONE_DAY, Decimal(2000))
        [text] = told(loan)
        assert "KES 2,000.00" in text and loan.number in text

    def test_splits_a_plan_to_the_cent_a_week_apart(self):
        """KES 5,250 in four parts of 1,312.50, seven days between them."""
        row = promise(late_loan(), "5250", parts=4, days=2)

        parts = list(row.parts.order_by("number").values_list("due", "amount"))
        assert parts == [
            (today() + (2 + 7 * one) * ONE_DAY, Decimal("1312.50")) for one in range(4)
        ]

    def test_says_by_its_figures_what_it_does_not_take(self):
        loan = late_loan()

        for facts, refusal, words in (
            ({"money": "5250.01"}, PromiseTooLarge, "KES 5,250.00 is overdue. Promise that or"),
            ({"money": "524.99"}, PromiseTooSmall, "Promise KES 525.00 or more"),
            ({"days": -1}, NotSuchADay, "Choose a day from"),
            ({"days": 15}, NotSuchADay, "Choose a day from"),
            ({"parts": 5}, TooManyParts, "has 4 dates at most"),
        ):
            with pytest.raises(refusal, match=words):
                promise(loan, **facts)
        with pytest.raises(NotLate):
            promise(lend())
        assert not LoanPromise.objects.exists()

    def test_takes_one_of_a_loan_and_so_many_of_a_customer(self):
        customer = CustomerFactory()
        loans = [
            late_loan(customer),
            *(late_loan(customer, product=product, tenor=1) for product in ("SALA", "EMER")),
        ]
        promise(loans[0], reference="form")

        with pytest.raises(AlreadyPromised, match="KES 2,000.00"):
            promise(loans[0])
        with pytest.raises(ReferenceReused):
            promise(loans[0], "3000", reference="form")
        promise(loans[1])
        with pytest.raises(TooManyPromises, match="2 open promises"):
            promise(loans[2])

    def test_an_officer_may_for_a_customer_of_theirs(self):
        loan, officer = late_loan(), collector()

        assert promise(loan, actor=officer).made_by == str(officer)
        with pytest.raises(NotForYou):
            promise(late_loan(), actor=collector("TELLER"))


class TestJudge:
    def test_is_kept_by_what_was_paid_in_time(self):
        loan = late_loan()
        row = promise(loan, "2000")

        pay(loan, "1999.99")
        night(today())
        assert state_of(row) == "OPEN"
        pay(loan, "0.01")
        night(today())

        assert state_of(row) == "KEPT"
        assert row.judged_date == today()
        assert night(today()) == 0

    def test_is_broken_on_its_day_and_not_before(self):
        loan = late_loan()
        row = promise(loan, "2000")
        pay(loan, "1999.99")

        night(today() + 6 * ONE_DAY)
        assert state_of(row) == "OPEN"
        night(today() + 7 * ONE_DAY)
        assert state_of(row) == "BROKEN"

    def test_counts_nothing_that_was_paid_before(self):
        loan = late_loan()
        pay(loan, "3000")
        row = promise(loan, "2000", at=noon(today() + ONE_DAY))

        night(today() + 7 * ONE_DAY)

        assert state_of(row) == "BROKEN"

    def test_a_plan_breaks_at_the_first_date_that_was_missed(self):
        loan = late_loan()
        row = promise(loan, "4000", parts=2, days=0)

        pay(loan, "2000")
        night(today())
        assert state_of(row) == "OPEN"
        night(today() + 7 * ONE_DAY)

        assert state_of(row) == "BROKEN"

    def test_puts_a_broken_one_on_top_and_an_open_one_last(self):
        broken, held, plain = late_loan(days=3), late_loan(days=20), late_loan()
        promise(broken, days=0)
        promise(held, days=7)

        night(today())

        assert [row.loan for row in queries.worklist()] == [broken, plain, held]

    def test_who_did_not_keep_one_is_told_once_and_kindly_by_day(self):
        loan = late_loan()
        chased(loan)
        promise(loan, days=0)
        night(today())
        tomorrow = today() + ONE_DAY

        assert texts.send(at=noon(tomorrow, 7)) == 0
        texts.send(at=noon(tomorrow, 8))
        texts.send(at=noon(tomorrow, 9))

        [_thanks, text] = told(loan)
        assert "It can happen" in text and "KES 2,000.00" in text
        kept = CollectionContact.objects.filter(case__loan=loan, step=None)
        assert kept.get().channel == "TEXT"


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_of_two_promises_at_once_one_stands(self):
        loan = late_loan()

        results = at_once(2, lambda number: promise(loan, reference=f"form {number}"))

        assert len(refused(results)) == 1
        assert isinstance(refused(results)[0], AlreadyPromised)
        assert loan.promises.get().state == "OPEN"
