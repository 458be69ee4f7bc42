"""Finding customers by whatever names them, and what their file shows first."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import capfirst

from accounts.access import phones
from accounts.access import queries as access_queries
from accounts.businesses import screening as business_screening
from accounts.businesses.models import KRA_PIN, REGISTRATION_NO, Business, Change
from accounts.customers import queries as customer_queries
from accounts.customers.models import Customer
from accounts.deposits import queries as deposit_queries
from accounts.deposits.queries import Holding
from accounts.kyc.models import Submission
from accounts.limits import queries as limits
from accounts.limits.queries import Room
from accounts.monitoring.models import Alert, MonitorCase, MonitorRule
from accounts.partners.models import Partner
from accounts.privacy import queries as privacy
from accounts.screening import queries as screening
from accounts.screening.models import ListVersion
from accounts.staff import queries as staff_queries
from accounts.staff import reach
from accounts.staff.models import Permission, Role, RolePermission, StaffMember
from accounts.statements import queries as statements
from accounts.statements.queries import Transaction
from ledger.approvals import queries as approval_queries
from ledger.approvals.models import Approval, ApprovalRule, ApprovalSignature
from ledger.approvals.states import ApprovalState
from ledger.calendar import queries as calendar
from ledger.chart.models import LedgerAccount
from ledger.controls.audit import subject_of
from ledger.controls.models import AuditEntry
from ledger.journal.models import Entry
from ledger.vouchers.models import Voucher
from lending.applications.models import LoanApplication
from lending.fraud.models import FraudCase, FraudMark
from lending.loans.models import Loan
from lending.stops.models import LendingStop
from wekeza.kit import words
from wekeza.kit.actor import Actor

MOST_FOUND = 25
LIKE_ENOUGH = "0.35"  # Of a word's trigrams: Grce finds Grace, Zawdi finds Zawadi.
LAST_ROWS = 10  # Mission 000: the banker sees the last ten transactions.
STORY_DAYS = 7
# Records whose desks stand in rooms of their own: what a request about one leads to.
DESKS = {
    "accounts.business": (Business, "branch:registrations:business", "public_id"),
    "accounts.change": (Change, "branch:registrations:change", "public_id"),
    "accounts.partner": (Partner, "branch:partners:partner", "public_id"),
    "accounts.alert": (Alert, "branch:compliance:alert", "public_id"),
    "accounts.monitorcase": (MonitorCase, "branch:compliance:case", "public_id"),
    "accounts.monitorrule": (MonitorRule, "branch:compliance:rule", "code"),
    "lending.fraudcase": (FraudCase, "branch:risk:fraud_case", "public_id"),
    "lending.fraudmark": (FraudMark, "branch:risk:fraud_mark", "public_id"),
    "lending.loan": (Loan, "branch:credit:loan", "number"),
    "lending.loanapplication": (LoanApplication, "branch:credit:application", "public_id"),
    "lending.lendingstop": (LendingStop, "branch:risk:stop", "public_id"),
}
_RECEIPT = re.compile(r"[A-Z]{2}-[0-9A-Z]{7}")


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave: by which kind of name, and the customers and businesses."""

    kind: str
    customers: list[Customer]
    businesses: list[Business] = field(default_factory=list)

    def __len__(self):
        return len(self.customers) + len(self.businesses)


@dataclass(frozen=True, slots=True)
class File:
    """A customer's file as staff see it first; the rest are panels (branch/workbench/panels.py)."""

    customer: Customer
    holdings: list[Holding]
    rows: list[Transaction]
    story: str
    room: Room
    waiting: list[Approval]

    @property
    def since(self) -> date:
        """From which day on they bank here: their first account's, else that of the file itself."""
        opened = [holding.account.opened_date for holding in self.holdings]
        return min(opened, default=calendar.nairobi_date(self.customer.created_at))


def find(text: str) -> Found:
    """
    This will find customers by ID number, phone, account number, receipt, e-mail or name, and
    businesses by registration number, KRA PIN, account number, receipt or name. A name may be
    misspelt or in another order; everything else is exact (BR03).
    """
    typed = " ".join(text.split())
    whole = typed.replace(" ", "").upper()
    if re.fullmatch(REGISTRATION_NO, whole) or re.fullmatch(KRA_PIN, whole):
        is_it = Q(registration_no=whole) | Q(kra_pin=whole)
        if registered := list(_businesses().filter(is_it)):  # BN-1234567 may be a receipt as well.
            return Found("registration number", [], registered)
    if _RECEIPT.fullmatch(typed.upper()):
        return _by_receipt(typed.upper())
    if "@" in typed:
        return Found("e-mail", list(_customers().filter(user__email=typed.lower())))
    digits = typed.replace(" ", "").replace("-", "")
    if digits.isascii() and digits.isdigit():
        return _by_digits(digits)
    if number := phones.normalised(digits):
        return _by_phone(number)
    people, firms = _customers(), _businesses()
    return Found(
        "name", _by_name(people, "full_name", typed=typed), _by_name(firms, "name", typed=typed)
    )


