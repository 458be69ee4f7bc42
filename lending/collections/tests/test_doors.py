"""Help with arrears in a browser and for programs: what is said, and what is promised."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.businesses.refusals import NotYourRole
from accounts.factories import BusinessFactory, CustomerFactory, actor_of
from ledger.calendar import queries as calendar
from lending.arrears.tests.steps import lend, pay
from lending.business.tests.test_taking import sign
from lending.collections.models import LoanPromise
from lending.collections.tests.steps import late_loan, night, promise, today
from lending.factories import BusinessApplicationFactory
from wekeza.tests.api.steps import Program

pytestmark = pytest.mark.django_db
ADD = "/api/v1/loan/promise/add"


def page_of(loan):
    return reverse("lending:collections:help", args=[loan.public_id])


def at_home(loan) -> Client:
    client = Client()
    client.force_login(loan.customer.user)
    return client


def said(answer) -> str:
    spaced = re.sub(r"<[^>]+>", " ", answer.content.decode().replace("\xa0", " "))
    return " ".join(spaced.split())


def form(money="2000", *, days=7, parts=1, reference=None):
    first = today() + timedelta(days=days)
    key = str(reference or uuid4())
    return {"reference": key, "money": money, "first": first.isoformat(), "parts": parts}


class TestHelp:
    @pytest.mark.proves("BW50")
    def test_a_late_customer_promises_pays_and_sees_it_kept(self):
        loan = late_loan()
        client, page = at_home(loan), page_of(loan)
        assert (
            page
            in client.get(
                reverse("lending:repayments:loan", args=[loan.public_id])
            ).content.decode()
        )
        assert page in client.get("/borrow/").content.decode()

        text = said(client.get(page))
        assert "KES 5,250.00" in text and "We write you a letter" in text
        answer = client.post(page, form(), follow=True)
        assert "Your promise of" in said(answer) and "Still open" in said(answer)
        pay(loan, "2000")
        night(today())

        assert "Kept" in said(client.get(page))
        assert LoanPromise.objects.get().state == "KEPT"

    def test_says_what_it_does_not_take_beside_the_box(self):
        loan = late_loan()
        client = at_home(loan)

        for sent, words in (
            (form("6000"), "KES 5,250.00 is overdue. Promise that or less"),
            (form("10"), "Promise KES 525.00 or more"),
            (form(days=30), "Choose a day from"),
            (form() | {"first": ""}, "Choose a day"),
        ):
            answer = client.post(page_of(loan), sent)
            assert (answer.status_code, words in said(answer)) == (422, True), words
        assert not LoanPromise.objects.exists()

    def test_a_form_that_is_sent_twice_promises_once(self):
        loan, key = late_loan(), uuid4()
        client = at_home(loan)

        for _ in range(2):
            assert client.post(page_of(loan), form(reference=key)).status_code == 303

        assert LoanPromise.objects.count() == 1

    def test_speaks_swahili_and_of_ones_own_loans_alone(self):
        loan = late_loan()
        user = loan.customer.user
        user.language = "sw"
        user.save()

        assert "Ahidi unachoweza kulipa" in said(at_home(loan).get(page_of(loan)))
        assert at_home(lend()).get(page_of(loan)).status_code == 404

    def test_says_that_nothing_is_overdue(self):
        loan = lend()

        assert "Nothing is overdue" in said(at_home(loan).get(page_of(loan)))


class TestABusiness:
    """Whoever may pay its loan back may promise: those who sign or direct."""

    @pytest.fixture
    def loan(self, bureau, monkeypatch):
        """Of KES 500,000, signed 45 days ago: its first instalment was due some 14 days ago."""
        others = [(CustomerFactory(), ["SIGNATORY"]), (CustomerFactory(), ["VIEWER"])]
        shop = BusinessFactory(others=others)
        asked, long_ago = BusinessApplicationFactory(business=shop), today() - timedelta(days=45)
        with monkeypatch.context() as then:
            then.setattr(calendar, "business_date", lambda: long_ago)
            return sign(asked).loan

    def browser(self, loan, role) -> Client:
        client = Client()
        member = loan.business.members.filter(role=role).order_by("pk").last()
        client.force_login(member.customer.user)
        return client

    @pytest.mark.parametrize("role", ["DIRECTOR", "SIGNATORY"])
    def test_promises_by_who_may_pay_for_it(self, loan, role):
        client = self.browser(loan, role)
        shown = client.get(reverse("lending:repayments:loan", args=[loan.public_id]))
        assert page_of(loan) in shown.content.decode()

        text = said(client.get(page_of(loan)))
        answer = client.post(page_of(loan), form("20000"), follow=True)

        assert loan.business.name in text and "is overdue" in text
        assert "Your promise of" in said(answer) and "Still open" in said(answer)
        assert LoanPromise.objects.get(loan=loan).money.amount == 20_000

    def test_shows_others_no_way_to_it(self, loan):
        viewer = self.browser(loan, "VIEWER")

        shown = viewer.get(reverse("lending:repayments:loan", args=[loan.public_id]))

        assert "You are late" in said(shown)
        assert page_of(loan) not in shown.content.decode()
        assert viewer.get(page_of(loan)).status_code == 403
        assert at_home(lend()).get(page_of(loan)).status_code == 404
        with pytest.raises(NotYourRole):
            promise(
                loan, "20000", actor=actor_of(loan.business.members.get(role="VIEWER").customer)
            )

    def test_is_no_promise_of_its_directors_own(self, loan):
        promise(loan, "20000")
        own = late_loan(loan.customer)

        assert Program(user=loan.customer.user).get("/api/v1/loan/promise/").json() == {
            "promises": []
        }
        assert promise(own).loan == own


class TestPrograms:
    def test_promise_once_and_see_what_came_of_it(self):
        loan, key = late_loan(), str(uuid4())
        program = Program(user=loan.customer.user)
        first = (today() + timedelta(days=3)).isoformat()
        asked = {
            "loan": str(loan.public_id),
            "money": {"amount": "5250.00", "currency": "KES"},
            "first_date": first,
            "parts": 2,
        }

        answers = [program.post(ADD, asked, idempotency_key=key) for _ in range(2)]

        assert [one.status_code for one in answers] == [201, 201]
        [made] = program.get("/api/v1/loan/promise/").json()["promises"]
        assert made["state"] == "OPEN" and made == answers[0].json()
        assert [part["money"]["amount"] for part in made["parts"]] == ["2625.00", "2625.00"]
        assert made["parts"][0]["due_date"] == first
        refused = program.post(ADD, asked, idempotency_key=str(uuid4()))
        assert refused.json()["error_code"] == "ALREADY_PROMISED"

    def test_see_nothing_of_others(self):
        promise(late_loan())

        program = Program(user=lend().customer.user)

        assert program.get("/api/v1/loan/promise/").json() == {"promises": []}
