"""Quotes: what the products of the mission cost, by figures from outside."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.factories import StaffMemberFactory, staff_actor
from ledger.approvals import operations as approvals
from ledger.approvals import terms
from ledger.calendar import queries as calendar
from ledger.money import kes
from lending.products import queries, quotes
from lending.products.models import GradePrice, LendingLimit, LoanTerm, SectorTerm
from wekeza.kit.dated import NoSuchTerm

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)  # A Friday.


def quote(code, principal, tenor, key="", **terms):
    offer = queries.offer(code, on=DAY)
    for name, value in terms.items():
        setattr(offer.term, name, value)
    return quotes.quote(
        offer.term, principal=kes(principal), tenor=tenor, percent=offer.price(key).percent,
        start=DAY,
    )  # fmt: skip


class TestProducts:
    @pytest.mark.proves("BW27", "BW33")
    def test_are_those_of_the_mission(self):
        rows = {
            offer.product.code: (
                offer.lowest, offer.highest, offer.term.least_tenor, offer.term.most_tenor,
                offer.term.least_amount, offer.term.most_amount,
            )
            for offer in queries.offers(on=DAY)
        }  # fmt: skip

        # Mission 002:131-136; amounts of kenya.md 4.5.
        assert rows["PERS"] == (12, 18, 3, 60, 10_000, 500_000)
        assert rows["SALA"][:4] == (15, 15, 1, 6)
        assert rows["EMER"][:4] == (20, 20, 1, 3)
        assert rows["ASST"][:4] == (14, 14, 12, 60)
        assert rows["MORT"][:4] == (12, 12, 60, 300)
        assert rows["SMEW"][:2] == (14, 20)
        yearly = [one for code, one in rows.items() if code != "DIGI30"]
        assert len(yearly) >= 5 and all(8 <= one[0] <= one[1] <= 24 for one in yearly)

    @pytest.mark.proves("BW37")
    def test_finance_things_and_homes_for_years(self):
        asset, home = (queries.offer(code, on=DAY) for code in ("ASST", "MORT"))

        assert (asset.lowest, asset.term.most_tenor) == (14, 60)
        assert (home.lowest, home.term.least_tenor, home.term.most_tenor) == (12, 5 * 12, 25 * 12)

    @pytest.mark.parametrize(("score", "percent"), [("601", "18"), ("650", "15.5"), ("850", "12")])
    def test_have_the_price_of_a_grade(self, score, percent):
        assert queries.offer("PERS", on=DAY).price(score).percent == Decimal(percent)

    def test_lend_dearer_where_rain_decides(self):
        offer = queries.offer("SMEW", on=DAY)

        ict, rain = offer.price("ICT"), offer.price("AGRICULTURE_RAIN_FED")
        assert (ict.percent, rain.percent) == (14, 18)
        assert (ict.sector.turnover_factor, rain.sector.turnover_factor) == (1, Decimal("0.60"))

    def test_are_named_when_there_are_none(self):
        with pytest.raises(NoSuchTerm, match="PERS is not lent on 2024"):
            queries.offer("PERS", on=date(2024, 1, 1))


class TestThirtyDays:
    def test_five_thousand_cost_two_hundred_and_fifty(self):
        found = quote("DIGI30", "5000", 30)

        assert (found.received, found.costs, found.total) == (kes("5000"), kes("250"), kes("5250"))
        assert found.is_once
        # The 20th of December is a Sunday: due on Monday, at the same price.
        assert found.repaid_by == date(2026, 12, 21)

    @pytest.mark.parametrize("later", range(14))
    def test_cost_60_percent_a_year_whatever_day_they_end_on(self, later):
        """Decision 36; from the 4th of March 2026 on Easter lies in the way too."""
        for first in (DAY, date(2026, 3, 1)):
            start = first + timedelta(days=later)
            offer = queries.offer("DIGI30", on=start)

            found = quotes.quote(
                offer.term, principal=kes("5000"), tenor=30, percent=Decimal(5), start=start
            )

            assert (found.cost.apr, found.cost.effective) == (Decimal("60.8"), Decimal("81.1"))


class TestAFee:
    def test_is_taken_with_the_payout_and_is_in_the_yearly_cost(self):
        """kenya.md 4.4: 100,000 at 15% for 12 equal months less a fee of 2%."""
        found = quote("PERS", "100000", 12, periods="MONTHS", percent=Decimal(15), fee_percent=2)
        found = quotes.quote(
            found.term, principal=kes("100000"), tenor=12, percent=Decimal(15), start=DAY
        )

        assert found.received == kes("98000")
        assert (found.first.total, found.interest) == (kes("9025.83"), kes("8309.97"))
        assert (found.cost.apr, found.cost.effective) == (Decimal("18.9"), Decimal("20.6"))
        assert found.costs == kes("10309.97")
        # 20% of excise are inside: 2,000 / 1.2.
        assert (found.fee.net, found.fee.duty) == (kes("1666.67"), kes("333.33"))


class TestFrequencies:
    @pytest.mark.parametrize(
        ("frequency", "number", "last"),
        [("WEEKLY", 13, date(2027, 2, 19)), ("BIWEEKLY", 6, date(2027, 2, 12)),
         ("MONTHLY", 3, date(2027, 2, 22)), ("ONCE", 1, date(2027, 2, 22))],
    )  # fmt: skip
    def test_fill_the_time(self, frequency, number, last):
        found = quote("EMER", "10000", 3, frequency=frequency)

        assert len(found.instalments) == number
        assert found.repaid_by == last  # The 20th of February is a Saturday.


class TestTheCorridor:
    @pytest.mark.parametrize(
        ("percent", "is_inside"), [("7.99", 0), ("8", 1), ("24", 1), ("24.01", 0)]
    )
    def test_binds_what_is_priced_by_the_year(self, percent, is_inside):
        term = LoanTerm(method="REDUCING", percent=Decimal(percent), effective_from=DAY)
        grade = GradePrice(percent=Decimal(percent), effective_from=DAY)

        for row in (term, grade):
            if is_inside:
                row.clean()
            else:
                with pytest.raises(ValidationError, match="8% to 24%"):
                    row.clean()

    def test_binds_what_a_sector_adds(self):
        SectorTerm(adds_percent=Decimal(10), effective_from=DAY).clean()
        with pytest.raises(ValidationError, match="24.01% a year lies outside"):
            SectorTerm(adds_percent=Decimal("10.01"), effective_from=DAY).clean()

    def test_binds_a_rate_with_what_sectors_add(self):
        facts = {"method": "REDUCING", "product_id": "SMEW", "effective_from": DAY}

        LoanTerm(percent=Decimal(18), **facts).clean()
        with pytest.raises(ValidationError, match="25% a year lies outside"):
            LoanTerm(percent=Decimal(19), **facts).clean()

    @pytest.mark.parametrize(("kind", "number"), [("LEAST_PERCENT", 24), ("MOST_PERCENT", 8)])
    def test_stays_a_corridor(self, kind, number):
        with pytest.raises(ValidationError, match="must be below"):
            LendingLimit(kind=kind, number=number, effective_from=DAY).clean()

    def test_is_missed_where_there_is_none(self):
        with pytest.raises(ValidationError, match="no corridor of rates"):
            GradePrice(percent=Decimal(12), effective_from=date(2020, 1, 1)).clean()

    def test_does_not_bind_one_charge(self):
        LoanTerm(method="ONCE", percent=Decimal(5), effective_from=DAY).clean()


class TestWithdrawing:
    def test_a_product_a_grade_or_a_sector_is_a_row_that_is_not_lent(self):
        now = timezone.now()
        today = calendar.nairobi_date(now)
        maker, checker = (
            staff_actor(StaffMemberFactory(role_id=role)) for role in ("RISK", "RISK")
        )
        for model, facts in (
            (LoanTerm, {"product_id": "EMER"}),
            (GradePrice, {"product_id": "PERS", "from_score": 601}),
            (SectorTerm, {"sector": "MINING_GAMBLING"}),
        ):
            row = model.objects.get(**facts)
            row.pk, row._state.adding = None, True
            row.is_lent, row.effective_from = False, today
            asked = terms.ask(row, reason="Too risky", actor=maker, at=now)
            approvals.approve(asked, digest=asked.digest, actor=checker, at=now)

        found = {offer.product.code: offer for offer in queries.offers(on=today)}
        assert "EMER" not in found
        assert {price.from_score for price in found["PERS"].prices} == {650, 750, 850}
        assert "MINING_GAMBLING" not in {price.key for price in found["SMEW"].prices}


class TestConfiguring:
    @pytest.mark.proves("BW45")
    def test_terms_of_a_product_are_rows_of_two_persons_from_a_day_on(self):
        now = timezone.now()
        today = calendar.nairobi_date(now)
        maker, checker = (staff_actor(StaffMemberFactory(role_id="RISK")) for _ in range(2))
        row = LoanTerm.objects.get(product="EMER")
        row.pk, row._state.adding = None, True
        row.effective_from = today + timedelta(1)
        row.percent, row.most_tenor, row.fee_percent = Decimal(18), 6, Decimal(2)
        asked = terms.ask(row, reason="Cheaper and longer", actor=maker, at=now)

        assert queries.offer("EMER", on=today + timedelta(1)).term.most_tenor == 3, "not decided"
        approvals.approve(asked, digest=asked.digest, actor=checker, at=now)

        before, after = (queries.offer("EMER", on=today + timedelta(days)) for days in (0, 1))
        assert (before.term.percent, before.term.most_tenor) == (20, 3)
        assert (after.term.percent, after.term.most_tenor) == (18, 6)
        cost = quotes.quote(
            after.term, principal=kes("10000"), tenor=6, percent=Decimal(18),
            start=today + timedelta(1),
        )  # fmt: skip
        assert (len(cost.instalments), cost.received) == (6, kes("9800"))
