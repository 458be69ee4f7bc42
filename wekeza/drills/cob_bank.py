"""The bank of `./bank drill cob`: savings, holds and loans whose last three days nobody closed."""

import argparse
import random
from datetime import date, timedelta

DAYS = 3
# What must be the same, whoever worked and how often: everything but the numbers of entries.
SAME = {
    "balances": "SELECT a.code, a.currency, sum(b.balance), sum(b.held) FROM ledger_balance b "
    "JOIN ledger_ledgeraccount a ON a.id = b.account_id GROUP BY a.code, a.currency",
    "accruals": "SELECT booked_on, account_id, for_day, base, annual_percent, amount "
    "FROM accounts_interestaccrual",
    "booked": "SELECT business_date, accrued, carried_in, booked, carried_out "
    "FROM accounts_interestjournal",
    "payments": "SELECT account_id, paid_on, accrued, carried_in, gross, tax, carried_out "
    "FROM accounts_interestpayment",
    "daily balances": "SELECT d.account_id, d.business_date, d.balance, d.least, d.sequence "
    "FROM ledger_dailybalance d JOIN ledger_ledgeraccount a ON a.id = d.account_id "
    "WHERE a.is_guarded",
    "entries": "SELECT owner, reference, kind, business_date, value_date, legs FROM ledger_entry",
    "holds": "SELECT id, state, captured, ended_on FROM ledger_hold",
    "loans": "SELECT id, number, state, paid_date FROM lending_loan",
    "repayments": "SELECT loan_id, reference, channel, amount, unearned, suspended, owed_after, "
    "business_date FROM lending_repayment",
    "allocations": "SELECT r.loan_id, r.reference, a.part, i.version, i.number, a.amount "
    "FROM lending_allocation a JOIN lending_repayment r ON r.id = a.repayment_id "
    "LEFT JOIN lending_loaninstalment i ON i.id = a.instalment_id",
    "schedules": "SELECT loan_id, version, number, contractual, due, principal, interest, waived, "
    "ended_in FROM lending_loaninstalment",
    "loan earnings": "SELECT loan_id, part, business_date, amount, exact, is_suspended "
    "FROM lending_loanearning",
    "loan fees released": "SELECT loan_id, business_date, amount FROM lending_feerelease",
    "loan earnings booked": "SELECT business_date, interest, penalty, fee, suspended_interest, "
    "suspended_penalty FROM lending_earningjournal",
    "standings": "SELECT loan_id, days_late, overdue, own_class, loan_class, since, clean_since, "
    "npl_since, npl_principal, as_of FROM lending_loanstanding",
    "class changes": "SELECT loan_id, business_date, from_class, to_class, days_late, why "
    "FROM lending_classchange",
    "suspense": "SELECT loan_id, business_date, is_into, interest, penalty "
    "FROM lending_suspensemove",
    "provisions": "SELECT r.business_date, p.loan_id, p.stage, p.loan_class, p.days_late, p.score, "
    "p.principal, p.exposure, p.default_fraction, p.security, p.loss_percent, p.expected, p.least "
    "FROM lending_loanprovision p JOIN lending_provisionrun r ON r.id = p.run_id",
    "provisions booked": "SELECT r.business_date, j.stage_1, j.stage_2, j.stage_3, j.least, "
    "j.reserve FROM lending_provisionjournal j JOIN lending_provisionrun r ON r.id = j.run_id",
    "instructions": "SELECT loan_id, state FROM lending_standinginstruction",
    "days of instructions": "SELECT i.loan_id, r.business_date, r.outcome, r.amount, r.available "
    "FROM lending_instructionrun r JOIN lending_standinginstruction i ON i.id = r.instruction_id",
    "promises": "SELECT loan_id, amount, overdue, state, judged_date FROM lending_loanpromise",
    "cases": "SELECT loan_id, state, opened_date, closed_date FROM lending_collectioncase",
    "steps of cases": "SELECT c.loan_id, c.opened_date, s.code, s.day, s.state "
    "FROM lending_casestep s JOIN lending_collectioncase c ON c.id = s.case_id",
    "outcomes": "SELECT loan_id, seen_on, after_days, is_paid, days_late, loan_class, principal "
    "FROM lending_loanoutcome",
    "verdicts": "SELECT loan_id, bad_on, known_on, window_ends FROM lending_loanverdict",
    "months of cards": "SELECT scorecard_id, business_date, figures FROM lending_cardmonth",
    "business date": "SELECT business_date FROM ledger_businessday",
}
# What must have happened to loans in these nights, or the drill shows nothing of it.
TOLD = {
    "earned": "SELECT count(*) FROM lending_loanearning WHERE part = 'INTEREST'",
    "earned for days late": "SELECT count(*) FROM lending_loanearning WHERE part = 'LATE'",
    "with a fee that became income": "SELECT count(*) FROM lending_feerelease",
    "with a penalty": "SELECT count(*) FROM lending_loanearning WHERE part = 'PENALTY'",
    "collected": "SELECT count(*) FROM lending_repayment WHERE channel = 'SWEEP'",
    "turned bad": "SELECT count(*) FROM lending_suspensemove WHERE is_into",
    "earned in suspense": "SELECT count(*) FROM lending_loanearning WHERE is_suspended",
    "provided for": "SELECT count(*) FROM lending_loanprovision",
    "paid as instructed": "SELECT count(*) FROM lending_instructionrun WHERE outcome = 'PAID'",
    "with a promise that was judged": "SELECT count(*) FROM lending_loanpromise "
    "WHERE state <> 'OPEN'",
    "put on the worklist": "SELECT count(*) FROM lending_collectioncase",
    "paid off by the night": "SELECT count(*) FROM lending_repayment WHERE owed_after = 0",
}
# Product, amount, time and price of the loans, and how many days before the first missed close
# they are paid out: due in these days, a little late, turning bad in these days, or not due yet.
LENT = (
    ("DIGI30", "5000", 30, "5", (28, 30)),
    ("DIGI30", "9000", 30, "5", (34, 66)),
    ("DIGI30", "7000", 30, "5", (119, 123)),
    ("DIGI30", "3000", 30, "5", (1, 20)),
    ("SALA", "30000", 6, "15", (123, 126)),
    ("SALA", "60000", 6, "15", (1, 123)),
    ("PERS", "60000", 12, "15", (1, 123)),
)
OLDEST = 127  # Days.


