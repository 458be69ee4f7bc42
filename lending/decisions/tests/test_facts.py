"""The facts of somebody who has banked here for a while, and what they make by the retail card."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.factories import actor_of
from ledger.calendar import queries as calendar
from ledger.factories import put_in
from ledger.money import kes
from lending.bureau.simulator import file_of
from lending.factories import ApplicationFactory, BorrowerFactory, LoanFactory, account_of
from lending.repayments import history
from lending.repayments import operations as repayments

pytestmark = pytest.mark.django_db


def known(customer, *, months: int):
    """A customer whose account is so many months old."""
    since = calendar.months_after(calendar.business_date(), -months)
    customer.deposit_accounts.update(opened_date=since)
    return customer


class TestARetailCustomer:
    @pytest.mark.proves("RF05", "RF08")
    def test_is_scored_by_the_wallet_the_tier_and_the_bureau(self, bureau):
        """
        kenya.md 4.6, by hand: tenure 12 months 75, tier 2 40, inflow 90,000/6 = 15,000 80, one
        month of six 0, 5,250/15,000 = 35% 80, no loans 70, two good accounts 120, two enquiries 30,
        permanent 60, one month above 1,000 15, nothing missed 30: 600 in all, one below 601.
        """
        customer = known(BorrowerFactory(tier_id="TIER_2", deposit=""), months=12)
        put_in(account_of(customer).ledger_account, "90000", at=timezone.now())
        bureau.files[customer.national_id] = file_of(good=2, enquiries=2)

        application = ApplicationFactory(customer=customer, employment="PERMANENT")

        decision = application.decisions.get()
        assert decision.model_version == "RETAIL 1"
        assert {one["name"]: one["points"] for one in decision.points} == {
            "tenure_months": 75, "kyc_tier": 40, "monthly_inflow": 80, "months_with_inflow": 0,
            "debt_service_percent": 80, "repayment": 70, "bureau": 120, "bureau_enquiries": 30,
            "employment": 60, "months_above_1000": 15, "failed_debits": 30,
        }  # fmt: skip
        assert (decision.score, decision.result) == (600, "REFUSED")
        assert decision.inputs["facts"]["debt_service_percent"] == "35.0"

    @pytest.mark.parametrize(("months", "card"), [(2, "NEWCOMER 1"), (3, "RETAIL 1")])
    def test_is_a_newcomer_for_three_months(self, bureau, months, card):
        customer = known(BorrowerFactory(), months=months)

        decision = ApplicationFactory(customer=customer).decisions.get()

        assert decision.model_version == card


class TestHistory:
    def test_of_nobody_is_none(self, bureau):
        found = history.of(BorrowerFactory(), on=calendar.business_date())

        assert (found.mark, found.missed) == ("NONE", 0)

    def test_of_a_loan_paid_on_time_is_clean(self, bureau):
        loan = LoanFactory()
        repayments.repay(
            loan, money=kes("5250"), reference="form", at=timezone.now(),
            actor=actor_of(loan.customer),
        )  # fmt: skip

        assert history.of(loan.customer, on=calendar.business_date()).mark == "CLEAN"

    @pytest.mark.parametrize(
        ("days", "mark"), [(1, "LATE_UNDER_30"), (29, "LATE_UNDER_30"), (30, "LATE_UNDER_90"),
                           (89, "LATE_UNDER_90"), (90, "LATE_90")]
    )  # fmt: skip
    def test_of_a_loan_that_is_late_goes_by_its_days(self, bureau, days, mark):
        loan = LoanFactory()

        found = history.of(loan.customer, on=loan.instalments.get().due + timedelta(days=days))

        assert (found.mark, found.missed) == (mark, 1)
