"""The metadata of title pages: of real plans, of invented pages of real counties, of single
styles.
"""

from __future__ import annotations

import itertools
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from support import FLAGSHIP
from title_pages import title_pages

from kg.source.intake import read_published
from kg.source.published import Published
from kg.source.title_page import read_title_page

BODY = """
第一章 发展基础
第一节 主要成就
“十三五”时期,全县经济增长。根据《中共中央关于制定国民经济和社会发展第十四个五年规划和二〇三五年远景目标的建议》
和国发〔2019〕3号文件,制定本规划。截至2020年12月31日,建成公园12个。
"""
ENOUGH = 0.98

# What the ten plans tell on their pages; what is not named they do not tell.
REAL: dict[str, dict[str, object]] = {
    "hangzhou_city_15fyp_2026": {
        "title": "杭州市国民经济和社会发展第十五个五年规划纲要",
        "issuer": "杭州市人民政府",
        "area": "浙江省杭州市",
        "area_code": "330100",
        "level": "city",
        "period": (2026, 2030),
        "document_number": "杭政函〔2026〕24号",
        "index_number": "113301000024894011/2026-00144",
        "issued": date(2026, 3, 19),
        "slug": "hangzhou-2026",
    },
    "hefei_city_15fyp_suggestions_2025": {
        "title": "中共合肥市委关于制定合肥市国民经济和社会发展第十五个五年规划的建议",
        "issuer": "中共合肥市委",
        "area": "安徽省合肥市",
        "area_code": "340100",
        "level": "city",
        "period": (2026, 2030),
        "issued": date(2025, 12, 12),
        "slug": "hefei-jianyi-2026",
    },
    "hubei_province_cultural_relics_14fyp_2021": {
        "title": "湖北省文物事业发展“十四五”规划",
        "issuer": "湖北省文化和旅游厅、湖北省文物局",
        "area": "湖北省",
        "area_code": "420000",
        "level": "province",
        "period": (2021, 2025),
        "issued": date(2021, 10, 27),
        "slug": "hubei-wenwu-2021",
    },
    "nanjing_city_15fyp_2026": {
        "title": "南京市国民经济和社会发展第十五个五年规划纲要",
        "area": "江苏省南京市",
        "area_code": "320100",
        "level": "city",
        "period": (2026, 2030),
        "slug": "nanjing-2026",
    },
    "national_cultural_relics_14fyp_2021": {
        "title": "“十四五”文物保护和科技创新规划",
        "issuer": "国务院办公厅",
        "area": "中华人民共和国",
        "level": "nation",
        "period": (2021, 2025),
        "document_number": "国办发〔2021〕43号",
        "issued": date(2021, 10, 28),
        "slug": "quanguo-wenwubaohu-keji-2021",
    },
    "shanghai_municipality_14fyp_2021": {
        "title": "上海市国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要",
        "issuer": "上海市人民代表大会",
        "area": "上海市",
        "area_code": "310000",
        "level": "province",
        "period": (2021, 2025),
        "horizon": 2035,
        "issued": date(2021, 1, 27),
        "slug": "shanghai-2021",
    },
    "shenzhen_city_15fyp_2026": {
        "title": "深圳市国民经济和社会发展第十五个五年规划纲要",
        "area": "广东省深圳市",
        "area_code": "440300",
        "level": "city",
        "period": (2026, 2030),
        "slug": "shenzhen-2026",
    },
    "suzhou_city_15fyp_2026": {
        "title": "苏州市国民经济和社会发展第十五个五年规划纲要",
        "issuer": "苏州市人民政府",
        "area": "江苏省苏州市",
        "area_code": "320500",
        "level": "city",
        "period": (2026, 2030),
        "slug": "suzhou-2026",
    },
    "yunnan_province_10fyp_2001": {
        "title": "云南省国民经济和社会发展第十个五年计划纲要",
        "issuer": "云南省人民代表大会",
        "area": "云南省",
        "area_code": "530000",
        "level": "province",
        "period": (2001, 2005),
        "issued": date(2001, 2, 16),
        "slug": "yunnan-2001",
    },
    "zhejiang_province_waterlogging_14fyp_2021": {
        "title": "浙江省城市内涝治理“十四五”规划",
        "area": "浙江省",
        "area_code": "330000",
        "level": "province",
        "period": (2021, 2025),
        "slug": "zhejiang-chengshi-neilao-zhili-2021",
    },
}
KEYS = (
    "title", "issuer", "area", "area_code", "level", "period", "horizon", "document_number", "index_number",
    "issued", "status", "slug",
)  # fmt: skip


