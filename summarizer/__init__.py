"""What does each outlet uniquely report?"""

__version__ = "0.1.0"
