"""What people write in the benchmark: updates as a Bot API server gives them, none of them twice."""

from __future__ import annotations

import json
import time

GROUPS = 300
PEOPLE_PER_GROUP = 3
ROADS = ("柳荫路", "澜桥东街", "石鼓路", "望澜大道", "梧桐巷", "槐树街", "滨河路", "书院路")
REPORTS = (
    "路灯不亮了，{place}门口一片黑",
    "{place}垃圾桶满了没人清运",
    "{place}路面坑坑洼洼，有个大坑",
    "{place}路边有人占道摆摊卖水果，人都走不过去",
    "{place}楼下麻将馆半夜还在吵，睡不着",
    "{place}门口垃圾堆成山，臭得很",
    "{place}树枝断了，横在路中间",
    "{place}下水道堵了，污水漫到路上",
)
CHATTER = (
    "收到",
    "好的",
    "好的，谢谢",
    "哈哈哈哈",
    "辛苦了",
    "收到，马上看",
    "今天食堂有红烧肉",
    "下午三点在二楼会议室开会，请大家准时",
    "请各网格把上周的表格填好，下班前报给我",
    "早上好",
    "周末有空一起打球吗",
    "谢谢大家的支持",
    "晚上谁值班？",
    "我在路上，十分钟到",
    "生日快乐",
    "明白",
)


def chat_id(number: int) -> int:
    """The Telegram id of a group; numbers run from 0."""
    return -1_000_000 - number % GROUPS


def user_id(number: int) -> int:
    """The Telegram id of who writes message `number`: another one in the group each time it is its turn."""
    return 500_000 + number % GROUPS * PEOPLE_PER_GROUP + number // GROUPS % PEOPLE_PER_GROUP


def title(number: int) -> str:
    """What the group is called."""
    return f"第{number % GROUPS}群"


def name(telegram_id: int) -> str:
    """What somebody is called."""
    return f"网格员{telegram_id}"


def report(number: int) -> str:
    """A problem at a place."""
    place = f"{ROADS[number // len(REPORTS) % len(ROADS)]}{number % 397 + 1}号"
    return REPORTS[number % len(REPORTS)].format(place=place)


def chatter(number: int) -> str:
    """Something that is no report."""
    return CHATTER[number % len(CHATTER)]


def update(update_id: int, number: int, kind: str) -> bytes:
    """The JSON of one new message in a group; `kind` is `reports` or `chatter`."""
    user = user_id(number)
    message = {
        "message_id": update_id,
        "date": int(time.time()),
        "from": {"id": user, "is_bot": False, "first_name": name(user), "language_code": "zh-hans"},
        "chat": {"id": chat_id(number), "type": "supergroup", "title": title(number)},
        "text": report(number) if kind == "reports" else chatter(number),
    }
    return json.dumps({"update_id": update_id, "message": message}, ensure_ascii=False).encode()
