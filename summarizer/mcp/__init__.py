"""The MCP server: the diff as tools of the assistant that a reader has open.

``server`` puts the server together from ``tools`` and ``resources``; ``inputs`` says what the tools
may read and ``answers`` what they answer. ``store`` keeps the last reports, so that an answer can
be short and the rest be asked for. ``http`` serves over HTTP and lets a broken stream go on.
"""
