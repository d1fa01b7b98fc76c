"""Word files, feature by feature: the text that an author sees, in order, with its places."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from kg.errors import PlanlinkError
from kg.source.intake import read_published
from kg.source.published import Published

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = (
    f'xmlns:w="{W}" xmlns:r="{R}" '
    f'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)


def docx(path: Path, body: str, strict: bool = False, **parts: str) -> Path:
    """A Word file with a body and further parts, as raw XML."""
    relations = "".join(
        f'<Relationship Id="{name}" Type="{R}/{name}" Target="{name}.xml"/>' for name in parts
    )
    members = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="x"><Relationship Id="a" Type="{R}/officeDocument" Target="word/document.xml"/>'
        '<Relationship Id="b" Type="x/core-properties" Target="docProps/core.xml"/>'
        '<Relationship Id="c" Type="x/extended-properties" '
        'Target="/docProps/app.xml"/></Relationships>',
        "word/document.xml": f"<w:document {NAMES}><w:body>{body}<w:sectPr/></w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="x">{relations}</Relationships>',
        "docProps/core.xml": '<cp xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
        "<dc:title>云湖市规划</dc:title><dc:creator>张三</dc:creator><dcterms:created>2026-03-02T08:00:00Z</dcterms:created></cp>",
        "docProps/app.xml": "<p><Company>云湖市发展和改革委员会</Company></p>",
    }
    for name, content in parts.items():
        members[f"word/{name}.xml"] = f"<w:{name} {NAMES}>{content}</w:{name}>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        edition = "http://purl.oclc.org/ooxml/wordprocessingml/main" if strict else W
        for name, content in members.items():
            package.writestr(name, content.replace(W, edition))
    return path


def p(*runs: str, about: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{about}</w:pPr>' if about else ''}{''.join(runs)}</w:p>"


def r(text: str, about: str = "") -> str:
    return f"<w:r>{f'<w:rPr>{about}</w:rPr>' if about else ''}<w:t>{text}</w:t></w:r>"


def read(tmp_path: Path, body: str, **parts: str) -> Published:
    return read_published(docx(tmp_path / "plan.docx", body, **parts))


def lines(tmp_path: Path, body: str, **parts: str) -> list[str]:
    return read(tmp_path, body, **parts).text.splitlines()


INLINE = {
    "insertion": (p(r("新建"), f"<w:ins>{r('公园')}</w:ins>", r("20个。")), "新建公园20个。"),
    "deletion": (
        p(r("新建"), "<w:del><w:r><w:delText>旧园</w:delText></w:r></w:del>", r("20个。")),
        "新建20个。",
    ),
    "move": (
        p(f"<w:moveFrom>{r('甲')}</w:moveFrom>", r("乙"), f"<w:moveTo>{r('丙')}</w:moveTo>"),
        "乙丙",
    ),
    "smart tag": (
        p(r("推进"), f"<w:smartTag>{r('闵行区')}</w:smartTag>", r("开发")),
        "推进闵行区开发",
    ),
    "custom xml": (p(f"<w:customXml>{r('甲')}</w:customXml>", r("乙")), "甲乙"),
    "content control": (
        p(r("甲"), f"<w:sdt><w:sdtPr/><w:sdtContent>{r('乙')}</w:sdtContent></w:sdt>", r("丙")),
        "甲乙丙",
    ),
    "placeholder": (
        p(
            r("甲"),
            f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{r('单击此处')}</w:sdtContent></w:sdt>",
        ),
        "甲",
    ),
    "link": (p(f"<w:hyperlink>{r('甲')}</w:hyperlink>", r("乙")), "甲乙"),
    "simple field": (p(f'<w:fldSimple w:instr="PAGE">{r("3")}</w:fldSimple>', r("家")), "3家"),
    "complex field": (
        p(
            r("共"),
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF '
            "x</w:instrText><w:t>码</w:t></w:r>",
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
            r("12"),
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
            r("家"),
        ),
        "共12家",
    ),
    "hidden": (p(r("甲"), r("密", "<w:vanish/>"), r("乙", '<w:vanish w:val="0"/>')), "甲乙"),
    "hidden by style": (p(r("甲"), r("密", '<w:rStyle w:val="Secret"/>')), "甲"),
    "no-break hyphen": (p(r("2026"), "<w:r><w:noBreakHyphen/></w:r>", r("2030年")), "2026-2030年"),
    "soft hyphen": (p(r("创"), "<w:r><w:softHyphen/></w:r>", r("新\u00ad城")), "创新城"),
    "symbol by code": (p('<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>', r("85")), "≥85"),
    "symbol of a text font": (p('<w:r><w:sym w:font="SimSun" w:char="2264"/></w:r>', r("5")), "≤5"),
    "symbol in text": (p(r("\uf0fc", '<w:rFonts w:ascii="Wingdings"/>'), r("已完成")), "✓已完成"),
    "ruby": (
        p(
            f"<w:r><w:ruby><w:rt>{r('yún')}</w:rt><w:rubyBase>{r('云')}</w:rubyBase></w:ruby></w:r>",
            r("湖"),
        ),
        "云湖",
    ),
    "formula": (p(r("达到"), "<m:oMath><m:r><m:t>3x</m:t></m:r></m:oMath>"), "达到3x"),
    "fraction": (
        p(
            r("提高"),
            "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num>"
            "<m:den><m:r><m:t>3</m:t></m:r></m:den></m:f></m:oMath>",
            r("以上"),
        ),
        "提高1/3以上",
    ),
    "formula with a power": (
        p(
            "<m:oMath><m:sSup><m:e><m:r><m:t>10km</m:t></m:r></m:e>"
            "<m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
        ),
        "10km²",
    ),
    "power": (p(r("5km"), r("2", '<w:vertAlign w:val="superscript"/>')), "5km²"),
    "tab": (p("<w:r><w:tab/></w:r>", r("甲"), "<w:r><w:tab/></w:r>", r("乙")), "甲\t乙"),
    "split runs": (p(r("第"), r("一"), r("章 总则")), "第一章 总则"),
}
SECRET = '<w:style w:type="character" w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style>'


@pytest.mark.parametrize("name", INLINE)
def test_runs_in_a_paragraph(name: str, tmp_path: Path) -> None:
    body, text = INLINE[name]
    assert lines(tmp_path, body, styles=SECRET) == [text]


def test_an_unknown_symbol_is_said(tmp_path: Path) -> None:
    found = read(tmp_path, p(r("甲"), '<w:r><w:sym w:font="Webdings" w:char="F011"/></w:r>'))
    assert found.text == "甲\n"
    assert [(f.kind, f.values["font"], f.values["code"]) for f in found.findings] == [
        ("unread-symbol", "Webdings", "F011")
    ]


def test_a_field_over_several_paragraphs(tmp_path: Path) -> None:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    body = (
        p(mark.format("begin"), "<w:r><w:instrText>TOC</w:instrText></w:r>", mark.format("separate"), r("甲"))
        + p(r("乙"), mark.format("begin"), r("指令"), mark.format("separate"), r("7"), mark.format("end"))
        + p(mark.format("end"), r("丙"))
    )  # fmt: skip
    assert lines(tmp_path, body) == ["甲", "乙7", "丙"]


def test_blocks_seen_through(tmp_path: Path) -> None:
    body = (
        f"<w:sdt><w:sdtContent>{p(r('甲'))}</w:sdtContent></w:sdt><w:customXml>{p(r('乙'))}</w:customXml>"
        f"<w:ins>{p(r('丙'))}</w:ins>"
    )
    assert lines(tmp_path, body) == ["甲", "乙", "丙"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs(tmp_path: Path) -> None:
    body = p(r("推进青石"), about="<w:rPr><w:del/></w:rPr>") + p(r("产业园建设。"))
    assert lines(tmp_path, body) == ["推进青石产业园建设。"]


def test_a_text_box_comes_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{p(r('专栏1 重点工程'))}{p(r('建设公园。'))}</w:txbxContent>"
    body = p(
        r("正文"),
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><a:graphic><a:graphicData><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>",
        r("继续。"),
    )
    assert lines(tmp_path, body) == ["正文继续。", "专栏1 重点工程", "建设公园。"]
    old = p(f"<w:r><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></w:r>")
    assert lines(tmp_path, old) == ["专栏1 重点工程", "建设公园。"]


def test_notes_stand_apart(tmp_path: Path) -> None:
    ref = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    body = p(r("平台"), ref.format(3), r("建设"), ref.format(2)) + p(
        r("末尾"), '<w:r><w:endnoteReference w:id="5"/></w:r>', r("。")
    )
    note = '<w:{0} w:id="{1}">{2}</w:{0}>'
    footnotes = "".join(
        note.format("footnote", i, p("<w:r><w:footnoteRef/></w:r>", r(text)))
        for i, text in ((0, ""), (2, "指乙。"), (3, "指甲。"))
    )
    found = read(
        tmp_path, body, footnotes=footnotes, endnotes=note.format("endnote", 5, p(r("指丙。")))
    )
    assert found.text.splitlines() == [
        "平台¹建设²",
        "末尾³。",
        "注释",
        "注1：指甲。",
        "注2：指乙。",
        "注3：指丙。",
    ]
    assert [place.locator for place in found.places][-3:] == [
        "footnote=3",
        "footnote=2",
        "endnote=5",
    ]


def test_line_breaks(tmp_path: Path) -> None:
    broken = "<w:r><w:t>第一篇 锚定目标</w:t><w:br/><w:t>奋力前行</w:t></w:r>"
    heading = '<w:style w:styleId="H"><w:name w:val="heading 1"/></w:style>'
    body = (
        p(broken)
        + p("<w:r><w:t>发展</w:t><w:br/><w:t>环境</w:t></w:r>", about='<w:pStyle w:val="H"/>')
        + p("<w:r><w:t>甲。</w:t><w:cr/><w:t>乙。</w:t><w:br w:type='page'/><w:t>丙。</w:t></w:r>")
        + p("<w:r><w:t>第一章 总则</w:t><w:br/><w:t>第一节 依据</w:t></w:r>")
    )
    assert lines(tmp_path, body, styles=heading) == [
        "第一篇 锚定目标 奋力前行", "发展 环境", "甲。", "乙。", "丙。", "第一章 总则", "第一节 依据",
    ]  # fmt: skip


def level(number: int, form: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/>{more}</w:lvl>'
    )


def numbered(list_id: int, depth: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>'


def numbering(*levels: str, more: str = "") -> str:
    return (
        f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{more}'
    )


OUTLINE = (
    level(0, "chineseCountingThousand", "第%1章"),
    level(1, "chineseCounting", "第%2节"),
    level(2, "decimal", "%1.%2.%3", "<w:isLgl/>"),
    level(3, "chineseCounting", "（%4）", '<w:suff w:val="nothing"/>'),
)


def test_numbers_of_several_levels_restart(tmp_path: Path) -> None:
    body = "".join(
        p(r(text), about=numbered(1, depth))
        for depth, text in (
            (0, "甲"), (1, "乙"), (2, "丙"), (2, "丁"), (1, "戊"), (2, "己"), (3, "庚"), (0, "辛"), (1, "壬"),
        )
    )  # fmt: skip
    assert lines(tmp_path, body, numbering=numbering(*OUTLINE)) == [
        "第一章 甲", "第一节 乙", "1.1.1 丙", "1.1.2 丁", "第二节 戊", "1.2.1 己", "（一）庚", "第二章 辛", "第一节 壬",
    ]  # fmt: skip


def test_many_chapters_in_words(tmp_path: Path) -> None:
    body = "".join(p(r("章"), about=numbered(1)) for _ in range(112))
    found = lines(tmp_path, body, numbering=numbering(*OUTLINE))
    assert [found[i] for i in (9, 10, 19, 20, 100, 109, 111)] == [
        "第十章 章", "第十一章 章", "第二十章 章", "第二十一章 章", "第一百零一章 章", "第一百一十章 章", "第一百一十二章 章",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "text", "third"),
    [
        ("chineseCounting", "%1、", "三、甲"),
        ("japaneseCounting", "（%1）", "（三）甲"),
        ("ideographDigital", "%1、", "三、甲"),
        ("decimal", "%1.", "3.甲"),
        ("decimal", "专栏%1", "专栏3 甲"),
        ("upperRoman", "%1.", "III.甲"),
        ("lowerLetter", "%1)", "c)甲"),
        ("decimalEnclosedCircle", "%1", "③ 甲"),
        ("ideographTraditional", "%1、", "丙、甲"),
        ("chineseLegalSimplified", "%1、", "叁、甲"),
        ("decimalZero", "%1", "03 甲"),
        ("bullet", "\uf06c", "甲"),
        ("bullet", "——", "——甲"),
        ("none", "", "甲"),
    ],
)
def test_forms_of_numbers(form: str, text: str, third: str, tmp_path: Path) -> None:
    body = p(r("甲"), about=numbered(1)) * 3
    assert lines(tmp_path, body, numbering=numbering(level(0, form, text)))[2] == third


def test_starts_are_overridden_and_lists_go_on(tmp_path: Path) -> None:
    more = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride '
        'w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="4"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        + level(0, "decimal", "（%1）")
        + "</w:lvlOverride></w:num>"
    )
    body = "".join(p(r("甲"), about=numbered(n)) for n in (1, 1, 2, 2, 3, 4, 0))
    assert lines(tmp_path, body, numbering=numbering(level(0, "decimal", "%1."), more=more)) == [
        "1.甲", "2.甲", "1.甲", "2.甲", "3.甲", "（4）甲", "甲",
    ]  # fmt: skip


def test_a_level_that_never_restarts(tmp_path: Path) -> None:
    levels = (
        level(0, "chineseCounting", "第%1篇"),
        level(1, "chineseCounting", "第%2章", '<w:lvlRestart w:val="0"/>'),
    )
    body = "".join(p(r("甲"), about=numbered(1, depth)) for depth in (0, 1, 1, 0, 1))
    assert lines(tmp_path, body, numbering=numbering(*levels)) == [
        "第一篇 甲", "第一章 甲", "第二章 甲", "第二篇 甲", "第三章 甲",
    ]  # fmt: skip


def test_numbers_by_style(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading '
        '1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/><w:basedOn '
        'w:val="1"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId '
        'w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="3"><w:name w:val="own"/><w:basedOn '
        'w:val="2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="4"><w:name '
        'w:val="linked"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    levels = (
        level(0, "chineseCounting", "第%1章", '<w:pStyle w:val="1"/>'),
        level(1, "chineseCounting", "第%2节"),
        level(2, "chineseCounting", "%3、", '<w:pStyle w:val="4"/>'),
    )
    body = "".join(
        p(r("甲"), about=f'<w:pStyle w:val="{style}"/>') for style in ("1", "2", "3", "4", "1")
    ) + p(r("乙"), about='<w:pStyle w:val="1"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert lines(tmp_path, body, styles=styles, numbering=numbering(*levels)) == [
        "第一章 甲", "第一节 甲", "第二节 甲", "一、甲", "第二章 甲", "乙",
    ]  # fmt: skip


def tc(text: str, about: str = "", numbers: str = "") -> str:
    return f"<w:tc>{f'<w:tcPr>{about}</w:tcPr>' if about else ''}{p(r(text) if text else '', about=numbers)}</w:tc>"


def tr(*cells: str, about: str = "") -> str:
    return f"<w:tr>{f'<w:trPr>{about}</w:trPr>' if about else ''}{''.join(cells)}</w:tr>"


def test_merged_cells_and_numbered_ones(tmp_path: Path) -> None:
    above, below = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    auto = numbered(1)
    rows = (
        tr(tc("序号", above), tc("指标", above), tc("目标值", '<w:gridSpan w:val="2"/>'), about="<w:tblHeader/>"),
        tr(tc("", below), tc("", below), tc("2025年"), tc("2030年")),
        tr(tc("", numbers=auto), tc("地区生产总值"), tc("520"), tc("680")),
        tr(tc("", numbers=auto), tc("森林覆盖率"), tc(""), tc("35"), about="<w:ins/>"),
        tr(tc("9"), tc("旧"), tc("1"), tc("2"), about="<w:del/>"),
        tr(tc("合计", '<w:gridSpan w:val="3"/>'), tc("715")),
    )  # fmt: skip
    found = read(
        tmp_path,
        p(r("表1")) + f"<w:tbl>{''.join(rows)}</w:tbl>" + p(r("后")),
        numbering=numbering(level(0, "decimal", "%1")),
    )
    assert found.text.splitlines() == [
        "表1",
        "序号\t指标\t目标值\t",
        "\t\t2025年\t2030年",
        "1\t地区生产总值\t520\t680",
        "2\t森林覆盖率\t\t35",
        "合计\t\t\t715",
        "后",
    ]
    assert [place.locator for place in found.places][:3] == [
        "paragraph=1",
        "table=1;row=1",
        "table=1;row=2",
    ]
    for place in found.places:
        assert place.start == 0 or found.text[place.start - 1] == "\n"


def test_cells_in_controls_and_lines_in_cells(tmp_path: Path) -> None:
    cell = f"<w:tc>{p(r('地区生产'))}{p(r('总值'))}</w:tc>"
    rows = tr(cell, f"<w:sdt><w:sdtContent>{tc('5%')}</w:sdtContent></w:sdt>") + (
        f"<w:sdt><w:sdtContent>{tr(tc('乙'), tc('6%'))}</w:sdtContent></w:sdt>"
    )
    assert lines(tmp_path, f"<w:tbl>{rows}</w:tbl>") == ["地区生产 总值\t5%", "乙\t6%"]


def test_rows_that_begin_or_end_inside_the_grid(tmp_path: Path) -> None:
    rows = tr(tc("甲"), tc("乙"), tc("丙")) + tr(
        tc("丁"), about='<w:gridBefore w:val="1"/><w:gridAfter w:val="1"/>'
    )
    assert lines(tmp_path, f"<w:tbl>{rows}</w:tbl>") == ["甲\t乙\t丙", "\t丁\t"]


def test_a_box_of_one_column_is_text(tmp_path: Path) -> None:
    inner = f"<w:tbl>{tr(tc('甲'), tc('乙'))}{tr(tc('丙'), tc('丁'))}</w:tbl>"
    cell = f"<w:tc>{p(r('专栏1 工程'))}{p(r('建设公园。'))}{inner}{p()}</w:tc>"
    assert lines(tmp_path, f"<w:tbl>{tr(cell)}</w:tbl>") == [
        "专栏1 工程",
        "建设公园。",
        "甲\t乙",
        "丙\t丁",
    ]


def test_a_small_table_in_a_cell_is_that_cells_text(tmp_path: Path) -> None:
    inner = f"<w:tbl>{tr(tc('3'), tc('个'))}</w:tbl>"
    table = f"<w:tbl>{tr(tc('公园'), f'<w:tc>{inner}{p()}</w:tc>')}</w:tbl>"
    assert lines(tmp_path, table) == ["公园\t3 个"]


def test_a_contents_list_has_leaders(tmp_path: Path) -> None:
    style = '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="toc 1"/></w:style>'
    body = p(r("第一章 总则"), "<w:r><w:tab/></w:r>", r("3"), about='<w:pStyle w:val="T"/>')
    assert lines(tmp_path, body, styles=style) == ["第一章 总则………3"]


def test_properties_and_the_strict_edition(tmp_path: Path) -> None:
    found = read_published(docx(tmp_path / "a.docx", p(r("甲")), strict=True))
    assert found.text == "甲\n"
    assert found.properties == {"title": "云湖市规划"}


def test_an_embedded_file_is_said_to_be_unread(tmp_path: Path) -> None:
    found = read(tmp_path, p(r("甲")) + '<w:altChunk r:id="x"/>')
    assert [f.kind for f in found.findings] == ["unread-embedded"]


HOSTILE = {
    "entities": '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:document {n}><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>',
    "an external entity": '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]><w:document {n}><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>',
    "deep nesting": "<w:document {n}><w:body>"
    + "<w:sdt><w:sdtContent>" * 400
    + "</w:sdtContent></w:sdt>" * 400
    + "</w:body></w:document>",
    "no body": "<w:document {n}/>",
    "no XML": "<w:document",
    "a bomb": "<w:document {n}><w:body>" + " " * 50_000_000 + "</w:body></w:document>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_parts_are_refused_in_one_line(name: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", HOSTILE[name].replace("{n}", NAMES))
    with pytest.raises(PlanlinkError) as refused:
        read_published(path)
    assert "\n" not in str(refused.value) and str(path) in str(refused.value)


def test_a_size_that_lies_is_no_way_in(tmp_path: Path) -> None:
    path = docx(tmp_path / "plan.docx", p(r("甲" * 5000)))
    content = path.read_bytes()
    with zipfile.ZipFile(path) as package:
        size = package.getinfo("word/document.xml").file_size
    path.write_bytes(content.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little")))
    with pytest.raises(PlanlinkError):
        read_published(path)
