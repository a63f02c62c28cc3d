"""The order of a run: what a second one finds is what the first one left."""

from __future__ import annotations

from pathlib import Path

from summarizer.settings import Settings
from summarizer.stories.day import find_stories, read_articles
from summarizer.stories.store import Folder
from tests.support.articles import BOAT, FIRE


def silent(stage: str, done: int, count: int) -> None:
    """Say nothing."""


def test_a_run_that_goes_on_finds_the_stories_in_the_same_order(tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    for number, article in enumerate((BOAT[0], *FIRE)):
        (given / f"{number}.txt").write_text(article.text)
    folder = Folder(tmp_path / "out")
    read_articles(folder, [str(given)], Settings(), silent)
    first = find_stories(folder, 1, silent)
    sizes = [len(keys) for keys in first.values()]
    assert sizes == [1, len(FIRE)]  # The order of the articles, and not that of size.
    again = find_stories(Folder(tmp_path / "out"), 1, silent)
    assert list(again.items()) == list(first.items())
