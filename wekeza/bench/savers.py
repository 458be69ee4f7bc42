"""A million savings accounts for `./bank bench cob`, and the bare statements beside the bank's."""

import time
from concurrent.futures import ThreadPoolExecutor

from wekeza.bench.server import BenchServer
from wekeza.runtime import env

LINES = 10_000  # Of a batch.
# As the bank opens one, but a whole table at once: only the superuser may write here.
_OPEN = """
WITH holder AS (SELECT min(id) AS id FROM accounts_customer),
tier AS (
    SELECT l.amount AS most
      FROM accounts_tierlimit l JOIN accounts_customer c USING (tier_id), holder
     WHERE c.id = holder.id AND l.kind = 'MAXIMUM_BALANCE'
     ORDER BY l.effective_from DESC LIMIT 1
), line AS (
    SELECT c.* FROM ledger_ledgeraccount c JOIN accounts_product p ON p.control_line = c.code
     WHERE p.code = '20'
), made AS (
    INSERT INTO ledger_ledgeraccount (id, code, name, kind, normal_side, currency, branch,
                control_id, is_control, is_guarded, effective_date)
    SELECT nextval('ledger_customer_account_id'), 'S' || lpad(n::text, 12, '0'), 'Saver',
           line.kind, line.normal_side, 'KES', '001', line.id, false, true, d.business_date
      FROM generate_series(1, {size}) n, line, ledger_businessday d
    RETURNING id, code, normal_side, effective_date
), balance AS (
    INSERT INTO ledger_balance (account_id, shard, currency, exponent, normal_side, floor, minimum,
                maximum)
    SELECT id, 0, 'KES', 2, normal_side, 0, 1000, tier.most FROM made, tier
)
INSERT INTO accounts_depositaccount (number, customer_id, product_id, ledger_account_id, branch,
            opened_date, created_at, updated_at)
SELECT made.code, holder.id, '20', made.id, '001', made.effective_date, now(), now()
  FROM made, holder"""
_PAY_IN = """
WITH paid AS (
    SELECT array_agg(cash.id) AS cash, array_agg(b.account_id ORDER BY b.account_id) AS savers,
           array_agg((1000 + b.account_id % 80000)::numeric) AS amounts,
           array_agg(''::text) AS nothing, min(b.account_id) AS first
      FROM (SELECT account_id FROM ledger_balance WHERE minimum = 1000
             ORDER BY account_id OFFSET {start} LIMIT {lines}) b,
           (SELECT id FROM ledger_ledgeraccount WHERE code = '1020') cash
)
SELECT (ledger_post_batch('bench', 'opening:' || first, 'CASH_DEPOSIT', NULL,
        (SELECT business_date FROM ledger_businessday) + time '09:00' AT TIME ZONE 'UTC',
        'TASK:bench', '', '001', 'KES', cash, savers, amounts, nothing, nothing, NULL, false, NULL,
        NULL)).batch_id FROM paid"""
_COPIES = ("ledger_balance", "ledger_entry", "ledger_posting", "accounts_interestpayment")


def open_accounts(server: BenchServer, size: int) -> None:
    """This will open savings accounts and pay an opening deposit into each, by batches of two."""
    server.say(_OPEN.format(size=size), database=env.DATABASE)
    server.say("ANALYZE", database=env.DATABASE)

    def pay_in(start: int) -> None:
        server.say(_PAY_IN.format(start=start, lines=LINES), database=env.DATABASE)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(pay_in, range(0, size, LINES)))
    server.say(
        "CREATE TABLE bench_accounts_interestaccrual (LIKE accounts_interestaccrual, "
        "PRIMARY KEY (booked_on, account_id, for_day))",
        *(f"CREATE TABLE bench_{name} (LIKE {name} INCLUDING ALL)" for name in _COPIES),
        "INSERT INTO bench_ledger_balance SELECT * FROM ledger_balance",
        database=env.DATABASE,
    )
    server.say("VACUUM ANALYZE", database=env.DATABASE)


def opened() -> int:
    """This will count the accounts that bear interest."""
    from accounts.savings import queries
    from ledger.calendar import queries as calendar

    return queries.bearing_accounts(on=calendar.business_date()).count()


def copy_accruals(server: BenchServer, day) -> float:
    """This will write a day's accruals once more with one bare statement, and give the seconds."""
    return _timed(server, _copy("accounts_interestaccrual", f"booked_on = '{day}'"))


def copy_payment(server: BenchServer, day, *, after: int) -> float:
    """This will write what a payment wrote once more with bare statements, and give the seconds."""
    return _timed(
        server,
        "UPDATE bench_ledger_balance b SET balance = r.balance, sequence = r.sequence "
        "FROM ledger_balance r WHERE (r.account_id, r.shard) = (b.account_id, b.shard) "
        "AND r.sequence <> b.sequence",
        _copy("ledger_entry", f"id > {after}"),
        _copy("ledger_posting", f"entry_id > {after}"),
        _copy("accounts_interestpayment", f"paid_on = '{day}'"),
    )


def _copy(table: str, which: str) -> str:
    return (
        f"INSERT INTO bench_{table} OVERRIDING SYSTEM VALUE "  # noqa: S608 - names of ours.
        f"SELECT * FROM {table} WHERE {which}"
    )


def clean(server: BenchServer) -> None:
    """This will let the next round begin as a night does: dead rows swept, figures known."""
    server.say("VACUUM ANALYZE", database=env.DATABASE)


def _timed(server: BenchServer, *statements: str) -> float:
    began = time.perf_counter()
    server.say(*statements, database=env.DATABASE)
    return time.perf_counter() - began
