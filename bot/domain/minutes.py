"""Minutes of a meeting (纪要) as one message: who does what by when, a line each; pure, nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.catalogue import Catalogue
from bot.domain.naming import party_called
from bot.domain.party import Party
from bot.domain.spoken_limits import limit_said

HEADINGS = frozenset({"时间", "地点", "主持", "出席", "参会", "参加", "缺席", "请假", "议题", "纪要", "记录", "会议"})
MOST_LINES = 12
LONGEST_TASK = 200
_TITLE = re.compile("纪要|会议|协调会|联席会")
_LEAD = re.compile(r"[（(]\s*牵头\s*[）)]|牵头")
_HEAD = re.compile(r"^\s*(?:[-•·*]|[(（]?\d{1,2}[)）.、．]|[①-⑳])?\s*(?P<who>[^：:]{1,30}?)\s*[：:]\s*(?P<rest>.+)$")
_TRIMMED = " \t，,。；;、"


class Wrong(StrEnum):
    """Why a line of minutes, or all of them, cannot be dispatched."""

    NO_COLON = "no_colon"
    UNKNOWN = "unknown"
    NO_LIMIT = "no_limit"
    NO_TASK = "no_task"
    TWO_LEADS = "two_leads"
    NO_LEAD = "no_lead"
    TWICE = "twice"
    NOTHING = "nothing"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Decided:
    """One line: this party does that within this limit; exactly one of all leads."""

    party: Party
    task: str
    limit: str
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with line `number` (0: with all of it); `words` is the line as written, shortened."""

    wrong: Wrong
    number: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Minutes:
    """What was read; dispatched only if there is no fault."""

    decided: tuple[Decided, ...]
    faults: tuple[Fault, ...]


def read_minutes(text: str, catalogue: Catalogue, street: str) -> Minutes:
    """A title and headings (`时间：…`) are passed over; a single line leads by itself."""
    decided: list[Decided] = []
    faults: list[Fault] = []
    begun = False
    for number, line in enumerate(text.splitlines(), start=1):
        match = _HEAD.match(line)
        is_title = match is None and not begun and _TITLE.search(line)
        if not line.strip() or is_title or (match and match["who"].strip() in HEADINGS):
            continue
        begun = True
        read = _line(match, catalogue, street) if match else Wrong.NO_COLON
        if isinstance(read, Wrong):
            faults.append(Fault(read, number, line.strip()[:40]))
        elif any(read.party == other.party for other in decided):
            faults.append(Fault(Wrong.TWICE, number, line.strip()[:40]))
        else:
            decided.append(read)
    if len(decided) == 1 and not faults:
        decided = [replace(decided[0], leads=True)]
    return Minutes(tuple(decided), (*faults, *_as_a_whole(decided, faults)))


def _line(match: re.Match[str], catalogue: Catalogue, street: str) -> Decided | Wrong:
    who, rest = match["who"], match["rest"]
    leads = bool(_LEAD.search(who) or re.search(r"[（(]\s*牵头\s*[）)]", rest))
    party = party_called(catalogue, _LEAD.sub("", who), street)
    if party is None:
        return Wrong.UNKNOWN
    rest = re.sub(r"[（(]\s*牵头\s*[）)]", "", rest)
    said = limit_said(rest)
    if said is None:
        return Wrong.NO_LIMIT
    task = (rest[: said.start].rstrip(_TRIMMED) + "，" + rest[said.end :].lstrip(_TRIMMED)).strip(_TRIMMED)
    if not task:
        return Wrong.NO_TASK
    return Decided(party, task[:LONGEST_TASK], str(said.limit), leads)


def _as_a_whole(decided: Sequence[Decided], faults: Sequence[Fault]) -> list[Fault]:
    if not decided and not faults:
        return [Fault(Wrong.NOTHING)]
    if len(decided) > MOST_LINES:
        return [Fault(Wrong.TOO_MANY)]
    leads = sum(line.leads for line in decided)
    if leads > 1:
        return [Fault(Wrong.TWO_LEADS)]
    return [Fault(Wrong.NO_LEAD)] if not leads and not faults else []
