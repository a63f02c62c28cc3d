"""The wheel, installed elsewhere and run from another folder."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.support.articles import FIRE
from tests.support.folders import BRIDGE, ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    # hatchling builds without a network, as a development dependency of its own.
    code = (
        "import os, sys; from hatchling.build import build_wheel; "
        f"os.chdir({str(ROOT)!r}); print(build_wheel({str(folder)!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return folder / done.stdout.split()[-1]


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "summarizer/py.typed" in names
    assert "summarizer/evals/shipped/cases/museum-theft/case.yaml" in names
    assert all(name.startswith(("summarizer/", "newsdiff-")) for name in names)
    (entries,) = [name for name in names if name.endswith("/entry_points.txt")]
    text = zipfile.ZipFile(wheel).read(entries).decode()
    assert "[pytest11]\nsummarizer = summarizer.pytest_plugin\n" in text


def test_an_installed_wheel_runs_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    for article in FIRE:
        (tmp_path / article.source).write_text(article.text, encoding="utf-8")
    # The path goes first, so that it is the wheel's package that runs and not the checkout's.
    code = (
        f"import sys; sys.path.insert(0, {str(installed)!r}); "
        "import summarizer.cli; assert 'installed' in summarizer.cli.__file__; "
        "sys.argv = ['summarize', 'diff', 'gazette.txt', 'courier.txt', 'herald.txt']; "
        "summarizer.cli.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "ONLY IN HERALD" in done.stdout
    page = code.replace("'herald.txt'", "'herald.txt', '-o', 'report.html'")
    subprocess.run([sys.executable, "-c", page], cwd=tmp_path, check=True)
    # The templates, the style and the script came along.
    assert "Only in Herald" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment that has this wheel and its libraries."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "-q", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True)
    # The libraries are those of the tests: nothing is downloaded.
    packages = next((folder / "lib").glob("python*/site-packages"))
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin"


def _run(scripts: Path, folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    command, *rest = args
    return subprocess.run(
        [scripts / command, *rest],
        cwd=folder,
        # No way to a vocabulary: nothing may be loaded from anywhere.
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "HTTPS_PROXY": "http://127.0.0.1:9"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_newsdiff_compares_what_it_is_given_without_a_command(
    scripts: Path, tmp_path: Path
) -> None:
    for article in FIRE:
        (tmp_path / article.source).write_text(article.text, encoding="utf-8")
    names = [article.source for article in FIRE]
    short = _run(scripts, tmp_path, "newsdiff", *names, "-f", "csv")
    whole = _run(scripts, tmp_path, "summarize", "diff", *names, "-f", "csv")
    assert (short.returncode, short.stderr) == (0, "")
    assert short.stdout == whole.stdout
    assert "Herald" in short.stdout
    assert _run(scripts, tmp_path, "newsdiff", "--version").stdout.startswith("summarizer ")
    assert "report" in _run(scripts, tmp_path, "newsdiff", "schema", "report").stdout


def test_the_two_commands_that_readme_begins_with_run_offline(
    scripts: Path, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    files = [f"examples/harbour-bridge/{path.name}" for path in sorted(BRIDGE.glob("*.txt"))]
    replay = ("--replay", "examples/harbour-bridge/answers.jsonl")
    with_model = _run(scripts, tmp_path, "summarize", "diff", *files, *replay)
    alone = _run(scripts, tmp_path, "newsdiff", *files)
    assert (with_model.returncode, alone.returncode, alone.stderr) == (0, 0, "")
    assert "nothing is sent" in with_model.stderr
    assert "They differ: Number of injured" in " ".join(with_model.stdout.split())
    assert "ONLY IN QUAYSIDE REVIEW" in alone.stdout


def test_a_package_that_overwrote_this_one_is_named(scripts: Path, tmp_path: Path) -> None:
    ours = next((scripts.parent / "lib").glob("python*/site-packages/summarizer/__init__.py"))
    kept = ours.read_bytes()
    ours.write_text("class Summarizer: ...\n")
    try:
        for command in ("newsdiff", "summarize", "summarizer"):
            done = _run(scripts, tmp_path, command, "a.txt")
            assert (done.returncode, done.stdout) == (2, "")
            assert "bert-extractive-summarizer" in done.stderr
            assert "Traceback" not in done.stderr
    finally:
        ours.write_bytes(kept)
