"""
From facts to an answer: arithmetic, no tables. What declines outright comes first, then what nobody
knows (a person looks then), then the score against the product's terms.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Protocol

from ledger.money import Money
from lending.affordability.capacity import Capacity
from lending.bureau.answers import Standing
from lending.decisions.facts import Facts
from lending.decisions.models import CreditDecision
from lending.loans.models import Loan
from lending.products.models import LoanTerm
from lending.scoring import cards
from lending.scoring.cards import Fact, Score
from lending.scoring.models import Scorecard
from lending.watch.queries import Record

Result = CreditDecision.Result
TOP = 3  # Reasons that a score gives.


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: its code, and the figures that its words name."""

    code: str
    facts: dict[str, str]

    def as_json(self) -> dict:
        return {"code": self.code, "facts": self.facts}


class Known(Protocol):
    """What every decision is made by, a person's and a business's."""

    active: list[Loan]
    standing: str | None
    values: dict[str, Fact]
    record: Record


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered, for how much, and why, the heaviest reason first."""

    result: str
    amount: Money
    reasons: list[Reason]
    score: Score | None
    percent: Decimal | None = None  # The rate of the offer; None: no offer follows from it.


def answer(facts: Facts, *, asked: Money, term: LoanTerm, card: Scorecard) -> Answer:
    """
    This will answer an application for `asked` KES: no, with reasons; yes, for as much of it as the
    limit allows; or a person must look (kenya.md 4.7, RF03).
    """
    nothing = Money.zero(asked.currency)
    score = None
    if facts.standing is not None:
        score = cards.score(card.characteristics, facts.values)
    declined = _declines(facts, term, score and score.total)
    if declined:
        return Answer(Result.REFUSED, nothing, declined, score)
    reached = score and score.total
    amount, percent = min(asked, facts.most(reached)), _percent(facts, term, reached)
    if score is None:
        return Answer(Result.REFERRED, amount, [Reason("BUREAU_SILENT", {})], None, percent)
    reasons = reasons_of(score)
    if score.total < term.least_score:
        return Answer(Result.REFUSED, nothing, reasons, score)
    if score.total < term.automatic_score:
        return Answer(Result.REFERRED, amount, reasons, score, percent)
    if facts.capacity and facts.capacity.is_by_person:
        return Answer(Result.REFERRED, amount, [Reason("BY_PERSON", {})], score, percent)
    if amount.amount > term.second_approval_above:
        large = [Reason("LARGE", {"amount": str(amount)})]
        return Answer(Result.REFERRED, amount, large, score, percent)
    reasons = [_less(facts, asked, reached)] if amount < asked else []
    return Answer(Result.APPROVED, amount, reasons, score, percent)


def turned_away(asked: Money) -> Answer:
    """This will answer what the rules of fraud block: no, in words that tell nobody why."""
    return Answer(Result.REFUSED, Money.zero(asked.currency), [Reason("DETAILS", {})], None)


def looked_at(found: Answer) -> Answer:
    """This will have a person look at what is not refused anyway; the words tell nobody why."""
    if found.result == Result.REFUSED:
        return found
    return replace(found, result=Result.REFERRED, reasons=[Reason("LOOKED_AT", {})])


def referred_by(record: Record, found: Answer) -> Answer:
    """
    This will have a person look at what the rules would approve, where something that refers is
    known of whoever asks.
    """
    if not record.referring or found.result != Result.APPROVED:
        return found
    return replace(found, result=Result.REFERRED, reasons=[Reason("ON_RECORD_LOOK", {})])


def on_record(record: Record) -> list[Reason]:
    """This will give the reason of what is known of whoever asks, if it declines; never which."""
    return [Reason("ON_RECORD", {})] if record.declining else []


def inputs(facts: Facts, *, asked: Money, on: date) -> dict:
    """This will give the payload of a decision: every fact that it was made by, as text."""
    deposits = facts.limit.deposits
    return of_all(facts, asked=asked, on=on) | {
        "card": facts.card,
        "deposits": {
            "days": deposits.days,
            "count": deposits.count,
            "total": plain(deposits.total.amount),
            "average": plain(deposits.average.amount),
        },
        "limit": {
            "percent": facts.limit.percent,
            "cap": plain(facts.limit.cap.amount),
            "amount": plain(facts.limit.amount.amount),
        },
        "affordability": _afforded(facts.capacity),
    }


def of_all(facts: Known, *, asked: Money, on: date) -> dict:
    """This will give of a decision's payload what a person's and a business's have alike."""
    return {
        "business_date": on.isoformat(),
        "asked": plain(asked.amount),
        "active_loans": [loan.number for loan in facts.active],
        "bureau": facts.standing or "",
        "record": facts.record.kinds,
        "facts": {
            name: plain(value) if isinstance(value, Decimal) else value
            for name, value in facts.values.items()
        },
    }


