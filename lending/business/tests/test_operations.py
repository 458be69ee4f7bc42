"""A director asks for a loan to their business, and the rules or officers answer it."""

from collections import Counter
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.businesses.models import Business
from accounts.businesses.refusals import NotYourRole
from accounts.factories import DIRECTOR, BusinessFactory, CustomerFactory, actor_of
from ledger.approvals import operations as approvals
from ledger.money import kes
from ledger.tests.racing import at_once
from lending.applications import queries as applications
from lending.bureau import queries as bureau_queries
from lending.bureau.models import BureauEnquiry
from lending.bureau.simulator import file_of
from lending.business import operations, queries
from lending.business.models import BusinessRequest
from lending.business.refusals import PaperMissing
from lending.decisions import operations as decisions
from lending.decisions import words
from lending.decisions.refusals import (
    AlreadyAsked,
    DetailsBeingChecked,
    HardDecline,
    OverLimit,
    OwnApplication,
    SecondPersonNeeded,
)
from lending.decisions.tests.steps import WHY, decide, officer
from lending.decisions.tests.test_races import outcome
from lending.factories import BusinessApplicationFactory, business_wish, directors_of
from lending.stops import operations as stops
from lending.stops.models import Scope
from lending.stops.operations import LendingStopped
from lending.stops.tests.steps import stop

pytestmark = pytest.mark.django_db


def apply(business, director=None, reference=None, **facts):
    """A director asks; nobody answers yet."""
    director = director or directors_of(business)[0]
    by = {"at": timezone.now(), "actor": actor_of(director)}
    return operations.apply(
        business, wish=business_wish(business, **by, **facts), reference=reference or uuid4(), **by
    )


def known(bureau, business):
    """The bureau knows its founder well."""
    bureau.files[directors_of(business)[0].national_id] = file_of(good=2)
    return business


def points_of(decision):
    return {one["name"]: one["points"] for one in decision.points}


class TestTwoBusinessesOfOneTurnover:
    @pytest.mark.proves("RF06", "RF07")
    def test_are_answered_by_their_books_their_figures_and_their_sector(self, bureau):
        """
        kenya.md 4.7, by hand: 6 years 110, audited 90, 2,400,000 of 4,000,000 here 110, no year
        before 0, 900,000 to 12 x 44,89x (14%) or 45,84x (18%) 120, sector 100 or 20, two good
        accounts 100, no loan before 60, nothing bounced 60, 25% 50, no security 0.
        """
        shops = [known(bureau, BusinessFactory()) for _ in range(2)]
        ict = BusinessApplicationFactory(business=shops[0], sector="ICT")
        farm = BusinessApplicationFactory(business=shops[1], sector="AGRICULTURE_RAIN_FED")

        first, second = ict.decisions.get(), farm.decisions.get()

        assert points_of(first) == {
            "years_trading": 110, "evidence": 90, "turnover_here_percent": 110,
            "turnover_trend_percent": 0, "dscr": 120, "sector": 100, "bureau": 100,
            "repayment": 60, "bounced_items": 60, "largest_customer_percent": 50,
            "security_percent": 0,
        }  # fmt: skip
        assert (first.score, first.result, first.money) == (800, "APPROVED", kes("500000"))
        assert (second.score, second.result) == (720, "APPROVED")
        # 900,000 / 1.2 is less than 25% of 4,000,000; 0.6 of that is less again.
        assert (first.limit_money, second.limit_money) == (kes("750000"), kes("600000"))
        assert (first.model_version, first.least_score) == ("BUSINESS 1", 601)
        assert first.inputs["business"]["sector_factor"] == "1.00"
        assert first.inputs["facts"]["turnover_here_percent"] == "60.0"

    def test_are_known_at_the_bureau_by_their_own_number(self, bureau):
        """Settled long ago is 20 points, whatever its director has; in default now is no."""
        settled, bad = (known(bureau, BusinessFactory()) for _ in range(2))
        bureau.files[settled.registration_no] = file_of(good=3, settled=1, settled_on="2020-01-05")
        bureau.files[bad.registration_no] = file_of(good=3, open_npl=1)

        first = BusinessApplicationFactory(business=settled).decisions.get()
        second = BusinessApplicationFactory(business=bad).decisions.get()

        assert (points_of(first)["bureau"], first.inputs["bureau"]) == (20, "SETTLED_OLDER")
        assert (second.result, second.reasons[0]["code"]) == ("REFUSED", "OPEN_NPL")
        kinds = [(one["identity_type"], one["identity_number"]) for one in bureau.asked]
        founder = directors_of(settled)[0]
        assert kinds[:2] == [("001", founder.national_id), ("005", settled.registration_no)]
        company = BureauEnquiry.objects.get(public_id=first.inputs["company_enquiry"])
        assert (company.business, company.customer) == (settled, founder)
        assert len(bureau_queries.held_on(founder)) == 1, "theirs alone"

    def test_are_nothing_of_their_directors_own(self, bureau):
        asked = BusinessApplicationFactory()

        assert not applications.of(actor_of(asked.customer)).exists()
        assert applications.held_on(asked.customer) == []
        assert queries.of(asked.business).get() == asked


