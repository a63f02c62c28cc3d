"""Feeds in, notices out: what one outlet now reports and nobody else has."""
