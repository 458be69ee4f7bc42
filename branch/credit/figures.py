"""What a decision on a loan rests on, as staff read it: limit, score, facts, bureau, reasons."""

from dataclasses import dataclass
from decimal import Decimal

from ledger.money import Money, kes
from lending.applications.models import Employment
from lending.bureau.answers import Standing
from lending.bureau.models import BureauEnquiry
from lending.business.told import Evidence
from lending.decisions import words
from lending.decisions.models import CreditDecision
from lending.decisions.words import Said
from lending.scoring.cards import WHOLE
from wekeza.kit.charts import ScoreBar, score_bar
from wekeza.kit.ui_tags import as_words

# What a card counts, in words for staff; one that is new shows by its name.
CHARACTERISTICS = {
    "kyc_tier": "Level of identification",
    "bureau": "Standing at the bureau",
    "bureau_enquiries": "Enquiries at the bureau in three months",
    "employment": "How they earn",
    "deposits_30_days": "Deposits in 30 days",
    "deposits_to_amount": "Deposits of 30 days to the amount, times",
    "held_after_48_hours_percent": "Still here after 48 hours, percent",
    "phone_is_theirs": "The phone is in their name",
    "tenure_months": "Months with the bank",
    "monthly_inflow": "Comes in a month, KES",
    "months_with_inflow": "Months with deposits, of six",
    "debt_service_percent": "Loans take of a month’s income, percent",
    "repayment": "How loans here were paid",
    "failed_debits": "Due dates without the money in half a year",
    "months_above_1000": "Months with KES 1,000 kept, of six",
    "years_trading": "Years of trading",
    "evidence": "How the turnover is shown",
    "turnover_here_percent": "Of the turnover, through here in a year, percent",
    "turnover_trend_percent": "Half a year to the one before, percent",
    "dscr": "Earnings to instalments (DSCR), times",
    "sector": "Sector",
    "bounced_items": "Due dates without the money in a year",
    "largest_customer_percent": "Of the turnover, by the largest customer, percent",
    "security_percent": "Security to the loan, percent",
}
FACTS = dict(Standing.choices) | dict(Employment.choices) | dict(Evidence.choices)
FACTS |= {"ICT": "ICT"}
# How loans were paid: none of a loan is not none of work.
REPAID = {
    "NONE": "No loan here in two years",
    "CLEAN_3": "Three or more, all on time",
    "CLEAN": "On time",
    "LATE_UNDER_30": "Late by less than 30 days",
    "LATE_UNDER_90": "Late by less than 90 days",
    "LATE_90": "Late by 90 days or more",
}


@dataclass(frozen=True, slots=True)
class Point:
    """What one characteristic gave: its name, the fact, the points, and how many there are."""

    label: str
    fact: str
    points: int
    most: int


@dataclass(frozen=True, slots=True)
class MadeOf:
    """How a limit was made: a percentage of the average deposit, at most the tier's cap."""

    days: int
    count: int
    total: Money
    average: Money
    percent: int
    cap: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class BusinessMadeOf:
    """How a business's limit was made, and what its earnings are to its instalments."""

    turnover: Money
    percent: int
    sector: str
    sector_factor: str
    evidence: str
    evidence_factor: str
    by_turnover: Money
    ebitda: Money
    tenor: int
    wanted: Decimal
    by_earnings: Money
    most: Money
    amount: Money
    earned: Money
    takes: Money
    cover: str
    papers_are_read: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """All that a decision was made by."""

    decision: CreditDecision
    bar: ScoreBar | None
    points: list[Point]
    reasons: list[Said]
    limit: MadeOf | None
    business: BusinessMadeOf | None
    asked: Money
    card: str
    active: list[str]
    bureau: BureauEnquiry | None
    company: BureauEnquiry | None
    inputs: list[tuple[str, str]]
    afforded: list[tuple[str, str]]


