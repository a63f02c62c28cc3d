"""Just enough of RFC 6455 to be the server's side of Socket Mode."""

from __future__ import annotations

import base64
import hashlib
import struct
import threading
from typing import BinaryIO

_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


def accepted(key: str) -> str:
    """Return the answer to a client's handshake."""
    return base64.b64encode(hashlib.sha1((key + _MAGIC).encode()).digest()).decode()


class Socket:
    """One open connection."""

    def __init__(self, reading: BinaryIO, writing: BinaryIO) -> None:
        self._reading = reading
        self._writing = writing
        self._guard = threading.Lock()

    def send(self, text: str, kind: int = TEXT) -> None:
        """Send one message."""
        data = text.encode()
        if len(data) < 126:
            head = struct.pack("!BB", 0x80 | kind, len(data))
        elif len(data) < 65_536:
            head = struct.pack("!BBH", 0x80 | kind, 126, len(data))
        else:
            head = struct.pack("!BBQ", 0x80 | kind, 127, len(data))
        with self._guard:
            self._writing.write(head + data)
            self._writing.flush()

    def receive(self) -> str | None:
        """Return the next text; None when the client is gone."""
        while True:
            head = self._reading.read(2)
            if len(head) < 2:
                return None
            kind, size = head[0] & 0x0F, head[1] & 0x7F
            if size == 126:
                size = struct.unpack("!H", self._reading.read(2))[0]
            elif size == 127:
                size = struct.unpack("!Q", self._reading.read(8))[0]
            mask = self._reading.read(4)
            data = bytes(
                byte ^ mask[number % 4] for number, byte in enumerate(self._reading.read(size))
            )
            if kind == TEXT:
                return data.decode()
            if kind == PING:
                self.send(data.decode(), PONG)
            if kind == CLOSE:
                return None
