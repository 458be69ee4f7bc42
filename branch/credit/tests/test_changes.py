"""Paying otherwise, from the customer's wish to the officer's desk and back to the signature."""

import os
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.factories import PIN
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from lending.arrears.tests.steps import lend
from lending.decisions.tests.steps import officer as officer_of
from lending.decisions.tests.test_pages import browser_of, figures, page
from lending.restructures import operations as restructures
from lending.restructures.models import Restructure
from lending.restructures.tests.test_operations import ask, loan_of_a_year, offered
from wekeza.tests.browser import LOOKS
from wekeza.tests.look import problems_of

ASK, WISH, LOAN = (
    "lending:restructures:ask", "lending:restructures:wish", "lending:repayments:loan"
)  # fmt: skip
pytestmark = pytest.mark.django_db


class TestTheCustomer:
    @pytest.mark.proves("BW29", "BW43")
    def test_asks_sees_what_it_comes_to_and_signs(self, at_work):
        loan = loan_of_a_year()
        browser = browser_of(loan.customer)
        assert "I cannot pay as agreed" in page(browser, LOAN, loan.public_id)
        wished = {"kind": "LONGER", "payments": "24", "reason": "Work is short"}

        reply = browser.post(reverse(ASK, args=[loan.public_id]), wished)

        wish = Restructure.objects.get()
        assert reply.status_code == 303 and str(wish.public_id) in reply.url
        assert "A person looks at it" in page(browser, WISH, wish.public_id)

        officer = at_work("LOAN_OFFICER")
        desk = reverse("branch:credit:change", args=[wish.public_id])
        assert loan.number in officer.get(reverse("branch:credit:changes")).content.decode()
        assert "Work is short" in officer.get(desk).content.decode()
        words = {"kind": "LONGER", "number": "24", "why": "We saw the letter", "propose": "1"}
        assert officer.post(desk, words).status_code == 303
        asked = Approval.objects.get(deed="lending.restructure")
        approvals.approve(
            asked, digest=asked.digest, actor=officer_of("BRANCH_MANAGER"), at=timezone.now()
        )

        seen = figures(page(browser, WISH, wish.public_id))
        assert "Payments left 12 24" in seen and "We saw the letter" in seen
        wish.refresh_from_db()
        agreed = browser.post(
            reverse(WISH, args=[wish.public_id]),
            {"figures": restructures.plan_of(wish).figures, "read": "on", "code": PIN},
        )
        assert agreed.status_code == 303
        wish.refresh_from_db()
        assert wish.is_signed
        assert figures(page(browser, LOAN, loan.public_id)).count("2028") > 10

    def test_is_told_what_may_be_chosen(self):
        loan = loan_of_a_year()
        at = reverse(ASK, args=[loan.public_id])
        reply = browser_of(loan.customer).post(at, {"kind": "DEFER", "defer": "5", "reason": "Ill"})

        assert reply.status_code == 422
        assert "You may put off 2 more within a year" in reply.content.decode()
        assert "Ill" in reply.content.decode(), "what was typed is kept"

    def test_of_a_30_day_loan_is_told_why_not(self):
        loan = lend()

        reply = browser_of(loan.customer).get(reverse(ASK, args=[loan.public_id]))

        assert reply.status_code == 409
        assert "paid at once" in reply.content.decode()

    def test_does_not_see_anothers(self):
        wish = ask(loan_of_a_year())

        stranger = browser_of(loan_of_a_year().customer)

        assert stranger.get(reverse(WISH, args=[wish.public_id])).status_code == 404

    def test_reads_why_it_was_refused_or_is_over(self):
        no = ask(loan_of_a_year())
        restructures.refuse(no, why="Your wage is enough", at=timezone.now(), actor=officer_of())
        over = offered(ask(loan_of_a_year()))
        Restructure.objects.filter(pk=over.pk).update(offer_until=timezone.now())

        assert "Your wage is enough" in page(browser_of(no.loan.customer), WISH, no.public_id)
        told = page(browser_of(over.loan.customer), WISH, over.public_id)
        assert "This offer is over" in told
        assert ask(over.loan, at=timezone.now() + timedelta(seconds=1)) != over


@pytest.mark.django_db(transaction=True)
class TestTheLook:
    def test_is_accessible_and_whole(self, live_bank, new_page, at_work):
        asked, wish = loan_of_a_year(), offered(ask(loan_of_a_year()))
        open_one = ask(loan_of_a_year())
        name, problems = settings.SESSION_COOKIE_NAME, []
        pages = [
            (browser_of(asked.customer), reverse(ASK, args=[asked.public_id])),
            (browser_of(asked.customer), reverse(LOAN, args=[asked.public_id])),
            (browser_of(wish.loan.customer), reverse(WISH, args=[wish.public_id])),
            (at_work("LOAN_OFFICER"), reverse("branch:credit:change", args=[open_one.public_id])),
            (at_work("LOAN_OFFICER"), reverse("branch:credit:changes")),
        ]
        for nth, (browser, address) in enumerate(pages):
            cookie = browser.cookies[name].value
            for size, scheme in LOOKS:
                seen = new_page(size=size, scheme=scheme)
                seen.context.add_cookies([{"name": name, "value": cookie, "url": live_bank.url}])
                seen.goto(f"{live_bank.url}{address}")
                problems += problems_of(seen)
                if folder := os.environ.get("PICTURES"):
                    path = f"{folder}/change-{nth}-{scheme}-{size['width']}.png"
                    seen.screenshot(path=path, full_page=True)
        assert problems == []
