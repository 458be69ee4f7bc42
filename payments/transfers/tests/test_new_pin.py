"""What a PIN that replaced a forgotten one sends in its first day: as much as one payment."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.access import operations as access
from accounts.access.models import TransactionPin
from accounts.access.refusals import PinTooNew
from accounts.factories import PIN, BusinessFactory, DepositAccountFactory, actor_of
from ledger.chart.models import Counter
from ledger.money import kes
from ledger.tests.racing import at_once
from payments.approvals import operations as approvals
from payments.factories import DraftFactory, WaitingFactory
from payments.transfers import checks, queries, waits
from payments.transfers import operations as transfers
from payments.transfers.checks import Kind
from payments.transfers.models import Transfer
from payments.transfers.refusals import NewPinSpent
from payments.transfers.tests.pages import SEND, signed_in, text

DAY = timedelta(hours=24)


def renew(customer, *, at=None):
    """As if the customer had forgotten the PIN and chosen this one then."""
    at = at or timezone.now()
    TransactionPin.objects.filter(user=customer.user).update(replaced_at=at)
    access.note_factor_change(customer.user, at=at)


def draft(payer, amount="2000", *, at=None):
    return DraftFactory(source=payer, amount=amount, at=at or timezone.now())


def send(row, *, at=None):
    actor = actor_of(row.customer)
    at = at or timezone.now()
    return transfers.authorise_and_send(row, secret=PIN, at=at, actor=actor).transfer


@pytest.fixture
def payer():
    account = DepositAccountFactory(balance="50000")
    renew(account.customer)
    return account


@pytest.mark.django_db
class TestANewPin:
    def test_sends_in_all_what_one_payment_by_pin_may_be(self, payer):
        assert send(draft(payer)).authorised_by == Transfer.AuthorisedBy.NEW_PIN
        assert send(draft(payer)).is_sent

        with pytest.raises(NewPinSpent) as refused:
            draft(payer)
        assert refused.value.facts["left"] == kes("1000")
        assert "it can send KES 1,000.00 more in its first 24 hours" in str(refused.value)
        assert send(draft(payer, "1000")).is_sent

    def test_counts_beside_the_limit_of_the_day(self, payer):
        send(draft(payer))

        counted = Counter.objects.filter(owner_ref=payer.customer.owner_ref)
        assert set(counted.values_list("kind", "used")) >= {
            ("DAILY_OUT", kes("2000").amount),
            ("NEW_PIN_OUT", kes("2000").amount),
        }

    def test_counts_all_its_day_where_it_began_although_midnight_lies_between(self, payer):
        nine_at_night = datetime(2026, 11, 18, 18, tzinfo=UTC)
        renew(payer.customer, at=nine_at_night)
        late, next_day = (nine_at_night + timedelta(hours=hours) for hours in (2, 14))

        assert send(draft(payer, "3000", at=late), at=late).is_sent
        with pytest.raises(NewPinSpent) as refused:
            draft(payer, "3000", at=next_day)
        assert refused.value.facts["left"] == kes("2000")

    def test_is_decided_again_when_it_is_sent(self, payer):
        first, second = draft(payer, "3000"), draft(payer, "3000")
        send(first)

        with pytest.raises(NewPinSpent) as refused:
            send(second)
        assert refused.value.facts["left"] == kes("2000")

    def test_sends_nothing_where_a_pin_may_send_nothing(self, payer):
        row = draft(payer)
        row.authorised_by = Transfer.AuthorisedBy.NEW_PIN
        caps = dict.fromkeys(Kind)

        [*_, counted] = checks.counts_of(row, caps=caps, at=timezone.now())

        assert (counted.kind, counted.cap) == (waits.NEW_PIN_OUT, 0)

    def test_promises_no_more_than_the_day_lets_through(self, payer):
        TransactionPin.objects.update(replaced_at=None)
        for _ in range(9):
            send(draft(payer, "5000"))
        send(draft(payer, "4000"))

        words = text(signed_in(payer).get(SEND))

        assert "Until then you can send up to KES 1,000.00 at a time." in words
        assert "You can send KES 1,000.00 more today." in words

    def test_is_told_on_the_send_page_with_what_is_left_for_it(self, payer):
        send(draft(payer))
        page = signed_in(payer)

        assert "Until then it sends KES 3,000.00 more in all." in text(page.get(SEND))
        renew(payer.customer, at=timezone.now() - DAY)
        assert "Large payments wait" not in text(page.get(SEND))

    def test_sends_as_before_when_its_day_is_over(self, payer):
        renew(payer.customer, at=timezone.now() - DAY)

        sent = [send(draft(payer)) for _ in range(3)]

        assert {row.authorised_by for row in sent} == {Transfer.AuthorisedBy.PIN}

    def test_signs_nothing_for_a_business(self):
        row = WaitingFactory(business=BusinessFactory(bands=((None, 1, True),), balance="50000"))
        director = row.business.members.first().customer
        renew(director)
        seen, now = queries.intent_digest(row), timezone.now()

        with pytest.raises(PinTooNew):
            approvals.approve(row, seen=seen, secret=PIN, at=now, actor=actor_of(director))
        row.refresh_from_db()
        assert not row.is_sent


@pytest.mark.django_db(transaction=True)
class TestARace:
    def test_sends_no_more_side_by_side(self, payer):
        rows = [draft(payer) for _ in range(4)]

        def attempt(number):
            try:
                return send(rows[number]).is_sent
            except NewPinSpent:
                return False

        assert sorted(at_once(4, attempt)) == [False, False, True, True]
