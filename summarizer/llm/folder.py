"""The folder of the cache: who may read it, who opens it, whose turn it is in it.

The only code that knows platformdirs and filelock.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_cache_dir

from summarizer.llm.disk import ERRORS, PATIENCE, DiskShelf, Trouble, identity, trouble

Warn = Callable[[str], None]

ANSWERS, LOCKS, OPENING, ASIDE = "answers", "locks", "opening.lock", "answers-damaged-"
"""What is in the folder: the database, a lock for each question under way, the lock for
opening, and databases that were set aside."""

PRIVATE = 0o700
"""Rights of the folder: what an article says is nobody's business but its reader's."""

ASKING_PATIENCE = 900.0
"""Seconds to wait while another process asks the same question, before it is asked twice:
longer than an answer of the slowest service tier may take."""

FAILURES = (*ERRORS, Timeout, NotImplementedError)
"""What is raised where the folder cannot be used. filelock knows systems without locks."""


def silent(message: str) -> None:
    """Tell nobody."""


def default_folder() -> Path:
    """Return where answers are kept unless the user chose another place."""
    return Path(user_cache_dir("summarizer", appauthor=False))


def chosen_folder(cache_dir: str) -> Path:
    """Return the folder that ``Settings.cache_dir`` names; the default one if it is empty."""
    return Path(os.path.expanduser(cache_dir)) if cache_dir else default_folder()  # noqa: PTH111 - Path.expanduser raises for an unknown user


class CacheFolder:
    """One folder. Nothing is opened or made before ``open``."""

    def __init__(self, path: Path, warn: Warn = silent) -> None:
        self.path = path
        self._answers = path / ANSWERS
        self._warn = warn

    def open(self, size_limit: int) -> DiskShelf:
        """Open the database, a new one if it is damaged.

        Raises:
            FAILURES: The folder cannot be used.
        """
        self._make()
        # diskcache sets a new database up in many steps, in which only one may be at work.
        with FileLock(self.path / OPENING, timeout=PATIENCE):
            return self._opened(size_limit)

    def reopen(self, size_limit: int, lost: tuple[int, int]) -> DiskShelf:
        """Set a database aside that proved damaged in use, unless another process has.

        Args:
            size_limit: As for ``open``.
            lost: The identity of the damaged database, which is closed.

        Raises:
            FAILURES: The folder cannot be used.
        """
        with FileLock(self.path / OPENING, timeout=PATIENCE):
            if self._is(lost):
                self._put_aside()
            return self._opened(size_limit)

    def set_aside(self) -> tuple[Path, ...]:
        """Return the damaged databases that were set aside, the oldest first."""
        try:
            return tuple(sorted(each for each in self.path.glob(f"{ASIDE}*") if each.is_dir()))
        except OSError:
            return ()

    def tidy(self) -> None:
        """Remove what was set aside, and the locks of processes that died."""
        # A lock that is held is removed from under its holder: one question may be asked
        # twice, and nothing is lost.
        for folder in (*self.set_aside(), self.path / LOCKS):
            _remove(folder)

    @contextmanager
    def turn(self, key: str) -> Iterator[None]:
        """Wait until no other process is at this key; the system ends the turn of a dead one."""
        path = self.path / LOCKS / f"{key}.lock"
        lock = FileLock(path, timeout=ASKING_PATIENCE)
        try:
            path.parent.mkdir(mode=PRIVATE, exist_ok=True)
            lock.acquire()
        except (OSError, Timeout, NotImplementedError):
            # Asked twice is better than not at all.
            yield
            return
        try:
            yield
        finally:
            # Removed while it is held. Who waited for the removed file looks into the store
            # again before it asks, so that two who hold a lock each do no harm.
            removed = _unlinked(path)
            lock.release()
            if not removed:
                _unlinked(path)  # Windows removes no file that is open.

    def _make(self) -> None:
        self.path.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        # A folder that also has other things in it is the user's, with the rights they want.
        ours = (ANSWERS, LOCKS, OPENING)
        if all(item.name.startswith(ours) for item in self.path.iterdir()):
            _make_private(self.path)

    def _opened(self, size_limit: int) -> DiskShelf:
        self._answers.mkdir(mode=PRIVATE, exist_ok=True)
        _make_private(self._answers)
        try:
            return DiskShelf(self._answers, size_limit)
        except ERRORS as error:
            if trouble(error) is not Trouble.DAMAGED:
                raise
        self._put_aside()
        return DiskShelf(self._answers, size_limit)

    def _is(self, lost: tuple[int, int]) -> bool:
        try:
            return identity(self._answers) == lost
        except OSError:
            return False

    def _put_aside(self) -> None:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        aside = self._answers.with_name(f"{ASIDE}{stamp}")
        self._answers.rename(aside)
        self._answers.mkdir(mode=PRIVATE)
        self._warn(
            f"The cache was damaged: it is set aside as {aside}, and a new one is begun. "
            "`summarize cache clear` removes both."
        )


def _make_private(folder: Path) -> None:
    """Take the rights of others away, where the folder is ours and the system knows rights."""
    if hasattr(os, "geteuid"):
        found = folder.stat()
        if found.st_uid == os.geteuid() and found.st_mode & 0o777 != PRIVATE:
            folder.chmod(PRIVATE)


def _unlinked(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True


def _remove(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
