"""
What makes work for the demo bank's staff and businesses, so that their desks are not empty on the
first morning: requests for a higher level, a business, a name on a list, an alert, and vouchers.
Each scene happens once; what another run finds done stays as it is.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from accounts.businesses import invitations, mandates, papers, review
from accounts.businesses import operations as businesses
from accounts.businesses import queries as business_queries
from accounts.businesses.models import Business
from accounts.customers.models import Customer
from accounts.deposits import queries as deposit_queries
from accounts.deposits.models import DepositAccount
from accounts.documents import operations as documents
from accounts.kyc import operations as kyc
from accounts.kyc import queries as kyc_queries
from accounts.kyc.models import Submission
from accounts.monitoring import operations as monitoring
from accounts.monitoring import publishing
from accounts.monitoring import queries as monitor_queries
from accounts.monitoring.models import MonitorRule
from accounts.screening import lists, rescreening
from accounts.screening import queries as screening_queries
from accounts.staff.models import StaffMember
from branch.demo.papers import PAPERS, company_paper, sheet
from branch.demo.people import BUSINESS, WATCH_LIST
from ledger.approvals import operations as approvals
from ledger.approvals import queries as approval_queries
from ledger.calendar import queries as calendar
from ledger.chart import queries as chart
from ledger.journal.lines import credit, debit
from ledger.money import kes, parse
from ledger.vouchers import operations as vouchers
from ledger.vouchers.models import Voucher
from ledger.vouchers.operations import Written
from payments.approvals import operations as signatures
from payments.transfers import operations as transfers
from wekeza.kit.actor import SYSTEM, Actor

AGREED = "Looked at beside the papers"
FRESH = {"PROOF_OF_ADDRESS", "PROOF_OF_INCOME"}  # They bear a date.


def colleague(name: str) -> Actor:
    """This will give the actor that a colleague's own session is."""
    member = StaffMember.objects.get(user__email=f"{name}@wekeza.com")
    return Actor("STAFF", str(member.user_id), person=member.person)


def shop_account() -> DepositAccount:
    """This will give the account of the shop."""
    shop = Business.objects.get(registration_no=BUSINESS["registration_no"])
    return shop.deposit_accounts.select_related("ledger_account", "business").get()


@transaction.atomic
def load_watch_list(*, at: datetime) -> None:
    """
    This will load a list of invented people in public office, one namesake among them, while nobody
    banks here who would have to be compared with it.
    """
    source = screening_queries.list_of("PEP")
    files = {"demo-pep.csv": WATCH_LIST}
    version = lists.load(source, files=files, at=at, actor=colleague("compliance"))
    if version.screened_at is None:
        first, last = rescreening.NOBODY
        for room in rescreening.ROOMS:
            chunk = {"room": room, "first": first, "last": last}
            rescreening.finish(version=version.pk, **chunk, at=at)


@transaction.atomic
def ask_for_level(customer: Customer, *, tier: str = "TIER_2", pay: int = 0, at: datetime) -> None:
    """
    This will let somebody tell and send what level 2 needs, or level 3, for which they tell their
    `pay` in KES a month.
    """
    if customer.submissions.exists():
        return
    by_them = {"actor": customer.actor, "at": at}
    kyc.initiate(customer, tier=tier, **by_them)
    kyc.tell_facts(
        customer,
        kra_pin=f"A0{customer.national_id}M",
        address="Moi Avenue 41, Nairobi",
        occupation="Trader" if not pay else "Employee",
        **({"monthly_income": kes(pay), "source_of_funds": "SALARY"} if pay else {}),
        **by_them,
    )
    today = calendar.nairobi_date(at)
    sheets = {kind: draw(customer) for kind, draw in PAPERS.items()}
    if tier == "TIER_3":
        sheets["PROOF_OF_ADDRESS"] = sheet("Water bill", [customer.full_name, "Moi Avenue 41"])
        sheets["PROOF_OF_INCOME"] = sheet("Payslip", [customer.full_name, f"KES {pay:,}"])
    for kind, content in sheets.items():
        ref, told = customer.owner_ref, {"issued_date": today} if kind in FRESH else {}
        documents.upload(
            owner_ref=ref, customer=customer, kind=kind, content=content, **told, **by_them
        )
    kyc.send_for_review(customer, **by_them)


def raise_level(customer: Customer, *, at: datetime) -> None:
    """This will let one officer check somebody's papers, and a second one raise the level."""
    submission = kyc_queries.standing_submission(customer)
    if submission is None:
        return
    if not approval_queries.waiting_for(submission).exists():
        _review(submission, actor=colleague("operations"), at=at)
    _agree_on(submission, at=at)


@transaction.atomic
def _review(submission: Submission, *, actor: Actor, at: datetime) -> None:
    today = calendar.nairobi_date(at)
    for need in kyc_queries.needs_of(submission.customer, tier=submission.tier, on=today):
        if need.is_document:
            kyc.approve_document(submission, document=need.document, actor=actor, at=at)
    kyc.propose_raise(submission, risk="LOW", reason=AGREED, actor=actor, at=at)


def open_business(
    founder: Customer, partner: Customer | None = None, *, company: dict = BUSINESS, at: datetime
) -> None:
    """This will let one or two directors register a business, and the bank let it in."""
    known = Business.objects.filter(registration_no=company["registration_no"]).first()
    shop = known or _register(founder, partner, company, at=at)
    _agree_on(shop, at=at)


