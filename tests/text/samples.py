"""Values for the parameters of messages, by name: all that drive a branch, and what people may have written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from bot.domain.ticket import Stage
from tests.text.district import CODE, LATER, NOW, ODD
from tests.text.needs import named, needed
from tests.text.uses import uses

EXAMPLE = {"number": "①", "text": ODD, "origin": "change_item", "was": "路灯不亮", "item": "道路井盖缺损", "unit": ""}
NO_REPORT = EXAMPLE | {"origin": "not_a_report", "item": ""}
WHICH = EXAMPLE | {"origin": "return_granted", "item": "", "was": "", "unit": "市政中心"}
CASE = {"code": CODE, "item_name": "道路井盖缺损", "place": ODD, "stage_words": "处置中", "due_at": LATER}
BARE_CASE = CASE | {"item_name": "", "place": "柳荫社区", "due_at": None}
ITEM = {
    "name": "道路井盖缺损",
    "code": "SZ-03",
    "unit": "市政中心",
    "post": "值班室",
    "phones": ["000-5550-0126"],
    "sign_limit": "1紧急工作时",
    "handle_limit": "3工作日",
    "first": "街道",
}
RECOUNT = {
    "code": CODE,
    "item_name": "道路井盖缺损",
    "what": "handle",
    "due_at": LATER,
    "was_at": NOW,
    "was_provisional": True,
}
MEETING = {"code": CODE, "begins_at": LATER, "where": ODD}
TALK_OR_SPOT = ("talk", "call_out", "standing")
DIGESTED = {
    "number": "①",
    "code": CODE,
    "item_name": "道路井盖缺损",
    "place": ODD,
    "state": "handling",
    "unit": "市政中心",
    "due_at": LATER,
    "provisional": True,
}
TASK = {"number": "①", "kind": "dispatch", "code": CODE, "item_name": "", "place": ODD, "due_at": LATER}
DECISION = {
    "kind": "release",
    "code": CODE,
    "item_name": "",
    "place": ODD,
    "proposal": ODD,
    "since_at": NOW,
}
ON_DUTY = {
    "names": [ODD, "李四"],
    "deputies": ["王五"],
    "known": 0,
    "first_at": NOW,
    "last_at": LATER,
    "days": 3,
}
WAITS = {
    "code": CODE,
    "what": "派单",
    "item_name": "道路井盖缺损",
    "hidden": False,
    "note": "",
    "emergency": True,
    "late": True,
    "due_at": LATER,
    "joined": 2,
}
LOST = WAITS | {"code": "", "item_name": "", "note": ODD, "emergency": False, "joined": 0}
SECRET = WAITS | {"item_name": "", "hidden": True, "emergency": False, "late": False}
STEP = {"code": CODE, "item_name": "道路井盖缺损", "place": ODD, "what": "handle", "due_at": LATER}
WHOM = {"role": "department_leader", "names": [ODD, "李四"]}
VALUES: Mapping[str, Sequence[object]] = {
    "amount": ("2工作日",),
    "asks": ("extension", "suspension"),
    "again_at": (LATER,),
    "asked_at": (None, NOW),
    "extendable": (False, True),
    "asker": ("市政中心", "区中枢"),
    "at": (NOW,),
    "by_silence": (False, True),
    "hub": (False, True),
    "begins_at": (LATER,),
    "called": (9,),
    "closed": (0, 7),
    "decisions": (
        [],
        [DECISION, DECISION | {"kind": "start", "proposal": "", "since_at": None}] * 2,
        [DECISION | {"kind": "referral"}],
    ),
    "dispatches": (1,),
    "eve": (0, 3),
    "is_first": (False, True),
    "kept": (126,),
    "label": ("button-report-back",),
    "next_at": (None, LATER),
    "noon_at": (None, LATER),
    "off": (False, True),
    "others": (0,),
    "overdue": (1,),
    "own": (2,),
    "resumes_at": (None, LATER),
    "rulings": (0,),
    "satisfied": (4,),
    "starts": (1,),
    "suspended": (0, 1),
    "tasks": ([TASK] * 5,),
    "times": ("", "09:00 15:00"),
    "today": (2,),
    "undelivered": (0,),
    "unsigned": (1,),
    "verifying": (3,),
    "by_name": ("", ODD),
    "cases": ([], [CASE], [CASE, BARE_CASE] * 5),
    "clause": ("", "街道配合事项清单"),
    "code": (CODE,),
    "offices": ([{"office": "list_office", "name": ""}, {"office": "D18", "name": "司法局"}],),
    "codes": ([CODE, "JL-20261122-0007"],),
    "community": ("柳荫社区",),
    "count": (1, 12),
    "days": (1, 7),
    "due_at": (LATER,),
    "duties": ([], [ON_DUTY, ON_DUTY | {"deputies": [], "days": 1, "known": 2}]),
    "duty": ([], ["市政中心"] * 12),
    "first_at": (NOW,),
    "last_at": (LATER,),
    "leave": (False, True),
    "left_unsigned": (0, 2),
    "missing": ([], ["市政中心"] * 12),
    "successor": (ODD,),
    "every": ("", "month"),
    "examples": ([EXAMPLE, NO_REPORT, WHICH],),
    "released": ([], [EXAMPLE, NO_REPORT, EXAMPLE]),
    "released_count": (12,),
    "extension": ("2工作日",),
    "faults": (["第 3 行没写时限"] * 5,),
    "groups": ([], ["望澜街道"] * 12),
    "hint": ("", ODD),
    "hotline": ("12388",),
    "hours": (1, 2),
    "item": ("道路井盖缺损",),
    "item_name": ("道路井盖缺损", ""),
    "items": ([ITEM] * 3,),
    "known": (False, True),
    "done": (0, 3),
    "kind": ("group", "person"),
    "latest_at": (LATER,),
    "request": ("granted", "refused"),
    "kinds": ([], ["派单 2", "没送达 1"]),
    "kind_words": ("街道群",),
    "late": (0, 2),
    "level": ("一般", "复杂"),
    "limit": ("3工作日",),
    "left": (0, 25),
    "liaison": ("", ODD),
    "lines": ([], ["11/23 09:00–12:00 上班 计"] * 30),
    "meetings": ([], [MEETING, MEETING | {"begins_at": None, "where": ""}] * 5),
    "more": (0, 7),
    "streets": (["望澜街道", "澜桥街道"],),
    "case_count": (0, 12),
    "line_count": (0, 5),
    "titles": ([], ["暴雨内涝"]),
    "emergencies": ([{"title": ODD, "streets": ["望澜街道"]}] * 2,),
    "declared_at": (NOW,),
    "ended_at": (LATER,),
    "open": ([], [CODE]),
    "open_count": (0, 12),
    "names": (["望澜街道", "澜桥街道"],),
    "office": ("hub", "list_office", "district_leader", "D18"),
    "name": (ODD,),
    "outcome": ("kept", "moved", "act_first", "settled"),
    "number": (3, "①"),
    "page": (1,),
    "pages": (2,),
    "party": ("市政中心",),
    "notice": (False, True),
    "people": ([], ["区市政管护中心"] * 12),
    "petition": ("区信访局",),
    "place": (ODD,),
    "progress": ("", ODD),
    "progress_at": (NOW,),
    "provisional": (False, True),
    "quote": (ODD * 12,),
    "reachable": (False, True),
    "reason": ("", ODD),
    "recounts": ([RECOUNT], [RECOUNT, RECOUNT | {"item_name": "", "what": "sign", "was_provisional": False}] * 3),
    "reference": ("A1B2",),
    "role": ("department_leader", "hub"),
    "role_words": ("联络员",),
    "roles": ([], ["网格员", "联络员"]),
    "round": (2,),
    "sees_all": (False, True),
    "sensitive": (False, True),
    "sensitivity": ("public", "limited", "sensitive"),
    "sent_at": (NOW,),
    "stage": tuple(str(stage) for stage in Stage),
    "stage_words": ("处置中",),
    "start_at": (NOW,),
    "state_words": ("处置中",),
    "street": ("望澜街道",),
    "support": ([], ["通信企业", "供电公司"]),
    "target": ("JL-20261122-0009",),
    "text": ("", ODD),
    "ticket": ("", CODE),
    "title": (ODD,),
    "unit": ("市政中心",),
    "units": ([], ["市政中心", "通信企业"] * 4),
    "lead": ("市政中心", ""),
    "meets": (False, True),
    "acts": (["启动"], ["启动", "派单"]),
    "emergency": ("", ODD),
    "given": ([], [{"name": ODD, "acts": ["启动", "派单"]}]),
    "often": (False, True),
    "on_behalf": (False, True),
    "until": (LATER,),
    "usage": ("/bind ABCDEFGHJK",),
    "what": ("sign", "handle"),
    "who_words": (["联络员", "分管领导"],),
    "whom": ([WHOM], [WHOM | {"names": []}, {"role": "hub", "names": []}]),
    "where": ("", ODD),
    "why": ("circle", "ended", "sensitive", "asked"),
    "word": (ODD,),
    "words": (ODD,),
    "year": (2051,),
}
SPECIAL: Mapping[tuple[str, str], Sequence[object]] = {
    ("entrusted-told", "acts"): ([], ["启动", "派单"]),
    ("taken-back", "what"): (
        *("urged", "resident_urged", "callback_asked", "merged", "merge_requested", "merge_refused"),
        *("meeting_called", "meeting_cancelled", "referred", "ordered", "withdrawn", "ruled", "decided"),
    ),
    ("order-meeting", "begins_at"): (None, LATER),
    ("order-told", "units"): (["市政中心", "通信企业"],),
    ("referral-ordered", "units"): (["市政中心"],),
    ("called-further", "units"): (["市政中心"],),
    ("not-for-enforcement", "item"): ("", "街面保洁"),
    ("meeting-unanswered", "kind"): TALK_OR_SPOT,
    ("meeting-asked-again", "kind"): TALK_OR_SPOT,
    ("meeting-unanswered", "names"): (["市政中心", "望澜街道"],),
    ("meeting-invited", "names"): (["市政中心", "望澜街道"], []),
    ("meeting-incomplete", "what"): ("past", "when", "nobody"),
    ("shift-summary", "cases"): ([], [WAITS, LOST, SECRET]),
    ("draft-waiting", "place"): ("", ODD),
    ("unconfirmed", "lines"): ([CASE], [CASE, BARE_CASE] * 3),
    ("clock-alarm", "codes"): ([], [CODE, "JL-20261122-0007"]),
    ("clock-alarm", "others"): ([], [{"what": "draft", "count": 2}, {"what": "meeting", "count": 1}]),
    ("draft-waiting", "item_name"): ("", ODD),
    ("handover-cases", "cases"): ([], [CASE, BARE_CASE] * 2),
    **{(key, "duty"): ([], [ODD]) for key in ("digest-unit", "digest-street")},
    **{(key, "cases"): ([DIGESTED] * 5,) for key in ("digest-unit", "digest-street")},
    ("alarm", "place"): ("", ODD),
    ("late-outcome", "text"): (ODD,),
    ("street-question", "text"): (ODD,),
    ("invalid-limit", "text"): (ODD,),
    ("ticket-ended", "ticket"): (CODE,),
    ("transition-not-allowed", "at"): (None, NOW),
    ("urge-too-soon", "at"): (None, NOW),
    ("status", "due_at"): (None, LATER),
    ("steps-missed", "lines"): ([STEP], [STEP, STEP | {"item_name": "", "what": "sign"}] * 3),
    ("steps-many", "lines"): ([STEP], [STEP, STEP | {"item_name": "", "what": "sign"}] * 3),
    ("step-owing", "unsigned"): (False, True),
    ("step-owing", "what"): ("sign", "handle", "interim", "ruling"),
    ("step-caller", "what"): ("verification", "interim"),
    ("step-decider", "what"): ("release", "extension", "suspension"),
    ("why", "due_at"): (None, LATER),
}
"""Where a text is given other values than the name tells."""


def samples(key: str, locale: str) -> Iterator[dict[str, object]]:
    """Every combination for that text, with what it may go without and without it. Unknown names raise KeyError."""
    always = needed(locale, key)
    optional = named(locale, key) - always
    for names in {always, always | optional}:
        ordered = sorted(names & supplied(key))
        for values in product(*(SPECIAL.get((key, name)) or VALUES[name] for name in ordered)):
            yield dict(zip(ordered, values, strict=True))


def supplied(key: str) -> frozenset[str]:
    """What every place that names the text hands over; all there is where that cannot be seen."""
    given = [use.given for use in uses() if use.key == key and use.given is not None]
    return frozenset.intersection(*given) if given else frozenset(VALUES)
