"""Unpacks what a server sent, no further than a cap: a few kilobytes can hold gigabytes."""

from __future__ import annotations

import zlib
from collections.abc import Iterator


class Unpacker:
    """Takes the blocks of an answer and keeps what they unpack to.

    Args:
        wbits: How zlib is to read the blocks; None where they are not packed.
        cap: Bytes after which nothing more is unpacked; ``size`` is then over the cap.
    """

    def __init__(self, wbits: int | None, cap: int) -> None:
        self._wbits = wbits
        self._zlib = zlib.decompressobj(wbits) if wbits is not None else None
        self._cap = cap
        self._parts: list[bytes] = []
        self.size = 0

    @classmethod
    def of(cls, coding: str, *, cap: int) -> Unpacker | None:
        """Return the unpacker for a ``Content-Encoding``, or None if it is not known."""
        if coding in {"", "identity"}:
            return cls(None, cap)
        if coding in {"gzip", "x-gzip"}:
            return cls(zlib.MAX_WBITS | 16, cap)
        return cls(zlib.MAX_WBITS, cap) if coding == "deflate" else None

    def feed(self, block: bytes) -> None:
        """Take the next block; raises OSError where it is damaged."""
        for part in self._unpacked(block):
            self._parts.append(part)
            self.size += len(part)

    def _unpacked(self, block: bytes) -> Iterator[bytes]:
        """Yield what ``block`` unpacks to; an archive may be several, one behind the other."""
        while block and self.size <= self._cap:
            if self._zlib is None or self._wbits is None:
                yield block
                return
            try:
                yield self._zlib.decompress(block, self._cap + 1 - self.size)
            except zlib.error as error:
                raise OSError(0, "it is packed and damaged") from error
            block = self._zlib.unused_data
            if block:
                self._zlib = zlib.decompressobj(self._wbits)

    @property
    def complete(self) -> bool:
        """Whether the packed data came to its end."""
        return self._zlib is None or self._zlib.eof

    @property
    def data(self) -> bytes:
        """Everything unpacked so far."""
        return b"".join(self._parts)
