"""Files that are there whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from summarizer.errors import CannotWrite

_NO_RENAME = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY})
"""Errors of a folder in which no file can be made or replaced, though its files may be written:
the folder belongs to somebody else, or the file alone is mounted into a container."""


def replace_file(target: Path, data: bytes, *, synced: bool = True) -> None:
    """Put ``data`` in the place of ``target`` when all of it is written.

    With ``synced`` it waits for the disk, which only a loss of power asks for, and no killed
    process; thousands of files are written without.

    Raises:
        OSError: There is no room for it, or it may not be written; an old file is left whole.
    """
    beside = target.with_name(f".{target.name[:50]}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            if target.exists():  # before anything is in it that others may not read
                beside.chmod(target.stat().st_mode & 0o777)
            file.write(data)
            if synced:
                file.flush()
                os.fsync(file.fileno())
        beside.replace(target)
    except OSError as problem:
        if problem.errno not in _NO_RENAME or not target.exists():
            raise
        target.write_bytes(data)
    finally:
        with suppress(OSError):  # where nothing may be written, nothing may be removed
            beside.unlink()


@contextmanager
def writing_to(
    path: Path, hint: str, kinds: tuple[type[Exception], ...] = (OSError,)
) -> Iterator[None]:
    """Raise CannotWrite, with this hint, for errors of these kinds within a ``with``."""
    try:
        yield
    except kinds as error:
        reason = getattr(error, "strerror", None) or str(error).partition("\n")[0]
        raise CannotWrite(f"{path} cannot be written: {reason}.", hint) from error
