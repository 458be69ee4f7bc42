"""Ten at once: each application is assessed once, and what is counted is counted truly."""

from collections import Counter
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.factories import actor_of
from ledger.tests.racing import at_once
from lending.decisions import operations as decisions
from lending.factories import BorrowerFactory, wish
from lending.fraud import operations as fraud
from lending.fraud.models import FraudAssessment, FraudCase
from lending.fraud.tests.steps import ago, asked, case_about, flagged, found, officer, settled
from wekeza.kit.errors import Refusal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bureau")]
TEN = 10


class TestAtOnce:
    def test_ten_answers_assess_one_application_once(self):
        customer = settled()
        asked(customer, ago(hours=3), withdrawn=True)
        application = asked(customer, is_assessed=False)

        at_once(TEN, lambda _number: decisions.answer(application, at=timezone.now()))

        assert FraudAssessment.objects.filter(application=application).count() == 1
        assert FraudCase.objects.filter(assessment__application=application).count() == 1
        assert found(application) == (40, "REVIEW", {"DUPLICATE": 40})
        assert application.decisions.count() == 1

    def test_ten_customers_on_one_device_are_seen_from_the_third_on(self):
        customers = [settled() for _ in range(TEN)]
        checker = officer("AUDITOR")

        applications = at_once(
            TEN, lambda number: asked(customers[number], device="e" * 64, checker=checker)
        )

        scores = Counter(found(application)[0] for application in applications)
        # Whoever is assessed when at most two had asked is clear; nobody after them is.
        assert set(scores) <= {0, 45}
        assert scores[0] <= 2

    def test_three_products_that_one_customer_asks_for_at_once_are_counted_as_three(self):
        customer = BorrowerFactory(tier_id="TIER_2")
        pay = {"income": "40000", "employment": "PERMANENT"}
        wishes = [{}, {"product": "EMER", **pay}, {"product": "SALA", **pay}]

        def ask(number):
            row = decisions.apply(
                customer, wish=wish(**wishes[number]), reference=uuid4(), at=timezone.now(),
                actor=actor_of(customer),
            )  # fmt: skip
            return decisions.answer(row, at=timezone.now())

        asked_for = sorted(at_once(len(wishes), ask), key=lambda row: row.pk)

        fired = [found(row)[2].get("VELOCITY") for row in asked_for]
        assert fired == [None, None, 30], "whoever was last sees both others"

    def test_ten_officers_take_one_case(self):
        case = case_about(flagged())
        officers = [officer() for _ in range(TEN)]

        results = at_once(
            TEN, lambda number: fraud.take(case, actor=officers[number], at=timezone.now())
        )

        assert sum(not isinstance(result, Refusal) for result in results) == 1
