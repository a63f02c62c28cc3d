"""Which network addresses belong to everybody, and which to the user's own network.

The list of special ranges, ``networks.toml``, is our own. What ``ipaddress`` of Python takes for
public changes with its patch releases, and what may be fetched must not.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from typing import Any, NamedTuple

from summarizer.text.data import load

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")

_DATA = load("networks", __package__)
_RANGES = tuple(
    (ipaddress.ip_network(network), kind)
    for kind, networks in _DATA["special"].items()
    for network in networks.split()
)
# Where a machine in a cloud gets its own passwords.
_METADATA_ADDRESSES = frozenset(map(ipaddress.ip_address, _DATA["metadata"]))


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
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return getattr(ip, "ipv4_mapped", None) or ip
