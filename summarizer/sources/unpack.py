"""Unpacking an answer while it comes in, up to a size."""

from __future__ import annotations

import zlib

_GZIP, _DEFLATE = zlib.MAX_WBITS | 16, zlib.MAX_WBITS  # how zlib is to read
_MEMBER = b"\x1f\x8b"  # how each member of a gzip file begins


class Unpacker:
    """Takes the blocks of an answer and keeps what they unpack to.

    Args:
        wbits: How zlib is to read the blocks; None where they are not packed.
        cap: Bytes after which nothing more is unpacked; ``size`` is then over the cap.
    """

    def __init__(self, wbits: int | None, cap: int) -> None:
        self._wbits = wbits
        self._zlib = None if wbits is None else zlib.decompressobj(wbits)
        self._cap = cap
        self._parts: list[bytes] = []
        self._unread = b""
        self.size = 0

    @classmethod
    def of(cls, coding: str, *, cap: int) -> Unpacker | None:
        """Return the unpacker for a ``Content-Encoding``, or None if it is not known."""
        if coding in {"", "identity"}:
            return cls(None, cap)
        if coding in {"gzip", "x-gzip"}:
            return cls(_GZIP, cap)
        return cls(_DEFLATE, cap) if coding == "deflate" else None

    def feed(self, block: bytes) -> None:
        """Take the next block; raises OSError where it is damaged."""
        if self._zlib is None:
            self._keep_part(block)
            return
        try:
            self._unpack_members(self._unread + block)
        except zlib.error as error:
            raise OSError(0, "it is packed and damaged") from error

    def _unpack_members(self, block: bytes) -> None:
        """Unpack a block; gzip may be several members, one after the other."""
        self._unread = b""
        while block and self._zlib is not None and self.size <= self._cap:
            if self._zlib.eof:
                if self._wbits != _GZIP or not block.startswith(_MEMBER):
                    # What follows is padding; or, of a member, only its first byte is here.
                    self._unread = block if block == _MEMBER[:1] else b""
                    return
                self._zlib = zlib.decompressobj(_GZIP)
            self._keep_part(self._zlib.decompress(block, self._cap + 1 - self.size))
            block = self._zlib.unused_data

    def _keep_part(self, part: bytes) -> None:
        self._parts.append(part)
        self.size += len(part)

    @property
    def complete(self) -> bool:
        """Whether the packed data came to its end."""
        return self._zlib is None or self._zlib.eof

    @property
    def data(self) -> bytes:
        """Everything unpacked so far."""
        return b"".join(self._parts)
