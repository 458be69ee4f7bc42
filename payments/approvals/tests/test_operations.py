"""A payment of a business: who may make and sign it, once, and nothing else (ux.md 2.2)."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.businesses import changes, mandates
from accounts.businesses import queries as businesses
from accounts.businesses.models import Signature
from accounts.businesses.refusals import (
    MadeByYou,
    NoSuchBusiness,
    NotYourRole,
    TooFewSignatories,
)
from accounts.deposits import queries as deposit_queries
from accounts.factories import (
    DIRECTOR,
    PIN,
    BusinessFactory,
    CustomerFactory,
    actor_of,
)
from accounts.notifications.models import Message
from accounts.statements import queries as statements
from ledger.chart.models import Counter
from ledger.journal.models import Entry
from ledger.money import kes
from payments.approvals import operations as approvals
from payments.approvals.tests.steps import Role, balance, sign
from payments.factories import BusinessDraftFactory, TransferFactory, WaitingFactory
from payments.transfers import operations as transfers
from payments.transfers import queries
from payments.transfers.models import Transfer
from payments.transfers.notices import tell_both
from payments.transfers.refusals import (
    AlreadySent,
    DraftChanged,
    NoSuchTransfer,
    NotAuthorised,
)

pytestmark = pytest.mark.django_db


class TestTwoSignatures:
    @pytest.mark.proves("UX06")
    def test_pay_once_with_the_second_one_and_nothing_before(self, shop, kamau, wanja):
        waiting = WaitingFactory(business=shop, amount="4000")

        first = sign(waiting, kamau)
        assert first.standing.missing == 1
        assert first.transfer.state == "WAITING"
        assert balance(waiting.source) == kes("1000000")
        second = sign(waiting, wanja)
        again = sign(waiting, wanja)

        assert second.transfer.state == again.transfer.state == "PAID"
        assert (second.is_replay, again.is_replay) == (False, True)
        assert balance(waiting.source) == kes("996000")
        assert balance(waiting.target) == kes("4000")
        entry = Entry.objects.get(source=f"payments.transfer:{waiting.pk}")
        assert entry.owner == f"business:{shop.pk}"
        assert again.transfer.authorised_by == "SIGNATURES"
        used = Counter.objects.filter(owner_ref=f"business:{shop.pk}", kind="DAILY_OUT")
        assert used.get().used == Decimal(4000)

    def test_one_is_enough_where_the_mandate_says_so(self, shop, kamau):
        waiting = WaitingFactory(business=shop, amount="3000")

        assert sign(waiting, kamau).transfer.is_sent

    def test_of_one_person_count_as_one(self, shop, kamau):
        waiting = WaitingFactory(business=shop, amount="4000")

        sign(waiting, kamau)
        again = sign(waiting, kamau)

        assert again.standing.missing == 1
        assert Signature.objects.filter(intent=queries.intent_of(waiting)).count() == 1

    def test_the_database_takes_one_of_a_person_only(self, shop, kamau):
        waiting = WaitingFactory(business=shop, amount="4000")
        sign(waiting, kamau)
        first = Signature.objects.get(intent=queries.intent_of(waiting))

        first.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            first.save(force_insert=True)

    def test_are_never_changed_nor_deleted(self, shop, kamau):
        waiting = WaitingFactory(business=shop, amount="4000")
        sign(waiting, kamau)

        for words in ("UPDATE {} SET way = 'TOTP'", "DELETE FROM {}"):
            with pytest.raises(Exception, match="permission denied"), transaction.atomic():
                connection.cursor().execute(words.format(Signature._meta.db_table))

    def test_count_only_while_their_signer_still_signs_for_the_business(self, shop, kamau, wanja):
        waiting = WaitingFactory(business=shop, amount="4000")
        sign(waiting, wanja)
        changes.leave(shop, at=waiting.requested_at, actor=actor_of(wanja))

        done = sign(waiting, kamau)

        assert done.standing.missing == 1
        assert balance(waiting.source) == kes("1000000")


class TestTheMaker:
    def test_cannot_sign_what_they_made(self, shop):
        waiting = WaitingFactory(business=shop, amount="3000")

        with pytest.raises(MadeByYou) as refusal:
            sign(waiting, waiting.customer)

        assert str(refusal.value) == "You made this one. Another director must approve it."
        assert balance(waiting.source) == kes("1000000")

    def test_is_one_of_the_signatories_where_the_mandate_says_so(self, kamau):
        shop = BusinessFactory(others=[(kamau, DIRECTOR)], bands=((None, 2, True),), balance="5000")
        waiting = WaitingFactory(business=shop, amount="3000")

        assert not sign(waiting, waiting.customer).transfer.is_sent
        assert sign(waiting, kamau).transfer.is_sent

    def test_sees_who_can_approve_and_that_nothing_is_paid(self, shop, kamau, wanja):
        waiting = WaitingFactory(business=shop, amount="3000")

        standing = queries.signatures_of(waiting)

        assert standing.missing == 1
        assert standing.names == "P. Kamau, W. Otieno"

    def test_cannot_ask_for_signatures_that_nobody_can_give(self, kamau):
        shop = BusinessFactory(
            others=[(kamau, DIRECTOR)], bands=((None, 2, False),), balance="5000"
        )
        draft = BusinessDraftFactory(business=shop)

        with pytest.raises(TooFewSignatories) as refusal:
            approvals.ask(draft, at=draft.requested_at, actor=actor_of(draft.customer))

        assert "2 signatures, and 1 people" in str(refusal.value)
        draft.refresh_from_db()
        assert draft.is_draft

    def test_can_take_it_back_until_it_is_paid(self, shop, kamau):
        waiting = WaitingFactory(business=shop, amount="3000")
        maker = actor_of(waiting.customer)

        approvals.cancel(waiting, at=waiting.requested_at, actor=maker)
        with pytest.raises(DraftChanged):
            sign(waiting, kamau)

        paid = WaitingFactory(business=shop, amount="3000")
        sign(paid, kamau)
        with pytest.raises(AlreadySent):
            approvals.cancel(paid, at=paid.requested_at, actor=maker)
        assert balance(paid.source) == kes("997000")

    def test_asks_once(self, shop):
        waiting = WaitingFactory(business=shop)
        until = waiting.held_until

        again = approvals.ask(waiting, at=waiting.requested_at, actor=actor_of(waiting.customer))

        assert (again.state, again.held_until) == ("WAITING", until)


class TestWhoMayWhat:
    @pytest.mark.parametrize("roles", [[Role.VIEWER], [Role.SIGNATORY], [Role.DIRECTOR]])
    def test_only_who_prepares_payments_drafts_one(self, roles):
        person = CustomerFactory()
        shop = BusinessFactory(others=[(person, roles)], bands=((None, 1, True),), balance="5000")

        with pytest.raises(NotYourRole) as refusal:
            BusinessDraftFactory(business=shop, maker=person)

        assert "Prepares payments" in str(refusal.value)
        assert not Transfer.objects.filter(business=shop).exists()

    @pytest.mark.parametrize("roles", [[Role.VIEWER], [Role.MAKER]])
    def test_only_signatories_sign(self, roles):
        person = CustomerFactory()
        shop = BusinessFactory(others=[(person, roles)], bands=((None, 1, True),), balance="5000")
        waiting = WaitingFactory(business=shop)

        with pytest.raises(NotYourRole):
            sign(waiting, person)

        assert balance(waiting.source) == kes("5000")

    def test_a_stranger_finds_no_business(self, shop):
        waiting = WaitingFactory(business=shop)

        stranger = CustomerFactory()

        with pytest.raises(NoSuchBusiness):
            sign(waiting, stranger)
        with pytest.raises(NoSuchBusiness):
            BusinessDraftFactory(business=shop, maker=stranger)

    def test_a_payment_of_one_business_is_none_of_another(self, shop):
        waiting = WaitingFactory(business=shop)

        with pytest.raises(NoSuchTransfer):
            queries.of_business(BusinessFactory(), public_id=waiting.public_id)

    def test_nobody_authorises_it_as_if_it_were_their_own(self, shop):
        """The PIN of its maker alone moves nothing."""
        draft = BusinessDraftFactory(business=shop)
        maker = actor_of(draft.customer)

        with pytest.raises(NotAuthorised):
            transfers.authorise_and_send(draft, secret=PIN, at=draft.requested_at, actor=maker)
        with pytest.raises(NoSuchTransfer):
            queries.draft_by(maker, public_id=draft.public_id)

        assert balance(draft.source) == kes("1000000")


class TestTheMandate:
    def test_finds_the_line_of_an_amount(self, shop):
        bands = businesses.bands_of(shop)

        assert mandates.band_for(bands, kes("3000")).needed == 1
        assert mandates.band_for(bands, kes("3000.01")).needed == 2


class TestABusinessThatIsPaid:
    def test_is_named_to_its_payer_and_its_directors_are_told(self, shop, kamau, wanja):
        """Directors only: whoever just signs for it need not know what comes in."""
        account = shop.deposit_accounts.select_related("ledger_account").get()
        paid = TransferFactory(target=account)

        tell_both(message_id=11, transfer=paid.pk, at=paid.paid_at)

        assert paid.payee_name == "Wekeza Hardware Ltd"
        told = Message.objects.filter(kind="business_received")
        assert {one.user for one in told} == {kamau.user, founder_of(shop).user}
        assert queries.receipt_by(actor_of(kamau), receipt_no=paid.receipt_no).is_payer is False
        with pytest.raises(NoSuchTransfer):
            queries.receipt_by(actor_of(CustomerFactory()), receipt_no=paid.receipt_no)
        [payer] = deposit_queries.held_by(actor_of(paid.customer))
        assert statements.latest(payer)[0].other_party == "Wekeza Hardware Ltd"


def founder_of(shop):
    return businesses.with_role(shop, Role.MAKER)[0]