def fill(options: argparse.Namespace, dice: random.Random) -> None:
    """
    This will lend, open savings, post over three days that nobody closes, one of them the last of a
    month, and hold. The dates on which the loans were paid out were not closed either: what they
    earned is made up by the first night.
    """
    from accounts.factories import SavingsAccountFactory
    from ledger.calendar import queries as calendar

    first = _first_of(calendar.business_date() + timedelta(days=OLDEST))
    loans = _lend(options, dice, first)
    savers = [
        SavingsAccountFactory(balance=dice.randrange(1000, 500_000))
        for _ in range(options.accounts)
    ]
    _post(options, dice, savers, first)
    _hold(dice, savers, first)
    _pay(dice, loans)
    _say(dice, loans, first)


def happened() -> dict[str, int]:
    """This will count what happened to the loans of the bank that it looks at."""
    from django.db import connection

    with connection.cursor() as cursor:
        return {what: cursor.execute(query).fetchone()[0] for what, query in TOLD.items()}


def missed() -> list[str]:
    """This will name what should have happened to loans in these nights and did to none."""
    return [f"no loan {what}" for what, times in happened().items() if not times]


def _first_of(day: date) -> date:
    """The first day from some day on so that a month begins with the last of the missed ones."""
    while (day + timedelta(days=DAYS - 1)).day != 1:
        day += timedelta(days=1)
    return day


def _lend(options, dice: random.Random, first: date) -> list:
    """Loans of every kind in turn, each on a date of its own; then the open date is `first`."""
    from lending.arrears.tests.steps import lend

    wanted = []
    for number in range(options.loans):
        product, amount, tenor, percent, ages = LENT[number % len(LENT)]
        paid_out = first - timedelta(days=dice.randint(*ages))
        wanted.append((paid_out, number, product, amount, tenor, percent))
    loans = []
    for paid_out, _number, product, amount, tenor, percent in sorted(wanted):
        _roll_to(paid_out)
        loans.append(lend(product=product, amount=amount, tenor=tenor, percent=percent))
    _roll_to(first)
    return loans


def _roll_to(day: date) -> None:
    from ledger.calendar import operations as calendar_operations
    from ledger.calendar import queries as calendar
    from wekeza.kit.actor import SYSTEM

    while (today := calendar.business_date()) < day:
        calendar_operations.roll(from_date=today, actor=SYSTEM)


def _post(options, dice: random.Random, savers: list, first: date) -> None:
    from ledger import factories as ledger
    from ledger.calendar import queries as calendar

    for _ in range(options.postings):
        account, day = dice.choice(savers).ledger_account, dice.randrange(DAYS)
        at = calendar.ends_at(first + timedelta(days=day)) - timedelta(
            seconds=dice.randrange(86_400)
        )
        # Some count from an earlier day: what that one earned is corrected.
        back = first - timedelta(days=dice.randrange(3)) if dice.random() < 0.1 else None
        ledger.put_in(account, dice.randrange(1, 50_000), at=at, value_date=back)


def _hold(dice: random.Random, savers: list, first: date) -> None:
    from ledger import factories as ledger

    for account in dice.sample(savers, len(savers) // 5):
        ledger.place(
            account.ledger_account, "1" if account.pk % 2 else "0.5",
            expires_on=first + timedelta(days=dice.randrange(DAYS + 1)),
        )  # fmt: skip


def _pay(dice: random.Random, loans: list) -> None:
    """Some loans are paid in part, and some borrowers have money that the night collects."""
    from ledger.factories import put_in
    from lending.arrears.tests.steps import pay
    from lending.factories import account_of

    for loan in loans:
        if dice.random() < 0.3:
            pay(loan, str(dice.randrange(100, 2500)))
        if dice.random() < 0.4:
            put_in(account_of(loan.customer).ledger_account, dice.randrange(100, 20_000))


def _say(dice: random.Random, loans: list, first: date) -> None:
    """Some borrowers have the bank pay at the month's end, others promise what is late."""
    from ledger.calendar import queries as calendar
    from ledger.money import kes
    from lending.collections import promises
    from lending.instructions import operations as instructions
    from lending.repayments import debts

    at = calendar.ends_at(first) - timedelta(hours=12)
    for loan in loans:
        loan.refresh_from_db()
        said, actor = dice.random(), loan.customer.actor
        debt = debts.of(loan, on=first)
        if not loan.is_active:
            continue
        if said < 0.3:
            instructions.set_up(
                loan, account=loan.account, amount=kes("250"), every="MONTH", day=31, at=at,
                actor=actor,
            )  # fmt: skip
        elif said < 0.6 and debt.is_late:
            tomorrow = first + timedelta(days=1)
            promises.make(
                loan, money=debt.asked_by_now, first=tomorrow, reference=f"drill:{loan.pk}", at=at,
                actor=actor,
            )  # fmt: skip
