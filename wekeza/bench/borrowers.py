"""
Loans for `./bank bench cob`, a whole table at a time, and the bare statement beside the bank's.

Two loans are made by the bank's own operations, one of 1 instalment and one of 12; all others are
copies of them that began on other days, one of each for every customer. Of twenty customers five
are late with the short loan, of whom one has paid a part, one owes the last instalment of the long
one too, and one has paid nothing for so long that it does not perform. Every shilling is posted.
"""

import time
from concurrent.futures import ThreadPoolExecutor

from wekeza.bench.server import BenchServer
from wekeza.runtime import env

LINES = 10_000  # Of a batch.
FROM, BOOKS = 1000, 50_000_000  # Ids of copies begin there, those of ledger accounts far above.
# Only the superuser may write so, without triggers: what they would look up is known to be there.
QUICKLY = "SET session_replication_role = replica"

_BEGIN = """
CREATE TABLE bench_loan (n bigint PRIMARY KEY, customer bigint, kind int, age int, template bigint);
CREATE TABLE bench_entry (kind text, id bigint, entry_id bigint, PRIMARY KEY (kind, id));
CREATE TABLE bench_payment (id bigint GENERATED ALWAYS AS IDENTITY (START WITH {FROM}) PRIMARY KEY,
    loan_id bigint, account_id bigint, instalment_id bigint, part text, amount numeric);
CREATE TABLE bench_lending_loanearning (LIKE lending_loanearning INCLUDING ALL)"""
_NUMBERS = """
INSERT INTO bench_loan
SELECT n, (n + 1) / 2, kind,
       CASE WHEN n % 2 = 0 THEN 5 + (n * 13) % 100
            WHEN kind < 15 THEN 1 + (n * 7) % 28
            WHEN kind < 19 THEN 35 + (n * 7) % 50
            ELSE 124 + (n * 7) % 100 END,
       CASE WHEN n % 2 = 1 THEN {once} ELSE {monthly} END
  FROM (SELECT n, (n + 1) / 2 % 20 AS kind FROM generate_series({first}, {last}) n) s"""
# Each is copied from the row that belongs to the template, but for what a row has of its own.
_COPIES = (
    ("accounts_user", "x.id = (SELECT user_id FROM accounts_customer WHERE id = l.customer_id)",
     "s.n % 2 = 1", """'id', {FROM} + s.customer, 'phone_index', 'b' || s.customer,
     'email', 'b' || s.customer || '@bench.example'"""),
    ("accounts_customer", "x.id = l.customer_id", "s.n % 2 = 1",
     """'id', {FROM} + s.customer, 'public_id', gen_random_uuid(),
     'user_id', {FROM} + s.customer, 'national_id_index', 'b' || s.customer"""),
    ("ledger_ledgeraccount", "x.id = l.ledger_account_id", "true",
     "'id', {BOOKS} + s.n, 'code', 'B' || lpad(s.n::text, 9, '0')"),
    ("ledger_balance", "x.account_id = l.ledger_account_id", "true",
     "'account_id', {BOOKS} + s.n, 'balance', 0, 'sequence', 0"),
    ("lending_loanapplication", "x.id = l.application_id", "true",
     """'id', {FROM} + s.n, 'public_id', gen_random_uuid(), 'reference', gen_random_uuid(),
     'customer_id', {FROM} + s.customer"""),
    ("lending_loan", "x.id = l.id", "true",
     """'id', {FROM} + s.n, 'public_id', gen_random_uuid(),
     'number', 'B' || lpad(s.n::text, 9, '0'), 'customer_id', {FROM} + s.customer,
     'application_id', {FROM} + s.n, 'fee', 0, 'ledger_account_id', {BOOKS} + s.n,
     'receipt_no', 'B' || s.n, 'start_date', x.start_date - s.age,
     'entry_id', (SELECT e.entry_id FROM bench_entry e
                   WHERE e.kind = 'LOAN_DISBURSEMENT' AND e.id = s.n)"""),
    ("lending_loaninstalment", "x.loan_id = l.id AND x.ended_in IS NULL", "true",
     """'id', {FROM} + s.n * 12 + x.number, 'loan_id', {FROM} + s.n,
     'contractual', x.contractual - s.age, 'due', x.due - s.age"""),
    ("lending_loanperiod", "x.loan_id = l.id", "true",
     """'loan_id', {FROM} + s.n, 'account_id', {BOOKS} + s.n,
     'valid_from', '0001-01-01', 'valid_to', '0001-01-01'"""),
)  # fmt: skip
OF_LOANS = 5  # So many of them before the money is paid out.
BRACED = {"first": "{first}", "last": "{last}"}  # Filled in later.
_COPY = """
INSERT INTO {table} OVERRIDING SYSTEM VALUE
SELECT made.* FROM bench_loan s
  JOIN lending_loan l ON l.id = s.template
  JOIN {table} x ON {key}
 CROSS JOIN LATERAL jsonb_populate_record(NULL::{table},
                                          to_jsonb(x) || jsonb_build_object({changes})) made
 WHERE s.n BETWEEN {first} AND {last} AND {which}"""
