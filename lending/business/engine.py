"""
From a business's facts to an answer: arithmetic, no tables. What declines outright comes first,
then what nobody knows, then the score, then what two persons or one must look at (kenya.md 4.7).
"""

from datetime import date

from ledger.money import Money
from lending.bureau.answers import Standing
from lending.business.facts import BusinessFacts
from lending.business.limits import BusinessLimit
from lending.decisions import engine
from lending.decisions.engine import Answer, Reason, Result, plain
from lending.products.models import LoanTerm
from lending.scoring import cards
from lending.scoring.models import Scorecard


def answer(facts: BusinessFacts, *, asked: Money, term: LoanTerm, card: Scorecard) -> Answer:
    """
    This will answer a business's application for `asked` KES: no, with reasons; yes, for as much of
    it as the limit allows; or a person must look.
    """
    nothing, score = Money.zero(asked.currency), None
    if facts.standing is not None:
        score = cards.score(card.characteristics, facts.values)
    if declined := _declines(facts, term):
        return Answer(Result.REFUSED, nothing, declined, score)
    amount = min(asked, facts.limit.amount)
    if score is None:
        return Answer(Result.REFERRED, amount, [Reason("BUREAU_SILENT", {})], None)
    if score.total < term.least_score:
        return Answer(Result.REFUSED, nothing, engine.reasons_of(score), score)
    if score.total < term.automatic_score:
        return Answer(Result.REFERRED, amount, engine.reasons_of(score), score)
    if looks := _for_a_person(facts, amount, term):
        return Answer(Result.REFERRED, amount, looks, score)
    less = [Reason(f"LESS_BY_{facts.limit.binds}", {"limit": str(amount)})]
    return Answer(Result.APPROVED, amount, less if amount < asked else [], score)


def inputs(facts: BusinessFacts, *, asked: Money, on: date) -> dict:
    """This will give the payload of a decision: every fact that it was made by, as text."""
    limit, cover = facts.limit, facts.cover
    return engine.of_all(facts, asked=asked, on=on) | {
        "card": Scorecard.Card.BUSINESS.value,
        "business": {
            "turnover": plain(limit.told.turnover.amount),
            "percent": limit.percent,
            "sector": limit.told.sector.name,
            "sector_factor": plain(limit.sector_factor),
            "evidence": limit.told.evidence,
            "evidence_factor": plain(limit.evidence_factor),
            "by_turnover": plain(limit.by_turnover.amount),
            "ebitda": plain(limit.told.ebitda.amount),
            "tenor": limit.tenor,
            "cover_percent": limit.cover_percent,
            "by_earnings": plain(limit.by_earnings.amount),
            "most": plain(limit.most.amount),
            "amount": plain(limit.amount.amount),
            "earned": plain(cover.earned.amount),
            "takes": plain(cover.takes.amount),
            "cover": plain(cover.times),
            "papers_are_read": facts.is_read,
        },
    }


def _declines(facts: BusinessFacts, term: LoanTerm) -> list[Reason]:
    found = []
    if not facts.is_good:
        found.append(Reason("DETAILS", {}))
    found += engine.on_record(facts.record)
    if facts.standing == Standing.OPEN_NPL:
        found.append(Reason("OPEN_NPL", {}))
    found += [Reason("ACTIVE_LOAN", {"number": loan.number}) for loan in facts.active]
    limit, cover = facts.limit, facts.cover
    if limit.amount.amount < term.least_amount:
        found.append(_too_small(limit, least=Money.rounded(term.least_amount, "KES")))
    elif cover.times < cover.least:
        told = {"months": str(cover.months), "earned": str(cover.earned), "takes": str(cover.takes)}
        found.append(Reason("NO_COVER", told))
    return found


def _for_a_person(facts: BusinessFacts, amount: Money, term: LoanTerm) -> list[Reason]:
    found, cover = [], facts.cover
    if amount.amount > term.second_approval_above:
        found.append(Reason("LARGE", {"amount": str(amount)}))
    if not facts.is_read:
        found.append(Reason("PAPERS", {}))
    if cover.times < cover.wanted:
        told = {"cover": plain(cover.times), "wanted": plain(cover.wanted.normalize())}
        found.append(Reason("THIN_COVER", told))
    return found


def _too_small(limit: BusinessLimit, *, least: Money) -> Reason:
    code = "EARNINGS_TOO_SMALL" if limit.binds == "EARNINGS" else "TURNOVER_TOO_SMALL"
    return Reason(code, {"limit": str(limit.amount), "amount": str(least)})
