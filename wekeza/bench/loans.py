"""
The night of loans, for `./bank bench cob`: what loans earn beside the bare writing of the same
rows, and how long a million takes to be counted, put into classes and provided for.
"""

import time
from collections import defaultdict
from datetime import date
from statistics import median

from wekeza.bench import night
from wekeza.bench.borrowers import Borrowers
from wekeza.bench.server import BenchServer
from wekeza.runtime import env

# Key of `ratios`: floor and goal; of the last two they are the most.
AIMS = {
    "loan_accrual_vs_insert": (0.35, 0.5),
    "loan_accrual_2w_vs_insert": (0.5, 0.7),
    "classify_1m_s": (120, 60),
    "per_loan_1m_vs_100k": (1.5, 1.2),
}
AT_MOST = ("classify_1m_s", "per_loan_1m_vs_100k")
MILLION, CORES = 1_000_000, 2


def measure(server: BenchServer, *, size: int, rounds: int, say) -> dict:
    """This will lend a tenth and then the whole, measure rounds of both, and give all seconds."""
    borrowers, found = Borrowers(server), {}
    for loans in (size // 20 * 2, size):
        say(f"lending until there are {loans:,} loans")
        borrowers.open(loans)
        day = _today()
        first = judge(day)
        server.say("VACUUM ANALYZE", database=env.DATABASE)  # As the server does by itself.
        first += provide(day)
        earned = earn(day, workers=CORES)
        night.end(day)
        server.say("VACUUM ANALYZE", database=env.DATABASE)
        seconds = defaultdict(list)
        for number in range(rounds):
            say(f"round {number + 1} of {rounds}")
            for name, took in a_round(server, borrowers).items():
                seconds[name] += took
        found[loans] = {"first_judgement": [first], "first_earned": [earned], **seconds}
    return found


def ratios_of(found: dict[int, dict[str, list[float]]]) -> dict[str, float]:
    """
    This will give the medians of the rounds' own ratios, the bare seconds by ours; the seconds of
    judging a million; and what a loan costs by what one of a tenth as many costs.
    """
    (few, of_few), (many, of_many) = sorted(found.items())

    def each(seconds: dict, loans: int) -> float:
        return (median(seconds["earn"]) + median(seconds["judge"])) / loans

    def vs_bare(ours: str) -> float:
        pairs = zip(of_many["bare"], of_many[ours], strict=True)
        return round(median(bare / our for bare, our in pairs), 2)

    return {
        "loan_accrual_vs_insert": vs_bare("earn"),
        "loan_accrual_2w_vs_insert": vs_bare("earn_2w"),
        "classify_1m_s": round(median(of_many["judge"]) * MILLION / many, 1),
        "per_loan_1m_vs_100k": round(each(of_many, many) / each(of_few, few), 2),
    }


def a_round(server: BenchServer, borrowers: Borrowers) -> dict[str, list[float]]:
    """This will do two nights: loans earn by one worker, and by two."""
    found = defaultdict(list)
    for name, workers in (("earn", 1), ("earn_2w", 2)):
        day = _today()
        server.say("CHECKPOINT")
        judged = judge(day)
        server.say("CHECKPOINT")
        found[name].append(earn(day, workers=workers))
        if workers == 1:
            server.say("CHECKPOINT")
            found["bare"].append(borrowers.copy_earnings(day))
        server.say("CHECKPOINT")
        found["judge"].append(judged + provide(day))
        night.end(day)
        server.say("VACUUM ANALYZE", database=env.DATABASE)
    return found


def judge(day: date) -> float:
    """This will count the days of all loans and put them into classes: the seconds."""
    from branch.close_of_business import steps
    from ledger.calendar import queries as calendar
    from lending.arrears import operations as arrears
    from wekeza.kit.actor import SYSTEM
    from wekeza.kit.chunks import id_ranges

    began, at = time.perf_counter(), calendar.ends_at(day)
    loans = arrears.to_judge(day=day)

    def count(chunk: tuple[int, int]) -> int:
        return arrears.count_days(day=day, first=chunk[0], last=chunk[1], at=at)

    def classify(chunk: tuple[int, int]) -> int:
        return arrears.classify(day=day, first=chunk[0], last=chunk[1], actor=SYSTEM, at=at)

    night.shared(count, id_ranges(loans, steps.HELD), CORES)
    night.shared(classify, id_ranges(loans, steps.HELD, field="customer_id"), CORES)
    return time.perf_counter() - began


def earn(day: date, *, workers: int) -> float:
    """This will work out and book what all loans earned in a day, as the night does: seconds."""
    from ledger.calendar import queries as calendar
    from lending.earnings import operations as earnings
    from lending.loans import locks
    from wekeza.kit.actor import SYSTEM
    from wekeza.kit.chunks import id_ranges

    began = time.perf_counter()
    chunks = id_ranges(earnings.earning(day=day), locks.WIDTH)
    night.shared(lambda one: earnings.earn(day=day, first=one[0], last=one[1]), chunks, workers)
    earnings.book(day=day, actor=SYSTEM, at=calendar.ends_at(day))
    return time.perf_counter() - began


def provide(day: date) -> float:
    """This will work out what all loans may lose: the seconds."""
    from branch.close_of_business import steps
    from ledger.calendar import queries as calendar
    from lending.provisions import operations as provisions
    from wekeza.kit.chunks import id_ranges

    began, at = time.perf_counter(), calendar.ends_at(day)
    provisions.begin(day=day)
    chunks = id_ranges(provisions.to_provide(day=day), steps.HELD)
    night.shared(
        lambda one: provisions.provide(day=day, first=one[0], last=one[1], at=at), chunks, CORES
    )
    return time.perf_counter() - began


def _today() -> date:
    from ledger.calendar import queries as calendar

    return calendar.business_date()
