"""Slack's Web API as the app uses it: workspaces, clients, errors, shared files."""

from __future__ import annotations

import re
import shutil
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry import RetryHandler
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.installation_store.sqlite3 import SQLite3InstallationStore
from slack_sdk.oauth.state_store.sqlite3 import SQLite3OAuthStateStore

from summarizer.errors import InputError, SlackFailed
from summarizer.slackbot.jobs import Place, SharedFile
from summarizer.slackbot.settings import SCOPES, Tokens
from summarizer.sources.reading import MAX_MEGABYTES

INSTALLS = "installs.db"  # the file of installations and their tokens, in the bot's folder
STATE_SECONDS = 600  # how long somebody may take between "Add to Slack" and the confirmation
SECONDS = 30  # how long Slack may take for an answer
RETRIES = 6  # times that a request is sent again; Slack says how long to wait each time
PAGE = 200  # messages of a thread asked for at once; Slack advises no more
ERRORS = (SlackClientError, OSError, HTTPException)  # Slack refuses, is not reached, breaks off
FOLDER = "files"  # where files are while they are read, in the bot's folder

SLACK_HOSTS = (".slack.com", ".slack-gov.com", ".slack-files.com")
"""Where Slack keeps files: the bot's token is shown to nobody else."""

POSTING: Sequence[type[RetryHandler]] = (RateLimitErrorRetryHandler,)
ASKING = (*POSTING, ServerErrorRetryHandler, ConnectionErrorRetryHandler)
"""After what a request is sent again: one that posts only where Slack answers 429, which it does
before it does anything (after an error of its server, or a broken connection, a message may be
there or not); one that may safely be done twice after any failure."""

_UNSAFE = re.compile(r"[^\w.()\- ]+")
_NAME_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Workspaces:
    """The bot in each workspace, and clients of the Web API with its token there.

    ``find_bot`` returns the bot of an enterprise and a team, if it is installed there; ``flow``
    has the pages where a workspace installs it, if there are any.
    """

    api_url: str
    find_bot: Callable[[str | None, str | None], Bot | None]
    flow: OAuthFlow | None = None

    def authorize(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        """Return who the bot is, for Bolt; the names of the arguments are Bolt's."""
        bot = self.find_bot(enterprise_id, team_id)
        if bot is None:
            raise SlackFailed(f"The bot is not installed in the workspace {team_id}.")
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=bot.bot_token,
            bot_id=bot.bot_id,
            bot_user_id=bot.bot_user_id,
        )

    def token(self, place: Place) -> str:
        """Return the bot's token at a place; raises ``SlackFailed`` where there is no bot."""
        return str(self.authorize(place.enterprise or None, place.team or None).bot_token)

    def client(self, place: Place, again: Sequence[type[RetryHandler]] = ASKING) -> WebClient:
        """Return a client with the bot's token at a place; ``again`` is after what it retries."""
        return web_client(self.token(place), self.api_url, again)


def web_client(
    token: str,
    api_url: str,
    again: Sequence[type[RetryHandler]] = ASKING,
    *,
    retries: int = RETRIES,
) -> WebClient:
    """Return a client that sends a request so many times again, after what ``again`` holds."""
    handlers = [kind(max_retry_count=retries) for kind in again]
    return WebClient(token, base_url=api_url, timeout=SECONDS, retry_handlers=handlers)


def one_workspace(tokens: Tokens, api_url: str) -> Workspaces:
    """Return the bot of the environment's token; raises what ``identify`` does."""
    answer, token = identify(tokens.bot_token, api_url), tokens.bot_token
    bot_id, user = str(answer.get("bot_id")), str(answer.get("user_id"))
    bot = Bot(bot_token=token, bot_id=bot_id, bot_user_id=user, installed_at=0.0)
    return Workspaces(api_url, lambda enterprise, team: bot)


def many_workspaces(tokens: Tokens, folder: Path, api_url: str) -> Workspaces:
    """Return the bot of all workspaces that installed it, and the pages where they do."""
    database = str(folder / INSTALLS)
    store = SQLite3InstallationStore(database=database, client_id=tokens.client_id)
    states = SQLite3OAuthStateStore(expiration_seconds=STATE_SECONDS, database=database)
    for each in (store, states):
        each.init()  # type: ignore[no-untyped-call]  # slack_sdk gives it no type
    (folder / INSTALLS).chmod(0o600)
    settings = OAuthSettings(
        client_id=tokens.client_id,
        client_secret=tokens.client_secret,
        scopes=list(SCOPES),
        installation_store=store,
        state_store=states,
        install_path="/slack/install",
        redirect_uri_path="/slack/oauth_redirect",
    )
    return Workspaces(
        api_url,
        lambda enterprise, team: store.find_bot(enterprise_id=enterprise, team_id=team),
        OAuthFlow(client=WebClient(base_url=api_url), settings=settings),
    )