class TestAsking:
    def test_keeps_what_was_told_once(self, bureau):
        shop, reference = BusinessFactory(), uuid4()

        first, again = (apply(shop, reference=reference) for _ in range(2))

        assert first == again
        request = BusinessRequest.objects.get(application=first)
        assert (request.told.turnover, request.told.evidence) == (kes("4000000"), "AUDITED")
        assert request.document.owner_ref == shop.owner_ref
        assert first.state == "ASKED" and first.business == shop

    def test_refuses_what_it_cannot_be(self, bureau):
        signatory = CustomerFactory()
        shop = BusinessFactory(others=[(signatory, ["SIGNATORY", "MAKER"])])

        with pytest.raises(NotYourRole):
            apply(shop, signatory, evidence="DECLARED", amount="100000")
        with pytest.raises(OverLimit) as refused:  # 25% of 4,000,000 x 0.4
            apply(shop, amount="400000.01", evidence="DECLARED")
        assert refused.value.facts["limit"] == kes("400000")
        by = {"at": timezone.now(), "actor": actor_of(directors_of(shop)[0])}
        wish = business_wish(shop, **by)
        with pytest.raises(PaperMissing):
            bare = operations.BusinessWish(wish.term, wish.amount, 12, wish.told, wish.consent)
            operations.apply(shop, wish=bare, reference=uuid4(), **by)
        Business.objects.filter(pk=shop.pk).update(state="CHECKING")
        with pytest.raises(DetailsBeingChecked):
            apply(shop)
        assert not shop.loan_applications.exists()

    def test_is_one_at_a_time_for_a_business_whoever_asks(self, bureau):
        other = CustomerFactory()
        shop = BusinessFactory(others=[(other, DIRECTOR)])
        first = apply(shop)

        with pytest.raises(AlreadyAsked) as refused:
            apply(shop, other)
        with pytest.raises(IntegrityError), transaction.atomic():  # The database knows it too.
            first.pk, first._state.adding, first.public_id = None, True, uuid4()
            first.customer, first.reference = other, uuid4()
            first.save()

        assert refused.value.facts["application"] == str(shop.loan_applications.get().public_id)
        assert apply(BusinessFactory(founder=other), other).business != shop

    def test_is_stopped_with_lending(self, bureau):
        stop(Scope.SEGMENT, segment="BUSINESS")

        with pytest.raises(LendingStopped):
            apply(BusinessFactory())


class TestTheAnswer:
    @pytest.mark.parametrize(
        ("facts", "result", "code"),
        [
            # 900,000 a year; with 40,000 a month elsewhere 480,000 + 538,7xx.
            ({"debt_monthly": kes("40000")}, "REFUSED", "NO_COVER"),
            ({"is_read": False}, "REFERRED", "PAPERS"),
            ({"evidence": "DECLARED", "amount": "400000"}, "APPROVED", None),
        ],
    )
    def test_is_by_what_the_business_told(self, bureau, facts, result, code):
        asked = BusinessApplicationFactory(business=known(bureau, BusinessFactory()), **facts)

        decision = asked.decisions.get()

        assert decision.result == result
        assert [one["code"] for one in decision.reasons][:1] == ([code] if code else [])
        assert all(one.text for one in words.reasons_of(decision))

    def test_is_with_a_person_while_the_bureau_is_silent(self, bureau):
        bureau.behaviour = "down"

        assert BusinessApplicationFactory().decisions.get().reasons[0]["code"] == "BUREAU_SILENT"

    def test_of_earnings_that_do_not_pay_it_is_nobodys_to_change(self, bureau):
        asked = BusinessApplicationFactory(debt_monthly=kes("40000"))
        decisions.ask_person(asked, at=timezone.now(), actor=actor_of(asked.customer))

        with pytest.raises(HardDecline, match="does not pay the instalments"):
            decide(asked, amount="500000")

    @pytest.mark.proves("BW47")
    def test_of_an_unread_paper_is_an_officers_but_not_its_own_peoples(self, bureau):
        asked = BusinessApplicationFactory(is_read=False)
        owner = officer(national_id=asked.customer.national_id)

        with pytest.raises(OwnApplication):
            decide(asked, amount="400000", actor=owner)
        decide(asked, amount="400000")

        asked.refresh_from_db()
        assert asked.is_approved
        assert asked.decisions.last().money == kes("400000")

    def test_above_a_million_takes_two(self, bureau):
        shop = known(bureau, BusinessFactory())
        asked = BusinessApplicationFactory(
            business=shop, amount="1500000", turnover=kes("9000000"), ebitda=kes("4000000"),
            security="DEBENTURE", security_value=kes("2000000"),
        )  # fmt: skip
        assert asked.decisions.get().reasons[0]["code"] == "LARGE"
        with pytest.raises(SecondPersonNeeded):
            decide(asked, amount="1500000")

        now = timezone.now()
        wish = decisions.ask_large(asked, amount=kes("1500000"), why=WHY, at=now, actor=officer())
        with stops.noting_stopped():
            approvals.approve(wish, digest=wish.digest, actor=officer("BRANCH_MANAGER"), at=now)

        asked.refresh_from_db()
        assert asked.is_approved


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_ten_forms_of_two_directors_are_one_application(self, bureau):
        other = CustomerFactory()
        shop = BusinessFactory(others=[(other, DIRECTOR)])
        both = directors_of(shop)
        by = {"at": timezone.now(), "actor": actor_of(both[0])}
        wish = business_wish(shop, **by)

        def press(number):
            actor = actor_of(both[number % 2])
            return outcome(
                lambda: operations.apply(
                    shop, wish=wish, reference=uuid4(), at=by["at"], actor=actor
                )
            )

        outcomes = Counter(at_once(10, press))

        assert outcomes == {"done": 1, "AlreadyAsked": 9}
        assert shop.loan_applications.count() == 1
