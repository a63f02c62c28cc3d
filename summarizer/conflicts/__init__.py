"""Conflicts: two positions on one thing that differ."""