def told(text: str, **properties: str) -> dict[str, object]:
    page = read_title_page(Published(text, properties=properties))
    return {key: page.value(key) for key in KEYS} | {"month": page.month or None}


@pytest.mark.parametrize("name", REAL)
def test_real_plans(name: str, shared: Path) -> None:
    page = read_title_page(read_published(shared / "plans" / f"{name}.txt"))
    assert {key: page.value(key) for key in KEYS if page.value(key) is not None} == REAL[name]


@pytest.mark.parametrize("seed", [2035, 1, 2, 3])
def test_invented_pages_of_real_counties(seed: int) -> None:
    """Of each field at least 0.98 right, and nothing told that the page does not tell."""
    right, all_ = Counter[str](), Counter[str]()
    for page in itertools.chain(*title_pages(seed)):
        read = read_title_page(page.published)
        for key, value in page.tells.items():
            all_[key] += 1
            right[key] += read.value(key) == value
            if value is None:
                assert read.value(key) is None, (page.style, key)
    assert {
        key: right[key] / count for key, count in all_.items() if right[key] / count < ENOUGH
    } == {}


OTHERS = tomllib.loads((Path(__file__).parent / "other_titles.toml").read_text(encoding="utf-8"))


def test_title_pages_of_other_kinds() -> None:
    """Sector plans, joint notices, proposals, revisions, zones: told is what the file tells."""
    wrong = []
    for page in OTHERS["page"]:
        read = told(page["text"])
        issued = page.get("issued")
        expected = page | {"issued": date.fromisoformat(issued) if issued else None}
        for key in ("issuer", "area", "period", "horizon", "document_number", "issued", "status"):
            value = list(found) if isinstance(found := read[key], tuple) else found
            if value != expected.get(key):
                wrong.append((page["kind"], key, value, expected.get(key)))
        wrong += [
            (page["kind"], key, read[key], page[key])
            for key in ("title", "slug", "level")
            if key in page and read[key] != page[key]
        ]
    assert wrong == []


def test_a_span_is_where_the_words_stand() -> None:
    for page in itertools.chain(*title_pages(7)):
        read = read_title_page(page.published)
        title = read.fields.get("title")
        if title and (span := title.span):
            words = "".join(page.published.text[span.start : span.end].split())
            assert words.replace("\n", "") == str(page.tells["title"]) or page.style == "full_width"
        for key in KEYS:
            found = read.fields.get(key)
            assert found is None or found.span is None or 0 <= found.span.start < found.span.end


def test_the_flagship_reads_as_its_folder_says(published_flagship) -> None:  # type: ignore[no-untyped-def]
    import tomllib

    folder = tomllib.loads((FLAGSHIP / "plan.toml").read_text(encoding="utf-8"))
    read = told(published_flagship())
    for key in (
        "slug",
        "title",
        "issuer",
        "area",
        "area_code",
        "horizon",
        "index_number",
        "document_number",
        "status",
    ):
        assert read[key] == folder[key]
    assert read["issued"] is None, "printed 202138"


def test_a_title_with_2035_in_digits(shared: Path) -> None:
    page = read_title_page(
        read_published(shared / "cases" / "documents" / "m-title-with-2035-in-digits.txt")
    )
    assert page.value("title") == "潘集区国民经济和社会发展第十四个五年规划和2035年远景目标纲要"
    assert page.value("issuer") == "潘集区人民政府"
    assert (page.value("area"), page.value("area_code")) == ("安徽省淮南市潘集区", "340406")
    assert (page.value("horizon"), page.value("issued")) == (2035, date(2021, 9, 23))


