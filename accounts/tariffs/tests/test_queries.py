"""What a service costs: the bank's prices, and the excise inside them by worked examples."""

from datetime import date

import pytest

from accounts.tariffs import queries as tariffs
from accounts.tariffs.models import ExciseClass, Tariff
from accounts.tariffs.tests import terms
from ledger.money import kes

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


@pytest.fixture
def add(db, test_databases):
    """Adds a row to the bank's terms, as its owner."""
    with terms.added(test_databases) as add_row:
        yield add_row


class TestFeeOf:
    @pytest.mark.proves("MV14")
    def test_a_transfer_inside_the_bank_is_free(self):
        assert tariffs.fee_of("INTERNAL_TRANSFER", on=TODAY).gross == kes(0)

    def test_a_new_price_holds_from_its_day(self, add):
        add(
            Tariff(
                code="INTERNAL_TRANSFER",
                amount=50,
                excise_class=ExciseClass.MONEY_TRANSFER,
                effective_from=date(2026, 12, 1),
                source="A test",
                approved_by="A test",
            )
        )

        assert tariffs.fee_of("INTERNAL_TRANSFER", on=TODAY).gross == kes(0)
        assert tariffs.fee_of("INTERNAL_TRANSFER", on=date(2026, 12, 1)).gross == kes(50)

    def test_no_price_is_an_error_and_never_free(self):
        with pytest.raises(tariffs.NoTariff):
            tariffs.fee_of("PESALINK", on=TODAY)


class TestSplit:
    # The worked examples of kenya.md 5.5.
    @pytest.mark.parametrize(
        ("gross", "net", "duty"), [("150", "130.43", "19.57"), ("50", "43.48", "6.52")]
    )
    def test_takes_fifteen_percent_excise_out_of_a_transfer_fee(self, gross, net, duty):
        fee = tariffs.split(kes(gross), ExciseClass.MONEY_TRANSFER, on=TODAY)

        assert (fee.net, fee.duty) == (kes(net), kes(duty))

    def test_before_the_first_rate_nothing_is_split(self):
        with pytest.raises(tariffs.NoTariff):
            tariffs.split(kes(50), ExciseClass.OTHER_FEE, on=date(2024, 10, 31))
