"""Pages of several makes: the article by lines, nothing of the page around it, tables as grids."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from kg.errors import PlanlinkError
from kg.source.intake import read_published
from kg.source.intake.html import read_page

TITLE = "云湖市青石县国民经济和社会发展第十五个五年规划纲要"
TEXT = (
    TITLE,
    "（2026年3月1日云湖市青石县第十届人民代表大会第六次会议批准）",
    "第一章 发展基础和主要目标",
    "第一节 主要指标",
    "——综合实力持续增强。地区生产总值年均增长5%左右，人均预期寿命提高到83岁。",
    "第二章 建设现代化产业体系",
    "加快青石科技产业园建设。到2030年，国家高新技术企业达到120家。",
    "第三章 建设美丽青石",
    "新建口袋公园20个。到2030年，森林覆盖率达到35%。",
)
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in TEXT)
MENU = "".join(f'<li><a href="/{i}.html">政务公开栏目{i}</a></li>' for i in range(20))
INFO = (
    "<span>发布日期：2026-03-08</span><span>信息来源：青石日报</span> "
    '<span>字体：【<a href="#">大</a> <a href="#">中</a> <a href="#">小</a>】</span> 浏览次数：<i>123</i>次'
)
FOOT = (
    "<p>主办单位：青石县人民政府办公室 技术支持：云湖市大数据中心</p><p>津ICP备05000000号 网站标识码：1200000001</p>"
    "<p>版权所有 未经许可不得转载</p>"
)
NEWS = "".join(f'<li><a href="/n{i}.html">全县经济工作会议召开第{i}次</a></li>' for i in range(8))


def page(body: str, head: str = "") -> str:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>x</title>{head}</head><body>{body}</body></html>'


def lines(body: str, head: str = "") -> list[str]:
    return read_page(page(body, head), "page.html").text.splitlines()


PORTALS = {
    "a column with a head table": f"""<div class="header"><div class="w"><ul>{MENU}</ul></div></div>
<div class="position">您现在的位置：<a href="/">首页</a> &gt; <a href="/zf">政府信息公开</a> &gt; 正文</div>
<div class="wrap"><table class="bd1"><tr><td>标题：</td><td>{TITLE}</td></tr><tr><td>发文机关：</td><td>青石县人民政府</td>
<td>成文日期：</td><td>2026年03月01日</td></tr><tr><td>发文字号：</td><td>青政发〔2026〕3号</td><td>索引号：</td><td>000014349/2026-00003</td></tr></table>
<div class="pages_content" id="UCAP-CONTENT">{PARAGRAPHS}</div>
<div class="related"><h4>相关稿件</h4><ul>{NEWS}</ul></div></div><div class="bottom">{FOOT}</div>""",
    "old layout tables": f"""<table width="100%"><tr><td><img src="b.jpg"></td></tr><tr><td><table><tr>{"".join(f'<td><a href="/{i}.htm">导航栏目{i}</a></td>' for i in range(9))}</tr></table></td></tr></table>
<table width="1000"><tr><td width="200" valign="top"><table><tr><td><a href="/1">通知公告栏目</a></td></tr><tr><td><a href="/2">领导信箱栏目</a></td></tr></table></td>
<td width="800"><table><tr><td align="center"><b>{TITLE}</b></td></tr><tr><td>{INFO}</td></tr>
<tr><td class="text">{"<br>".join(f"　　{line}" for line in TEXT)}</td></tr><tr><td align="right">【<a href="javascript:print()">打印</a>】【<a href="javascript:close()">关闭</a>】</td></tr></table></td></tr></table>
<table><tr><td align="center">{FOOT}</td></tr></table>""",
    "an article element": f"""<nav><ul>{MENU}</ul></nav><main><article><h1>{TITLE}</h1><div class="meta">{INFO}</div>{PARAGRAPHS}
<footer>责任编辑：张三</footer></article><aside><h3>热门阅读</h3><ul>{NEWS}</ul></aside></main><footer>{FOOT}</footer>""",
    "a news application": f"""<div id="app"><div class="top-bar"><a href="/">首页</a></div><h1 class="title">{TITLE}</h1><div class="author">青石发布</div>