def identify(token: str, api_url: str, *, retries: int = RETRIES) -> dict[str, object]:
    """Return what Slack says of a token, with its scopes under ``scopes``, or raise SlackFailed."""
    try:
        answer = web_client(token, api_url, retries=retries).auth_test()
    except ERRORS as error:
        raise failure("The bot's token was not taken", error) from error
    scopes = {name.lower(): value for name, value in answer.headers.items()}.get("x-oauth-scopes")
    assert isinstance(answer.data, dict)
    return {**answer.data, "scopes": scopes}


def messages_at(client: WebClient, place: Place, **asked: Any) -> Iterator[dict[str, Any]]:
    """Yield the messages of a place's thread, or of its channel where it has no thread."""
    asked |= {"channel": place.channel, "limit": PAGE}
    if place.thread:
        pages = client.conversations_replies(ts=place.thread, **asked)
    else:
        pages = client.conversations_history(**asked)
    for page in pages:  # slack_sdk follows the cursor
        yield from page.get("messages") or ()


def failure(what: str, error: Exception) -> SlackFailed:
    """Return an error of Slack as one of ours, with what to do next."""
    hint = "See docs/slack.md." if isinstance(error, SlackApiError) else "Check the network."
    return SlackFailed(f"{what}: {cause(error)}.", hint)


def cause(error: Exception) -> str:
    """Return in words, without a stop, why Slack did not do something."""
    if isinstance(error, SlackApiError):
        return f"Slack says {reason(error)}"
    return f"Slack cannot be reached ({reason(error)})"


def reason(error: Exception) -> str:
    """Return what Slack says of an error; never a text that could hold anything of ours."""
    if isinstance(error, SlackApiError):
        data = getattr(error.response, "data", None)
        named = data.get("error") if isinstance(data, dict) else None
        return str(named or f"status {status(error)}")
    return type(error).__name__


def status(error: SlackApiError) -> int:
    """Return the status of HTTP; what is no JSON comes from a proxy, as a plain dictionary."""
    answer = error.response
    return int(answer["status"] if isinstance(answer, dict) else answer.status_code)


class FetchedFiles(NamedTuple):
    """A folder, the names of the files in it, and why others are not there."""

    folder: Path
    names: tuple[str, ...]
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
    """Lay files into a folder in the bot's own, ``state``, which is removed after the ``with``.

    The token needs the scope files:read. Files may also be on the host of ``api_url``.
    """
    (state / FOLDER).mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=state / FOLDER) as name:
        folder = Path(name)
        names, problems = [], []
        for file in files:
            try:
                data = _download_file(file, token, api_url)
            except InputError as error:
                problems.append(error.message)
            else:
                path = _free_path(folder, file.name)
                path.write_bytes(data)
                names.append(path.name)
        yield FetchedFiles(folder, tuple(names), tuple(problems))


def _free_path(folder: Path, name: str) -> Path:
    """Return a path for a file of that name: a name from outside never leaves the folder."""
    safe = _UNSAFE.sub("_", PurePosixPath(name.replace("\\", "/")).name).strip(". ") or "file.txt"
    stem, suffix = Path(safe).stem[:_NAME_CHARACTERS], Path(safe).suffix
    path, number = folder / f"{stem}{suffix}", 2
    while path.exists():
        path, number = folder / f"{stem} ({number}){suffix}", number + 1
    return path


def _download_file(file: SharedFile, token: str, api_url: str) -> bytes:
    too_large = InputError(f"{file.name} is larger than {MAX_MEGABYTES} MB.")
    broken_off = InputError(f"{file.name} could not be fetched from Slack in full.")
    cap = MAX_MEGABYTES * 1_000_000
    if file.size > cap:
        raise too_large
    if not _is_trusted(file.url, api_url):
        raise InputError(f"{file.name} is not kept at Slack, so I cannot read it.")
    request = urllib.request.Request(file.url, headers={"Authorization": f"Bearer {token}"})
    try:
        with _OPENER.open(request, timeout=SECONDS) as answer:
            stated = answer.headers.get("Content-Length", "")
            data: bytes = answer.read(cap + 1)
    except urllib.error.HTTPError as error:
        error.close()
        refused = f"Slack does not let me read {file.name} (status {error.code})"
        raise InputError(f"{refused}; the scope files:read may be missing.") from error
    except ERRORS as error:
        raise broken_off from error
    if len(data) > cap:
        raise too_large
    # A connection that breaks off looks like an end.
    if len(data) < (int(stated) if stated.isdecimal() else file.size):
        raise broken_off
    return data


def _is_trusted(url: str, api_url: str) -> bool:
    try:
        parts, own = urlsplit(url), urlsplit(api_url)
    except ValueError:
        return False
    is_own = (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
    return is_own or (parts.scheme == "https" and (parts.hostname or "").endswith(SLACK_HOSTS))
