"""Packed answers of servers, block by block."""

from __future__ import annotations

import gzip
import os
import zlib
from pathlib import Path

import pytest

from summarizer.sources.inputs import expand
from summarizer.sources.unpack import Unpacker


@pytest.mark.parametrize("size", [1, 7, 64, 100_000])
def test_archives_one_behind_the_other_are_one_answer(size: int) -> None:
    packed = gzip.compress(b"The bridge ") + gzip.compress(b"is shut ") + gzip.compress(b"today.")
    unpacker = Unpacker.of("gzip", cap=1_000)
    assert unpacker is not None
    for start in range(0, len(packed), size):
        unpacker.feed(packed[start : start + size])
    assert unpacker.data == b"The bridge is shut today."
    assert unpacker.complete


def test_second_archive_that_breaks_off_is_not_complete() -> None:
    unpacker = Unpacker.of("gzip", cap=1_000)
    assert unpacker is not None
    unpacker.feed(gzip.compress(b"The bridge ") + gzip.compress(b"is shut today.")[:-6])
    assert not unpacker.complete


def test_archives_stay_under_the_cap() -> None:
    unpacker = Unpacker.of("gzip", cap=1_000)
    assert unpacker is not None
    unpacker.feed(gzip.compress(b"a" * 900) * 50)
    assert 1_000 < unpacker.size <= 2_000


def test_damaged_archive_is_an_error() -> None:
    unpacker = Unpacker.of("deflate", cap=1_000)
    assert unpacker is not None
    with pytest.raises(OSError, match="damaged"):
        unpacker.feed(zlib.compress(b"text")[:2] + b"\xff" * 20)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "a.txt").write_text("The bridge is shut.", encoding="utf-8")
    assert [item.path for item in expand([str(tmp_path)]).inputs] == [tmp_path / "a.txt"]
