"""The file that web processes count requests in, see kg.web.rates: made by the process that starts
them, which needs nothing else of the web."""

import secrets
import struct
from pathlib import Path

SALT = 16  # bytes at the beginning of the file: nobody can tell whose count an address shares
# when the window ends (by the clock that nobody sets), and how many requests came in it
COUNT = struct.Struct("<dQ")
PLACES = 65_536
FILE = "rates"


def make_counts(folder: Path) -> None:
    """Make the file that the web processes count in."""
    (folder / FILE).write_bytes(no_counts())


def no_counts() -> bytes:
    """What the file holds before the first request."""
    return secrets.token_bytes(SALT) + bytes(COUNT.size * PLACES)
