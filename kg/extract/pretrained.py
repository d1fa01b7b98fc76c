"""The small network of Baidu's LAC that the package jieba ships (MIT licence): what the tagger's
network begins with. Only learning needs it."""

import struct
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.errors import PlanlinkError

Reals = NDArray[np.float32]

_UNITS = 4  # two layers, two directions


@dataclass(frozen=True)
class Pretrained:
    """The network's arrays by their names, and the row of each character it knows."""

    arrays: dict[str, Reals]
    rows: dict[str, int]

    def known(self, text: str) -> str:
        """The characters of a text that the network knows, each once."""
        return "".join(sorted(set(text) & self.rows.keys()))

    def weights(self, letters: str) -> dict[str, Reals]:
        """What learning begins with, by the tagger's names; row 0 is for all other characters."""
        rows = [self.rows["OOV"], *(self.rows[c] for c in letters)]
        found = {"letters": self.arrays["word_emb"][rows]}
        for unit in range(_UNITS):
            flat = self.arrays[f"gru_{unit}.w_0"].reshape(-1)
            width = self.arrays[f"gru_{unit}.w_0"].shape[0]
            cut = 2 * width * width
            found[f"input{unit}"] = self.arrays[f"fc_{unit}.w_0"]
            found[f"bias{unit}"] = self.arrays[f"fc_{unit}.b_0"] + self.arrays[f"gru_{unit}.b_0"][0]
            found[f"gates{unit}"] = flat[:cut].reshape(width, 2 * width)
            found[f"state{unit}"] = flat[cut:].reshape(width, width)
        return found


@cache
def pretrained() -> Pretrained:
    """Read it from where jieba is installed; PlanlinkError where it is not."""
    found = find_spec("jieba")
    if found is None or found.origin is None:
        raise PlanlinkError.of("jieba_missing", "learning")
    folder = Path(found.origin).parent / "lac_small"
    arrays = {
        path.name: _array(path.read_bytes())
        for path in (folder / "model_baseline").iterdir()
        if not path.name.startswith(("_", "crf", "fc_4"))
    }
    lines = (folder / "word.dic").read_text(encoding="utf-8").split("\n")
    pairs = (line.split("\t") for line in lines if "\t" in line)
    return Pretrained(arrays, {word: int(number) for number, word in pairs})


def _array(raw: bytes) -> Reals:
    """An array as Paddle writes it: versions, a description of its shape, the values."""
    (levels,) = struct.unpack_from("<Q", raw, 4)
    at = 12
    for _ in range(levels):
        at += 8 + int(struct.unpack_from("<Q", raw, at)[0])
    (size,) = struct.unpack_from("<i", raw, at + 4)
    begin = at + 8
    shape = _shape(raw[begin : begin + size])
    return np.frombuffer(raw[begin + size :], np.float32).reshape(shape)


def _shape(description: bytes) -> list[int]:
    """The second field of the description, a protocol buffer of whole numbers."""
    found, at = [], 0
    while at < len(description):
        field, at = _number(description, at)
        value, at = _number(description, at)
        if field >> 3 == 2:
            found.append(value)
    return found


def _number(raw: bytes, at: int) -> tuple[int, int]:
    """A number of varying length, and where it ends."""
    value, shift = 0, 0
    while True:
        byte = raw[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
