"""Which addresses count as one subscriber's."""

import pytest

from wekeza.kit.addresses import network_of


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("196.201.9.9", "196.201.9.10", False),
        ("::ffff:196.201.9.9", "::ffff:196.201.9.10", False),
    ],
)
def test_a_subscriber_has_a_64_of_ipv6_and_one_address_of_ipv4(one, other, is_same):
    assert (network_of(one) == network_of(other)) is is_same
