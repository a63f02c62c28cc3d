"""Tools beside the package, for who works on it: run from the root of a checkout."""