<div class="content"><div><div><div>{PARAGRAPHS}</div></div></div></div><p>编辑 张三 审读 李四</p><div class="x1"><div>免责声明</div><div>未经许可，任何人不得转载。</div></div>
<section class="recommend-reading"><div>推荐阅读</div><a href="/a"><p>《云湖市规划纲要》全文公布，企业达到500家。</p></a></section></div>""",
    "nothing but the text": PARAGRAPHS,
    "text before and after in one body": f"""<div class="nav"><a href="/">首页</a></div>{PARAGRAPHS}<h4>相关新闻</h4><p>小记者们前往示例公司开展研学实践，参观生态实验室。</p><div>{FOOT}</div>""",
    "parts in sibling blocks": f"""<div class="crumbs"><a href="/">首页</a> &gt; 正文</div><div class="main"><div>{"".join(f"<p>{line}</p>" for line in TEXT[:5])}</div><div>{"".join(f"<p>{line}</p>" for line in TEXT[5:7])}</div><div>{"".join(f"<p>{line}</p>" for line in TEXT[7:])}</div></div><div class="footer">{FOOT}</div>""",
    "hidden until a script shows it": f"""<div class="menu"><ul>{MENU}</ul></div><div class="doc" style="display:none">{PARAGRAPHS}</div><div style="display:none">下载客户端，阅读全文。</div>""",
    "hidden beside long menus": f"""<div class="menu"><ul>{MENU * 40}</ul></div><div id="js_content" style="visibility: hidden">{PARAGRAPHS}</div><div hidden>下载客户端，阅读全文。</div>""",
    "for browsers without scripts alone": f"""<ul>{MENU}</ul><noscript>{PARAGRAPHS}</noscript>""",
    "beside what it says without scripts": f"""<ul>{MENU}</ul><div>{PARAGRAPHS}</div><noscript>请开启脚本，下载客户端，阅读全文。</noscript>""",
    "a counted list of properties": f"""<div class="box"><ol class="doc-info"><li>[主题分类] 综合政务/规划</li><li>[发文机构] 青石县人民政府</li><li>[联合发文单位] </li><li>[成文日期] 2026-03-01</li><li>[发文字号] 青政发〔2026〕3号</li><li>[有效性] 是</li></ol><div class="view">{PARAGRAPHS}</div></div>""",
    "one beside the paragraphs": f"""<ol><li>【索引号】0001-2026</li><li>【发布机构】青石县人民政府</li><li>【有效性】有效</li></ol>{PARAGRAPHS}""",
    "a list of terms": f"""<div><dl><dt>发布机构：</dt><dd>青石县人民政府</dd><dt>成文日期：</dt><dd>2026-03-01</dd></dl><div>{PARAGRAPHS}</div></div>""",
    "a contents list of links": f"""<div><p><a href="#c1">第一章 发展基础和主要目标</a></p></div><div>{PARAGRAPHS}</div>""",
}


@pytest.mark.parametrize("name", PORTALS)
def test_the_article_and_nothing_else(name: str) -> None:
    found = lines(PORTALS[name])
    while found[0] in (TITLE, TEXT[2]) and found[0] in found[1:]:
        found = found[1:]  # the page's own heading, or the contents list
    assert found == list(TEXT)


def test_a_title_above_the_article_is_kept_and_a_portals_name_is_not() -> None:
    text = "".join(f"<p>{line}</p>" for line in TEXT[2:])
    top = f"<h1>青石县人民政府门户网站</h1><h2>{TITLE}</h2><div class='info'>{INFO}</div>"
    assert lines(f"<div>{top}</div><div id='text'>{text}</div>") == [TITLE, *TEXT[2:]]
    rows = "".join(f"<tr><td>{cell}</td></tr>" for cell in ("规划专栏", f"<b>{TITLE}</b>", text))
    assert lines(f"<table>{rows}</table>") == [TITLE, *TEXT[2:]]
    top = "<h1>青石县人民政府门户网站</h1><h2>规划专栏</h2>"
    assert lines(f"<div>{top}</div><div id='text'>{text}</div>") == list(TEXT[2:])


def test_last_lines_that_only_begin_as_a_pages_own_are_kept() -> None:
    last = ("编辑出版《云湖志》。", "主办单位要加强协调，技术支持要到位。", "打印服务进社区。")
    text = "".join(f"<p>{line}</p>" for line in (*TEXT, *last))
    assert lines(f"<div>{text}</div><div>{FOOT}</div>") == [*TEXT, *last]


def test_what_the_page_tells() -> None:
    told = read_page(page(PORTALS["a column with a head table"]), "x").properties
    assert {
        key: told[key] for key in ("title", "issuer", "date", "document_number", "index_number")
    } == {
        "title": TITLE,
        "issuer": "青石县人民政府",
        "date": "2026-03-01",
        "document_number": "青政发〔2026〕3号",
        "index_number": "000014349/2026-00003",
    }
    told = read_page(page(PORTALS["old layout tables"]), "x").properties
    assert (told["date"], told["source"]) == ("2026-03-08", "青石日报")
    head = (
        f'<meta name="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="2026-03-09 '
        f'10:00">'
        '<meta name="ContentSource" content="青石县人民政府"><meta name="Url" '
        'content="https://www.example.org/1.html">'
    )
    told = read_page(page(PARAGRAPHS, head), "x").properties
    assert told == {
        "title": TITLE,
        "date": "2026-03-09",
        "published": "2026-03-09",
        "issuer": "青石县人民政府",
        "url": "https://www.example.org/1.html",
    }
    told = read_page(
        page(f"<div><span>有效性：</span><span>有效</span></div>{PARAGRAPHS}"), "x"
    ).properties
    assert told["status"] == "有效"


UNSEEN = {
    "a comment": "<p>甲</p><!-- <p>新建99个。</p> --><p>乙</p>",
    "a script": "<p>甲</p><script>document.write('<p>丙</p>')</script><p>乙</p>",
    "a style": "<p>甲</p><style>p{color:red}</style><p>乙</p>",
    "a template": "<p>甲</p><template><p>丙</p></template><p>乙</p>",
    "a selection": "<p>甲</p><select><option>丙</option></select><p>乙</p>",
    "hidden": "<p>甲</p><p hidden>丙</p><p>乙</p>",
    "display none": '<p>甲</p><p style="color:red; DISPLAY : none">丙</p><p>乙</p>',
    "visibility": '<p>甲</p><p style="visibility:hidden">丙</p><p>乙</p>',
    "inside a line": '<p>甲</p><p>乙<span style="display:none">丙</span></p>',
    "by a class": "<style>.no, #x { display: none }</style><p>甲</p><p class='b no'>丙</p><p>乙</p>",
    "by an id": "<style>/* .a{} */ p#x{display:none}</style><p>甲</p><p id='x'>丙</p><p>乙</p>",
    "print rules aside": "<style>@media print{p{display:none}} .c{display:none}</style><p>甲</p><p class=c>丙</p><p>乙</p>",
    "shown again": "<style>p{display:none} p.s{display:block}</style><p class=s>甲</p><p>丙</p><p style='display:block'>乙</p>",
    "a deletion": "<p>甲</p><p>乙<del>丙</del></p>",
    "a declaration": "<![CDATA[丙]]><p>甲</p><?php 丙 ?><p>乙</p>",
    "form fields": "<p>甲</p><textarea>丙</textarea><button>丙</button><p>乙</p>",
}


@pytest.mark.parametrize("name", UNSEEN)
def test_what_nobody_sees(name: str) -> None:
    assert lines(UNSEEN[name]) == ["甲", "乙"]


LINES = {
    "breaks": ("<p>甲<br>乙<br/>丙</p>", ["甲", "乙", "丙"]),
    "pre": ("<pre>甲\n  乙</pre>", ["甲", "乙"]),
    "pre-wrap": ('<div style="white-space:pre-wrap">甲\n乙</div>', ["甲", "乙"]),
    "pre-line by a class": ("<style>.t{white-space:pre-line}</style><div class=t>甲\n<b>乙</b>\n丙</div>", ["甲", "乙", "丙"]),
    "normal again": ('<pre>甲\n<span style="white-space:normal">乙\n丙</span></pre>', ["甲", "乙丙"]),
    "source lines": ("<p>推进青石\n      产业园建设。</p>", ["推进青石产业园建设。"]),
    "Latin source lines": ("<p>Smart\n City</p>", ["Smart City"]),
    "inline elements": ("<p>第<b>一</b>章 <span>总</span><font>则</font></p>", ["第一章 总则"]),
    "a heading over two lines": ("<h2>第一篇 锚定目标<br>奋力前行</h2><p>甲</p>", ["第一篇 锚定目标 奋力前行", "甲"]),
    "text beside blocks": ("<div>甲<p>乙</p>丙<div>丁</div></div>", ["甲", "乙", "丙", "丁"]),
    "spans as blocks": ('<span style="display:block">甲</span><span style="display:block">乙</span>', ["甲", "乙"]),
    "entities": ("<p>&ldquo;十五五&rdquo;&nbsp;规划&#12290;&lt;5</p>", ["“十五五”\u00a0规划。<5"]),
    "ruby": ("<p><ruby>云<rp>(</rp><rt>yún</rt><rp>)</rp></ruby>湖</p>", ["云湖"]),
    "letters set one by one": (
        "<p>" + "".join(f"<span style='font-size:16pt'><b>{c}</b></span>" for c in "第一章总则") + "</p>",
        ["第一章总则"],
    ),
    "letters of which some are hidden": (
        "<p><span class=a>甲</span><b>乙</b><span style='display:none'>丙</span><i hidden>丁</i></p>",
        ["甲乙"],
    ),
    "letters that a rule hides": (
        "<style>.a{display:none}</style><p><span class=a>丙</span><span class=b>甲</span></p>",
        ["甲"],
    ),
    "a mark raised by its style": ("<p>平台<span style='vertical-align:super'>57</span></p>", ["平台⁵⁷"]),
    "a note's mark": ("<p>平台<sup>57</sup>建设<sup>[3]</sup>与<sup>④</sup></p>", ["平台⁵⁷建设³与⁴"]),
    "a link to a note": ("<p>平台<a href='#_ftn3'><span>[3]</span></a>建设</p><p><a href='#_ftnref3'>[3]</a> 指甲。</p>", ["平台³建设", "[3] 指甲。"]),
    "a fraction": ("<p>达到<sup>½</sup></p>", ["达到½"]),
    "a power and an index": ("<p>5km<sup>2</sup>，CO<sub>2</sub>，PM<sub>2.5</sub></p>", ["5km²，CO2，PM2.5"]),
    "counted list": ("<ol><li>甲</li><li><p>乙</p><p>丙</p></li></ol>", ["1.甲", "2.乙", "丙"]),
    "counted from": ('<ol start="3"><li>甲<li value="7">乙<li>丙</ol>', ["3.甲", "7.乙", "8.丙"]),
    "counted in words": ('<ol style="list-style-type:cjk-ideographic"><li>甲</li><li>乙</li></ol>', ["一、甲", "二、乙"]),
    "lists in lists": ('<ol type="A"><li>甲<ol><li>乙</li></ol></li><li>丙</li></ol>', ["A.甲", "1.乙", "B.丙"]),
    "uncounted": ('<ul><li>甲</li></ul><ol style="list-style:none"><li>乙</li></ol>', ["甲", "乙"]),
    "its number written out": ("<ol><li>1.甲</li><li>2.乙</li></ol>", ["1.甲", "2.乙"]),
    "definitions": ("<dl><dt>甲</dt><dd>乙</dd></dl>", ["甲", "乙"]),
    "closed details": ("<details><summary>甲</summary><p>乙</p></details>", ["甲", "乙"]),
    "unclosed elements": ("<p>甲<p>乙<div>丙", ["甲", "乙", "丙"]),
    "zero-width characters": ("<p>\u200b第二章\ufeff 总\u00ad则</p>", ["第二章 总则"]),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_lines(name: str) -> None:
    body, expected = LINES[name]
    assert lines(body) == expected


def test_lines_that_only_a_style_sheet_out_of_reach_shows() -> None:
    assert lines(f"<div class='doc'>{chr(10).join(TEXT)}</div>") == list(TEXT)


TABLES = {
    "spans": (
        "<tr><th rowspan=2>指标<th "
        "colspan=2>目标值</tr><tr><th>2025年<th>2030年</tr><tr><td>增速<td>5<td>6</tr>",
        ["指标\t目标值\t", "\t2025年\t2030年", "增速\t5\t6"],
    ),
    "lines in cells": (
        "<tr><td><p>地区</p><p>总值</p></td><td>5<br>左右</td></tr><tr><td>甲</td><td>6</td></tr>",
        ["地区 总值\t5 左右", "甲\t6"],
    ),
    "head and foot in place": (
        "<tfoot><tr><td>合计<td>9</tr></tfoot><tbody><tr><td>甲<td>9</tr></tbody><thead><tr><th>名<th>数</tr></thead>",
        ["名\t数", "甲\t9", "合计\t9"],
    ),
    "empty rows and cells": (
        "<tr><td>甲<td><td>1</tr><tr><td> <td>&nbsp;<td></tr><tr><td><td>乙<td>2</tr>",
        ["甲\t\t1", "\t乙\t2"],
    ),
    "a span to the end": (
        "<tr><td rowspan=0>类<td>甲</tr><tr><td>乙</tr><tr><td>丙</tr>",
        ["类\t甲", "\t乙", "\t丙"],
    ),
    "spans without end": (
        "<tr><td rowspan=99999 colspan=99999>类<td>甲</tr><tr><td>乙</tr>",
        ["类\t甲", "\t乙"],
    ),
    "a covered cell written out": (
        "<tr><th>类<th>名<th>数</tr><tr><td rowspan=2>甲<td>乙<td>1</tr><tr><td></td><td>丙<td>2</tr>",
        ["类\t名\t数", "甲\t乙\t1", "\t丙\t2"],
    ),
    "a hidden row": (
        "<tr><td>甲<td>1</tr><tr style='display:none'><td>乙<td>2</tr><tr><td>丙<td>3</tr>",
        ["甲\t1", "丙\t3"],
    ),
    "a small table in a cell": (
        "<tr><td>甲<td><table><tr><td>3<td>个</tr></table></tr><tr><td>乙<td>4</tr>",
        ["甲\t3 个", "乙\t4"],
    ),
    "a caption": ("<caption>表1</caption><tr><td>甲<td>1</tr>", ["表1", "甲\t1"]),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables(name: str) -> None:
    rows, expected = TABLES[name]
    assert lines(f"<p>前</p><table>{rows}</table><p>后</p>") == ["前", *expected, "后"]


def test_tables_that_lay_out_text_are_seen_through() -> None:
    inner = "<table><tr><td>甲<td>1</tr><tr><td>乙<td>2</tr></table>"
    assert lines(f"<table><tr><td><p>专栏1 工程</p><p>建设公园。</p>{inner}</td></tr></table>") == [
        "专栏1 工程", "建设公园。", "甲\t1", "乙\t2",
    ]  # fmt: skip
    assert lines(f"<p>首</p><table><tr><td>左<td><p>前</p>{inner}<p>后</p></tr></table>") == [
        "首", "左", "前", "甲\t1", "乙\t2", "后",
    ]  # fmt: skip


def test_places_lead_a_browser_to_the_line() -> None:
    found = read_page(
        page("<p>第一章 总则</p><table><tr><td>1<td>增速</tr></table><p>第一章 总则</p>"), "x"
    )
    assert [(found.text[a.start :].split("\n")[0], a.locator) for a in found.places] == [
        ("第一章 总则", "paragraph=1:~:text=第一章%20总则"),
        ("1\t增速", "table=1;row=1:~:text=增速"),
        ("第一章 总则", "paragraph=3:~:text=增速-,第一章%20总则"),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "big5", "iso-8859-1", "no-such-one", ""])
def test_encodings_whatever_is_declared(encoding: str, declared: str, tmp_path: Path) -> None:
    mark = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">'
    source = f"<html><head>{mark if declared else ''}</head><body>{PARAGRAPHS}</body></html>"
    (tmp_path / "plan.html").write_bytes(source.encode(encoding))
    assert read_published(tmp_path / "plan.html").text.splitlines() == list(TEXT)


def test_big5(tmp_path: Path) -> None:
    text = "雲湖市國民經濟和社會發展第十五個五年規劃綱要，加快建設產業園區，改善生態環境。"
    for head in ("", '<meta charset="gb2312">', '<meta charset="big5">'):
        (tmp_path / "plan.html").write_bytes(f"<html>{head}<p>{text}</p>".encode("big5"))
        assert read_published(tmp_path / "plan.html").text == f"{text}\n"


@pytest.mark.parametrize("damage", ["mojibake", "mixed", "broken"])
def test_what_is_no_chinese_is_refused(damage: str, tmp_path: Path) -> None:
    source = f"<html><body>{PARAGRAPHS}</body></html>"
    content = {
        "mojibake": source.encode().decode("latin-1").encode("utf-8"),
        "mixed": source.encode("gb18030") + source.encode("utf-8"),
        "broken": source.encode("utf-8")[:-25] + b"\xe4\xb8" + source.encode("utf-8")[-25:],
    }[damage]
    (tmp_path / "plan.html").write_bytes(content)
    with pytest.raises(PlanlinkError) as refused:
        read_published(tmp_path / "plan.html")
    assert "\n" not in str(refused.value) and "UTF-8" in str(refused.value)


@pytest.mark.parametrize(
    "source", ["", " \n", "<!-- 甲 -->", "<!-- 甲", "<?xml version='1.0'?>", "\ufeff"]
)
def test_a_page_without_text_gives_none(source: str) -> None:
    assert not read_page(source, "x").text.strip()


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(PlanlinkError, match="nested"):
        read_page("<div>" * 50_000 + "甲", "x")
    assert read_page("<div>" * 1500 + "甲", "x").text == "甲\n"


def test_a_tag_of_very_many_attributes_is_refused() -> None:
    attributes = " ".join(f'data-a{n}="甲 乙"' for n in range(10_001))
    with pytest.raises(PlanlinkError, match="5000 attributes"):
        read_page(f"<p {attributes}>甲</p>", "x")
    assert read_page(f'<p title="{"甲 " * 20_000}">甲</p>', "x").text == "甲\n"


@pytest.mark.parametrize(
    ("unit", "kept"),
    [
        ("<!-- 旧稿 -->", 0), ("<p>甲</p>", 1), ("<span>甲</span>", 0), ("<p hidden>甲</p>", 0),
        ("<table><tr><td>甲<td>乙</tr></table>", 1), ("甲<br>", 1),
    ],
)  # fmt: skip
def test_very_many_of_anything(unit: str, kept: int) -> None:
    """Many are read as few are: each gives its line, where it gives one."""
    found = lines(f"<p>前</p>{unit * 20_000}<p>后</p>")
    assert len(found) - 2 == kept * 20_000 or (not kept and len(found) <= 3)


def test_a_table_of_very_many_cells() -> None:
    row = "<tr>" + "<td>1</td>" * 50 + "</tr>"
    assert len(lines(f"<table>{row * 2000}</table>")) == 2000


def in_both(wanted: str, found: str) -> int:
    """How many characters stand in both texts in the same order: whole clauses first."""
    parts = [re.findall("[^。；，、]*[。；，、]?", text) for text in (wanted, found)]
    same = 0
    for kind, a, b, c, d in SequenceMatcher(None, *parts, autojunk=False).get_opcodes():
        left, right = "".join(parts[0][a:b]), "".join(parts[1][c:d])
        if kind == "equal":
            same += len(left)
        elif kind == "replace":
            inner = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
            same += sum(block.size for block in inner)
    return same


@pytest.mark.parametrize("name", ["hangzhou", "hefei", "shenzhen"])
def test_real_pages_keep_their_text(name: str, shared: Path) -> None:
    """The share of each plan's text that is kept, in order, and of other text that is left."""
    path = next((shared / "plans").glob(f"{name}*.html"))
    wanted = "".join(path.with_suffix(".txt").read_text("utf-8").split())
    found = "".join(read_published(path).text.split())
    same = in_both(wanted, found)
    assert same / len(wanted) >= 0.99 and same / len(found) > 0.99