_RATES = """
INSERT INTO lending_originalrate (loan_id, percent, created_at)
SELECT {FROM} + n, CASE WHEN n % 2 = 1 THEN 81.1 ELSE 20.5 END, now() FROM bench_loan
 WHERE n BETWEEN {first} AND {last}"""
_PAYMENTS = """
INSERT INTO bench_payment (loan_id, account_id, instalment_id, part, amount)
SELECT i.loan_id, CASE p.part WHEN 'PRINCIPAL' THEN {BOOKS} + s.n
                  ELSE (SELECT id FROM ledger_ledgeraccount WHERE code = '4010') END,
       i.id, p.part, p.amount
  FROM bench_loan s
  JOIN lending_loaninstalment i ON i.loan_id = {FROM} + s.n
 CROSS JOIN ledger_businessday d
 CROSS JOIN LATERAL (VALUES ('INTEREST', i.interest),
       ('PRINCIPAL', CASE WHEN n % 2 = 1 THEN 750 ELSE i.principal END)) p (part, amount)
 WHERE s.n BETWEEN {first} AND {last} AND i.due < d.business_date AND p.amount > 0
   AND CASE WHEN n % 2 = 1 THEN s.kind = 15
       ELSE s.kind < 18 OR s.kind = 18 AND i.due < d.business_date - 31 END
 ORDER BY i.id, p.part"""
_POST = """
WITH lines AS (
    SELECT array_agg(id) AS ids, array_agg(debit::bigint) AS debits,
           array_agg(credit::bigint) AS credits, array_agg(amount::numeric) AS amounts,
           array_agg(''::text) AS nothing
      FROM ({rows} LIMIT {size}) r
), posted AS (
    SELECT ids, (ledger_post_batch('bench', '{kind}:' || ids[1], '{kind}', NULL,
           (SELECT business_date FROM ledger_businessday) + time '09:00' AT TIME ZONE 'UTC',
           'TASK:bench', '', '001', 'KES', debits, credits, amounts, nothing, nothing, NULL, false,
           NULL, NULL)).entry_ids AS entries FROM lines WHERE ids IS NOT NULL
)
INSERT INTO bench_entry SELECT '{kind}', u.id, u.entry_id
  FROM posted, unnest(ids, entries) u (id, entry_id)"""
_LENT = """
SELECT n AS id, {BOOKS} + n AS debit, {payer} AS credit,
       CASE WHEN n % 2 = 1 THEN {short} ELSE {long} END AS amount
  FROM bench_loan WHERE n >= {start} ORDER BY n"""
_PAID = """
SELECT id, {payer} AS debit, account_id AS credit, amount FROM bench_payment WHERE id >= {start}
 ORDER BY id"""
_REPAYMENTS = """
INSERT INTO lending_repayment OVERRIDING SYSTEM VALUE
SELECT made.* FROM bench_payment s
  JOIN bench_entry e ON e.kind = 'LOAN_REPAYMENT' AND e.id = s.id
 CROSS JOIN (SELECT * FROM lending_repayment WHERE loan_id = {once}) x
 CROSS JOIN LATERAL jsonb_populate_record(NULL::lending_repayment, to_jsonb(x)
     || jsonb_build_object('id', s.id, 'public_id', gen_random_uuid(), 'loan_id', s.loan_id,
        'reference', 'bench:' || s.id, 'amount', s.amount, 'entry_id', e.entry_id,
        'unearned', CASE s.part WHEN 'INTEREST' THEN s.amount ELSE 0 END,
        'receipt_no', 'P' || s.id)) made
 WHERE s.id > {paid}"""
