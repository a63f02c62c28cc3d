"""What a day comes to: an index for readers, and tables for those who count."""

from __future__ import annotations

import csv
import gzip
import heapq
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarizer.files import writing_to
from summarizer.render.html import day_to_html
from summarizer.render.records import harmless_cell
from summarizer.report.wording import plural
from summarizer.stories.store import MAKE_ROOM, Folder, write_whole
from summarizer.stories.tasks import Task

SHOWN_STORIES, SHOWN_EXCLUSIVES, SHOWN_CONFLICTS = 500, 12, 60
"""What the index shows, the exclusives for each outlet; the tables have everything."""

FACT_COLUMNS = {
    **dict.fromkeys(("story", "headline", "fact", "outlet"), "VARCHAR"),
    **dict.fromkeys(("text", "status", "uniqueness"), "VARCHAR"),
    "salience": "DOUBLE",
    "outlets": "BIGINT",
    **dict.fromkeys(("published", "quote", "report"), "VARCHAR"),
}
"""The columns of ``facts.parquet`` and what they hold."""

EXCLUSIVE_COLUMNS = ("outlet", "text", "uniqueness", "salience", "headline", "quote", "report")
STORY_COLUMNS = ("story", "label", "article", "outlet", "title", "published")

_COPY_FACTS = """
COPY (SELECT * FROM read_json($lines, format = 'newline_delimited', columns = {columns},
                              maximum_object_size = 67108864))
TO '{target}' (FORMAT parquet)
"""
_EXCLUSIVES = f"""
SELECT {", ".join(EXCLUSIVE_COLUMNS)} FROM read_parquet($facts, file_row_number = true)
WHERE status = 'unique' ORDER BY file_row_number
"""
_BEST_EXCLUSIVES = """
SELECT outlet, text, headline, report, coalesce(uniqueness = 'confirmed', false) AS sure
FROM read_parquet($facts, file_row_number = true) WHERE status = 'unique'
QUALIFY row_number() OVER (
    PARTITION BY outlet ORDER BY sure DESC, salience DESC, file_row_number) <= $most
ORDER BY outlet, sure DESC, salience DESC, file_row_number
"""


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story of the index."""

    id: str
    label: str
    outlets: tuple[str, ...]
    articles: int
    first: str
    last: str
    exclusives: int
    conflicts: int
    report: str


@dataclass(frozen=True, slots=True)
class Line:
    """A fact or a conflict of the index, and the page it is told on."""

    text: str
    story: str
    report: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Day:
    """What the index shows."""

    title: str
    subtitle: str
    stories: Sequence[StoryRow]
    exclusives: Mapping[str, Sequence[Line]]
    conflicts: Sequence[Line]
    hidden: int = 0


def write_day(
    folder: Folder, groups: Mapping[str, Sequence[str]], tasks: Sequence[Task], title: str
) -> None:
    """Write the index and the tables from the reports that are there, or raise CannotWrite."""
    rows: list[StoryRow] = []
    conflicts: list[tuple[float, Line]] = []
    lines = folder.path / ".facts.jsonl"
    with writing_to(folder.path, MAKE_ROOM):
        with lines.open("w", encoding="utf-8", errors="replace") as facts:
            for task in (task for task in tasks if task.is_done):
                report = json.loads(gzip.decompress(Path(task.target).read_bytes()))
                page = task.page.relative_to(folder.path).as_posix()
                rows.append(_story_row(task.story, report, page, len(groups.get(task.story, ()))))
                for fact in _fact_rows(task.story, report, page):
                    facts.write(json.dumps(fact, ensure_ascii=False) + "\n")
                for each in report["conflicts"]:
                    line = Line(_conflict_text(each), report["headline"], page)
                    conflicts.append((each["salience"], line))
        exclusives = _write_tables(lines, folder.path)
        lines.unlink()
        labels = {row.id: row.label for row in rows}
        articles = _article_rows(folder, groups, labels)
        _write_csv(folder.path / "stories.csv", STORY_COLUMNS, articles)
    rows.sort(key=lambda row: row.label)
    rows.sort(key=lambda row: (len(row.outlets), row.last), reverse=True)
    counts = plural(len(folder.entries), "article"), plural(len(groups), "story", "stories")
    salient = heapq.nlargest(SHOWN_CONFLICTS, conflicts, key=lambda row: row[0])
    day = Day(
        title=title,
        subtitle=f"{counts[0]} · {counts[1]} · {len(rows):,} of two outlets or more",
        stories=rows[:SHOWN_STORIES],
        exclusives=exclusives,
        conflicts=[line for _, line in salient],
        hidden=max(0, len(rows) - SHOWN_STORIES),
    )
    write_whole(folder.path / "index.html", day_to_html(day).encode("utf-8", "replace"))


def _story_row(story: str, report: dict[str, Any], page: str, articles: int) -> StoryRow:
    days = sorted(each["published"] for each in report["articles"] if each["published"]) or [""]
    return StoryRow(
        id=story,
        label=report["headline"],
        outlets=tuple(dict.fromkeys(each["outlet"] for each in report["articles"])),
        articles=articles,
        first=days[0],
        last=days[-1],
        exclusives=sum(fact["uniqueness"] == "confirmed" for fact in report["facts"]),
        conflicts=len(report["conflicts"]),
        report=page,
    )


def _fact_rows(story: str, report: dict[str, Any], page: str) -> Iterator[dict[str, Any]]:
    articles = {each["id"]: each for each in report["articles"]}
    for fact in report["facts"]:
        first: dict[str, dict[str, Any]] = {}
        for mention in fact["mentions"]:
            first.setdefault(articles[mention["article"]]["outlet"], mention)
        for outlet, mention in first.items():
            yield {
                "story": story,
                "headline": report["headline"],
                "fact": fact["id"],
                "outlet": outlet,
                **{name: fact[name] for name in ("text", "status", "uniqueness", "salience")},
                "outlets": len(fact["outlets"]),
                "published": articles[mention["article"]]["published"],
                "quote": " … ".join(span["quote"] for span in mention["evidence"]),
                "report": page,
            }


def _conflict_text(conflict: dict[str, Any]) -> str:
    sides = (f"{each['value']} ({', '.join(each['outlets'])})" for each in conflict["positions"])
    return f"{conflict['topic']}: {'; '.join(sides)}"


def _article_rows(
    folder: Folder, groups: Mapping[str, Sequence[str]], labels: Mapping[str, str]
) -> Iterator[Sequence[str]]:
    """Yield which article is in which story: what a person needs to correct them."""
    for story, keys in groups.items():
        for key in keys:
            entry = folder.entries[key]
            title, day = entry.title or "", str(entry.published or "")
            yield story, labels.get(story, title), key, entry.outlet, title, day


def _write_tables(lines: Path, folder: Path) -> dict[str, list[Line]]:
    """Write facts and exclusives as tables; return the best of each outlet, the richest first."""
    import duckdb

    target, beside = folder / "facts.parquet", folder / ".facts.parquet"
    quoted = str(beside).replace("'", "''")
    copy = _COPY_FACTS.format(columns=FACT_COLUMNS, target=quoted)
    with duckdb.connect() as connection:
        with writing_to(target, MAKE_ROOM, (duckdb.IOException,)):
            connection.execute(copy, {"lines": str(lines)})
        beside.replace(target)
        facts = {"facts": str(target)}
        exclusives = connection.execute(_EXCLUSIVES, facts).fetchall()
        _write_csv(folder / "exclusives.csv", EXCLUSIVE_COLUMNS, exclusives)
        best: dict[str, list[Line]] = {}
        chosen = connection.execute(_BEST_EXCLUSIVES, facts | {"most": SHOWN_EXCLUSIVES})
        for outlet, *line in chosen.fetchall():
            best.setdefault(outlet, []).append(Line(*line))
    by_size = sorted(best.items(), key=lambda row: (-sum(x.sure for x in row[1]), -len(row[1])))
    return dict(by_size)


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(columns)
    table.writerows([harmless_cell(str(cell or "")) for cell in row] for row in rows)
    # A byte-order mark, so that Excel reads the letters right.
    write_whole(path, text.getvalue().encode("utf-8-sig", "replace"))
