"""What an event of a case file decided, in a few words: the record beside it is for machines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.cli import export_words as words
from bot.domain.evaluation import Verdict
from bot.domain.events import EventKind


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
        EventKind.RETURN_REQUESTED: words.GROUNDS.get(str(detail.get("ground")), ""),
        EventKind.RULED: _ruling(detail, party),
        EventKind.DISPUTE_SETTLED: _after("认定由 ", party(str(detail["to"])) if detail.get("to") else ""),
        EventKind.REPORTED_BACK: words.OUTCOMES.get(str(detail.get("outcome")), ""),
        EventKind.EVALUATED: words.VERDICTS[Verdict(detail["verdict"])] if detail.get("verdict") else "",
        EventKind.ESCALATED: _escalation(detail),
        EventKind.HUB_TASK_OPENED: words.TASKS.get(str(detail.get("kind")), ""),
        EventKind.MEETING_ANSWERED: words.REPLIES.get(str(detail.get("reply")), ""),
        EventKind.GRADED: f"{detail.get('from', '')} → {detail.get('to', '')}",
        EventKind.UNDONE: _undone(str(detail.get("of", ""))),
        EventKind.FOLLOWED: str(detail.get("merged", "")),
        EventKind.SPLIT: str(detail.get("ticket", "")),
    }
    return told.get(kind, "")


def _after(before: str, said: str) -> str:
    return f"{before}{said}" if said else ""


def _ruling(detail: Mapping[str, Any], party: Callable[[str], str]) -> str:
    said = words.RULINGS.get(str(detail.get("outcome")), "")
    return f"{said} {party(str(detail['to']))} 办理" if said and detail.get("to") else said


def _escalation(detail: Mapping[str, Any]) -> str:
    told = words.BETWEEN.join(words.TOLD[each] for each in detail.get("tells", ()) if each in words.TOLD)
    clock = words.CLOCKS.get(str(detail.get("clock")), "")
    return f"{clock}时限，告知{told}" if clock else f"告知{told}"


def _undone(kind: str) -> str:
    return words.EVENTS[EventKind(kind)] if kind in set(EventKind) else ""
