"""Where commands read releases."""

from pathlib import Path

RELEASE = Path("release")
