"""The weights of kenya.md 4.11, one rule after another, and what an application becomes by them."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.access import operations as access
from accounts.documents.models import Document
from accounts.factories import BusinessFactory, DocumentFactory
from accounts.registry.models import IdentityCheck
from ledger.factories import put_in, send, take_out
from lending.applications.pace import Typed
from lending.factories import ApplicationFactory, BorrowerFactory, account_of
from lending.fraud import operations as fraud
from lending.fraud import words
from lending.fraud.models import FraudAssessment, FraudCase, FraudRule
from lending.fraud.tests.steps import (
    ago,
    asked,
    case_about,
    change,
    found,
    marked,
    officer,
    settled,
    take_off,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bureau")]


class TestNothing:
    @pytest.mark.proves("RF20")
    def test_goes_on_to_scoring(self):
        application = ApplicationFactory(customer=settled())

        assert found(application) == (0, "CLEAR", {})
        assert not FraudCase.objects.exists()
        decision = application.decisions.get()
        assert (decision.result, decision.score) == ("APPROVED", 675)

    def test_below_the_threshold_it_does_too_with_its_flag(self):
        """New and at the most, 20, is below 40."""
        application = ApplicationFactory(amount="10000")

        assert found(application) == (20, "CLEAR", {"NEW_AND_AT_MOST": 20})
        assert application.decisions.get().score is not None
        assert application.decisions.get().reasons != [{"code": "LOOKED_AT", "facts": {}}]


class TestDuplicate:
    @pytest.mark.proves("RF14")
    def test_alone_is_40_and_a_person_looks(self):
        customer = settled()
        asked(customer, ago(hours=23), withdrawn=True)

        application = ApplicationFactory(customer=customer)

        assert found(application) == (40, "REVIEW", {"DUPLICATE": 40})
        assert application.is_referred

    def test_is_none_after_a_day(self):
        customer = settled()
        asked(customer, ago(hours=24, minutes=1), withdrawn=True)

        assert found(ApplicationFactory(customer=customer))[0] == 0


class TestVelocity:
    @pytest.mark.proves("RF15")
    def test_is_three_in_a_day_30_and_with_the_duplicate_70_is_blocked(self, bureau):
        customer = settled()
        for hours in (20, 10):
            asked(customer, ago(hours=hours), withdrawn=True)

        application = ApplicationFactory(customer=customer)

        assert found(application) == (70, "BLOCK", {"DUPLICATE": 40, "VELOCITY": 30})
        assert application.is_refused
        assert not bureau.asked, "no bureau hears of what is blocked"
        assert case_about(application).escalated_at is not None

    def test_is_not_two(self):
        customer = settled()
        asked(customer, ago(hours=2), withdrawn=True)

        assert "VELOCITY" not in found(ApplicationFactory(customer=customer))[2]


class TestDevice:
    def test_of_three_customers_in_a_week_is_45(self):
        for days in (6, 1):
            asked(settled(), ago(days=days), device="d" * 64)
        third = asked(settled(), device="d" * 64)

        assert found(third) == (45, "REVIEW", {"SHARED_DEVICE": 45})
        assert third.fraud_assessment.flags.get().facts["count"] == 3

    def test_of_two_is_none_nor_of_one_who_asks_thrice(self):
        customer = settled()
        asked(settled(), device="d" * 64)
        for days in (5, 3):
            asked(customer, ago(days=days), device="d" * 64, withdrawn=True)

        assert found(asked(customer, device="d" * 64)) == (0, "CLEAR", {})

    def test_that_nobody_knows_is_none(self):
        for _ in range(3):
            last = asked(settled())

        assert found(last)[0] == 0


class TestThePhone:
    @pytest.mark.proves("RF16")
    def test_that_is_another_persons_is_40(self):
        customer = settled()
        customer.identity_checks.filter(kind="PHONE").update(state="MISMATCH")

        assert found(ApplicationFactory(customer=customer)) == (
            40, "REVIEW", {"PHONE_NOT_OWNED": 40},
        )  # fmt: skip

    def test_that_an_officer_saw_to_be_theirs_is_none(self):
        customer = settled()
        customer.identity_checks.filter(kind="PHONE").update(state="PARTIAL", finding="GENUINE")

        assert found(ApplicationFactory(customer=customer))[0] == 0

    @pytest.mark.parametrize(
        ("hours", "score", "flags"),
        [
            (71, 60, {"PHONE_CHANGED_LATELY": 35, "CHANGED_LATELY": 25}),
            (73, 25, {"CHANGED_LATELY": 25}),
            (24 * 7 + 1, 0, {}),
        ],
    )
    def test_that_changed_lately_is_35_and_25(self, hours, score, flags):
        customer = settled()
        access.set_phone(
            customer.user, phone="+254711000999", is_verified=True, at=ago(hours=hours)
        )

        application = asked(customer)

        assert (found(application)[0], found(application)[2]) == (score, flags)


class TestIncome:
    """KES 50,000 in 180 days of an old account is 8,333.33 a month."""

    @pytest.mark.proves("RF17")
    def test_above_twice_what_comes_in_is_25(self):
        application = asked(settled(days=400), income="16666.67")

        assert found(application) == (25, "CLEAR", {"INCOME": 25})
        assert application.fraud_assessment.flags.get().facts == {
            "stated": "KES 16,666.67", "observed": "KES 8,333.33",
        }  # fmt: skip

    def test_of_twice_is_none(self):
        assert found(asked(settled(days=400), income="16666.66"))[0] == 0

    def test_of_a_new_account_is_held_against_a_month(self):
        customer = BorrowerFactory()

        assert found(asked(customer, income="100000"))[0] == 0
        assert found(asked(BorrowerFactory(), income="100000.01"))[2] == {"INCOME": 25}


class TestANewAccount:
    @pytest.mark.parametrize(
        ("age", "amount", "score"), [(6, 10000, 20), (7, 10000, 0), (6, 9999, 0)]
    )
    def test_that_asks_for_the_most_is_20(self, age, amount, score):
        customer = settled(days=age)

        assert found(asked(customer, amount=str(amount)))[0] == score


class TestIdentity:
    def test_that_does_not_match_the_register_is_35(self):
        customer = settled()
        IdentityCheck.objects.create(
            customer=customer, kind="ID", facts_hash="0" * 64, state="MISMATCH",
            asked_at=timezone.now(), answered_at=timezone.now(),
        )  # fmt: skip

        assert found(asked(customer)) == (35, "CLEAR", {"ID_MISMATCH": 35})


class TestAPaper:
    def test_that_is_anothers_too_is_60(self):
        theirs, mine = (DocumentFactory(customer=settled()) for _ in range(2))
        assert theirs.paper_index == Document.objects.get(pk=theirs.pk).paper_index != ""
        Document.objects.update(paper_index="")
        Document.objects.filter(pk__in=[theirs.pk, mine.pk]).update(paper_index="p" * 64)

        application = asked(mine.customer)

        assert found(application) == (60, "REVIEW", {"PAPER_REUSED": 60})
        told = application.fraud_assessment.flags.get().facts
        assert told["customers"] == str(theirs.customer.public_id)


class TestKnownFraud:
    @pytest.mark.proves("RF18")
    @pytest.mark.parametrize("kind", ["ID", "PHONE", "ACCOUNT", "DEVICE"])
    def test_is_100_and_blocked(self, kind):
        customer = settled()
        marked(customer, kind)

        application = asked(customer, device="d" * 64)

        assert found(application) == (100, "BLOCK", {"KNOWN_FRAUD": 100})
        assert application.fraud_assessment.flags.get().facts == {"kinds": kind}

    def test_of_another_or_ended_or_over_is_none(self):
        customer = settled()
        marked(settled(), "ID")
        take_off(marked(customer, "PHONE"))
        marked(customer, "ID", until=timezone.localdate() - timedelta(days=3))

        assert found(asked(customer))[0] == 0


class TestAnEmployer:
    def test_on_the_list_is_35(self):
        """Who pays them as a business, to this month or the last; another business is none."""
        customer, employer = settled(), BusinessFactory()
        till = employer.deposit_accounts.get()
        put_in(till.ledger_account, "40000", at=timezone.now())
        send(till.ledger_account, account_of(customer).ledger_account, "30000")
        self.mark(BusinessFactory().deposit_accounts.get())
        assert found(asked(customer, ago(hours=30), withdrawn=True))[2] == {}

        self.mark(till)

        application = asked(customer)
        assert found(application) == (35, "CLEAR", {"EMPLOYER": 35})
        [flag] = application.fraud_assessment.flags.all()
        assert words.found(flag).endswith(f"pays their salary: {employer.public_id}.")

    def mark(self, account):
        now = {"until": None, "actor": officer(), "at": timezone.now()}
        fraud.add_mark(kind="ACCOUNT", text=account.number, why="Police report 7", **now)


class TestAForm:
    @pytest.mark.parametrize(
        ("seconds", "is_scripted", "weights"),
        [(44, False, {"HURRIED": 20}), (45, False, {}), (300, True, {"HURRIED": 20})],
    )
    def test_faster_than_typing_or_of_a_script_is_20(self, seconds, is_scripted, weights):
        application = asked(settled(), typed=Typed(seconds=seconds, is_scripted=is_scripted))

        assert found(application)[2] == weights


class TestRulesWithoutData:
    @pytest.mark.parametrize("code", ["REFEREE", "FROM_ABROAD"])
    def test_stand_switched_off_and_cannot_be_switched_on(self, code):
        row = FraudRule.objects.get(code=code)
        assert not row.is_on and "off:" in row.source

        row.is_on = True
        with pytest.raises(ValidationError, match="no data"):
            row.clean()


class TestRoundTrips:
    @pytest.mark.parametrize(
        ("times", "back", "score"), [(3, "2000", 40), (3, "1799", 0), (2, "2000", 0)]
    )
    def test_of_three_deposits_that_left_within_a_day_are_40(self, times, back, score):
        customer = settled()
        books = account_of(customer).ledger_account
        for _ in range(times):
            put_in(books, "2000", at=timezone.now())
            take_out(books, back, at=timezone.now())

        assert found(asked(customer))[0] == score


class TestTerms:
    def test_a_rule_that_is_off_is_not_asked(self):
        customer = settled()
        customer.identity_checks.filter(kind="PHONE").update(state="MISMATCH")
        change(FraudRule(code="PHONE_NOT_OWNED", weight=40, is_on=False))

        assert found(asked(customer))[0] == 0

    def test_rules_are_asked_once(self):
        customer = settled()
        application = asked(customer)
        marked(customer, "ID")

        again = fraud.assess(application, at=timezone.now())

        assert again == application.fraud_assessment
        assert FraudAssessment.objects.count() == 1
        assert again.is_clear
