"""What a browser would read in an HTML report, as far as the tests need it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "path", "img"}


@dataclass
class ReadArticle:
    """The text of one article in the page, and the stretches of it that are marked."""

    text: str = ""
    rests: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    targets: dict[str, int] = field(default_factory=dict)
    uncited: list[tuple[int, int]] = field(default_factory=list)


class Page(HTMLParser):
    """Reads a report: every element, and for each article its text and highlights."""

    def __init__(self, document: str) -> None:
        super().__init__(convert_charrefs=True)
        self.articles: dict[str, ReadArticle] = {}
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.inline: dict[str, list[str]] = defaultdict(list)
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self._article = ""
        self.feed(document)
        self.close()
        assert self._open == [], self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.elements.append((tag, known))
        if known.get("id"):
            self.ids.append(str(known["id"]))
        if tag not in VOID:
            self._open.append((tag, known))
        owner = tag == "article" or (tag == "details" and "copy" in (known.get("class") or ""))
        if owner and (tag == "details" or "column" in (known.get("class") or "")):
            self._article = str(known["id"])
        if self._in_text() and known.get("id"):
            read = self.articles[self._article]
            read.targets[str(known["id"])] = len(read.text)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        opened, _ = self._open.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>"

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] in ("style", "script"):
            self.inline[self._open[-1][0]].append(data)
        if not self._in_text() or any(tag == "summary" for tag, _ in self._open[-3:]):
            return
        read = self.articles.setdefault(self._article, ReadArticle())
        start = len(read.text)
        read.text += data
        for _, known in self._open:
            for name in (known.get("data-f") or "").split():
                _append(read.rests[name], start, len(read.text))
        if self._open[-1][1].get("class") == "uncited":
            _append(read.uncited, start, len(read.text))

    def _in_text(self) -> bool:
        inside = any(known.get("class") == "text" for _, known in self._open)
        if inside:
            self.articles.setdefault(self._article, ReadArticle())
        return inside


def _append(stretches: list[tuple[int, int]], start: int, end: int) -> None:
    """Add a stretch, joined to the last one where they touch."""
    if stretches and stretches[-1][1] == start:
        start = stretches.pop()[0]
    stretches.append((start, end))


def policy(document: str) -> dict[str, str]:
    """Return the content security policy of a page, by directive."""
    found = re.search(r'Content-Security-Policy" content="([^"]+)"', document)
    assert found
    text = found[1].replace("&#39;", "'")
    return {
        name: rest for name, _, rest in (part.strip().partition(" ") for part in text.split(";"))
    }