def plain(number: Decimal) -> str:
    """This will write a number as a payload has it: no exponent, no sign but a minus."""
    return f"{number:f}"


def _afforded(capacity: Capacity | None) -> dict | None:
    if capacity is None:
        return None
    income, salary = capacity.income, capacity.salary
    return {
        "stated": plain(income.stated.amount),
        "seen": plain(income.seen.amount),
        "counted": plain(income.counted.amount),
        "gross": income.gross and plain(income.gross.amount),
        "dues": plain(capacity.dues.amount),
        "share": capacity.share and plain(capacity.share),
        "gross_part": capacity.gross_part,
        "cap": capacity.cap and plain(capacity.cap.amount),
        "salary": salary
        and {"months": salary.months, "net": plain(salary.net.amount), "times": salary.times},
        "grades": [
            {
                "from_score": one.from_score,
                "percent": plain(one.percent),
                "instalment": plain(one.instalment.amount),
            }
            for one in capacity.grades
        ],
    }


def reasons_of(score: Score) -> list[Reason]:
    """This will give what cost a score the most points, the heaviest first."""
    return [
        Reason(
            one.name.upper(), {"fact": one.fact, "points": str(one.points), "most": str(one.most)}
        )
        for one in score.reasons(TOP)
    ]


def points(score: Score | None) -> list[dict]:
    """This will give what each characteristic gave, as it is kept."""
    if score is None:
        return []
    return [
        {"name": one.name, "fact": one.fact, "points": one.points, "most": one.most}
        for one in score.points
    ]


def _percent(facts: Facts, term: LoanTerm, score: int | None) -> Decimal | None:
    return term.percent if facts.capacity is None else facts.capacity.grade(score).percent


def _declines(facts: Facts, term: LoanTerm, score: int | None) -> list[Reason]:
    found = []
    if not facts.is_good_customer:
        found.append(Reason("DETAILS", {}))
    found += on_record(facts.record)
    if facts.standing == Standing.OPEN_NPL:
        found.append(Reason("OPEN_NPL", {}))
    found += [Reason("ACTIVE_LOAN", {"number": loan.number}) for loan in facts.active]
    if facts.most(score).amount < term.least_amount:
        least = Money.rounded(term.least_amount, "KES")
        is_by_limit = facts.capacity is None
        found.append(
            _limit_reason("LIMIT_TOO_SMALL", facts, least) if is_by_limit
            else _less(facts, least, score)
        )  # fmt: skip
    return found


def _less(facts: Facts, asked: Money, score: int | None) -> Reason:
    """Why less is lent than was asked for, or nothing."""
    if facts.capacity is None:
        return _limit_reason("LESS_THAN_ASKED", facts, asked)
    bound = facts.capacity.bound(score)
    return Reason(bound.code, bound.facts)


def _limit_reason(code: str, facts: Facts, amount: Money) -> Reason:
    limit = facts.limit
    told = {
        "limit": str(limit.amount),
        "average": str(limit.deposits.average),
        "percent": str(limit.percent),
        "cap": str(limit.cap),
        "amount": str(amount),
        "days": str(limit.deposits.days),
    }
    if limit.is_capped:
        code += "_BY_TIER"
    return Reason(code, told)
