"""Short tales of the quiet district in which every button is shown once; told by single people, or by two at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Protocol

from bot.domain.permissions import Action
from bot.domain.rules import AnswerSignature
from tests.support.cast import (
    CENTRE,
    CHEN,
    COMMUNITY,
    DING,
    HE,
    HUB,
    JUSTICE,
    LEADER,
    LI,
    LISTS,
    LUO,
    OFFICER,
    POLICE,
    QIAN,
    RESIDENT,
    STREET,
    SUN,
    UNIT,
    WANG,
    ZHAO,
)
from tests.support.quiet import Quiet

A = Action
UNDO_OVER = timedelta(minutes=1)


class Teller(Protocol):
    """Who carries a tale on."""

    quiet: Quiet

    async def does(self, user: int, chat: int, action: Action, arg: str | None = None) -> None:
        """Somebody presses the newest such button there."""
        ...

    async def says(self, user: int, chat: int, words: str, *, to: Action | None = None) -> None:
        """Somebody writes; `to`: in reply to the newest message there with such a button."""
        ...

    async def wait(self, step: timedelta) -> None:
        """Time passes."""
        ...


Tale = Callable[[Teller], Awaitable[None]]


async def code_of(t: Teller) -> str:
    """The newest ticket's."""
    async with t.quiet.store.read() as uow:
        return max(ticket.code for ticket in await uow.tickets.listed(limit=50))


async def a_call(t: Teller) -> None:
    """Reported, signed, talked about, returned in vain."""
    await t.says(LI, STREET, "路灯不亮，柳荫路1号")
    await t.does(LI, STREET, A.CHANGE_ITEM)
    await t.does(LI, STREET, A.CHOOSE_ITEM, "SZ-04")
    await t.does(LI, STREET, A.CONFIRM)
    await t.does(LI, STREET, A.FOLLOW)
    await t.does(LI, STREET, A.URGE)
    await t.does(WANG, UNIT, A.SIGN)
    await t.does(WANG, UNIT, A.UNDO)
    await t.does(WANG, UNIT, A.SIGN)
    await t.does(WANG, UNIT, A.CONTACT)
    await t.does(WANG, UNIT, A.PROGRESS)
    await t.says(WANG, UNIT, "正在抢修")
    await t.does(WANG, UNIT, A.HAND_ON)
    await t.says(WANG, UNIT, "孙师傅")
    await t.does(WANG, UNIT, A.EXTEND)
    await t.says(WANG, UNIT, "2个工作日，等配件")
    await t.does(LI, LI, A.GRANT_EXTENSION, "no")
    await t.does(WANG, UNIT, A.EXTEND)
    await t.says(WANG, UNIT, "2个工作日，等配件")
    await t.does(WANG, UNIT, A.TAKE_BACK)
    await t.does(WANG, UNIT, A.RETURN)
    await t.does(WANG, UNIT, A.RETURN, "too_little")
    await t.says(WANG, UNIT, "缺灯杆号")
    await t.does(LI, STREET, A.ANSWER_STREET)
    await t.says(LI, STREET, "12号")
    await t.does(WANG, UNIT, A.RETURN)
    await t.says(WANG, UNIT, "应由公安分局办")
    await t.does(CHEN, HUB, A.RULE, "refuse")


async def its_answer(t: Teller) -> None:
    """Suspended, resumed, answered, judged twice, opened again."""
    await t.does(WANG, UNIT, A.SUSPEND)
    await t.says(WANG, UNIT, "挂账3天，等停电")
    await t.does(CHEN, HUB, A.GRANT_SUSPENSION, "yes")
    await t.does(WANG, UNIT, A.RESUME)
    await t.does(WANG, UNIT, A.REPORT_BACK)
    await t.says(WANG, UNIT, "已处理完毕，今天上午换好了")
    await t.does(WANG, UNIT, A.EDIT_ANSWER, "outcome")
    await t.does(WANG, UNIT, A.SEND_ANSWER)
    await t.wait(UNDO_OVER)
    await t.does(LI, LI, A.EVALUATE, "not_solved")
    await t.does(WANG, UNIT, A.REPORT_BACK)
    await t.says(WANG, UNIT, "已处理完毕，今天下午又换了")
    await t.does(WANG, UNIT, A.SEND_ANSWER)
    await t.does(LI, LI, A.EVALUATE, "dissatisfied")
    await t.does(LI, LI, A.GIVE_REASON, "too_slow")
    await t.wait(UNDO_OVER)
    await t.does(OFFICER, STREET, A.REOPEN)


