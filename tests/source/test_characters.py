"""Characters that are read as others or not at all, and encodings: places stay as published."""

from __future__ import annotations

import itertools
import unicodedata
from pathlib import Path

import pyoxigraph as ox
import pytest
from support import run

from kg.document.structure import read_document
from kg.errors import PlanlinkError
from kg.source.characters import unseen, writable
from kg.source.text import Erratum, Span, decode, normal, on_one_line, stretch

UNSEEN = (
    "\u200b\u200c\u200d\ufeff\u2060\u00ad\ufe0f\u202e\u2066\x01\x08\x1b\x7f\x9f\ufffe\U000e0100"
)
PLAN = """云湖市青石县国民经济和社会发展第十五个五年规划纲要
第一章 发展基础和主要目标
第一节 主要指标
青石县“十五五”主要指标
序号\t指标\t单位\t2025年\t2030年\t属性
1\t地区生产总值\t亿元\t520\t680\t预期性
2\t空气优良天数比例\t%\t80\t85\t约束性
第二章 建设现代化产业体系
第一节 壮大先进制造业
加快青石科技产业园建设。到2030年，国家高新技术企业达到120家。
"""


@pytest.mark.parametrize("mark", UNSEEN, ids=lambda c: f"U+{ord(c):04X}")
def test_a_plan_full_of_unseen_characters_reads_as_without(mark: str) -> None:
    """One between any two characters: the same headings, sentences and table, at their places."""
    source = mark + "".join(c if c == "\n" else c + mark for c in PLAN)
    plain, found = read_document(PLAN, "plain"), read_document(source, "found")
    assert found.source == source
    assert [(s.number, s.heading) for s in found.sections] == [
        (s.number, s.heading) for s in plain.sections
    ]
    assert [s.text for s in found.sentences] == [s.text for s in plain.sentences]
    for a, b in zip(plain.sentences, found.sentences, strict=True):
        assert (
            source[b.span.start : b.span.end].replace(mark, "") == PLAN[a.span.start : a.span.end]
        )
        assert found.read(b.span).text == normal(found.printed(b.span)) == b.text
        at = b.text.index("建设") if "建设" in b.text else 0
        place = b.read.locate(at, at + 2)
        assert source[place.start : place.end].replace(mark, "") == b.text[at : at + 2]
    for a, b in zip(plain.tables[0].rows, found.tables[0].rows, strict=True):
        assert (b.number, b.name.text) == (a.number, a.name.text)
        assert source[b.name.span.start : b.name.span.end].replace(mark, "") == b.name.text
        assert [(column, cell.text) for column, cell in b.values] == [
            (column, cell.text) for column, cell in a.values
        ]


@pytest.mark.parametrize(
    "end", "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", ids=lambda c: f"U+{ord(c):04X}"
)
def test_other_ends_of_lines(end: str) -> None:
    found = read_document(PLAN.replace("\n", end), "x")
    assert [s.number for s in found.sections] == ["1", "1.1", "2", "2.1", "annex1"]
    assert found.sentences[-1].text == "到2030年,国家高新技术企业达到120家。"
    broken = read_document(PLAN.replace("产业园建设", f"产业{end}园建设"), "x")
    assert broken.sentences[0].text == "加快青石科技产业园建设。"
    assert broken.printed(broken.sentences[0].span) == "加快青石科技产业园建设。"
    assert end not in stretch(f"Smart{end}City", Span(0, 10)).text


def test_an_erratum_keeps_its_place_among_unseen_characters() -> None:
    source = PLAN.replace("产业园", "产\u200b业\u200b困")
    at = source.index("困")
    erratum = Erratum(Span(at, at + 1), "困", "园", "scan")
    gap = Erratum(Span(source.index("家。") + 1, source.index("家。") + 1), "", "以上", "lost")
    found = read_document(source, "x", [erratum, gap])
    assert [s.text for s in found.sentences][-2:] == [
        "加快青石科技产业园建设。",
        "到2030年,国家高新技术企业达到120家以上。",
    ]
    assert erratum in found.errata


