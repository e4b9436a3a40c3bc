"""One ticket's whole life, and at every stage every button that was ever shown, pressed by a person of every role."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from bot.application.people.binding import issue_code
from bot.application.records import CodeKind
from bot.domain.assignment import Assignment
from bot.domain.draft import Draft
from bot.domain.permissions import Action
from bot.domain.ticket import Ticket
from tests.permissions.pressing import Bench, Shown, attempt, every_button, is_one_sentence, present_state
from tests.support.plain_words import PlainWords
from tests.support.world import (
    CHEN,
    COMMUNITY,
    HE,
    HUB,
    LEADER,
    LI,
    OFFICER,
    POLICE,
    QIAN,
    RESIDENT,
    STREET,
    SUN,
    UNIT,
    WANG,
    World,
    open_world,
)

FAR_WORKER, FAR_OFFICER, FAR_LEADER, LISTS, DELEGATE = range(201, 206)
STRANGERS = {
    FAR_WORKER: ("远网格", "grid_worker", "JL0201"),
    FAR_OFFICER: ("远书记", "street_officer", "JL02"),
    FAR_LEADER: ("远领导", "department_leader", "D11"),
    LISTS: ("编办人", "list_office", "hub"),
    DELEGATE: ("秘书", "delegate", "D26"),
}
PEOPLE = (LI, OFFICER, WANG, SUN, HE, QIAN, CHEN, LEADER, RESIDENT, *STRANGERS)
A = Action
OPEN = {"undelivered", "unsigned", "handling", "return_requested", "suspended", "answer_drafted"}
ANSWERABLE = OPEN - {"answer_drafted"}
DRAFT_ACTIONS = {
    *(A.CONFIRM, A.KEEP, A.SEND_TO_HUB, A.REPORT, A.CHANGE_ITEM, A.CHOOSE_ITEM, A.ADD_PLACE, A.DISCARD),
    A.JOIN_TICKET,
    A.SPLIT_DRAFT,
}

# Written by hand from the design, not from the table of the code. Whoever is in a street's group acts there as its
# grid worker, whoever is in a unit's group as one who works there; people beyond are named.
IN_STREET = {*DRAFT_ACTIONS, A.URGE, A.FINISH_OWN, A.CONVERT, A.GRANT_EXTENSION, A.ANSWER_STREET, A.CALL_LEADER}
IN_UNIT = {A.SIGN, A.PROGRESS, A.CONTACT}
ANSWERS = {WANG, HE}
BY_NAME: Mapping[Action, set[int]] = {
    A.WITHDRAW: {LI, OFFICER},
    A.REOPEN: {OFFICER, CHEN},
    A.UNDO: {LI, WANG, HE, OFFICER, CHEN, SUN},
    A.FOLLOW: set(PEOPLE),
    A.STATUS: set(PEOPLE),
    A.HAND_ON: ANSWERS,
    A.RETURN: ANSWERS,
    A.REPORT_BACK: ANSWERS,
    A.EDIT_ANSWER: ANSWERS,
    A.SEND_ANSWER: ANSWERS,
    A.SEE_WHOLE: {*ANSWERS, CHEN},
    A.RELEASE: {HE, DELEGATE, CHEN},
    A.DISPATCH: {CHEN},
    A.DECLINE: {CHEN},
    A.RULE: {CHEN},
    A.NOTE_TOLD: {CHEN},
    A.START: {OFFICER, CHEN, LEADER},
    A.START_ALL: {OFFICER, CHEN, LEADER},
    A.EVALUATE: {LI, OFFICER},
    A.GIVE_REASON: {LI, OFFICER},
    A.ADD_WORDS: {LI},
    A.CALL_BACK: {LI},
    A.ACKNOWLEDGE: {HE, LEADER, DELEGATE},
    A.ASK_HUB: {HE, LEADER, DELEGATE},
    A.TELL_STREET: {HE, LEADER, DELEGATE},
    A.EXTEND: ANSWERS,
    A.SUSPEND: ANSWERS,
    A.TAKE_BACK: ANSWERS,
    A.RESUME: {*ANSWERS, CHEN},
    A.GRANT_SUSPENSION: {CHEN},
    A.REFER_UP: {OFFICER},
    A.CALL_MEETING: {CHEN, LEADER},
    A.WRITE_MINUTES: {CHEN},
    A.GRADE: {CHEN},
    A.TAKE_TASK: {CHEN},
    A.TAKE_OVER: {LI, OFFICER},
    A.COMMAND: {OFFICER},
    A.BIND: set(),
}

STATES: Mapping[Action, set[str]] = {
    A.SIGN: {"unsigned", "undelivered"},
    A.RETURN: {"unsigned", "handling"},
    A.PROGRESS: OPEN,
    A.EXTEND: {"unsigned", "undelivered", "handling"},
    A.SUSPEND: {"unsigned", "undelivered", "handling"},
    A.RESUME: {"suspended"},
    A.TAKE_BACK: {"handling", "return_requested"},
    A.HAND_ON: OPEN,
    A.REPORT_BACK: ANSWERABLE,
    A.EDIT_ANSWER: ANSWERABLE,
    A.SEND_ANSWER: ANSWERABLE,
    A.EVALUATE: {"reported"},
    A.FINISH_OWN: {"handling"},
    A.NOTE_TOLD: {"undelivered", "unsigned"},
    A.SEE_WHOLE: {*OPEN, "reported", "accepted"},
}
AFTERWARDS = {A.UNDO, A.GIVE_REASON, A.FOLLOW, A.STATUS, A.RELEASE, A.START_ALL}
"""What may be done about a ticket that has ended."""


def entitled(action: Action, user: int, chat: int) -> bool:
    """Whether this person may do that here at all, at the right moment."""
    if chat in {STREET, COMMUNITY} and action in IN_STREET:
        return True
    if chat == UNIT and action in IN_UNIT:
        return True
    if chat > 0:
        return user == chat
    return user in BY_NAME.get(action, set())


def is_time(action: Action, draft: Draft | None, ticket: Ticket | None, part: Assignment | None) -> bool:
    """Whether the matter stands so that this may be done to it."""
    if action in DRAFT_ACTIONS:
        return draft is not None and draft.state == "open"
    if ticket is None:
        return True
    if part is not None and action in STATES:
        return part.state in STATES[action] and (ticket.ending is None or action is A.SEE_WHOLE)
    if action in {A.CONVERT, A.START, A.REOPEN}:
        when = {A.CONVERT: ticket.mode == "self" and ticket.ending is None, A.START: ticket.start_awaited}
        return when.get(action, ticket.ending == "closed")
    return ticket.ending is None or action in AFTERWARDS


class Stages:
    """Presses everything at each stage and keeps what did something, for the last look that nothing was vacuous."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.did: defaultdict[Action, set[int]] = defaultdict(set)
        self.wrong: list[str] = []
        self.presses = 0

    async def look(self, stage: str) -> None:
        """Every button, every person who is where it stands; and elsewhere, where it must be worth nothing."""
        bench = Bench.of(self.world)
        before = await present_state(bench)
        for shown in await every_button(bench):
            draft, ticket, part = await self._about(shown)
            for user in [shown.chat] if shown.chat > 0 else PEOPLE:
                outcome = await attempt(bench, user, shown, before)
                self.presses += 1
                where = f"{stage}: {shown.action} {shown.arg} in {shown.chat} by {user}: {outcome.sentence}"
                if not is_one_sentence(outcome.sentence):
                    self.wrong.append(f"no clear sentence. {where!r}")
                if outcome.changed and not entitled(shown.action, user, shown.chat):
                    self.wrong.append(f"not his to do: {sorted(outcome.changed)}. {where}")
                if outcome.changed and not is_time(shown.action, draft, ticket, part):
                    self.wrong.append(f"not the time: {sorted(outcome.changed)}. {where}")
                if outcome.changed:
                    self.did[shown.action].add(user)
            elsewhere = await attempt(bench, CHEN, shown, before, chat=CHEN if shown.chat != CHEN else HUB)
            if elsewhere.changed or not elsewhere.refused:
                self.wrong.append(f"works in another chat, {stage}: {shown}")

    async def _about(self, shown: Shown) -> tuple[Draft | None, Ticket | None, Assignment | None]:
        kind, number = shown.subject
        async with self.world.app.store.read() as uow:
            draft = await uow.drafts.get(number) if kind == "draft" else None
            part = await uow.assignments.get(number) if kind == "assignment" else None
            task = await uow.hub_tasks.get(number) if kind == "hub_task" else None
            which = part.ticket_id if part else task.ticket_id if task else number if kind == "ticket" else None
            ticket = await uow.tickets.get(which) if which else None
        return draft, ticket, part