_ALLOCATIONS = """
INSERT INTO lending_allocation (repayment_id, part, instalment_id, amount, created_at)
SELECT id, part, instalment_id, amount, now() FROM bench_payment WHERE id > {paid}"""


_BARE = """
INSERT INTO bench_lending_loanearning OVERRIDING SYSTEM VALUE
SELECT * FROM lending_loanearning WHERE business_date = '{day}'"""


class Borrowers:
    """The loans of a bench."""

    def __init__(self, server: BenchServer):
        self.server, self.opened = server, 0
        self.facts = {"FROM": FROM, "BOOKS": BOOKS} | _templates()
        self._say(*_BEGIN.split(";"))

    def open(self, upto: int) -> None:
        """This will lend until there are so many loans, an even number."""
        paid = self._say("SELECT coalesce(max(id), 0) FROM bench_payment")[0][0]
        self.facts |= {"first": self.opened + 1, "last": upto, "paid": paid}
        copies = [
            _COPY.format(table=table, key=key, which=which, changes=changes, **BRACED)
            for table, key, which, changes in _COPIES
        ]
        self._say(QUICKLY, _NUMBERS, *copies[:OF_LOANS])
        self._say(f"SELECT setval('ledger_customer_account_id', {BOOKS + upto})", "ANALYZE")
        self._post("LOAN_DISBURSEMENT", _LENT, first=self.opened + 1, last=upto)
        self._say(QUICKLY, *copies[OF_LOANS:], _RATES, _PAYMENTS)
        first, last = self._say(
            "SELECT min(id), max(id) FROM bench_payment WHERE id > {paid}"
        )[0]  # fmt: skip
        if first:
            self._post("LOAN_REPAYMENT", _PAID, first=first, last=last)
        self._say("ANALYZE bench_payment, bench_entry", QUICKLY, _REPAYMENTS, _ALLOCATIONS)
        self._say("VACUUM ANALYZE")
        self.opened = upto

    def copy_earnings(self, day) -> float:
        """This will write a day's earnings once more with one bare statement: the seconds."""
        began = time.perf_counter()
        self._say(_BARE.replace("{day}", str(day)))
        return time.perf_counter() - began

    def _post(self, kind: str, rows: str, *, first: int, last: int) -> None:
        """Batches, two at once."""

        def one(start: int) -> None:
            found = rows.replace("{start}", str(start))
            size = min(LINES, last - start + 1)
            self._say(_POST.format(rows=found, kind=kind, size=size))

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(one, range(first, last + 1, LINES)))

    def _say(self, *statements: str) -> list:
        said = [self._filled(statement) for statement in statements]
        return self.server.say(*said, database=env.DATABASE)

    def _filled(self, statement: str) -> str:
        for name, fact in self.facts.items():
            statement = statement.replace(f"{{{name}}}", str(fact))
        return statement


def _templates() -> dict[str, int]:
    """One loan of each kind with its payments, and the account they are paid from."""
    from accounts.factories import CustomerFactory, UserFactory
    from lending.arrears.tests.steps import lend, pay
    from lending.factories import BorrowerFactory, account_of

    for factory in (CustomerFactory, UserFactory):
        factory.reset_sequence(FROM)  # The bank has a customer already, of the first number.
    holder = BorrowerFactory(tier_id="TIER_3", deposit="")
    once = lend(holder, product="DIGI30", amount="5000", tenor=30, percent="5")
    monthly = lend(holder, product="PERS", amount="60000", tenor=12, percent="15")
    pay(once, "250")
    return {
        "once": once.pk, "monthly": monthly.pk, "short": 5000, "long": 60000,
        "payer": account_of(holder).ledger_account_id,
    }  # fmt: skip
