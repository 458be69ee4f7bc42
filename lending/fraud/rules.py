"""
The rules: each looks at one application and gives the facts by which it fired, or None. All times
are counted back from the moment at which it was asked. Applications of one person, or of one
business, are taken in one after another, under its row, so what came before has a smaller number:
nobody who asks ten times at once is counted twice, or not at all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from accounts.deposits.models import DepositAccount
from accounts.documents.models import Document
from accounts.products.models import EVERYDAY
from accounts.registry.models import IdentityCheck
from accounts.registry.states import DOUBTS
from ledger.money import Money
from lending.affordability import queries as affordability
from lending.applications import queries as applications
from lending.applications.models import LoanApplication
from lending.credit import queries as credit
from lending.credit.queries import DEPOSITS
from lending.fraud import queries
from lending.fraud.models import FraudTerm, Rule

Kind = FraudTerm.Kind
MONTH = 30
MOST_NAMED = 5

# Deposits of which nearly all left again, by one payment to somebody else, within some hours. What
# moves between own accounts, a director's and the business's too, is no deposit, and paying a loan
# back is no round trip.
_ROUND_TRIPS = """
WITH own AS (
  SELECT ledger_account_id AS id FROM accounts_depositaccount 
   WHERE customer_id = %(customer)s OR business_id = %(business)s),
moved AS (
  SELECT e.id, e.at, e.kind, p.account_id, p.side, p.amount
    FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
   WHERE p.account_id = ANY (%(accounts)s) AND p.shard = 0
     AND p.business_date BETWEEN %(since)s AND %(on)s
     AND NOT EXISTS (SELECT 1 FROM ledger_posting o
                      WHERE o.entry_id = e.id AND o.account_id <> p.account_id
                        AND o.account_id IN (SELECT id FROM own)))
SELECT least(count(DISTINCT came.id), count(DISTINCT went.id))
  FROM moved came
  JOIN moved went ON went.account_id = came.account_id AND went.side = 'DEBIT'
   AND went.at BETWEEN came.at AND came.at + %(within)s
   AND went.amount BETWEEN came.amount * %(percent)s / 100 AND came.amount
 WHERE came.side = 'CREDIT' AND came.kind = ANY (%(deposits)s)
   AND went.kind <> ALL (%(loans)s)"""
LOAN_PAYMENTS = ["LOAN_REPAYMENT"]


@dataclass(frozen=True, slots=True)
class Look:
    """What every rule is given: the application, the business date, and the numbers of that day."""

    application: LoanApplication
    on: date
    terms: Mapping[str, int]

    @property
    def customer(self):
        return self.application.customer

    @property
    def asked_at(self) -> datetime:
        return self.application.asked_at

    @property
    def holder(self) -> dict:
        """Whose accounts are looked at: the business's if it asks, else the everyday ones."""
        if self.application.business_id:
            return {"business": self.application.business_id}
        return {"customer": self.customer, "product": EVERYDAY}

    def hours(self, kind: str) -> timedelta:
        return timedelta(hours=self.terms[kind])

    def days(self, kind: str) -> timedelta:
        return timedelta(days=self.terms[kind])


def duplicate(look: Look) -> dict | None:
    """Rule 1: the same loan was asked for before."""
    since = look.asked_at - look.hours(Kind.DUPLICATE_HOURS)
    others = _asked_since(look, since).filter(product=look.application.product_id).count() - 1
    return {"others": others, "hours": look.terms[Kind.DUPLICATE_HOURS]} if others else None


def velocity(look: Look) -> dict | None:
    """Rule 2: many applications with this one."""
    count = _asked_since(look, look.asked_at - look.hours(Kind.VELOCITY_HOURS)).count()
    told = {"count": count, "hours": look.terms[Kind.VELOCITY_HOURS]}
    return told if count >= look.terms[Kind.VELOCITY_COUNT] else None


def shared_device(look: Look) -> dict | None:
    """Rule 3: several customers asked from one browser."""
    index = look.application.device_index
    since = look.asked_at - look.days(Kind.DEVICE_DAYS)
    asked = LoanApplication.objects.filter(device_index=index, asked_at__gt=since)
    if (
        not index
        or (count := asked.values("customer").distinct().count())
        < look.terms[Kind.DEVICE_CUSTOMERS]
    ):
        return None
    others = asked.exclude(customer=look.customer).values_list("customer__public_id", flat=True)
    return {
        "count": count, "days": look.terms[Kind.DEVICE_DAYS], "customers": _named(others),
    }  # fmt: skip


def phone_not_owned(look: Look) -> dict | None:
    """Rule 4: the network says that the line is not theirs. Without an answer nothing is known."""
    return _doubt(look, IdentityCheck.Kind.PHONE)


def phone_changed_lately(look: Look) -> dict | None:
    """Rule 5: another phone took the place of theirs within hours."""
    return _changed(look, look.hours(Kind.PHONE_HOURS))


def income(look: Look) -> dict | None:
    """Rule 6: what they say they earn is many times what comes in during a month."""
    stated = look.application.income
    if stated is None:
        return None
    age = _age_days(look)
    days = min(max(age + 1, MONTH), look.terms[Kind.INCOME_DAYS])
    came = credit.deposits_of(look.customer, on=look.on, days=days).total.amount
    monthly = came * MONTH / days
    if stated <= monthly * look.terms[Kind.INCOME_TIMES]:
        return None
    return {
        "stated": str(Money.rounded(stated, "KES")),
        "observed": str(Money.rounded(monthly, "KES")),
    }


