"""What a day comes to: an index for readers, and tables for those who count."""

from __future__ import annotations

import csv
import gzip
import heapq
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from summarizer.errors import UsageError
from summarizer.render.csv import harmless_cell
from summarizer.render.html import day_to_html
from summarizer.report.wording import plural
from summarizer.stories.store import Folder, cannot_write, write_whole
from summarizer.stories.tasks import Task

SHOWN_STORIES, SHOWN_EXCLUSIVES, SHOWN_CONFLICTS = 500, 12, 60
"""What the index shows, the exclusives for each outlet; the tables have everything."""

FACT_COLUMNS = (
    *("story", "headline", "fact", "outlet", "text", "status", "uniqueness", "salience"),
    *("outlets", "published", "quote", "report"),
)
EXCLUSIVE_COLUMNS = ("outlet", "text", "uniqueness", "salience", "headline", "quote", "report")


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


@dataclass(slots=True)
class Day:
    """What the index shows."""

    title: str
    subtitle: str
    stories: list[StoryRow] = field(default_factory=list)
    exclusives: dict[str, list[Line]] = field(default_factory=dict)
    conflicts: list[Line] = field(default_factory=list)
    hidden: int = 0


def write_day(
    folder: Folder, groups: Mapping[str, Sequence[str]], tasks: Sequence[Task], title: str
) -> Day:
    """Write the index and the tables from the reports that are there; return the index.

    Raises:
        UsageError: The library that writes Parquet is missing.
        CannotWrite: There is no room for them.
    """
    try:
        return _write_day(folder, groups, tasks, title)
    except OSError as error:
        raise cannot_write(folder.path, error) from None


def _write_day(
    folder: Folder, groups: Mapping[str, Sequence[str]], tasks: Sequence[Task], title: str
) -> Day:
    rows: list[StoryRow] = []
    best: dict[str, list[tuple[tuple[bool, float], int, Line]]] = defaultdict(list)
    disputed: list[tuple[float, int, Line]] = []
    exclusives = io.StringIO()
    table = csv.writer(exclusives)
    table.writerow(EXCLUSIVE_COLUMNS)
    lines = folder.path / ".facts.jsonl"
    number = 0
    with lines.open("w", encoding="utf-8", errors="replace") as facts:
        for task, report in _reports(tasks):
            page = _page(task, folder.path)
            rows.append(_story_row(task.story, report, page, len(groups.get(task.story, ()))))
            for fact in _fact_rows(task.story, report, page):
                facts.write(json.dumps(fact, ensure_ascii=False) + "\n")
                if fact["status"] != "unique":
                    continue
                number += 1
                table.writerow([harmless_cell(str(fact[name] or "")) for name in EXCLUSIVE_COLUMNS])
                sure = fact["uniqueness"] == "confirmed"
                line = Line(fact["text"], fact["headline"], page, sure)
                if len({a["outlet"] for a in report["articles"]}) > 1:
                    rank = ((sure, fact["salience"]), -number, line)
                    _keep(best[fact["outlet"]], rank, SHOWN_EXCLUSIVES)
            for conflict in report["conflicts"]:
                number += 1
                line = Line(_conflict_text(conflict), report["headline"], page)
                _keep(disputed, (conflict["salience"], -number, line), SHOWN_CONFLICTS)
    # A byte-order mark, so that Excel reads the letters right.
    write_whole(
        folder.path / "exclusives.csv", exclusives.getvalue().encode("utf-8-sig", "replace")
    )
    _write_parquet(lines, folder.path / "facts.parquet")
    lines.unlink()
    _write_lists(folder, groups, rows)
    rows.sort(key=lambda row: (-len(row.outlets), row.last == "", _descending(row.last), row.label))
    day = Day(
        title=title,
        subtitle=f"{plural(len(folder.entries), 'article')} · "
        f"{plural(len(groups), 'story', 'stories')} · "
        f"{len(rows):,} of two outlets or more",
        stories=rows[:SHOWN_STORIES],
        exclusives={
            outlet: [line for _, _, line in sorted(kept, key=lambda row: row[:2], reverse=True)]
            for outlet, kept in sorted(best.items(), key=_confirmed_first)
        },
        conflicts=[line for *_, line in sorted(disputed, key=lambda row: row[:2], reverse=True)],
        hidden=max(0, len(rows) - SHOWN_STORIES),
    )
    write_whole(folder.path / "index.html", day_to_html(day).encode("utf-8", "replace"))
    return day