def customer_by(public_id) -> Customer:
    """This will give one customer. :raises Customer.DoesNotExist: if there is none."""
    return _customers().get(public_id=public_id)


def is_restricted(customer: Customer) -> bool:
    """Files of colleagues and of people in public office are for few (ux.md 2.4)."""
    colleagues = StaffMember.objects.filter(national_id_index=customer.national_id_index)
    return colleagues.exists() or screening.is_in_public_office(customer.owner_ref)


def is_closed_to(member: StaffMember, customer: Customer, *, actor: Actor, at: datetime) -> bool:
    """This will tell whether a restricted file is shut to somebody now."""
    if not is_restricted(customer) or privacy.has_access(customer, actor=actor, at=at):
        return False
    where = {"at": at, "branch": customer.branch_id}
    return not staff_queries.permits(member.user, "customer.restricted", **where)


def file_of(customer: Customer, *, at: datetime) -> File:
    """This will gather a customer's file as it is at a moment."""
    holdings = deposit_queries.held_by(customer.actor)
    rows = latest_of(holdings)
    return File(
        customer=customer,
        holdings=holdings,
        rows=rows,
        story=story(holdings, at=at),
        room=limits.room_left(customer, at),
        waiting=shown(approval_queries.waiting_for(customer)),
    )


def latest_of(holdings: list[Holding]) -> list[Transaction]:
    """This will give the last ten transactions of some accounts, the newest first."""
    rows = (row for one in holdings for row in statements.latest(one, most=LAST_ROWS))
    return sorted(rows, key=lambda row: row.at, reverse=True)[:LAST_ROWS]


def story(holdings: list[Holding], *, at: datetime) -> str:
    """
    This will answer the question that customers call with, "why is my balance low?": the largest
    sum that went out in the last seven days, and how many more went out in them (ux.md 4.8).
    """
    since = at - timedelta(STORY_DAYS)
    out = [statements.largest_out(one, after=since) for one in holdings]
    sums = [row for row, _count in out if row]
    if not sums:
        return "Nothing has gone out in the last 7 days."
    most = max(sums, key=lambda row: row.money)
    what = str(most.kind.label).lower()
    to = f" to {most.other_party}" if most.other_party else ""
    others = sum(count for _row, count in out) - 1
    rest = f" {others} other payments went out in these 7 days." if others > 1 else ""
    rest = " One other payment went out in these 7 days." if others == 1 else rest
    return (
        f"The largest sum that went out in the last 7 days: {words.plain(most.money)} "
        f"({what}){to}, {words.moment(most.at)}.{rest}"
    )


def about_others(rows: QuerySet, actor: Actor) -> QuerySet:
    """
    This will leave out screening cases about the natural person who looks: as a customer, and as
    a director or owner of a business (no tipping-off).
    """
    return business_screening.not_about(rows, person=actor.person)


def why_stopped(customer: Customer) -> dict | None:
    """
    This will tell who stopped a customer, when and why; nothing of one whom screening stopped.
    """
    lines = AuditEntry.objects.filter(subject=subject_of(customer)).order_by("-id")
    moved = lines.filter(deed="customer.status_changed", detail__after="SUSPENDED").first()
    said = moved and lines.filter(deed="customer.suspended", id__gt=moved.pk).first()
    if not said:
        return None
    names = staff_queries.names_of([said.actor])
    by = names.get(said.actor, said.actor)
    return {"reason": said.detail["reason"], "by": by, "at": said.recorded_at}


def trail(*, subject: str = "", deed: str = "", actor: str = "", most: int = 100) -> QuerySet:
    """This will give lines of the audit trail, the newest first."""
    lines = AuditEntry.objects.order_by("-id")
    for name, wanted in (("subject", subject), ("deed__startswith", deed), ("actor", actor)):
        if wanted:
            lines = lines.filter(**{name: wanted})
    return lines[:most]


def matrix(*, on) -> list[tuple[Role, list[RolePermission]]]:
    """This will give every staff role with what it holds by itself on a day."""
    held = staff_queries.matrix(on=on)
    codes = list(Permission.objects.order_by("code").values_list("code", flat=True))
    roles = Role.objects.filter(is_staff_role=True).select_related("parent").order_by("label")
    return [
        (role, [held[role.code][code] for code in codes if code in held[role.code]])
        for role in roles
    ]


def touched_either_way(role: Role, *, permission: Permission, amount_up_to, on) -> list:
    """This will tell whom it touches to let a role do something, and to let it no longer."""
    return [
        (
            label,
            reach.touched_by(
                role,
                permission=permission.code,
                is_held=is_held,
                amount_up_to=amount_up_to,
                on=on,
            ),
        )
        for label, is_held in (("If it is added", True), ("If it is taken away", False))
    ]