@transaction.atomic
def _register(
    founder: Customer, partner: Customer | None, company: dict, *, at: datetime
) -> Business:
    by_founder = {"at": at, "actor": founder.actor}
    shop = businesses.begin(founder, **company, **by_founder)
    shares = ((founder, "60"), (partner, "40")) if partner else ((founder, "100"),)
    for owner, share in shares:
        businesses.name_owner(
            shop,
            full_name=owner.full_name,
            national_id=owner.national_id,
            share_percent=Decimal(share),
            **by_founder,
        )
    bands = [mandates.Band(None, 1, True)]
    if partner:
        _join(shop, partner, **by_founder)
        bands = [mandates.Band(Decimal(5000), 1, True), mandates.Band(None, 2, True)]
    businesses.choose_mandate(shop, bands=bands, **by_founder)
    text = businesses.resolution_text(shop, language="en")
    seen = businesses.text_hash(text)
    businesses.resolve(shop, seen=seen, language="en", **by_founder)
    if partner:
        businesses.sign_resolution(shop, seen=seen, at=at, actor=partner.actor)
    businesses.submit(shop, **by_founder)
    shop.refresh_from_db()
    _bring_papers(shop, **by_founder)
    review.ask_activation(shop, reason=AGREED, at=at, actor=colleague("operations"))
    return shop


def _bring_papers(shop: Business, *, at: datetime, actor: Actor) -> None:
    today = calendar.nairobi_date(at)
    for need in papers.needs_of(shop, on=today):
        content = company_paper(shop, title=str(need.label))
        issued = today - timedelta(days=9)
        sent = papers.send(
            shop, slug=need.slug, content=content, issued_date=issued, at=at, actor=actor
        )
        papers.accept(shop, document=sent, actor=colleague("operations"), at=at)


def prepare_payment(
    maker: Customer, payee: Customer, *, amount: str, reason: str, key: UUID, at: datetime
) -> None:
    """This will let the shop's maker prepare a payment that waits for its signatories."""
    account = shop_account()
    draft = transfers.draft(
        reference=key,
        source=account,
        payee=deposit_queries.find_payee(payee.user.phone, source=account),
        money=parse(amount),
        reason=reason,
        at=at,
        actor=maker.actor,
    )
    if draft.is_draft:
        signatures.ask(draft, at=at, actor=maker.actor)


def watch_small_sums(*, at: datetime) -> None:
    """This will let compliance publish a rule of the monitor for the sums that move here."""
    rule = monitor_queries.versions("PASS_THROUGH").first()
    if rule.version == 1 and not approval_queries.waiting_for(rule).exists():
        _ask_for_small_sums(rule, at=at)
    _agree_on(rule, at=at)


@transaction.atomic
def _ask_for_small_sums(rule: MonitorRule, *, at: datetime) -> None:
    publishing.ask(
        rule,
        parameters=rule.parameters | {"least_in": "20000"},
        severity=rule.severity,
        is_on=True,
        start=calendar.nairobi_date(at),
        reason="In a demo bank small sums move",
        actor=colleague("compliance2"),
        at=at,
    )


def write_voucher(
    *, narrative: str, paper: str, amount: str, is_agreed: bool, at: datetime
) -> None:
    """
    This will let an operations officer write a voucher for a cost that the bank owes, and ask for
    it; where it `is_agreed`, a finance officer posts it.
    """
    known = Voucher.objects.filter(paper_ref=paper).first()
    row = known or _ask_for_voucher(narrative, paper, amount=amount, at=at)
    if is_agreed:
        for asked in approval_queries.waiting_for(row):
            approvals.approve(asked, digest=asked.digest, actor=colleague("finance"), at=at)


@transaction.atomic
def _ask_for_voucher(narrative: str, paper: str, *, amount: str, at: datetime) -> Voucher:
    money, clerk = parse(amount), {"actor": colleague("operations"), "at": at}
    lines = [debit(chart.line("5490"), money), credit(chart.line("2480"), money)]
    written = Written(kind=Voucher.Kind.COST, narrative=narrative, paper_ref=paper)
    row = vouchers.draft(written, lines=lines, **clerk)
    vouchers.ask(row, reason="The paper is here, and the goods came", **clerk)
    return row


def watch(*, at: datetime) -> None:
    """This will let the monitor look at everything that was paid."""
    while monitoring.watch_next(at=at, actor=SYSTEM):
        pass


def _agree_on(subject, *, at: datetime) -> None:
    for asked in approval_queries.waiting_for(subject):
        approvals.approve(asked, digest=asked.digest, actor=colleague("compliance"), at=at)


def _join(shop: Business, partner: Customer, *, at: datetime, actor: Actor) -> None:
    links: list[str] = []
    invitation = invitations.invite(
        shop,
        full_name=partner.full_name,
        contact=partner.user.phone,
        roles=["DIRECTOR", "SIGNATORY"],
        address_of=lambda token: links.append(token) or token,
        at=at,
        actor=actor,
    )
    standing = business_queries.resolution_of(shop)
    seen = standing.text_hash if standing else ""
    invitations.accept(invitation, customer=partner, seen=seen, at=at, actor=partner.actor)
