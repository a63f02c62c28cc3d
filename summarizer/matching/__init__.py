"""Matching: for each claim, the passages of the other articles worth looking at."""
