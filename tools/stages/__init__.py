"""Which stage a difference between two runs comes from: ``python -m tools.stages A B``."""
