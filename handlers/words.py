"""Commands and the Chinese words that do the same as plain text (`进度 0007` is `/status 0007`)."""

from __future__ import annotations

import re

from bot.domain.evaluation import Verdict
from nlu.types import EntityKind, Interpretation

WORDS: tuple[tuple[str, str], ...] = (
    ("report", r"上报|我要上报|报一下"),
    ("status", r"进度|查进度|查询|状态"),
    ("urge", r"催办|催一下|催"),
    ("withdraw", r"撤回|撤销上报"),
    ("why", r"时限|为什么是这个时间|怎么算"),
    ("item", r"归口|谁管|查归口"),
    ("mine", r"我的|我的上报"),
    ("board", r"清单|待办"),
    ("next", r"下一件"),
    ("shift", r"交班"),
    ("merge", r"并案"),
    ("split", r"拆分"),
    ("mute", r"静音"),
    ("unmute", r"取消静音|恢复"),
    ("bind", r"绑定"),
    ("join", r"加入"),
    ("help", r"帮助|怎么用|街呼"),
    ("lang", r"语言"),
    ("dispatch", r"派单"),
    ("authorise", r"授权启动"),
    ("revoke_authority", r"取消授权"),
    ("hand_on", r"转承办人"),
    ("reopen", r"重办"),
    ("joint", r"联动处置|联动"),
    ("call_out", r"吹哨报到|吹哨"),
    ("refer_up", r"报区领导|逆向派单"),
    ("command", r"执法调度"),
    ("further", r"呼应"),
    ("standing_meeting", r"联席会议"),
    ("meetings", r"会议清单"),
    ("call_street", r"请街道"),
    ("digest", r"汇总"),
    ("emergency", r"应急"),
    ("act_first", r"先行处置"),
    ("examples", r"样例"),
    ("duty", r"值班"),
    ("handover", r"交接"),
    ("leave", r"请假"),
    ("entrust", r"委托"),
    ("take_back_trust", r"取消委托"),
)
ALONE = frozenset(
    {
        "mine",
        "board",
        "next",
        "shift",
        "help",
        "mute",
        "unmute",
        "report",
        "bind",
        "join",
        "status",
        "item",
        "lang",
        "digest",
        "duty",
        "call_street",
        "emergency",
        "meetings",
        "examples",
        "entrust",
    }
)
"""Commands that mean something without more words."""

NEEDS_CODE = frozenset(
    {
        "merge",
        "split",
        "status",
        "urge",
        "withdraw",
        "why",
        "dispatch",
        "reopen",
        "joint",
        "call_out",
        "refer_up",
        "command",
        "further",
    }
)
CODE = re.compile(r"^[#＃]?(?:[A-Za-z]{2,4}-\d{8}-\d{4,}|尾号\s*\d{1,6}|\d{1,6})(?!\d)")
_DATED = r"(?:从)?(?:(?:\d{4}[-年./])?\d{1,2}[-月./]\d{1,2}|今天|明天|后天)"
_NAME = r"@?(?:[\u4e00-\u9fff]{2,4}|\w{3,16})"
_OFFICE = "(?:局|中心|队|公司|企业|办|所|站|院|委)"
_NOTHING = re.compile(r"(?!)")
SHAPES = {
    **{name: _NOTHING for name in ("mine", "help", "unmute", "meetings", "examples", "next", "shift")},
    "board": re.compile(r"^(?:逾期|全部)$"),
    "mute": re.compile(r"^\d{1,2}\s*(?:个?小时|h)?$"),
    "bind": re.compile(r"^[A-Za-z0-9]{6,16}$"),
    "join": re.compile(r"^[A-Za-z0-9]{6,16}$"),
    "emergency": re.compile(r"^(?:启动|结束|记)"),
    "lang": re.compile(r"^(?:zh|en|中文|英文)$", re.IGNORECASE),
    "item": re.compile(r"^.{1,12}$", re.DOTALL),
    "digest": re.compile(r"^(?:[关开]|on|off|\d{1,2}[:：点])"),
    "duty": re.compile(rf"^(?:.*{_DATED}|{_NAME}(?:[、\s]+(?:代理\s*)?{_NAME}){{0,5}}$|\S{{2,16}}{_OFFICE}$)"),
    "handover": re.compile(r"^@\S{1,32}$"),
    "entrust": re.compile(r"^@?\S{1,32}(?:[\s、，]+(?:启动|签发|派单|督促))+$"),
    "take_back_trust": re.compile(r"^@?\S{1,32}$"),
    "leave": re.compile(rf"^{_DATED}.*(?:@|代理)"),
}
"""What has to follow a word for it to be a command and no chatter."""

_PATTERNS = tuple((name, re.compile(rf"^(?:{words})(?:[\s:：]+(?P<rest>.*))?$", re.DOTALL)) for name, words in WORDS)
_SLASH = re.compile(r"^/(?P<name>[a-z_]+)(?:@\w+)?(?:\s+(?P<rest>.*))?$", re.DOTALL | re.IGNORECASE)


def command_in(text: str) -> tuple[str, str] | None:
    """The command and what follows it, if the whole text is one; chatter that begins alike is none."""
    slash = _SLASH.match(text)
    if slash:
        return slash["name"].lower(), (slash["rest"] or "").strip()
    for name, pattern in _PATTERNS:
        match = pattern.match(text)
        if match:
            rest = (match["rest"] or "").strip()
            if _means(name, rest):
                return name, rest
    return None


LIKELY = 0.5
"""From this confidence on an item is what somebody speaks of."""

BESIDE_A_PLACE = 3
"""So few characters beside a place say nothing that happened there."""


def mostly_place(text: str, understood: Interpretation | None) -> str:
    """The words, if they are hardly more than a place and say nothing that happened there; else empty."""
    entity = understood.first(EntityKind.PLACE) if understood else None
    if understood is None or entity is None or len(entity.text) * 2 < len(text):
        return ""
    says_what = bool(understood.items) and understood.items[0].confidence >= LIKELY
    return "" if says_what and len(text) - len(entity.text) > BESIDE_A_PLACE else text


def _means(name: str, rest: str) -> bool:
    if not rest:
        return name in ALONE
    if name in NEEDS_CODE:
        return bool(CODE.match(rest))
    return bool(SHAPES[name].match(rest)) if name in SHAPES else True


_RECEIPTS = frozenset({"收到", "好", "好的", "马上", "1", "ok", "行", "要得", "晓得了", "明白", ""})
_DONE = frozenset(
    {"done", "搞定", "搞定了", "完事", "完事了", "弄好了", "办好了", "办完了", "处理了", "已办", "已处理"}
)


def is_receipt(text: str) -> bool:
    """Whether the words say no more than that something was received."""
    return text.strip(" 。！!~～👌👍").lower() in _RECEIPTS


def is_done(text: str) -> bool:
    """Whether the words say no more than that something is done."""
    return text.strip(" 。！!~～👌👍").lower() in _DONE


def verdict_in(text: str) -> Verdict | None:
    """The verdict said in words; the unhappy words are looked for first, since they contain the happy ones."""
    spoken: tuple[tuple[Verdict, tuple[str, ...]], ...] = (
        (Verdict.NOT_SOLVED, ("未解决", "没解决", "没有解决", "还是老样子", "没弄好", "没处理")),
        (Verdict.DISSATISFIED, ("不满意", "不太满意")),
        (Verdict.MOSTLY, ("基本满意", "还行", "还可以", "凑合")),
        (Verdict.SATISFIED, ("满意", "解决了", "弄好了", "可以了", "谢谢")),
    )
    return next((verdict for verdict, words in spoken if any(word in text for word in words)), None)
