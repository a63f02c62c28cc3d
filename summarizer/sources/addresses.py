"""Which network addresses belong to everybody, and which to the user's own network."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

_NAT64 = ipaddress.ip_network("64:ff9b::/96")

IP = ipaddress.IPv4Address | ipaddress.IPv6Address


class Address(NamedTuple):
    """One address of a host: its family, and what ``socket.connect`` takes."""

    family: socket.AddressFamily
    endpoint: Any  # (host, port), and two numbers more with IPv6

    @property
    def ip(self) -> str:
        """The address in digits."""
        return str(self.endpoint[0])


def resolve_host(host: str, port: int, seconds: float) -> Sequence[Address]:
    """Return the addresses of ``host``.

    Raises:
        OSError: It has none (``socket.gaierror``), or none was found in time (TimeoutError).
    """
    found: list[Address] = []
    failed: list[OSError] = []

    def resolve() -> None:
        try:
            for family, _, _, _, endpoint in socket.getaddrinfo(
                host, port, type=socket.SOCK_STREAM
            ):
                found.append(Address(family, endpoint))
        except (OSError, UnicodeError) as error:
            failed.append(error if isinstance(error, OSError) else socket.gaierror(str(error)))

    # The system sets its own, long limit to this and offers no other.
    thread = threading.Thread(target=resolve, name="resolve-host", daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if not found or thread.is_alive():
        raise TimeoutError
    return tuple(found)


def why_refused(address: str) -> str:
    """Return what kind of address this is if it is not one of the public network, else nothing."""
    try:
        ip: IP = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "which is no address"
    ip = _embedded(ip) or ip
    kinds = {
        "a loopback address": ip.is_loopback,
        "a link-local address": ip.is_link_local,
        "a multicast address": ip.is_multicast,
        "an unspecified address": ip.is_unspecified,
        "a reserved address": ip.is_reserved,
        "a private address": not ip.is_global or getattr(ip, "is_site_local", False),
    }
    return next((kind for kind, applies in kinds.items() if applies), "")


def _embedded(ip: IP) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
