"""Which network addresses belong to everybody, and which to the user's own network.

The list of special ranges is our own, after the registries of IANA for special-purpose
addresses of IPv4 and IPv6 (as of 2025). What ``ipaddress`` of Python takes for public changes
with its patch releases, and what may be fetched must not.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from typing import Any, NamedTuple

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")

_SPECIAL = {
    "an unspecified address": "0.0.0.0/8 ::/128",
    "a loopback address": "127.0.0.0/8 ::1/128",
    "a link-local address": "169.254.0.0/16 fe80::/10",
    "a private address": (
        "10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 192.168.0.0/16 64:ff9b:1::/48 fc00::/7 fec0::/10"
    ),
    "a multicast address": "224.0.0.0/4 ff00::/8",
    "a documentation address": (
        "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20"
    ),
    "an address of a tunnel": "192.88.99.0/24 2001::/32 2002::/16",
    "a reserved address": "192.0.0.0/24 198.18.0.0/15 240.0.0.0/4 2001::/23",
}
"""What kinds of addresses are not of the public network, each with its ranges."""

# Where a machine in a cloud gets its own passwords.
_METADATA_ADDRESSES = frozenset(
    map(
        ipaddress.ip_address,
        (
            "169.254.169.254",  # AWS, Azure, Google, OpenStack and others
            "169.254.170.2",  # AWS, containers
            "169.254.170.23",  # AWS, pods
            "fd00:ec2::254",  # AWS
            "fd00:ec2::23",  # AWS, pods
            "fd20:ce::254",  # Google
            "fe80::a9fe:a9fe",  # OpenStack
            "100.100.100.200",  # Alibaba
            "168.63.129.16",  # Azure, its own host
            "192.0.0.192",  # Oracle
        ),
    )
)
_RANGES = tuple(
    (ipaddress.ip_network(network), kind)
    for kind, networks in _SPECIAL.items()
    for network in networks.split()
)


class Address(NamedTuple):
    """One address of a host: its family, and what ``socket.connect`` takes."""

    family: socket.AddressFamily
    endpoint: Any  # (host, port), and two numbers more with IPv6

    @property
    def ip(self) -> str:
        """The address in digits."""
        return str(self.endpoint[0])


def resolve_host(host: str, port: int) -> Sequence[Address]:
    """Return the addresses of ``host``; raises socket.gaierror where it has none."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise socket.gaierror(str(error)) from error
    return tuple(Address(family, endpoint) for family, _, _, _, endpoint in rows)


def is_metadata(address: str) -> bool:
    """Return whether an address gives a cloud's machine its own passwords: never a page."""
    return _parse_address(address) in _METADATA_ADDRESSES


def why_refused(address: str) -> str:
    """Return what kind of address this is if it is not one of the public network, else nothing."""
    ip = _parse_address(address)
    if ip is None:
        return "which is no address"
    if ip in _METADATA_ADDRESSES:
        return "the metadata address of a cloud"
    reserved = ip.version == 6 and ip not in _GLOBAL_UNICAST
    known = (kind for network, kind in _RANGES if ip in network)
    return next(known, "a reserved address" if reserved else "")


def _parse_address(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address, the IPv4 address where an IPv6 address only stands for one."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip
