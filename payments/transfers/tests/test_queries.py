"""What is looked up about transfers."""

import pytest

from accounts.factories import PIN, CustomerFactory, DepositAccountFactory, actor_of
from payments.factories import DraftFactory, TransferFactory
from payments.transfers import operations as transfers
from payments.transfers import queries, refusals
from payments.transfers.tests.steps import AT
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


class TestQueries:
    def test_only_payer_and_payee_see_a_receipt(self):
        transfer = TransferFactory(at=AT)
        number = transfer.receipt_no.lower()

        assert queries.receipt_by(actor_of(transfer.customer), receipt_no=number).is_payer
        theirs = queries.receipt_by(actor_of(transfer.target.customer), receipt_no=number)
        assert not theirs.is_payer
        for stranger in (actor_of(CustomerFactory()), SYSTEM):
            with pytest.raises(refusals.NoSuchTransfer):
                queries.receipt_by(stranger, receipt_no=number)
            with pytest.raises(refusals.NoSuchTransfer):
                queries.draft_by(stranger, public_id=transfer.public_id)

    def test_recent_payees_come_once_each_the_last_first(self):
        payer = DepositAccountFactory(balance="5000")
        grace, peter = DepositAccountFactory(), DepositAccountFactory()
        for payee in (grace, peter, grace):
            TransferFactory(source=payer, target=payee, amount="10", at=AT)

        recent = queries.recent_payees(actor_of(payer.customer))

        assert [transfer.target for transfer in recent] == [grace, peter]

    def test_the_first_payment_to_a_payee_is_known(self):
        first = DraftFactory(at=AT)
        assert queries.is_first_payment(first)

        payer = actor_of(first.customer)
        transfers.authorise(first, secret=PIN, at=AT, actor=payer)
        transfers.send(first, at=AT, actor=payer)

        second = DraftFactory(source=first.source, target=first.target, amount="5", at=AT)
        assert not queries.is_first_payment(second)
