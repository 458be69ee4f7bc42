"""What the demo bank's borrowers and officers do: planned from today back, done by operations."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.core.management.base import CommandError

from branch.demo import borrowers, credit_year, year
from branch.demo import operations as demo
from branch.demo.borrowers import BORROWERS, FIRMS
from branch.demo.logins import Login
from branch.management.commands import demo_seed
from lending.loans.queries import NoSuchLoan
from lending.stops.operations import LendingStopped

TODAY = date(2026, 11, 22)
MOMENT = datetime(2026, 11, 21, 9, tzinfo=UTC)
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


class TestWhatIsRefused:
    """A deed as the plan has it; PINs stand in its names and are never told."""

    @staticmethod
    def _ask(who, *, at):
        raise LendingStopped(attempt=None, scope="ALL")

    @staticmethod
    def promise(name, *, pin, at):
        raise NoSuchLoan

    def test_is_counted_and_told_unless_the_plan_expects_it(self, monkeypatch, caplog):
        monkeypatch.setattr(credit_year, "refused", Counter())
        caplog.set_level("INFO", logger=credit_year.log.name)

        credit_year._tried(partial(self._ask, BORROWERS[0]), at=MOMENT)
        credit_year._tried(partial(self.promise, "yusuf.abdi", pin="4417"), at=MOMENT)

        assert credit_year.refused == {"promise of yusuf.abdi: no_such_loan": 1}
        assert [line.levelname for line in caplog.records] == ["INFO", "ERROR"]
        assert "4417" not in caplog.text

    def test_ends_the_year_that_is_lived_with_an_error(self, monkeypatch):
        """The year stands whole by then: a second run finds nothing left to live."""
        monkeypatch.setattr(credit_year, "refused", Counter({"promise of yusuf.abdi: late": 2}))

        with pytest.raises(CommandError, match=r"promise of yusuf.abdi: late \(2\)"):
            demo_seed.check_plan()


@pytest.mark.parametrize("on", [date(2026, 12, 31), date(2027, 3, 1), date(2028, 2, 29)])
def test_the_plan_holds_on_other_days(on):
    assert len(plan(on)) > 1_500
