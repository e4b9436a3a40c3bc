"""What the English codes are called in exports, by the glossary."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.assignment import AssignmentState
from bot.domain.evaluation import Verdict
from bot.domain.events import EventKind
from bot.domain.ticket import Mode, Sensitivity, Stage

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
}
