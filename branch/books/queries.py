"""
What the pages of the books show beside the ledger itself: whose account it is and whether it is
open to whoever looks, names of staff, and what the product tables say of control lines.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Q, Sum

from accounts.businesses.models import Member
from accounts.customers.models import Customer
from accounts.deposits.models import DepositAccount
from accounts.screening.models import Hit, ScreeningList
from accounts.staff import queries as staff_queries
from accounts.staff.models import StaffMember
from accounts.statements.kinds import kind_of
from branch.workbench import queries as workbench
from ledger.balances.queries import at_the_end_of
from ledger.chart.models import LedgerAccount, Side
from ledger.controls.audit import subject_of
from ledger.controls.models import AuditEntry
from ledger.journal.models import Entry, Posting
from ledger.money import Money
from wekeza.kit.actor import Actor
from wekeza.kit.persons import person_of

KINDS_OF_ACTORS = {"CUSTOMER": "A customer", "TASK": "A task of the bank", "CONSOLE": "The console"}
MOST_FAULTS = 100

_CONTROLS = """
WITH stood AS MATERIALIZED (
    SELECT a.id, a.control_id, a.currency, last.balance
      FROM ledger_ledgeraccount a
      JOIN ledger_balance b ON b.account_id = a.id
      {last}
     WHERE a.control_id IS NOT NULL
), books AS (
    SELECT a.control_id AS line_id, count(*) AS accounts, sum(coalesce(s.balance, 0)) AS balance
      FROM ledger_ledgeraccount a LEFT JOIN stood s ON s.id = a.id
     WHERE a.control_id IS NOT NULL AND a.effective_date <= %(on)s
     GROUP BY a.control_id
), products AS (
    SELECT p.control_line, p.currency, count(*) AS accounts, sum(coalesce(s.balance, 0)) AS balance
      FROM accounts_depositaccount d
      JOIN accounts_product p ON p.code = d.product_id
      LEFT JOIN stood s ON s.id = d.ledger_account_id
     WHERE d.opened_date <= %(on)s
     GROUP BY p.control_line, p.currency
)
SELECT c.code, c.name, c.currency, coalesce(b.accounts, 0), coalesce(b.balance, 0),
       coalesce(p.accounts, 0), coalesce(p.balance, 0)
  FROM ledger_ledgeraccount c
  LEFT JOIN books b ON b.line_id = c.id
  LEFT JOIN products p ON p.control_line = c.code AND p.currency = c.currency
 WHERE c.is_control AND c.effective_date <= %(on)s
 ORDER BY c.code"""

_FAULTS = """
SELECT a.code, coalesce(c.code, ''), coalesce(p.control_line, ''), a.currency, last.balance
  FROM ledger_ledgeraccount a
  JOIN ledger_balance b ON b.account_id = a.id
  {last}
  LEFT JOIN ledger_ledgeraccount c ON c.id = a.control_id
  LEFT JOIN accounts_depositaccount d ON d.ledger_account_id = a.id AND d.opened_date <= %(on)s
  LEFT JOIN accounts_product p ON p.code = d.product_id
 WHERE (a.control_id IS NOT NULL OR d.id IS NOT NULL)
   AND c.code IS DISTINCT FROM p.control_line
 ORDER BY a.code LIMIT %(most)s"""


@dataclass(frozen=True, slots=True)
class Control:
    """A control line on a day: the sum of its children, and the sum that product tables lead to."""

    code: str
    name: str
    accounts: int
    books: Money
    products_accounts: int
    products: Money

    @property
    def difference(self) -> Money:
        return self.books - self.products

    @property
    def ties(self) -> bool:
        return not self.difference and self.accounts == self.products_accounts


@dataclass(frozen=True, slots=True)
class Fault:
    """An account that stands under one control line, and by its product belongs to another."""

    code: str
    stands_under: str
    belongs_to: str
    balance: Money


def controls(on: date) -> list[Control]:
    """
    This will give every control line at the end of a business date, by the books and by the tables
    of the products. One statement; it scales as the trial balance does (ledger/balances).
    """
    with connection.cursor() as cursor:
        cursor.execute(_CONTROLS.format(last=at_the_end_of(on)), {"on": on})
        rows = cursor.fetchall()
    return [
        Control(
            code=code,
            name=name,
            accounts=accounts,
            books=Money.rounded(books, unit),
            products_accounts=held,
            products=Money.rounded(products, unit),
        )
        for code, name, unit, accounts, books, held, products in rows
    ]


def faults(on: date) -> list[Fault]:
    """This will name the accounts for which books and products differ, at most a hundred."""
    with connection.cursor() as cursor:
        cursor.execute(_FAULTS.format(last=at_the_end_of(on)), {"on": on, "most": MOST_FAULTS})
        rows = cursor.fetchall()
    return [
        Fault(code, under, belongs, Money.rounded(balance, unit))
        for code, under, belongs, unit, balance in rows
    ]


def holder_of(account: LedgerAccount) -> DepositAccount | None:
    """This will give the deposit account over a ledger account, with whose it is."""
    rows = DepositAccount.objects.select_related("customer__user", "business", "product")
    return rows.filter(ledger_account=account).first()


def closed_to(
    accounts: Iterable[LedgerAccount], *, member: StaffMember, actor: Actor, at: datetime
) -> set[int]:
    """
    This will give the ids of those accounts whose file is shut to somebody: their own, and those of
    colleagues and of people in public office that nobody opened to them; of a business, if that is
    true of one who acts for it. A few questions for a page, and one for each restricted file on it.
    """
    people = _people_behind(accounts)
    everybody = {one.pk: one for some in people.values() for one in some}
    restricted = _restricted(everybody.values())
    shut = {
        one.pk
        for one in everybody.values()
        if person_of(one.national_id_index) == actor.person
        or one.pk in restricted
        and workbench.is_closed_to(member, one, actor=actor, at=at)
    }
    return {account_id for account_id, some in people.items() if shut & {one.pk for one in some}}


def persons_of(accounts: Iterable[LedgerAccount]) -> set[str]:
    """This will give the persons whose accounts these are, themselves or through a business."""
    people = _people_behind(accounts).values()
    return {person_of(one.national_id_index) for some in people for one in some}


def said_by(entry: Entry) -> str:
    """This will give an entry's memo, unless it is a customer's own words, which are private."""
    return "" if kind_of(entry.kind, entry.memo).keeps_memo else entry.memo


def actors_named(words: str) -> list[str]:
    """This will give the actors that somebody means by a name, or by an actor as it is written."""
    if ":" in words:
        return [words]
    found = StaffMember.objects.filter(Q(full_name__icontains=words) | Q(user__email__iexact=words))
    return [f"STAFF:{user}" for user in found.values_list("user_id", flat=True)[:50]] or [words]


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """This will name actors: colleagues by their name, customers and tasks by what they are."""
    known = set(actors)
    names = staff_queries.numbered(known)
    return {one: names.get(one) or KINDS_OF_ACTORS.get(one.partition(":")[0], one) for one in known}


def with_amounts(entries: list[Entry]) -> list[Entry]:
    """This will tell each of some entries what it moves, the sum of its debits, as `moved`."""
    rows = Posting.objects.filter(entry__in=entries, side=Side.DEBIT)
    sums = rows.values_list("entry_id", "currency_id").annotate(total=Sum("amount"))
    moved: dict[int, list[Money]] = {}
    for entry_id, currency, total in sums.order_by("entry_id", "currency_id"):
        moved.setdefault(entry_id, []).append(Money.rounded(total, currency))
    for entry in entries:
        entry.moved = moved.get(entry.pk, [])
    return entries


def with_names(rows: list, field: str) -> list:
    """This will tell each of some rows who is behind a field that holds an actor, as `by`."""
    names = names_of(getattr(row, field) for row in rows)
    for row in rows:
        row.by = names[getattr(row, field)]
    return rows


def trail_of(entry: Entry) -> list[AuditEntry]:
    """This will give the lines of the audit trail about an entry and about what it came from."""
    subjects = [subject_of(entry)] + ([entry.source] if entry.source else [])
    return with_names(
        list(AuditEntry.objects.filter(subject__in=subjects).order_by("pk")[:50]), "actor"
    )


def _people_behind(accounts: Iterable[LedgerAccount]) -> dict[int, list[Customer]]:
    """Whose each customer's account is: the customer, or who acts for the business."""
    ids = [account.pk for account in accounts if account.is_guarded]
    held = list(DepositAccount.objects.filter(ledger_account__in=ids).select_related("customer"))
    firms = {row.business_id for row in held if row.business_id}
    teams: dict[int, list[Customer]] = {}
    acting = Member.objects.filter(business__in=firms, left_at=None).select_related("customer")
    for row in acting:
        teams.setdefault(row.business_id, []).append(row.customer)
    return {
        row.ledger_account_id: [row.customer] if row.customer_id else teams.get(row.business_id, [])
        for row in held
    }


def _restricted(owners: Iterable[Customer]) -> set[int]:
    found = {owner.pk: owner for owner in owners}
    indexes = {owner.national_id_index: pk for pk, owner in found.items()}
    colleagues = StaffMember.objects.filter(national_id_index__in=indexes)
    shut = {indexes[one] for one in colleagues.values_list("national_id_index", flat=True)}
    refs = {owner.owner_ref: pk for pk, owner in found.items()}
    exposed = Hit.objects.filter(
        owner_ref__in=refs, list__kind=ScreeningList.Kind.PEP, confirmed_at__isnull=False
    )
    return shut | {refs[one] for one in exposed.values_list("owner_ref", flat=True)}
