"""PDF as it is laid out: reading order, furniture, tables, what is seen and what is not."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.errors import PlanlinkError
from kg.source.intake.pdf import read_pdf
from kg.source.published import Published

if TYPE_CHECKING:
    from paper import Paper

Draw = Callable[["Paper"], None]


@pytest.fixture
def read(font: Path, tmp_path: Path) -> Callable[[Draw], Published]:
    """Reads what a function draws."""

    from paper import Paper

    def made(draw: Draw) -> Published:
        paper = Paper(font)
        draw(paper)
        path = tmp_path / "plan.pdf"
        paper.output(str(path))
        return read_pdf(path)

    return made


def test_a_hyphen_at_the_end_of_a_line_stays_and_a_radical_is_its_character(
    read: Callable[[Draw], Published],
) -> None:
    def draw(paper: Paper) -> None:
        paper.add_page()
        paper.lines("加快信息⽹络设施升级，推进5G-", "A和6G建设，壮⼤产业。")

    lines = ["加快信息网络设施升级，推进5G-", "A和6G建设，壮大产业。"]
    assert read(draw).text.splitlines() == lines


def test_a_blank_that_is_printed_as_a_step_is_kept(read: Callable[[Draw], Published]) -> None:
    """A browser draws no glyph for a blank; what is spaced out or level is not told apart."""

    def draw(paper: Paper) -> None:
        paper.add_page()
        em = 11 / paper.k
        placed(paper, (20, 20, "第一章"), (20 + 3.27 * em, 20, "培育产业"), size=11)
        placed(paper, (20 + 7.54 * em, 20, "建设平台"), size=11)
        for i, character in enumerate("云湖市发展规划"):
            placed(paper, (20 + 1.3 * i * em, 30, character), size=11)
        placed(paper, (20, 40, "附件"), (20 + 2.5 * em, 40, "“云湖牌”项目表"), size=11)

    lines = ["第一章 培育产业 建设平台", "云湖市发展规划", "附件 “云湖牌”项目表"]
    assert read(draw).text.splitlines() == lines


def test_one_glyph_for_two_characters_stays_both(font: Path, tmp_path: Path) -> None:
    """A browser prints —— as one glyph: both characters have its origin."""
    from paper import Paper

    paper = Paper(font)
    paper.set_compression(False)
    paper.add_page()
    paper.lines("—产业更强。", "城市更新。")
    path = tmp_path / "plan.pdf"
    written = bytes(paper.output())
    assert written.count(b"<2014>") == 1
    path.write_bytes(written.replace(b"<2014>", b"<20142014>"))
    assert read_pdf(path).text.splitlines() == ["——产业更强。", "城市更新。"]


def run_on(text: str) -> str:
    return "".join(text.split())


def table_rows(found: Published) -> list[list[str]]:
    """The rows of the tables."""
    return [line.split("\t") for line in found.text.splitlines() if "\t" in line]


@pytest.mark.parametrize(
    "foot", [lambda n: f"— {n} —", str, lambda n: f"第{n}页 共5页", lambda n: ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")[n - 1]]
)  # fmt: skip
def test_running_heads_and_page_numbers_are_left_out(
    read: Callable[[Draw], Published], foot: Callable[[int], str]
) -> None:
    from paper import BODY

    def draw(paper: Paper) -> None:
        paper.head = lambda n: (
            "" if n == 1 else "云湖市规划纲要" if n % 2 else "云湖市发展和改革委员会"
        )
        paper.foot = foot
        paper.add_page()
        paper.paragraphs(60)

    found = read(draw)
    assert len(found.places) >= 4
    assert run_on(found.text) == "".join(f"第{n}项任务。{BODY}" for n in range(1, 61))


def test_a_head_that_changes_with_the_chapter_and_one_line_pages(
    read: Callable[[Draw], Published],
) -> None:
    def draw(paper: Paper) -> None:
        paper.head = lambda n: f"第{'一二三'[(n - 1) // 3]}章 章名{'甲乙丙'[(n - 1) // 3]}   {n}"
        for page in range(1, 9):
            paper.add_page()
            paper.lines(f"正文第{'一二三四五六七八'[page - 1]}段内容不同。")

    text = read(draw).text
    assert "章名" not in text
    assert run_on(text) == "".join(f"正文第{n}段内容不同。" for n in "一二三四五六七八")


def test_what_a_browser_prints_at_the_edges_of_a_single_page_is_left_out(
    read: Callable[[Draw], Published],
) -> None:
    def draw(paper: Paper) -> None:
        paper.head = lambda n: "11/26/26, 9:07 PM    青石县规划"
        paper.foot = lambda n: f"file:///plans/a.html    {n}/1"
        paper.add_page()
        paper.lines("正文内容不同。", "网址是https://example.org/1/2")

    assert run_on(read(draw).text) == "正文内容不同。网址是https://example.org/1/2"


def test_lines_that_only_look_like_furniture_stay(read: Callable[[Draw], Published]) -> None:
    def draw(paper: Paper) -> None:
        for year in ("2026", "2028", "2035"):
            paper.add_page()
            paper.lines(year, f"这一年的目标是{year}项。")

    assert run_on(read(draw).text) == "".join(
        f"{y}这一年的目标是{y}项。" for y in (2026, 2028, 2035)
    )


def test_a_page_number_level_with_a_line_of_text_is_left_out(
    read: Callable[[Draw], Published],
) -> None:
    from paper import BODY

    heads = ["第一章 总则", "（二）服务业", "加快建设产业园，", "第四章 保障"]

    def draw(paper: Paper) -> None:
        for number, head in enumerate(heads, 3):
            paper.add_page()
            paper.set_y(20)
            paper.cell(170, 7, head)
            paper.lines(str(number))
            paper.lines(BODY[:30], f"{BODY[30:40]}，", "占比    5")

    wanted = "".join(f"{head}{BODY[:40]}，占比5" for head in heads)
    assert run_on(read(draw).text) == run_on(wanted)


def test_a_page_number_between_the_halves_of_a_last_line_is_left_out(
    read: Callable[[Draw], Published],
) -> None:
    from paper import BODY

    def draw(paper: Paper) -> None:
        paper.set_auto_page_break(False)
        for number in range(3, 7):
            paper.add_page()
            paper.set_y(250)
            paper.lines(BODY[number : number + 30], BODY[2 * number : 2 * number + 30])
            paper.cell(60, 7, BODY[:8])
            paper.cell(30, 7, str(number))
            paper.lines(BODY[8:16])

    wanted = (BODY[n : n + 30] + BODY[2 * n : 2 * n + 30] + BODY[:16] for n in range(3, 7))
    found = read(draw).text
    assert run_on(found) == "".join(wanted)
    assert BODY[:16] in found, "no blank where the number stood, perhaps inside a word"


@pytest.mark.parametrize(
    ("left", "right", "columns"),
    [
        (("坚持创新驱动发展战略", "加快建设现代化产业体", "系，推动制造业。"),
         ("培育壮大战略性新兴产", "业，前瞻布局未来产业", "，促进数字经济。"), True),
        (("坚持创新驱动发展战略。", "加快建设现代化产业体系。", "推动制造业高端化绿色化。"),
         ("培育壮大战略性新兴产业。", "前瞻布局未来产业和经济。", "促进数字经济和实体经济。"), False),
    ],
)  # fmt: skip
def test_columns_of_three_lines_run_on_as_cells_do_not(
    read: Callable[[Draw], Published],
    left: tuple[str, ...],
    right: tuple[str, ...],
    columns: bool,
) -> None:
    def draw(paper: Paper) -> None:
        paper.add_page()
        for at, lines in enumerate((left, right)):
            paper.set_y(20)
            for line in lines:
                paper.set_x(15 + at * 95)
                paper.lines(line)

    across = (cell for row in zip(left, right, strict=True) for cell in row)
    assert run_on(read(draw).text) == "".join((*left, *right) if columns else across)


@pytest.mark.parametrize("heading", ["第{}章 {}类", "{}、{}类任务"])
def test_columns_of_many_headings_above_a_page_number(
    read: Callable[[Draw], Published], heading: str
) -> None:
    from paper import BODY

    inner = "第一节" if heading[0] == "第" else "（一）"

    def draw(paper: Paper) -> None:
        paper.foot = lambda n: f"— {n} —"
        paper.add_page()
        for column, name in enumerate("甲乙"):
            paper.set_y(20)
            for n in "一二三":
                for line in (heading.format(n, name), f"{inner} {n}项", BODY[:20], BODY[20:25]):
                    paper.set_x(15 + column * 95)
                    paper.lines(line)

    wanted = [
        f"{heading.format(n, name)}{inner}{n}项{BODY[:25]}" for name in "甲乙" for n in "一二三"
    ]
    assert run_on(read(draw).text) == run_on("".join(wanted))


def test_columns_are_read_one_after_the_other(read: Callable[[Draw], Published]) -> None:
    from paper import BODY

    def draw(paper: Paper) -> None:
        paper.add_page()
        paper.cell(0, 10, "第一章 现代化产业体系", align="C", new_x="LMARGIN", new_y="NEXT")
        top = paper.get_y()
        for column, name in enumerate("左右"):
            paper.set_y(top + 0.9 * column)
            paper.paragraphs(4, f"{name}栏", 15 + column * 95, 20)
        paper.set_y(paper.get_y() + 5)
        paper.paragraphs(1, "通栏")

    wanted = [f"{name}栏第{n}项任务。{BODY}" for name in "左右" for n in range(1, 5)]
    found = read(draw).text
    assert run_on(found) == "第一章现代化产业体系" + "".join(wanted) + "通栏第1项任务。" + BODY


@pytest.mark.parametrize("columns", [2, 3, 4])
@pytest.mark.parametrize("table", [None, "inside", "across"])
def test_a_newspaper_s_columns_under_a_head_and_round_a_table(
    read: Callable[[Draw], Published], columns: int, table: str | None
) -> None:
    """Base lines differ from column to column, headings and short paragraphs stand in each."""
    from paper import BODY

    step, wide = 190 / columns, {2: 22, 3: 14, 4: 10}[columns]
    names, full = "甲乙丙丁"[:columns], 3 if columns == 4 else 1
    paragraph = [*(BODY[i * wide :][:wide] for i in range(full)), BODY[:3] + "。"]
    bottom = 52 + 21 * (full + 2)
    cells = [("指标", "现值", "目标")] + [(f"{n}项", f"{n}", f"{n + 3}") for n in range(1, 3)]

    def draw(paper: Paper) -> None:
        paper.add_page()
        placed(paper, (12, 12, "2版"), (90, 12, "2026年3月2日"), (160, 12, "责编：周平"))
        placed(paper, (75, 22, "云湖市发展规划纲要"), size=16)
        placed(paper, (84, 32, "云湖市人民政府"), size=13)
        for at, name in enumerate(names):
            paper.set_y(45 + 1.3 * at)
            items = (line for n in "一二三" for line in (f"（{n}）{name}{n}项", *paragraph))
            for line in (f"{name}栏。", *items):
                paper.set_x(10 + at * step)
                paper.lines(line)
        inside = (12 + step, 12 + 1.5 * step - 5, 2 * step - 8)
        lefts, top = (inside, 6) if table == "inside" else ((12, 87, 162), 10)
        for i, row in enumerate(cells if table else ()):
            placed(paper, *((x, bottom + top + 6 * i, t) for x, t in zip(lefts, row, strict=True)))

    text = read(draw).text
    rows = [list(row) for row in cells] if table else []
    assert table_rows(Published(text, (), {}, ())) == rows
    parts = [
        f"{name}栏。" + "".join(f"（{n}）{name}{n}项{''.join(paragraph)}" for n in "一二三")
        for name in names
    ]
    parts.insert(2 if table == "inside" else columns, "".join(map("".join, rows)))
    assert run_on(text) == "云湖市发展规划纲要云湖市人民政府" + "".join(parts)


def test_columns_whose_lines_begin_at_a_whole_point_or_just_behind_it(
    read: Callable[[Draw], Published],
) -> None:
    from paper import BODY

    def draw(paper: Paper) -> None:
        paper.add_page()
        margin = 42 / paper.k - paper.c_margin
        for line in range(12):
            for column in range(2):
                paper.set_x(margin + 95 * column + (0.25 if line % 3 else 0))
                paper.cell(0, 7, BODY[12 * column + line :][:18])
            paper.ln(7)

    lines = [BODY[start:][:18] for start in range(24)]
    assert run_on(read(draw).text) == run_on("".join(lines))


def test_paragraphs_begin_indented_and_headings_stand_apart(
    read: Callable[[Draw], Published],
) -> None:
    def draw(paper: Paper) -> None:
        paper.add_page()
        paper.lines("第一章 推动城乡区域协调发展和", "新型城镇化")
        paper.set_y(paper.get_y() + 8)
        paper.paragraphs(3)

    lines = read(draw).text.splitlines()
    assert lines[:3] == ["第一章 推动城乡区域协调发展和", "新型城镇化", ""]
    begun = [line for line in lines if "项任务" in line]
    assert len(begun) == 3 and all(line.startswith("　　第") for line in begun)
    others = [line for line in lines[3:] if "项任务" not in line]
    assert others and not any(line.startswith("　") for line in others)


HEAD = ("序号", "指标", "2025年", "2030年", "属性")
ROWS = [
    (str(n), f"第{n}项指标名称很长需要折行才能放进这一栏（%）", f"{n}.5", f"≥{n + 10}", "预期性")
    for n in range(1, 41)
]


@pytest.mark.parametrize(
    "borders", ["ALL", "INTERNAL", "NO_HORIZONTAL_LINES", "HORIZONTAL_LINES", "MINIMAL", "NONE", "SINGLE_TOP_LINE"]
)  # fmt: skip
def test_tables_by_rules_and_by_alignment_go_on_over_pages(
    read: Callable[[Draw], Published], borders: str
) -> None:
    def draw(paper: Paper) -> None:
        paper.foot = lambda n: f"- {n} -"
        paper.add_page()
        paper.lines("主要指标")
        with paper.table(
            [HEAD, *ROWS],
            borders_layout=borders,
            col_widths=(10, 50, 20, 20, 20),
            text_align="CENTER",
            headings_style=paper.plain,
            padding=1,
        ):
            pass
        paper.paragraphs(1)

    found = read(draw)
    assert len(found.places) > 2
    assert table_rows(found) == [list(HEAD), *map(list, ROWS)]


def test_merged_cells_stand_in_the_first_and_leave_the_others_empty(
    read: Callable[[Draw], Published],
) -> None:
    def draw(paper: Paper) -> None:
        paper.add_page()
        with paper.table(headings_style=paper.plain, num_heading_rows=2) as table:
            row = table.row()
            row.cell("类别", rowspan=2)
            row.cell("指标", rowspan=2)
            row.cell("规划目标", colspan=2)
            table.row(["2025年", "2030年"])
            row = table.row()
            row.cell("经济发展", rowspan=2)
            for text in ("地区生产总值\n（亿元）", "520", "680"):
                row.cell(text)
            table.row(["全员劳动生产率", "20", "30"])
            row = table.row()
            row.cell("生态环境", colspan=4)

    assert table_rows(read(draw)) == [
        ["类别", "指标", "规划目标", ""],
        ["", "", "2025年", "2030年"],
        ["经济发展", "地区生产总值（亿元）", "520", "680"],
        ["", "全员劳动生产率", "20", "30"],
        ["生态环境", "", "", ""],
    ]


def placed(paper: Paper, *cells: tuple[float, float, str], size: float = 9) -> None:
    """Cells at places from the left and the top."""
    paper.set_font_size(size)
    for left, top, text in cells:
        paper.set_xy(left, top)
        paper.cell(0, 4, text)
    paper.set_font_size(11)


def test_rows_as_tight_as_lines_with_categories_between_them(
    read: Callable[[Draw], Published],
) -> None:
    """No ruling lines, categories in the middle of their rows, a title of another size above."""

    def draw(paper: Paper) -> None:
        paper.add_page()
        placed(paper, (60, 30, "主要指标"), size=11)
        placed(paper, (20, 36, "类别"), (50, 36, "指标"), (100, 36, "2025年"), (140, 36, "2030年"))
        for n in range(8):
            top = 42 + 6 * n
            name = f"第{'一二三四五六七八'[n]}项指标"
            placed(paper, (50, top, name), (100, top, f"{n}.5"), (140, top, f"≥{n + 10}"))
        placed(paper, (20, 51, "经济发展"), (20, 75, "生态环境"))

    rows = table_rows(read(draw))
    assert rows[0] == ["类别", "指标", "2025年", "2030年"]
    assert [row[1:] for row in rows[1:]] == [
        [f"第{'一二三四五六七八'[n]}项指标", f"{n}.5", f"≥{n + 10}"] for n in range(8)
    ]
    assert [row[0] for row in rows[1:] if row[0]] == ["经济发展", "生态环境"]


def test_the_same_rest_of_a_row_on_several_pages_is_no_running_head(
    read: Callable[[Draw], Published],
) -> None:
    """No ruling lines; each page ends inside the name of its last row."""
    names = [f"第{a}{b}类" for a in "一二三" for b in "甲乙丙丁戊己庚辛"]

    def draw(paper: Paper) -> None:
        paper.set_auto_page_break(False)
        for page in range(3):
            paper.add_page()
            cells = [(34.0, 20.0, "值的比重（%）")] if page else []
            if not page:
                head = ("序号", "指标", "2025年", "2030年", "属性")
                cells += [
                    (x, 20, text) for x, text in zip((20, 34, 94, 114, 134), head, strict=True)
                ]
            for row in range(8):
                top, number = 27 + 16.5 * row, 8 * page + row
                cells += [(20, top, str(number + 1)), (34, top, names[number])]
                cells += [
                    (94, top, f"{number}.5"),
                    (114, top, str(number + 9)),
                    (134, top, "预期性"),
                ]
                cells.append((34, top + 4.2, "产业增加值占生产总"))
                if row < 7 or page == 2:
                    cells.append((34, top + 8.4, "值的比重（%）"))
            placed(paper, *cells)

    rows = table_rows(read(draw))
    assert [row[1] for row in rows[1:]] == [
        f"{name}产业增加值占生产总值的比重（%）" for name in names
    ]


def test_notes_at_the_feet_of_pages_stand_at_the_end(read: Callable[[Draw], Published]) -> None:
    """Their marks begin anew on each page; small print without a mark in the text stays."""

    def draw(paper: Paper) -> None:
        for page in ("一", "二"):
            paper.add_page()
            paper.paragraphs(6, f"第{page}页")
            paper.cell(paper.get_string_width("建设示例科技平台") + 2, 7, "建设示例科技平台")
            left, top = paper.get_x(), paper.get_y()
            paper.set_font_size(6)
            paper.set_xy(left, top)
            paper.cell(3, 5, "1")
            paper.set_font_size(11)
            paper.set_xy(left + 3, top)
            paper.cell(0, 7, "和创新中心。")
            placed(
                paper, (10, 262, f"1 科技平台：面向企业的第{page}个"), (10, 266, "公共服务平台。")
            )
        paper.add_page()
        paper.paragraphs(6, "第三页")
        placed(paper, (10, 262, "1项数据来自统计局。"))
        paper.add_page()
        paper.paragraphs(6, "第四页")
        wide = [paper.get_string_width(text) for text in ("新建食堂", "新建食堂　45个，面积2万m")]
        placed(paper, (10, 240, "新建食堂　45个，面积2万m　。"), size=11)
        placed(paper, *((10 + w, 239, mark) for w, mark in zip(wide, "12", strict=True)), size=6)
        placed(paper, (10, 262, "1"), size=4)
        placed(paper, (11.5, 263, "食堂：街道办的食堂。"), size=5)

    found = read(draw)
    text = run_on(found.text)
    assert text.count("建设示例科技平台¹和创新中心。") == 1
    assert text.count("建设示例科技平台²和创新中心。") == 1
    assert "1项数据来自统计局。第四页" in text and "新建食堂³45个，面积2万m²。" in text
    assert text.endswith(
        "注释注1：科技平台：面向企业的第一个公共服务平台。"
        "注2：科技平台：面向企业的第二个公共服务平台。注3：食堂：街道办的食堂。"
    )
    assert [p.locator for p in found.places[-3:]] == ["page=1", "page=2", "page=4"]


def test_a_frame_round_running_text_is_no_table(read: Callable[[Draw], Published]) -> None:
    from paper import BODY

    def draw(paper: Paper) -> None:
        paper.add_page()
        paper.rect(10, 20, 190, 60)
        paper.line(10, 30, 200, 30)
        paper.set_y(22)
        paper.lines("专栏1 重点工程")
        paper.paragraphs(1)

    found = read(draw)
    assert "\t" not in found.text
    assert run_on(found.text) == "专栏1重点工程第1项任务。" + BODY


def test_a_heading_and_a_contents_list_are_no_table(read: Callable[[Draw], Published]) -> None:
    def draw(paper: Paper) -> None:
        paper.add_page()
        for number in "一二三四五":
            paper.lines(f"第{number}章 建设现代化产业体系 ............ 12")

    found = read(draw)
    assert "\t" not in found.text and found.text.count("............") == 5


def test_what_is_not_seen_is_no_text(read: Callable[[Draw], Published]) -> None:
    def draw(paper: Paper) -> None:
        paper.add_page()
        paper.lines("看得见的第一行。")
        paper.set_text_color(255)
        paper.lines("白纸上的白字。")
        paper.set_fill_color(0, 40, 90)
        paper.cell(80, 8, "深色底上的白字。", fill=True, new_x="LMARGIN", new_y="NEXT")
        paper.set_text_color(0)
        paper.set_font_size(1)
        paper.lines("小得看不见的字。")
        paper.set_font_size(11)
        paper.text(-300, 50, "页面以外的字。")
        with paper.unseen():
            paper.lines("不着墨的字。")
        with paper.rotation(45, 100, 150):
            paper.text(60, 150, "斜放的水印征求意见稿")
        paper.lines("看得见的最后一行。")

    text = run_on(read(draw).text)
    assert text == "看得见的第一行。深色底上的白字。看得见的最后一行。"


def test_what_is_drawn_twice_is_read_once(read: Callable[[Draw], Published]) -> None:
    def draw(paper: Paper) -> None:
        paper.add_page()
        for shift in (0, 0.2):
            paper.text(20 + shift, 30, "第一章 发展目标……1111")

    assert read(draw).text.strip() == "第一章 发展目标……1111"


def test_a_level_watermark_does_not_cut_through_lines(read: Callable[[Draw], Published]) -> None:
    from paper import BODY

    def draw(paper: Paper) -> None:
        for page in range(5):
            paper.add_page()
            paper.paragraphs(4, first=1 + 4 * page)
            paper.set_font_size(40)
            paper.set_text_color(210)
            paper.text(40, 62, "征求意见稿")
            paper.set_font_size(11)
            paper.set_text_color(0)

    wanted = "".join(f"第{n}项任务。{BODY}" for n in range(1, 21))
    assert run_on(read(draw).text) == wanted


def test_a_page_on_its_side_is_read_upright(read: Callable[[Draw], Published]) -> None:
    def draw(paper: Paper) -> None:
        paper.add_page()
        with paper.rotation(90, 105, 148):
            for number in range(5):
                paper.text(20, 100 + 8 * number, f"横放的第{number}行文字。")

    assert read(draw).text.split() == [f"横放的第{n}行文字。" for n in range(5)]


def scan(paper: Paper, recognised: str = "") -> None:
    """A page that is a picture, with the text recognised on it as a layer that is not drawn."""
    paper.add_page()
    from PIL import Image

    paper.image(Image.new("RGB", (300, 400), (240, 235, 230)), 0, 0, 210, 297)
    if recognised:
        with paper.unseen():
            paper.lines(recognised)


def test_a_page_without_text_is_named(read: Callable[[Draw], Published]) -> None:
    def draw(paper: Paper) -> None:
        paper.add_page()
        paper.lines("第一章 总则")
        scan(paper)
        paper.add_page()
        scan(paper, "识别出来的文字。")

    found = read(draw)
    assert run_on(found.text) == "第一章总则识别出来的文字。"
    assert [place.locator for place in found.places] == ["page=1", "page=4"]
    assert [(f.kind, dict(f.values)) for f in found.findings] == [("unread-page", {"page": "2"})]


def test_a_scan_is_recognised_where_the_extra_is_installed(
    read: Callable[[Draw], Published], font: Path
) -> None:
    pytest.importorskip("rapidocr_onnxruntime", reason="planlink[ocr] is not installed")
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (1240, 1754), "white")
    pen, letters = ImageDraw.Draw(picture), ImageFont.truetype(str(font), 36)
    for number, line in enumerate(("第一章 加快创新发展", "到2030年，森林覆盖率达到35%。")):
        pen.text((150, 200 + 80 * number), line, fill="black", font=letters)

    def draw(paper: Paper) -> None:
        paper.add_page()
        paper.image(picture, 0, 0, 210, 297)

    found = read(draw)
    assert [(f.kind, dict(f.values)) for f in found.findings] == [
        ("recognised-page", {"page": "1"})
    ]
    assert (
        run_on(found.text).replace(",", "，") == "第一章加快创新发展到2030年，森林覆盖率达到35%。"
    )


@pytest.mark.parametrize("method", ["RC4", "AES_128", "AES_256"])
def test_a_file_that_only_its_owner_locked_is_read(
    read: Callable[[Draw], Published], method: str
) -> None:
    def draw(paper: Paper) -> None:
        paper.lock(method, "")
        paper.add_page()
        paper.lines("第一章 总则")

    assert read(draw).text.strip() == "第一章 总则"


def test_a_file_locked_by_a_password_is_refused_in_one_line(
    read: Callable[[Draw], Published],
) -> None:
    def draw(paper: Paper) -> None:
        paper.lock("AES_256", "user")
        paper.add_page()

    with pytest.raises(PlanlinkError, match="locked by a password"):
        read(draw)


def test_properties_and_places(read: Callable[[Draw], Published]) -> None:
    def draw(paper: Paper) -> None:
        paper.set_title("Microsoft Word - 云湖市规划纲要.docx")
        paper.set_author("云湖市人民政府")
        paper.set_creation_date(datetime(2026, 3, 1, tzinfo=UTC))
        for number in "一二":
            paper.add_page()
            paper.lines(f"第{number}章 总则")

    found = read(draw)
    assert found.properties == {"title": "云湖市规划纲要"}  # the day it was made is none of issue
    assert [found.text[place.start :].split("\n")[0] for place in found.places] == [
        "第一章 总则",
        "第二章 总则",
    ]


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of these objects, the first its catalogue."""
    written = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(written) + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(written))
    )


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"


