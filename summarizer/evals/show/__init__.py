"""Runs, comparisons and gates as something to read: terminal, Markdown, JUnit, HTML."""