def history_of_role(role: Role) -> list[RolePermission]:
    """This will give every change of a role, with who asked and who agreed."""
    rows = staff_queries.history_of(role)
    asked = [row.approval for row in rows if row.approval]
    shown(asked)
    return rows


def shown(rows: Iterable[Approval]) -> list[Approval]:
    """This will give requests with what a reader needs: their names, and those of people."""
    found = list(rows)
    labels = dict(ApprovalRule.objects.order_by("effective_from").values_list("deed", "label"))
    names = staff_queries.names_of({who for row in found for who in (row.maker, row.checker)})
    for row in found:
        row.label = labels.get(row.deed, row.deed)
        row.maker_name = names.get(row.maker, row.maker)
        row.checker_name = names.get(row.checker, row.checker)
    return found


def signatures_of(approval: Approval) -> list[ApprovalSignature]:
    """This will give who of a committee said yes before the last one does, each with their name."""
    found = list(approval.signatures.order_by("pk"))
    names = staff_queries.names_of({row.signer for row in found})
    for row in found:
        row.by = names.get(row.signer, row.signer)
    return found


def subject_of_request(approval: Approval) -> tuple[str, str]:
    """This will name what a request is about, and the page of it if there is one."""
    label, _, pk = approval.subject.rpartition(":")
    if label == "accounts.staffmember":
        member = StaffMember.objects.get(pk=pk)
        return member.full_name, reverse("branch:workbench:member", args=[member.public_id])
    if label == "accounts.customer":
        customer = Customer.objects.get(pk=pk)
        page = reverse("branch:workbench:customer", args=[customer.public_id])
        return customer.full_name, page
    if label == "accounts.listversion":
        return str(ListVersion.objects.get(pk=pk)), reverse("branch:screening:version", args=[pk])
    if label == "ledger.voucher":
        row = Voucher.objects.get(pk=pk)
        return f"Voucher {row}", reverse("branch:books:voucher", args=[row.public_id])
    if label == "ledger.businessday":
        return "The accounting periods", reverse("branch:books:periods")
    if label == "ledger.ledgeraccount":
        code = LedgerAccount.objects.get(pk=pk).code
        is_over = approval.state != ApprovalState.PENDING  # Its page is of what is stopped.
        return f"Account {code}", "" if is_over else reverse("branch:books:freeze", args=[code])
    if label in DESKS:
        model, page, name = DESKS[label]
        row = model.objects.get(pk=pk)
        called = getattr(row, "name", "") or capfirst(str(row))
        return called, reverse(page, args=[getattr(row, name)])
    if label == "accounts.submission":
        asked = Submission.objects.select_related("customer").get(pk=pk)
        page = reverse("branch:onboarding:review", args=[asked.public_id])
        return asked.customer.full_name, page
    return approval.subject, ""


def is_own(approval: Approval, actor: Actor) -> bool:
    """Whoever looks has asked for it."""
    return approval.maker_person == actor.person


def _customers() -> QuerySet[Customer]:
    return Customer.objects.select_related("user", "tier", "branch").order_by("full_name", "pk")


def _businesses() -> QuerySet[Business]:
    return Business.objects.order_by("name", "pk")


def _by_digits(digits: str) -> Found:
    if len(digits) == 13:
        named = {"deposit_accounts__number": digits}
        return Found(
            "account", list(_customers().filter(**named)), list(_businesses().filter(**named))
        )
    if len(digits) <= 9:
        index = customer_queries.id_index(digits)
        # Nine digits may be a phone without its 0 as well.
        if (found := list(_customers().filter(national_id_index=index))) or len(digits) < 9:
            return Found("ID number", found)
    if number := phones.normalised(digits):
        return _by_phone(number)
    return Found("name", [])


def _by_phone(number: str) -> Found:
    index = access_queries.phone_index(number)
    return Found("phone", list(_customers().filter(user__phone_index=index)))


def _by_name(rows: QuerySet, name: str, *, typed: str) -> list:
    """Every word may stand anywhere in the name that a row has, and may be misspelt."""
    parts = [part for part in typed.split() if len(part) > 1][:4]
    if not parts:
        return []
    near = {
        f"like_{number}": TrigramWordSimilarity(part, name) for number, part in enumerate(parts)
    }
    found = rows.annotate(**near)
    for part in parts:  # An index answers this for customers; businesses are few.
        found = found.filter(**{f"{name}__trigram_word_similar": part})
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [LIKE_ENOUGH]
        )
        return list(found.order_by(*(f"-{each}" for each in near), name, "pk")[:MOST_FOUND])


def _by_receipt(receipt_no: str) -> Found:
    entry = Entry.objects.filter(receipt_no=receipt_no).first()
    accounts = entry.postings.values("account_id") if entry else []
    touched = {"deposit_accounts__ledger_account__in": accounts}
    return Found(
        "receipt",
        list(_customers().filter(**touched).distinct()),
        list(_businesses().filter(**touched).distinct()),
    )
