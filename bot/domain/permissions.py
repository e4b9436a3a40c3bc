"""Who may do what: one complete table role × action. Buttons ask it, use cases enforce it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import NotPermitted
from bot.domain.people import Actor, Grant, Role


class Action(StrEnum):
    """Everything somebody can ask for by a button, a command or plain words."""

    REPORT = "report"
    CONFIRM = "confirm"
    CHANGE_ITEM = "change_item"
    CHOOSE_ITEM = "choose_item"
    ADD_PLACE = "add_place"
    DISCARD = "discard"
    JOIN_TICKET = "join_ticket"
    SPLIT_DRAFT = "split_draft"
    KEEP = "keep"
    SEND_TO_HUB = "send_to_hub"
    CONVERT = "convert"
    FINISH_OWN = "finish_own"
    WITHDRAW = "withdraw"
    UNDO = "undo"
    URGE = "urge"
    ADD_WORDS = "add_words"
    STATUS = "status"
    FOLLOW = "follow"
    START = "start"
    START_ALL = "start_all"
    AUTHORISE = "authorise"
    SIGN = "sign"
    PROGRESS = "progress"
    HAND_ON = "hand_on"
    CONTACT = "contact"
    SEE_WHOLE = "see_whole"
    REPORT_BACK = "report_back"
    EDIT_ANSWER = "edit_answer"
    SEND_ANSWER = "send_answer"
    RELEASE = "release"
    RETURN = "return"
    EXTEND = "extend"
    SUSPEND = "suspend"
    GRANT_EXTENSION = "grant_extension"
    GRANT_SUSPENSION = "grant_suspension"
    TAKE_BACK = "take_back"
    RESUME = "resume"
    VERIFY = "verify"
    EVALUATE = "evaluate"
    GIVE_REASON = "give_reason"
    REOPEN = "reopen"
    DISPATCH = "dispatch"
    DECLINE = "decline"
    RULE = "rule"
    NOTE_TOLD = "note_told"
    CLOSE = "close"
    MUTE = "mute"
    TAKE_OVER = "take_over"
    CALL_STREET = "call_street"
    APPROVE = "approve"
    DECLARE = "declare"
    ANSWER_CALL = "answer_call"
    ISSUE_CODE = "issue_code"
    BIND = "bind"
    UNBIND = "unbind"
    REVOKE = "revoke"
    SEE_CHECKLIST = "see_checklist"
    CALL_BACK = "call_back"
    SET_DUTY = "set_duty"
    ACCEPT_ROLES = "accept_roles"
    ACKNOWLEDGE = "acknowledge"
    ASK_HUB = "ask_hub"
    TELL_STREET = "tell_street"
    CALL_LEADER = "call_leader"
    ENTRUST = "entrust"
    CALL_MEETING = "call_meeting"
    ATTEND = "attend"
    WRITE_MINUTES = "write_minutes"
    ANSWER_STREET = "answer_street"
    REFER_UP = "refer_up"
    ORDER = "order"
    SEE_EXAMPLES = "see_examples"
    RELEASE_EXAMPLE = "release_example"
    DROP_EXAMPLE = "drop_example"
    COMMAND = "command"
    MOVE = "move"
    TURN_PAGE = "turn_page"
    TAKE_TASK = "take_task"
    GRADE = "grade"
    MERGE = "merge"
    REQUEST_MERGE = "request_merge"
    SPLIT = "split"


class Scope(StrEnum):
    """How far a permission reaches."""

    NONE = "none"
    OWN = "own"
    STREET = "street"
    UNIT = "unit"
    ANY = "any"


A, R = Action, Role

EVERYBODY: Mapping[Action, Scope] = {
    A.STATUS: Scope.OWN,
    A.FOLLOW: Scope.OWN,
    A.ADD_WORDS: Scope.OWN,
    A.WITHDRAW: Scope.OWN,
    A.UNDO: Scope.OWN,
    A.VERIFY: Scope.OWN,
    A.EVALUATE: Scope.OWN,
    A.GIVE_REASON: Scope.OWN,
    A.URGE: Scope.OWN,
    A.CALL_BACK: Scope.OWN,
    A.ANSWER_STREET: Scope.OWN,
    A.TURN_PAGE: Scope.ANY,
    A.REPORT: Scope.OWN,
    A.CONFIRM: Scope.OWN,
    A.CHANGE_ITEM: Scope.OWN,
    A.CHOOSE_ITEM: Scope.OWN,
    A.ADD_PLACE: Scope.OWN,
    A.DISCARD: Scope.OWN,
    A.JOIN_TICKET: Scope.OWN,
    A.SPLIT_DRAFT: Scope.OWN,
    A.SEND_TO_HUB: Scope.OWN,
    A.BIND: Scope.ANY,
    A.ACCEPT_ROLES: Scope.ANY,
}

_GRID = {
    **{
        action: Scope.STREET
        for action in (
            A.REPORT,
            A.CONFIRM,
            A.CHANGE_ITEM,
            A.CHOOSE_ITEM,
            A.ADD_PLACE,
            A.DISCARD,
            A.JOIN_TICKET,
            A.SPLIT_DRAFT,
            A.KEEP,
            A.SEND_TO_HUB,
            A.CONVERT,
            A.FINISH_OWN,
            A.URGE,
            A.ADD_WORDS,
            A.STATUS,
            A.FOLLOW,
            A.MUTE,
            A.TAKE_OVER,
            A.ANSWER_CALL,
            A.GRANT_EXTENSION,
            A.ANSWER_STREET,
            A.CALL_LEADER,
            A.SPLIT,
        )
    },
}
_OFFICER = {
    **_GRID,
    **{
        action: Scope.STREET
        for action in (
            A.START,
            A.START_ALL,
            A.AUTHORISE,
            A.ENTRUST,
            A.SET_DUTY,
            A.WITHDRAW,
            A.VERIFY,
            A.EVALUATE,
            A.GIVE_REASON,
            A.REOPEN,
            A.MERGE,
            A.REFER_UP,
            A.COMMAND,
            A.ISSUE_CODE,
        )
    },
}
_HANDLER = {
    action: Scope.UNIT for action in (A.SIGN, A.PROGRESS, A.STATUS, A.CONTACT, A.MUTE, A.ANSWER_CALL, A.ATTEND, A.MOVE)
}
_LIAISON = {
    **_HANDLER,
    **{
        action: Scope.UNIT
        for action in (
            A.HAND_ON,
            A.REPORT_BACK,
            A.EDIT_ANSWER,
            A.SEND_ANSWER,
            A.RETURN,
            A.REQUEST_MERGE,
            A.EXTEND,
            A.SUSPEND,
            A.TAKE_BACK,
            A.RESUME,
            A.SEE_WHOLE,
            A.CALL_STREET,
            A.APPROVE,
            A.SET_DUTY,
        )
    },
}
_OF_LEADERS = (A.ACKNOWLEDGE, A.ASK_HUB, A.TELL_STREET)
_LEADER = {
    **_LIAISON,
    **dict.fromkeys((A.RELEASE, A.ISSUE_CODE, A.REVOKE, A.ENTRUST, *_OF_LEADERS), Scope.UNIT),
}
_HUB = {
    action: Scope.ANY
    for action in (
        A.SET_DUTY,
        A.STATUS,
        A.DISPATCH,
        A.DECLINE,
        A.RULE,
        A.NOTE_TOLD,
        A.CLOSE,
        A.REOPEN,
        A.ISSUE_CODE,
        A.UNBIND,
        A.REVOKE,
        A.SEE_CHECKLIST,
        A.MUTE,
        A.ADD_WORDS,
        A.URGE,
        A.SEE_WHOLE,
        A.START,
        A.START_ALL,
        A.AUTHORISE,
        A.CONVERT,
        A.CHOOSE_ITEM,
        A.RELEASE,
        A.TAKE_TASK,
        A.GRADE,
        A.MERGE,
        A.GRANT_SUSPENSION,
        A.RESUME,
        A.APPROVE,
        A.DECLARE,
        A.ANSWER_CALL,
        A.CALL_MEETING,
        A.WRITE_MINUTES,
        A.SEE_EXAMPLES,
        A.RELEASE_EXAMPLE,
        A.DROP_EXAMPLE,
    )
}
_LIST = {action: Scope.ANY for action in (A.STATUS, A.APPROVE, A.SEE_EXAMPLES, A.RELEASE_EXAMPLE, A.DROP_EXAMPLE)}
_DISTRICT = {
    A.DECLARE: Scope.STREET,
    A.ANSWER_CALL: Scope.STREET,
    **dict.fromkeys(_OF_LEADERS, Scope.STREET),
    A.APPROVE: Scope.ANY,
    A.STATUS: Scope.STREET,
    A.URGE: Scope.STREET,
    A.START: Scope.STREET,
    A.START_ALL: Scope.STREET,
    A.ENTRUST: Scope.STREET,
    A.CALL_MEETING: Scope.STREET,
    A.ORDER: Scope.STREET,
}


def _row(extra: Mapping[Action, Scope]) -> Mapping[Action, Scope]:
    merged = {**EVERYBODY, **extra}
    return {action: merged.get(action, Scope.NONE) for action in Action}


TABLE: Mapping[Role, Mapping[Action, Scope]] = {
    R.RESIDENT: _row({}),
    R.GRID_WORKER: _row(_GRID),
    R.STREET_OFFICER: _row(_OFFICER),
    R.DISPATCHER: _row(_HUB),
    R.LIAISON: _row(_LIAISON),
    R.HANDLER: _row(_HANDLER),
    R.DEPARTMENT_LEADER: _row(_LEADER),
    R.DISTRICT_LEADER: _row(_DISTRICT),
    R.LIST_OFFICE: _row(_LIST),
    R.DELEGATE: _row(
        {
            **dict.fromkeys((A.RELEASE, A.STATUS, *_OF_LEADERS), Scope.UNIT),
            **dict.fromkeys((A.START, A.START_ALL, A.ORDER, A.CALL_MEETING), Scope.STREET),
        }
    ),
}


OTHER_SIDE: Mapping[Role, Role] = {
    R.GRID_WORKER: R.HANDLER,
    R.STREET_OFFICER: R.LIAISON,
    R.HANDLER: R.GRID_WORKER,
    R.LIAISON: R.STREET_OFFICER,
    R.DEPARTMENT_LEADER: R.STREET_OFFICER,
}
"""What somebody is where the sides are changed: a street that is called signs and answers, a department that calls judges."""

_CALLING = frozenset({R.GRID_WORKER, R.STREET_OFFICER})


@dataclass(frozen=True, slots=True)
class Target:
    """What an action is done to: whose it is, who called, who was called; empty where that does not apply.

    `owners` are the persons of record (author, reporter, followers); `streets` holds the codes of the caller (a
    street and community as a rule, a department's where it calls a street); `units` holds the codes of the assignee.
    """

    owners: frozenset[int] = frozenset()
    streets: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()


def may(actor: Actor, action: Action, target: Target) -> bool:
    """Whether any role that this person holds reaches the target with this action."""
    return any(
        _reaches(actor, grant, TABLE[role][action], target)
        for grant in actor.all_grants()
        if grant.role is not Role.DELEGATE or is_named(actor, grant, action)
        for role in _roles(grant, target)
    )


def is_named(actor: Actor, grant: Grant, action: Action) -> bool:
    """Whether the leader for whom a delegate acts has given him that act; looking needs no such word."""
    return action is Action.STATUS or action in actor.named.get(grant.of, {action})


def _roles(grant: Grant, target: Target) -> tuple[Role, ...]:
    """The role that is held, and what it means on the other side, where its party stands there."""
    changed = grant.of in (target.units if grant.role in _CALLING else target.streets)
    return (grant.role, OTHER_SIDE[grant.role]) if changed and grant.role in OTHER_SIDE else (grant.role,)


def _reaches(actor: Actor, grant: Grant, scope: Scope, target: Target) -> bool:
    if scope is Scope.ANY:
        return True
    if scope is Scope.NONE:
        return False
    if scope is Scope.UNIT:
        return grant.of in target.units
    return actor.id in target.owners or (scope is Scope.STREET and grant.of in target.streets)


def who_may(action: Action) -> tuple[Role, ...]:
    """The roles that may do it beyond what is their own, for the sentence of a refusal."""
    return tuple(role for role, row in TABLE.items() if row[action] in {Scope.STREET, Scope.UNIT, Scope.ANY})


def require(actor: Actor, action: Action, target: Target) -> None:
    """Raises `NotPermitted` with the roles that may."""
    if not may(actor, action, target):
        raise NotPermitted(action=action, who=who_may(action))
