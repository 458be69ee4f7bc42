"""What is known of a borrower, and what the rules and officers answer when they ask for a loan."""

import pytest
from django.utils import timezone, translation

from accounts.factories import BusinessFactory, actor_of
from ledger.approvals import terms
from ledger.calendar import queries as calendar
from lending.applications.models import LoanApplication
from lending.business.tests.test_taking import sign
from lending.decisions import operations as decisions
from lending.decisions import words
from lending.decisions.refusals import DetailsBeingChecked, HardDecline
from lending.decisions.tests.steps import decide
from lending.factories import (
    ApplicationFactory,
    BorrowerFactory,
    BusinessApplicationFactory,
    directors_of,
    take,
)
from lending.loans.models import Loan
from lending.watch.models import WatchTerm
from lending.watch.tests.steps import agree, lift, mark, officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bureau")]


def form_of(customer, business=None):
    """Their application before they sent one: whom a mark is on."""
    return LoanApplication(customer=customer, business=business)


def marked(kind):
    """A borrower of whom something is known, with the application by which it was put."""
    form = form_of(BorrowerFactory())
    return form, mark(form, kind)


def answered(application):
    decision = application.decisions.get()
    return decision.result, [reason["code"] for reason in decision.reasons]


class TestOneThatDeclines:
    def test_is_told_to_the_customer_in_words_that_name_nothing(self):
        form, _row = marked("FRAUD")

        asked = ApplicationFactory(customer=form.customer)

        decision = asked.decisions.get()
        assert answered(asked) == ("REFUSED", ["ON_RECORD"])
        assert decision.reasons[0]["facts"] == {} and decision.inputs["record"] == ["FRAUD"]
        assert decision.score == 675, "it was scored all the same"
        (said,) = words.reasons_of(decision)
        assert said.text == "We hold information that keeps us from lending to you now."
        assert said.remedy == "Ask a person to look again."
        with translation.override("sw"):
            (swahili,) = words.reasons_of(decision)
        assert swahili.text != said.text and swahili.remedy != said.remedy

    def test_binds_officers_until_it_is_lifted(self):
        form, row = marked("BANKRUPT")
        asked = ApplicationFactory(customer=form.customer)
        decisions.ask_person(asked, at=timezone.now(), actor=actor_of(asked.customer))

        with pytest.raises(HardDecline, match="something that is kept of the borrower"):
            decide(asked)
        lift(form, row)
        decide(asked)

        asked.refresh_from_db()
        assert asked.is_approved and take(asked).is_active

    def test_keeps_an_offer_from_being_paid_out(self):
        asked = ApplicationFactory()
        row = mark(asked, "DECEASED")

        with pytest.raises(DetailsBeingChecked):
            take(asked)
        assert not Loan.objects.filter(customer=asked.customer).exists()
        lift(asked, row)

        assert take(asked).is_active

    def test_keeps_a_business_from_one_when_it_is_of_who_asks(self):
        asked, shop = BusinessApplicationFactory(), BusinessFactory()
        assert asked.is_approved
        mark(form_of(asked.customer), "FRAUD")
        mark(form_of(directors_of(shop)[0]), "BANKRUPT")

        with pytest.raises(DetailsBeingChecked):
            sign(asked)
        assert answered(BusinessApplicationFactory(business=shop)) == ("REFUSED", ["ON_RECORD"])


class TestOneThatRefers:
    def test_has_an_officer_look_who_may_approve(self):
        form, _row = marked("WATCH")

        asked = ApplicationFactory(customer=form.customer)

        assert answered(asked) == ("REFERRED", ["ON_RECORD_LOOK"])
        assert [one.text for one in words.reasons_of(asked.decisions.get())] == [
            "A person looks at it."
        ]
        decide(asked)
        asked.refresh_from_db()
        assert asked.is_approved and words.reasons_of(asked.decisions.last()) == []

    def test_is_of_a_business_too(self):
        shop = BusinessFactory()
        mark(form_of(directors_of(shop)[0], shop), "WATCH")

        asked = BusinessApplicationFactory(business=shop)

        assert answered(asked) == ("REFERRED", ["ON_RECORD_LOOK"])

    def test_declines_when_two_persons_say_so_by_its_term(self):
        (form, _row), now = marked("WATCH"), timezone.now()
        row = WatchTerm.objects.get(kind="WATCH")
        row.pk, row._state.adding, row.declines = None, True, True
        row.effective_from = calendar.nairobi_date(now)
        agree(terms.ask(row, reason="Board paper 12", actor=officer("RISK"), at=now))

        asked = ApplicationFactory(customer=form.customer)

        assert answered(asked) == ("REFUSED", ["ON_RECORD"])
