"""
The facts of an application by which it is decided: who asks, what came in and went out, how they
paid before, and what the bureau says. No gender, tribe, religion, marriage or health counts
(kenya.md 4.6).
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from django.db import connection

from accounts.deposits.models import DepositAccount
from accounts.products.models import EVERYDAY
from accounts.registry.models import IdentityCheck
from ledger.calendar import queries as calendar
from ledger.money import Money
from lending.affordability import queries as affordability
from lending.affordability.capacity import Capacity
from lending.applications.models import LoanApplication
from lending.bureau.models import BureauEnquiry
from lending.credit import queries as credit
from lending.credit.models import CreditTerm
from lending.credit.queries import DEPOSITS, Limit
from lending.decisions.queries import in_the_way
from lending.decisions.quotes import quote_of
from lending.loans.models import Loan
from lending.products.models import ONLINE
from lending.repayments import history
from lending.scoring.cards import Fact
from lending.scoring.models import Scorecard
from lending.watch import queries as watch
from lending.watch.queries import Record

# What newcomers are scored for by a card of their own (kenya.md 4.5).
FOR_NEWCOMERS = (ONLINE, "EMER")
HALF_YEAR, NEW_DAYS, LEAST_KEPT = 6, 30, 1000

# What of each deposit was still there after two days, or is now: the least of it and the balance.
_HELD = """
SELECT coalesce(sum(p.amount), 0), coalesce(sum(least(p.amount, later.balance)), 0)
  FROM ledger_posting p
  JOIN ledger_entry e ON e.id = p.entry_id
  CROSS JOIN LATERAL (
      SELECT q.balance_after AS balance FROM ledger_posting q
        JOIN ledger_entry f ON f.id = q.entry_id
       WHERE q.account_id = p.account_id AND q.shard = 0 AND q.business_date >= p.business_date
         AND f.at <= e.at + interval '48 hours'
       ORDER BY q.business_date DESC, q.sequence DESC LIMIT 1) later
 WHERE p.account_id = ANY (%s) AND p.shard = 0 AND p.side = 'CREDIT' AND e.kind = ANY (%s)
   AND p.business_date BETWEEN %s AND %s"""

# The lowest that an account stood in a span: when it began, and after each posting.
_LOWEST = """
SELECT least(
    (SELECT balance_after FROM ledger_posting WHERE account_id = %(account)s AND shard = 0
        AND business_date < %(first)s ORDER BY business_date DESC, sequence DESC LIMIT 1),
    (SELECT min(balance_after) FROM ledger_posting WHERE account_id = %(account)s AND shard = 0
        AND business_date BETWEEN %(first)s AND %(last)s))"""


@dataclass(frozen=True, slots=True)
class Facts:
    """
    All that a decision is made by. `values` are the card's facts by name; `said` what the customer
    and the officer read beside them, in KES; `record` is what is known of who asks. A loan by
    instalments has a `capacity`, and its amount goes by that; a 30-day loan goes by the limit.
    """

    card: str
    limit: Limit
    active: list[Loan]
    is_good_customer: bool
    standing: str | None
    values: dict[str, Fact] = field(default_factory=dict)
    capacity: Capacity | None = None
    record: Record = Record()

    def most(self, score: int | None) -> Money:
        """This will give the most that is lent to whoever reaches a score."""
        return self.limit.amount if self.capacity is None else self.capacity.bound(score).most


def gather(application: LoanApplication, *, enquiry: BureauEnquiry, on: date) -> Facts:
    """This will gather the facts of an application as they are on a business date."""
    customer = application.customer
    months, terms = credit.months_here(customer, on=on), CreditTerm.numbers_on(on)
    is_new = (
        months < terms[CreditTerm.Kind.NEWCOMER_MONTHS] and application.product_id in FOR_NEWCOMERS
    )
    standing = enquiry.standing or None
    values = {
        "kyc_tier": customer.tier_id,
        "bureau": standing,
        "employment": application.employment,
    }
    values |= _of_newcomer(application, on=on) if is_new else {
        "tenure_months": months,
        "bureau_enquiries": enquiry.enquiries_3_months,
        **_of_known(application, on=on),
    }  # fmt: skip
    return Facts(
        card=Scorecard.Card.NEWCOMER if is_new else Scorecard.Card.RETAIL,
        limit=credit.limit_of(customer, on=on, terms=terms),
        active=in_the_way(customer, product=application.product_id, on=on),
        is_good_customer=customer.is_active,
        standing=standing,
        values=values,
        capacity=_capacity_of(application, on=on, terms=terms),
        record=watch.record_of(application, on=on),
    )


def unscored(application: LoanApplication, *, on: date) -> Facts:
    """This will gather what is known of an application that no bureau and no card was asked of."""
    customer, terms = application.customer, CreditTerm.numbers_on(on)
    return Facts(
        card="",
        limit=credit.limit_of(customer, on=on, terms=terms),
        active=in_the_way(customer, product=application.product_id, on=on),
        is_good_customer=customer.is_active,
        standing=None,
        capacity=_capacity_of(application, on=on, terms=terms),
        record=watch.record_of(application, on=on),
    )


def _capacity_of(application: LoanApplication, *, on: date, terms) -> Capacity | None:
    is_by_instalments = not application.product.is_online and application.product.is_for_people
    return affordability.capacity_of(application, on=on, terms=terms) if is_by_instalments else None


def _of_newcomer(application: LoanApplication, *, on: date) -> dict[str, Fact]:
    customer = application.customer
    came = credit.deposits_of(customer, on=on, days=NEW_DAYS)
    checks = IdentityCheck.objects.filter(customer=customer, kind=IdentityCheck.Kind.PHONE)
    phone = checks.order_by("-pk").first()
    return {
        "deposits_30_days": came.count,
        "deposits_to_amount": _tenths(came.total.amount / application.amount),
        "held_after_48_hours_percent": _held_percent(customer, on=on),
        "phone_is_theirs": "YES" if phone is not None and phone.is_confirmed else "NO",
    }


def _of_known(application: LoanApplication, *, on: date) -> dict[str, Fact]:
    customer = application.customer
    spans = [
        (calendar.months_after(on, -back - 1) + timedelta(days=1), calendar.months_after(on, -back))
        for back in range(HALF_YEAR)
    ]
    came = [
        credit.deposits_of(customer, on=last, days=(last - first).days + 1) for first, last in spans
    ]
    inflow = sum(one.total.amount for one in came) / HALF_YEAR
    paid = history.of(customer, on=on)
    accounts = _everyday_ids(customer)
    return {
        "monthly_inflow": inflow.quantize(Decimal("0.01")),
        "months_with_inflow": sum(one.count > 0 for one in came),
        "debt_service_percent": _debt_service(application, inflow, on=on),
        "repayment": paid.mark,
        "failed_debits": paid.missed,
        "months_above_1000": sum(_lowest(accounts, *span) >= LEAST_KEPT for span in spans),
    }


def _debt_service(application: LoanApplication, inflow: Decimal, *, on: date) -> Decimal | None:
    """What the next month asks of all loans with this one, in percent of what a month brings."""
    if not inflow:
        return None
    month = calendar.months_after(on, 1)
    new = quote_of(application, principal=application.money, on=on)
    asked = sum(row.total.amount for row in new.instalments if row.contractual <= month)
    asked += affordability.dues_of(application.customer, on=on).amount
    return _tenths(asked / inflow * 100)


def _held_percent(customer, *, on: date) -> Decimal | None:
    with connection.cursor() as cursor:
        since = on - timedelta(days=NEW_DAYS - 1)
        cursor.execute(_HELD, [_everyday_ids(customer), list(DEPOSITS), since, on])
        came, held = cursor.fetchone()
    return _tenths(held / came * 100) if came else None


def _lowest(accounts: list[int], first: date, last: date) -> Decimal:
    with connection.cursor() as cursor:
        total = Decimal(0)
        for account in accounts:
            cursor.execute(_LOWEST, {"account": account, "first": first, "last": last})
            total += cursor.fetchone()[0] or Decimal(0)
    return total


def _everyday_ids(customer) -> list[int]:
    rows = DepositAccount.objects.filter(customer=customer, product=EVERYDAY)
    return list(rows.order_by("pk").values_list("ledger_account_id", flat=True))


def _tenths(number: Decimal) -> Decimal:
    """To a tenth, down: never more than it is."""
    return Decimal(number).quantize(Decimal("0.1"), ROUND_DOWN)
