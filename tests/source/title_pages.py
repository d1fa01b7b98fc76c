"""Title pages of plans that do not exist, of real divisions: invented from a seed, in the styles
that governments use, each with what it tells.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from opencc import OpenCC

from kg.source.gazetteer import Division, Level, above, divisions, full_name, named, resolve
from kg.source.published import Published

NUMERALS = "〇一二三四五六七八九"
PLANS = {13: "十三", 14: "十四", 15: "十五"}
SECTORS = (
    "文物保护利用",
    "城市内涝治理",
    "综合交通运输",
    "生态环境保护",
    "卫生健康",
    "数字经济",
    "教育事业",
    "水安全保障",
)
BODY = """第一章 发展基础
第一节 主要成就
“{former}五”时期,全{own}地区生产总值年均增长5%左右。根据《中共中央关于制定国民经济和社会发展第{plan}个五年规划的建议》
和《{other}国民经济和社会发展第{plan}个五年规划纲要》,按照国发〔2019〕13号文件要求,结合实际,制定本规划。
截至2020年12月31日,全{own}建成公园12个。
第二章 总体要求
第一节 主要目标
——创新能力显著增强。研发投入强度达到3.2%。
第三章 建设现代化产业体系
第一节 壮大先进制造业
加快建设产业园,到期末新增企业200家。
"""


@dataclass(frozen=True)
class TitlePage:
    """A document and what it tells, by the keys of plan.toml; None where it does not tell it."""

    style: str
    published: Published
    tells: dict[str, object] = field(default_factory=dict)


class _Maker:
    """What one page is made of, drawn by chance."""

    def __init__(self, chance: random.Random, place: Division, style: str) -> None:
        self.chance, self.style, self.place = chance, style, place
        self.number = chance.choice(list(PLANS))
        self.plan = PLANS[self.number]
        self.first = 2021 + (self.number - 14) * 5
        self.when = date(self.first, chance.randint(1, 11), chance.randint(1, 28))
        self.sector = chance.choice(SECTORS)
        self.sign = "".join(chance.sample("安平兴宁永新昌和", 2)) + "政" + chance.choice("发函办")
        self.count = chance.randint(1, 60)
        self.index = f"{place.code}{chance.randint(10**9, 10**10)}/{self.first}-{self.count:05}"
        parents = [one for one in above(place) if one.level is not Level.PROVINCE]
        self.parent = parents[0] if parents else above(place)[0]
        self.horizon = chance.choice([None, 2035]) if self.number == 14 else None
        self.own = place.name

    @property
    def area(self) -> str:
        return full_name(self.place)

    @property
    def doc(self) -> str:
        return f"{self.sign}〔{self.first}〕{self.count}号"

    @property
    def outline(self) -> str:
        vision = "和二〇三五年远景目标" if self.horizon else ""
        return f"国民经济和社会发展第{self.plan}个五年规划{vision}纲要"

    def day(self) -> str:
        return f"{self.when.year}年{self.when.month}月{self.when.day}日"

    def day_in_chinese(self) -> str:
        def small(number: int) -> str:
            tens, ones = divmod(number, 10)
            lead = "" if tens == 0 else "十" if tens == 1 else f"{NUMERALS[tens]}十"
            return lead + (NUMERALS[ones] if ones else "")

        years = "".join(NUMERALS[int(d)] for d in str(self.when.year))
        return f"{years}年{small(self.when.month)}月{small(self.when.day)}日"

    def body(self) -> str:
        former = {13: "十二", 14: "十三", 15: "十四"}[self.number]
        return BODY.format(
            former=former, plan=self.plan, own=self.own[-1], other=full_name(above(self.place)[-1])
        )

    def made(
        self, text: str, properties: dict[str, str] | None = None, **tells: object
    ) -> TitlePage:
        told: dict[str, object] = {
            "area": self.area,
            "area_code": self.place.code,
            "level": str(self.place.level),
            "period": (self.first, self.first + 4),
            "horizon": self.horizon,
            "document_number": None,
            "index_number": None,
            "issued": None,
            "status": None,
        }
        return TitlePage(self.style, Published(text, properties=properties or {}), told | tells)


def _broken(chance: random.Random, text: str, pieces: int) -> str:
    """A text over so many lines, broken anywhere."""
    cuts = sorted(chance.sample(range(3, len(text) - 2), pieces - 1))
    return "\n".join(text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True))


def red_head(m: _Maker) -> TitlePage:
    issuer, title = f"{m.area}人民政府", f"{m.area}{m.outline}"
    text = (
        f"{issuer}文件\n\n{m.doc}\n\n{issuer}\n关于印发{_broken(m.chance, title, 2)}的通知\n"
        f"各乡镇人民政府,各有关单位:\n《{title}》已经人民代表大会批准,现印发给你们,请认真贯彻执行。\n\n"
        f"{issuer}\n{m.day()}\n(此件公开发布)\n\n{_broken(m.chance, title, 2)}\n\n目  录\n{m.body()}"
    )
    return m.made(text, title=title, issuer=issuer, document_number=m.doc, issued=m.when)


def portal_head(m: _Maker) -> TitlePage:
    issuer, title = f"{m.own}人民政府", f"{m.own}{m.outline}"
    text = (
        f"首页 > 政务公开 > 规划计划\n索 引 号: {m.index}\n主题分类: 综合政务\n发文机关: {issuer}\n成文日期: {m.day()}\n"
        f"标    题: {issuer}关于印发{title}的通知\n发文字号: {m.doc}\n发布日期: {m.first + 1}-01-03\n有 效 性: 有效\n"
        f"{issuer}关于印发{title}的通知\n各乡镇人民政府:\n现将《{title}》印发给你们。\n{m.body()}"
    )
    return m.made(
        text,
        title=title,
        issuer=issuer,
        document_number=m.doc,
        index_number=m.index,
        issued=m.when,
        status="有效",
    )


def portal_table(m: _Maker) -> TitlePage:
    issuer, title = f"{m.area}人民政府办公室", f"{m.area}{m.sector}“{m.plan}五”规划"
    text = (
        f"索引号\t{m.index}\t分类\t规划信息\n发布机构\t{issuer}\t发文日期\t{m.when.isoformat()}\n"
        f"名称\t{issuer}关于印发《{title}》的通知\n文号\t{m.doc}\t主题词\t\n{issuer}关于印发《{title}》的通知\n"
        f"各街道办事处:\n《{title}》已经政府同意,现印发给你们。\n{m.body()}"
    )
    return m.made(
        text,
        title=title,
        issuer=issuer,
        document_number=m.doc,
        index_number=m.index,
        issued=m.when,
        horizon=None,
    )


def proposal(m: _Maker) -> TitlePage:
    party = f"中共{m.area}委"
    title = f"{party}关于制定{m.area}国民经济和社会发展第{m.plan}个五年规划的建议"
    text = (
        f"{_broken(m.chance, title, 2)}\n({m.day_in_chinese()}中国共产党{m.area}第十三届委员会第十次全体会议通过)\n"
        f"全会就制定“{m.plan}五”规划提出以下建议。\n{m.body()}"
    )
    return m.made(text, title=title, issuer=party, issued=m.when, horizon=None)


def sector_cover(m: _Maker) -> TitlePage:
    issuer, title = f"{m.area}发展和改革局", f"{m.area}{m.sector}“{m.plan}五”专项规划"
    text = f"{m.area}{m.sector}\n“{m.plan}五”专项规划\n\n\n{issuer}\n{m.first}年{m.when.month}月\n\n目  录\n{m.body()}"
    return m.made(text, title=title, issuer=issuer, horizon=None)


def signature_at_the_end(m: _Maker) -> TitlePage:
    issuer, title = f"{m.area}人民政府", f"{m.area}{m.outline}"
    text = f"{title}\n\n{m.body()}\n\n{issuer}\n{m.day()}\n"
    return m.made(text, title=title, issuer=issuer, issued=m.when)


def spaced_letters(m: _Maker) -> TitlePage:
    issuer, title = f"{m.area}人民政府", f"{m.area}{m.outline}"
    text = f"{' '.join(title)}\n\n{' '.join(issuer)}\n{' '.join(m.day())}\n\n目    录\n{m.body()}"
    return m.made(text, title=title, issuer=issuer, issued=m.when)


def broken_title(m: _Maker) -> TitlePage:
    issuer, title = f"{m.area}人民政府", f"{m.area}{m.outline}"
    text = f"附件\n{_broken(m.chance, title, 3)}\n\n{issuer}\n{m.day_in_chinese()}\n\n{m.body()}"
    return m.made(text, title=title, issuer=issuer, issued=m.when)


def full_width(m: _Maker) -> TitlePage:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    issuer = f"{m.own}人民政府"
    years = f"{m.first}—{m.first + 4}年"
    title = f"{m.own}{m.sector}规划（{years}）"
    text = (
        f"{issuer}关于印发《{m.own}{m.sector}规划（{years.translate(wide)}）》的通知\n{m.doc.translate(wide)}\n各乡镇人民政府：\n"
        f"现印发给你们。\n{issuer}\n{m.day().translate(wide)}\n{m.body()}"
    )
    return m.made(
        text, title=title, issuer=issuer, document_number=m.doc, issued=m.when, horizon=None
    )


def traditional(m: _Maker) -> TitlePage:
    issuer, title = f"{m.area}人民政府", f"{m.area}{m.outline}"
    convert = OpenCC("s2t").convert
    text = convert(
        f"{issuer}關於印發{title}的通知\n{m.doc}\n各乡镇人民政府:\n现印发给你们。\n{issuer}\n{m.day()}\n{m.body()}"
    )
    return m.made(
        text, title=convert(title), issuer=convert(issuer), document_number=m.doc, issued=m.when
    )


def same_name_elsewhere(m: _Maker) -> TitlePage:
    """鼓楼区 alone: resolved by the city in the notice's body."""
    issuer, title = f"{m.own}人民政府", f"{m.own}{m.outline}"
    text = (
        f"{title}\n({m.day()}{m.own}第十八届人民代表大会第一次会议批准)\n{m.body()}"
        f"融入{m.parent.name}发展大局,承接{m.parent.name}功能。\n{issuer}\n"
    )
    return m.made(text, title=title, issuer=f"{m.own}人民代表大会", issued=m.when)


