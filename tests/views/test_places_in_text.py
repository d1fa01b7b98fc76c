"""Where in a plan something stands, as people cite it."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.rdf.namespaces import PREFIXES
from kg.views.places import Places
from kg.views.reading import Block

GRAPH = "https://data.example/id/p/graph/document"
SOURCE = """第二篇 绿色发展
第四章 水
第二节 河道治理
治理河道的第一句话很长很长，写满了一行而没有写完，到了下一
行才写完。
同一段的另一句话，也在行首。
第二段的一句话。
三、统筹
（一）保障
保障有力。
第三节 湿地
一、修复
修复湿地。
附表 主要指标
1 河道长度（公里） 10 20 预期性 这一行也很长很长很长
2 河道数量（条） 30 40 预期性
专栏3“清水”工程
清水一万年。
"""
SECTIONS = [  # number, heading, its words as printed, number of what contains it
    ("p2", "绿色发展", "第二篇 绿色发展", ""),
    ("4", "水", "第四章 水", "p2"),
    ("4.2", "河道治理", "第二节 河道治理", "4"),
    ("4.3", "统筹", "三、统筹", "4"),
    ("4.3.1", "保障", "（一）保障", "4.3"),
    ("4.4", "湿地", "第三节 湿地", "4"),
    ("4.4.1", "修复", "一、修复", "4.4"),
    ("annex1", "主要指标", "附表 主要指标", ""),
    ("box3", "专栏3“清水”工程", "专栏3“清水”工程", "4.3"),
]


@pytest.fixture(scope="module")
def places() -> Places:
    def iri(kind: str, name: str) -> str:
        return f"<https://data.example/id/p/{kind}/{name}>"

    lines = []
    for number, heading, words, above in SECTIONS:
        start = SOURCE.index(words)
        parent = iri("section", above) if above else "<https://data.example/id/p>"
        lines.append(
            f'{iri("section", number)} a plan:Section ; plan:number "{number}" ;'
            f' plan:heading "{heading}"@zh ; dcterms:isPartOf {parent} ;'
            f" prov:wasQuotedFrom {iri('passage', str(start))} ."
            f' {iri("passage", str(start))} plan:text "{words}"@zh ; oa:start {start} ;'
            f" oa:end {start + len(words)} ."
        )
    prefixes = "".join(f"PREFIX {name}: <{is_}> " for name, is_ in PREFIXES.items())
    store = ox.Store()
    store.update(f"{prefixes} INSERT DATA {{ GRAPH <{GRAPH}> {{ {' '.join(lines)} }} }}")
    paragraphs = ("治理河道", "第二段", "保障有力", "修复湿地", "清水一万年")
    blocks = [Block("paragraph", (SOURCE.index(words), 0)) for words in paragraphs]
    return Places(store, GRAPH, blocks)


@pytest.mark.parametrize(
    ("section", "words", "zh", "en", "heading"),
    [
        ("4.2", "同一段", "第二篇第四章第二节第1段", "Part 2, Chapter 4, Section 2, paragraph 1", "河道治理"),
        ("4.2", "治理河道", "第二篇第四章第二节第1段", "Part 2, Chapter 4, Section 2, paragraph 1", "河道治理"),
        ("4.2", "第二段", "第二篇第四章第二节第2段", "Part 2, Chapter 4, Section 2, paragraph 2", "河道治理"),
        ("4.3.1", "保障有力", "第二篇第四章第三节（一）第1段", "Part 2, Chapter 4, Section 3, (1), paragraph 1", "保障"),
        ("4.4.1", "修复湿地", "第二篇第四章第三节第一部分第1段", "Part 2, Chapter 4, Section 4, Part 1, paragraph 1", "修复"),
        ("annex1", "2 河道数量", "附表", "Annex 1", "主要指标"),
        ("box3", "清水一万年", "第二篇第四章第三节专栏3", "Part 2, Chapter 4, Section 3, Box 3", "“清水”工程"),
    ],
)  # fmt: skip
def test_a_place_is_cited_as_people_do(
    places: Places, section: str, words: str, zh: str, en: str, heading: str
) -> None:
    found = places.at(f"https://data.example/id/p/section/{section}", SOURCE.index(words))
    assert found is not None
    assert (found["zh"], found["en"], found.heading) == (zh, en, heading)
