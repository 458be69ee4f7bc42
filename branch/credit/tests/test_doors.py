"""The loan officer's desk: the queue by its clock, an application with its figures, the answer."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access.tests.apps import code_at
from accounts.customers.models import Customer
from accounts.privacy.models import FileView
from ledger.approvals.models import Approval
from lending.decisions.tests.steps import (
    WHY,
    decide,
    in_default,
    officer,
    referred,
    reviewed,
    two_above,
)
from lending.factories import ApplicationFactory, BorrowerFactory
from lending.stops.tests.steps import stop

pytestmark = pytest.mark.django_db
QUEUE = "/workbench/credit/queue/"
YES, NO = {"result": "APPROVED", "amount": "5,000", "why": WHY}, {"result": "REFUSED", "why": WHY}


def page_of(application):
    return reverse("branch:credit:application", args=[application.public_id])


def said(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    spaced = re.sub(r"<[^>]+>", " ", answer.content.decode().replace("\xa0", " "))
    return " ".join(spaced.split())


def html(client, address):
    return client.get(address).content.decode()


def elsewhere():
    """A borrower of another branch."""
    customer = BorrowerFactory()
    Customer.objects.filter(pk=customer.pk).update(branch="002")
    customer.refresh_from_db()
    return customer


class TestTheQueue:
    @pytest.mark.proves("BW28")
    def test_tells_why_each_is_there_and_marks_what_is_overdue(self, at_work, bureau):
        client, long_ago = at_work("LOAN_OFFICER"), timezone.now() - timedelta(hours=25)
        late = referred(bureau, at=long_ago)
        bureau.behaviour = ""
        review = reviewed(bureau)

        text, page = said(client, QUEUE), html(client, QUEUE)

        assert page.index(page_of(late)) < page.index(page_of(review)), "the longest there first"
        assert "The bureau was silent" in text and "Customer asked for a person" in text
        assert text.count("Overdue") == 1
        assert "Loans to decide" in said(client, "/workbench/")

    def test_is_of_ones_own_branch_first(self, at_work, bureau):
        mine = referred(bureau)
        other = referred(bureau, customer=elsewhere())
        client, everywhere = at_work("LOAN_OFFICER"), at_work("AUDITOR")

        assert page_of(mine) in html(client, QUEUE)
        assert page_of(other) not in html(client, f"{QUEUE}?branch=all")
        assert page_of(other) not in html(everywhere, QUEUE)
        assert page_of(other) in html(everywhere, f"{QUEUE}?branch=all")

    def test_may_be_empty(self, at_work):
        assert "Nothing to decide" in said(at_work("LOAN_OFFICER"), QUEUE)

    @pytest.mark.parametrize("page", ["", "x", "-1", "99999", "٥"])
    def test_takes_any_page(self, at_work, bureau, page):
        asked = referred(bureau)

        assert page_of(asked) in html(at_work("RISK"), f"{QUEUE}?page={page}")


class TestAnApplication:
    def test_shows_all_that_it_rests_on(self, at_work, bureau):
        asked = reviewed(bureau)

        text = said(at_work("LOAN_OFFICER"), page_of(asked))

        assert "575 of 1,000, cut-off 601" in text
        assert "Still here after 48 hours, percent 1.0 0 of 100" in text
        assert "Two days after money came in, 1.0% of it was still here." in text
        assert "1 deposit in 90 days" in text and "KES 50,000 .00" in text
        assert "Nothing on file" in text and "NEWCOMER 1" in text
        assert asked.customer.full_name in text

    def test_opens_the_file_for_what_the_customer_asked(self, at_work, bureau):
        asked = referred(bureau)

        said(at_work("LOAN_OFFICER"), page_of(asked))
        said(at_work("AUDITOR"), page_of(asked))

        seen = FileView.objects.filter(customer=asked.customer).order_by("pk")
        assert list(seen.values_list("purpose", flat=True)) == ["REQUEST", "CONTROL"]

    def test_is_shut_to_its_own_customer(self, at_work, bureau):
        client = at_work("LOAN_OFFICER", national_id="61234567")
        asked = referred(bureau, customer=BorrowerFactory(national_id="61234567"))

        said(client, page_of(asked), status=403)
        assert client.post(page_of(asked), YES).status_code == 403
        assert asked.decisions.count() == 1


class TestDeciding:
    @pytest.mark.proves("BW28")
    def test_is_one_press(self, at_work, bureau):
        client, asked = at_work("LOAN_OFFICER"), referred(bureau)
        next_one = referred(bureau, customer=BorrowerFactory(full_name="Brian Otieno"))

        answer = client.post(page_of(asked), YES | {"amount": "3,000"})

        assert (answer.status_code, answer["Location"]) == (303, page_of(asked))
        asked.refresh_from_db()
        assert asked.is_approved and asked.decisions.last().money.amount == 3000
        text = said(client, page_of(asked))
        assert client.member.full_name in text and "(instead of number 1)" in text
        assert "Next: Brian Otieno" in text and page_of(next_one) in html(client, page_of(asked))
        assert client.post(page_of(asked), NO).status_code == 422

    def test_may_be_a_refusal(self, at_work, bureau):
        asked = referred(bureau)

        assert at_work("BRANCH_MANAGER").post(page_of(asked), NO).status_code == 303

        asked.refresh_from_db()
        assert asked.is_refused

    def test_keeps_what_was_typed_beside_what_is_wrong(self, at_work, bureau):
        client, asked = at_work("LOAN_OFFICER"), referred(bureau)
        wrongs = [
            ({"why": "Looks good"}, "of 20 characters or more"),
            ({"amount": "9,000"}, "was asked for. Approve that or less."),
            ({"amount": ""}, "Enter the amount"),
            ({"result": "REFERRED"}, "is not one of the available choices"),
        ]
        for wrong, told in wrongs:
            answer = client.post(page_of(asked), YES | wrong)
            assert answer.status_code == 422 and told in answer.content.decode(), wrong
        assert asked.decisions.count() == 1

    def test_tells_what_nobody_may_approve(self, at_work, bureau):
        client, asked = at_work("LOAN_OFFICER"), in_default(bureau)

        answer = client.post(page_of(asked), YES)

        assert answer.status_code == 422
        assert "the bureau has a loan that is not being paid" in answer.content.decode()

    def test_waits_while_lending_is_stopped(self, at_work, bureau):
        client, asked = at_work("LOAN_OFFICER"), referred(bureau)
        row = stop()

        assert client.post(page_of(asked), YES).status_code == 422
        assert row.attempts.get().actor == f"STAFF:{client.member.user_id}"

    def test_of_a_large_loan_takes_two(self, at_work, bureau):
        two_above(3000)
        maker, second, asked = at_work("LOAN_OFFICER"), at_work("BRANCH_MANAGER"), None
        asked = ApplicationFactory()
        assert "Large loan" in said(maker, QUEUE)

        assert maker.post(page_of(asked), YES).status_code == 303

        request = Approval.objects.get(deed="lending.approve_large")
        assert "Waiting for a second person" in said(second, page_of(asked))
        says = {"digest": request.digest, "verdict": "approve", "code": code_at(timezone.now())}
        address = reverse("branch:workbench:approval", args=[request.public_id])
        assert maker.post(address, says).status_code == 422
        assert page_of(asked) in html(second, address)
        assert second.post(address, says).status_code == 303
        asked.refresh_from_db()
        assert asked.is_approved
        assert f"asked by {maker.member.full_name}" in said(second, page_of(asked))


class TestWhoMay:
    @pytest.mark.parametrize(
        ("role", "looks", "decides"),
        [
            ("LOAN_OFFICER", True, True),
            ("BRANCH_MANAGER", True, True),
            ("RISK", True, False),
            ("AUDITOR", True, False),
            ("OPERATIONS", False, False),
            ("COMPLIANCE", False, False),
            ("FINANCE", False, False),
            ("HEAD_TELLER", False, False),
            ("ADMINISTRATOR", False, False),
        ],
    )
    def test_look_and_decide(self, at_work, bureau, role, looks, decides):
        asked, client = referred(bureau), at_work(role)

        for address in (QUEUE, page_of(asked)):
            assert client.get(address).status_code == (200 if looks else 403)
        if looks:
            assert ('value="APPROVED"' in html(client, page_of(asked))) == decides
        assert (f'href="{QUEUE}"' in html(client, "/workbench/")) == looks
        assert client.post(page_of(asked), YES).status_code == (303 if decides else 403)

    def test_decide_nothing_of_another_branch(self, at_work, bureau):
        asked = referred(bureau, customer=elsewhere())
        client = at_work("LOAN_OFFICER")

        assert 'value="APPROVED"' not in html(client, page_of(asked))
        assert client.post(page_of(asked), YES).status_code == 403
        assert decide(asked, actor=officer(branch_id="002")).is_approved
