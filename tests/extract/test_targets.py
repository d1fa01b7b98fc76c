"""Numbers that commit, and numbers that do not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.document.structure import read_document
from kg.extract.achievements import find_achievements
from kg.extract.targets import find_targets


def targets(sentence: str) -> list[tuple[str, Decimal | None, str, str, str, tuple[int, int]]]:
    document = read_document(f"第一章 加快发展\n一、加强建设\n{sentence}\n", "x")
    found = find_targets(document, (2021, 2025))
    names = {i.key: i.name for i in found.indicators}
    return [
        (
            names[v.indicator],
            v.quantity.value,
            v.quantity.unit_text,
            v.quantity.comparator,
            v.quantity.basis,
            v.period,
        )
        for v in found.values
    ]


END, SPAN = (2025, 2025), (2021, 2025)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "到2025年,国家高新技术企业达到140家。",
            ("国家高新技术企业数量", "140", "家", "Equal", "PointInTime", END),
        ),
        (
            "到2025年,轨道站点覆盖率不低于50%。",
            ("轨道站点覆盖率", "50", "%", "AtLeast", "PointInTime", END),
        ),
        (
            "到2023年,森林覆盖率超过12.5%。",
            ("森林覆盖率", "12.5", "%", "MoreThan", "PointInTime", (2023, 2023)),
        ),
        # What is foreseen beside an action, and what is expected without 将.
        (
            "预计到2025年日需水量将进一步增加,建设水厂3座。",
            ("水厂数量", "3", "座", "Equal", "Cumulative", SPAN),
        ),
        (
            "预计到2025年,供水保证率达到95%。",
            ("供水保证率", "95", "%", "Equal", "PointInTime", END),
        ),
        # What is done to so much is no stock of it, and what others have set is a target.
        ("修复湿地12万亩。", ("修复湿地", "12", "万亩", "Equal", "Cumulative", SPAN)),
        (
            "收储盘活低效用地1200亩。",
            ("收储盘活低效用地", "1200", "亩", "Equal", "Cumulative", SPAN),
        ),
        (
            "推出精品线路6条，到2025年服务游客。",
            ("精品线路数量", "6", "条", "Equal", "Cumulative", SPAN),
        ),
        (
            "淘汰落后炼油产能4000万吨/年。",
            ("淘汰落后炼油产能", "4000", "万吨/年", "Equal", "Cumulative", SPAN),
        ),
        # So many each is no total, and a verb that joins another is no change.
        (
            "每县建成1个综合医院。",
            ("每县综合医院数量", "1", "个", "Equal", "Cumulative", SPAN),
        ),
        (
            "到2025年,各乡镇配备社工2名。",
            ("各乡镇社工数量", "2", "名", "Equal", "PointInTime", END),
        ),
        ("改造提升公路300公里。", ("改造提升公路", "300", "公里", "Equal", "Cumulative", SPAN)),
        ("智能算力达到15万P。", ("智能算力", "150000", "P", "Equal", "PointInTime", END)),
        (
            "每万名就业人员中研发人员全时当量达到80人年。",
            ("每万名就业人员中研发人员全时当量", "80", "人年", "Equal", "PointInTime", END),
        ),
        (
            "完成省下达的单位地区生产总值二氧化碳排放降低任务。",
            ("单位地区生产总值二氧化碳排放降低", None, "", "Task", "PointInTime", END),
        ),
        ("快递服务点实现行政村全覆盖。", ("快递服务点", None, "", "Task", "PointInTime", END)),
        (
            "十四五期间年均新增就业1.7万人。",
            ("新增就业人数", "1.7", "万人", "Equal", "AnnualAverage", SPAN),
        ),
        (
            "到2025年,累计新增绿化面积11.8万平方米。",
            ("新增绿化面积", "11.8", "万平方米", "Equal", "Cumulative", SPAN),
        ),
        (
            "到2025年,每万常住人口拥有全科医生数3.52人以上。",
            ("每万常住人口拥有全科医生数", "3.52", "人", "AtLeast", "PointInTime", END),
        ),
        ("到2025年,新建成5所养老院。", ("新建养老院数量", "5", "所", "Equal", "Cumulative", SPAN)),
        ("到2025年,失业率控制在5.5%以内。", ("失业率", "5.5", "%", "AtMost", "PointInTime", END)),
        ("到2025年,出庭应诉率达标。", ("出庭应诉率", None, "", "Task", "PointInTime", END)),
    ],
)
def test_one_target(
    sentence: str, expected: tuple[str, str | None, str, str, str, tuple[int, int]]
) -> None:
    name, value, *rest = expected
    assert targets(sentence) == [(name, Decimal(value) if value else None, *rest)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "2022年、2025年覆盖率分别达到60%和90%。",
            [("覆盖率", "60", (2022, 2022)), ("覆盖率", "90", END)],
        ),
        (
            "2022、2023、2025年单位能耗分别下降5%、11%和18%。",
            [
                ("单位能耗", "-5", (2021, 2022)),
                ("单位能耗", "-11", (2021, 2023)),
                ("单位能耗", "-18", SPAN),
            ],
        ),
        ("2021—2022年为试点阶段,数据合格率达到85%。", [("数据合格率", "85", (2022, 2022))]),
        (
            "绿化覆盖率2023年达到43%、2025年达到45%。",
            [("绿化覆盖率", "43", (2023, 2023)), ("绿化覆盖率", "45", END)],
        ),
        (
            "新能源公交车占比2020年达到50%,2023年提高到70%,2025年基本完成。",
            [("新能源公交车占比", "70", (2023, 2023)), ("新能源公交车占比", None, END)],
        ),
        (
            "储气能力分2023年、2025年两步提升到2亿立方米和3亿立方米。",
            [("储气能力", "2", (2023, 2023)), ("储气能力", "3", END)],
        ),
        (
            "链主企业2023年8家、2025年15家。",
            [("链主企业数量", "8", (2023, 2023)), ("链主企业数量", "15", END)],
        ),
        ("2021-2025年新建公园10个。", [("新建公园数量", "10", SPAN)]),
        ("争取2023年完成首船、2024年吞吐量突破千万吨。", [("吞吐量", "1000", (2024, 2024))]),
        (
            "攻克关键技术15项,组建创新联合体8个。",
            [
                ("攻克关键技术数量", "15", SPAN),
                ("创新联合体数量", "8", SPAN),
            ],
        ),
        ("优化布局,五年交通投入不低于300亿元。", [("交通投入", "300", SPAN)]),
        ("“十四五”期间,研发经费投入强度达到2.8%。", [("研发经费投入强度", "2.8", END)]),
        ("五年引进高层次人才不少于一千名。", [("引进高层次人才数量", "1000", SPAN)]),
        ("老旧小区改造完成三百个。", [("老旧小区改造数量", "300", SPAN)]),
        ("容积率原则上不低于2.0。", [("容积率", "2.0", END)]),
        ("企业开办时间压缩至0.5个工作日以内。", [("企业开办时间", "0.5", END)]),
        (
            "规上工业企业达到260家,较2020年净增90家。",
            [("规上工业企业数量", "260", END), ("净增规上工业企业数量", "90", SPAN)],
        ),
        (
            "粮食播种面积稳定在58万亩以上,产量保持在33万吨左右。",
            [("粮食播种面积", "58", END), ("粮食产量", "33", END)],
        ),
        ("确保零就业家庭动态清零。", [("零就业家庭", None, END)]),
        ("2024年底前实现城乡危房动态清零。", [("城乡危房", None, (2024, 2024))]),
        ("2024年6月底前实现裸露地块全覆盖。", [("裸露地块", None, (2024, 2024))]),
        ("城乡危房2024年底之前动态清零。", [("城乡危房", None, (2024, 2024))]),
        (
            "确保长江水质稳定在Ⅱ类、主要通江河道达到 III 类及以上。",
            [("长江水质", None, END), ("主要通江河道", None, END)],
        ),
        ("居民收入增长与经济增长基本同步。", [("居民收入增长", None, END)]),
        ("不再新增五十张床位以下的农村敬老院。", []),
        ("截至2020年底,全市已立项科技项目136项,带动社会投入42亿元。", []),
        ("2020年粮食产量达到50万吨,较2016年增长12%,推进良种繁育。", []),
        ("2020年接待游客900万人次,较2016年增长35%,建设旅游名城。", []),
        ("人口稳定在80万—85万人。", [("人口数量", "80", END)]),
        ("岸线长度达到14公里。", [("岸线长度", "14", END)]),
        ("深入推进全覆盖监管。", []),
        # So many are to do something; a class of them is no number of theirs.
        ("每年推动2—3个1类新药上市。", [("上市的1类新药数量", "2", SPAN)]),
        ("力争推动5家企业在境内外上市。", [("在境内外上市的企业数量", "5", END)]),
        # A part of a sum has its own year.
        (
            "新增学位3万个,其中2023年前新增1.2万个。",
            [("新增学位数量", "3", SPAN), ("新增学位数量", "1.2", (2021, 2023))],
        ),
        (
            "新增上市企业6家,其中主板2家、北交所4家。",
            [("新增上市企业数量", "6", SPAN), ("主板数量", "2", SPAN), ("北交所数量", "4", SPAN)],
        ),
        # Two things that are done, and two quantities that come to the same.
        (
            "完成15万户厕所改造和30个污水设施改造。",
            [("厕所改造数量", "15", SPAN), ("污水设施改造数量", "30", SPAN)],
        ),
        (
            "完成200公里公路改造和15座危桥改造。",
            [("公路改造", "200", SPAN), ("危桥改造数量", "15", SPAN)],
        ),
        (
            "集中供水率、自来水普及率均达到95%以上。",
            [("集中供水率", "95", END), ("自来水普及率", "95", END)],
        ),
        ("小学、初中入学率均达到100%。", [("小学入学率", "100", END), ("初中入学率", "100", END)]),
        (
            "县、乡、村三级医疗机构标准化率均达到100%。",
            [("县、乡、村三级医疗机构标准化率", "100", END)],
        ),
        # What so many are helped to do is a sum.
        (
            "支持300个左右公共服务机构适老化改造。",
            [("公共服务机构适老化改造", "300", SPAN)],
        ),
        (
            "推动500家工业企业数字化转型,新增智能工厂20家。",
            [("工业企业数字化转型", "500", SPAN), ("新增智能工厂数量", "20", SPAN)],
        ),
        ("引导200家企业开展节能改造。", [("企业节能改造", "200", SPAN)]),
        ("老旧小区改造达到300个。", [("老旧小区改造数量", "300", END)]),
        # A list that says what its things are, each with a number.
        (
            "茶叶、油茶等特色产业到2023年产值分别突破60亿元、20亿元。",
            [("茶叶产值", "60", (2023, 2023)), ("油茶产值", "20", (2023, 2023))],
        ),
        (
            "装备、汽车等重点行业力争到2025年营业收入分别达到900亿元和850亿元。",
            [("装备营业收入", "900", END), ("汽车营业收入", "850", END)],
        ),
        # What is done to so much of something is a sum with a bound too; what is built up is not.
        ("腾退低效用地不少于18平方公里。", [("腾退低效用地", "18", SPAN)]),
        ("完成造林不少于3万亩。", [("造林", "3", SPAN)]),
        ("建成区面积控制在12平方公里以内。", [("建成区面积", "12", END)]),
        (
            "筹措租赁住房20万套,开展12个示范。",
            [("筹措租赁住房数量", "20", SPAN), ("示范数量", "12", SPAN)],
        ),
        ("并网装机200万千瓦。", [("并网装机", "200", END)]),
        ("居民消费价格涨幅运行在合理区间。", []),
        # A level by its own verb, whatever verb its name holds; a bound leaves the name's verb.
        ("过夜游客恢复到600万人次。", [("过夜游客数量", "600", END)]),
        ("绿色发展基金规模扩大至500亿元。", [("绿色发展基金规模", "500", END)]),
        (
            "五年腾退土地3公顷,用地规模减至276公顷左右。",
            [("腾退土地", "3", SPAN), ("用地规模", "276", END)],
        ),
        ("职住比优化到0.7以上。", [("职住比", "0.7", END)]),
        ("河道治理长度约30公里。", [("河道治理长度", "30", SPAN)]),
        (
            "引入设计企业300家以上,贯通绿道15公里。",
            [("引入设计企业数量", "300", SPAN), ("贯通绿道", "15", SPAN)],
        ),
        (
            "落地总部项目40个,营造防护林12万亩。",
            [("总部项目数量", "40", SPAN), ("营造防护林", "12", SPAN)],
        ),
        ("城镇新增就业5年超过55万人。", [("城镇新增就业人数", "55", SPAN)]),
        ("危旧房改造5年累计完成50万套。", [("危旧房改造数量", "50", SPAN)]),
        ("新增托位3年内不少于2万个。", [("新增托位数量", "2", SPAN)]),
        ("中型管网每2年清疏不得少于3次。", [("中型管网每2年清疏数量", "3", END)]),
        ("商业体系覆盖90%以上行政村。", [("商业体系覆盖行政村比例", "90", END)]),
        ("授权运营覆盖80%的地级市。", [("授权运营覆盖地级市比例", "80", END)]),
        ("完整社区覆盖70%左右的城镇社区。", [("完整社区覆盖城镇社区比例", "70", END)]),
        (
            "路网密度达到110公里/百平方公里,预警时间缩短至3秒以内。",
            [("路网密度", "110", END), ("预警时间", "3", END)],
        ),
        ("交易额年均增长两成以上。", [("交易额年均增速", "20", SPAN)]),
        ("年度投资计划完成率不低于95%。", [("年度投资计划完成率", "95", END)]),
        ("甲集团、乙公司布局绿氢、储能等12个中试平台。", [("中试平台数量", "12", SPAN)]),
        ("由丙集团建设仓储、分拨等5个配送中心。", [("配送中心数量", "5", SPAN)]),
        ("聚焦教育、医疗等10个领域。", []),
        ("支持甲公司建设的仓储、分拨等5个中心。", []),
        (
            "化纤轻纺、冶金建材、电子信息产业产值分别达到4亿元、3亿元和2亿元。",
            [
                ("化纤轻纺产业产值", "4", END),
                ("冶金建材产业产值", "3", END),
                ("电子信息产业产值", "2", END),
            ],
        ),
        (
            "规模以上工业、战略性新兴产业增加值分别达到100亿元和50亿元。",
            [("规模以上工业增加值", "100", END), ("战略性新兴产业增加值", "50", END)],
        ),
        ("努力实现就业规模不断扩大。", [("就业规模", None, END)]),
        ("促进贸易规模稳中有升。", [("贸易规模", None, END)]),
    ],
)
def test_targets_of_lists_stages_and_words(
    sentence: str, expected: list[tuple[str, str | None, tuple[int, int]]]
) -> None:
    found = [(name, value, period) for name, value, *_, period in targets(sentence)]
    assert found == [(n, Decimal(v) if v else None, period) for n, v, period in expected]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("在柳河新区建设公共停车场6处。", "公共停车场数量"),
        ("在全县12个乡镇改造提升农贸市场18个。", "改造提升农贸市场数量"),
        ("改造提升18个农贸市场。", "改造提升农贸市场数量"),
        ("盘活3000亩存量用地。", "盘活存量用地"),
        ("培育18家示范企业。", "示范企业数量"),
        ("县卫生健康局负责基层诊疗量占比达到65%。", "基层诊疗量占比"),
        ("市发展和改革委员会负责储备粮规模达到6万吨。", "储备粮规模"),
        ("三是到2025年护理员持证人数达到1500人。", "护理员持证人数"),
        ("有就业意愿的退役军人培训率达到100%。", "有就业意愿的退役军人培训率"),
        ("优化布局,接入服务网点300个。", "服务网点数量"),
        ("在清溪古城建设驿站18个。", "驿站数量"),
        ("到2025年,园区实现工业产值300亿元。", "园区工业产值"),
        ("有效发明专利达到900件。", "有效发明专利数量"),
        ("建成区面积控制在35平方公里以内。", "建成区面积"),
        ("粮食播种面积21.5万亩。", "粮食播种面积"),
        ("到2025年,绿道全长达到500公里。", "绿道全长"),
    ],
)
def test_no_part_of_a_name(sentence: str, name: str) -> None:
    assert [found[0] for found in targets(sentence)] == [name]


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("实施309国道城区段改线工程,全长18.7公里。", []),
        ("总长度达到300公里。", ["交通网络总长度"]),
    ],
)
def test_a_size_is_of_what_the_section_acts_on_where_the_sentence_acts_on_nothing(
    sentence: str, names: list[str]
) -> None:
    document = read_document(f"第一章 加快发展\n一、完善交通网络\n{sentence}\n", "x")
    assert [one.name for one in find_targets(document, (2021, 2025)).indicators] == names


def test_values_given_in_turn() -> None:
    found = targets("到2025年,雏鹰、瞪羚企业分别达到100家和6家。")
    assert [(name, value) for name, value, *_ in found] == [
        ("雏鹰企业数量", 100),
        ("瞪羚企业数量", 6),
    ]


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("到2025年,有效发明专利达到900件。", ["有效发明专利数量"]),
        ("到2025年,再生水利用率达到30%。", ["再生水利用率"]),
        ("到2025年,创建和谐社区20个、要素市场3家。", ["和谐社区数量", "要素市场数量"]),
        ("到2025年,基本医疗保险参保率稳定在98%以上。", ["基本医疗保险参保率"]),
        (
            "力争确保全区研发投入年均增长10%以上、占生产总值比重达到3%。",
            ["研发投入年均增速", "研发投入占生产总值比重"],
        ),
        ("到2025年,产业规模突破百亿元,年均增长8%。", ["产业规模", "产业规模"]),
        ("建成1个展览馆、2个书店和3处公园。", ["展览馆数量", "书店数量", "公园数量"]),
        ("新建图书馆、文化馆各1座。", ["新建图书馆数量", "文化馆数量"]),
        ("到2025年,建成国家级平台2个,省级平台再建成3个。", ["国家级平台数量", "省级平台数量"]),
        ("完成管网改造约80公里。", ["管网改造"]),
        ("设立总规模10亿元的引导基金。", ["引导基金总规模"]),
        ("中心城区500米服务半径公园绿地覆盖率达到90%。", ["中心城区500米服务半径公园绿地覆盖率"]),
        ("依托滨河廊道新建绿道30公里。", ["新建绿道"]),
        ("90%以上的行政村建成农家书屋。", ["行政村建成农家书屋比例"]),
        ("建成10万千瓦/20万千瓦时储能电站。", ["储能电站", "储能电站"]),
        ("到2025年,新型储能规模达到3GW/6GWh。", ["新型储能规模", "新型储能规模"]),
        ("到2025年,装机容量达到30万千瓦,产能达到20GWh。", ["装机容量", "产能"]),
        ("到2025年,光伏装机容量达到30万千瓦,产能达到20GWh。", ["光伏装机容量", "光伏产能"]),
        ("建设风电项目,装机容量达到30万千瓦。", ["风电项目装机容量"]),
        ("建设滨河绿道,全长约14公里。", ["滨河绿道全长"]),
        ("到2025年,公园更多,绿道长度约140公里。", ["绿道长度"]),
        ("河道治理长度约30公里。", ["河道治理长度"]),
    ],
)
def test_names_are_those_of_what_is_counted(sentence: str, names: list[str]) -> None:
    assert [name for name, *_ in targets(sentence)] == names


def test_half_understood_numbers_are_findings() -> None:
    document = read_document(
        "第一章 加快发展\n一、加强建设\n到2025年,结构调整为5:40:55,能耗减少三分之一。\n", "x"
    )
    found = find_targets(document, (2021, 2025))
    assert found.values == ()
    assert [f.values["number"] for f in found.findings] == ["调整为5:40:55", "减少三分之一"]
    assert all(f.span and f.values["number"] in f.wording("zh") for f in found.findings)


def test_a_change_names_the_year_it_is_measured_against() -> None:
    document = read_document(
        "第一章 加快发展\n一、加强建设\n到2025年,能耗比2020年下降13.5%以上,就业比重提高2个百分点。\n",
        "x",
    )
    first, second = (v.quantity for v in find_targets(document, (2021, 2025)).values)
    assert (first.value, first.comparator, first.relative_to) == (Decimal("-13.5"), "AtMost", 2020)
    assert (second.value, second.basis, second.relative_to) == (Decimal(2), "Cumulative", 2020)


@pytest.mark.parametrize(
    "sentence",
    [
        "统筹推进党政、企业经营管理、商贸服务、专业技术、高技能、社会工作等6支人才队伍建设。",
        "加快东城等110千伏变电站建设。",
        "构建“15分钟健身圈”。",
        "加速推进5G网络建设和应用。",
        "落实《慢性病防治中长期规划(2017-2025年)》。",
        "完善8890、110、120、119等热线考核评价体系。",
        "实施社会治理平台第2期工程。",
        "“一带”指滨海活力带,北起灯塔公园,岸线长度约14公里。",
        "城市绿心面积约12平方公里,是城市的核心。",
        "东湖片区规划面积12.6平方公里,东至清溪。",
        "东湖新区位于城东,总面积92.4平方公里。",
        "清溪湿地公园占地1.5万亩,是候鸟栖息地。",
        "实施309国道城区段改线工程,全长18.7公里。",
        "建成东湖综合交通枢纽,实施309国道城区段改线工程,全长18.7公里。",
        # what is only foreseen
        "预计到2025年,全区用水需求将达到1.6亿立方米,保障难度将进一步加大。",
        "据测算,2025年全区机动车将突破32万辆。",
        "综合判断,预计2025年在校生将增加至5.4万人,学位缺口将超过6000个。",
        # how things stand
        "目前,园区亩均税收仅为9.6万元,低效闲置用地占比超过12%。",
        "青原市海洋科技成果本地转化率不足三成,关键装备仍处于跟跑阶段。",
        "东湖都市圈经济总量占全省比重超过六成,是全省交通需求最集中的区域。",
        "全区景区超过50家,但部分景区“最后一公里”尚未打通。",
    ],
)
def test_no_target(sentence: str) -> None:
    assert targets(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "results", "expected"),
    [
        ("过去五年,油茶出口额年均增长14%,综合产值达到46亿元。", 2, []),
        ("近三年,园区建成标准厂房21万平方米,引进企业38家。", 2, []),
        ("“十三五”期间,治理水土流失面积190平方公里,信访总量减少三成。", 2, []),
        ("十年来,两地协作援建村级服务站120个。", 1, []),
        ("2020年,全县接待游客156万人次,旅游收入达到12亿元。", 2, []),
        ("2020年全市粮食产量达到78万吨。", 1, []),
        ("“十三五”时期全县累计改造危房2163户。", 1, []),
        ("2016—2020年,城镇新增就业4.1万人。", 1, []),
        ("去年,培育专精特新企业16家。", 1, []),
        ("自建县以来,累计植树1200万株。", 1, []),
        ("全市“十三五”期间累计造林12万亩。", 1, []),
        ("2019年和2020年,财政收入分别增长8%和9%。", 2, []),
        ("“十二五”和“十三五”期间建成公园12个。", 1, []),
        ("“九五”期间,新建公园12个。", 1, []),
        ("2020年起步建设的产业园,建成厂房12万平方米。", 0, ["12"]),
        ("在2020年全市粮食产量基础上,新增粮食产能5万吨。", 0, ["5"]),
        ("“十四五”期间,新建学校12所。", 0, ["12"]),
        ("2021年,新建充电桩300个。", 0, ["300"]),
        ("单位产值能耗比2020年下降13.5%。", 0, ["-13.5"]),
        ("工业增加值由2020年的30亿元提高到45亿元。", 0, ["45", "30"]),
        ("过去五年,建成水厂5座,到2025年供水普及率达到98%。", 1, ["98"]),
        ("2000年底前建成的老旧小区改造率达到100%。", 0, ["100"]),
        ("近三年毕业生就业率达到90%以上。", 0, ["90"]),
        ("未来五年,培育龙头企业20家。", 0, ["20"]),
        ("2020年后新建小区充电设施覆盖率达到100%。", 0, ["100"]),
        ("截至2020年底,森林覆盖率为41%,力争提高到43%。", 1, ["43"]),
    ],
)
def test_a_time_before_the_plans_governs_results(
    sentence: str, results: int, expected: list[str]
) -> None:
    behind = f"推进城乡建设。深化改革。扩大开放。{sentence}"  # so that its words alone do not make it a review
    document = read_document(f"第一章 加快发展\n一、加强建设\n{behind}\n", "x")
    assert len(find_achievements(document, (2021, 2025))) == results
    assert [value for _, value, *_ in targets(behind)] == [Decimal(v) for v in expected]


def test_results_have_their_basis() -> None:
    text = (
        "第一章 发展基础\n“十四五”时期,地区生产总值年均增长5.2%,累计新建公园12个,"
        "森林覆盖率达到30%,出口增长8%。\n第二章 总体要求\n一、加强建设\n建设公园。\n"
    )
    found = find_achievements(read_document(text, "x"), (2026, 2030))
    assert [(one.quantity.value, one.quantity.basis) for one in found] == [
        (Decimal("5.2"), "AnnualAverage"),
        (Decimal(12), "Cumulative"),
        (Decimal(30), "PointInTime"),
        (Decimal(8), "PointInTime"),
    ]


def test_an_indicator_keeps_its_unit_as_printed() -> None:
    document = read_document("第一章 加快发展\n一、加强建设\n新建桥梁12座。引进企业8家。\n", "x")
    found = find_targets(document, (2026, 2030)).indicators
    assert [(one.unit, one.unit_text) for one in found] == [("piece", "座"), ("enterprise", "")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        # A rate of growth, and the amount that it is of.
        (
            "茶业总产值年均增幅达到9%以上,到2025年突破百亿元。",
            [("茶业总产值年均增幅", "9"), ("茶业总产值", "100")],
        ),
        # What is added each year, and what it comes to; what is added in all is still added.
        (
            "每年新增科技企业3户以上,到2025年达到50户。",
            [("新增科技企业数量", "3"), ("科技企业数量", "50")],
        ),
        (
            "每年新增科技企业3户以上,到2025年累计达到15户。",
            [("新增科技企业数量", "3"), ("新增科技企业数量", "15")],
        ),
        # No half of a name.
        ("规模以上工业单位增加值能耗下降13%。", [("规模以上工业单位增加值能耗", "-13")]),
        (
            "县级以上文明村、文明乡镇占比分别达到65%和80%。",
            [("县级以上文明村占比", "65"), ("文明乡镇占比", "80")],
        ),
        (
            "用于养老的公益金比例不低于55%,2024年起不低于60%。",
            [("用于养老的公益金比例", "55"), ("用于养老的公益金比例", "60")],
        ),
        ("将补贴标准提高到每人每月不低于200元。", [("每人每月补贴标准", "200")]),
        ("开展家庭护理培训,年均培训2万人次以上。", [("家庭护理培训数量", "2")]),
        ("每年服务困难老年人不少于5万人次。", [("服务困难老年人数量", "5")]),
        (
            "五星级养老机构达到20家、四星级达到60家。",
            [("五星级养老机构数量", "20"), ("四星级养老机构数量", "60")],
        ),
        ("5G基站密度达到每万人35个。", [("每万人5G基站密度", "35")]),
        ("户均配变容量达到3.2千伏安。", [("户均配变容量", "3.2")]),
        # How much shorter something becomes is a fall of it, and no part of its name.
        ("平均审批时间压缩60%。", [("平均审批时间", "-60")]),
        (
            "开办企业时限缩短50%以上,城乡收入差距缩小5%。",
            [("开办企业时限", "-50"), ("城乡收入差距", "-5")],
        ),
        ("企业开办时间压缩至1个工作日以内。", [("企业开办时间", "1")]),
    ],
)
def test_whole_names_of_numbers_in_one_sentence(
    sentence: str, expected: list[tuple[str, str]]
) -> None:
    assert [(name, str(value)) for name, value, *_ in targets(sentence)] == expected


@pytest.mark.parametrize(
    ("sentence", "basis"),
    [
        ("消化闲置土地1.5万亩。", "Cumulative"),
        ("新建床位每张补助不低于6000元。", "PointInTime"),
        ("突破关键技术20项以上。", "Cumulative"),
        ("到2025年,核心技术突破20项。", "PointInTime"),
    ],
)
def test_what_is_spent_on_each_is_no_sum(sentence: str, basis: str) -> None:
    assert [found[4] for found in targets(sentence)] == [basis]
