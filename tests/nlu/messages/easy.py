"""Two thousand easy group messages of our own making: what is written all day in such groups and wants nothing.

Own sentences beside patterns, so that the list is long enough to show one mistake in a thousand; the same on every run.
"""

from __future__ import annotations

import random
from itertools import product

COUNT = 2000
_WHO = ["张姐", "李哥", "王主任", "小陈", "刘老师", "老周", "黄师傅", "小吴", "赵队", "孙姨"]
_DAYS = ["今天", "明天", "后天", "周一", "周三", "周五", "下周二", "月底"]
_HOURS = ["八点", "九点半", "十点", "两点", "三点半", "四点", "六点"]
_ROOMS = ["二楼会议室", "三楼会议室", "活动室", "党群中心", "小会议室", "多功能厅"]
_PAPERS = ["值班表", "通讯录", "月报", "签到表", "台账模板", "采购单", "考勤表", "照片", "总结", "合同"]
_FOODS = ["火锅", "面条", "盒饭", "饺子", "烧麦", "米粉", "烤鸭", "麻辣烫", "炒饭", "豆花"]
_FEELINGS = ["哈哈哈", "太好了", "辛苦了", "加油", "真不错", "好嘞", "笑死", "羡慕", "厉害", "可以可以"]
_WEATHER = ["晴天", "小雨", "大雾", "降温", "阴天", "起风了", "出太阳了"]
_TOPICS = ["垃圾分类", "消防知识", "反诈", "文明养犬", "普法", "健康义诊", "防汛", "心肺复苏"]
_PATTERNS = (
    ("{day}{hour}在{room}开会，准时到", {"day": _DAYS, "hour": _HOURS, "room": _ROOMS}),
    ("{who}，{paper}发我一份", {"who": _WHO, "paper": _PAPERS}),
    ("@{who} {paper}交了没有", {"who": _WHO, "paper": _PAPERS}),
    ("{paper}已发群文件，大家自己下载", {"paper": _PAPERS}),
    ("{day}中午吃{food}，谁一起", {"day": _DAYS, "food": _FOODS}),
    ("{who}{feeling}", {"who": _WHO, "feeling": _FEELINGS}),
    ("{day}{weather}，大家注意添减衣服", {"day": _DAYS, "weather": _WEATHER}),
    ("{day}{hour}有{topic}宣传活动，欢迎参加", {"day": _DAYS, "hour": _HOURS, "topic": _TOPICS}),
    ("{topic}的展板放在{room}了", {"topic": _TOPICS, "room": _ROOMS}),
    ("{who}{day}休息，有事找{other}", {"who": _WHO, "day": _DAYS, "other": _WHO}),
    ("{room}的钥匙在{who}那里", {"room": _ROOMS, "who": _WHO}),
    ("{topic}培训的{paper}请{who}整理", {"topic": _TOPICS, "paper": _PAPERS, "who": _WHO}),
    ("{day}轮到{who}值班", {"day": _DAYS, "who": _WHO}),
    ("祝{who}生日快乐", {"who": _WHO}),
    ("{food}味道{feeling}", {"food": _FOODS, "feeling": _FEELINGS}),
)
_SENTENCES = [
    "收到",
    "👌",
    "好的",
    "嗯嗯",
    "1",
    "ok",
    "谢谢",
    "辛苦",
    "早",
    "晚安",
    "马上来",
    "已转发",
    "知道了",
    "没问题",
    "稍等",
    "在开会",
    "回头说",
    "明白",
    "可以",
    "不客气",
    "👍👍",
    "🌹",
    "[强]",
    "[抱拳]",
    "请查收",
    "已阅",
    "看到了",
    "来了",
    "下班了",
    "吃饭去",
    "我也是",
    "真的假的",
    "哪天",
    "几点",
    "在哪",
    "好久不见",
    "周末愉快",
    "同意",
    "+1",
    "接龙",
    "转需",
    "恭喜",
    "哈哈",
    "嘿嘿",
    "快递放门卫了",
    "水烧开了",
    "我的杯子呢",
    "空调开低一点",
    "打印机没墨了",
    "明天我请假",
    "会议改期了",
    "文件传好了",
    "照片拍好了",
    "密码改了",
    "谁拿了我的伞",
    "孩子放学了",
    "我去接娃",
    "牙疼请半天假",
    "今天吃撑了",
    "困得睁不开眼",
    "周报写完了",
    "表格填好了",
    "数据核对过了",
    "会议纪要发了",
    "发票贴好了",
    "章盖好了",
    "感谢大家支持",
    "祝大家节日快乐",
    "欢迎新同事",
    "同事荣休欢送会",
    "群里不要发广告",
    "请改群昵称",
    "昨晚球赛真精彩",
    "电影好看",
    "红包抢完了",
    "手气不错",
]


def easy_messages() -> list[str]:
    """Two thousand different ones: all own sentences, and as many of the patterns' as are missing, mixed."""
    made = [
        pattern.format(**dict(zip(parts, values, strict=True)))
        for pattern, parts in _PATTERNS
        for values in product(*parts.values())
    ]
    chance = random.Random(20261125)
    own = list(dict.fromkeys(_SENTENCES))
    return own + chance.sample(list(dict.fromkeys(made)), COUNT - len(own))
