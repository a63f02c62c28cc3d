"""Comparing articles: lay their claims side by side, verify what looks unique, decide."""
