"""Loans of businesses agreed anew: a director asks, and the mandate signs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access.refusals import WrongPin
from accounts.businesses.models import Signature
from accounts.businesses.refusals import MadeByYou, NotYourRole
from accounts.factories import DIRECTOR, PIN, BusinessFactory, CustomerFactory, actor_of
from accounts.notifications.models import Message
from ledger.calendar import queries as calendar
from ledger.money import kes
from ledger.tests.racing import at_once
from lending.business.tests.test_taking import sign as take
from lending.decisions.tests.steps import decide
from lending.decisions.tests.test_pages import browser_of, page
from lending.decisions.tests.test_races import outcome
from lending.factories import BusinessApplicationFactory
from lending.repayments import debts
from lending.restructures import operations as restructures
from lending.restructures import queries, signing
from lending.restructures.models import Restructure
from lending.restructures.refusals import FiguresChanged
from lending.restructures.tests.test_operations import ask, offered

pytestmark = pytest.mark.django_db
WISH, ASK = "lending:restructures:wish", "lending:restructures:ask"


def borrowed(*others, kamau, bands=((None, 2, True),)):
    """A year's loan of KES 500,000 to a business of two directors, signed under its mandate."""
    shop = BusinessFactory(others=[(kamau, DIRECTOR), *others], bands=bands)
    asked = BusinessApplicationFactory(business=shop)
    if not asked.is_approved:  # Where there is no bureau, a person approves it.
        decide(asked, amount="500000")
    asked.refresh_from_db()
    signers = (asked.customer, kamau) if bands[0][2] else (kamau,)
    return [take(asked, person).loan for person in signers][-1]


def sign(wish, person, *, figures=None, secret=PIN):
    return signing.sign(
        wish, figures=figures or restructures.plan_of(wish).figures, secret=secret,
        at=timezone.now(), actor=actor_of(person),
    )  # fmt: skip


@pytest.fixture
def kamau():
    return CustomerFactory(full_name="Peter Kamau")


class TestABusiness:
    def test_signs_by_as_many_as_for_the_loan(self, bureau, kamau):
        loan = borrowed(kamau=kamau)
        wish = offered(ask(loan, number=24))

        first = sign(wish, loan.customer)

        told = Message.objects.get(kind="business_restructure_waits")
        assert (first.state, told.user) == ("OFFERED", kamau.user)
        assert loan.number in told.body
        with pytest.raises(WrongPin):
            sign(wish, kamau, secret="0000")
        assert sign(wish, kamau).is_signed and sign(wish, kamau).is_signed
        dues = [due for due in debts.of(loan, on=loan.start_date).dues if due.principal]
        assert len(dues) == 24
        assert sum((due.principal for due in dues), kes("0")) == kes("500000")

    def test_is_asked_for_by_its_directors_and_seen_by_all_who_act_for_it(self, bureau, kamau):
        viewer = CustomerFactory()
        loan = borrowed((viewer, ["VIEWER"]), kamau=kamau)
        stranger = borrowed(kamau=CustomerFactory()).customer
        wished = {"kind": "LONGER", "payments": "24", "reason": "Sales fell"}
        at = reverse(ASK, args=[loan.public_id])

        with pytest.raises(NotYourRole):
            restructures.ask(
                loan, kind="LONGER", number=24, reason="Sales fell", at=timezone.now(),
                actor=actor_of(viewer),
            )  # fmt: skip
        assert browser_of(viewer).get(at).status_code == 409
        assert browser_of(kamau).post(at, wished).status_code == 303

        wish = offered(Restructure.objects.get(loan=loan))
        assert wish.asker_id == kamau.pk
        assert queries.held_on(kamau) == []
        shown = page(browser_of(viewer), WISH, wish.public_id)
        assert "It takes 2 of" in shown and "Enter your PIN" not in shown
        here = reverse(WISH, args=[wish.public_id])
        assert browser_of(stranger).get(here).status_code == 404
        home = page(browser_of(kamau), "branch:business:home", loan.business.public_id)
        assert f"New payments of loan {loan.number} wait for your signature" in home
        press = {"figures": restructures.plan_of(wish).figures, "read": "on", "code": PIN}
        signed = browser_of(kamau).post(here, press, follow=True)
        assert "Signed. Nothing changes before the last signature." in signed.content.decode()
        with pytest.raises(NotYourRole):
            restructures.withdraw(wish, at=timezone.now(), actor=actor_of(viewer))

    def test_is_not_signed_by_who_asked_where_the_mandate_says_so(self, bureau, kamau):
        loan = borrowed(kamau=kamau, bands=((None, 1, False),))
        wish = offered(ask(loan))

        with pytest.raises(MadeByYou):
            sign(wish, loan.customer)

        assert sign(wish, kamau).is_signed

    def test_is_signed_over_a_night_and_by_the_figures_of_the_last_day(
        self, bureau, kamau, monkeypatch
    ):
        """What was signed yesterday are the terms; who signs last sees today's dates."""
        loan = borrowed(kamau=kamau)
        wish = offered(ask(loan))
        before = restructures.plan_of(wish).figures
        sign(wish, loan.customer)
        tomorrow = calendar.business_date() + timedelta(days=1)
        monkeypatch.setattr(calendar, "business_date", lambda: tomorrow)

        with pytest.raises(FiguresChanged):
            sign(wish, kamau, figures=before)

        assert sign(wish, kamau).signed_date == tomorrow


@pytest.mark.django_db(transaction=True)
def test_ten_presses_of_the_last_two_agree_it_anew_once(kamau):
    loan = borrowed(kamau=kamau)
    wish = offered(ask(loan))
    people = (loan.customer, kamau)

    at_once(10, lambda nth: outcome(lambda: sign(wish, people[nth % 2])))

    wish.refresh_from_db()
    if not wish.is_signed:  # Both looked before the other's signature was there.
        sign(wish, kamau)
    wish.refresh_from_db()
    assert (wish.state, loan.versions.count()) == ("SIGNED", 1)
    assert Signature.objects.filter(intent=f"lending.restructure:{wish.public_id}").count() == 2
