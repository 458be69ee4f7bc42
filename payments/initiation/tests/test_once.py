"""A payment that an app asked for is paid once, by whatever page and at whatever moment."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from accounts.access.tests.steps import spare_phone
from accounts.factories import (
    PIN,
    CustomerFactory,
    DepositAccountFactory,
    UserFactory,
    actor_of,
)
from accounts.partners import operations as partners
from accounts.partners.factories import AppFactory, ConsentFactory, PartnerFactory, admitted
from accounts.partners.models import PartnerApp
from accounts.partners.queries import Grant
from accounts.partners.refusals import AppClosed
from ledger.money import kes
from ledger.tests.racing import at_once, refused
from payments.initiation import operations as initiation
from payments.initiation import queries
from payments.initiation.models import PartnerPayment
from payments.initiation.refusals import PaymentOver
from payments.transfers import operations as transfers
from payments.transfers.models import Transfer
from wekeza.kit.actor import SYSTEM

EVENT = {"message_id": 1}


def somebody(**facts):
    """An account of somebody whom no other test knows, as nothing is undone between races."""
    user = UserFactory(phone=spare_phone(), email=f"{uuid4().hex[:12]}@example.com")
    customer = CustomerFactory(user=user, national_id=str(uuid4().int)[:9])
    return DepositAccountFactory(customer=customer, **facts)


def asked(*, app=None, at):
    account = somebody(balance="5000")
    app = app or AppFactory(partner=PartnerFactory(name=f"Duka {uuid4().hex[:12]}"))
    ConsentFactory(app=app, customer=account.customer, at=at)
    return initiation.ask(
        Grant(app, frozenset({queries.SCOPE}), None),
        reference=uuid4(),
        source=account.number,
        recipient=somebody().number,
        money=kes("1500"),
        reason="Invoice 17",
        at=at,
        actor=SYSTEM,
    )


def payer_of(payment):
    return actor_of(payment.consent.customer)


def open_draft(payment, *, at):
    row = PartnerPayment.objects.get(pk=payment.pk)
    return initiation.open_draft(row, at=at, actor=payer_of(payment))


def pay(payment, draft, *, at):
    return transfers.authorise_and_send(draft, secret=PIN, at=at, actor=payer_of(payment))


def paid_from(payment):
    return Transfer.objects.filter(source=payment.source, state="PAID").count()


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.mark.django_db
class TestOpenDraft:
    def test_pays_nothing_twice_although_nobody_noted_yet_that_it_was_paid(
        self, client, demo_bank, now
    ):
        payment = asked(at=now)
        client.force_login(payment.consent.customer.user)
        page = f"/move/initiation/{payment.public_id}/"
        client.post(client.post(page)["Location"], {"code": PIN})

        again = client.post(page)

        assert again.status_code == 409 and b"This payment is over" in again.content
        assert b"Check the payment" not in client.get(page).content
        assert paid_from(payment) == 1
        with pytest.raises(PaymentOver) as refusal:
            open_draft(payment, at=now)
        assert refusal.value.facts["state"] == "COMPLETED"

    def test_keeps_the_transfer_that_paid_so_that_it_settles(self, demo_bank, now):
        payment = asked(at=now)
        draft = open_draft(payment, at=now)
        pay(payment, draft, at=now)
        with pytest.raises(PaymentOver):
            open_draft(payment, at=now + timedelta(minutes=11))

        initiation.settle(transfer=draft.pk, at=now, **EVENT)

        payment.refresh_from_db()
        assert (payment.state, payment.transfer) == ("COMPLETED", draft)

    def test_lets_a_draft_that_is_over_never_be_sent(self, demo_bank, now):
        payment = asked(at=now)
        first = open_draft(payment, at=now)
        second = open_draft(payment, at=now + timedelta(minutes=11))

        with pytest.raises(transfers.DraftChanged):  # By a clock that goes slow.
            pay(payment, first, at=now + timedelta(minutes=9))

        pay(payment, second, at=now + timedelta(minutes=11))
        assert paid_from(payment) == 1

    def test_opens_nothing_for_an_app_that_was_stopped(self, demo_bank, now):
        partner = admitted(PartnerFactory())
        app = AppFactory(partner=partner, mode=PartnerApp.Mode.LIVE)
        payment = asked(app=app, at=now)
        partners.suspend(partner, reason="Complaints", at=now, actor=SYSTEM)

        with pytest.raises(AppClosed):
            open_draft(payment, at=now)

    def test_the_database_lets_no_payment_lose_a_transfer_that_can_be_sent(self, demo_bank, now):
        """Its own answer to whoever goes round the operations."""
        payment, other = asked(at=now), asked(at=now)
        open_draft(payment, at=now)
        taken = open_draft(other, at=now)
        row = PartnerPayment.objects.filter(pk=payment.pk)

        for change in (
            {"transfer": None},
            {"transfer": taken},
            {"state": "CANCELLED", "ended_at": now},
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                row.update(**change)


@pytest.mark.django_db
class TestStateAt:
    def test_is_paid_once_it_is_sent_and_not_late_while_its_draft_can_be(self, demo_bank, now):
        payment = asked(at=now)
        last = now + timedelta(hours=24) - timedelta(minutes=1)
        draft = open_draft(payment, at=last)
        payment.refresh_from_db()
        late = now + timedelta(hours=24, minutes=5)
        assert payment.state_at(late) == "PENDING"
        assert payment.state_at(last + timedelta(minutes=10)) == "EXPIRED"

        pay(payment, draft, at=late)

        payment.refresh_from_db()
        assert payment.state_at(late + timedelta(days=1)) == "COMPLETED"


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_pages_that_open_and_pay_at_once_pay_one_time(self, demo_bank, now):
        payment = asked(at=now)

        def open_and_pay(_):
            return pay(payment, open_draft(payment, at=now), at=now)

        results = at_once(4, open_and_pay)

        done = [result for result in results if result not in refused(results)]
        assert len({sent.transfer.pk for sent in done}) == 1
        assert sum(not sent.is_replay for sent in done) == 1
        assert paid_from(payment) == 1

    def test_of_a_payer_and_an_app_that_takes_it_back_one_wins(self, demo_bank, now):
        payment = asked(at=now)
        draft = open_draft(payment, at=now)

        def race(number):
            if number:
                return initiation.cancel(payment, at=now, actor=SYSTEM)
            return pay(payment, draft, at=now)

        results = at_once(2, race)

        row = PartnerPayment.objects.get(pk=payment.pk)
        assert len(refused(results)) == 1
        assert (row.state == "CANCELLED") == (paid_from(payment) == 0)
