"""An offer to a business: who signs it, what is paid out, and paying it back from its account."""

import re
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import numpy_financial
import pytest
from django.utils import timezone

from accounts.access import authorising
from accounts.access.refusals import WrongCode
from accounts.access.tests.steps import newest
from accounts.businesses import queries as businesses
from accounts.businesses.models import Business, Signature
from accounts.businesses.refusals import MadeByYou, NotYourRole
from accounts.factories import DIRECTOR, BusinessFactory, CustomerFactory, actor_of
from accounts.notifications.models import Message
from ledger.chart import queries as chart
from ledger.money import kes
from ledger.tests.racing import at_once
from lending.business import taking
from lending.decisions.refusals import DetailsBeingChecked, OfferChanged, OfferEnded
from lending.decisions.tests.test_races import outcome
from lending.factories import BusinessApplicationFactory, directors_of
from lending.loans import queries as loans
from lending.loans.models import Loan
from lending.repayments import debts
from lending.repayments import operations as repayments
from lending.stops.models import Scope, StoppedAttempt
from lending.stops.operations import LendingStopped
from lending.stops.tests.steps import stop

pytestmark = pytest.mark.django_db
TWO = ((None, 2, True),)  # Two sign, whoever asked counts.


@pytest.fixture
def kamau():
    return CustomerFactory(full_name="Peter Kamau")


def asked_by_two(kamau, bands=TWO):
    return BusinessApplicationFactory(
        business=BusinessFactory(others=[(kamau, DIRECTOR)], bands=bands)
    )


def member_of(application, person):
    return businesses.membership(actor_of(person), application.business)


def sign(application, person=None, *, at=None, secret=None, figures=None):
    """Somebody has a code texted, unless they signed before, and types it."""
    application.refresh_from_db()
    person, at = person or application.customer, at or timezone.now()
    offer, member = taking.offer_of(application), member_of(application, person)
    if not application.is_taken and not secret and not taking.signed_by(offer, member):
        authorising.text_code(taking.intent_of(offer, member, at=at), at=at)
        secret = re.search(r"[0-9]{6}", newest("code_loan", user=person.user).body)[0]
    return taking.sign(
        application, figures=figures or offer.figures, secret=secret or "", at=at,
        actor=actor_of(person),
    )  # fmt: skip


def account_of(business):
    return business.deposit_accounts.select_related("ledger_account", "business").get()


