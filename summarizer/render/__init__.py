"""A report as something to read or to hand on: terminal, Markdown, HTML, JSON."""