def test_a_plan_full_of_controls_is_published(tmp_path: Path) -> None:
    """Every control character in a heading, a name, a number and a cell: a release all the same."""
    marks = "".join(
        chr(code) for code in range(0x20) if chr(code) not in "\n\r\t\x0b\x0c\x1c\x1d\x1e"
    )
    source = PLAN
    for word in ("第二章", "产业园", "120", "地区生产总值", "县国民"):
        source = source.replace(word, f"{word[0]}{marks}{word[1:]}")
    source = source.replace("到2030年，国家", "到2030年，\x0c国\x0b家")
    (tmp_path / "plan.txt").write_text(source, encoding="utf-8")
    made = run("new", tmp_path / "plan.txt", tmp_path / "plan")
    assert made.returncode == 0, made.stderr
    (tmp_path / "plan" / "plan.toml").write_text(
        'slug = "qingshi-2026"\ntitle = "纲要"\nissuer = "青石县人民政府"\narea = "云湖市青石县"\n'
        'period = [2026, 2030]\nsource = "source.txt"\n',
        encoding="utf-8",
    )
    done = run("publish", tmp_path / "plan", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    store = ox.Store.read_only(str((tmp_path / "out" / "current").resolve() / "store"))
    query = (
        "PREFIX plan: <https://w3id.org/planlink/ns#> "
        "SELECT ?v { ?i a plan:Indicator ; plan:hasTarget/plan:value ?v }"
    )
    rows = store.query(query, use_default_graph_as_union=True)
    assert {"680", "85", "120"} <= {row["v"].value for row in rows}


def test_radicals_and_look_alikes_are_read_as_what_they_stand_for() -> None:
    pairs = {
        "第⼀章⻓⻔⻋⻅⽣⾦": "第一章长门车见生金",
        "ＡＢ１２％（）：；！～": "AB12%():;!~",
        "﹪≧≦⩾—―–−": "%≥≤≥——--",
        "︲﹝︼薴": "-[]苎",
        "\u3000\u00a0\u2003x": "   x",
        "發展規劃": "发展规划",
        "金樂": "金乐",
        "￥": "¥",
        "①Ⅱ㎡℃〇": "①Ⅱ㎡℃〇",
    }
    for published, read in pairs.items():
        assert normal(published) == read
    for code in range(0x110000):
        if not 0xD800 <= code < 0xE000:
            read = normal(chr(code))
            assert len(read) == 1 and normal(read) == read


def test_raised_digits_are_marks_behind_words_and_powers_behind_units() -> None:
    text = "平台⁵⁷建设”²，面积5km²、10⁴吨、3×10²³个，新增60³家、110¹²个、P+R²车场、85%⁴。³"
    assert [text[a:b] for a, b in unseen(text)] == ["⁵⁷", "²", "³", "¹²", "²", "⁴", "³"]
    read = "平台建设”，面积5km²、10⁴吨、3×10²³个，新增60家、110个、P+R车场、85%。"
    assert stretch(text, Span(0, len(text))).text == read


def test_what_is_written_out_is_legal_in_xml() -> None:
    text = "".join(map(chr, itertools.chain(range(0x20), (0xFFFE, 0xFFFF, 0x41))))
    written = writable(text)
    assert len(written) == len(text)
    assert all(c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff") for c in written)
    assert written[1] == "\u2401" and written[0x0C] == "\n" and unicodedata.name(written[1])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gbk", "utf-16-le", "utf-16-be"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    for mark in ("", "\ufeff")[: 1 if encoding == "gbk" else 2]:  # GBK has no mark
        (tmp_path / "source.txt").write_bytes(f"{mark}{PLAN}".encode(encoding))
        named = "gb18030" if encoding == "gbk" else encoding
        assert decode(tmp_path / "source.txt") == (f"{mark}{PLAN}", named)


def test_big5_and_short_texts(tmp_path: Path) -> None:
    path = tmp_path / "source.txt"
    for text, encoding in (
        ("雲湖市規劃綱要", "big5"),
        ("云湖市规划纲要", "gbk"),
        ("Plan 2030", "ascii"),
    ):
        path.write_bytes(text.encode(encoding))
        assert decode(path)[0] == text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b" \n\x00", "the file is empty"),
        (PLAN.encode("gb18030") + b"\xff\xff\n" + PLAN.encode("gb18030"), "byte 331 on line 11"),
        (PLAN.encode() + b"\n\xe7", r"line \d+ is no UTF-8"),
        (PLAN.encode().replace(b"\n", b"\xff\n", 3)[:-1], "is no UTF-8"),
        (PLAN.encode().decode("latin-1").encode(), "make no Chinese"),
        (bytes(range(256)) * 40, "no text in UTF-8"),
    ],
    ids=["empty", "blank", "broken", "cut", "bad", "mojibake", "binary"],
)
def test_what_is_no_text(content: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "source.txt").write_bytes(content)
    with pytest.raises(PlanlinkError, match=says):
        decode(tmp_path / "source.txt")


def test_a_word_that_a_line_breaks_is_shown_whole() -> None:
    assert (
        on_one_line("福利\n彩票达到\n 3亿元, in\nall。第一章 总则")
        == "福利彩票达到3亿元, in all。第一章 总则"
    )
