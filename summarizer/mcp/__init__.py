"""The MCP server: the diff as tools of the assistant that a reader has open."""
