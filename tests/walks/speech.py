"""What people on a walk say: reports, commands, answers to what was asked, and how all that is understood."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlu.types import Act, Context, Decision, Entity, EntityKind, Flag, Interpretation, ItemGuess, Segment
from tests.support.cast import (
    CENTRE,
    CHEN,
    COMMUNITY,
    DING,
    FAR_STREET,
    FAR_WORKER,
    HE,
    HUB,
    LEADER,
    LI,
    MIXED,
    OFFICER,
    POLICE,
    QIAN,
    RESIDENT,
    STREET,
    SUN,
    UNIT,
    WANG,
    ZHAO,
)

ITEMS = {
    "路灯不亮": "SZ-04",
    "路面破损": "SZ-01",
    "公厕没人管": "SR-10",
    "摆摊占道": "SR-04",
    "垃圾成堆": "SR-01",
    "工地乱": "YJ-04",
    "井盖没了": "SZ-03",
    "家暴": "ZA-02",
}
"""How a report begins, and its item: ordinary, for the team, the community's, complex, an emergency, sensitive."""

SAID = {
    "收到马上去": Act.SIGN,
    "正在抢修": Act.PROGRESS,
    "已处理完毕": Act.REPORT_BACK,
    "不归我们管": Act.RETURN,
    "申请延期": Act.EXTENSION,
    "挂账": Act.SUSPENSION,
    "怎么还没人来": Act.URGE,
    "到哪一步了": Act.STATUS,
    "不用来了": Act.WITHDRAW,
    "还是没弄好": Act.EVALUATE,
    "谢谢，弄好了": Act.EVALUATE,
    "门口又堵了": Act.PROGRESS,
    "今天天气不错": Act.CHATTER,
}
REPLIES = tuple(SAID)
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,4}路\d+号")


class WalkingWords:
    """`Interpreter` by the first words; `好像` makes it unsure, `还有` makes two of one message."""

    name = "walking-words"

    async def interpret(self, text: str, context: Context) -> Interpretation:
        """Sure of what it knows, and of nothing else."""
        known = text.removeprefix("好像")
        item = next((code for words, code in ITEMS.items() if known.startswith(words)), None)
        if item is None:
            act = next((act for words, act in SAID.items() if text.startswith(words)), Act.CHATTER)
            return Interpretation(text, act, 0.99, Decision.ABSTAIN)
        sure = 0.7 if known != text else 0.99
        others = [code for code in ITEMS.values() if code != item and code not in {"ZA-02", "SZ-03"}]
        guesses = (ItemGuess(item, 0.96), *(ItemGuess(code, 0.01) for code in others[:4]))
        place = _PLACE.search(text)
        places = (Entity(EntityKind.PLACE, place.group(), place.start(), place.end()),) if place else ()
        if (at := text.find("柳荫社区")) >= 0:
            places += (Entity(EntityKind.COMMUNITY, "柳荫社区", at, at + 4, "JL0101"),)
        return Interpretation(text, Act.REPORT, sure, Decision.ACCEPT, guesses, places, _segments(text))

    async def close(self) -> None:
        """Nothing is open."""


def _segments(text: str) -> tuple[Segment, ...]:
    pieces = text.split("，还有")
    if len(pieces) < 2:
        return ()
    found = []
    for piece in pieces:
        code = next((code for words, code in ITEMS.items() if piece.startswith(words)), "SZ-04")
        start = text.index(piece)
        found.append(Segment(piece, start, start + len(piece), (ItemGuess(code, 0.95),)))
    return tuple(found)


