"""The HTML report from the command line, and the browser that is asked to show it."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest

from tests.support.command import summarize, write_ferry

pytestmark = pytest.mark.slow

ARTICLES = ("Gazette=a.txt", "Tern=b.txt")


@pytest.fixture
def ferry(tmp_path: Path) -> Path:
    write_ferry(tmp_path)
    return tmp_path


@pytest.fixture
def browser(tmp_path: Path) -> dict[str, str]:
    """Return an environment whose browser writes down what it is to show."""
    program = tmp_path / "browser.py"
    program.write_text(
        f"import pathlib, sys\npathlib.Path({str(tmp_path / 'shown')!r}).write_text(sys.argv[1])\n",
        encoding="utf-8",
    )
    return {"BROWSER": f"{sys.executable} {program} %s"}


def shown(folder: Path) -> Path:
    return Path(unquote(urlparse((folder / "shown").read_text(encoding="utf-8")).path))


@pytest.mark.parametrize("command", ["diff", "article"])
@pytest.mark.parametrize(
    "how", [["-o", "r.html"], ["-o", "r.HTM"], ["--format", "html", "-o", "r.txt"]]
)
def test_the_name_of_the_file_or_the_option_chooses_html(
    ferry: Path, command: str, how: list[str]
) -> None:
    done = summarize(command, *ARTICLES, *how, cwd=ferry)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (ferry / how[-1]).read_text(encoding="utf-8").startswith("<!doctype html>")


def test_html_goes_to_standard_output_where_no_file_is_named(ferry: Path) -> None:
    done = summarize("diff", *ARTICLES, "-f", "html", cwd=ferry)
    assert done.returncode == 0
    assert done.stdout.startswith("<!doctype html>")
    assert done.stdout.endswith("</html>\n")


def test_open_shows_the_file_that_was_written(ferry: Path, browser: dict[str, str]) -> None:
    done = summarize("diff", *ARTICLES, "-o", "my report.html", "--open", cwd=ferry, env=browser)
    assert done.returncode == 0, done.stderr
    assert shown(ferry) == ferry / "my report.html"


def test_open_alone_writes_html_somewhere_and_says_where(
    ferry: Path, browser: dict[str, str]
) -> None:
    done = summarize("diff", *ARTICLES, "--open", cwd=ferry, env=browser)
    assert (done.returncode, done.stdout) == (0, "")
    assert str(shown(ferry)) in done.stderr
    assert shown(ferry).read_text(encoding="utf-8").startswith("<!doctype html>")


def test_without_a_browser_the_file_is_still_there(ferry: Path) -> None:
    env = {"BROWSER": f"{sys.executable} -c raise(SystemExit(1)) %s"}
    done = summarize("diff", *ARTICLES, "-o", "r.html", "--open", cwd=ferry, env=env)
    assert done.returncode == 0
    assert "no browser could be started; the report is in r.html" in done.stderr
    assert (ferry / "r.html").is_file()


@pytest.mark.parametrize("other", [["--json"], ["-f", "md"], ["-o", "r.json"]])
def test_open_is_for_html_alone(ferry: Path, other: list[str]) -> None:
    done = summarize("diff", *ARTICLES, *other, "--open", cwd=ferry)
    assert done.returncode == 2
    assert "--open shows the HTML report" in done.stderr


@pytest.mark.parametrize("how", [["-o", "r.csv"], ["-f", "csv", "-o", "r.txt"]])
def test_a_spreadsheet_is_written_too(ferry: Path, how: list[str]) -> None:
    done = summarize("diff", *ARTICLES, *how, cwd=ferry)
    assert (done.returncode, done.stdout) == (0, "")
    first = (ferry / how[-1]).read_text(encoding="utf-8").partition("\n")[0]
    assert first == "row,id,status,certainty,text,Gazette,Tern"


def test_a_format_that_is_not_written_is_refused_before_the_work(ferry: Path) -> None:
    done = summarize("diff", *ARTICLES, "-o", "r.pdf", cwd=ferry)
    assert done.returncode == 2
    assert "cannot be written as .pdf" in done.stderr
    assert ".html" in done.stderr
