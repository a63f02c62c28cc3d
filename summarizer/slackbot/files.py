"""Files shared in Slack, fetched with the bot's token and laid into a folder for a while."""

from __future__ import annotations

import re
import shutil
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import urlsplit

from summarizer.errors import InputError
from summarizer.slackbot.jobs import SharedFile
from summarizer.slackbot.slack_api import ERRORS, SECONDS
from summarizer.sources.reading import MAX_MEGABYTES

FOLDER = "files"
"""Where files are while they are read, in the bot's folder: what a killed bot left is found
there, and removed, at the next start."""

SLACK_HOSTS = (".slack.com", ".slack-gov.com", ".slack-files.com")
"""Where Slack keeps files: the bot's token is shown to nobody else."""

_UNSAFE = re.compile(r"[^\w.()\- ]+")
_NAME_CHARACTERS = 100


class FetchedFiles(NamedTuple):
    """A folder, the files in it, and why others are not there."""

    folder: Path
    paths: tuple[Path, ...]
    problems: tuple[str, ...]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Slack sends those whose token may not read a file to its login page."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def remove_leftovers(state: Path) -> None:
    """Remove the files that a bot which was killed had fetched."""
    shutil.rmtree(state / FOLDER, ignore_errors=True)


@contextmanager
def fetch_files(
    files: Sequence[SharedFile], token: str, api_url: str, state: Path
) -> Iterator[FetchedFiles]:
    """Lay files into a folder that is removed after the ``with``.

    Args:
        files: Which.
        token: The bot's, with the scope files:read.
        api_url: Slack's Web API; files may be on its host, too.
        state: The bot's folder.
    """
    (state / FOLDER).mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=state / FOLDER) as name:
        folder = Path(name)
        paths, problems = [], []
        for file in files:
            try:
                path = _free_path(folder, file.name)
                path.write_bytes(_download_file(file, token, api_url))
                paths.append(path)
            except InputError as error:
                problems.append(error.message)
        yield FetchedFiles(folder, tuple(paths), tuple(problems))


def _free_path(folder: Path, name: str) -> Path:
    """Return a path for a file of that name: a name from outside never leaves the folder."""
    safe = _UNSAFE.sub("_", PurePosixPath(name.replace("\\", "/")).name).strip(". ") or "file.txt"
    stem, suffix = Path(safe).stem[:_NAME_CHARACTERS], Path(safe).suffix
    path, number = folder / f"{stem}{suffix}", 2
    while path.exists():
        path, number = folder / f"{stem} ({number}){suffix}", number + 1
    return path


def _download_file(file: SharedFile, token: str, api_url: str) -> bytes:
    cap = MAX_MEGABYTES * 1_000_000
    if file.size > cap:
        raise InputError(f"{file.name} is larger than {MAX_MEGABYTES} MB.")
    if not _is_trusted(file.url, api_url):
        raise InputError(f"{file.name} is not kept at Slack, so I cannot read it.")
    request = urllib.request.Request(file.url, headers={"Authorization": f"Bearer {token}"})
    try:
        with _OPENER.open(request, timeout=SECONDS) as answer:
            stated = answer.headers.get("Content-Length", "")
            data: bytes = answer.read(cap + 1)
    except urllib.error.HTTPError as error:
        error.close()
        raise InputError(
            f"Slack does not let me read {file.name} (status {error.code}); "
            "the scope files:read may be missing."
        ) from error
    except ERRORS as error:
        raise InputError(f"{file.name} could not be fetched from Slack in full.") from error
    if len(data) > cap:
        raise InputError(f"{file.name} is larger than {MAX_MEGABYTES} MB.")
    # A connection that breaks off looks like an end.
    if len(data) < (int(stated) if stated.isdecimal() else file.size):
        raise InputError(f"{file.name} could not be fetched from Slack in full.")
    return data


def _is_trusted(url: str, api_url: str) -> bool:
    try:
        parts, own = urlsplit(url), urlsplit(api_url)
    except ValueError:
        return False
    if (parts.scheme, parts.netloc) == (own.scheme, own.netloc):
        return True
    return parts.scheme == "https" and (parts.hostname or "").endswith(SLACK_HOSTS)