@pytest.mark.parametrize(
    ("head", "tells"),
    [
        (
            "安吉县发展和改革局 安吉县财政局关于印发《安吉县“十四五”数字经济发展规划》的通知\n安发改〔2021〕12号\n各乡镇:",
            {
                "issuer": "安吉县发展和改革局、安吉县财政局",
                "slug": "anji-shuzi-jingji-2021",
                "document_number": "安发改〔2021〕12号",
            },
        ),
        (
            "安吉县人民政府门户网站\n首页 > 规划\n安吉县国民经济和社会发展第十四个五年规划纲要\n发布时间：2021-03-05 10:22 来源：县发改局",
            {"issuer": "安吉县人民政府", "issued": date(2021, 3, 5)},
        ),
        (
            "安吉县国民经济和社会发展\n第十四个五年规划纲要\n\n二〇二一年三月",
            {"issued": None, "issuer": None},
        ),
        (
            "云湖市䶮溪区国民经济和社会发展第十五个五年规划纲要\n云湖市䶮溪区人民政府\n2026年3月",
            {"area": "云湖市䶮溪区", "issuer": "云湖市䶮溪区人民政府"},
        ),
        (
            "青塘区卫生健康“十五五”规划\n2026年3月\n第一章 发展基础\n五年来，区财政投入43亿元。",
            {"area": "青塘区", "level": "county", "issued": None, "month": "2026-03"},
        ),
        (
            "农贸市场发展“十五五”规划\n第一章 发展基础\n五年来，市财政投入43亿元。",
            {"area": None, "month": None},
        ),
        (
            "沧浪区数字经济发展“十五五”规划\n沧数发〔2026〕12号\n各镇街：\n全区有企业3家。",
            {"area": "沧浪区", "area_code": None},
        ),
        (
            "兵团第八师石河子市国民经济和社会发展第十四个五年规划纲要\n二〇二一年五月",
            {"area": "新疆维吾尔自治区石河子市", "area_code": "659001"},
        ),
        (
            "佛山市顺德区\n国民经济和社会发展\n第十五个五年规划纲要\n顺德区人民政府 编制\n2026.03",
            {"issuer": "顺德区人民政府", "area_code": "440606"},
        ),
        (
            "孝丰镇国民经济和社会发展第十四个五年规划纲要\n安吉县孝丰镇人民政府\n2021年3月5日",
            {
                "area": "浙江省湖州市安吉县孝丰镇",
                "level": "town",
                "area_code": None,
                "issuer": "安吉县孝丰镇人民政府",
            },
        ),
        (
            "襄樊市国民经济和社会发展第十一个五年规划纲要\n(2006年1月12日襄樊市第十四届人民代表大会第四次会议通过)",
            {
                "area": "湖北省襄樊市",
                "area_code": "420600",
                "period": (2006, 2010),
                "issuer": "襄樊市人民代表大会",
            },
        ),
        (
            "中华人民共和国国民经济和社会发展第十四个五年规划和2035年远景目标纲要\n目录",
            {"area": "中华人民共和国", "level": "nation", "area_code": None},
        ),
        (
            "（受权发布）中华人民共和国国民经济和社会发展第十五个五年规划纲要\n（2026年3月12日第十四届全国人民代表大会第四次会议批准）",
            {
                "title": "中华人民共和国国民经济和社会发展第十五个五年规划纲要",
                "issuer": "全国人民代表大会",
                "issued": date(2026, 3, 12),
                "level": "nation",
                "slug": "quanguo-2026",
            },
        ),
        (
            "国务院关于印发“十四五”国家应急体系规划的通知\n国发〔2021〕36号\n各省人民政府:\n印发给你们。\n国务院\n2021年12月30日",
            {
                "issuer": "国务院",
                "level": "nation",
                "title": "“十四五”国家应急体系规划",
                "issued": date(2021, 12, 30),
            },
        ),
        (
            "中共中央关于制定国民经济和社会发展第十五个五年规划的建议\n(2025年10月23日中国共产党第二十届中央委员会第四次全体会议通过)",
            {
                "issuer": "中共中央",
                "level": "nation",
                "period": (2026, 2030),
                "issued": date(2025, 10, 23),
            },
        ),
        (
            "省文化和旅游厅关于印发《湖北省文物事业发展“十四五”规划》的通知\n鄂文旅发〔2021〕20号\n各市:\n印发给你们。",
            {"issuer": "湖北省文化和旅游厅"},
        ),
        (
            "张家界市武陵源区人民政府办公室关于印发《武陵源区“十四五”旅游业发展规划》的通知张武政办发〔2021〕8号\n各街道:",
            {"document_number": "张武政办发〔2021〕8号", "area": "湖南省张家界市武陵源区"},
        ),
        (
            "安吉县国民经济和社会发展第十四个五年规划纲要(草案)\n——2021年1月20日在安吉县第十七届人民代表大会第一次会议上",
            {
                "status": "草案",
                "title": "安吉县国民经济和社会发展第十四个五年规划纲要",
                "slug": "anji-2021-caoan",
            },
        ),
        (
            "安吉县人民政府\n安吉县国民经济和社会发展第十四个五年规划纲要\n(2021年1月23日安吉县第十七届人民代表大会第一次会议批准)\n第一章 基础",
            {"issuer": "安吉县人民政府", "issued": date(2021, 1, 23)},
        ),
        (
            "安吉县国民经济和社会发展第十五个五年规划纲要\n第一章 基础\n加快发展。展望2035年，建成强县。",
            {"horizon": 2035},
        ),
        (
            "安吉县国民经济和社会发展第十五个五年规划纲要\n第一章 基础\n加快发展。展望2030年，建成强县。",
            {"horizon": None},
        ),
        (  # who approved it did not issue it
            "安吉县“十四五”水利发展规划\n(安吉县人民政府2021年5月6日批准)\n安吉县水利局\n第一章 基础",
            {"issuer": "安吉县水利局"},
        ),
        (
            "安吉县“十四五”水利发展规划\n安吉县人民政府2021年5月批复\n安吉县水利局 编制\n第一章 基础",
            {"issuer": "安吉县水利局"},
        ),
        (
            "西咸新区“十四五”发展规划\n西咸新区管委会\n2021年12月1日",
            {"area": "西咸新区", "level": "zone", "area_code": None, "slug": "xixian-2021"},
        ),
        (
            "沐阳区现代物流业发展规划（2026—2030年）\n全区社会物流总额达到2100亿元。",
            {"area": "沐阳区", "level": "county", "area_code": None},
        ),
        (
            "玉环市大麦屿街道“十五五”发展规划\n大麦屿街道办事处",
            {"area": "浙江省台州市玉环市大麦屿街道", "level": "town", "issuer": "大麦屿街道办事处"},
        ),
        (
            "中国共产党广西壮族自治区委员会关于制定国民经济和社会发展第十五个五年规划的建议\n一、要求",
            {"area": "广西壮族自治区", "area_code": "450000", "level": "province"},
        ),
        ("老旧小区改造规划（2026—2030年）\n全区改造小区20个。", {"area": None, "level": None}),
        (
            "瀚江市国民经济和社会发展第十五个五年规划纲要\n跻身全国县级市综合实力百强前列。",
            {"area": "瀚江市", "level": "county"},
        ),
        (
            "瀚江市国民经济和社会发展第十五个五年规划纲要\n各县（市、区）人民政府：",
            {"area": "瀚江市", "level": "city"},
        ),
        ("瀚江市国民经济和社会发展第十五个五年规划纲要\n第一章", {"area": "瀚江市", "level": None}),
        (
            "京津冀“十四五”协同发展规划",
            {"area": None, "area_code": None, "level": None, "slug": None},
        ),
        (
            "红河州“十四五”卫生健康规划\n红河州卫生健康委员会\n2021年4月1日",
            {
                "area": "云南省红河哈尼族彝族自治州",
                "level": "city",
                "issuer": "红河州卫生健康委员会",
            },
        ),
        (
            "北京市人民政府关于印发《北京市“十四五”时期老龄事业发展规划》的通知\n京政发（2021）27号\n各区人民政府：",
            {"document_number": "京政发〔2021〕27号", "slug": "beijing-laoling-2021"},
        ),
        (
            "青石县“十五五”规划纲要\n— 1 —\n云湖市青石县国民经济和社会发展第十五个五年规划纲要\n云湖市青石县人民政府",
            {"issuer": "云湖市青石县人民政府", "period": (2026, 2030), "area_code": None},
        ),
        (
            "蓝山县人民政府办公室关于印发《蓝山县“十四五”农业农村现代化规划（2021—2025年）》的通知\n蓝政办发〔2021〕8号\n各乡镇:",
            {
                "title": "蓝山县“十四五”农业农村现代化规划（2021—2025年）",
                "slug": "lanshan-nongye-nongcun-2021",
            },
        ),
        (
            "内蒙古自治区人民政府关于印发自治区“十四五”文化和旅游发展规划的通知\n内政发〔2021〕20号\n各盟行政公署:",
            {"area": "内蒙古自治区", "area_code": "150000", "slug": "neimenggu-wenhua-lvyou-2021"},
        ),
        (
            "市人民政府关于印发《荆州市综合交通运输发展“十四五”规划》的通知\n荆政发〔2021〕15号\n各县市区人民政府：\n2021年11月4日",
            {"issuer": "荆州市人民政府", "area": "湖北省荆州市"},
        ),
        (
            "国家发展改革委 住房城乡建设部关于印发《“十四五”城镇污水处理发展规划》的通知\n发改环资〔2021〕827号\n各省:",
            {"issuer": "国家发展改革委、住房城乡建设部", "level": "nation"},
        ),
        (
            "政府信息公开\n索引号 11330000002482373Q/2021-00123 主题分类 规划 发文机关 浙江省人民政府 成文日期 2021-02-18\n"
            "文 号 浙政发〔2021〕3号\n浙江省人民政府关于印发浙江省国民经济和社会发展第十四个五年规划纲要的通知\n各市：",
            {
                "index_number": "11330000002482373Q/2021-00123",
                "document_number": "浙政发〔2021〕3号",
                "issued": date(2021, 2, 18),
            },
        ),
        (
            "信息索取号：SY0020-2026-004\n发布机构：新阳市人民政府\n新阳市国民经济和社会发展第十五个五年规划纲要\n",
            {"index_number": "SY0020-2026-004", "issuer": "新阳市人民政府"},
        ),
        (
            "锡林郭勒盟国民经济和社会发展第十四个五年规划和二○三五年远景目标纲要\n锡林郭勒盟行政公署\n2021年3月",
            {"area": "内蒙古自治区锡林郭勒盟", "issuer": "锡林郭勒盟行政公署", "horizon": 2035},
        ),
        (
            "沧江市城市更新“十五五”专项规划\n沧江市住房和城乡建设局\n2026年3月\n",
            {"area": "沧江市", "issuer": "沧江市住房和城乡建设局"},
        ),
        (
            "樟城市城市更新“十五五”专项规划\n樟城市城市管理局\n2026年3月\n",
            {"area": "樟城市", "issuer": "樟城市城市管理局"},
        ),
        (
            "大理白族自治州生态环境局关于印发《大理州“十四五”生态环境保护规划》的通知\n"
            "大理白族自治州生态环境局\n2022年5月30日\n大理州“十四五”生态环境保护规划\n",
            {"title": "大理州“十四五”生态环境保护规划", "issued": date(2022, 5, 30)},
        ),
        (
            "（两会受权发布）中华人民共和国国民经济和社会发展第十五个五年规划纲要\n新华社北京3月13日电\n"
            "中华人民共和国国民经济和社会发展第十五个五年规划纲要\n",
            {"title": "中华人民共和国国民经济和社会发展第十五个五年规划纲要", "level": "nation"},
        ),
        (
            "市政府办公室关于印发樟城市“十五五”养老服务规划的通知\n各县（市、区）人民政府：\n"
            "樟城市人民政府办公室\n2026年3月2日\n樟城市“十五五”养老服务规划\n",
            {"area": "樟城市", "issuer": "樟城市人民政府办公室"},
        ),
        (
            "新阳高新区发展第十五个五年规划纲要\n（新阳高新区管理委员会 2026年1月）\n",
            {"issuer": "新阳高新区管理委员会"},
        ),
    ],
    ids=lambda value: value[:16] if isinstance(value, str) else "",
)
def test_styles(head: str, tells: dict[str, object]) -> None:
    read = told(head + BODY)
    assert {key: read[key] for key in tells} == tells


