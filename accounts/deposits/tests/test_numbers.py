"""The check digit against published numbers that carry Luhn's digit."""

import pytest

from accounts.deposits import numbers

# The patent's own worked number, an IMEI of the GSM documents, and card schemes' test numbers.
PUBLISHED = [
    "79927398713",
    "490154203237518",
    "4111111111111111",
    "378282246310005",
    "6011111111111117",
    "4222222222222",
]


class TestCheckDigit:
    @pytest.mark.parametrize("number", PUBLISHED)
    def test_completes_published_numbers(self, number):
        assert numbers.check_digit(number[:-1]) == number[-1]

    def test_notices_every_single_wrong_digit(self):
        number = "4222222222222"

        for place in range(13):
            for digit in "0123456789".replace(number[place], ""):
                assert not numbers.is_valid(number[:place] + digit + number[place + 1 :])


class TestAccountNumber:
    def test_is_branch_product_serial_and_check_digit(self):
        number = numbers.account_number(branch="001", product="10", serial=17)

        assert number[:12] == "001100000017"
        assert len(number) == 13
        assert numbers.is_valid(number)

    def test_an_eighth_digit_of_serial_makes_no_number(self):
        with pytest.raises(ValueError, match="make no account number"):
            numbers.account_number(branch="001", product="10", serial=10_000_000)

    @pytest.mark.parametrize("text", ["٤٢٢٢٢٢٢٢٢٢٢٢٢", "422222222222", "42222222222220", "", "x"])
    def test_is_thirteen_ascii_digits_and_nothing_else(self, text):
        assert not numbers.is_valid(text)
