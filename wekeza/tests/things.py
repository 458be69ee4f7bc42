"""What addresses can be about: one of everything that customers have and that staff decide."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.urls import reverse

from accounts.access.tests.steps import spare_phone
from accounts.businesses import changes, papers
from accounts.businesses.mandates import Band
from accounts.customers import contacts, corrections
from accounts.deposits import queries as deposits
from accounts.factories import (
    PIN,
    AlertFactory,
    BusinessFactory,
    CustomerFactory,
    DocumentFactory,
    StaffMemberFactory,
    actor_of,
    photo,
    staff_actor,
)
from accounts.kyc.tests.steps import sent
from accounts.monitoring import operations as monitoring
from accounts.partners import operations as partners
from accounts.partners import webhooks
from accounts.partners.factories import AppFactory, ConsentFactory, PartnerFactory
from accounts.partners.queries import Grant
from accounts.privacy import operations as privacy
from accounts.registry.models import IdentityCheck
from accounts.savings import closing, quotes
from accounts.savings import operations as savings
from accounts.screening import lists
from accounts.screening.models import Hit
from accounts.screening.queries import list_of
from accounts.screening.tests import steps as screening
from accounts.statements import operations as statement_files
from accounts.statements import queries as statements
from branch.close_of_business import operations as close
from ledger.approvals import operations as approvals
from ledger.calendar import queries as calendar
from ledger.calendar.queries import business_date
from ledger.chart import operations as ledger_accounts
from ledger.chart import queries as chart
from ledger.factories import LedgerAccountFactory, put_in
from ledger.journal.lines import credit, debit
from ledger.money import kes
from ledger.vouchers import operations as vouchers
from lending.applications import operations as applications
from lending.arrears.tests.steps import lend, pay
from lending.collections.tests import steps as late
from lending.decisions import operations as decisions
from lending.factories import ApplicationFactory, BusinessApplicationFactory, take
from lending.fraud.tests import steps as flags
from lending.products.models import LoanProduct
from lending.repayments import operations as repayments
from lending.restructures import operations as restructures
from lending.stops import operations as stops
from payments.factories import BusinessDraftFactory, DraftFactory, TransferFactory, WaitingFactory
from payments.initiation import operations as initiation
from payments.initiation.queries import SCOPE
from payments.topups import operations as topups
from wekeza.kit.actor import SYSTEM

UPLOADED = "D-1,Zuberi Kassim Mrisho,,,,,,"
LISTED = "KE-7,Zaituni Bakari Mwinyi,,,,,,"


class Things(dict):
    """Name of an address -> what to put into it."""

    def address(self, name: str) -> str:
        """This will give the address about this thing."""
        return reverse(name, args=self[name])

    def about(self, thing, names: str, room: str) -> None:
        """This will note that all `names` of a room are about one thing."""
        for name in names.split():
            self[f"{room}:{name}"] = (thing,)


def of_customer():
    """Somebody with one of everything that customers, developers and directors have."""
    now = datetime.now(UTC)
    owner = CustomerFactory(user__phone=spare_phone())
    by_owner = {"at": now, "actor": actor_of(owner)}
    things = Things()

    phone = contacts.add_phone(owner, phone=spare_phone(), **by_owner)
    things.about(phone.public_id, "confirm_phone remove_phone", "accounts:customers")
    address = contacts.add_address(
        owner, line="Ngong Road 4", town="Nairobi", actor=actor_of(owner)
    )
    names = "change_address make_main_address remove_address"
    things.about(address.public_id, names, "accounts:customers")
    wish = corrections.request_change(
        owner, field="full_name", value="Achieng Njeri Otieno", reason="I married", **by_owner
    )
    things.about(wish.public_id, "withdraw_change", "accounts:customers")
    document = DocumentFactory(customer=owner)
    things.about(document.public_id, "see", "accounts:documents")
    request = privacy.ask_copy(owner, **by_owner)
    things.about(request.public_id, "copy copy_json request_page", "accounts:privacy")
    _developer(owner, things, **by_owner)
    _director(owner, things, **by_owner)
    _payer(owner, things, **by_owner)
    _borrower(owner, things, **by_owner)
    return owner, things


def _developer(owner, things, *, at, actor) -> None:
    app = AppFactory(partner=PartnerFactory(login=owner.user))
    names = "app change_app close_app key leaked logs usage webhooks"
    things.about(app.public_id, names, "accounts:partners")
    hook = webhooks.add(
        app, url="http://127.0.0.1:8765/", topics=webhooks.TOPICS[:1], at=at, actor=actor
    )
    things.about(hook.public_id, "webhook", "accounts:partners")
    consent = ConsentFactory(customer=owner)
    things.about(consent.public_id, "consent", "accounts:partners")


def _director(owner, things, *, at, actor) -> None:
    shop = BusinessFactory(founder=owner, balance="90000")
    things.about(shop.public_id, "change_mandate invite team", "accounts:businesses")
    begun = BusinessFactory(founder=owner, name="Begun Ltd", is_sent=False, has_papers=False)
    names = "company directors owners mandate resolution check"
    things.about(begun.public_id, names, "accounts:businesses")
    filed = BusinessFactory(founder=owner, name="Filed Ltd", is_active=False, has_papers=False)
    things.about(filed.public_id, "papers", "accounts:businesses")
    things["accounts:businesses:upload"] = (filed.public_id, "certificate")
    paper = papers.send(filed, slug="certificate", content=photo(shade=3), at=at, actor=actor)
    things["accounts:businesses:see"] = (filed.public_id, paper.public_id)
    things.about(shop.public_id, "pay queue", "approvals")
    things.about(shop.public_id, "home", "branch:business")
    things.about(shop.public_id, "index asked apply limit", "business_loans")
    asked = BusinessApplicationFactory(business=shop, came_in="", at=at)
    things["business_loans:answer"] = (shop.public_id, asked.public_id)
    things["accounts:businesses:leave"] = (shop.public_id, owner.pk)
    change = changes.ask_mandate(shop, bands=[Band(None, 1, True)], pin=PIN, at=at, actor=actor)
    things["accounts:businesses:change"] = (shop.public_id, change.public_id)
    draft, waiting = BusinessDraftFactory(business=shop), WaitingFactory(business=shop)
    things["approvals:check"] = (shop.public_id, draft.public_id)
    things["approvals:detail"] = (shop.public_id, waiting.public_id)


def _payer(owner, things, *, at, actor) -> None:
    account = owner.deposit_accounts.select_related("customer", "ledger_account").get()
    put_in(account.ledger_account, "7000")
    saved = savings.open_savings(
        source=account, money=kes("2000"), reference=uuid4(), at=at, actor=actor
    )
    things.about(saved.number, "interest close", "accounts:savings")
    past = savings.open_savings(
        source=account, money=kes("1000"), reference=uuid4(), at=at, actor=actor
    )
    figures = quotes.closing_of(past).figures
    closing.close(past, figures=figures, at=at, actor=actor)
    things.about(past.number, "closed", "accounts:savings")
    things.about(saved.number, "holds", "accounts:deposits")
    day = calendar.business_date()
    file = statement_files.ask(
        holding=deposits.held_by(actor)[0], from_date=day, to_date=day, form="CSV", language="en",
        at=at, actor=actor,
    )  # fmt: skip
    things.about(file.public_id, "file download", "accounts:statements")
    things.about(DraftFactory(source=account, amount=100).public_id, "check", "payments:transfers")
    things.about(
        TransferFactory(source=account, amount=100).receipt_no, "receipt", "payments:transfers"
    )
    topup = topups.top_up(reference=uuid4(), account=account, money=kes("300"), at=at, actor=actor)
    things.about(topup.receipt_no, "receipt", "payments:topups")
    app = AppFactory()
    ConsentFactory(app=app, customer=owner)
    asked = initiation.ask(
        Grant(app, frozenset({SCOPE}), None),
        reference=uuid4(),
        source=account.number,
        recipient=CustomerFactory().deposit_accounts.get().number,
        money=kes("150"),
        reason="Invoice 17",
        at=at,
        actor=SYSTEM,
    )
    things.about(asked.public_id, "check", "payments:initiation")
    [holding] = [one for one in deposits.held_by(actor) if one.account.pk == account.pk]
    row = statements.latest(holding)[0]
    things["accounts:statements:transaction"] = (row.account, str(row.cursor))


def _borrower(owner, things, *, at, actor) -> None:
    """Without a bureau a person answers."""
    # Two wishes of a day are looked at by risk.
    left = ApplicationFactory(customer=owner, amount="700", at=at - timedelta(days=2))
    applications.withdraw(left, at=at, actor=actor)
    things.about(left.public_id, "answer", "lending:decisions")
    asked = ApplicationFactory(customer=owner, amount="600", at=at)
    decisions.override(
        asked, result="APPROVED", amount=kes("600"), why="The bureau was down; wages are seen",
        at=at, actor=SYSTEM,
    )  # fmt: skip
    loan = take(asked, at=at)
    things.about(loan.public_id, "loan pay", "lending:repayments")
    things.about(loan.public_id, "help", "lending:collections")
    things.about(loan.public_id, "instruction", "lending:instructions")
    paid = repayments.repay(loan, money=kes("100"), reference="form", at=at, actor=actor)
    things["lending:repayments:statement"] = (loan.public_id, "pdf")
    things["lending:repayments:paid"] = (loan.public_id, paid.receipt_no)
    year = lend(owner, product="PERS", amount="10000", tenor=12, percent="15")
    things.about(year.public_id, "ask", "lending:restructures")
    things.about(_wish(year, at=at, actor=actor).public_id, "wish", "lending:restructures")


def _wish(loan, *, at, actor):
    return restructures.ask(
        loan, kind="LONGER", number=24, reason="Work is short", at=at, actor=actor
    )


def of_staff() -> Things:
    """One of everything that somebody at the bank looks at or decides, all of branch 001."""
    now, things = datetime.now(UTC), Things()
    customer = CustomerFactory(full_name="Baraka Mwangi Otieno")
    by_customer = {"at": now, "actor": actor_of(customer)}
    things.about(customer.public_id, "customer ask_access reveal standing", "branch:workbench")
    things.about(DocumentFactory(customer=customer).public_id, "paper", "branch:workbench")
    things["branch:workbench:panel"] = (customer.public_id, "papers")
    member, asker = StaffMemberFactory(), StaffMemberFactory(role_id="COMPLIANCE")
    things.about(member.public_id, "member", "branch:workbench")
    things.about("TELLER", "role", "branch:workbench")
    partner, applied = PartnerFactory(), PartnerFactory()
    things.about(applied.public_id, "partner", "branch:partners")
    asked = partners.ask_admission(partner, reason="Complete", at=now, actor=staff_actor(asker))
    things.about(asked.public_id, "approval", "branch:workbench")

    wish = corrections.request_change(
        customer, field="full_name", value="Baraka Mwangi", reason="A digit", **by_customer
    )
    things.about(wish.public_id, "correction", "branch:onboarding")
    check = IdentityCheck.objects.get(customer=customer, kind="ID")
    things.about(check.public_id, "check", "branch:onboarding")
    request = privacy.object_to(customer, words="No offers", **by_customer)
    things.about(request.public_id, "data_request", "branch:onboarding")
    submission = sent(at=now + timedelta(seconds=1))
    things.about(submission.public_id, "review", "branch:onboarding")

    things.about(BusinessFactory(is_active=False).public_id, "business", "branch:registrations")
    founder = CustomerFactory()
    change = changes.ask_mandate(
        BusinessFactory(founder=founder),
        bands=[Band(None, 1, True)],
        pin=PIN,
        at=now,
        actor=actor_of(founder),
    )
    things.about(change.public_id, "change", "branch:registrations")

    screening.load("KE_DOMESTIC", rows=[LISTED], at=now)
    CustomerFactory(full_name="Zaituni Bakari Mwinyi")
    things.about(Hit.objects.latest("pk").pk, "case", "branch:screening")
    files = {"list.csv": (screening.HEAD + UPLOADED).encode()}
    loaded = lists.upload(list_of("DENY"), files=files, at=now, actor=staff_actor(asker))
    things.about(loaded.pk, "version", "branch:screening")
    alert = AlertFactory()
    things.about(alert.public_id, "alert", "branch:compliance")
    taken = monitoring.take(AlertFactory(), actor=staff_actor(asker), at=now)
    case = monitoring.open_case(taken, text="Three in a row", actor=staff_actor(asker), at=now)
    things.about(case.public_id, "case", "branch:compliance")
    things.about("STRUCTURING", "rule", "branch:compliance")
    night = close.begin(at=now, actor=SYSTEM)
    things.about(night.business_date.isoformat(), "run", "branch:nights")
    halted = stops.stop(
        scope="PRODUCT", product=LoanProduct.objects.get(code="MORT"), at=now,
        reason="Titles are checked anew", actor=staff_actor(StaffMemberFactory(role_id="RISK")),
    )  # fmt: skip
    things.about(halted.public_id, "stop", "branch:risk")
    things["branch:risk:attempts"] = (halted.public_id, "csv")
    flagged = flags.asked(flags.with_anothers_phone())
    things.about(flags.case_about(flagged).public_id, "fraud_case", "branch:risk")
    mark = flags.marked(flagged.customer, "DEVICE")
    things.about(mark.public_id, "fraud_mark", "branch:risk")
    case = late.chased(late.late_loan(days=20))
    things.about(case.public_id, "case", "branch:collections")
    things["branch:collections:letter"] = (case.public_id, late.written(case).letter.public_id)
    asked = ApplicationFactory(at=now)
    things.about(asked.public_id, "application marks", "branch:credit")
    shown = BusinessApplicationFactory(came_in="", is_read=False, at=now)
    things.about(shown.public_id, "paper", "branch:credit")
    things["branch:risk:decision"] = (asked.public_id, 1)
    loan = lend(customer, product="PERS", amount="10000", tenor=12, percent="15")
    things.about(loan.number, "loan earlier", "branch:credit")
    things["branch:credit:payment"] = (loan.number, pay(loan, "50").receipt_no)
    things.about(_wish(loan, **by_customer).public_id, "change", "branch:credit")
    things["branch:risk:card"] = ("NEWCOMER", 1)
    risk_files = "drift_file decisions_file written_off_file overview_file loans_file"
    risk_files += " collections_file promises_file"
    things.about("csv", risk_files, "branch:risk")
    _books(things, at=now)
    return things


def _books(things, *, at) -> None:
    """A line, an entry, a month, and a posted voucher, for a draft is its maker's alone."""
    clerk = staff_actor(StaffMemberFactory(role_id="OPERATIONS"))
    finance = staff_actor(StaffMemberFactory(role_id="FINANCE"))
    account = LedgerAccountFactory()
    entry = put_in(account, "20").entry_id
    ledger_accounts.freeze(account, reason="Proof P02 broken", actor=SYSTEM)
    things.about(account.code, "freeze", "branch:books")
    lines = [debit(chart.line("5490"), kes("5")), credit(chart.line("2480"), kes("5"))]
    paper = vouchers.Written(kind="COST", narrative="Paper")
    voucher = vouchers.draft(paper, lines=lines, actor=clerk, at=at)
    asked = vouchers.ask(voucher, reason="The bill is here", actor=clerk, at=at)
    approvals.approve(asked, digest=asked.digest, actor=finance, at=at)
    things.about("1020", "account", "branch:books")
    things.about(entry, "entry reverse", "branch:books")
    things.about("csv", "export", "branch:books")
    things.about(f"{business_date():%Y-%m}", "period", "branch:books")
    things.about(voucher.public_id, "voucher rewrite", "branch:books")