def test_what_the_file_says_counts_where_the_text_is_silent() -> None:
    read = told(
        BODY,
        title="安吉县国民经济和社会发展第十四个五年规划纲要_安吉县人民政府网",
        issuer="安吉县人民政府门户网站",
        date="2021-03-05",
        index_number="11330523/2021-00012",
        document_number="安政发〔2021〕5号",
    )
    assert read["title"] == "安吉县国民经济和社会发展第十四个五年规划纲要"
    assert (read["issuer"], read["area_code"]) == ("安吉县人民政府", "330523")
    assert (read["issued"], read["index_number"]) == (date(2021, 3, 5), "11330523/2021-00012")
    assert read["document_number"] == "安政发〔2021〕5号"
    tail = told(
        "第十四个五年规划纲要\n" + BODY + "安吉县人民政府\n2021年4月1日印发\n",
        title="安吉县国民经济和社会发展第十四个五年规划纲要",
    )
    assert tail["title"] == "安吉县国民经济和社会发展第十四个五年规划纲要"
    assert (tail["area_code"], tail["issuer"]) == ("330523", "安吉县人民政府")
    assert (tail["period"], tail["issued"]) == ((2021, 2025), date(2021, 4, 1))
    whole = "安吉县国民经济和社会发展第十四个五年规划纲要"
    menu = told(whole + "\n" + BODY, title=f"安吉县人民政府 规划计划 {whole}")
    assert menu["title"] == whole  # the site's menu is no part of it
    made = Published(
        "安吉县国民经济和社会发展第十四个五年规划纲要" + BODY, properties={"date": "2026-11-25"}
    )
    assert read_title_page(made).value("issued") == date(2026, 11, 25)
    said = told(
        "云湖市青石县国民经济和社会发展第十五个五年规划纲要" + BODY, title="x", issuer="湖州日报"
    )
    assert (said["issuer"], said["area"]) == (None, "云湖市青石县")