def new_and_at_most(look: Look) -> dict | None:
    """
    Rule 7: a new account asks for all that it may be lent. What a business may be lent does not
    follow from its deposits.
    """
    if look.application.business_id:
        return None
    age = _age_days(look)
    if age >= look.terms[Kind.NEW_DAYS]:
        return None
    application = look.application
    limit = credit.limit_of(look.customer, on=look.on).amount.amount
    most = min(limit, application.term.most_amount)
    return {"days": age, "most": str(Money.rounded(most, "KES"))} if (
        application.amount >= most
    ) else None  # fmt: skip


def changed_lately(look: Look) -> dict | None:
    """Rule 9: the same over days; a loan goes to an account of this bank, which never changes."""
    return _changed(look, look.days(Kind.CHANGED_DAYS))


def id_mismatch(look: Look) -> dict | None:
    """Rule 10: the register knows another, and no officer has seen that it is right."""
    return _doubt(look, IdentityCheck.Kind.ID)


def paper_reused(look: Look) -> dict | None:
    """Rule 11: the very file of a paper of theirs is another customer's."""
    mine = Document.objects.filter(customer=look.customer).exclude(paper_index="")
    same = Document.objects.filter(
        customer__isnull=False, paper_index__in=mine.values("paper_index")
    ).exclude(customer=look.customer)
    others = list(same.order_by("pk").values_list("customer__public_id", flat=True))
    if not others:
        return None
    kinds = mine.filter(paper_index__in=same.values("paper_index")).values_list("kind", flat=True)
    return {"papers": ", ".join(sorted(set(kinds))), "customers": _named(others)}


def employer(look: Look) -> dict | None:
    """
    Rule 12: an account of a business that pays their salary stands on the list. What is printed on
    a payslip is read by an officer, not here.
    """
    if look.application.business_id:
        return None
    employers = affordability.employers_of(look.customer, on=look.on)
    found = queries.marked_businesses(employers, on=look.on)
    return {"businesses": _named(found)} if found else None


def known_fraud(look: Look) -> dict | None:
    """Rule 13: their ID, a phone, the browser or an account stands on the list."""
    found = queries.marks_on(look.application, on=look.on)
    return {"kinds": ", ".join(sorted({mark.kind for mark in found}))} if found else None


def hurried(look: Look) -> dict | None:
    """Rule 14: a form that came too soon after its page, or from no browser of people."""
    application = look.application
    seconds, is_scripted = application.form_seconds, application.is_scripted
    if seconds is None or not (is_scripted or seconds < look.terms[Kind.LEAST_SECONDS]):
        return None
    return {"seconds": seconds, "sender": "a script" if is_scripted else "a browser"}


def round_trip(look: Look) -> dict | None:
    """Rule 16: deposits that left again at once, which make an average look high."""
    accounts = DepositAccount.objects.filter(**look.holder)
    told = {
        "customer": look.customer.pk,
        "business": look.application.business_id,
        "accounts": list(accounts.values_list("ledger_account_id", flat=True)),
        "since": look.on - look.days(Kind.ROUND_TRIP_DAYS) + timedelta(days=1),
        "on": look.on,
        "within": look.hours(Kind.ROUND_TRIP_HOURS),
        "percent": look.terms[Kind.ROUND_TRIP_PERCENT],
        "deposits": list(DEPOSITS),
        "loans": LOAN_PAYMENTS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ROUND_TRIPS, told)
        [count] = cursor.fetchone()
    if count < look.terms[Kind.ROUND_TRIP_COUNT]:
        return None
    return {"count": count, "hours": look.terms[Kind.ROUND_TRIP_HOURS]}


RULES: dict[str, Callable[[Look], dict | None]] = {
    Rule.DUPLICATE: duplicate,
    Rule.VELOCITY: velocity,
    Rule.SHARED_DEVICE: shared_device,
    Rule.PHONE_NOT_OWNED: phone_not_owned,
    Rule.PHONE_CHANGED_LATELY: phone_changed_lately,
    Rule.INCOME: income,
    Rule.NEW_AND_AT_MOST: new_and_at_most,
    Rule.CHANGED_LATELY: changed_lately,
    Rule.ID_MISMATCH: id_mismatch,
    Rule.PAPER_REUSED: paper_reused,
    Rule.EMPLOYER: employer,
    Rule.KNOWN_FRAUD: known_fraud,
    Rule.HURRIED: hurried,
    Rule.ROUND_TRIP: round_trip,
}


def _asked_since(look: Look, since: datetime) -> QuerySet[LoanApplication]:
    """
    Those of who borrows from a moment on, up to this one and with it: a business's, whichever of
    its directors asked, for they are taken in under its row.
    """
    whose = applications.whose(look.application.party)
    mine = LoanApplication.objects.filter(**whose, pk__lte=look.application.pk)
    return mine.filter(asked_at__gt=since)


def _doubt(look: Look, kind: str) -> dict | None:
    last = IdentityCheck.objects.filter(customer=look.customer, kind=kind).order_by("-pk").first()
    if last is None or last.state not in DOUBTS or last.is_confirmed:
        return None
    return {"answer": last.get_state_display(), "asked": last.asked_at.date().isoformat()}


def _changed(look: Look, within: timedelta) -> dict | None:
    changed = look.customer.user.phone_changed_at
    if changed is None or changed <= look.asked_at - within:
        return None
    return {"changed": changed.isoformat()}


def _age_days(look: Look) -> int:
    opened = DepositAccount.objects.filter(customer=look.customer, product=EVERYDAY)
    first = opened.order_by("opened_date").values_list("opened_date", flat=True).first()
    return (look.on - first).days if first else 0


def _named(customers) -> str:
    """Customers by what names their files, a few of them."""
    named = list(dict.fromkeys(str(one) for one in customers))
    return ", ".join(named[:MOST_NAMED])
