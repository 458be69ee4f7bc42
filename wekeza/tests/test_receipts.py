"""Receipt numbers and the serials they are made of, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wekeza.kit.receipts import ALPHABET, SPAN, receipt_no, serial_of


class TestSerials:
    @given(st.integers(1, SPAN - 1))
    def test_come_back_out_of_their_number(self, serial):
        assert serial_of(receipt_no("SC", serial)) == serial

    @given(st.text(ALPHABET, min_size=7, max_size=7))
    def test_are_in_every_number_of_the_alphabet(self, body):
        serial = serial_of(f"MV-{body}")

        assert 0 <= serial < SPAN
        assert serial == 0 or receipt_no("MV", serial) == f"MV-{body}"

    @pytest.mark.parametrize("text", ["", "MV", "MV-", "MV-123456", "MV-12345678", "MV-1234I67"])
    def test_are_none_where_there_is_no_number(self, text):
        assert serial_of(text) is None
