"""Documents in Chinese that are drawn as PDF."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import AccessPermission, EncryptionMethod, TextMode
from fpdf.fonts import FontFace

BODY = (
    "坚持创新驱动发展战略，加快建设现代化产业体系，推动制造业高端化智能化绿色化发展，"
    "培育壮大战略性新兴产业，前瞻布局未来产业，促进数字经济和实体经济深度融合。"
)


class Paper(FPDF):
    """A document in Chinese, with a running head and foot where they are given."""

    plain = FontFace(emphasis="")  # of the heads of tables
    head: Callable[[int], str] | None = None
    foot: Callable[[int], str] | None = None

    def __init__(self, font: Path) -> None:
        super().__init__(format="A4")
        self.add_font("cjk", fname=str(font))
        self.set_font("cjk", size=11)

    def header(self) -> None:
        if self.head and (text := self.head(self.page_no())):
            self.set_xy(20, 10)
            self.cell(170, 6, text, align="C", new_x="LMARGIN", new_y="NEXT")
            self.set_y(24)

    def footer(self) -> None:
        if self.foot:
            self.set_y(-15)
            self.cell(0, 6, self.foot(self.page_no()), align="C")

    def lines(self, *texts: str, height: float = 7) -> None:
        """Lines one under the other."""
        for text in texts:
            self.cell(0, height, text, new_x="LMARGIN", new_y="NEXT")

    def paragraphs(
        self, count: int, name: str = "", left: float = 10, wide: int = 42, first: int = 1
    ) -> None:
        """Running text in numbered paragraphs of so many characters a line, indented."""
        em = 11 / self.k
        for number in range(first, first + count):
            text = f"{name}第{number}项任务。{BODY}"
            lines = [text[: wide - 2]]
            lines += [text[i : i + wide] for i in range(wide - 2, len(text), wide)]
            for line in lines:
                if self.will_page_break(7):
                    self.add_page()
                self.set_x(left + (2 * em if line == lines[0] else 0))
                self.cell(0, 7, line, new_x="LMARGIN", new_y="NEXT")

    def unseen(self) -> AbstractContextManager[None]:
        """What is written within is there, and is not drawn."""
        return self.local_context(text_mode=TextMode.INVISIBLE)

    def lock(self, method: str, password: str) -> None:
        """Lock the document, but for its owner, who has another password."""
        self.set_encryption("owner", password, EncryptionMethod[method], AccessPermission.none())
