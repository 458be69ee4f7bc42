"""Officers and late loans: whose hands a case is in, contacts within the law, texts of the bank."""

import pytest

from accounts.factories import CustomerFactory, StaffMemberFactory, staff_actor
from accounts.staff.refusals import NotForYou
from ledger.tests.racing import at_once, refused
from lending.arrears.tests.steps import pay
from lending.collections import operations, texts
from lending.collections.models import CollectionContact
from lending.collections.refusals import (
    CaseOver,
    ContactedEnough,
    HeldByPromise,
    InOtherHands,
    NotForThem,
    OutsideOfHours,
    OwnLoan,
    StepNotDone,
)
from lending.collections.tests.steps import (
    chased,
    collector,
    contact,
    late_loan,
    noon,
    promise,
    today,
    waiting,
)
from lending.factories import BorrowerFactory

pytestmark = pytest.mark.django_db


def take(case, actor):
    return operations.take(case, actor=actor, at=noon())


class TestTake:
    def test_puts_it_into_ones_hands_and_no_colleagues(self):
        case, mine = chased(late_loan()), collector()

        assert take(case, mine).taken_by == str(mine)
        assert take(case, mine).taken_by == str(mine)
        with pytest.raises(InOtherHands):
            take(case, collector())

    def test_may_be_assigned_to_who_collects(self):
        case, lead = chased(late_loan()), collector()
        colleague = StaffMemberFactory(role_id="COLLECTIONS")
        take(case, lead)

        row = operations.assign(case, to=colleague, actor=lead, at=noon())

        assert row.taken_by == f"STAFF:{colleague.user_id}"
        with pytest.raises(NotForThem):
            operations.assign(case, to=StaffMemberFactory(role_id="TELLER"), actor=lead, at=noon())

    def test_is_not_for_everybody(self):
        case = chased(late_loan())

        with pytest.raises(NotForYou):
            take(case, collector("AUDITOR"))


class TestContact:
    def test_is_kept_and_does_its_step(self):
        loan, officer = late_loan(), collector()
        case = chased(loan)

        row = contact(case, step="CALL", note=" Harvest is late ", actor=officer)

        assert (row.channel, row.note, row.made_by) == ("CALL", "Harvest is late", str(officer))
        assert row.step.state == "DONE" and "CALL" not in waiting(case)
        with pytest.raises(StepNotDone):
            contact(case, step="CALL")
        with pytest.raises(StepNotDone):
            contact(case, channel="CALL", step="TEXT")

    def test_only_in_lawful_hours(self):
        """kenya.md 4.9: 08:00 to 20:00."""
        case = chased(late_loan())

        for hour in (7, 20):
            with pytest.raises(OutsideOfHours, match=f"It is {hour:02d}:00 .* 08:00 to 20:00"):
                contact(case, at=noon(hour=hour))
        for hour in (8, 19):
            contact(case, at=noon(hour=hour))
        assert CollectionContact.objects.count() == 2

    def test_at_most_three_times_a_day_over_all_loans_and_texts(self):
        """kenya.md 4.9: at most three contacts a day."""
        customer = CustomerFactory()
        one = chased(late_loan(customer))
        other = chased(late_loan(customer, product="SALA", tenor=1))
        assert texts.send(at=noon(hour=9)) == 2
        contact(one, at=noon(hour=10))

        with pytest.raises(ContactedEnough, match="contacted 3 times today"):
            contact(other, channel="LETTER", outcome="SENT")
        contact(other, at=noon(today().replace(year=today().year + 1)))

    def test_waits_for_a_promise_but_letters_may_go(self):
        loan = late_loan(days=20)
        case = chased(loan)
        promise(loan)

        with pytest.raises(HeldByPromise, match="KES 2,000.00"):
            contact(case)
        contact(case, channel="LETTER", outcome="SENT", step="LETTER")
        assert texts.send(at=noon()) == 0, "nor does the bank text"

    def test_not_about_what_was_paid_today(self):
        loan = late_loan()
        case = chased(loan)
        pay(loan, "5250")

        with pytest.raises(CaseOver):
            contact(case)
        assert texts.send(at=noon()) == 0

    def test_not_about_oneself(self):
        case = chased(late_loan(BorrowerFactory(national_id="61234567", deposit="")))
        officer = StaffMemberFactory(role_id="COLLECTIONS", national_id="61234567")

        with pytest.raises(OwnLoan):
            contact(case, actor=staff_actor(officer))


class TestTexts:
    def test_tells_each_once_in_lawful_hours(self):
        loan = late_loan()
        case = chased(loan)

        sent = [texts.send(at=noon(hour=hour)) for hour in (7, 8, 9, 20)]

        assert sent == [0, 1, 0, 0]
        assert "TEXT" not in waiting(case)
        text = loan.customer.user.messages.get(kind="loan_due").body
        assert "was due on" in text and "KES 5,250.00" in text.replace("\xa0", " ")


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_of_two_officers_one_takes_it_and_a_fourth_contact_is_refused(self):
        case = chased(late_loan())
        officers = [collector() for _ in range(2)]

        results = at_once(2, lambda number: take(case, officers[number]))
        assert len(refused(results)) == 1

        texts.send(at=noon())  # To late borrowers of other tests too, whose rows stay.
        assert CollectionContact.objects.filter(case=case).count() == 1
        contacts = at_once(4, lambda number: contact(case, actor=officers[number % 2]))
        assert len(refused(contacts)) == 2, "three contacts a day, the text among them"