CASES = {
    "30-control": [],
    "31-comment": ["99"],
    "33-hidden": ["99", "88", "77"],
    "50-thead-colspan": [],
    "g-two-row-header-table": [],
    "k-comments-and-page-chrome": ["首页", "100家", "相关新闻", "小记者", "主办", "备案"],
    "l-text-in-one-preformatted-div": ["示例\n"],
}


@pytest.mark.parametrize("name", CASES)
def test_cases(name: str, shared: Path) -> None:
    found = read_published(shared / "cases" / "documents" / f"{name}.html").text
    assert not [word for word in CASES[name] if found.startswith(word) or f"\n{word}" in found]
    assert not [word for word in CASES[name] if not word.endswith("\n") and word in found]
    numbered = [line for line in found.splitlines() if line.startswith("第")]
    assert [line[:3] for line in numbered if "章" in line[:3]][:3] == ["第一章", "第二章", "第三章"]


def test_an_article_of_kept_lines_in_a_cell_of_a_table_that_lays_out_the_page() -> None:
    text = "\n".join((*TEXT, *(f"新建口袋公园{i}个，森林覆盖率提高到{i}%。" for i in range(40))))
    menu = '<tr><td><a href="/">首页</a></td><td><a href="/en">English</a></td></tr>'
    cell = f'<tr><td colspan="2"><div style="white-space: pre-line">{text}</div></td></tr>'
    assert set(text.splitlines()) <= set(lines(f"<table>{menu}{cell}</table>"))
