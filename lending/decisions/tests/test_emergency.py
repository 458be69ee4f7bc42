"""
The emergency loan: asked for, scored, bounded by half of what comes in, taken, in the books.

Its instalments are worked out apart, in `_annuity`.
"""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.factories import actor_of
from ledger.chart import queries as chart
from ledger.money import kes
from lending.decisions import operations, taking
from lending.decisions.refusals import (
    CarriesLess,
    IncomeMissing,
    NotOffered,
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
EMER = {"product": "EMER", "amount": "5000", "tenor": 3, "income": "40000"}


def _annuity(principal: int, percent: int, days: list[int]) -> Decimal:
    """P / sum of the discount factors, each over its own days of a year of 365."""
    factor, factors = Decimal(1), Decimal(0)
    for count in days:
        factor /= 1 + Decimal(percent) / 100 * count / 365
        factors += factor
    return (principal / factors).quantize(Decimal("0.01"))


def asked(customer, **facts):
    return operations.apply(
        customer, wish=wish(**EMER | facts), reference=uuid4(), at=timezone.now(),
        actor=actor_of(customer),
    )  # fmt: skip


class TestANewcomer:
    @pytest.mark.proves("BW35", "BW48")
    def test_is_told_yes_at_once_and_gets_it_in_three_instalments(self, bureau):
        """
        kenya.md 4.5 by hand: 60+180 (thin)+80+140+100+80+35 = 675, from 601 on yes; half of the
        smaller of 40,000 told and 50,000 seen is 20,000, and 5,000 takes about 1,720 a month.
        """
        application = ApplicationFactory(**EMER)

        decision, offer = application.decisions.get(), taking.offer_of(application)
        assert (decision.result, decision.money) == ("APPROVED", kes("5000"))
        assert (decision.percent, decision.score, decision.model_version) == (20, 675, "NEWCOMER 1")
        assert decision.inputs["affordability"]["counted"] == "40000.00"
        rows = offer.quote.instalments
        start = [offer.quote.start, *(row.contractual for row in rows)]
        days = [(last - first).days for first, last in zip(start, start[1:], strict=False)]
        assert [row.total.amount for row in rows[:2]] == [_annuity(5000, 20, days)] * 2
        assert sum(row.principal.amount for row in rows) == 5000
        assert offer.quote.received == kes("4950")  # Less 1%.
        assert f"in 3 instalments of {rows[0].total}" in " ".join(offer.key_facts)

        loan = take(application)

        assert loan.instalments.count() == 3
        assert (loan.percent, loan.product_id) == (20, "EMER")
        assert chart.line("1312").pk == loan.ledger_account.control_id
        loan.ledger_account.refresh_from_db()
        assert loan.ledger_account.money == kes("5000")
        own = account_of(application.customer).ledger_account
        own.refresh_from_db()
        assert own.money == kes("54950")

    def test_is_offered_what_half_of_the_income_carries(self, bureau):
        """Told 3,000, half is 1,500; an instalment of 5,000 over 3 months is above 1,700."""
        application = ApplicationFactory(**EMER | {"income": "3000"})

        decision = application.decisions.get()
        [reason] = decision.reasons
        assert decision.result == "APPROVED"
        assert reason["code"] == "SHARE_OF_INCOME"
        assert reason["facts"]["most"] == "KES 1,500.00"
        assert taking.offer_of(application).quote.first.total <= kes("1500")
        assert kes("1499") < taking.offer_of(application).quote.first.total

    def test_is_refused_where_it_carries_less_than_the_smallest_loan(self, bureau):
        application = ApplicationFactory(**EMER | {"income": "200", "tenor": 1})

        assert application.is_refused
        assert application.decisions.get().reasons[0]["code"] == "SHARE_OF_INCOME"


class TestWhatIsNotTakenIn:
    @pytest.mark.parametrize(
        ("facts", "refusal"),
        [
            ({"amount": "10001"}, OverLimit),  # Tier 1.
            ({"amount": "499"}, OverTerms),
            ({"tenor": 4}, OverTerms),
            ({"income": "0"}, IncomeMissing),
            ({"product": "SMEW", "amount": "60000"}, NotOffered),
        ],
    )
    def test_is_refused_at_the_door(self, bureau, facts, refusal):
        customer = BorrowerFactory()

        with pytest.raises(refusal):
            asked(customer, **facts)

        assert not customer.loan_applications.exists()


class TestBesideOtherLoans:
    def test_a_thirty_day_loan_stands_in_nobodys_way_but_takes_of_the_income(self, bureau):
        """Half of 12,000 is 6,000; 5,250 of it goes to the 30-day loan."""
        customer = LoanFactory().customer

        application = ApplicationFactory(customer=customer, **EMER | {"income": "12000"})

        [reason] = application.decisions.get().reasons
        assert reason["facts"]["dues"] == "KES 5,250.00"
        assert application.is_approved

    def test_a_second_one_of_the_kind_does(self, bureau):
        customer = take(ApplicationFactory(**EMER)).customer

        with pytest.raises(OneAtATime):
            asked(customer)
        with pytest.raises(OneAtATime):
            asked(customer, product="DIGI30", tenor=30, amount="1000")


class TestTwoOffersAtOnce:
    """Both were answered before either loan was there, so taking the first judges the second."""

    @pytest.mark.proves("RF03")
    def test_a_thirty_day_loan_is_not_paid_out_beside_another(self, bureau):
        customer = BorrowerFactory()
        online = ApplicationFactory(customer=customer)
        emergency = take(ApplicationFactory(customer=customer, **EMER))
        account = account_of(customer).ledger_account_id
        before = chart.standing(account).balance

        with pytest.raises(OneAtATime) as refused:
            take(online)

        assert refused.value.facts["number"] == emergency.number
        online.refresh_from_db()
        assert online.is_approved
        assert chart.standing(account).balance == before
        assert [loan.pk for loan in customer.loans.all()] == [emergency.pk]

    def test_one_that_the_income_carries_no_more_is_not_paid_out(self, bureau):
        """Half of 12,000 is 6,000. Of it 5,250 are due on the 30-day loan, so 750 a month remain:
        of 5,000 in three instalments of about 1,722, some 2,178."""
        customer = BorrowerFactory()
        emergency = ApplicationFactory(customer=customer, **EMER | {"income": "12000"})
        assert emergency.decisions.get().money == kes("5000")
        instalment = taking.offer_of(emergency).quote.first.total.amount
        take(ApplicationFactory(customer=customer))

        with pytest.raises(CarriesLess) as refused:
            take(emergency)

        facts = refused.value.facts
        assert (facts["dues"], facts["amount"]) == (kes("5250"), kes("5000"))
        assert facts["most"] == kes((750 - Decimal("0.01")) * 5000 // instalment)
        assert customer.loans.count() == 1

    def test_one_that_it_carries_still_is(self, bureau):
        """Half of 40,000 is 20,000: 5,250 and some 1,722 are less."""
        customer = BorrowerFactory()
        emergency = ApplicationFactory(customer=customer, **EMER)
        take(ApplicationFactory(customer=customer))

        take(emergency)

        assert customer.loans.count() == 2