def figures_of(decision: CreditDecision) -> Figures:
    """This will gather what a decision rests on from what was kept with it, never from today."""
    told = decision.inputs
    return Figures(
        decision=decision,
        bar=_bar(decision),
        points=[_point(one) for one in decision.points],
        reasons=words.reasons_of(decision),
        limit=_limit(told) if "limit" in told else None,
        business=_business(told["business"]) if "business" in told else None,
        asked=kes(told["asked"]),
        card=as_words(told["card"]),
        active=told["active_loans"],
        bureau=_enquiry(told["enquiry"]),
        company=_enquiry(told.get("company_enquiry")),
        inputs=[(_label(name), _said(name, fact)) for name, fact in told["facts"].items()],
        afforded=_afforded(told.get("affordability")),
    )


def _enquiry(public_id: str | None) -> BureauEnquiry | None:
    return BureauEnquiry.objects.defer("raw").filter(public_id=public_id).first()


def _bar(decision: CreditDecision) -> ScoreBar | None:
    if decision.score is None:
        return None
    cut = decision.least_score
    return score_bar(decision.score, cut, whole=WHOLE, word=f"Cut-off {cut}")


def _point(kept: dict) -> Point:
    fact = _said(kept["name"], kept["fact"])
    return Point(_label(kept["name"]), fact, kept["points"], kept["most"])


def _label(name: str) -> str:
    return CHARACTERISTICS.get(name) or as_words(name)


def _said(name: str, fact) -> str:
    """A fact as staff read it: a code in words, a figure as it is."""
    if fact in (None, ""):
        return "Not known"
    text = str(fact)
    return code_words(name, text) if text.isupper() else str(FACTS.get(text, text))


def code_words(name: str, code: str) -> str:
    """This will give the words for a code of a characteristic, as a card compares with it."""
    words = REPAID if name == "repayment" else FACTS
    return str(words.get(code) or as_words(code))


def _afforded(told: dict | None) -> list[tuple[str, str]]:
    """What the amount of a loan by instalments goes by, line by line; a 30-day loan has none."""
    if not told:
        return []
    salary, share, part = told["salary"], told["share"], told["gross_part"]
    least, dearest = told["grades"][0], told["grades"][-1]
    lines = [
        ("Takes home, as told", str(kes(told["stated"]))),
        ("Came in, a month on average", str(kes(told["seen"]))),
        ("Before tax, as told", told["gross"] and str(kes(told["gross"]))),
        ("Salary through the bank", salary and f"{salary['months']} months in a row, least "
                                               f"{kes(salary['net'])}"),
        ("Other loans take next month", str(kes(told["dues"]))),
        ("An instalment of what was asked", " to ".join(dict.fromkeys(
            str(kes(one["instalment"])) for one in (least, dearest)))),
        ("All instalments may take", share and f"{share}% of income"),
        ("Must stay of pay before tax", part and f"one part of {part}"),
        ("At most, by level", told["cap"] and str(kes(told["cap"]))),
    ]  # fmt: skip
    return [(label, text) for label, text in lines if text]


def _business(told: dict) -> BusinessMadeOf:
    names = ("turnover", "by_turnover", "ebitda", "by_earnings", "most", "amount", "earned")
    facts = {name: kes(told[name]) for name in (*names, "takes")}
    return BusinessMadeOf(
        **facts,
        percent=told["percent"],
        sector=told["sector"],
        sector_factor=told["sector_factor"],
        evidence=str(Evidence(told["evidence"]).label),
        evidence_factor=told["evidence_factor"],
        tenor=told["tenor"],
        wanted=Decimal(told["cover_percent"]) / 100,
        cover=told["cover"],
        papers_are_read=told["papers_are_read"],
    )


def _limit(told: dict) -> MadeOf:
    came, limit = told["deposits"], told["limit"]
    return MadeOf(
        days=came["days"],
        count=came["count"],
        total=kes(came["total"]),
        average=kes(came["average"]),
        percent=limit["percent"],
        cap=kes(limit["cap"]),
        amount=kes(limit["amount"]),
    )