def same_name_and_no_more(m: _Maker) -> TitlePage:
    issuer, title = f"{m.own}人民政府", f"{m.own}{m.outline}"
    text = (
        f"{issuer}关于印发{title}的通知\n各街道办事处:\n现印发给你们。\n{issuer}\n{m.day()}\n"
        + m.body().replace(full_name(above(m.place)[-1]), "全国")
    )
    return m.made(
        text, title=title, issuer=issuer, issued=m.when, area=None, area_code=None, level="county"
    )


def zone(m: _Maker) -> TitlePage:
    area = f"{m.parent.name}{m.chance.choice(['云峰', '栖霞渡', '锦鲤湾'])}{m.chance.choice(['经济技术开发区', '新区', '高新区'])}"
    issuer, title = f"{area}管理委员会", f"{area}{m.outline}"
    whole = "".join(one.name for one in reversed(above(m.parent))) + area
    text = f"{issuer}关于印发{title}的通知\n{m.doc}\n各有关单位:\n现印发给你们。\n{issuer}\n{m.day()}\n{m.body()}"
    return m.made(
        text,
        title=title,
        issuer=issuer,
        document_number=m.doc,
        issued=m.when,
        area=whole,
        area_code=None,
        level="zone",
    )


def draft(m: _Maker) -> TitlePage:
    title = f"{m.area}{m.outline}"
    mark = m.chance.choice(["征求意见稿", "草案", "送审稿"])
    text = f"{_broken(m.chance, title, 2)}\n({mark})\n\n{m.area}发展和改革委员会\n{m.day()}\n{m.body()}"
    return m.made(text, title=title, issuer=f"{m.area}发展和改革委员会", issued=m.when, status=mark)