def _keep(heap: list[Any], row: Any, most: int) -> None:
    """Keep a row among the greatest ones; the number in each makes every row different."""
    if len(heap) < most:
        heapq.heappush(heap, row)
    else:
        heapq.heappushpop(heap, row)


def _confirmed_first(
    row: tuple[str, Sequence[tuple[tuple[bool, float], int, Line]]],
) -> tuple[int, int, str]:
    """Return what outlets are ordered by: the most confirmed exclusives, then the most."""
    outlet, kept = row
    return -sum(line.sure for *_, line in kept), -len(kept), outlet


def _descending(day: str) -> tuple[int, ...]:
    return tuple(-ord(letter) for letter in day)


def _reports(tasks: Iterable[Task]) -> Iterator[tuple[Task, dict[str, Any]]]:
    for task in tasks:
        if task.is_done:
            yield task, json.loads(gzip.decompress(Path(task.target).read_bytes()))


def _page(task: Task, folder: Path) -> str:
    target = Path(task.target)
    page = target.with_name(target.name.removesuffix(".json.gz") + ".html")
    return page.relative_to(folder).as_posix()


def _story_row(story: str, report: dict[str, Any], page: str, articles: int) -> StoryRow:
    days = sorted(each["published"] for each in report["articles"] if each["published"])
    unique = [fact for fact in report["facts"] if fact["uniqueness"] == "confirmed"]
    return StoryRow(
        id=story,
        label=report["headline"],
        outlets=tuple(dict.fromkeys(each["outlet"] for each in report["articles"])),
        articles=articles,
        first=days[0] if days else "",
        last=days[-1] if days else "",
        exclusives=len(unique),
        conflicts=len(report["conflicts"]),
        report=page,
    )


def _fact_rows(story: str, report: dict[str, Any], page: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each fact and outlet."""
    outlets = {each["id"]: each for each in report["articles"]}
    for fact in report["facts"]:
        first: dict[str, dict[str, Any]] = {}
        for mention in fact["mentions"]:
            first.setdefault(outlets[mention["article"]]["outlet"], mention)
        for outlet, mention in first.items():
            yield {
                "story": story,
                "headline": report["headline"],
                "fact": fact["id"],
                "outlet": outlet,
                "text": fact["text"],
                "status": fact["status"],
                "uniqueness": fact["uniqueness"],
                "salience": fact["salience"],
                "outlets": len(fact["outlets"]),
                "published": outlets[mention["article"]]["published"],
                "quote": " … ".join(span["quote"] for span in mention["evidence"]),
                "report": page,
            }


def _conflict_text(conflict: dict[str, Any]) -> str:
    positions = (
        f"{position['value']} ({', '.join(position['outlets'])})"
        for position in conflict["positions"]
    )
    return f"{conflict['topic']}: {'; '.join(positions)}"


def _write_parquet(lines: Path, target: Path) -> None:
    try:
        import duckdb
    except ImportError:
        raise UsageError(
            "facts.parquet cannot be written: duckdb is not installed.",
            "Install it: pip install 'newsdiff[stories]'",
        ) from None
    types = {name: "VARCHAR" for name in FACT_COLUMNS} | {"salience": "DOUBLE", "outlets": "BIGINT"}
    beside = target.with_name(f".{target.name}")
    with duckdb.connect() as connection:
        shape = "{" + ", ".join(f"{name}: '{kind}'" for name, kind in types.items()) + "}"
        source = str(lines).replace("'", "''")
        try:
            connection.execute(
                f"COPY (SELECT * FROM read_json('{source}', format='newline_delimited', "
                f"columns={shape}, maximum_object_size=67108864)) "
                f"TO '{str(beside).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)"
            )
        except duckdb.IOException as error:
            raise cannot_write(target, error) from None
    beside.replace(target)


def _write_lists(
    folder: Folder, groups: Mapping[str, Sequence[str]], rows: Sequence[StoryRow]
) -> None:
    """Write which article is in which story: what a person needs to correct them."""
    labels = {row.id: row.label for row in rows}
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(("story", "label", "article", "outlet", "title", "published"))
    for story, keys in groups.items():
        for key in keys:
            entry = folder.entries[key]
            title, day = entry.title or "", str(entry.published or "")
            cells = (story, labels.get(story, title), key, entry.outlet, title, day)
            table.writerow([harmless_cell(cell) for cell in cells])
    write_whole(folder.path / "stories.csv", text.getvalue().encode("utf-8-sig", "replace"))
