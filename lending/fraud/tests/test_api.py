"""The doors of staff's programs: checking an application, and sending it to investigation."""

import pytest
from django.utils import timezone

from accounts.access.tests.apps import code_at, give_app
from accounts.factories import StaffMemberFactory
from lending.fraud.tests.steps import ago, asked, case_about, flagged, found, settled
from wekeza.tests.api.steps import Program, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bureau")]
CHECK, ESCALATE = "/api/v1/loan/fraud/check", "/api/v1/loan/fraudflag/escalate"


def program_of(role):
    member = StaffMemberFactory(role_id=role)
    give_app(member.user)
    program = Program()
    told = program.sign_in(member.user.email, otp=code_at(timezone.now())).json()
    return program.use(told["access_token"])


class TestCheck:
    @pytest.mark.proves("RF13")
    def test_evaluates_the_rules_on_a_submitted_application(self):
        customer = settled()
        asked(customer, ago(hours=2), withdrawn=True)
        application = asked(customer, is_assessed=False)

        answer = program_of("RISK").post(CHECK, {"application": str(application.public_id)})

        assert (answer.status_code, answer.json()) == (
            200,
            {
                "application": str(application.public_id),
                "score": 40,
                "result": "REVIEW",
                "flags": [{"rule": "DUPLICATE", "weight": 40, "facts": {"others": 1, "hours": 24}}],
            },
        )
        assert found(application) == (40, "REVIEW", {"DUPLICATE": 40})

    def test_is_closed_to_others(self):
        application = flagged()
        body = {"application": str(application.public_id)}

        refused(program_of("LOAN_OFFICER").post(CHECK, body), 403, "NOT_FOR_YOU")
        refused(program_of("AUDITOR").post(ESCALATE, body | {"note": "x"}), 403, "NOT_FOR_YOU")
        borrower = Program(user=application.customer.user)
        assert borrower.post(CHECK, body).status_code == 403
        assert borrower.post(ESCALATE, body | {"note": "x"}).status_code == 403

    def test_knows_no_application_that_is_none(self):
        body = {"application": "5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11"}

        refused(program_of("RISK").post(CHECK, body), 404, "NO_SUCH_LOAN_APPLICATION")


class TestEscalate:
    @pytest.mark.proves("RF19")
    def test_sends_a_flagged_application_to_investigation(self):
        application, program = flagged(), program_of("COMPLIANCE")
        body = {"application": str(application.public_id), "note": "Three phones, one face"}

        answer = program.post(ESCALATE, body)

        case = case_about(application)
        assert (answer.status_code, answer.json()["state"]) == (200, "OPEN")
        assert case.escalated_at is not None
        assert case.notes.get().text == "Three phones, one face"

    def test_of_what_nobody_flagged_is_refused(self):
        application = asked(settled())
        body = {"application": str(application.public_id), "note": "A feeling"}

        refused(program_of("RISK").post(ESCALATE, body), 404, "NO_FRAUD_CASE")