REPORTERS: Sequence[tuple[int, int]] = (
    (LI, STREET), (ZHAO, STREET), (LI, COMMUNITY), (ZHAO, COMMUNITY), (OFFICER, STREET), (LI, LI), (DING, CENTRE),
    (RESIDENT, RESIDENT), (LI, MIXED), (FAR_WORKER, FAR_STREET),
)  # fmt: skip
REPORTS = (
    "路灯不亮，柳荫路{n}号", "路面破损，柳荫路{n}号", "公厕没人管，柳荫路{n}号", "摆摊占道，柳荫路{n}号",
    "垃圾成堆，柳荫路{n}号", "工地乱，柳荫路{n}号", "井盖没了，柳荫路{n}号", "家暴，柳荫路{n}号", "好像路灯不亮，柳荫路{n}号",
    "路灯不亮，柳荫路{n}号，还有垃圾成堆，柳荫路{n}号", "路灯不亮",
)  # fmt: skip
COMMANDS: Sequence[tuple[int, int, str]] = (
    (LI, STREET, "进度 {code}"), (LI, STREET, "催办 {code}"), (LI, STREET, "撤回 {code} 修好了"), (LI, LI, "我的"),
    (OFFICER, STREET, "撤回 {code} 重复"), (OFFICER, STREET, "时限 {code}"), (WANG, UNIT, "清单"), (LI, LI, "清单"),
    (CHEN, HUB, "清单 逾期"), (CHEN, HUB, "下一件"), (CHEN, HUB, "交班"), (CHEN, HUB, "派单 {code} 市政中心"),
    (CHEN, HUB, "派单 {code} 公安分局"), (CHEN, HUB, "并案 {code} {other}"), (OFFICER, STREET, "并案 {code} {other}"),
    (WANG, UNIT, "并案 {code} {other}"), (LI, STREET, "拆分 {code} 路面破损，柳荫路{n}号"), (OFFICER, STREET, "重办 {code}"),
    (CHEN, HUB, "重办 {code}"), (CHEN, HUB, "联动处置 {code}"), (CHEN, HUB, "吹哨 {code}"), (LEADER, LEADER, "吹哨 {code}"),
    (OFFICER, STREET, "报区领导 {code} 请领导定"), (OFFICER, STREET, "执法调度 {code}"), (OFFICER, STREET, "呼应 {code} 公安分局"),
    (CHEN, HUB, "联席会议 每月28日上午9点 区政府302"), (CHEN, HUB, "会议清单"),
    (WANG, UNIT, "请街道 望澜街道 明天上午柳荫路停水，麻烦通知沿街居民"), (WANG, UNIT, "请街道 望澜街道 派两个人帮忙录入档案"),
    (QIAN, POLICE, "请街道 望澜街道 协助入户走访和通知居民"), (CHEN, HUB, "应急 启动 望澜街道 暴雨内涝"),
    (CHEN, HUB, "应急 结束"), (LI, STREET, "先行处置 已拉警戒线"), (CHEN, HUB, "应急 记 已转移12人"), (CHEN, HUB, "样例"),
    (WANG, UNIT, "值班 11月28日-29日 何主任"), (WANG, UNIT, "交接 @孙师傅"), (SUN, UNIT, "交接 @王联络"),
    (LI, LI, "交接 @赵网格"), (ZHAO, ZHAO, "交接 @李网格"), (WANG, UNIT, "请假 11月26日 11月27日 @孙师傅"),
    (OFFICER, STREET, "授权启动 SZ-04"), (OFFICER, STREET, "取消授权 SZ-04"), (LI, STREET, "静音 2小时"),
    (LI, STREET, "取消静音"), (HE, HE, "汇总 10:00"), (CHEN, HUB, "/checklist"), (LI, STREET, "/help"),
    (RESIDENT, RESIDENT, "我的"),
)  # fmt: skip
"""Who says it, where, and what; `{code}` and `{other}` are tickets that there are."""

ANSWERS = {
    "meeting_when": ("明天下午3点，区政府302",), "meeting_more": ("还有公安分局",), "delegate": ("李工",),
    "spot": ("柳荫路12号门口",), "scene": ("柳荫路12号门口",), "further": ("公安分局", "市政中心"),
    "minutes": ("市政中心：修，3工作日（牵头）\n公安分局：劝离，2小时\n望澜街道：看护，1工作日", "公安分局：去（牵头）"),
    "proposal": ("请区里协调",), "order": ("请市政中心牵头，公安配合，三日内", "明天上午10点开个协调会", "抓紧"),
    "log": ("已转移12人",), "extend": ("延期两天，等配件",), "suspend": ("挂账3天，等停水",), "words": ("门牌挡住了",),
    "withdraw": ("重复了",), "decline": ("不在本渠道",), "dispatch": ("市政中心", "公安分局", "火星局"),
    "tell_street": ("请先看护",), "voice": ("路灯不亮，柳荫路1号",), "rule-agree": ("公安分局", "市政中心"),
    "rule-first": ("公安分局",), "rule-settle": ("公安分局",), "rule-ask": ("哪一盏？",), "street-answer": ("左边那盏",),
    "place": ("柳荫路7号",), "progress": ("正在抢修",), "report_back": ("已处理完毕，换好了",), "handler": ("孙师傅",),
    "return_reason": ("应由公安分局办", "依据清单，不归我们", "{code}", "缺灯杆号"), "evaluation_reason": ("没弄干净",),
    "name": ("我叫孙大海",), "text": ("好",),
}  # fmt: skip
"""What is said to an open question, by its `arg`, else by its kind."""

__all__ = ["ANSWERS", "COMMANDS", "REPLIES", "REPORTERS", "REPORTS", "Flag", "WalkingWords"]
