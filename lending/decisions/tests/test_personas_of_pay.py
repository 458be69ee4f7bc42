"""
People on a salary, and what they are answered for an advance or a personal loan (manual, 3.6). The
scores are those of `test_personas`; instalments are round here, each with its sum beside it.
"""

from datetime import date
from decimal import Decimal

import pytest

from ledger.money import kes
from lending.affordability.capacity import Capacity, Grade, Income, Salary
from lending.credit.queries import Deposits, Limit
from lending.decisions import engine
from lending.decisions.facts import Facts
from lending.decisions.tests.test_personas import LATE, RETURNING, SALARIED
from lending.products import queries as products
from lending.scoring import queries as scoring

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
# 300,000 over 36 months by equal months: 9,964 at 12%, 10,181 at 13.5%, 10,473 at 15.5%, 10,846.
GRADES = [(850, "12", "9964"), (750, "13.5", "10181"), (650, "15.5", "10473"), (601, "18", "10846")]
PAID = Salary(months=6, least_months=3, net=kes("68000"), times=3)
PERSONAS = {
    "a salaried customer who asks for an advance": (
        "SALA", "60000", SALARIED, {"salary": PAID}, ("APPROVED", "60000", "15", []),
    ),
    # 3 x 68,000
    "one who asks for more than three salaries": (
        "SALA", "240000", SALARIED, {"salary": PAID},
        ("APPROVED", "204000", "15", ["OVER_SALARY"]),
    ),
    "one whose salary came twice": (
        "SALA", "60000", SALARIED,
        {"salary": Salary(months=2, least_months=3, net=kes("68000"), times=3)},
        ("REFUSED", "0", None, ["NO_SALARY"]),
    ),
    # 860 points. Half of 85,000 is 42,500; a third of 110,000 is 36,667, and 75,036 is left.
    "a salaried customer who asks for a personal loan": (
        "PERS", "300000", SALARIED, {"gross": "110000"}, ("APPROVED", "300000", "12", []),
    ),
    # 665 points.
    "one who paid three loans on time": (
        "PERS", "300000", RETURNING, {"gross": "110000"}, ("APPROVED", "300000", "15.5", []),
    ),
    # 545, with 30 more for the level and 15 for one due date missed in place of two: 590.
    "one between the scores": (
        "PERS", "300000", LATE | {"kyc_tier": "TIER_3", "failed_debits": 1}, {"gross": "110000"},
        ("REFERRED", "300000", "18", ["REPAYMENT", "BUREAU", "MONTHLY_INFLOW"]),
    ),
    "a late payer": (
        "PERS", "300000", LATE, {"gross": "110000"},
        ("REFUSED", "0", None, ["REPAYMENT", "BUREAU", "MONTHLY_INFLOW"]),
    ),
    # Half of 85,000 less 36,000 of other loans is 6,500: 300,000 x 6,499.99 / 9,964 = 195,704.2.
    "one whose other loans take most of it": (
        "PERS", "300000", SALARIED, {"gross": "110000", "dues": "36000"},
        ("APPROVED", "195704", "12", ["SHARE_OF_INCOME"]),
    ),
    # A third of 240,000 is 80,000: 5,000 of 85,000 may go; 300,000 x 4,999.99 / 9,964 = 150,541.6.
    "one of whose pay too little would stay": (
        "PERS", "300000", SALARIED, {"gross": "240000"},
        ("APPROVED", "150541", "12", ["PAY_LEFT"]),
    ),
    "one who asks for more than one person approves": (
        "PERS", "300001", SALARIED, {"gross": "110000"}, ("REFERRED", "300001", "12", ["LARGE"]),
    ),
}  # fmt: skip


@pytest.mark.proves("BW47")
@pytest.mark.parametrize("name", PERSONAS)
def test_is_answered_as_the_manual_says(name):
    product, asked, values, told, (result, amount, percent, reasons) = PERSONAS[name]
    term = products.offer(product, on=TODAY).term
    gross = told.get("gross")
    capacity = Capacity(
        asked=kes(asked),
        income=Income(kes("85000"), kes("90000"), gross and kes(gross)),
        dues=kes(told.get("dues", "0")),
        grades=[Grade(score, Decimal(rate), kes(each)) for score, rate, each in GRADES]
        if product == "PERS"
        else [Grade(0, Decimal(15), kes("20500"))],
        cap=kes("500000"),
        share=term.most_debt_share,
        gross_part=3 if gross else None,
        salary=told.get("salary"),
    )
    nothing = Deposits(since=TODAY, days=90, count=0, total=kes("0"))
    facts = Facts(
        card="RETAIL",
        limit=Limit(deposits=nothing, least_deposits=1, percent=80, cap=kes("10000")),
        active=[],
        is_good_customer=True,
        standing=values["bureau"],
        values=values,
        capacity=capacity,
    )

    answer = engine.answer(
        facts, asked=kes(asked), term=term, card=scoring.card_on("RETAIL", on=TODAY)
    )

    assert (answer.result, answer.amount) == (result, kes(amount))
    assert answer.percent == (percent and Decimal(percent))
    assert [reason.code for reason in answer.reasons] == reasons
