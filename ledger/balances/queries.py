"""
How the books stood at the end of any business date, from the postings themselves.

A balance on a day is the `balance_after` of the last posting up to it, on each balance row of the
account: one descent of the posting key (account, sub-balance, business date, sequence) for each
row, whatever lies before or after. A trial balance of a bank is one statement, so that it is one
moment of the books, and costs one descent for each customer's account and 64 for each GL line; of
the open business date it reads the balance rows instead. No page asks account by account.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.db import connection

from ledger.calendar.queries import business_date
from ledger.chart.models import FIRST_GL_ID, LedgerAccount
from ledger.money import Money

_LAST = """
    CROSS JOIN LATERAL (
        SELECT p.balance_after AS balance FROM ledger_posting p
         WHERE p.account_id = b.account_id AND p.shard = b.shard AND p.business_date <= %(on)s
         ORDER BY p.business_date DESC, p.sequence DESC LIMIT 1) last"""
_NOW = "CROSS JOIN LATERAL (SELECT b.balance) last"

_TRIAL = """
WITH standing AS (
    SELECT coalesce(a.control_id, a.id) AS line_id, a.currency, count(DISTINCT a.id) AS accounts,
           sum(CASE a.normal_side WHEN 'DEBIT' THEN last.balance ELSE -last.balance END) AS net
      FROM ledger_balance b
      JOIN ledger_ledgeraccount a ON a.id = b.account_id
      {last}
     GROUP BY coalesce(a.control_id, a.id), a.currency
)
SELECT g.code, g.name, g.kind, g.is_control, coalesce(s.currency, g.currency),
       coalesce(s.net, 0), coalesce(s.accounts, 0)
  FROM ledger_ledgeraccount g LEFT JOIN standing s ON s.line_id = g.id
 WHERE (g.id >= %(first_gl)s OR g.control_id IS NULL)
   AND (g.effective_date <= %(on)s OR s.net IS NOT NULL)
 ORDER BY 5, g.code"""

_STANDING = """
SELECT coalesce(sum(last.balance), 0)
  FROM ledger_ledgeraccount a JOIN ledger_balance b ON b.account_id = a.id
  {last}
 WHERE {whose}"""


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One line of the chart on a day: what stands on it, on the side on which it stands."""

    code: str
    name: str
    kind: str
    is_control: bool
    accounts: int  # Accounts below a control line that ever had a posting by then.
    net: Money  # Debits less credits.

    @property
    def debit(self) -> Money | None:
        return self.net if self.net.amount > 0 else None

    @property
    def credit(self) -> Money | None:
        return -self.net if self.net.amount < 0 else None


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Every line of one currency on a day, and whether debits and credits are the same."""

    on: date
    currency: str
    lines: list[TrialLine] = field(default_factory=list)

    @property
    def debits(self) -> Money:
        return _sum([line.debit for line in self.lines], self.currency)

    @property
    def credits(self) -> Money:
        return _sum([line.credit for line in self.lines], self.currency)

    @property
    def difference(self) -> Money:
        return self.debits - self.credits

    @property
    def ties(self) -> bool:
        return not self.difference

    def with_a_balance(self) -> "TrialBalance":
        """This will leave out the lines on which nothing stands; the sums are the same."""
        return replace(self, lines=[line for line in self.lines if line.net])


def trial_balance(on: date, *, currency: str = "") -> list[TrialBalance]:
    """
    This will give the trial balance at the end of a business date, one for each currency (or the
    one that is asked for) in which a line stands. A control line is the sum of its customers'
    accounts.
    """
    statement = _TRIAL.format(last=at_the_end_of(on))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"on": on, "first_gl": FIRST_GL_ID})
        rows = cursor.fetchall()
    found: dict[str, list[TrialLine]] = defaultdict(list)
    for code, name, kind, is_control, unit, net, accounts in rows:
        line = TrialLine(code, name, kind, is_control, accounts, Money.rounded(net, unit))
        found[unit].append(line)
    return [
        TrialBalance(on=on, currency=unit, lines=lines)
        for unit, lines in sorted(found.items(), key=lambda one: (one[0] != "KES", one[0]))
        if not currency or unit == currency
    ]


def standing_of(account: LedgerAccount, *, on: date) -> Money:
    """
    This will give the balance of an account at the end of a business date, in the direction in
    which it grows: of a customer's account, of a GL line with its sub-balances, or of a control
    line.
    """
    whose = "a.control_id = %(id)s" if account.is_control else "a.id = %(id)s"
    with connection.cursor() as cursor:
        cursor.execute(
            _STANDING.format(last=at_the_end_of(on), whose=whose), {"id": account.pk, "on": on}
        )
        total = cursor.fetchone()[0]
    return Money.rounded(total, account.currency_id)


def at_the_end_of(on: date) -> str:
    """
    This will give the SQL that joins `last.balance`, at the end of a business date (parameter
    `on`), to balance rows `b`. What stands now is what stands at the end of the open date.
    """
    return _NOW if on >= business_date() else _LAST


def _sum(amounts: list[Money | None], currency: str) -> Money:
    total = sum((one.amount for one in amounts if one is not None), Decimal(0))
    return Money(total, currency)
