"""Where the project's files are that tests read."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
BRIDGE = ROOT / "examples" / "harbour-bridge"
EXPECTED = ROOT / "tests" / "expected"
PAGES = ROOT / "tests" / "pages"
SHARED = ROOT.parent / "shared"
"""Real material, which is not part of the project and may be absent."""