def test_a_period_that_the_title_does_not_name() -> None:
    """Where the text says what the plan's years are; not those of the period before."""
    head = "安吉县人民政府关于印发《安吉县水利发展专项规划》的通知\n安政发〔2021〕5号\n各乡镇:\n"
    past = "“十三五”时期(2016-2020年)成绩显著。落实《湖州市国土空间总体规划2021-2035年》。\n"
    assert told(head + past)["period"] is None
    assert told(f"{head}{past}规划期限为2021—2025年。\n")["period"] == (2021, 2025)


def test_a_name_of_several_is_never_guessed() -> None:
    page = read_title_page(
        Published("鼓楼区国民经济和社会发展第十四个五年规划纲要\n鼓楼区人民政府" + BODY)
    )
    assert page.value("area") is None and page.value("area_code") is None
    assert len(page.candidates) == 4 and "江苏省南京市鼓楼区" in page.candidates
    told_by = {
        "南京市鼓楼区人民政府": "江苏省南京市鼓楼区",
        "福州市鼓楼区人民政府": "福建省福州市鼓楼区",
    }
    for issuer, area in told_by.items():
        assert told(f"鼓楼区国民经济和社会发展第十四个五年规划纲要\n{issuer}{BODY}")["area"] == area


@pytest.mark.parametrize(
    "unit",
    ["关于印发", "第十四个五年规划", "《", "安吉县人民政府", "2021年", "索引号:", "安吉县“十四五”"],
)
def test_hostile_pages_are_read_in_bounded_time(unit: str) -> None:
    """Only the first and the last page are looked at, in lines of bounded length."""
    assert read_title_page(Published(unit * 200_000)) is not None
    assert read_title_page(Published(f"{unit}\n" * 50_000)) is not None
    keys = ("title", "issuer", "document_number", "index_number", "date", "status", "source")
    said = dict.fromkeys(keys, f"{unit}_" * 200_000)
    assert read_title_page(Published("x", properties=said)) is not None


