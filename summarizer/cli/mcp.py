"""``summarize mcp``: the diff as tools of an assistant, by the Model Context Protocol."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.output import print_status
from summarizer.errors import UsageError

INSTALL = "pip install 'newsdiff[mcp]'"
"""The command that installs what is missing."""

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def mcp(
    *,
    root: Annotated[
        list[Path] | None,
        typer.Option(
            "--root",
            help="A folder whose files the server may read; you can give several.  [default: none]",
        ),
    ] = None,
    http: Annotated[
        bool,
        typer.Option(
            "--http", help="Serve over HTTP (MCP's streamable HTTP), not standard input and output."
        ),
    ] = False,
    http_files: Annotated[
        bool,
        typer.Option(
            "--http-files", help="With --http too, let the server read the --root folders."
        ),
    ] = False,
    host: Annotated[str, typer.Option(help="The address to serve HTTP on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to serve HTTP on.")] = 8719,
    engine: Annotated[
        str | None,
        typer.Option(
            help="What finds the claims of an article: auto, openai (a model) or extractive "
            "(offline).  [default: as the settings say]"
        ),
    ] = None,
) -> None:
    """Let an AI assistant compare articles (MCP server).

    The server speaks the Model Context Protocol and offers the comparison as tools. See
    docs/mcp.md.
    """
    from importlib.util import find_spec

    if find_spec("mcp") is None:
        raise UsageError("The library of MCP is not installed.", f"Install it: {INSTALL}")
    roots = _folders(root or (), closed=http and not http_files)
    from summarizer.mcp.server import create_server
    from summarizer.settings import load

    server = create_server(load({"engine": engine}), roots)
    if not http:
        server.run("stdio")
        return
    from summarizer.mcp.http import serve_http

    _announce(host, port)
    serve_http(server, host, port)


def _folders(root: Sequence[Path], *, closed: bool) -> Sequence[Path]:
    """Return the folders whose files may be read: none where they are closed, which is said."""
    for folder in root:
        if not folder.is_dir():
            raise UsageError(f"{folder} is no folder.", "Give --root a folder that exists.")
    if root and closed:
        print_status("Over HTTP no file is read, also below --root, unless --http-files is given.")
    return () if closed else root


def _announce(host: str, port: int) -> None:
    """Say where the server is, and who can use it."""
    if host not in _LOOPBACK:
        print_status(
            f"Warning: everybody who reaches {host}:{port} can use this server: it asks for no "
            "password."
        )
    print_status(f"Serving MCP on http://{host}:{port}/mcp")
