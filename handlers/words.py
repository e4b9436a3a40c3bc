"""Commands and the Chinese words that do the same as plain text (`进度 0007` is `/status 0007`)."""

from __future__ import annotations

import re

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
)
ALONE = frozenset(
    {
        "mine",
        "board",
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
        "call_street",
        "emergency",
        "meetings",
        "examples",
    }
)
"""Commands that mean something without more words."""

NEEDS_CODE = frozenset(
    {"status", "urge", "withdraw", "why", "dispatch", "reopen", "joint", "call_out", "refer_up", "command", "further"}
)
CODE = re.compile(r"^[#＃]?(?:[A-Za-z]{2,4}-\d{8}-\d{4,}|尾号\s*\d{1,6}|\d{1,6})(?!\d)")
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


def mostly_place(text: str, understood: Interpretation | None) -> str:
    """The words, if they are hardly more than a place; else empty."""
    entity = understood.first(EntityKind.PLACE) if understood else None
    return text if entity is not None and len(entity.text) * 2 >= len(text) else ""


def _means(name: str, rest: str) -> bool:
    if not rest:
        return name in ALONE
    if name in NEEDS_CODE:
        return bool(CODE.match(rest))
    if name in {"mine", "board", "help", "unmute", "meetings", "examples"}:
        return name == "board" and rest in {"逾期", "全部"}
    if name == "mute":
        return bool(re.match(r"^\d{1,2}\s*(?:个?小时|h)?$", rest))
    if name in {"bind", "join"}:
        return bool(re.match(r"^[A-Za-z0-9]{6,16}$", rest))
    if name == "digest":
        return bool(re.match(r"^(?:[关开]|on|off|\d{1,2}[:：点])", rest))
    if name == "lang":
        return rest.lower() in {"zh", "en", "中文", "英文"}
    if name == "emergency":
        return rest.startswith(("启动", "结束", "记"))
    return len(rest) <= 12 if name == "item" else True