def test_who_the_page_is_of_counts_more_than_who_adopted_the_plan() -> None:
    adopted = "（2026年2月6日泽州县第十七届人民代表大会第五次会议批准）"
    title = "泽州县国民经济和社会发展第十五个五年规划纲要"
    filed = {"issuer": "县人民政府办公室", "date": "2026-02-26"}
    page = read_title_page(Published(f"{title}\n{adopted}\n{BODY}", properties=filed))
    assert page.value("issuer") == "泽州县人民政府办公室"
    assert page.value("issued") == date(2026, 2, 26)


@pytest.mark.parametrize(
    ("adopted", "issuer"),
    [
        ("2026年2月6日经泽州县第十七届人民代表大会第五次会议审议通过", "泽州县人民代表大会"),
        ("2026年2月6日，泽州县第十七届人民代表大会第五次会议审议批准", "泽州县人民代表大会"),
        ("2026年2月泽州县第十七届人民代表大会第五次会议批准", "泽州县人民代表大会"),
        ("2026年2月6日泽州县十七届人大五次会议通过", "泽州县人大"),
        ("2026年2月泽州县委十四届十次全会通过", "泽州县委"),
    ],
)
def test_who_adopted_the_plan(adopted: str, issuer: str) -> None:
    title = "泽州县国民经济和社会发展第十五个五年规划纲要"
    page = read_title_page(Published(f"{title}\n（{adopted}）\n{BODY}"))
    assert page.value("issuer") == issuer
    assert page.value("area") == "山西省晋城市泽州县"
    assert page.value("issued") == (date(2026, 2, 6) if "日" in adopted else None)


def test_the_congress_of_the_nation() -> None:
    title = "中华人民共和国国民经济和社会发展第十五个五年规划纲要"
    adopted = "（2026年3月第十四届全国人民代表大会第四次会议批准）"
    page = read_title_page(Published(f"{title}\n{adopted}\n{BODY}"))
    assert page.value("issuer") == "全国人民代表大会"


def test_the_number_that_a_file_is_named_by() -> None:
    text = f"兰考县国民经济和社会发展第十四个五年规划\n兰考县人民政府\n2021年8月\n{BODY}"
    page = read_title_page(Published(text, properties={"title": "兰政〔2021〕27号"}))
    assert page.value("document_number") == "兰政〔2021〕27号"


@pytest.mark.parametrize(
    "title",
    [
        "泽州县国民经济和社会发展第十五个五年规划纲要_规划计划_泽州县人民政府",
        "泽州县国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要（草案）",
    ],
)
def test_a_title_that_the_file_alone_has_gives_no_place_in_the_text(title: str) -> None:
    page = read_title_page(Published(BODY, properties={"title": title}))
    assert page.fields["period"].origin == "title"
    assert all(one.span or one.origin != "text" for one in page.fields.values())
