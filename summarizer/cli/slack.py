"""``summarize slack``: the app for Slack."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import Saving, expanded
from summarizer.cli.output import JsonOption, as_json, emit, print_status
from summarizer.errors import UsageError
from summarizer.report.wording import one_line, plural

if TYPE_CHECKING:
    from summarizer.slackbot.bot import Finding
    from summarizer.slackbot.feedback import Complaint

app = typer.Typer(
    name="slack",
    help="Run the bot that compares articles in Slack. See docs/slack.md.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)

INSTALL = "pip install 'newsdiff[slack]'"
"""The command that installs what is missing."""

HttpOption = Annotated[
    bool,
    typer.Option("--http", help="Use HTTP, with a signing secret, instead of Socket Mode."),
]


@app.command()
@expanded
def manifest(
    *,
    name: Annotated[str, typer.Option(help="What the bot is called.")] = "News diff",
    address: Annotated[
        str,
        typer.Option(
            "--http", metavar="URL", help="Its public address, for HTTP.  [default: Socket Mode]"
        ),
    ] = "",
    saving: Saving,
) -> None:
    """Print the app's manifest, to be pasted where Slack makes a new app."""
    from summarizer.render.json import dumps
    from summarizer.slackbot.settings import NAME_CHARACTERS
    from summarizer.slackbot.settings import manifest as made

    if not 1 <= len(name) <= NAME_CHARACTERS:
        raise UsageError(
            f"The name has {len(name)} characters.", f"Slack takes 1 to {NAME_CHARACTERS}."
        )
    if address and not address.startswith("https://"):
        raise UsageError(f"{address} is not an https address.", "Slack delivers to no other.")
    emit(dumps(made(name, address), indent=2) + "\n", saving.output)


@app.command()
def run(
    *,
    http: HttpOption = False,
    host: Annotated[str, typer.Option(help="Where to listen, with --http.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The same.", min=0, max=65535)] = 3000,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log more.")] = False,
) -> None:
    """Run the bot until it is stopped.

    Tokens are read from the environment: SLACK_BOT_TOKEN, SLACK_APP_TOKEN and, with --http,
    SLACK_SIGNING_SECRET; SLACK_CLIENT_ID and SLACK_CLIENT_SECRET for several workspaces. Of
    each, NAME_FILE may name a file instead. Everything else is a setting (summarizer.toml).
    """
    _need_extra()
    from summarizer.settings import load
    from summarizer.slackbot.bot import run as run_bot
    from summarizer.slackbot.settings import load_slack_settings, load_tokens

    settings, slack, tokens = load(), load_slack_settings(), load_tokens(os.environ)
    if not (http and tokens.many_workspaces):
        tokens.need("bot_token")
    tokens.need("signing_secret" if http else "app_token")
    _configure_log(verbose=verbose)
    run_bot(settings, slack, tokens, (host, port) if http else None, print_status)


@app.command()
def check(*, http: HttpOption = False) -> None:
    """Check tokens, scopes, the state's folder and the model, and say what to do.

    Leaves with 4 where Slack or the model's server fails, with 2 where something is not set.
    """
    _need_extra()
    from summarizer.settings import load
    from summarizer.slackbot.bot import examine, worst
    from summarizer.slackbot.settings import load_slack_settings, load_tokens

    settings, slack, tokens = load(), load_slack_settings(), load_tokens(os.environ)
    folder = slack.state_folder(os.environ)
    findings = list(examine(settings, slack, tokens, folder, http=http))
    emit("".join(map(_finding_line, findings)))
    raise typer.Exit(worst(findings))


def _finding_line(finding: Finding) -> str:
    if finding.problem is None:
        return f"ok    {finding.what}: {one_line(finding.state)}\n"
    line = f"wrong {finding.what}: {one_line(finding.problem.message)}\n"
    return f"{line}      {one_line(finding.problem.hint)}\n" if finding.problem.hint else line


def _need_extra() -> None:
    """Say which command installs Slack's libraries, where they are not there.

    Raises:
        UsageError: They are not.
    """
    from importlib.util import find_spec

    if find_spec("slack_bolt") is None:
        raise UsageError("Slack's libraries are not installed.", f"Install them: {INSTALL}")


def _configure_log(*, verbose: bool) -> None:
    """Write the log to standard error, of Slack's libraries only what went wrong.

    The rest of what they log may hold messages.
    """
    import logging

    logging.basicConfig(
        format="%(asctime)s %(levelname)s %(message)s", level=logging.ERROR, force=True
    )
    logging.getLogger("summarizer.slackbot").setLevel(logging.DEBUG if verbose else logging.INFO)
    for ours_of_theirs in ("bolt", "socket"):
        logging.getLogger(f"summarizer.slackbot.{ours_of_theirs}").setLevel(logging.WARNING)


@app.command()
@expanded
def feedback(
    *,
    labels: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="The label file of the Slack app (labels.jsonl)."),
    ],
    json: JsonOption = False,
) -> None:
    """List what readers in Slack said is wrong, as cases to look at.

    Readers err, too: what is listed is to be read beside the articles, and a case made of it
    (evals/cases) where they are right.
    """
    from summarizer.slackbot.feedback import complaints, load_feedback

    rows = load_feedback(labels)
    cases = complaints(rows)
    if json:
        emit(as_json([each.as_dict() for each in cases]))
        return
    emit("".join(line for each in cases for line in _complaint_lines(each)))
    print_status(f"{plural(len(rows), 'label')}, {plural(len(cases), 'case')} to look at")


def _complaint_lines(case: Complaint) -> Iterator[str]:
    row = case.row
    yield f"{row.label} ({case.readers}): {one_line(row.text or row.headline)}\n"
    if row.outlets:
        yield f"    reported by {one_line(', '.join(row.outlets))}\n"
    if row.nearest:
        yield f"    compare: {one_line(row.nearest)}\n"
    yield from (f"    note: {one_line(note)}\n" for note in case.notes)
    yield f"    report {row.report}, {one_line(row.headline)}\n"
    yield from (f"    source: {one_line(source)}\n" for source in row.sources)
