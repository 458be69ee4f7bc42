"""
Ten people and what they are answered for KES 5,000 (docs/01_PERSONAL_BANKING_MODULE.md, 3.5). Each
score is the sum of the table of kenya.md 4.5 or 4.6, added up by hand in the comment beside it.
"""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from ledger.money import kes
from lending.credit.queries import Deposits, Limit
from lending.decisions import engine
from lending.decisions.facts import Facts
from lending.products import queries as products
from lending.scoring import queries as scoring

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
NEWCOMER = {
    "kyc_tier": "TIER_1", "bureau": "CLEAN", "deposits_30_days": 1,
    "deposits_to_amount": Decimal("10.0"), "held_after_48_hours_percent": Decimal("100.0"),
    "phone_is_theirs": "YES", "employment": "SELF_EMPLOYED",
}  # fmt: skip
SALARIED = {
    "tenure_months": 26, "kyc_tier": "TIER_3", "monthly_inflow": Decimal(85_000),
    "months_with_inflow": 6, "debt_service_percent": Decimal("6.1"), "repayment": "NONE",
    "bureau": "CLEAN", "bureau_enquiries": 1, "employment": "PERMANENT", "months_above_1000": 6,
    "failed_debits": 0,
}  # fmt: skip
LATE = {
    "tenure_months": 14, "kyc_tier": "TIER_2", "monthly_inflow": Decimal(22_000),
    "months_with_inflow": 5, "debt_service_percent": Decimal("23.8"),
    "repayment": "LATE_UNDER_90", "bureau": "THIN", "bureau_enquiries": 3,
    "employment": "SELF_EMPLOYED", "months_above_1000": 3, "failed_debits": 2,
}  # fmt: skip
RETURNING = {
    "tenure_months": 8, "kyc_tier": "TIER_1", "monthly_inflow": Decimal(16_000),
    "months_with_inflow": 6, "debt_service_percent": Decimal("32.8"), "repayment": "CLEAN_3",
    "bureau": "CLEAN", "bureau_enquiries": 0, "employment": "CASUAL", "months_above_1000": 2,
    "failed_debits": 0,
}  # fmt: skip

PERSONAS = {
    # 60 + 240 + 80 + 140 + 100 + 80 + 35
    "a newcomer whose 50,000 is here": ("NEWCOMER", NEWCOMER, {}, ("APPROVED", 735, "5000", [])),
    # 60 + 180 + 80 + 140 + 0 + 80 + 35
    "a newcomer who moved it out, with a thin file": (
        "NEWCOMER",
        NEWCOMER | {"bureau": "THIN", "held_after_48_hours_percent": Decimal("1.0")},
        {},
        ("REFUSED", 575, "0", ["KYC_TIER", "HELD_AFTER_48_HOURS_PERCENT", "BUREAU"]),
    ),
    # 100 + 70 + 110 + 90 + 140 + 70 + 90 + 50 + 60 + 50 + 30
    "a salaried customer": ("RETAIL", SALARIED, {}, ("APPROVED", 860, "5000", [])),
    # 75 + 40 + 80 + 65 + 110 + 30 + 50 + 30 + 35 + 30 + 0
    "a late payer": (
        "RETAIL", LATE, {},
        ("REFUSED", 545, "0", ["REPAYMENT", "BUREAU", "MONTHLY_INFLOW"]),
    ),
    # 50 + 0 + 80 + 90 + 80 + 160 + 90 + 50 + 20 + 15 + 30
    "one who paid three loans on time": ("RETAIL", RETURNING, {}, ("APPROVED", 665, "5000", [])),
    # 860 - 90: an open bad loan gives no points, and declines whatever the score.
    "one with a bad loan at another lender": (
        "RETAIL", SALARIED | {"bureau": "OPEN_NPL"}, {}, ("REFUSED", 770, "0", ["OPEN_NPL"]),
    ),
    "one who has a 30-day loan": (
        "RETAIL", SALARIED, {"active": [SimpleNamespace(number="LN-7A0JFW4")]},
        ("REFUSED", 860, "0", ["ACTIVE_LOAN"]),
    ),
    "one whose bureau does not answer": (
        "RETAIL", SALARIED | {"bureau": None}, {}, ("REFERRED", None, "5000", ["BUREAU_SILENT"]),
    ),
    "one whose deposits carry less than they ask for": (
        "RETAIL", SALARIED, {"average": "3750"},
        ("APPROVED", 860, "3000", ["LESS_THAN_ASKED"]),  # 3,750 x 0.8
    ),
    "one whose details are being checked": (
        "RETAIL", SALARIED, {"is_good_customer": False}, ("REFUSED", 860, "0", ["DETAILS"]),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PERSONAS)
def test_is_answered_as_the_manual_says(name):
    card, values, told, (result, score, amount, reasons) = PERSONAS[name]
    average = kes(told.get("average", "50000"))
    deposits = Deposits(since=date(2026, 8, 23), days=90, count=1, total=average)
    facts = Facts(
        card=card,
        limit=Limit(deposits=deposits, least_deposits=1, percent=80, cap=kes("10000")),
        active=told.get("active", []),
        is_good_customer=told.get("is_good_customer", True),
        standing=values["bureau"],
        values=values,
    )

    answer = engine.answer(
        facts,
        asked=kes("5000"),
        term=products.offer("DIGI30", on=TODAY).term,
        card=scoring.card_on(card, on=TODAY),
    )

    assert (answer.result, answer.amount) == (result, kes(amount))
    assert (answer.score and answer.score.total) == score
    assert [reason.code for reason in answer.reasons] == reasons
