"""The MCP server: the diff as tools of the assistant that a reader has open.

``server`` defines the tools and resources, ``inputs`` what they may read, and ``store`` keeps the
last reports, so that an answer can be short and the rest be asked for.
"""
