"""What customers and officers do on the way up, for tests."""

from datetime import UTC, datetime

from accounts.documents.models import Document
from accounts.factories import CustomerFactory, DocumentFactory, actor_of
from accounts.kyc import facts, queries
from accounts.kyc import operations as kyc
from ledger.money import kes
from wekeza.kit.actor import Actor

NOON = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
WANJIRU = Actor("STAFF", "901", person="person:wanjiru")
OTIENO = Actor("STAFF", "902", person="person:otieno")
PAPERS = {
    "TIER_2": ["ID_FRONT", "ID_BACK", "SELFIE"],
    "TIER_3": ["ID_FRONT", "ID_BACK", "SELFIE", "PROOF_OF_ADDRESS", "PROOF_OF_INCOME"],
}


class Approved:
    """The side of an approval that the deed reads: who asked for it."""

    maker = str(WANJIRU)


def tell(customer, *, at=NOON, **more):
    facts = {"kra_pin": "A123456789Z", "address": "Kilifi", "occupation": "Teacher"} | more
    return kyc.tell_facts(customer, **facts, actor=actor_of(customer), at=at)


def begin(customer, tier="TIER_2", *, at=NOON):
    return kyc.initiate(customer, tier=tier, actor=actor_of(customer), at=at)


def sent(tier="TIER_2", *, customer=None, at=NOON, kinds=None, **papers):
    """
    A request that is complete and was sent, with papers of `kinds` (all that the tier asks for when
    left out); `papers` are facts of documents by kind.
    """
    customer = customer or CustomerFactory()
    begin(customer, tier, at=at)
    money = {"monthly_income": kes("45000"), "source_of_funds": "SALARY"}
    tell(customer, at=at, **(money if tier == "TIER_3" else {}))
    for kind in PAPERS[tier] if kinds is None else kinds:
        shown = papers.get(kind, {})
        if kind == "PROOF_OF_ADDRESS":
            shown = {"issued_date": at.date()} | shown
        DocumentFactory(customer=customer, kind=kind, at=at, **shown)
    return kyc.send_for_review(customer, actor=actor_of(customer), at=at)


def accept_all(submission, *, at=NOON, officer=WANJIRU, **last_days):
    staged = Document.objects.filter(customer=submission.customer, state="STAGED").order_by("pk")
    for document in staged:
        kyc.approve_document(
            submission,
            document=document,
            expires_date=last_days.get(document.kind),
            actor=officer,
            at=at,
        )


def payload_of(submission, *, risk="LOW", on=None):
    needs = queries.needs_for(submission, on=on or NOON.date())
    return {
        "submission": submission.pk,
        "tier": submission.tier_id,
        "risk": risk,
        "documents": sorted(need.document.pk for need in needs if need.is_document),
        "facts": facts.facts_digest(submission.customer),
    }


def raised(tier="TIER_2", *, at=NOON, risk="LOW", customer=None, kinds=None, **last_days):
    """A customer whose tier two people raised, with papers of `kinds`."""
    submission = sent(tier, at=at, customer=customer, kinds=kinds)
    accept_all(submission, at=at, **last_days)
    kyc.raise_tier(
        payload=payload_of(submission, risk=risk, on=at.date()),
        approval=Approved,
        actor=OTIENO,
        at=at,
    )
    submission.customer.refresh_from_db()
    return submission.customer
