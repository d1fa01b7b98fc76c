"""Names of invented places and organisations: what regular language says beside the tagger, and
what the shipped tagger finds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from support import ROOT

from kg.document.structure import read_document
from kg.extract.characters import GAP, HASHES, Area, Page, Table, features, learn_endings
from kg.extract.entities import find_mentions, merge_mentions, printed_names
from kg.extract.names import Reader
from kg.extract.tagger import Tagged, shipped
from kg.lexicon import lexicon
from kg.source.text import normal

OWN = ["云湖市青禾区", "青禾区", "青禾"]


class Told:
    """A tagger that finds what it is told to, everywhere it stands."""

    def __init__(self, *names: tuple[str, str] | tuple[str, str, float]) -> None:
        self._names = names

    def tag(self, texts: Sequence[str], _: Area) -> list[list[Tagged]]:
        found = []
        for text in texts:
            tagged = []
            for name, kind, *sure in self._names:
                if (at := text.find(name)) >= 0:
                    tagged.append(Tagged(at, at + len(name), kind, "", *(sure or [0.9])))
            found.append(sorted(tagged, key=lambda one: one.start))
        return found

    def ending_of(self, name: str, kind: str, least: int = 1) -> str:
        return name[-2:] if len(name) >= least and name.endswith(("锌矿", "基地")) else ""


def names(text: str, *told: tuple[str, str] | tuple[str, str, float]) -> set[str]:
    return {n.text for n in Reader(OWN, Told(*told)).names([text])[0]}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "told", "expected"),
    [
        ("对柿林村实施整村搬迁", [], {"柿林村"}),
        ("会同桦埠市推进衔接,为葛岭片区新建变电站", [], {"桦埠市", "葛岭片区"}),
        ("加固云岗水库,改造利用老旧电厂,规划算力产业园", [], {"云岗水库"}),
        ("支持墨珩电子参与园区建设", [("墨珩电子参与园区", "institution")], {"墨珩电子"}),
        ("推动弁岭、洧墨两地人才互认", [("弁岭", "zone")], {"弁岭", "洧墨"}),
        ("加密洧墨、漾珩、弁岭等县区的公交班次", [("弁岭", "zone")], {"洧墨", "漾珩", "弁岭"}),
        ("推进东西部协作、弁岭等地支援协作", [("弁岭", "zone")], {"弁岭"}),
        ("修复漾墨河中下游生态", [], {"漾墨河"}),
        ("新建柳埠水厂、大草滩水厂和断头路", [("柳埠水厂", "zone")], {"柳埠水厂", "大草滩水厂"}),
        (
            "支持柳埠镇建设药贸重镇、青崖乡建设生态小镇,推动草滩乡撤乡设镇",
            [("柳埠镇建设药贸重镇", "zone"), ("青崖乡建设生态小镇", "zone"), ("草滩乡撤乡设镇", "zone")],
            {"柳埠镇", "青崖乡", "草滩乡"},
        ),
        ("推动枫珩区老城更新", [("枫珩区老城更新", "zone")], {"枫珩区"}),
        ("做大溪埠商贸物流园", [("大溪埠商贸物流园", "zone")], {"溪埠商贸物流园"}),
        ("联合华东联合水泥有限公司", [("华东联合水泥有限公司", "institution")], {"华东联合水泥有限公司"}),
        ("迁建柳埠二中,建设丙禾光伏电站", [], {"柳埠二中", "丙禾光伏电站"}),
        ("柳埠省人民政府出台办法", [], {"柳埠省人民政府"}),
        ("各级人民政府要落实责任", [], set()),
        ("与桦埠市、鹿坪县合作,建设市场和园区", [], {"桦埠市", "鹿坪县"}),
        ("文旅名镇、强城优县建设,进景区、入江入河", [], set()),
        ("深化和睦乡风,增强睦埠市场活力,完善睦埠市区路网", [], set()),
        ("保护绫河源头,整治松埠江干流,建设墨溪沿线绿道", [], {"绫河", "松埠江", "墨溪"}),
        ("保护江河源头,治理大江干流,利用滨江岸线", [], set()),
        ("鹿坪县保护绫湖", [("鹿坪县保护绫湖", "zone")], {"鹿坪县", "绫湖"}),
        ("鹿坪县保护中心", [("鹿坪县保护中心", "institution")], {"鹿坪县保护中心"}),
        ("鹿坪县承接桐陵镇项目", [("鹿坪县承接桐陵镇", "zone")], {"鹿坪县", "桐陵镇"}),
        ("江北承接产业转移示范区", [("江北承接产业转移示范区", "zone")], {"江北承接产业转移示范区"}),
        (
            "柳湾镇联合白杼乡开发驼岭景区",
            [("柳湾镇联合白杼乡开发驼岭景区", "zone")],
            {"柳湾镇", "白杼乡", "驼岭景区"},
        ),
        ("桦埠市合作建设跨境电商园", [("桦埠市合作建设跨境电商园", "zone")], {"桦埠市"}),
        (
            "修缮柳埠书院、墨池古戏台、栖霞文昌阁等文物建筑",
            [("墨池古戏台", "zone")],
            {"柳埠书院", "墨池古戏台", "栖霞文昌阁"},
        ),
        (
            "启动柳埠街、墨池街社区卫生服务中心迁建项目",
            [("墨池街社区卫生服务中心", "institution")],
            {"柳埠街社区卫生服务中心", "墨池街社区卫生服务中心"},
        ),
        (
            "推进丙禾、柳埠、墨池卫生院建设",
            [("墨池卫生院", "institution")],
            {"丙禾卫生院", "柳埠卫生院", "墨池卫生院"},
        ),
        (
            "保障地铁4号线、7号线建设",
            [("地铁4号线", "zone"), ("7号线", "zone")],
            {"地铁4号线", "地铁7号线"},
        ),
        (
            "柳埠机场设立综合保税区",
            [("柳埠机场设立综合保税区", "zone")],
            {"柳埠机场"},
        ),
        ("柳埠生产基地建设转移中心", [("柳埠生产基地建设转移中心", "zone")], {"柳埠生产基地"}),
        ("墨池环境建设公司", [("墨池环境建设公司", "institution")], {"墨池环境建设公司"}),
        ("修缮古桥、墨池古塔", [("古桥", "zone"), ("墨池古塔", "zone")], {"墨池古塔"}),
        ("推广墨池贡米、柳埠剪纸", [("墨池贡米", "zone"), ("柳埠剪纸", "zone")], set()),
        (
            "推动墨禾铜业与柳埠锌矿合作",
            [("墨禾铜业与柳埠锌矿", "institution")],
            {"墨禾铜业", "柳埠锌矿"},
        ),
        ("由墨池自治州丙务厅牵头、青禾区丙务局负责", [], {"墨池自治州丙务厅", "青禾区丙务局"}),
        ("由物业公司负责,由各区丙务局牵头", [], set()),
        ("由商务部门会同青禾区丙务局建仓", [("商务部", "institution")], {"青禾区丙务局"}),
        (
            "由青禾区丙务局会同云湖市丁务局建立制度",
            [("青禾区丙务局会同云湖市丁务局", "institution")],
            {"青禾区丙务局", "云湖市丁务局"},
        ),
        ("建设三万亩柳埠示范区", [("三万亩柳埠示范区", "zone")], set()),
        ("柳埠幼儿园举办分园", [("柳埠幼儿园举办分园", "zone")], {"柳埠幼儿园"}),
        ("向自治区人大常委会报告", [], {"自治区人大常委会"}),
        ("争创省重点实验室", [("省重点实验室", "institution")], set()),
        ("柳埠省重点实验室", [("柳埠省重点实验室", "institution")], {"柳埠省重点实验室"}),
        ("支持柳埠研究院(光电技术)", [("柳埠研究院(光电技术)", "institution")], {"柳埠研究院"}),
        ("建设柳埠大学(筹)", [("柳埠大学(筹)", "institution")], {"柳埠大学(筹)"}),
        (
            "建设柳埠锌矿和墨池生产基地",
            [("柳埠锌矿和墨池生产基地", "zone")],
            {"柳埠锌矿", "墨池生产基地"},
        ),
        ("修缮甲子路、至和西路、丙寅路", [("甲子路", "zone"), ("和西路", "zone"), ("丙寅路", "zone")], {"甲子路", "至和西路", "丙寅路"}),
        (
            "推动锦鲤坊、柳埠店、墨池里、栖霞渡、糖厂5-2等地块挂牌",
            [("锦鲤坊", "zone"), ("柳埠店", "zone"), ("墨池里", "zone"), ("栖霞渡", "zone")],
            {"锦鲤坊", "柳埠店", "墨池里", "栖霞渡", "糖厂5-2"},
        ),
        (
            "建成甲子线、丙寅线,加快建设丁卯线、锦鲤线、柳埠线、墨池线、栖霞线等",
            [(n, "zone") for n in ("锦鲤线", "柳埠线", "墨池线", "栖霞线")],
            {"丁卯线", "锦鲤线", "柳埠线", "墨池线", "栖霞线"},
        ),
        ("会同丙禾市丁务局、栖霞县戊务局等部门完善政策", [], {"丙禾市丁务局", "栖霞县戊务局"}),
        ("由丙禾省丁务厅会同栖霞省戊务厅制定补偿办法", [], {"丙禾省丁务厅", "栖霞省戊务厅"}),
        ("支持柳埠产业园落地先导区", [("柳埠产业园落地先导区", "zone")], {"柳埠产业园"}),
        ("推进墨池湿地生态修复工程", [("墨池湿地生态修复工程", "zone")], {"墨池湿地"}),
        (
            "打通人民路、建设大道、断头路、文昌路三条道路",
            [("文昌路", "zone")],
            {"文昌路"},
        ),
        ("打通人民路、建设大道、文昌路", [("文昌路", "zone")], {"人民路", "建设大道", "文昌路"}),
        ("支持柳墨水泥、禾墨乳业、保险公司发展", [], {"柳墨水泥", "禾墨乳业"}),
        ("柳埠广播电视台建设中心", [("柳埠广播电视台建设中心", "institution")], {"柳埠广播电视台"}),
        ("打造面向东南亚辐射中心", [("东南亚辐射中心", "institution")], set()),
        ("报财政部审批", [], {"财政部"}),
        ("由财政部门会同有关部门落实", [], set()),
        ("加强与世贸组织、中芯国际的合作", [], {"世贸组织", "中芯国际"}),
        ("联合国内外高校,会同国际海事组织", [], {"国际海事组织"}),
        ("引进宁德时代等企业", [("宁德", "zone")], {"宁德时代"}),
        ("争取交通银行支持", [("交通", "zone")], {"交通银行"}),
        ("推进青禾区各项工作", [("青禾区", "zone")], set()),
        ("新建“栖霞驿站”18个", [("“栖霞驿站", "zone")], {"栖霞驿站"}),
        ("打通断头路(墨池北路)", [("墨池北路)", "zone")], {"墨池北路"}),
        ("活力带北起柳埠公园、南至墨池码头", [("活力带北起柳埠公园", "zone"), ("南至墨池码头", "zone")], {"柳埠公园", "墨池码头"}),
        ("建设江北起步区", [("江北起步区", "zone")], {"江北起步区"}),
        ("配合建设市政管网和地铁5号线", [], {"地铁5号线"}),
        ("改造S317线等货运道路", [], {"S317线"}),
        ("改造提升植物园", [], {"植物园"}),
        ("建设强激光综合实验装置", [], {"强激光综合实验装置"}),
        (
            "支持青禾近代物理研究所建设强流重离子加速器装置",
            [("青禾近代物理研究所", "institution")],
            {"青禾近代物理研究所", "强流重离子加速器装置"},
        ),
        ("对接石家庄海关推行“两步申报”", [], {"石家庄海关"}),
        ("推动墨池商圈、柳埠商圈错位发展", [("墨池商圈", "zone")], {"墨池商圈", "柳埠商圈"}),
        ("发展智慧商圈", [], set()),
        ("拓展柳埠、墨禾意创设计服务", [], {"墨禾意创"}),
        ("推动柳埠街道社区服务", [("柳埠街道社区", "zone")], {"柳埠街道"}),
        ("推广柳埠花椒、墨池苹果", [("柳埠花椒", "zone"), ("墨池苹果", "zone")], set()),
        ("建设平安青禾,敢于滚石上山", [("平安青禾", "zone"), ("滚石上山", "zone")], set()),
        ("引进头部证券公司、外资企业", [("头部证券公司", "institution"), ("外资企业", "institution")], set()),
        ("由市发展改革、经济和信息化、财政局会商", [("市发展改革", "institution"), ("财政局", "institution")], {"市发展改革局", "市经济和信息化局", "市财政局"}),
        ("推动柳埠县教育委、水务局共建", [("水务局", "institution")], {"柳埠县教育委", "柳埠县水务局"}),
        ("推动柳埠县政务服务和数据管理局建设平台", [("柳埠县政务服务和数据管理局", "institution")], {"柳埠县政务服务和数据管理局"}),
        ("由市教育、民政等部门牵头", [("市教育", "institution")], set()),
        ("由市丙务局会同柳埠新片区管委会设立基金", [], {"市丙务局", "柳埠新片区管委会"}),
        ("改造提升人民广场商圈", [], {"人民广场商圈"}),
        ("与墨池机场海关合作", [], {"墨池机场海关"}),
        ("国家民族语文委员会建设语料库,落实国家有关部署", [], {"国家民族语文委员会"}),
        ("打造柳墨发展轴", [], {"柳墨发展轴"}),
        ("建设多尺度脑功能成像设施", [], {"多尺度脑功能成像设施"}),
        ("南部片区(柳埠镇、墨池镇)发展茶业", [("南部片区(柳埠镇", "zone"), ("墨池镇", "zone")], {"南部片区", "柳埠镇", "墨池镇"}),
        ("建设柳埠电站(装机120万千瓦)", [("柳埠电站(装机120万千瓦)", "zone")], {"柳埠电站"}),
        ("“一核”,即柳埠主城,串联墨池镇", [("即柳埠主城", "zone"), ("串联墨池镇", "zone")], {"柳埠主城", "墨池镇"}),
        ("支持柳埠率先实现,打通S9柳墨高速断头路", [("柳埠率先", "zone"), ("S9柳墨高速断头路", "zone")], {"柳埠", "S9柳墨高速"}),
        ("推进柳埠机场等枢纽机场建设", [("柳埠机场等枢纽机场", "zone")], {"柳埠机场"}),
        ("支持柳埠高等专科学校", [("柳埠高等专科学校", "institution")], {"柳埠高等专科学校"}),
        ("保护墨池外三片历史街区", [("墨池外三片历史街区", "zone")], {"墨池外"}),
        ("沿锦江串联柳埠大学城", [("沿锦江串联柳埠大学城", "zone")], {"柳埠大学城"}),
        ("推进墨池、柳埠、栖霞三港联动", [("墨池", "zone"), ("柳埠", "zone"), ("栖霞三港", "zone")], {"墨池", "柳埠", "栖霞"}),
        ("对口帮扶墨池、栖霞4市", [("墨池", "zone"), ("栖霞4市", "zone")], {"墨池", "栖霞"}),
        ("推进柳墨高速公路栖霞枢纽至墨池界段改扩建", [("柳墨高速公路栖霞枢纽", "zone"), ("墨池界段", "zone")], {"柳墨高速公路栖霞枢纽至墨池界段"}),
        ("新建柳墨铁路丙禾—栖霞段", [], {"柳墨铁路丙禾—栖霞段"}),
        ("优化墨禾渡口岸功能,推进公路口岸建设", [], {"墨禾渡口岸"}),
        ("打造锦鲤河生态经济带,带动周边", [], {"锦鲤河生态经济带"}),
        ("建成深海极端材料装置", [], {"深海极端材料装置"}),
        ("建设亲水步道、街心广场、墨池步道", [("亲水步道", "zone"), ("街心广场", "zone"), ("墨池步道", "zone")], {"墨池步道"}),
        ("疏浚调蓄池塘、行洪沟(渠)", [("调蓄池塘", "zone"), ("行洪沟(渠)", "zone")], set()),
        ("服务墨池运河沿线地区,盘活柳埠里", [("墨池运河沿线地区", "zone"), ("盘活柳埠里", "zone")], {"墨池运河", "柳埠里"}),
        ("推动省属上市公司做优", [("省属上市公司", "institution")], set()),
        ("由市丙务局、市卫生健康委会同墨池市教育、科技委建库", [], {"市丙务局", "市卫生健康委", "墨池市教育委", "墨池市科技委"}),
        ("推进墨池机场海关和柳埠海关建设", [("墨池机场海关", "zone")], {"墨池机场海关", "柳埠海关"}),
        ("改扩建墨禾高速公路柳埠至栖霞段", [], {"墨禾高速公路柳埠至栖霞段"}),
        ("争取水利部墨柳河水利委员会支持", [], {"水利部墨柳河水利委员会"}),
        ("会同香港特区政府、柳埠开发区管委会办好论坛", [], {"香港特区政府", "柳埠开发区管委会"}),
        ("由中央墨池工作领导小组办公室统筹", [], {"中央墨池工作领导小组办公室"}),
        ("支持世界墨池城市联合会、柳埠省慈善基金会", [], {"世界墨池城市联合会", "柳埠省慈善基金会"}),
        ("打造火车站商圈和大学城商圈", [], {"火车站商圈", "大学城商圈"}),
        ("建设栖江、锦鲤河国家文化公园", [("栖江", "zone"), ("锦鲤河国家文化公园", "zone")], {"栖江国家文化公园", "锦鲤河国家文化公园"}),
        ("建成地铁6号线二期、墨池机场三期工程", [("6号线二期", "zone"), ("墨池机场三期工程", "zone")], {"6号线", "墨池机场"}),
        ("推进墨池光源五期", [("墨池光源五期", "zone")], {"墨池光源五期"}),
        ("推进锦鲤河综合治理", [("锦鲤河综合治理", "zone")], {"锦鲤河"}),
        ("改造青年广场、墨池公园站、文体场馆", [("青年广场", "zone"), ("墨池公园站", "zone"), ("文体场馆", "zone")], {"青年广场", "墨池公园站"}),
        ("联合教育部门,由教育部指导", [("教育部", "institution")], {"教育部"}),
        ("引导商业银行下沉,建设高速铁路", [("商业银行", "institution"), ("高速铁路", "zone")], set()),
        ("整治滨海岸线,向装备制造延伸", [("滨海岸线", "zone"), ("装备制造延伸", "zone")], set()),
        ("高水平运营丝路仲裁服务中心,办好海峡陶瓷交流中心。", [], {"丝路仲裁服务中心", "海峡陶瓷交流中心"}),
        ("发挥北湾冷链信息中心作用,提升国际渔业合作中心服务能级", [], {"北湾冷链信息中心", "国际渔业合作中心"}),
        ("发挥三级矛盾纠纷调处化解中心作用,以市场机制运营海外协同创新中心。", [], set()),
        ("发挥一批概念验证中心作用,提升国际贸易中心能级", [], set()),
        ("推进G318、G55等路段改扩建,办好G20峰会", [], {"G318", "G55"}),
        ("推进G104和G219国道改造", [], {"G104", "G219国道"}),
        ("谋划瀼埠市域铁路,建成禾犇城际铁路", [], {"瀼埠市域铁路", "禾犇城际铁路"}),
        ("柳埠新城以会展旅游为主导功能,建设名城。", [], {"柳埠新城"}),
        ("墨池组团以粮食加工为主业。各片区以产业为支撑。", [], {"墨池组团"}),
        ("健全河湖治理委员会、河湖治理委员会办公室,发挥业主委员会作用", [], {"河湖治理委员会", "河湖治理委员会办公室"}),
        ("由柳埠岸线保护委员会办公室统筹,健全居民委员会", [], {"柳埠岸线保护委员会办公室"}),
        ("建成墨线,续建丙禾线,谋划柳埠路东延", [("续建丙禾线", "zone"), ("谋划柳埠路东延", "zone")], {"丙禾线", "柳埠路东延"}),
        ("办好柳埠国际陶艺周、墨池茶人节,支持毕节", [("柳埠国际陶艺周", "zone"), ("墨池茶人节", "zone"), ("毕节", "zone")], {"毕节"}),
        ("打造“稻香里”“听松坞”两个旅居集聚区", [], {"稻香里", "听松坞"}),
        ("打造“一核”“两带”三个片区,用好“云桥”“云图”两个平台", [], set()),
        ("建设云端剧院和线上博物馆", [("云端剧院", "zone"), ("线上博物馆", "zone")], set()),
        ("设立委员工作室,建强边境公安检查站", [("委员工作室", "institution"), ("边境公安检查站", "institution")], set()),
        ("加强柳埠学等研究,对接港澳国际航运中心", [("柳埠学", "institution"), ("港澳国际航运中心", "institution")], set()),
        ("完善墨池片区配套基础设施", [("墨池片区配套基础设施", "zone")], {"墨池片区"}),
        ("建设墨池重大科技基础设施", [("墨池重大科技基础设施", "zone")], {"墨池重大科技基础设施"}),
        ("统筹三山六水布局,推进三江源保护", [("三山", "zone"), ("三江源", "zone")], {"三江源"}),
        ("建设北原(丙禾)服务中心,治理墨池江(丙禾段)", [("北原(丙禾)", "zone"), ("墨池江(丙禾段)", "zone")], {"墨池江(丙禾段)"}),
        ("打响墨池味道,弘扬柳埠精神,融入丝绸之路", [("墨池味道", "zone"), ("柳埠精神", "zone"), ("丝绸之路", "zone")], {"丝绸之路"}),
        ("普及浪板、攀石等时尚运动,振兴丙禾、墨池等产业园区", [("攀石", "zone"), ("墨池", "zone")], {"丙禾", "墨池"}),
        ("修复滨海湿地、墨池湿地,治理滑坡", [("滨海湿地", "zone"), ("墨池湿地", "zone"), ("滑坡", "zone")], {"墨池湿地"}),
        ("支持边境经济合作区、墨柳合作区", [("边境经济合作区", "zone"), ("墨柳合作区", "zone")], {"墨柳合作区"}),
        ("组建国家队,办好柳埠灯会", [("国家队", "institution"), ("柳埠灯会", "institution")], set()),
        ("放在国家现代化建设全局的核心,对接国家邮政局", [], {"国家邮政局"}),
        ("推动丙禾电子、华珩光电扩大产能,建设丙禾科技园", [], {"丙禾电子", "华珩光电", "丙禾科技园"}),
        ("支持墨禾集团、顺珩物流在港区设仓,发展绿色物流、冷链物流", [("墨禾集团", "institution")], {"墨禾集团", "顺珩物流"}),
        ("支持天枢、沧浪、玉衡实验室建设,支持材料、玉衡实验室", [("玉衡实验室", "institution")], {"天枢实验室", "沧浪实验室", "玉衡实验室"}),
        ("将墨柳铁路柳埠至丙禾段改造,开工建设墨柳高铁柳埠至墨池段", [], {"墨柳铁路柳埠至丙禾段", "墨柳高铁柳埠至墨池段"}),
        ("改造柳埠第一、第三医院", [("柳埠第一、第三医院", "institution")], {"柳埠第一医院", "柳埠第三医院"}),
        ("建设国家文化出口基地、国家云南盐矿基地", [("国家文化出口基地", "zone"), ("国家云南盐矿基地", "zone")], {"国家云南盐矿基地"}),
        ("建设墨柳高端毛呢、丙禾汽配等先进制造业集群", [("墨柳高端毛呢", "zone"), ("丙禾汽配", "zone")], set()),
        ("改善白沙涌水环境,改造老旧工业区", [("白沙涌水环境", "zone"), ("老旧工业区", "zone")], {"白沙涌"}),
        ("改造墨池图书馆场馆,建设墨柳铁路沿线合作园区", [("墨池图书馆场馆", "zone"), ("墨柳铁路沿线合作园区", "zone")], {"墨池图书馆", "墨柳铁路"}),
        ("高水平运行离心实验装置,新增45个充电站", [("高水平运行离心实验装置", "zone"), ("45个充电站", "zone")], {"离心实验装置"}),
        ("推动泾南、墨池、丙禾等老城片区更新,发展康养、柳埠湖等小镇", [("墨池", "zone"), ("柳埠湖", "zone")], {"泾南", "墨池", "丙禾", "柳埠湖"}),
        ("发展泾绸、墨池等产业,推进S3、S14等高速公路", [("墨池", "zone")], {"S3", "S14"}),
        ("支持「墨池实验室」建设", [("「墨池实验室", "institution")], {"墨池实验室"}),
        ("推动以青禾、墨池等城市为节点,贯通墨柳公路沿线绿环", [("墨池", "zone"), ("墨柳公路沿线绿环", "zone")], {"墨池", "墨柳公路沿线绿环"}),
        ("引进珩禾数据、墨珩算力等企业设立总部,与丙禾智能、顺珩生物共建基地", [], {"珩禾数据", "墨珩算力", "丙禾智能", "顺珩生物"}),
        ("推动公共数据、人工智能等企业应用,与合成生物共建,发展汽车电子", [], set()),
        ("推动柳埠医药和医疗器械产品在共建国家注册,深化柳埠物流合作", [], set()),
        ("鼓励丙禾重工牵头攻关,支持农业集团、商贸集团做大", [("农业集团", "institution"), ("商贸集团", "institution")], {"丙禾重工"}),
        ("治理柳湾村、石鼓村和茶岭村污水,培育示范村、特色村和文化村", [("柳湾村", "zone"), ("石鼓村", "zone")], {"柳湾村", "石鼓村", "茶岭村"}),
        ("在体育中心站、柏树口站增设停放点,改造公交站、换乘站", [("柏树口站", "zone")], {"体育中心站", "柏树口站"}),
        ("推进柳河大道快速化,建设候车亭", [("柳河大道快速化", "zone"), ("候车亭", "zone")], {"柳河大道"}),
        ("鼓励丙禾智能、柳埠残联发挥纽带作用", [("柳埠残联发挥纽带作用", "institution")], {"柳埠残联"}),
        ("推动中国电科在柳埠岛布局总部,支持在柳埠岛", [("中国电科在柳埠岛布局总部", "institution")], {"中国电科", "柳埠岛"}),
        ("支持墨珩精工共建产业学院,做强省部共建墨池研究院", [("墨珩精工共建产业学院", "institution"), ("省部共建墨池研究院", "institution")], {"墨珩精工", "省部共建墨池研究院"}),
        ("支持墨珩联合柳埠理工大学、墨池联合大学攻关", [("墨珩联合柳埠理工大学", "institution"), ("墨池联合大学", "institution")], {"柳埠理工大学", "墨池联合大学"}),
        ("支持墨池等离子体研究所、柳埠等研究所", [("墨池等离子体研究所", "institution"), ("柳埠等研究所", "institution")], {"墨池等离子体研究所", "柳埠"}),
        ("支持柳埠镇打造文创小镇,提升墨池区域性枢纽功能", [("柳埠镇打造文创小镇", "zone"), ("墨池区域性枢纽功能", "zone")], {"柳埠镇", "墨池"}),
        ("筑牢十八园格局,发展临空临港产业园、柳埠临港产业园", [("十八园", "zone"), ("临空临港产业园", "zone"), ("柳埠临港产业园", "zone")], {"柳埠临港产业园"}),
        ("发挥柳埠实验室、墨珩丙、人才等引领作用,更好发挥工会、人才等作用", [("柳埠实验室", "institution")], {"柳埠实验室", "墨珩丙", "工会"}),
        ("由县公安局、各区政府负责,支持长三角科研院所", [("长三角科研院所", "institution")], {"县公安局"}),
        ("引导中国人寿、泰禾集团设立机构,由柳埠市慈善会救助", [("泰禾集团", "institution")], {"中国人寿", "泰禾集团", "柳埠市慈善会"}),
        ("推动国际标准化组织成立古建技术委员会,支持水利部柳河水利委员会", [], {"国际标准化组织", "水利部柳河水利委员会"}),
    ],
)  # fmt: skip
def test_regular_language(text: str, told: list[tuple[str, str]], expected: set[str]) -> None:
    assert names(text, *told) == expected


@pytest.mark.parametrize(
    ("text", "told", "name", "type_"),
    [
        ("在平山镇建设中心", "平山镇", "平山镇", "region"),
        ("与重庆共建产业园", "重庆", "重庆", "region"),
        ("与黄浦区结对", "黄浦区", "黄浦区", "region"),
        ("与上海市青浦区合作", "上海市青浦区", "上海市青浦区", "region"),
        ("支持柳埠市布局产业园", "柳埠市布局产业园", "柳埠市", "region"),
        ("在墨池州布局通用机场", "墨池州布局通用机场", "墨池州", "region"),
        ("支持柳埠医院墨池院区", "柳埠医院墨池院区", "柳埠医院墨池院区", "hospital"),
        ("支持特斯拉扩产", "特斯拉", "特斯拉", "company"),
        ("新建柳埠幼儿园", "柳埠幼儿园", "柳埠幼儿园", "school"),
        ("筹建墨池海事法庭", "墨池海事法庭", "墨池海事法庭", "other"),
        ("支持墨池粤剧院创作", "墨池粤剧院", "墨池粤剧院", "other"),
        ("建设香山大学二期", "香山大学二期", "香山大学", "university"),
        ("推进墨池博物馆、柳埠博物院实施数字展陈", "墨池博物馆", "墨池博物馆", "museum"),
        ("推动墨池博物馆、柳埠交响乐团开展惠民活动", "墨池博物馆", "墨池博物馆", "museum"),
        ("推进墨池博物馆实施改造", "墨池博物馆", "墨池博物馆", "site"),
        ("改造墨池巷", "墨池巷", "墨池巷", "road"),
        ("建设地铁6号线二期", "地铁6号线二期", "地铁6号线", "metro-line"),
        ("建设地铁6号线接驳工程", "地铁6号线接驳工程", "地铁6号线", "metro-line"),
        ("建设墨池客运枢纽", "墨池客运枢纽", "墨池客运枢纽", "station"),
        ("建成墨池作业区二期", "墨池作业区二期", "墨池作业区二期", "station"),
        ("与丽江合作", "丽江", "丽江", "region"),
        ("支持墨禾种业", "墨禾种业", "墨禾种业", "company"),
        ("支持禾珩电子扩产", "禾珩电子", "禾珩电子", "company"),
        ("升级丽江电子", "丽江电子", "丽江电子", "site"),
        ("投产墨禾半导体", "墨禾半导体", "墨禾半导体", "company"),
        ("设立墨池调解院", "墨池调解院", "墨池调解院", "other"),
        ("治理栖霞江柳埠段", "栖霞江柳埠段", "栖霞江柳埠段", "water"),
        ("建设墨池水利枢纽", "墨池水利枢纽", "墨池水利枢纽", "site"),
        ("改造省道S218线", "省道S218线", "省道S218线", "road"),
        ("建设墨池至柳埠城际铁路", "墨池至柳埠城际铁路", "墨池至柳埠城际铁路", "metro-line"),
        ("建成墨池观测站", "墨池观测站", "墨池观测站", "site"),
        ("融入柳埠都市圈", "柳埠都市圈", "柳埠都市圈", "region"),
        ("建设墨池自由贸易港", "墨池自由贸易港", "墨池自由贸易港", "functional-zone"),
        ("推进柳埠商贸型物流枢纽", "柳埠商贸型物流枢纽", "柳埠商贸型物流枢纽", "functional-zone"),
        ("整治墨池街道", "墨池街道", "墨池街道", "street-district"),
        ("保护锦鲤古建筑群", "锦鲤古建筑群", "锦鲤古建筑群", "site"),
        ("推进柳埠机场二期工程", "柳埠机场二期工程", "柳埠机场", "station"),
        ("建设国家文化公园墨池段", "国家文化公园墨池段", "国家文化公园墨池段", "park"),
        ("提升墨池环球金融中心", "墨池环球金融中心", "墨池环球金融中心", "building"),
        ("深化与老挝的合作", "老挝", "老挝", "region"),
        ("支持肥西发展", "肥西", "肥西", "region"),
        ("支援新疆和田", "新疆和田", "新疆和田", "region"),
        ("建设墨柳城际", "墨柳城际", "墨柳城际", "metro-line"),
        ("建设墨柳线西延", "墨柳线西延", "墨柳线西延", "metro-line"),
        ("建设墨河风情线", "墨河风情线", "墨河风情线", "site"),
        ("改造省道319线", "省道319线", "省道319线", "road"),
        ("新建墨池过境段", "墨池过境段", "墨池过境段", "road"),
        ("推进墨池东片排涝工程", "墨池东片排涝工程", "墨池东片排涝工程", "site"),
        ("改造国道731线改线工程", "国道731线改线工程", "国道731线改线工程", "road"),
        ("建设G731柳埠至墨池段", "G731柳埠至墨池段", "G731柳埠至墨池段", "road"),
        ("建成柳埠—墨池天然气支线", "柳埠—墨池天然气支线", "柳埠—墨池天然气支线", "site"),
        ("实施墨柳铁路增建二线", "墨柳铁路增建二线", "墨柳铁路增建二线", "metro-line"),
        ("扩建中央储备粮柳埠直属库", "中央储备粮柳埠直属库", "中央储备粮柳埠直属库", "site"),
        ("修复墨柳山脉北段", "墨柳山脉北段", "墨柳山脉北段", "site"),
        ("治理墨柳平原", "墨柳平原", "墨柳平原", "region"),
        ("支持皖北、陕甘宁发展", "皖北", "皖北", "region"),
        ("建设墨池港", "墨池港", "墨池港", "station"),
        ("支持湘鄂西、巫山发展", "湘鄂西", "湘鄂西", "region"),
        ("开拓中东市场", "中东", "中东", "region"),
        ("整治柳埠江三级航道", "柳埠江三级航道", "柳埠江三级航道", "water"),
        ("打造柳埠互联网小镇", "柳埠互联网小镇", "柳埠互联网小镇", "industrial-park"),
        ("迁建墨池北站货场", "墨池北站货场", "墨池北站货场", "station"),
        ("实现与墨池、柳埠半小时通达", "柳埠半小时", "柳埠", "site"),
        ("提升墨池工业园区", "墨池工业园区", "墨池工业园区", "industrial-park"),
        ("建设国家文化公园(墨池段)", "国家文化公园(墨池段)", "国家文化公园(墨池段)", "park"),
        ("繁荣柳埠夜市", "柳埠夜市", "柳埠夜市", "commercial-area"),
        ("在塔什干设立海外仓", "塔什干", "塔什干", "region"),
        ("支持永柳区发展", "永柳区", "永柳区", "region"),
        ("由柳埠博物馆牵头编目", "柳埠博物馆", "柳埠博物馆", "museum"),
        ("发挥柳埠博物馆、墨池图书馆牵头作用", "柳埠博物馆", "柳埠博物馆", "museum"),
        ("发挥柳埠图书馆、墨池图书馆牵头作用", "墨池图书馆", "墨池图书馆", "museum"),
        ("鼓励柳埠美术馆举办联展", "柳埠美术馆", "柳埠美术馆", "museum"),
        ("提升柳埠美术馆环境", "柳埠美术馆", "柳埠美术馆", "site"),
        ("改造危桥", "危桥", None, None),
        ("支持柳埠图书馆与中学共建书屋", "柳埠图书馆", "柳埠图书馆", "museum"),
        ("由柳埠博物馆向北建设步道", "柳埠博物馆", "柳埠博物馆", "site"),
        ("开行墨池中欧班列", "墨池中欧班列", None, None),
        ("建设近零碳电炉示范线", "近零碳电炉示范线", None, None),
        ("办好墨池国际音乐周", "墨池国际音乐周", None, None),
    ],
)
def test_forms_that_show_a_type(text: str, told: str, name: str | None, type_: str | None) -> None:
    found = Reader(OWN, Told((told, "zone"))).names([text])[0]  # type: ignore[arg-type]
    assert [(n.text, n.type) for n in found] == ([] if name is None else [(name, type_)])


@pytest.mark.parametrize(
    ("told", "type_"),
    [
        ("墨池博物院", "museum"),
        ("墨池工程院", "research-institute"),
        ("国家墨米科学中心", "research-institute"),
        ("墨池医院柳埠分院", "hospital"),
        ("墨池小学柳埠校区", "school"),
        ("中国国际贸易促进委员会墨池省委员会", "party-or-people-organ"),
        ("墨丙快递", "company"),
        ("墨池科学院柳埠分院", "research-institute"),
        ("中国人民银行墨池省分行", "government"),
        ("墨池人民医院", "hospital"),
        ("墨池金融仲裁院", "other"),
        ("墨池期货交易所", "other"),
        ("墨池股权交易中心", "other"),
        ("墨池仲裁委员会", "other"),
        ("国际海事组织", "other"),
        ("世界银行", "other"),
        ("墨池银行", "company"),
        ("墨珩航空", "company"),
        ("墨池日报报业集团", "media"),
        ("墨池市总工会", "party-or-people-organ"),
        ("墨池镇人大主席团", "party-or-people-organ"),
        ("中央区域协调发展领导小组", "party-or-people-organ"),
        ("墨池康复中心", "hospital"),
        ("墨池金控", "company"),
        ("墨池市消防救援支队", "government"),
        ("墨池中院", "government"),
        ("柳埠县妇幼保健中心", "health-center"),
    ],
)
def test_forms_that_show_the_type_of_an_organisation(told: str, type_: str) -> None:
    found = Reader(OWN, Told((told, "institution"))).names([f"支持{told}发展"])[0]  # type: ignore[arg-type]
    assert [(n.text, n.type) for n in found] == [(told, type_)]


@pytest.mark.parametrize("name", ["凯里", "阿拉山口", "丙山体育场", "柳埠滩", "思林"])
def test_the_last_character_of_a_proper_name_tells_no_type(name: str) -> None:
    assert shipped().type_of(name, "zone") == ""


def test_one_string_has_the_kind_that_its_mentions_are_surest_of() -> None:
    reader = Reader(
        OWN,
        Told(("柳埠中心", "zone", 0.4), ("墨池", "zone", 0.9)),  # type: ignore[arg-type]
    )
    other = Told(("柳埠中心", "institution", 0.9))
    told = [*reader.names(["建设柳埠中心"])]
    assert told[0][0].kind == "zone"

    class Both(Told):
        def tag(self, texts: Sequence[str], area: Area) -> list[list[Tagged]]:
            first = Told(("柳埠中心", "zone", 0.4)).tag(texts[:1], area)
            return first + other.tag(texts[1:], area)

    agreed = Reader(OWN, Both()).names(["建设柳埠中心", "柳埠中心牵头"])  # type: ignore[arg-type]
    assert [n.kind for found in agreed for n in found] == ["institution", "institution"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("由青禾区会展中心牵头", "institution"),
        ("建设青禾区会展中心", "zone"),
        ("依托青禾区大数据中心", "institution"),
        ("建设青禾区数据中心", "zone"),
    ],
)
def test_what_acts_is_an_organisation_whatever_its_form(text: str, kind: str) -> None:
    name = text.removesuffix("牵头").lstrip("由建设依托")
    reader = Reader(OWN, Told((name, "institution", 0.9)))  # type: ignore[arg-type]
    assert [(one.text, one.kind) for one in next(iter(reader.names([text])))] == [(name, kind)]


def test_a_form_matches_only_where_one_of_its_words_is() -> None:
    files = [Path(__file__), *(ROOT / "plans").rglob("source.txt"), *ROOT.glob("tests/**/*.txt")]
    lines = [line for file in files for line in normal(file.read_text("utf-8")).split("\n")]
    shown = 0
    for one in lexicon("names")["shaped"]:
        matched = [line for line in lines if re.search(one["form"], line)]
        shown += bool(matched)
        assert [line for line in matched if not any(w in line for w in one["holds"])] == []
    assert shown > 20


@pytest.mark.parametrize(("sure", "places"), [(0.9, 2), (0.7, 1)])
def test_only_a_sure_name_is_looked_for_elsewhere(sure: float, places: int) -> None:
    class First(Told):
        """Finds the name in the first sentence only."""

        def tag(self, texts: Sequence[str], area: Area) -> list[list[Tagged]]:
            return [
                found if text.startswith("建设") else []
                for text, found in zip(texts, super().tag(texts, area), strict=True)
            ]

    text = "第一章 产业\n\n建设柳埠智谷。\n\n盘活柳埠智谷周边用地。\n"
    tagger = First(("柳埠智谷", "zone", sure))
    found = find_mentions(read_document(text, "plan.txt"), OWN, tagger)  # type: ignore[arg-type]
    assert [one.name for one in found] == ["柳埠智谷"] * places


def test_a_name_broken_in_a_cell_is_called_no_other_name() -> None:
    head = "附件 重大项目表\n项目名称\t建设内容\t责任单位\n"
    text = f"第一章 产业\n建设粮库。\n{head}青石粮库\t新建仓房5座\t青石镇人民 政府\n"
    document = read_document(text, "plan.txt")
    found = find_mentions(document, OWN, Told())  # type: ignore[arg-type]
    (body,) = merge_mentions(found, ["柳州市"])
    assert printed_names(document, body) == ("青石镇人民政府", ())


@pytest.mark.parametrize(
    ("said", "bodies"),
    [
        (["青禾区医院", "区医院"], {"青禾区医院"}),
        (["云湖市青禾区医院", "青禾区医院", "区医院"], {"云湖市青禾区医院"}),
        (["柳埠区医院", "区医院"], {"柳埠区医院", "区医院"}),
        (["云湖市医院", "区医院"], {"云湖市医院", "区医院"}),
    ],
)
def test_a_body_is_one_with_and_without_the_plans_own_area(
    said: list[str], bodies: set[str]
) -> None:
    text = "第一章 卫生\n" + "".join(f"\n迁建{name}。\n" for name in said)
    tagger = Told(*((name, "institution") for name in said))
    found = find_mentions(read_document(text, "plan.txt"), OWN, tagger)  # type: ignore[arg-type]
    assert {body.name for body in merge_mentions(found, [*OWN, "云湖市"])} == bodies


def test_endings_are_learned_from_names_that_they_close() -> None:
    learned = learn_endings(["甲枢纽", "乙枢纽"], ["建设甲枢纽", "完善乙枢纽", "纽带"])
    assert {"枢纽", "纽"} <= set(learned)
    assert "带" not in learned


def test_features_look_across_no_text() -> None:
    area = Area.of(["南京市", "南京"])
    assert {"六合区", "六合"} <= area.inside
    table = Table(["枢纽"], ending=True)
    alone = np.stack([*features(Page.of(["建设甲枢纽"]), area, table)], axis=1)
    page = Page.of(["支持六合", "建设甲枢纽"])
    beside = np.stack([*features(page, area, table)], axis=1)
    start = int(page.starts[1])
    assert np.array_equal(alone[GAP : GAP + 5], beside[start : start + 5])
    assert alone.min() >= 0 and alone.max() < HASHES


def test_the_shipped_tagger_finds_names_whose_endings_no_rule_lists() -> None:
    text = "高标准建设栖霞渡未来智谷,支持柳埠大学与云蔚科技集团在墨池世纪城共建研究院"
    tagged = shipped().tag([text], Area.of(OWN))[0]
    found = {(text[t.start : t.end], t.kind) for t in tagged}
    assert ("栖霞渡未来智谷", "zone") in found
    assert ("柳埠大学", "institution") in found
    assert all(0 < t.confidence <= 1 for t in tagged)


@pytest.mark.parametrize(
    "text",
    [
        "加快打通卡口路、断头路",
        "地区生产总值年均增长6%",
        "引导会计、审计、评估、法律服务等专业服务机构集聚",
        "有序实施退圩还湖,建设过江通道",
    ],
)
def test_the_shipped_tagger_invents_none(text: str) -> None:
    assert shipped().tag([text], Area.of(OWN))[0] == []


def test_votes_on_a_text_do_not_depend_on_those_beside_it() -> None:
    area, text = Area.of(OWN), "高标准建设栖霞渡未来智谷"
    alone = shipped().tag([text], area)[0]
    assert shipped().tag(["推动云湖新城建设。", "", text], area)[2] == alone


def test_places_of_a_plan_that_the_tagger_leaves_out_or_reads_as_one() -> None:
    text = (
        "云湖市青禾区国民经济和社会发展第十五个五年规划纲要\n第一章 加快发展\n一、加强建设\n"
        "对柿林村实施整村搬迁。\n与桦埠市合作建设产业园。\n推动鹿坪县承接项目转移。\n"
        "加强松埠江源头水源涵养。\n"
    )
    found = {m.name for m in find_mentions(read_document(text, "x"), OWN, shipped())}
    assert found == {"柿林村", "桦埠市", "鹿坪县", "松埠江"}
