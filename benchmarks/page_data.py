"""Pages with known bodies, as the page model is fitted on and measured by."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlparse

from summarizer.sources.lines import (
    STOP_WORDS,
    Evidence,
    Features,
    Line,
    guess_language,
    page_shapes,
    split_lines,
)
from summarizer.sources.page import Weights, gather, lines_to_read

WORD = re.compile(r"\w+")
# Words from which a line's label is trusted by itself; a shorter one may be a menu's that
# the article happens to say too.
LABELLED = 8
# Weight of a story, which is all body, and of an invented page against a real page.
STORY = 0.5
INVENTED = 0.3


@dataclass
class Page:
    """A page: its lines, which of them are body, and which may be the headline."""

    key: str
    sites: set[str]
    lines: list[Line]
    labels: list[float]
    titles: list[int]
    body: Counter[tuple[str, ...]]
    stop_words: frozenset[str] | None
    shapes: list[Features]
    weight: float = 1.0
    real: bool = False

    def __post_init__(self) -> None:
        """Tell the lines that the model reads from the tables between them."""
        self.read, self.tables = lines_to_read(self.lines, self.shapes)
        self.lines_read = [self.lines[i] for i in self.read]
        self.shapes_read = [self.shapes[i] for i in self.read]

    def gather(self, weights: Weights) -> Evidence:
        """Return what weights say of the lines that the model reads."""
        return gather(self.lines_read, self.shapes_read, self.stop_words, weights)

    def paragraphs(self) -> list[str]:
        """Return the lines of the body."""
        return [x.text for x, y in zip(self.lines, self.labels, strict=True) if y]

    def headline(self) -> list[str]:
        """Return the headline, if known, as a list of one."""
        return [self.lines[self.titles[-1]].text] if self.titles else []


def shingles(text: str, n: int = 4) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    if len(words) < n:
        return Counter([tuple(words)]) if words else Counter()
    return Counter(zip(*(words[i:] for i in range(n)), strict=False))


def page_score(page: Page, inside: Sequence[bool]) -> tuple[float, float]:
    """Return precision and recall of the chosen lines, in 4-grams of the gold body."""
    chosen = zip(page.lines, inside, strict=True)
    got = shingles("\n".join(line.text for line, yes in chosen if yes))
    hits, size, wanted = sum((got & page.body).values()), sum(got.values()), page.body.total()
    return (hits / size if size else 0.0), (hits / wanted if wanted else 1.0)


def f1(scores: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """Return F1, precision and recall, averaged over pages as the public benchmark does."""
    precision = sum(p for p, _ in scores) / max(1, len(scores))
    recall = sum(r for _, r in scores) / max(1, len(scores))
    both = precision + recall
    return (2 * precision * recall / both if both else 0.0), precision, recall


def load(shared: Path) -> list[Page]:
    """Return the real pages with gold bodies, the stories, and invented pages.

    Stories are all body. Of the invented pages of the tests the second half is never fitted on.
    """
    pages = []
    for row in map(json.loads, (shared / "pages/gold.jsonl").open(encoding="utf-8")):
        dump = (shared / f"pages/{row['id']}.txt").read_text(encoding="utf-8")
        markup = (shared / f"pages/{row['id']}.html").read_text(encoding="utf-8", errors="replace")
        page = _page(row["id"], urlparse(row["url"]).netloc, dump, row["body"], _title(markup))
        page.real = True
        pages.append(page)
    for file in sorted((shared / "stories").glob("*/*.txt")):
        text = file.read_text(encoding="utf-8")
        title, body = text.split("\n", 1)
        page = _page(f"{file.parent.name}/{file.stem}", file.stem, text, body, title)
        page.weight = STORY
        pages.append(page)
    folder = Path(__file__).parent.parent / "tests/pages/first"
    return pages + [_invented(file) for file in sorted(folder.glob("*.txt"))]


def _invented(file: Path) -> Page:
    """Return a page each of whose lines begins with its kind: T, the title, B, body, or F."""
    rows = [row for row in file.read_text(encoding="utf-8").splitlines() if row[2:].strip()]
    kinds = {row[2:].strip(): row[0] for row in rows}
    lines = split_lines("\n".join(row[2:] for row in rows))
    labels = [float(kinds.get(line.text) == "B") for line in lines]
    titles = [i for i, line in enumerate(lines) if kinds.get(line.text) == "T"]
    stop_words = STOP_WORDS.get(guess_language("\n".join(kinds)) or "")
    body = shingles("\n".join(row[2:] for row in rows if row[0] == "B"))
    shapes = page_shapes(lines, stop_words)
    key = f"invented {file.stem}"
    return Page(key, {key}, lines, labels, titles, body, stop_words, shapes, INVENTED)


def _page(key: str, site: str, text: str, body: str, title: str) -> Page:
    lines = split_lines(text)
    stop_words = STOP_WORDS.get(guess_language(text) or "")
    labels = _labels(lines, body)
    start = next((i for i, y in enumerate(labels) if y and lines[i].words >= LABELLED), len(lines))
    titles = title_lines(lines[: start + 3], title)
    shapes = page_shapes(lines, stop_words)
    return Page(key, {site}, lines, labels, titles, shingles(body), stop_words, shapes)


def _labels(lines: Sequence[Line], body: str) -> list[float]:
    grams, words = shingles(body), f" {' '.join(WORD.findall(body))} "

    def share(line: Line) -> float:
        own = WORD.findall(line.text)
        if len(own) < 4:
            return float(bool(own) and f" {' '.join(own)} " in words)
        these = shingles(line.text)
        return sum(gram in grams for gram in these) / len(these)

    labels = [float(share(line) > 0.5) for line in lines]
    sure = [i for i, y in enumerate(labels) if y and lines[i].words >= LABELLED]
    first, last = (sure[0] - 2, sure[-1] + 2) if sure else (0, len(lines))
    return [
        y if lines[i].words >= LABELLED or first <= i <= last else 0.0 for i, y in enumerate(labels)
    ]


def _title(markup: str) -> str:
    kinds = r"(?:property|name)=[\"'](?:og|twitter):title[\"']"
    for pattern in (
        rf"<meta[^>]+{kinds}[^>]*content=([\"'])(.*?)\1",
        rf"<meta[^>]+content=([\"'])([^>]*?)\1[^>]*{kinds}",
        r"<title[^>]*>()(.*?)</title>",
    ):
        match = re.search(pattern, markup, re.DOTALL | re.IGNORECASE)
        if match:
            return html.unescape(match[2]).strip()
    return ""


def title_lines(lines: Sequence[Line], title: str) -> list[int]:
    wanted = set(WORD.findall(title.lower()))
    alike = []
    for line in lines:
        words = set(WORD.findall(line.text[:300].lower()))
        alike.append(len(wanted & words) / max(1, len(wanted | words)))
    most = max(alike, default=0.0)
    return [i for i, value in enumerate(alike) if value >= 0.85 * most] if most >= 0.5 else []