class TestSigning:
    @pytest.mark.proves("BW25", "BW48")
    def test_by_the_only_one_needed_pays_the_principal_to_the_business(self, bureau):
        asked = BusinessApplicationFactory()
        account = account_of(asked.business)
        before = chart.standing(account.ledger_account_id).balance

        loan = sign(asked).loan

        # 500,000 less the fee of 2%, of which the excise of the day is inside.
        assert chart.standing(account.ledger_account_id).balance == before + 490_000
        assert chart.standing(loan.ledger_account_id).balance == 500_000
        assert (loan.business, loan.account, loan.percent) == (asked.business, account, 14)
        assert loan.entry.owner == asked.business.owner_ref
        rows = loan.instalments.order_by("number")
        level = numpy_financial.pmt(0.14 / 12, 12, -500_000)  # Months of equal length: 44,893.56.
        assert rows.count() == 12
        assert abs(float(rows[0].principal + rows[0].interest) - level) < 100
        assert sum(row.principal for row in rows) == Decimal(500_000)
        assert sign(asked).loan == loan  # Asked again, it is the same.
        assert not loans.of(actor_of(asked.customer)).exists()

    def test_by_two_pays_with_the_second_and_asks_them(self, bureau, kamau):
        asked = asked_by_two(kamau)

        first = sign(asked)

        assert (first.loan, first.standing.missing) == (None, 1)
        told = Message.objects.get(user=kamau.user, kind="business_loan_waits")
        assert "KES 500,000.00" in told.body.replace("\xa0", " ")
        assert not Loan.objects.exists()
        second = sign(asked, kamau)
        assert second.loan.business == asked.business
        assert Signature.objects.filter(business=asked.business).count() == 2

    def test_stands_over_a_night_for_it_is_of_the_terms(self, bureau, kamau, monkeypatch):
        asked = asked_by_two(kamau)
        sign(asked)
        shown = taking.offer_of(asked).figures
        tomorrow = taking.calendar.business_date() + timedelta(days=1)
        monkeypatch.setattr(taking.calendar, "business_date", lambda: tomorrow)

        with pytest.raises(OfferChanged):
            sign(asked, kamau, figures=shown, secret="000000")
        assert taking.standing_of(taking.offer_of(asked)).missing == 1
        assert sign(asked, kamau).loan.start_date == tomorrow

    def test_is_not_for_who_asked_where_the_mandate_says_so_nor_for_who_does_not_sign(
        self, bureau, kamau
    ):
        viewer = CustomerFactory()
        shop = BusinessFactory(
            others=[(kamau, DIRECTOR), (viewer, ["VIEWER"])], bands=((None, 1, False),)
        )
        asked = BusinessApplicationFactory(business=shop)

        with pytest.raises(MadeByYou):
            sign(asked, secret="000000")
        with pytest.raises(NotYourRole):
            sign(asked, viewer, secret="000000")
        sends = taking.intent_of(taking.offer_of(asked), member_of(asked, kamau), at=timezone.now())
        authorising.text_code(sends, at=timezone.now())
        with pytest.raises(WrongCode):
            sign(asked, kamau, secret="000000")
        assert not Signature.objects.filter(business=shop).exists()
        code = re.search(r"[0-9]{6}", newest("code_loan", user=kamau.user).body)[0]
        assert sign(asked, kamau, secret=code).loan

    def test_is_refused_when_the_offer_is_over_or_the_business_is_held(self, bureau):
        asked = BusinessApplicationFactory()

        with pytest.raises(OfferEnded):
            sign(asked, at=timezone.now() + timedelta(days=8), secret="000000")
        Business.objects.filter(pk=asked.business_id).update(state="CHECKING")
        with pytest.raises(DetailsBeingChecked):
            sign(asked)
        assert not Loan.objects.exists()

    def test_is_kept_while_lending_is_stopped_and_pays_nothing(self, bureau):
        asked = BusinessApplicationFactory()
        stop(Scope.SEGMENT, segment="BUSINESS")

        with pytest.raises(LendingStopped):
            sign(asked)

        assert not Loan.objects.exists()
        assert StoppedAttempt.objects.get().what == "DISBURSEMENT"
        assert taking.standing_of(taking.offer_of(asked)).is_enough


class TestPayingBack:
    @pytest.mark.proves("BW42")
    def test_is_from_the_account_of_the_business_by_who_signs_for_it(self, bureau, kamau):
        viewer = CustomerFactory()
        shop = BusinessFactory(others=[(kamau, DIRECTOR), (viewer, ["VIEWER"])])
        loan = sign(BusinessApplicationFactory(business=shop)).loan
        before = chart.standing(loan.account.ledger_account_id).balance
        order = {"money": kes("100000"), "reference": "form", "at": timezone.now()}

        with pytest.raises(NotYourRole):
            repayments.repay(loan, **order, actor=actor_of(viewer))
        paid = repayments.repay(loan, **order, actor=actor_of(kamau))

        assert chart.standing(loan.account.ledger_account_id).balance == before - 100_000
        owed = debts.of(loan, on=taking.calendar.business_date())
        assert chart.standing(loan.ledger_account_id).balance == owed.principal.amount < 405_000
        assert paid.entry.owner == shop.owner_ref
        assert loans.one_seen_by(actor_of(viewer), public_id=loan.public_id) == loan

    def test_of_a_director_is_another_loan(self, bureau):
        """What the business owes keeps its director from nothing, and is not theirs."""
        director = CustomerFactory()
        loan = sign(BusinessApplicationFactory(business=BusinessFactory(founder=director))).loan

        assert loans.active_of(loan.business) == [loan]
        assert loans.active_of(director) == []
        assert loans.held_on(director) == []


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_ten_presses_of_two_pay_one_loan(self, bureau, kamau):
        asked = asked_by_two(kamau)
        both, offer = directors_of(asked.business), taking.offer_of(asked)
        sign(asked)
        taking._keep(
            asked, member=member_of(asked, kamau), terms=offer.terms, way="CODE",
            at=timezone.now(), actor=actor_of(kamau),
        )  # fmt: skip

        def press(number):
            return outcome(lambda: sign(asked, both[number % 2], figures=offer.figures))

        outcomes = Counter(at_once(10, press))

        assert outcomes == {"done": 10}
        assert Loan.objects.filter(business=asked.business).count() == 1