async def everybody_everywhere(world: World) -> None:
    """People of the other roles join; all are in every group."""
    async with world.app.store.begin() as uow:
        codes = {
            user: (await issue_code(uow, world.app.district(), CodeKind.PERSON, role, of, now=world.now)).code
            for user, (_, role, of) in STRANGERS.items()
        }
        await uow.commit()
    for user, (name, _, _) in STRANGERS.items():
        world.play.add_user(user, name)
        await world.play.say(user, user, f"/join {codes[user]}")
    await world.settle()


@pytest.mark.slow
async def test_old_buttons_do_nothing_they_should_not(tmp_path: Path) -> None:
    async with open_world(tmp_path, PlainWords()) as world:
        await everybody_everywhere(world)
        stages = Stages(world)
        await world.says(LI, STREET, "路灯不亮，柳荫路12号门口")
        await stages.look("draft")
        await world.press(LI, STREET, "确认上报")
        await stages.look("called")
        await world.press(WANG, UNIT, "签收")
        await stages.look("signed")
        await world.forward(timedelta(minutes=5))
        await world.press(WANG, UNIT, "退回")
        await world.says(WANG, UNIT, "应由供电公司办")
        await stages.look("return asked")
        await world.press(CHEN, HUB, "驳回")
        await world.press(WANG, UNIT, "📮 回告")
        await stages.look("answering")
        await world.press(WANG, UNIT, "📮 发送回告")
        await world.forward(timedelta(minutes=5))
        await stages.look("reported")
        await world.press(LI, LI, "未解决")
        await stages.look("second round")
        await world.press(WANG, UNIT, "📮 回告", world.card(UNIT, "进展"))
        await world.press(WANG, UNIT, "📮 发送回告")
        await world.press(LI, LI, "不满意", world.card(LI, "未解决"))
        await world.forward(timedelta(minutes=5))
        await stages.look("closed")
        await world.says(LI, STREET, "路灯不亮，澜桥东街3号门口")
        await world.press(LI, STREET, "换一项")
        await world.press(LI, STREET, "都不是，交中枢研判")
        await stages.look("the hub dispatches")
        assert sorted(set(stages.wrong)) == []
        done = {A.CONFIRM, A.KEEP, A.CHANGE_ITEM, A.DISCARD, A.SIGN, A.PROGRESS, A.RETURN, A.HAND_ON, A.REPORT_BACK}
        done |= {A.SEND_ANSWER, A.EDIT_ANSWER, A.EVALUATE, A.RULE, A.DISPATCH, A.WITHDRAW, A.URGE, A.REOPEN, A.UNDO}
        assert done <= set(stages.did), done - set(stages.did)
        assert stages.did[A.RULE] == {CHEN} and stages.did[A.REPORT_BACK] == ANSWERS


@pytest.mark.slow
async def test_buttons_of_what_the_street_keeps_and_of_what_waits_for_its_officer(tmp_path: Path) -> None:
    async with open_world(tmp_path, PlainWords(), standing_items=frozenset()) as world:
        await everybody_everywhere(world)
        stages = Stages(world)
        await world.says(LI, STREET, "公厕没人管，柳荫路12号门口")
        await world.press(LI, STREET, "街道自办")
        await stages.look("kept")
        await world.forward(timedelta(minutes=5))
        await world.press(LI, STREET, "转呼叫")
        await stages.look("waits for the officer")
        await world.forward(timedelta(hours=3))
        await stages.look("the hub is asked to start it")
        await world.press(OFFICER, OFFICER, "启动")
        await stages.look("started")
        await world.press(OFFICER, STREET, "撤回")
        await world.forward(timedelta(minutes=5))
        await stages.look("withdrawn")
        assert sorted(set(stages.wrong)) == []
        assert {A.CONVERT, A.FINISH_OWN, A.START} <= set(stages.did)
        assert POLICE not in {shown.chat for shown in await every_button(Bench.of(world))}
