"""Whether words complain of the conduct of officials and units: who, and what he is said to have done.

A conduct counts in full if an official is the nearest actor named before it; the same said of a landlord, a doctor or a
property manager is a report like any other. For collusion an official anywhere before it is enough, since the other
side stands in between ("the captain is a sworn brother of the market's owner").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TITLE = (
    r"(?:主任|书记|经理|老板|领导|会计|科长|组长|队长|所长|站长|院长|校长|班长|负责人|工作人员|的人|那个|那些人|那几个)"
)
_PRIVATE_HOUSE = (
    r"(?:物业(?!办|管?科|维修金)|业委会|开发商|公司|饭店|餐馆|酒吧|超市|银行|医院|诊所|学校|幼儿园|驾校|培训(?:机构|班)|中介|"
    r"健身房|养老院|敬老院|托管班|售楼部|工地|厂(?:里|家)?|店(?:里|家|主)?|施工(?:队|方|单位)|装修(?:队|公司)|停车场|网吧|"
    r"棋牌室|麻将馆|烧烤(?:店|摊)|快递(?:点|站)?|外卖|供电|燃气公司|自来水公司|公交|地铁|商家|平台)"
)
_PRIVATE = re.compile(
    rf"{_PRIVATE_HOUSE}(?:的)?{_TITLE}?|老板娘?|保安|业主|房东|租(?:户|客)|邻居|隔壁|楼上|楼下|对门|司机|快递员|小哥|摊(?:主|贩)|"
    r"包工头|工头|教练|医生|护士|老师|店长|收费员|客服|骗子|有人|他家|那家|这家|一家人|男的和|小孩|孩子|学生|家长|顾客|狗|车主"
)
_OFFICIAL = re.compile(
    r"街道(?!口|边|旁|上|两|停车|对面|门口|路灯)|街办|镇(?:上|里|政府|长)|乡(?:里|长|政府)|村(?:委|支|主任|干部|长|会计|里)|社区(?!食堂|医院|活动|卫生|门口|里面|道路)|"
    r"居委会|居委|居务|派出所(?!门口|旁|对面|隔壁)|公安|民警|片警|警察|警官|辅警|协警|协管|交警|城管|执法|中队|大队|巡逻队|网格|"
    r"窗口|办事(?:员|大厅)|政务|工作人员|公务员|科员|股长|科长|处长|局长|所长|站长|主任|副主任|书记|副书记|区长|镇长|干部|领导|当官|官员|"
    r"督查|督察|检查组|检查的|验收(?:的|组)|调解员|信访(?:办|局|窗口|科)|民政|住建|城建|房管|住保|水务|市监|市场监管|工商|"
    r"消防(?!栓|车|通道|设施|器材|门|箱)|环保局?|生态环境局|环卫(?:所|处|站|班|的)|交通局|交通站|交警队|教育局|招生|学区办|卫健|卫生局|食药|税务|人社|"
    r"劳动监察|残联|妇联|绿化所|绿化站|园林|招商|管委会|农业站|应急局|规划|拆迁办|管?拆迁(?:的|办)|拆违|物管科|物业办|公共服务|"
    r"政府|局里|所里|站里|单位的人|你们(?:这个|那个|这些|内部|里头|中心|单位|局|街道|部门|调度)?|调度|中枢|派单(?:的|那)|热线|12345|回访|接待的|"
    r"承办|工单|文书|穿制服的|制服|包片|驻村|养护(?:所|处|那|的)|市政(?:中心|养护|所|那)|抄表员|安全员|楼长评|低保评议|评优|"
    r"办案的|管(?:低保|我们楼)|带队的|主管的|监管的|审核的|采购员|代办员|公益岗|安置房分配|摇号|班子"
)

_LANDMARK = re.compile(r"\S{0,2}(?:门口|门前|旁|对面|隔壁|楼下|楼上|背后|后面|后头|外墙|宿舍|大院|停车场|斜对)")
_CALLED_UPON = re.compile(
    r"(?:@\S+\s|各位)?(?:领导|书记|主任|队长|站长|网格员|网格长|同志|社区|街道)(?:[，,：:]|你们?看|麻烦|帮|您)"
)


@dataclass(frozen=True, slots=True)
class _Conduct:
    pattern: re.Pattern[str]
    weight: float
    together: bool = False
    """Whether it takes two: an official anywhere before it is meant, whoever stands between."""


def _conduct(pattern: str, weight: float, *, together: bool = False) -> _Conduct:
    return _Conduct(re.compile(pattern), weight, together)


_KIN = r"(?:小舅子|舅子|侄[子女儿]?|外甥女?|亲戚|亲属|家属|老婆|老公|连襟|表[哥弟妹姐]|妹夫|姐夫|儿子|女儿|嫂子?|老乡|熟人|自己人|关系户|关系的)"
_CONDUCTS: Sequence[_Conduct] = (
    _conduct(r"吃拿卡要|卡要|以权谋私|滥用职权|受贿|行贿|索贿|渎职|腐败|贪污|贪[了的]|黑幕|猫腻|吃空饷|公款|私吞|侵吞|中饱私囊", 2, together=True),
    _conduct(r"红包|好处费?|回扣|份子钱|保护费|提成|购物卡|干股|塞(?:了)?.{0,4}(?:钱|[一二两三五六八百千万]|烟|条子)|信封", 2, together=True),
    _conduct(r"收了?.{0,6}(?:两条烟|的?烟|礼|钱(?!不办)|茅台|酒|鱼|卡|[一二两三五六八九十百千万\d]+(?:块|元|万|百|千)?就)", 2, together=True),
    _conduct(r"进了?(?:谁|自己|他|她|自家|个人)?的?(?:腰包|口袋|微信|兜|后备箱)|揣(?:进|自己|兜)|分账|分钱|挪用|冒领|虚报|克扣|截留", 2, together=True),
    _conduct(r"吃(?:请|喝)|请(?:客|.{0,4}吃(?:顿)?饭)|吃了饭就走|顺(?:手)?(?:拿|走|两)|(?:拿|搬|拉|拎|带)回(?:自?己?家|屋|去)|拉去自己|白(?:吃|拿)", 1.5),
    _conduct(r"包庇|袒护|偏袒|偏心|保护伞|撑腰|罩(?:着|到|得)|护着|穿一条裤子|连裆裤|一伙|串通|勾结|称兄道弟|通(?:个)?气|通风报信|睁(?:一)?只眼", 2, together=True),
    _conduct(r"提前.{0,4}(?:通知|打电话|说|漏)|泄(?:密|露)|漏给|告诉了?(?:老板|开发商)|名字.{0,6}(?:给|漏)|打(?:了|过|个)?招呼|走后门|内定|暗箱|压下来", 2, together=True),
    _conduct(rf"(?:给|都是|全是|全给|照顾|安排|和|是).{{0,8}}{_KIN}|{_KIN}.{{0,6}}(?:先|照样|敢|就能|的(?:店|公司|厂|沙场|洗车|施工))", 1.5, together=True),
    _conduct(r"(?:互相|相互)(?:推诿|推|踢)", 2, together=True),
    _conduct(r"不作为|乱作为|懒政|推诿|推来推去|踢皮球|皮球|推卸|甩锅|敷衍|不闻不问|拿工资不|混日子|官僚|形式主义|摆拍|走过场|做样子|糊弄|应付", 2),
    _conduct(r"弄虚作假|造假|作假|假(?:台账|签名|记录|账|票)|编(?:的|出来|造)|代签|冒(?:充|签)|补的签|睁眼说瞎话|根本没(?:来|去|进)|压根没(?:来|去)|现场都没去", 1.5),
    _conduct(r"装(?:看不见|没看见|糊涂|聋|瞎|作不知)|当(?:作)?没看见|视而不见|光拍照|只拍照|只看材料|一条没写", 2),
    _conduct(r"态度.{0,3}(?:恶劣|差|不好|坏|横)|作风|爱办不办|嚣张|霸道|耍威风|盛气|不耐烦|翻白眼|甩脸|爱答不理|不理(?:人|群众|我)|来了不理|(?:态度|服务)太差", 2),
    _conduct(r"骂(?:人|我|老|居民|群众|业主|残|妈|娘|了)|吼(?:人|我|家长|老)|嘴巴?臭|说话难听|指着鼻子|凶(?:人|我|得)|轰(?:出|我)|滚出|刁民|笑话?我", 1.5),
    _conduct(r"打了?(?:我|人|他一|老人)|一巴掌|推了?(?:我|老|一把)|踩(?:烂|了)|砸(?:了)?(?:我|卖|老人)|掀(?:了)?(?:我|翻|菜)|架出去|断电逼|暴力", 1.5),
    _conduct(r"上班.{0,6}(?:打牌|麻将|游戏|手机|瓜子|睡觉|喝酒|炒股|闲聊|逛)|天天(?:打牌|打麻将|喝酒)|(?:打游戏|玩手机|嗑瓜子).{0,10}(?:不理|排队|没人)|不上班|一身酒气|酒气|喝(?:醉|了酒)", 1.5),
    _conduct(r"威胁|报复|刁难|为难|欺负|敲诈|逼(?:着?我们?|着)|故意(?:压|卡|拖)|处处卡|卡(?:我|着|环评)|不(?:塞|给|送|签|买|交).{0,6}(?:不给|就不|不盖|就拖|就卡|就扣|就派)|不给(?:办|批|过|盖)", 1.5),
    _conduct(r"不(?:服去告|给立案|予立案)|不立案|压(?:着)?(?:单|案)|压单子|你去告|谁受理|劝我(?:认|撤|点|算)|让我(?:撤诉|点满意)|空白笔录", 1.5),
    _conduct(r"没收.{0,8}(?:不开|自己|回家|不给单)|只罚|不(?:开|给)(?:票|单子|收据)|多抄|乱收费|乱罚|选择性|执法不公|只(?:拆|查|撵|罚)(?:我|没)|专门盯", 1.5),
    _conduct(r"倒卖|卖(?:信息|居民信息|名额)|贩卖|拿.{0,6}信息卖|以公谋|公(?:车|家的).{0,10}(?:自己|买菜|接|老家|亲戚)|公章.{0,6}自己|指定(?:买|哪家|用)", 2, together=True),
    _conduct(r"举报(?!箱|电话|栏|过|人|后)|检举|纪委|实名|投诉(?!过|电话|箱|后|了好|也)|什么素质|查一?查", 0.75),
    _conduct(r"优亲厚友|违规评定|私分|入(?:了)?股|股东|合伙|干爹|上头有人|有后台|官官相护|护到起|截(?:了)?一半|加油卡|消费券|凑份子|收礼|送(?:礼|.{0,4}[酒烟])|懂规矩|只看红包", 2, together=True),
    _conduct(r"(?:给|收|充)他?.{0,3}[一二两三五六八九十百千万\d]+(?:块|元|百|千)?(?:手续费|就(?:帮|能|可以|不|行|过))|拿(?:走|东西).{0,6}(?:烟|不给钱)|不给钱|免费吃|白吃", 2),
    _conduct(r"挂(?:我|了)?.{0,2}电话|阴阳怪气|没有?素质|什么话|架子|鼻孔朝天|穿小鞋|尸位素餐|大爷|懂个[屁啥]|管得着|咋还没死|穿得破|笑我", 1.5),
    _conduct(r"钱.{0,4}(?:哪儿?去|去哪|去了哪|到哪)", 1.5, together=True),
    _conduct(r"早退|打瞌睡|短视频|斗地主|钓鱼|吃席|醉驾|动手动脚|摸.{0,4}手|喝得|下班.{0,4}才|从来不下车|天天不在|没露过面|人影都", 1.5),
    _conduct(r"签名是|自己签的|打卡叫|代打|充数|吹的|照片.{0,2}P|老照片|去年的照片|改个日期|点了满意|改(?:成)?满意|说我撤诉|丢了.{0,6}(?:不承认|瞒)", 1.5),
    _conduct(r"透的?风|漏(?:了)?(?:消息|出去)|转给了?.{0,8}老板|念给老板|随便发|私自查|加我.{0,4}微信|翻我|翻人家|要走|拦下来|抢我手机|不亮证|没文书|土匪|黑社会|不登记", 1.5),
)  # fmt: skip
_UNKNOWN_ACTOR = 0.4
_MOST = 3.0


def names_official(text: str) -> bool:
    """Whether an official or a unit is named, for whatever reason."""
    return bool(_officials(text))


def weight_of_accusation(text: str) -> float:
    """How heavily the words accuse officials: 0 not at all, from 2 on by themselves, at most 3."""
    officials = _officials(text)
    private = [match for match in _PRIVATE.finditer(text)]
    # "the property manager" names no official though "manager" might
    officials = [at for at in officials if not any(one.start() <= at < one.end() for one in private)]
    others = [one.start() for one in private]
    return min(_MOST, sum(_weight(conduct, match, officials, others) for conduct, match in _found(text)))


def _officials(text: str) -> list[int]:
    """Where officials are named as such: neither called upon ("director, have a look") nor as a landmark."""
    called = _CALLED_UPON.match(text)
    return [
        match.start()
        for match in _OFFICIAL.finditer(text, called.end() if called else 0)
        if not _LANDMARK.match(text, match.end())
    ]


def _found(text: str) -> list[tuple[_Conduct, re.Match[str]]]:
    found = ((conduct, conduct.pattern.search(text)) for conduct in _CONDUCTS)
    return [(conduct, match) for conduct, match in found if match is not None]


def _weight(conduct: _Conduct, match: re.Match[str], officials: Sequence[int], others: Sequence[int]) -> float:
    official = max((at for at in officials if at < match.end()), default=-1)
    other = max((at for at in others if at < match.start()), default=-1)
    if official < 0 and other < 0:
        return conduct.weight * (1.0 if officials and not others else _UNKNOWN_ACTOR)
    if official >= 0 and (conduct.together or official > other):
        return conduct.weight
    return 0.0
