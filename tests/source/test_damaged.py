"""Files that were cut off or had bits turned: read, or refused in one line that names the file."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import PlanlinkError
from kg.source.intake import html, kind_of, plain, word

TEXT = "第一章 发展目标\n到2030年，城镇化率达到57%。\n第二章 做强茶业\n新建茶园2万亩。\n"
EACH = 200
READERS: dict[str, Callable[[Path], object]] = {
    ".txt": plain.read_plain,
    ".md": plain.read_markdown,
    ".html": html.read_html,
    ".docx": word.read_word,
}


def whole(ending: str, folder: Path) -> bytes:
    path = folder / f"whole{ending}"
    if ending == ".docx":
        from docx import Document

        document = Document()
        for line in TEXT.splitlines():
            document.add_paragraph(line)
        document.save(str(path))
        return path.read_bytes()
    if ending == ".html":
        body = "".join(f"<p>{line}</p>" for line in TEXT.splitlines())
        return f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>'.encode()
    return TEXT.encode()


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The content cut off, with some bits turned, or with a stretch gone or doubled."""
    at = chance.randrange(len(content))
    to = min(len(content), at + chance.randint(1, 60))
    match chance.randrange(4):
        case 0:
            return content[:at]
        case 1:
            return content[:at] + content[to:]
        case 2:
            return content[:to] + content[at:]
    turned = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        turned[chance.randrange(len(turned))] ^= 1 << chance.randrange(8)
    return bytes(turned)


@pytest.mark.parametrize("ending", READERS)
def test_damaged_files(ending: str, tmp_path: Path) -> None:
    chance = random.Random(18)
    content = whole(ending, tmp_path)
    path = tmp_path / f"plan{ending}"
    told = 0
    for _ in range(EACH):
        path.write_bytes(damaged(content, chance))
        try:
            kind_of(path)
            READERS[ending](path)
        except PlanlinkError as error:
            told += 1
            assert str(error).startswith(str(path)) and "\n" not in str(error)
    assert told >= (EACH // 4 if ending == ".docx" else 1)