async def what_is_kept(t: Teller) -> None:
    """Kept by the street, done, called out after all; thrown away; joined; split."""
    await t.says(LI, STREET, "公厕没人管，柳荫路2号")
    await t.does(LI, STREET, A.KEEP)
    await t.wait(UNDO_OVER)
    await t.does(LI, STREET, A.CONVERT)
    await t.says(LI, STREET, "公厕没人管，柳荫路3号")
    await t.does(LI, STREET, A.KEEP)
    await t.does(LI, STREET, A.FINISH_OWN)
    await t.says(LI, STREET, "路面破损")
    await t.does(LI, STREET, A.ADD_PLACE)
    await t.says(LI, STREET, "柳荫路4号")
    await t.does(LI, STREET, A.DISCARD)
    await t.says(LI, STREET, "路灯不亮，柳荫路9号，还有垃圾成堆，柳荫路9号")
    await t.does(LI, STREET, A.SPLIT_DRAFT)
    await t.does(LI, STREET, A.CONFIRM)
    await t.says(ZHAO, STREET, "垃圾成堆，柳荫路9号")
    await t.does(ZHAO, STREET, A.JOIN_TICKET)
    await t.says(LI, STREET, "好像路灯不亮，柳荫路7号")
    await t.does(LI, LI, A.REPORT)


async def at_the_desk(t: Teller) -> None:
    """The hub dispatches, grades, declines, rings up, reads its queue; a board is leafed through."""
    await t.says(LI, STREET, "工地乱，柳荫路5号")
    await t.does(LI, STREET, A.CHANGE_ITEM)
    await t.does(LI, STREET, A.SEND_TO_HUB)
    await t.does(CHEN, HUB, A.GRADE)
    await t.does(CHEN, HUB, A.GRADE, "grave")
    await t.says(CHEN, HUB, "下一件")
    await t.does(CHEN, HUB, A.TAKE_TASK)
    await t.does(CHEN, HUB, A.DECLINE)
    await t.says(CHEN, HUB, "不在本渠道")
    await t.says(LI, STREET, "工地乱，柳荫路6号")
    await t.does(LI, STREET, A.CONFIRM)
    await t.does(CHEN, HUB, A.DISPATCH)
    await t.says(CHEN, HUB, "商务局")
    await t.wait(timedelta(minutes=11))
    await t.does(CHEN, HUB, A.NOTE_TOLD)
    await t.says(CHEN, HUB, "清单")
    await t.does(CHEN, HUB, A.TURN_PAGE)
    await t.says(LI, LI, "清单")
    await t.does(LI, LI, A.STATUS)


async def a_return(t: Teller) -> None:
    """Who is responsible is asked, and the quarrel goes on."""
    await t.says(LI, STREET, "路面破损，柳荫路8号")
    await t.does(LI, STREET, A.CONFIRM)
    await t.does(WANG, UNIT, A.SIGN)
    await t.does(WANG, UNIT, A.RETURN)
    await t.says(WANG, UNIT, "应由公安分局办")
    await t.does(CHEN, HUB, A.RULE, "who-first")
    await t.does(CHEN, HUB, A.RULE, "first:D11")
    await t.does(CHEN, HUB, A.RULE, "settle:D11")
    await t.does(QIAN, POLICE, A.SIGN)
    code = await code_of(t)
    await t.says(LI, STREET, "路面破损，澜桥东街3号")
    await t.does(LI, STREET, A.CONFIRM)
    await t.says(WANG, UNIT, f"并案 {await code_of(t)} {code}")
    await t.does(CHEN, HUB, A.MERGE, "no")
    await t.does(OFFICER, STREET, A.WITHDRAW)


async def together(t: Teller) -> None:
    """A meeting is prepared, changed, called and written down."""
    await t.says(LI, STREET, "工地乱，柳荫路11号")
    await t.does(LI, STREET, A.CONFIRM)
    await t.does(CHEN, HUB, A.CALL_MEETING)
    await t.says(CHEN, HUB, "明天下午3点，区政府302")
    await t.does(CHEN, HUB, A.CALL_MEETING, "without")
    await t.does(CHEN, HUB, A.CALL_MEETING, "more")
    await t.says(CHEN, HUB, "还有公安分局、市政中心")
    await t.does(CHEN, HUB, A.CALL_MEETING, "send")
    await t.does(SUN, UNIT, A.ATTEND, "attends")
    await t.does(CHEN, HUB, A.WRITE_MINUTES)
    await t.says(CHEN, HUB, "市政中心：修，3工作日（牵头）\n公安分局：劝离，2小时")
    await t.does(CHEN, HUB, A.WRITE_MINUTES, "confirm")


