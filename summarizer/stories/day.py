"""The order of a run: read, cluster, compare, write."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from summarizer.report.wording import plural
from summarizer.settings import Settings
from summarizer.stories import tasks
from summarizer.stories.batches import check_settings, run_in_batches
from summarizer.stories.cluster import DAYS, Item, cluster, make_item
from summarizer.stories.inputs import Problem, read_records
from summarizer.stories.output import write_day
from summarizer.stories.store import Entry, Folder, lock_of, read_line, write_whole
from summarizer.stories.tasks import Progress, Summary, Task

PARALLEL_FROM = 500  # articles from which on their terms are counted by several processes


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked for; ``shard`` is (1, 4) for the first of four.

    0 ``workers`` are one for each core.
    With ``batch`` the model is asked through the Batch API; ``wait`` is how many seconds at most.
    With ``dry`` it is not asked at all, and the cost is what it would be at most.
    """

    workers: int = 0
    shard: tuple[int, int] = (1, 1)
    title: str = "What each outlet reported"
    batch: bool = False
    wait: float | None = None
    dry: bool = False


def run_day(
    inputs: Iterable[str],
    target: Path,
    settings: Settings,
    options: Options,
    progress: Progress,
    say: Callable[[str], None],
) -> tuple[Summary, tuple[Problem, ...]]:
    """Read articles, find their stories, compare each and write the index.

    Returns how the comparisons ended, and the records that gave no article. Raises InputError for
    corrections or a folder that cannot be used, UsageError for settings that go with no batches.
    """
    if options.batch:
        check_settings(settings)
    workers = options.workers or tasks.default_workers()
    lock = lock_of(target)
    with lock:
        folder = Folder(target)
        new, problems = read_articles(folder, inputs, settings, progress)
        read = f"{plural(len(folder.entries), 'article')}, {new:,} of them new"
        say(f"{read}; {len(problems):,} not read.")
        groups = find_stories(folder, workers, progress)
    shared = tasks_of(folder, groups, settings)
    own = [task for task in shared if _is_in_shard(task.story, *options.shard)]
    stories = plural(len(groups), "story", "stories")
    say(f"{stories}, {len(shared):,} of two outlets or more; comparing {len(own):,}.")
    run = partial(tasks.run_tasks, workers=workers, progress=progress)
    if options.dry:
        summary = run(own, work=tasks.estimate)
    elif options.batch:
        summary = run_in_batches(
            own, target, settings, run, wait=options.wait, progress=progress, say=say
        )
    else:
        summary = run(own, max_cost=settings.max_cost)
    tasks.remove_stale(own)
    with lock:
        write_day(folder, groups, shared, options.title)
    return summary, problems


def _is_in_shard(story: str, part: int, parts: int) -> bool:
    """Return whether a story is in one of several shards, the same on every machine."""
    return int(hashlib.sha256(story.encode()).hexdigest(), 16) % parts == part - 1


def read_articles(
    folder: Folder, inputs: Iterable[str], settings: Settings, progress: Progress
) -> tuple[int, tuple[Problem, ...]]:
    """Keep the articles of the inputs; return how many are new, and what was no article."""
    new, problems = 0, list[Problem]()
    records = read_records(inputs, allow_private_urls=settings.allow_private_urls)
    for number, record in enumerate(records, start=1):
        if isinstance(record, Problem):
            problems.append(record)
        elif folder.add(record):
            new += 1
        if number % 50 == 0:
            progress("reading articles", number, 0)
    lines = [f"{json.dumps([each.where, each.reason])}\n" for each in problems]
    write_whole(folder.path / "problems.jsonl", "".join(lines).encode())
    return new, tuple(problems)


def find_stories(folder: Folder, workers: int, progress: Progress) -> dict[str, list[str]]:
    """Return the articles of each story, and keep that; new ones join stories or open them.

    Articles older than the window before the first new one keep the story they are in.
    """
    known = folder.stories()
    corrections = folder.corrections(known)
    open_keys = _keys_near(folder, folder.entries.keys() - known.keys())
    for wanted in (*corrections.together, *corrections.apart):
        members = {known[key] for key in wanted if key in known}
        open_keys |= {key for key in folder.entries if key in wanted or known.get(key) in members}
    entries = [entry for key, entry in folder.entries.items() if key in open_keys]
    items = _make_items(folder.articles, entries, workers, progress)
    progress("finding stories", 0, 1)
    named = _name_stories(cluster(items, known, corrections), known)
    story_of = known | {key: story for story, keys in named.items() for key in keys}
    groups: dict[str, list[str]] = {}
    for key in folder.entries:  # In one order, whether or not a run was killed on the way.
        groups.setdefault(story_of[key], []).append(key)
    folder.save_stories(groups)
    progress("finding stories", 1, 1)
    return groups


def _keys_near(folder: Folder, new: set[str]) -> set[str]:
    """Return new articles and those that may share a story with them."""
    if not new:
        return set()
    days = [day for key in new if (day := folder.entries[key].published) is not None]
    first = min(days) - timedelta(days=2 * DAYS) if days else None
    return new | {
        key
        for key, entry in folder.entries.items()
        if first is None or entry.published is None or entry.published >= first
    }


def _name_stories(
    groups: Sequence[Sequence[str]], known: Mapping[str, str]
) -> dict[str, list[str]]:
    """Return stories under their ids: the one most of the articles had, else the first's key."""
    named: dict[str, list[str]] = {}
    for keys in sorted(groups, key=lambda group: -len(group)):
        had = Counter(known[key] for key in keys if key in known)
        names = [*(story for story, _ in had.most_common()), *keys]
        named[next(name for name in names if name not in named)] = list(keys)
    return named


def _make_items(
    articles: Path, entries: Sequence[Entry], workers: int, progress: Progress
) -> list[Item]:
    make = partial(_make_item, articles)
    if len(entries) < PARALLEL_FROM or workers < 2:
        return [make(entry) for entry in entries]
    return count_words(make, entries, workers, partial(progress, "counting words"))


def count_words(
    make: Callable[[Entry], Item],
    entries: Sequence[Entry],
    workers: int,
    progress: Callable[[int, int], None],
) -> list[Item]:
    """Return what ``make`` makes of entries in processes; where one of them dies, here."""
    items: list[Item] = []
    try:
        with tasks.open_executor(workers) as executor:
            for item in executor.map(make, entries, chunksize=100):
                items.append(item)
                progress(len(items), len(entries))
    except BrokenProcessPool:
        items += map(make, entries[len(items) :])
    return items


def _make_item(articles: Path, entry: Entry) -> Item:
    article = read_line(articles, entry.start, entry.length)
    text = f"{article.title or ''}\n{article.body_text}"
    return make_item(entry.key, text, entry.language, entry.published)


def tasks_of(folder: Folder, groups: Mapping[str, Sequence[str]], settings: Settings) -> list[Task]:
    """Return the tasks of the stories that two outlets or more have, the largest first."""
    quiet = replace(settings, max_cost=None)
    sized: list[tuple[int, Task]] = []
    for story, keys in groups.items():
        entries = [folder.entries[key] for key in keys]
        outlets = {entry.outlet.casefold() for entry in entries}
        if len(outlets) > 1:
            task = tasks.make_task(story, entries, folder.articles, folder.reports, quiet)
            sized.append((len(outlets), task))
    return [task for _, task in sorted(sized, key=lambda pair: -pair[0])]
