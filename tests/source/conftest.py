"""A font that documents in Chinese are drawn with."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import once


@pytest.fixture(scope="session")
def font(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small font with the characters of these tests."""

    def make(folder: Path) -> None:
        from fontTools import subset

        whole = next(
            p
            for p in sorted(Path("/usr/share/fonts").rglob("*"))
            if "CJK" in p.name and "Regular" in p.name and p.suffix in (".ttc", ".otf", ".ttf")
        )
        small = subset.load_font(str(whole), subset.Options(font_number=0))
        cut = subset.Subsetter()
        for name in ("paper", "test_pdf", "test_intake"):
            text = Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
            cut.populate(text=text)
        cut.subset(small)
        folder.mkdir()
        small.save(str(folder / "cjk.otf"))

    return once(tmp_path_factory, "font", make) / "cjk.otf"
