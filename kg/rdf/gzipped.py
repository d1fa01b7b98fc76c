"""Gzip files (RFC 1952): written without a date, of one member even where they are put together
from parts, and read within a bound."""

import gzip
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from kg.errors import PlanlinkError
from kg.files import read_bytes

MOST = 1024**3
"""Bytes that a file read into memory may hold, compressed or not."""

_EFFORT = 6  # more takes twice the time for a twentieth less
_HEAD = gzip.compress(b"", _EFFORT, mtime=0)[:10]
_CRC = 0xEDB88320  # its polynomial
_LAST_BLOCK = b"\x03\x00"  # an empty one (RFC 1951 §3.2.6)


@dataclass(frozen=True)
class Blocks:
    """Content as deflated blocks that may stand before and after others in one gzip file.

    crc, size: the CRC-32 and the number of bytes of the content.
    """

    deflated: bytes
    crc: int
    size: int

    @classmethod
    def of(cls, content: bytes) -> "Blocks":
        """Content, deflated."""
        deflate = zlib.compressobj(_EFFORT, zlib.DEFLATED, -zlib.MAX_WBITS)
        deflated = deflate.compress(content) + deflate.flush(zlib.Z_FULL_FLUSH)
        return cls(deflated, zlib.crc32(content), len(content))

    @property
    def noted(self) -> tuple[int, int, int]:
        """How many bytes they are, and what else tells of them without them."""
        return len(self.deflated), self.crc, self.size


def inflated(deflated: bytes) -> bytes:
    """The content of blocks.

    >>> inflated(Blocks.of(b"plan").deflated)
    b'plan'
    """
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(deflated)


def one_member(parts: Iterable[Blocks]) -> Iterator[bytes]:
    """The bytes of a gzip file of parts one after the other: as one member, for browsers refuse a
    file of several, and Perl reads the first alone.

    >>> gzip.decompress(b"".join(one_member(map(Blocks.of, (b"five-", b"year ", b"plan")))))
    b'five-year plan'
    """
    yield _HEAD
    crc = size = 0
    for part in parts:
        yield part.deflated
        crc = _product(crc, _power(8 * part.size)) ^ part.crc
        size += part.size
    yield _LAST_BLOCK + struct.pack("<II", crc, size % 2**32)


def _power(exponent: int) -> int:
    """x to a power as CRC-32 counts (RFC 1952, section 8): what so many bits behind make of a CRC,
    without going through them."""
    power, square = 1 << 31, 1 << 30  # 1, and x: the first bit is the lowest power
    while exponent:
        if exponent & 1:
            power = _product(power, square)
        square, exponent = _product(square, square), exponent >> 1
    return power


def _product(one: int, other: int) -> int:
    """The product of two polynomials modulo that of CRC-32."""
    product = 0
    for bit in range(31, -1, -1):
        if one >> bit & 1:
            product ^= other
        other = other >> 1 ^ (_CRC if other & 1 else 0)
    return product


BEGIN = len(_HEAD)
"""Where the first part's blocks begin in such a file."""


def packed(content: bytes) -> bytes:
    """Content as a gzip file has it, without a date: the same content gives the same bytes."""
    return gzip.compress(content, _EFFORT, mtime=0)


def unpacked(content: bytes, path: Path) -> bytes:
    """The content of a file, gzip or plain by its ending; PlanlinkError where damaged or more than
    MOST."""
    try:
        if path.suffix == ".gz":
            content = gzip.GzipFile(fileobj=BytesIO(content)).read(MOST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(error, path) from error
    if len(content) > MOST:
        raise unreadable(f"it holds more than {MOST // 1024**2} MiB", path)
    return content


def read_content(path: Path) -> bytes:
    """What a file holds, gzip or plain; PlanlinkError where it cannot be read, or is too much."""
    return unpacked(read_bytes(path, most=MOST), path)


def unreadable(why: object, path: Path) -> PlanlinkError:
    """The error that a file cannot be read."""
    return PlanlinkError.of("file_unreadable", path, why)
