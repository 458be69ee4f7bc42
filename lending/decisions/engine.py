"""
From facts to an answer: arithmetic, no tables. What declines outright comes first, then what nobody
knows (a person looks then), then the score against the product's terms.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ledger.money import Money
from lending.bureau.answers import Standing
from lending.decisions.facts import Facts
from lending.decisions.models import CreditDecision
from lending.products.models import LoanTerm
from lending.scoring import cards
from lending.scoring.cards import Score
from lending.scoring.models import Scorecard

Result = CreditDecision.Result
TOP = 3  # Reasons that a score gives.


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: its code, and the figures that its words name."""

    code: str
    facts: dict[str, str]

    def as_json(self) -> dict:
        return {"code": self.code, "facts": self.facts}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered, for how much, and why, the heaviest reason first."""

    result: str
    amount: Money
    reasons: list[Reason]
    score: Score | None


def answer(facts: Facts, *, asked: Money, term: LoanTerm, card: Scorecard) -> Answer:
    """
    This will answer an application for `asked` KES: no, with reasons; yes, for as much of it as the
    limit allows; or a person must look (kenya.md 4.7, RF03).
    """
    nothing = Money.zero(asked.currency)
    score = None
    if facts.standing is not None:
        score = cards.score(card.characteristics, facts.values)
    declined = _declines(facts, term)
    if declined:
        return Answer(Result.REFUSED, nothing, declined, score)
    amount = min(asked, facts.limit.amount)
    if score is None:
        return Answer(Result.REFERRED, amount, [Reason("BUREAU_SILENT", {})], None)
    reasons = _of_score(score)
    if score.total < term.least_score:
        return Answer(Result.REFUSED, nothing, reasons, score)
    if score.total < term.automatic_score:
        return Answer(Result.REFERRED, amount, reasons, score)
    if amount.amount > term.second_approval_above:
        return Answer(Result.REFERRED, amount, [Reason("LARGE", {"amount": str(amount)})], score)
    reasons = [_limit_reason("LESS_THAN_ASKED", facts, asked)] if amount < asked else []
    return Answer(Result.APPROVED, amount, reasons, score)


def turned_away(asked: Money) -> Answer:
    """This will answer what the rules of fraud block: no, in words that tell nobody why."""
    return Answer(Result.REFUSED, Money.zero(asked.currency), [Reason("DETAILS", {})], None)


def looked_at(found: Answer) -> Answer:
    """This will have a person look at what is not refused anyway; the words tell nobody why."""
    if found.result == Result.REFUSED:
        return found
    return replace(found, result=Result.REFERRED, reasons=[Reason("LOOKED_AT", {})])


def inputs(facts: Facts, *, asked: Money, on: date) -> dict:
    """This will give the payload of a decision: every fact that it was made by, as text."""
    deposits = facts.limit.deposits
    return {
        "business_date": on.isoformat(),
        "asked": _plain(asked.amount),
        "card": facts.card,
        "deposits": {
            "days": deposits.days,
            "count": deposits.count,
            "total": _plain(deposits.total.amount),
            "average": _plain(deposits.average.amount),
        },
        "limit": {
            "percent": facts.limit.percent,
            "cap": _plain(facts.limit.cap.amount),
            "amount": _plain(facts.limit.amount.amount),
        },
        "active_loans": [loan.number for loan in facts.active],
        "bureau": facts.standing or "",
        "facts": {
            name: _plain(value) if isinstance(value, Decimal) else value
            for name, value in facts.values.items()
        },
    }


def points(score: Score | None) -> list[dict]:
    """This will give what each characteristic gave, as it is kept."""
    if score is None:
        return []
    return [
        {"name": one.name, "fact": one.fact, "points": one.points, "most": one.most}
        for one in score.points
    ]


def _declines(facts: Facts, term: LoanTerm) -> list[Reason]:
    found = []
    if not facts.is_good_customer:
        found.append(Reason("DETAILS", {}))
    if facts.standing == Standing.OPEN_NPL:
        found.append(Reason("OPEN_NPL", {}))
    found += [Reason("ACTIVE_LOAN", {"number": loan.number}) for loan in facts.active]
    if facts.limit.amount.amount < term.least_amount:
        least = Money.rounded(term.least_amount, "KES")
        found.append(_limit_reason("LIMIT_TOO_SMALL", facts, least))
    return found


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


def _of_score(score: Score) -> list[Reason]:
    return [
        Reason(
            one.name.upper(), {"fact": one.fact, "points": str(one.points), "most": str(one.most)}
        )
        for one in score.reasons(TOP)
    ]


def _plain(number: Decimal) -> str:
    return f"{number:f}"
