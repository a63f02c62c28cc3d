"""Unpacks what a server sent, no further than a cap: a few kilobytes can hold gigabytes."""

from __future__ import annotations

import zlib


class Unpacker:
    """Takes the blocks of an answer and keeps what they unpack to.

    Args:
        wbits: How zlib is to read the blocks; None where they are not packed.
        cap: Bytes after which nothing more is unpacked; ``size`` is then over the cap.
    """

    def __init__(self, wbits: int | None, cap: int) -> None:
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
        if self._zlib is not None:
            try:
                block = self._zlib.decompress(block, self._cap + 1 - self.size)
            except zlib.error as error:
                raise OSError(0, "it is packed and damaged") from error
        self._parts.append(block)
        self.size += len(block)

    @property
    def complete(self) -> bool:
        """Whether the packed data came to its end."""
        return self._zlib is None or self._zlib.eof

    @property
    def data(self) -> bytes:
        """Everything unpacked so far."""
        return b"".join(self._parts)