async def up_and_down(t: Teller) -> None:
    """Laid before the leader, who orders."""
    for arg in ("pass", "meet", "to"):
        await t.says(LI, STREET, f"路灯不亮，柳荫路1{len(arg)}号")
        await t.does(LI, STREET, A.CONFIRM)
        await t.does(OFFICER, STREET, A.REFER_UP)
        await t.does(LEADER, LEADER, A.ORDER, arg)
    await t.says(OFFICER, STREET, "公厕没人管，柳荫路15号")
    await t.does(OFFICER, STREET, A.REFER_UP)
    await t.does(LEADER, LEADER, A.ORDER, "say")
    await t.says(LEADER, LEADER, "请市政中心牵头，三日内")
    await t.does(LEADER, LEADER, A.ORDER, "confirm")


async def the_team(t: Teller) -> None:
    """The officer commands, and calls further ones."""
    await t.says(LI, STREET, "摆摊占道，柳荫路16号")
    await t.does(LI, STREET, A.KEEP)
    await t.does(OFFICER, STREET, A.COMMAND)
    await t.does(LUO, CENTRE, A.SIGN)
    await t.does(DING, CENTRE, A.MOVE, "out")
    await t.does(DING, CENTRE, A.MOVE, "arrived")
    await t.does(OFFICER, STREET, A.COMMAND, "further")
    await t.does(OFFICER, STREET, A.COMMAND, "call")


async def a_street_is_called(t: Teller) -> None:
    """A department calls a street by the list, drops a wish, and has another admitted."""
    await t.says(WANG, UNIT, "请街道 望澜街道 明天上午停水，麻烦通知沿街居民")
    await t.does(WANG, UNIT, A.CALL_STREET, "JD")
    await t.does(LI, STREET, A.SIGN)
    await t.says(WANG, UNIT, "请街道 望澜街道 派两个人帮忙录入档案")
    await t.does(WANG, UNIT, A.CALL_STREET, "drop")
    await t.says(WANG, UNIT, "请街道 望澜街道 派三个人帮忙录入档案")
    await t.does(WANG, UNIT, A.CALL_STREET, "admission")
    await t.does(LISTS, LISTS, A.APPROVE, "list_office:yes")
    await t.does(JUSTICE, JUSTICE, A.APPROVE, "D18:yes")


async def a_community_calls(t: Teller) -> None:
    """The street takes over what a community called."""
    await t.says(LI, COMMUNITY, "路灯不亮，柳荫路17号")
    await t.does(LI, COMMUNITY, A.CONFIRM)
    await t.does(OFFICER, STREET, A.TAKE_OVER)


async def an_emergency(t: Teller) -> None:
    """Declared, answered, written down, ended."""
    await t.says(CHEN, HUB, "应急 启动 望澜街道 暴雨内涝")
    await t.does(CHEN, HUB, A.DECLARE, "yes")
    await t.does(LI, STREET, A.ANSWER_CALL, "mustered")
    await t.does(LI, STREET, A.ANSWER_CALL, "noted")
    await t.says(LI, STREET, "已转移12人")
    await t.does(CHEN, HUB, A.DECLARE, "end")


async def in_secret(t: Teller) -> None:
    """A sensitive matter is read in whole by whoever handles it; a resident is called back."""
    await t.says(LI, LI, "家暴，柳荫路18号")
    await t.does(LI, LI, A.CONFIRM)
    await t.does(QIAN, POLICE, A.SIGN)
    await t.does(QIAN, POLICE, A.SEE_WHOLE)
    await t.says(RESIDENT, RESIDENT, "路灯不亮，柳荫社区柳荫路19号")
    await anywhere(t, A.CONFIRM, ZHAO, LI, OFFICER)
    await t.does(RESIDENT, RESIDENT, A.ADD_WORDS)
    await t.says(RESIDENT, RESIDENT, "门口第二盏")
    await t.does(RESIDENT, RESIDENT, A.CALL_BACK)


async def hands_change(t: Teller) -> None:
    """Roles go over by a press; what people corrected is released; a lost group is seen to."""
    await t.says(ZHAO, STREET, "交接 @李网格")
    await t.does(LI, STREET, A.ACCEPT_ROLES)


