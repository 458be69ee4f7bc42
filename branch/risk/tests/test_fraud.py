"""The desk of fraud: cases by score, a case with its verdict, and the list of known fraud."""

import pytest
from django.urls import reverse
from django.utils import timezone

from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from lending.fraud.models import FraudMark
from lending.fraud.tests.steps import blocked, case_about, flagged, officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bureau")]
DESK, MARKS = "/risk/fraud/", "/risk/fraud/marks/"


def page_of(case):
    return reverse("branch:risk:fraud_case", args=[case.public_id])


def said(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


class TestTheDesk:
    @pytest.mark.proves("RF11", "RF19")
    def test_takes_a_case_to_its_verdict(self, at_work):
        client, case, worse = at_work("RISK"), case_about(flagged()), case_about(blocked())
        shown = said(client, DESK)
        assert shown.index(page_of(worse)) < shown.index(page_of(case)), "the heaviest first"
        assert "Asked again for the same loan" in said(client, page_of(case))
        assert "hours before this one: 1." in said(client, page_of(case))

        def does(deed, **facts):
            return client.post(page_of(case), {"deed": deed, **facts}).status_code

        assert does("note") == 422
        assert does("escalate", text="Three phones, one face") == 303
        assert does("confirm", text="Too early") == 422
        assert does("take") == 303
        assert does("confirm", text="Stolen ID", marks=["ID", "PHONE"]) == 303

        case.refresh_from_db()
        assert (case.state, case.marks.count()) == ("CONFIRMED", 2)
        done = said(client, page_of(case))
        assert "Stolen ID" in done and client.member.full_name in done
        assert "What to do" not in done
        assert said(client, DESK).count("Case ") >= 2

    def test_shows_but_does_nothing_for_auditors(self, at_work):
        client, case = at_work("AUDITOR"), case_about(flagged())

        assert "What to do" not in said(client, page_of(case))
        assert client.post(page_of(case), {"deed": "take"}).status_code == 403
        assert client.post(MARKS, {"kind": "ID", "text": "1", "why": "x"}).status_code == 403

    def test_is_closed_to_loan_officers(self, at_work):
        client, case = at_work("LOAN_OFFICER"), case_about(flagged())

        for address in (DESK, MARKS, page_of(case)):
            assert client.get(address).status_code == 403


class TestKnownFraud:
    def test_is_added_and_taken_off(self, at_work):
        client = at_work("COMPLIANCE")
        facts = {"kind": "PHONE", "text": "0722 000 418", "why": "Police report 7"}

        assert client.post(MARKS, facts | {"text": "12"}).status_code == 422
        assert client.post(MARKS, facts).status_code == 303
        assert client.post(MARKS, facts).status_code == 422, "it is marked already"

        row = FraudMark.objects.get()
        shown = said(client, MARKS)
        assert "Police report 7" in shown and "0722" not in shown
        own = f"{MARKS}{row.public_id}/"
        assert client.post(own, {"reason": ""}).status_code == 422
        assert client.post(own, {"reason": "Another person"}).status_code == 303
        assert "asks that it is taken off: Another person" in said(client, own)
        request = Approval.objects.get(deed="fraud.end_mark")
        approvals.approve(request, digest=request.digest, actor=officer(), at=timezone.now())
        assert "Why it was taken off" in said(client, own)
        assert "Taken off" in said(client, MARKS)
