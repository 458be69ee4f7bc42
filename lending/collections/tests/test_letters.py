"""The letter of the calendar: what stands in it, where it is kept, and that it is written once."""

from collections import Counter
from io import BytesIO

import pikepdf
import pytest
from django.utils import translation

from accounts.documents import queries as documents
from accounts.documents.refusals import NoSuchDocument
from ledger.calendar import queries as calendar
from ledger.tests.racing import at_once
from lending.arrears.tests.steps import pay
from lending.business.tests.test_taking import sign
from lending.collections import letters
from lending.collections.refusals import CaseOver, OutsideOfHours, StepNotDone
from lending.collections.tests.steps import chased, collector, late_loan, noon, waiting, written
from lending.decisions.tests.test_races import outcome
from lending.factories import BorrowerFactory, BusinessApplicationFactory
from lending.repayments import debts
from wekeza.kit import sealed_files

pytestmark = pytest.mark.django_db


def language_of(document) -> str:
    """The language that the PDF itself names; it is one page."""
    with pikepdf.open(BytesIO(sealed_files.get(document, "file"))) as pdf:
        assert len(pdf.pages) == document.pages == 1
        return str(pdf.Root.Lang)


def said(debt) -> str:
    """Every word of the letter in the active language."""
    words = letters.words_of(debt, at=noon())
    lines = [" ".join(pair) for pair in words["facts"]]
    found = " ".join([words["to"], words["title"], *words["before"], *lines, *words["after"]])
    return found.replace("\xa0", " ")


@pytest.fixture
def case():
    """KES 5,250 of a 30-day loan, 20 days late or a few more."""
    return chased(late_loan(days=20))


class TestTheLetter:
    def test_says_what_is_owed_and_what_comes_next(self, case):
        debt = debts.of(case.loan, on=calendar.business_date())

        text = said(debt)

        assert case.loan.customer.full_name in text and case.loan.number in text
        assert f"It is {debt.days_late} days late" in text
        assert f"Overdue {debt.asked_by_now}" in text
        assert "before we report it to a credit bureau" in text
        assert case.loan.account.ending in text

    def test_is_one_contact_and_the_end_of_its_step(self, case):
        assert "LETTER" in waiting(case)

        kept = written(case)

        assert (kept.channel, kept.outcome, kept.step.state) == ("LETTER", "SENT", "DONE")
        assert "LETTER" not in waiting(case)
        with pytest.raises(StepNotDone):
            written(case)

    def test_stands_among_the_papers_of_its_customer_alone(self, case):
        letter = written(case).letter

        assert documents.held_by(case.loan.customer.actor) == [letter]
        assert (letter.kind, letter.state, letter.is_from_us) == ("LOAN_LETTER", "ACTIVE", True)
        with pytest.raises(NoSuchDocument):
            stranger = BorrowerFactory(deposit="").actor
            documents.one_held_by(stranger, public_id=letter.public_id)

    def test_is_in_the_language_of_its_customer(self, case):
        user = case.loan.customer.user
        user.language = "sw"
        user.save()
        with translation.override("sw"):
            text = said(debts.of(case.loan, on=calendar.business_date()))

        letter = written(case).letter

        assert language_of(letter) == "sw" and translation.get_language() == "en"
        assert "umechelewa" in text

    def test_of_a_business_is_to_the_business(self, bureau):
        loan = sign(BusinessApplicationFactory()).loan
        day = loan.instalments.get(number=2).due

        assert loan.business.name in said(debts.of(loan, on=day))

    def test_is_not_written_out_of_hours_or_once_it_is_paid(self, case):
        with pytest.raises(OutsideOfHours):
            written(case, at=noon(hour=21))
        pay(case.loan, debts.of(case.loan, on=calendar.business_date()).total.amount)

        with pytest.raises(CaseOver):
            written(case)


@pytest.mark.django_db(transaction=True)
def test_of_five_officers_at_once_one_writes_it():
    case, people = chased(late_loan(days=20)), [collector() for _ in range(5)]

    said = Counter(at_once(5, lambda nth: outcome(lambda: written(case, actor=people[nth]))))

    assert said["done"] == 1 and sum(said.values()) == 5
    assert case.contacts.exclude(letter=None).count() == 1
    assert len(documents.held_by(case.loan.customer.actor)) == 1