async def starts_and_answers(t: Teller) -> None:
    """Where the officer starts each call and the leader signs each answer, silence goes up to those who lead."""
    rules: Mapping[str, object] = {"standing_items": frozenset()}
    t.quiet.district = t.quiet.district.with_rules(**rules)
    await t.says(LI, STREET, "路灯不亮，柳荫路23号")
    await t.does(LI, STREET, A.CONFIRM)
    await t.does(OFFICER, OFFICER, A.START)
    for number in (21, 22):
        await t.says(LI, STREET, f"路灯不亮，柳荫路{number}号")
        await t.does(LI, STREET, A.CONFIRM)
    await t.does(OFFICER, OFFICER, A.START, "each")
    await t.does(OFFICER, OFFICER, A.START_ALL)
    t.quiet.district = t.quiet.district.with_rules(answer_signature=AnswerSignature.ALL, standing_items=None)
    await t.does(WANG, UNIT, A.SIGN)
    await t.does(WANG, UNIT, A.REPORT_BACK)
    await t.says(WANG, UNIT, "已处理完毕，今天上午换好了")
    await t.does(WANG, UNIT, A.SEND_ANSWER)
    await t.does(HE, HE, A.RELEASE)


async def silence(t: Teller) -> None:
    """Nobody says a word for days: who leads is asked, the street may ask its leader, the hub sees to it."""
    await t.says(LI, STREET, "路面破损，柳荫路24号")
    await t.does(LI, STREET, A.CONFIRM)
    await t.does(WANG, UNIT, A.SIGN)
    await t.wait(timedelta(days=4))
    await anywhere(t, A.CALL_LEADER, LI, OFFICER, STREET)
    await t.wait(timedelta(days=6))
    await anywhere(t, A.TELL_STREET, HE, LEADER)
    await anywhere(t, A.ASK_HUB, HE, LEADER)
    await anywhere(t, A.ACKNOWLEDGE, HE, LEADER)
    t.quiet.messenger.gone.add(POLICE)
    await t.says(LI, LI, "家暴，柳荫路28号")
    await t.does(LI, LI, A.CONFIRM)
    for _ in range(40):
        if any(token.action is A.CLOSE for _, token in await t.quiet.shown(HUB)):
            break
        await t.says(CHEN, HUB, "下一件")
    t.quiet.messenger.gone.clear()
    await t.does(CHEN, HUB, A.CLOSE)


async def what_is_learned(t: Teller) -> None:
    """What people corrected is released, or dropped, by others."""
    for number, item in enumerate(("SZ-01", "SR-10") * 3, start=25):
        await t.says(LI, STREET, f"路灯不亮，澜桥路{number}号，灯杆{number}")
        await t.does(LI, STREET, A.CHANGE_ITEM)
        await t.does(LI, STREET, A.CHOOSE_ITEM, item)
    await t.says(CHEN, HUB, "样例")
    await t.does(CHEN, HUB, A.SEE_EXAMPLES)
    await t.does(CHEN, HUB, A.RELEASE_EXAMPLE)
    await t.does(CHEN, HUB, A.DROP_EXAMPLE)


async def who_left(t: Teller) -> None:
    """The team's only liaison leaves its centre, and the hub takes his role."""
    luo = {"id": LUO, "is_bot": False, "first_name": "罗队长"}
    t.quiet.updates += 1
    left = {
        "message_id": 90_000 + t.quiet.updates,
        "date": int(t.quiet.now.timestamp()),
        "chat": {"id": CENTRE, "type": "supergroup", "title": "执法中心"},
        "from": luo,
        "left_chat_member": luo,
    }
    await t.quiet.happen({"update_id": t.quiet.updates, "message": left})
    await t.quiet.deliver()
    await t.does(CHEN, HUB, A.REVOKE)


async def anywhere(t: Teller, action: Action, *chats: int) -> None:
    """Whoever of these has the newest such button presses it."""
    there = [said for said, token in await t.quiet.shown() if token.action is action and said.chat in chats]
    assert there, f"no button {action} in any of {chats}"
    chat = there[-1].chat
    await t.does(LI if chat == STREET else chat, chat, action)


TALES: tuple[Tale, ...] = (
    a_call,
    its_answer,
    what_is_kept,
    at_the_desk,
    a_return,
    together,
    up_and_down,
    the_team,
    a_street_is_called,
    a_community_calls,
    an_emergency,
    in_secret,
    hands_change,
    what_is_learned,
    starts_and_answers,
    silence,
    who_left,
)
