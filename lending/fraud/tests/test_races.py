"""Ten at once: each application is assessed once, and what is counted is counted truly."""

from collections import Counter

import pytest
from django.utils import timezone

from ledger.tests.racing import at_once
from lending.decisions import operations as decisions
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

    def test_ten_officers_take_one_case(self):
        case = case_about(flagged())
        officers = [officer() for _ in range(TEN)]

        results = at_once(
            TEN, lambda number: fraud.take(case, actor=officers[number], at=timezone.now())
        )

        assert sum(not isinstance(result, Refusal) for result in results) == 1