def in_the_file(m: _Maker) -> TitlePage:
    issuer, title = f"{m.area}人民政府", f"{m.area}{m.outline}"
    properties = {
        "title": f"{issuer}关于印发{title}的通知",
        "issuer": issuer,
        "date": m.when.isoformat(),
        "document_number": m.doc,
        "source": "https://www.example.gov.cn/plan.html",
    }
    return m.made(
        m.body(),
        properties,
        title=title,
        issuer=issuer,
        document_number=m.doc,
        issued=m.when,
        source_url="https://www.example.gov.cn/plan.html",
    )


FIRST: tuple[Callable[[_Maker], TitlePage], ...] = (
    red_head, portal_head, proposal, sector_cover, signature_at_the_end, spaced_letters, broken_title,
    full_width, same_name_elsewhere, zone,
)  # fmt: skip
"""The styles that the rules were written on."""
LATER: tuple[Callable[[_Maker], TitlePage], ...] = (
    *FIRST, portal_table, traditional, same_name_and_no_more, draft, in_the_file,
)  # fmt: skip
SHARED_NAMES = (same_name_elsewhere, same_name_and_no_more)


def title_pages(seed: int = 2035, count: int = 20) -> tuple[list[TitlePage], list[TitlePage]]:
    """So many pages for writing rules and as many again for scoring them, of other counties."""
    chance = random.Random(seed)
    counties = [one for one in divisions() if one.level is Level.COUNTY and one.until is None]
    alone = [one for one in counties if len(named(one.name)) == 1]
    shared = [
        one
        for one in counties
        if len({*map(full_name, resolve(one.name, 2021))}) > 2 and len(one.name) > 2
    ]
    chance.shuffle(alone)
    chance.shuffle(shared)

    def page(style: Callable[[_Maker], TitlePage]) -> TitlePage:
        place = shared.pop() if style in SHARED_NAMES else alone.pop()
        return style(_Maker(chance, place, style.__name__))

    first = [page(FIRST[i % len(FIRST)]) for i in range(count)]
    return first, [page(LATER[i % len(LATER)]) for i in range(count)]
