"""The folder of releases that commands use by default."""

from pathlib import Path

RELEASE = Path("release")
