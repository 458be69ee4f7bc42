"""What the demo bank's borrowers and officers do: planned from today back, done by operations."""

from collections import Counter
from datetime import date, timedelta

import pytest

from branch.demo import borrowers, credit_year, year
from branch.demo import operations as demo
from branch.demo.borrowers import BORROWERS, FIRMS
from branch.demo.logins import Login

TODAY = date(2026, 11, 22)
PRODUCTS = {"DIGI30", "SALA", "EMER", "PERS", "ASST", "MORT", "SMEW"}
# A month and a weekend with holidays: the first due date comes no later.
FIRST_DUE, MORE_DAYS_THAN = 31 + 4, 360


def plan(today=TODAY):
    logins = {who.email: Login(who.email, "", "0718") for who in demo.everybody(is_year=True)}
    return list(credit_year.deeds(logins, today=today, begins_ago=year.BEGINS, gone=[]))


def asks():
    return [(one, wanted) for one in (*BORROWERS, *FIRMS) for wanted in one.asks]


class TestThePlan:
    def test_is_the_same_for_the_same_day_and_ends_yesterday(self):
        moments = [moment for moment, _deed in plan()]

        assert moments == [moment for moment, _deed in plan()]
        assert min(moments).date() >= TODAY - timedelta(days=year.BEGINS)
        assert max(moments).date() == TODAY - timedelta(days=1)

    def test_asks_for_every_product_over_the_year(self):
        found = Counter(wanted.product for _one, wanted in asks())

        assert set(found) == PRODUCTS
        assert min(found.values()) >= 2
        assert {wanted.ago // 92 for _one, wanted in asks()} >= {0, 1, 2, 3}

    def test_lets_nobody_act_before_they_bank_here(self):
        joined = {who.name: who.joins for who in BORROWERS}

        assert all(wanted.ago < joined[getattr(one, "director", None) or one.name]
                   for one, wanted in asks())  # fmt: skip
        assert all(firm.opens < joined[firm.director] for firm in FIRMS)
        assert all(ago < joined[name] for ago, name, *_ in (
            *credit_year.PROMISES, *credit_year.CHANGES, *credit_year.LOOKED_AGAIN,
            *credit_year.WRITE_OFFS, *credit_year.JUDGED,
        ))  # fmt: skip
        assert max(joined.values()) < year.BEGINS

    def test_writes_off_no_loan_that_is_not_late_enough_by_the_terms(self):
        for ago, name, product in credit_year.WRITE_OFFS:
            [who] = [one for one in BORROWERS if one.name == name]
            [lent] = [wanted.ago for wanted in who.asks if wanted.product == product]

            # One day passes until an officer has decided.
            assert lent - 1 - FIRST_DUE - ago > MORE_DAYS_THAN, name

    def test_is_of_people_who_are_nobody_else(self):
        everybody = demo.everybody(is_year=True)

        for fact in ("email", "phone", "national_id", "full_name"):
            assert len({getattr(who, fact) for who in everybody}) == len(everybody) == 90
        companies = [firm.company for firm in FIRMS]
        assert len({one["registration_no"] for one in companies}) == len(FIRMS)
        assert {who.name for who in borrowers.people()} == {who.name for who in BORROWERS}


@pytest.mark.parametrize("on", [date(2026, 12, 31), date(2027, 3, 1), date(2028, 2, 29)])
def test_the_plan_holds_on_other_days(on):
    assert len(plan(on)) > 1_500
