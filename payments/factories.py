"""factory_boy factories of the payments floor; `_create` calls the operations."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import factory

from accounts.businesses import queries as business_queries
from accounts.businesses.models import Member
from accounts.deposits import queries as deposit_queries
from accounts.factories import PIN, BusinessFactory, DepositAccountFactory, actor_of
from ledger.money import kes
from payments.approvals import operations as approvals
from payments.transfers import operations as transfers
from payments.transfers.models import Transfer


class DraftFactory(factory.django.DjangoModelFactory):
    """A transfer that its payer has not authorised yet; 1,500 shillings unless told otherwise."""

    class Meta:
        model = Transfer

    source = factory.SubFactory(DepositAccountFactory, balance="5000")
    target = factory.SubFactory(DepositAccountFactory, customer__full_name="Grace Wanjiku Mwangi")
    amount = Decimal("1500")
    reason = ""
    at = None

    @classmethod
    def _create(cls, model_class, *args, **facts):
        source, target = facts["source"], facts["target"]
        return transfers.draft(
            reference=uuid4(),
            source=source,
            payee=deposit_queries.find_payee(target.number),
            money=kes(facts["amount"]),
            reason=facts["reason"],
            at=facts["at"] or datetime.now(UTC),
            actor=actor_of(source.customer),
        )


class AuthorisedFactory(DraftFactory):
    """A transfer that its payer has authorised by PIN, and that only has to be sent."""

    @classmethod
    def _create(cls, model_class, *args, **facts):
        draft = super()._create(model_class, *args, **facts)
        at, payer = draft.requested_at, actor_of(draft.customer)
        transfers.authorise(draft, secret=PIN, at=at, actor=payer)
        return draft


class TransferFactory(AuthorisedFactory):
    """A transfer that was sent."""

    @classmethod
    def _create(cls, model_class, *args, **facts):
        draft = super()._create(model_class, *args, **facts)
        at, payer = draft.requested_at, actor_of(draft.customer)
        return transfers.send(draft, at=at, actor=payer).transfer


class BusinessDraftFactory(factory.django.DjangoModelFactory):
    """A payment that the founder of a business made and has not sent for approval yet."""

    class Meta:
        model = Transfer

    business = factory.SubFactory(BusinessFactory, balance="1000000")
    maker = None
    target = factory.SubFactory(
        DepositAccountFactory,
        customer__full_name="Grace Wanjiku Mwangi",
        customer__tier_id="TIER_3",
    )
    amount = Decimal("1500")
    at = None

    @classmethod
    def _create(cls, model_class, *args, **facts):
        business = facts["business"]
        maker = facts["maker"] or business_queries.with_role(business, Member.Role.MAKER)[0]
        source = deposit_queries.held_by_business(business)[0].account
        return transfers.draft(
            reference=uuid4(),
            source=source,
            payee=deposit_queries.find_payee(facts["target"].number),
            money=kes(facts["amount"]),
            reason="",
            at=facts["at"] or datetime.now(UTC),
            actor=actor_of(maker),
        )


class WaitingFactory(BusinessDraftFactory):
    """A payment of a business that waits for its signatures."""

    @classmethod
    def _create(cls, model_class, *args, **facts):
        draft = super()._create(model_class, *args, **facts)
        return approvals.ask(draft, at=draft.requested_at, actor=actor_of(draft.customer))