def page_of(content: bytes, resources: bytes = b"<< >>") -> bytes:
    """A PDF of one page that draws the content, packed."""
    packed = zlib.compress(content, 9)
    return pdf_of(
        CATALOGUE,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources %s >>"
        % resources,
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )


HELVETICA = b"<< /Font << /F1 5 0 R >> >>"
# Each is made where it is read: one takes a second.
HOSTILE: dict[str, Callable[[], bytes]] = {
    "no PDF": lambda: b"this is a letter",
    "a header alone": lambda: b"%PDF-1.4 broken",
    "no pages": lambda: pdf_of(CATALOGUE, b"<< /Type /Pages /Kids [] /Count 0 >>"),
    "pages that hold themselves": lambda: pdf_of(
        CATALOGUE, b"<< /Type /Pages /Kids [2 0 R] /Count 1000000 >>"
    ),
    "too many pages": lambda: pdf_of(CATALOGUE, b"<< /Type /Pages /Kids [%s] /Count 4000 >>" % (b"3 0 R " * 4000), b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"),
    "too many characters": lambda: page_of(b"BT /F1 9 Tf " + b"".join(b"1 0 0 1 %d %d Tm (abc%05d) Tj " % (n // 60 % 10 * 50, n % 60 * 12, n) for n in range(20_000)) + b"ET", HELVETICA),
    "forms in one another": lambda: pdf_of(
        CATALOGUE,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 5 0 R /Resources << /XObject << /X 4 0 R >> >> >>",
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >> /Length 12 >>\nstream\n/X Do /X Do \nendstream",
        b"<< /Length 6 >>\nstream\n/X Do \nendstream",
    ),
    "a deep tree of pages": lambda: pdf_of(
        CATALOGUE,
        *(b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (n + 3) for n in range(20_000)),
        b"<< /Type /Page /MediaBox [0 0 9 9] >>",
    ),
    "a hundred thousand objects": lambda: page_of(b"0 0 m 9 9 l S\n" * 100_000),
    "a stream that unpacks to 300 megabytes": lambda: page_of(b" " * 300_000_000),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_broken_and_hostile_files_end_in_one_line(name: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    path.write_bytes(HOSTILE[name]())
    try:
        found = read_pdf(path)
    except PlanlinkError as error:
        assert str(path) in str(error) and "\n" not in str(error)
    else:
        assert not found.text.strip()


@pytest.mark.parametrize(
    "name",
    ["90-control", "94-running-header", "98-encrypted-aes256-emptyuser"],
)
def test_small_inputs_that_went_wrong(name: str, shared: Path) -> None:
    found = read_pdf(shared / "cases" / "documents" / f"{name}.pdf")
    assert table_rows(found) == [
        ["序号", "指标", "单位", "2025年", "2030年", "属性"],
        ["1", "地区生产总值", "亿元", "520", "680", "预期性"],
        ["2", "空气优良天数比例", "%", "80", "85", "约束性"],
    ]
    assert "国家高新技术企业达到120家。" in run_on(found.text)
    assert found.text.count("青石县“十五五”") == 1 and "— 1 —" not in found.text


def test_a_published_plan(shared: Path) -> None:
    name = "hubei_province_cultural_relics_14fyp_2021"
    found = read_pdf(shared / "plans" / f"{name}.pdf")
    kept = (shared / "plans" / f"{name}.txt").read_text(encoding="utf-8")
    numbers = {str(n) for n in range(1, 40)}
    wanted = [run_on(line) for line in kept.splitlines() if line.strip() not in numbers]
    wanted = [line for line in wanted if line]
    text = run_on(found.text)
    position, inside = 0, 0
    for line in wanted:
        at = text.find(line, position, position + 400)
        if at >= 0:
            position, inside = at + len(line), inside + len(line)
    table = [i for i, line in enumerate(wanted) if line.startswith("“十四五”时期湖北省")]
    assert table and inside / sum(map(len, wanted)) > 0.95
    with (shared / "plans" / f"{name}.indicators.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    read_rows = [row[1:] for row in table_rows(found)]
    assert [run_on(r["name"]) for r in rows] == [
        name for name, value, _ in read_rows if any(run_on(r["name"]) == name for r in rows)
    ]
    for row in rows:
        assert [run_on(row[key]) for key in ("name", "target", "attribute")] in read_rows
    assert [(f.kind, f.values["page"]) for f in found.findings] == [("unread-page", "1")]


# As a browser prints a table with level rules alone: what stands at each height, from the left.
PRINTED = {
    62.4: "26.4 序, 86.8 2025, 100.3 2030",
    65.6: "14.0 类别, 50.1 指标名称, 112.5 属性",
    68.8: "26.4 号, 89.4 年, 102.9 年",
    75.9: "99.9 5.5左, 112.5 预期",
    79.1: "27.3 1, 33.3 地区生产总值增长率（%）, 88.5 5.3",
    82.3: "102.9 右, 114.7 性",
    89.4: "14.0 经济, 112.5 预期",
    92.6: "27.3 2, 33.4 全员劳动生产率（万元/人）, 87.4 18.6, 100.5 ≥23",
    95.8: "14.0 发展, 114.7 性",
    102.9: "35.2 全社会研发经费投入强度, 99.9 2.6以, 112.5 预期",
    106.1: "27.3 3, 88.5 2.1",
    109.3: "52.3 （%）, 102.9 上, 114.7 性",
    116.4: "112.5 预期",
    119.6: "27.3 4, 33.1 城镇新增就业人数（万人）, 85.9 [11.5], 101.2 [12]",
    123.3: "14.3 民生, 114.7 性",
    129.9: "14.0 福祉, 34.1 每千人口拥有3岁以下婴幼, 112.5 预期",
    133.1: "27.3 5, 88.5 3.9, 100.1 4.5-5",
    136.3: "43.8 儿托位数（个）, 114.7 性",
    143.4: "112.5 约束",
    146.6: "27.3 6, 41.8 森林覆盖率（%）, 87.4 41.2, 100.5 ≥42",
    150.3: "14.0 绿色, 114.7 性",
    156.9: "14.3 生态, 33.1 地表水达到或好于Ⅲ类水体, 112.5 约束",
    160.1: "27.3 7, 89.1 88, 102.6 90",
    163.3: "48.5 比例（%）, 114.7 性",
}
RULES = {
    57.0: 11.9,
    70.5: 11.9,
    84.0: 24.6,
    97.5: 24.6,
    111.0: 11.9,
    124.5: 24.6,
    138.0: 11.9,
    151.5: 24.6,
    165.0: 11.9,
}


def as_printed(paper: Paper, heights: dict[float, str]) -> None:
    """Place what stands at each height, from the left."""
    for base, words in heights.items():
        pieces = [piece.split(" ", 1) for piece in words.split(", ")]
        placed(paper, *((float(x) - 1, base - 3.4, text) for x, text in pieces), size=10.5)


def test_a_table_with_level_rules_beside_cells_of_several_rows(
    read: Callable[[Draw], Published],
) -> None:
    def draw(paper: Paper) -> None:
        paper.add_page()
        as_printed(paper, PRINTED)
        for height, left in RULES.items():
            paper.line(left, height, 122, height)

    assert table_rows(read(draw)) == [
        ["类别", "序号", "指标名称", "2025年", "2030年", "属性"],
        ["经济发展", "1", "地区生产总值增长率（%）", "5.3", "5.5左右", "预期性"],
        ["", "2", "全员劳动生产率（万元/人）", "18.6", "≥23", "预期性"],
        ["", "3", "全社会研发经费投入强度（%）", "2.1", "2.6以上", "预期性"],
        ["民生福祉", "4", "城镇新增就业人数（万人）", "[11.5]", "[12]", "预期性"],
        ["", "5", "每千人口拥有3岁以下婴幼儿托位数（个）", "3.9", "4.5-5", "预期性"],
        ["绿色生态", "6", "森林覆盖率（%）", "41.2", "≥42", "约束性"],
        ["", "7", "地表水达到或好于Ⅲ类水体比例（%）", "88", "90", "约束性"],
    ]


# As a browser prints one without rules, the lines of one category a little closer than all others.
UNRULED = {
    31.0: "142 年均增长（%）",
    33.3: "27 类别, 38 序号, 65 指标, 89 2020年, 115 2025年, 174 属性",
    44.1: "48 单位地区生产总值能源",
    46.8: "39 1, 93 —, 119 —, 140 [完成省下达目标], 172 约束性",
    49.2: "48 消耗降低（%）",
    57.4: "48 单位地区生产总值二氧",
    60.1: "39 2, 93 —, 119 —, 140 [完成省下达目标], 172 约束性",
    62.4: "48 化碳排放降低（%）",
    68.5: "27 绿色",
    70.6: "48 细颗粒物年均浓度",
    73.6: "27 生态, 39 3, 93 37, 117 ≤33, 153 —, 172 约束性",
    76.5: "48 （微克/立方米）",
    84.6: "48 国省考断面水质优良比",
    87.3: "39 4, 91 97.6, 108 完成省下达目标, 153 —, 172 约束性",
    89.7: "48 例（%）",
    97.9: "39 5, 48 林木覆盖率（%）, 91 24.1, 115 24以上, 153 —, 172 约束性",
    106.1: "48 粮食综合生产能力（万",
    108.5: "39 6, 92 287, 118 287, 153 —, 172 约束性",
    111.1: "48 吨）",
    115.1: "27 安全",
    119.3: "27 保障, 48 安全事故死亡人数",
    124.3: "39 7, 48 （人/亿元地区生产总, 90 0.012, 104 控制在省下达指标内, 153 —, 172 约束性",
    129.4: "48 值）",
}


def test_a_category_whose_lines_are_a_little_closer_parts_no_row(
    read: Callable[[Draw], Published],
) -> None:
    def draw(paper: Paper) -> None:
        paper.add_page()
        as_printed(paper, UNRULED)

    promised = "[完成省下达目标]"
    assert [row[1:] for row in table_rows(read(draw))[1:]] == [
        ["1", "单位地区生产总值能源消耗降低（%）", "—", "—", promised, "约束性"],
        ["2", "单位地区生产总值二氧化碳排放降低（%）", "—", "—", promised, "约束性"],
        ["3", "细颗粒物年均浓度（微克/立方米）", "37", "≤33", "—", "约束性"],
        ["4", "国省考断面水质优良比例（%）", "97.6", "完成省下达目标", "—", "约束性"],
        ["5", "林木覆盖率（%）", "24.1", "24以上", "—", "约束性"],
        ["6", "粮食综合生产能力（万吨）", "287", "287", "—", "约束性"],
        [
            "7",
            "安全事故死亡人数（人/亿元地区生产总值）",
            "0.012",
            "控制在省下达指标内",
            "—",
            "约束性",
        ],
    ]


def test_the_rule_below_a_running_head_is_no_side_of_a_table(
    read: Callable[[Draw], Published],
) -> None:
    def draw(paper: Paper) -> None:
        paper.add_page()
        paper.line(10, 30, 140, 30)
        for height in (40, 50):
            paper.line(20, height, 120, height)
        for x in (20, 80, 120):
            paper.line(x, 30, x, 50)
        placed(
            paper, (22, 33, "指标名称"), (90, 33, "2025年"), (22, 43, "森林覆盖率"), (90, 43, "42%")
        )

    assert table_rows(read(draw)) == [["指标名称", "2025年"], ["森林覆盖率", "42%"]]


def test_a_mark_that_is_raised_behind_the_second_line_of_a_cell(
    read: Callable[[Draw], Published],
) -> None:
    def draw(paper: Paper) -> None:
        paper.add_page()
        for height in (30, 45, 60):
            paper.line(20, height, 120, height)
        for x in (20, 80, 120):
            paper.line(x, 30, x, 60)
        placed(paper, (22, 34, "指标名称"), (90, 34, "2025年"), size=10.5)
        placed(paper, (22, 47, "营运车辆二氧化碳排放下"), (22, 52.5, "降率"), size=10.5)
        placed(paper, (90, 50, "[5]"), size=10.5)
        placed(paper, (29.6, 51.2, "①"), size=8.75)

    assert table_rows(read(draw))[1] == ["营运车辆二氧化碳排放下降率①", "[5]"]


def test_a_row_without_wide_gaps_doubles_none(read: Callable[[Draw], Published]) -> None:
    names = [f"第{n}项指标" for n in "一二三四五六七"]
    names[3] = "第四项指标的名称很长"
    values = ["1.5", "2.5", "3.5", "12345", "5.5", "6.5", "7.5"]

    def draw(paper: Paper) -> None:
        paper.add_page()
        for n, (name, value) in enumerate(zip(names, values, strict=True)):
            top = 40 + 5 * n
            placed(paper, (20, top, name), (60, top, value), (73, top, value), size=10.5)

    assert table_rows(read(draw)) == [list(row) for row in zip(names, values, values, strict=True)]


def test_the_rest_of_a_row_on_a_page_with_one_more_is_that_row_s(
    read: Callable[[Draw], Published],
) -> None:
    """No ruling lines, names of three lines, the last row but one broken by the page's end."""

    def draw(paper: Paper) -> None:
        lines = ["第{}类公共", "服务网点达", "标率"]
        paper.add_page()
        placed(
            paper,
            (20, 30, "序号"),
            (50, 30, "指标"),
            (90, 30, "2025年"),
            (130, 30, "2030年"),
            size=10.5,
        )
        for n in range(9):
            top = 39 + 19 * n if n < 8 else 35
            if n == 8:
                paper.add_page()
                placed(paper, (50, 20, lines[1]), (50, 25.2, lines[2]), size=10.5)
            placed(
                paper,
                (20, top, str(n + 1)),
                (90, top, f"{n}.5"),
                (130, top, f"{n + 4}.5"),
                size=10.5,
            )
            for i, words in enumerate(lines[: 1 if n == 7 else 3]):
                named = words.format("一二三四五六七八九"[n])
                placed(paper, (50, top + 5.2 * i, named), size=10.5)

    assert table_rows(read(draw))[1:] == [
        [str(n + 1), f"第{'一二三四五六七八九'[n]}类公共服务网点达标率", f"{n}.5", f"{n + 4}.5"]
        for n in range(9)
    ]
