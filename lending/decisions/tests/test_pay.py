"""
Salary advances and personal loans of somebody whose pay comes through the bank: 40,000 on three
paydays, from one employer. Each score is added up beside it.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.documents import operations as documents
from accounts.factories import BusinessFactory, CustomerFactory, actor_of, photo
from ledger.calendar import operations as calendar_operations
from ledger.calendar import queries as calendar
from ledger.factories import put_in, send
from ledger.money import kes
from lending.affordability import queries as affordability
from lending.bureau.simulator import file_of
from lending.decisions import operations, taking
from lending.decisions.refusals import IncomeMissing, NotAtLevel, OverLimit, PaperMissing
from lending.evidence import queries as evidence
from lending.factories import ApplicationFactory, account_of, take, wish
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
SALA = {"product": "SALA", "amount": "5000", "tenor": 2, "income": "40000",
        "employment": "PERMANENT"}  # fmt: skip
PERS = {"product": "PERS", "amount": "60000", "tenor": 12, "income": "40000", "gross": "52000",
        "employment": "PERMANENT"}  # fmt: skip


def roll(days: int) -> None:
    """Business dates close, with nothing on them."""
    for _ in range(days):
        calendar_operations.roll(from_date=calendar.business_date(), actor=SYSTEM)


def pay(customer, amount, *, employer) -> None:
    source = employer.deposit_accounts.get().ledger_account
    put_in(source, amount)
    send(source, account_of(customer).ledger_account, amount)


def payslip(customer, shade=5):
    return documents.upload(
        owner_ref=customer.owner_ref, customer=customer, kind="PROOF_OF_INCOME",
        content=photo(shade=shade), actor=actor_of(customer), at=timezone.now(),
    )  # fmt: skip


def apply(customer, **facts):
    return operations.apply(
        customer, wish=wish(**facts), reference=uuid4(), at=timezone.now(),
        actor=actor_of(customer),
    )  # fmt: skip


def paid_thrice(employer, *, tier: str, months_before: int):
    """Somebody who has had their account for so many months, and for two more that passed here."""
    customer = CustomerFactory(tier_id=tier)
    since = calendar.months_after(calendar.business_date(), -months_before)
    customer.deposit_accounts.update(opened_date=since)
    for days in (31, 31, 0):
        pay(customer, "40000", employer=employer)
        roll(days)
    return customer


@pytest.fixture
def employer():
    return BusinessFactory()


@pytest.fixture
def salaried(employer):
    """Somebody on the second level who is paid for the third month today; 5 months here."""
    return paid_thrice(employer, tier="TIER_2", months_before=3)


class TestSomebodyOnASalary:
    @pytest.mark.proves("BW33")
    def test_gets_an_advance_and_a_personal_loan_at_the_rate_of_the_score(self, bureau, salaried):
        """
        kenya.md 4.6 by hand, 5 months here: 25, tier 2 40, (3 x 40,000)/6 = 20,000 a month 80, 3
        months of 6 30, DSR 5,000/2 x .. of 20,000 <= 20% 140, no loans 70, clean with two good
        120, no enquiries 50, permanent 60, 3 months above 1,000 30, nothing missed 30: 675.
        """
        bureau.files[salaried.national_id] = file_of(good=2)
        found = affordability.salary_of(salaried, on=calendar.business_date())
        assert (found.months, found.net, found.most) == (3, kes("40000"), kes("120000"))
        assert affordability.income_seen(salaried, on=calendar.business_date()) == kes("40000")

        advance = ApplicationFactory(customer=salaried, **SALA)

        decision = advance.decisions.get()
        assert (decision.score, decision.result, decision.model_version) == (
            675, "APPROVED", "RETAIL 1",
        )  # fmt: skip
        assert (decision.percent, decision.limit_money) == (15, kes("5000"))
        loan = take(advance)
        assert taking.offer_of(advance).quote.received == kes("4925")  # Less 1.5%.
        assert loan.instalments.count() == 2

        with pytest.raises(PaperMissing):
            apply(salaried, **PERS)
        slip = payslip(salaried)
        personal = ApplicationFactory(customer=salaried, **PERS)

        # DSR of 60,000 over 12 months and the advance is above 30% and below 50% of 20,000: with
        # 40 in place of 140 the score is 575: an officer looks (kenya.md 4.7).
        decision = personal.decisions.get()
        assert decision.result == "REFERRED"
        assert 550 <= decision.score < 601
        assert decision.percent == 18  # The dearest grade: no grade is reached.
        assert evidence.of(personal) == [slip]

    def test_is_priced_by_the_grade_that_the_score_reaches(self, bureau, salaried):
        """As above with DSR <= 20%: 675 is of the grade 650 to 749, 15.5%."""
        bureau.files[salaried.national_id] = file_of(good=2)
        payslip(salaried)

        personal = ApplicationFactory(customer=salaried, **PERS | {"amount": "30000"})

        decision, offer = personal.decisions.get(), taking.offer_of(personal)
        assert (decision.result, decision.score, decision.percent) == ("APPROVED", 675, 15.5)
        assert offer.quote.percent == decision.percent
        assert offer.quote.received == kes("29400")  # Less 2%.

    @pytest.mark.proves("BW34")
    def test_is_advanced_three_times_the_pay_at_most(self, bureau, employer):
        """
        Three times 40,000. The score as above, but for 30 months here 100, tier 3 70 and a DSR of
        more than half 0: 640. The third level alone would leave 500,000.
        """
        customer = paid_thrice(employer, tier="TIER_3", months_before=28)
        bureau.files[customer.national_id] = file_of(good=2)

        advance = ApplicationFactory(customer=customer, **SALA | {"amount": "150000", "tenor": 6})

        decision = advance.decisions.get()
        assert (decision.result, decision.score) == ("APPROVED", 640)
        assert decision.limit_money == taking.offer_of(advance).quote.principal == kes("120000")
        [reason] = decision.reasons
        assert (reason["code"], reason["facts"]) == (
            "OVER_SALARY", {"times": "3", "salary": "KES 40,000.00", "most": "KES 120,000.00"},
        )  # fmt: skip

    def test_is_bound_by_the_level_and_by_the_pay_that_is_left(self, bureau, salaried):
        bureau.files[salaried.national_id] = file_of(good=2)
        with pytest.raises(OverLimit):  # The second level.
            apply(salaried, **SALA | {"amount": "100001"})
        with pytest.raises(IncomeMissing):
            apply(salaried, **PERS | {"gross": "0"})
        # Pay before tax of 120,000 keeps a third, 40,000: nothing is left to lend on.
        payslip(salaried)

        personal = ApplicationFactory(customer=salaried, **PERS | {"gross": "120000"})

        assert personal.is_refused
        assert personal.decisions.get().reasons[0]["code"] == "PAY_LEFT"


class TestASalary:
    def test_counts_from_one_employer_in_months_that_follow_each_other(self, employer):
        customer, today = CustomerFactory(tier_id="TIER_2"), calendar.business_date()
        roll(32 - today.day)  # Into another month: October paid, November not yet.
        first = calendar.business_date()
        pay(customer, "30000", employer=employer)
        roll(31)
        friend = account_of(CustomerFactory()).ledger_account
        put_in(friend, "9000")
        send(friend, account_of(customer).ledger_account, "9000")
        on = calendar.business_date()

        assert affordability.salary_of(customer, on=first).months == 1
        assert affordability.salary_of(customer, on=on).months == 1, "another person's money"
        assert affordability.salary_of(customer, on=on + timedelta(days=62)).months == 0

    def test_that_does_not_come_here_is_no_ground_for_an_advance(self, bureau):
        customer = CustomerFactory(tier_id="TIER_2")
        customer.deposit_accounts.update(
            opened_date=calendar.months_after(calendar.business_date(), -30)
        )
        put_in(account_of(customer).ledger_account, "90000")
        bureau.files[customer.national_id] = file_of(good=2)

        advance = ApplicationFactory(customer=customer, **SALA)

        assert advance.is_refused
        [reason] = advance.decisions.get().reasons
        assert (reason["code"], reason["facts"]) == ("NO_SALARY", {"months": "0", "least": "3"})

    def test_of_the_first_level_is_not_advanced(self):
        with pytest.raises(NotAtLevel):
            apply(CustomerFactory(), **SALA)
