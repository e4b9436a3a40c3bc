"""What an event of a case file decided, in a few words: the record beside it is for machines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.cli import export_words as words
from bot.domain.evaluation import Verdict
from bot.domain.events import EventKind

OUTCOMES: Mapping[str, str] = {"solved": "已解决", "partly": "部分解决", "explained": "说明情况"}
RULINGS: Mapping[str, str] = {
    "kept": "仍由原单位办理",
    "moved": "改由",
    "act_first": "先办后议，先由",
    "settled": "认定由",
}
GROUNDS: Mapping[str, str] = {
    "other_department": "应由别的部门",
    "clause": "清单条款不符",
    "outside": "不在本区",
    "owner": "业主自己的责任",
    "duplicate": "重复",
    "too_little": "信息太少",
}
REPLIES: Mapping[str, str] = {"attends": "参加", "excused": "请假", "delegate": "派代表", "arrived": "到场"}
TASKS: Mapping[str, str] = {
    "dispatch": "派单",
    "undelivered": "没送达",
    "ruling": "裁决",
    "start": "没启动",
    "supervision": "督办",
    "chat_lost": "群失联",
    "dispute": "职责认定",
    "merge": "并案",
    "alarm": "紧急件",
    "unit_alone": "没有联络员",
    "resident": "居民上报没人接",
}
TOLD: Mapping[str, str] = {"department_leader": "分管领导", "hub": "中枢", "district_leader": "区领导"}
CLOCKS: Mapping[str, str] = {
    "sign": "签收",
    "handle": "处置",
    "hub_task": "中枢办理",
    "interim": "阶段回告",
    "start": "启动",
}


def facts_of(
    kind: EventKind,
    detail: Mapping[str, Any],
    party: Callable[[str], str],
    time: Callable[[datetime | None], str],
) -> str:
    """What stands in the detail and a reader asks for; empty where the event's name says it all."""

    def moment(name: str) -> str:
        written = detail.get(name)
        return time(datetime.fromisoformat(str(written))) if written else ""

    due, until = moment("due"), moment("until")
    told: Mapping[EventKind, str] = {
        EventKind.DISPATCHED: _after("时限到 ", due),
        EventKind.REWORK_STARTED: _after(f"第{detail.get('round')}轮，时限到 ", due),
        EventKind.DUE_RECOMPUTED: _after("时限到 ", due),
        EventKind.RESUMED: _after("时限到 ", due),
        EventKind.EXTENSION_REQUESTED: str(detail.get("amount", "")),
        EventKind.EXTENDED: f"{detail.get('amount', '')}，时限到 {due}",
        EventKind.SUSPENSION_REQUESTED: _after("到 ", until),
        EventKind.SUSPENDED: _after("到 ", until),
        EventKind.RETURN_REQUESTED: GROUNDS.get(str(detail.get("ground")), ""),
        EventKind.RULED: _ruling(detail, party),
        EventKind.DISPUTE_SETTLED: _after("认定由 ", party(str(detail["to"])) if detail.get("to") else ""),
        EventKind.REPORTED_BACK: OUTCOMES.get(str(detail.get("outcome")), ""),
        EventKind.EVALUATED: words.VERDICTS[Verdict(detail["verdict"])] if detail.get("verdict") else "",
        EventKind.ESCALATED: _escalation(detail),
        EventKind.HUB_TASK_OPENED: TASKS.get(str(detail.get("kind")), ""),
        EventKind.MEETING_ANSWERED: REPLIES.get(str(detail.get("reply")), ""),
        EventKind.GRADED: f"{detail.get('from', '')} → {detail.get('to', '')}",
        EventKind.UNDONE: _undone(str(detail.get("of", ""))),
        EventKind.FOLLOWED: str(detail.get("merged", "")),
        EventKind.SPLIT: str(detail.get("ticket", "")),
    }
    return told.get(kind, "")


def _after(before: str, said: str) -> str:
    return f"{before}{said}" if said else ""


def _ruling(detail: Mapping[str, Any], party: Callable[[str], str]) -> str:
    said = RULINGS.get(str(detail.get("outcome")), "")
    return f"{said} {party(str(detail['to']))} 办理" if said and detail.get("to") else said


def _escalation(detail: Mapping[str, Any]) -> str:
    told = words.BETWEEN.join(TOLD[each] for each in detail.get("tells", ()) if each in TOLD)
    clock = CLOCKS.get(str(detail.get("clock")), "")
    return f"{clock}时限，告知{told}" if clock else f"告知{told}"


def _undone(kind: str) -> str:
    return words.EVENTS[EventKind(kind)] if kind in set(EventKind) else ""
