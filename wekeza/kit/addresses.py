"""Internet addresses, as far as they tell one subscriber from another."""

from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

SUBSCRIBER_BITS = 64  # RFC 6177: a house gets a /64 at least, and may use any address of it.


def network_of(address: str) -> IPv4Network | IPv6Network:
    """
    This will give what one subscriber has: an IPv4 address by itself, or the /64 of an IPv6 one. A
    count for each full IPv6 address could be begun anew as often as one likes.
    """
    found = ip_address(address)
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return ip_network((found, SUBSCRIBER_BITS), strict=False)
    return ip_network(found)
