"""A socket whose every wait ends at one deadline, however slowly the bytes trickle in."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable
from typing import Any

_BUFFER = 65_536  # bytes asked of the socket at once


class TimedSocket:
    """As much of a socket as ``http.client`` uses; a plain one has a limit for each wait only.

    Args:
        sock: A connected socket, which stays open when this is closed.
        remaining: Returns the seconds that are left, or raises TimeoutError if none are.
    """

    def __init__(self, sock: socket.socket, remaining: Callable[[], float]) -> None:
        self._sock, self._remaining = sock, remaining

    def sendall(self, data: bytes) -> None:
        """Send all of ``data``."""
        self._sock.settimeout(self._remaining())
        self._sock.sendall(data)

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        """Return a file of what comes in."""
        return io.BufferedReader(_TimedReader(self._sock, self._remaining), _BUFFER)

    def close(self) -> None:
        """Leave the socket open: ``http.client`` closes it before the answer is read."""


class _TimedReader(io.RawIOBase):
    def __init__(self, sock: socket.socket, remaining: Callable[[], float]) -> None:
        self._sock, self._remaining = sock, remaining

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._remaining())
        return self._sock.recv_into(buffer)
