"""The figures of the HTML report: size, first paint, and the main thread's work.

    python -m benchmarks.html_report ../shared/seeds

measures the diff of a folder of articles, and a made-up report of 40 articles and 1,500 facts,
in headless Chromium (``make browser`` installs it). Work is the browser's own count of what
its main thread was busy with (``TaskDuration``), the median of several runs.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from summarizer import diff, read_articles
from summarizer.render.html import to_html
from summarizer.types import DiffReport
from tests.support.browser import Browser, chromium
from tests.support.forty import made_up

RUNS = 7


def count_work(browser: Browser) -> None:
    """Count the processor time of the main thread: a busy machine makes no work of its own."""
    browser.command("Performance.enable", timeDomain="threadTicks")


def busy(browser: Browser) -> float:
    """Return the seconds that the main thread of the page has worked so far."""
    metrics = browser.command("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))


def work(browser: Browser, action: Callable[[], object]) -> float:
    """Return the seconds of work that an action makes, until the page is drawn."""
    before = busy(browser)
    action()
    browser.settled()
    return busy(browser) - before


def opening(browser: Browser, path: Path) -> tuple[float, float]:
    """Return the seconds of work that opening takes, and those until the first paint."""
    browser.driver.get("about:blank")
    browser.command("Performance.disable")
    count_work(browser)
    seconds = work(browser, lambda: browser.driver.get(path.as_uri()))
    browser.until("performance.getEntriesByType('paint').length > 0")
    paint = browser.script("return performance.getEntriesByType('paint')[0].startTime") / 1000
    return seconds, paint


def acted(browser: Browser, path: Path) -> dict[str, float]:
    """Return the seconds of work of each thing that a reader does, on a page just opened."""
    browser.open(path)
    count_work(browser)
    browser.settled()
    facts = browser.script("return JSON.parse(document.getElementById('index').textContent).facts")
    last, middle = facts[-1]["id"], facts[len(facts) // 2]["id"]

    def choose(name: str, value: str) -> Callable[[], object]:
        return lambda: browser.script(
            "const form = document.getElementById('filters'); form[arguments[0]].value ="
            "arguments[1]; form.dispatchEvent(new Event('input'))",
            name,
            value,
        )

    def jump(name: str) -> Callable[[], object]:
        return lambda: browser.script("location.hash = arguments[0]", name)

    return {
        "filter by outlet": work(browser, choose("outlet", "1")),
        "show all again": work(browser, choose("outlet", "")),
        "first search": work(browser, choose("words", "ferry")),
        "next search": work(browser, choose("words", "bridge")),
        "end of search": work(browser, choose("words", "")),
        "first jump": work(browser, jump(last)),
        "next jump": work(browser, jump(middle)),
        "key j": work(browser, lambda: browser.type("j")),
    }


def measure(browser: Browser, name: str, report: DiffReport, folder: Path) -> None:
    """Print the figures of one report."""
    start = time.perf_counter()
    document = to_html(report)
    seconds = time.perf_counter() - start
    path = folder / f"{name}.html"
    path.write_text(document, encoding="utf-8", newline="\n")
    print(f"\n{name}: {path.stat().st_size / 1000:.0f} kB, written in {seconds:.2f} s")
    opened = [opening(browser, path) for _ in range(RUNS)]
    elements = browser.script("return document.querySelectorAll('*').length")
    print(f"  {elements:,} elements")
    print(f"  first paint    {statistics.median(paint for _, paint in opened):.3f} s")
    print(f"  open           {statistics.median(done for done, _ in opened):.3f} s of work")
    runs = [acted(browser, path) for _ in range(RUNS)]
    for action in runs[0]:
        print(f"  {action:<17}{statistics.median(run[action] for run in runs):.3f} s of work")


def main() -> None:
    seeds = sorted(Path(sys.argv[1]).glob("*.txt")) if len(sys.argv) > 1 else []
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        if seeds:
            read = read_articles([str(path) for path in seeds])
            measure(browser, "seeds", diff(read.articles), Path(folder))
        measure(browser, "forty", made_up(), Path(folder))


if __name__ == "__main__":
    main()
