"""What the English codes are called in exports, by the glossary."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain import ladders
from bot.domain.assignment import AssignmentState
from bot.domain.escalation import Tells
from bot.domain.evaluation import Verdict
from bot.domain.events import EventKind
from bot.domain.hub_task import HubTaskKind
from bot.domain.meeting import Reply
from bot.domain.returning import Ground, Outcome
from bot.domain.ticket import Mode, Sensitivity, Stage

BETWEEN = "、"
"""Between the parts of a list in one cell."""

STAGES: Mapping[Stage, str] = {
    Stage.CALLING: "待启动",
    Stage.DISPATCHING: "待派单",
    Stage.HANDLING: "处置中",
    Stage.VERIFYING: "待核实",
    Stage.CLOSED: "已结案",
    Stage.WITHDRAWN: "已撤回",
    Stage.DECLINED: "不予受理",
    Stage.MERGED: "已并案",
}
MODES: Mapping[Mode, str] = {
    Mode.SELF: "自办",
    Mode.DIRECT: "对口呼叫",
    Mode.JOINT: "联动处置",
    Mode.REVERSE: "逆向派单",
    Mode.TWO_WAY: "双向派单",
    Mode.ENFORCEMENT: "执法调度",
}
SENSITIVITIES: Mapping[Sensitivity, str] = {
    Sensitivity.PUBLIC: "",
    Sensitivity.LIMITED: "受限",
    Sensitivity.SENSITIVE: "敏感",
}
STATES: Mapping[AssignmentState, str] = {
    AssignmentState.UNDELIVERED: "未送达",
    AssignmentState.UNSIGNED: "待签收",
    AssignmentState.HANDLING: "处置中",
    AssignmentState.RETURN_REQUESTED: "申请退回",
    AssignmentState.SUSPENDED: "挂账",
    AssignmentState.ANSWER_DRAFTED: "待签发",
    AssignmentState.REPORTED: "已回告",
    AssignmentState.ACCEPTED: "已认可",
    AssignmentState.RETURNED: "已退回",
    AssignmentState.CANCELLED: "已取消",
}
VERDICTS: Mapping[Verdict, str] = {
    Verdict.SATISFIED: "满意",
    Verdict.MOSTLY: "基本满意",
    Verdict.DISSATISFIED: "不满意",
    Verdict.NOT_SOLVED: "未解决",
}
EVENTS: Mapping[EventKind, str] = {
    EventKind.REPORTED: "上报",
    EventKind.START_REQUESTED: "申请启动",
    EventKind.STARTED: "启动",
    EventKind.KEPT: "街道自办",
    EventKind.CONVERTED: "转呼叫",
    EventKind.DISPATCHED: "派单",
    EventKind.DELIVERED: "送达",
    EventKind.UNDELIVERED: "未送达",
    EventKind.SIGNED: "签收",
    EventKind.PROGRESSED: "进展",
    EventKind.HANDED_ON: "转承办人",
    EventKind.HANDED_OVER: "交接",
    EventKind.REPORT_BACK_DRAFTED: "拟回告",
    EventKind.REPORTED_BACK: "回告",
    EventKind.RELEASED: "签发",
    EventKind.RETURN_REQUESTED: "申请退回",
    EventKind.RETURN_REFUSED: "驳回退回",
    EventKind.RETURNED: "退回",
    EventKind.EXTENSION_REQUESTED: "申请延期",
    EventKind.EXTENDED: "延期",
    EventKind.EXTENSION_REFUSED: "驳回延期",
    EventKind.SUSPENSION_REQUESTED: "申请挂账",
    EventKind.SUSPENDED: "挂账",
    EventKind.SUSPENSION_REFUSED: "驳回挂账",
    EventKind.RESUMED: "恢复",
    EventKind.REQUEST_TAKEN_BACK: "收回申请",
    EventKind.REQUEST_LAPSED: "申请失效",
    EventKind.EVALUATED: "评价",
    EventKind.REASON_GIVEN: "说明原因",
    EventKind.UNEVALUATED: "未评价",
    EventKind.REWORK_STARTED: "重办",
    EventKind.ACCEPTED: "认可",
    EventKind.CANCELLED: "取消",
    EventKind.WITHDRAWN: "撤回",
    EventKind.DECLINED: "不予受理",
    EventKind.MERGED: "并案",
    EventKind.FOLLOWED: "关注",
    EventKind.CLOSED: "结案备案",
    EventKind.REOPENED: "重启",
    EventKind.UNDONE: "撤销操作",
    EventKind.URGED: "催办",
    EventKind.WORDS_ADDED: "补充",
    EventKind.HUB_TASK_OPENED: "中枢待办",
    EventKind.HUB_TASK_DONE: "中枢办结",
    EventKind.TOLD_BY_PHONE: "电话通知",
    EventKind.LOOKED_AT: "查看",
    EventKind.CALLBACK_ASKED: "请回电",
    EventKind.DUE_RECOMPUTED: "重算时限",
    EventKind.SUPERVISED: "督办",
    EventKind.TAKEN_OVER: "转为街道呼叫",
    EventKind.MEETING_CALLED: "召集会议",
    EventKind.MEETING_ANSWERED: "会议答复",
    EventKind.MEETING_CANCELLED: "会议取消",
    EventKind.ARRIVED: "到场",
    EventKind.SET_OUT: "出发",
    EventKind.MINUTES_TAKEN: "会议纪要",
    EventKind.REFERRED: "报区领导",
    EventKind.ORDERED: "区领导交办",
    EventKind.REFERRAL_CLOSED: "报请办结",
    EventKind.COMMANDED: "执法调度",
    EventKind.RULED: "裁决",
    EventKind.DISPUTE_OPENED: "职责待议",
    EventKind.DISPUTE_SETTLED: "职责认定",
    EventKind.STREET_ASKED: "问街道",
    EventKind.STREET_ANSWERED: "街道答复",
    EventKind.GRADED: "定级",
    EventKind.MERGE_REQUESTED: "申请并案",
    EventKind.MERGE_REFUSED: "驳回并案",
    EventKind.SPLIT: "拆分",
    EventKind.CALLER_CHANGED: "变更呼叫方",
    EventKind.EMERGENCY_BEGAN: "应急开始，按应急节奏催办",
    EventKind.EMERGENCY_ENDED: "应急结束，恢复日常节奏",
    EventKind.ESCALATED: "升级",
    EventKind.ACKNOWLEDGED: "知道了",
    EventKind.COORDINATION_ASKED: "请中枢协调",
    EventKind.LEADER_SAID: "领导回话",
    EventKind.LEADER_CALLED: "报联系区领导",
}

OUTCOMES: Mapping[str, str] = {"solved": "已解决", "partly": "部分解决", "explained": "说明情况"}
"""What a unit says of its own answer."""

RULINGS: Mapping[str, str] = {
    Outcome.KEPT: "仍由原单位办理",
    Outcome.MOVED: "改由",
    Outcome.ACT_FIRST: "先办后议，先由",
    Outcome.SETTLED: "认定由",
}
GROUNDS: Mapping[str, str] = {
    Ground.OTHER_DEPARTMENT: "应由别的部门",
    Ground.CLAUSE: "清单条款不符",
    Ground.OUTSIDE: "不在本区",
    Ground.OWNER: "业主自己的责任",
    Ground.DUPLICATE: "重复",
    Ground.TOO_LITTLE: "信息太少",
}
REPLIES: Mapping[str, str] = {
    Reply.ATTENDS: "参加",
    Reply.EXCUSED: "请假",
    Reply.DELEGATE: "派代表",
    Reply.ARRIVED: "到场",
}
TASKS: Mapping[str, str] = {
    HubTaskKind.DISPATCH: "派单",
    HubTaskKind.UNDELIVERED: "没送达",
    HubTaskKind.RULING: "裁决",
    HubTaskKind.START: "没启动",
    HubTaskKind.SUPERVISION: "督办",
    HubTaskKind.CHAT_LOST: "群失联",
    HubTaskKind.DISPUTE: "职责认定",
    HubTaskKind.MERGE: "并案",
    HubTaskKind.ALARM: "紧急件",
    HubTaskKind.UNIT_ALONE: "没有联络员",
    HubTaskKind.RESIDENT: "居民上报没人接",
}
TOLD: Mapping[str, str] = {
    Tells.DEPARTMENT_LEADER: "分管领导",
    Tells.HUB: "中枢",
    Tells.DISTRICT_LEADER: "区领导",
}
CLOCKS: Mapping[str, str] = {
    ladders.SIGN: "签收",
    ladders.HANDLE: "处置",
    ladders.HUB_TASK: "中枢办理",
    ladders.INTERIM: "阶段回告",
    ladders.START: "启动",
}

SAID = frozenset({"text", "public", "reason", "name", "minutes"})
"""Of the texts of an event those that say what was said; `before` is what stood there, `place` has its own cell."""

JUDGING = frozenset({EventKind.EVALUATED, EventKind.REASON_GIVEN})
"""By whom that was done is told to nobody."""

OF_UNITS = frozenset(
    {EventKind.SIGNED, EventKind.PROGRESSED, EventKind.ARRIVED, EventKind.SET_OUT, EventKind.MEETING_ANSWERED}
)
"""What members of a unit's group do though they never joined: they are no residents."""
