"""Whatever waits has its row and its ladder: what the auditor finds, what config changes, what a new calendar moves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.application.records import DueKind, DueRow
from bot.demo import DemoClock
from bot.domain.escalation import Rung, Tells
from bot.domain.ladders import ADMISSION, DRAFT, REFERRAL, STREET_QUESTION
from bot.domain.rules import AnswerSignature
from tests.scenarios import test_joint as joint
from tests.scenarios.stories import LAMP, called, count, now_reads, reported, signed
from tests.scenarios.test_calendar_arrives import jiehu, notice
from tests.scenarios.test_departments_call_streets import UNLISTED
from tests.scenarios.test_reverse import referred
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
    ZHAO,
    World,
    captions,
)

HOUR = timedelta(hours=1)
D = DueKind


async def _draft(world: World) -> None:
    await world.says(LI, STREET, LAMP)


async def _start(world: World) -> None:
    world.app.district.choose(standing_items=frozenset())
    await world.says(LI, STREET, LAMP)
    await world.press(LI, STREET, "确认上报")


async def _call(world: World) -> None:
    await called(world)


async def _handled(world: World) -> None:
    await signed(world)


async def _long(world: World) -> None:
    _, call = await signed(world)
    for _ in range(2):
        await world.says(WANG, UNIT, "延期 2天，等配件", reply_to=call)
        await world.press(LI, LI, "同意")


async def _away(world: World) -> None:
    await world.says(SUN, SUN, "你好")
    await world.says(WANG, UNIT, "请假 11月25日 11月26日 @孙师傅")
    await world.press(SUN, UNIT, "接手")


async def _answered(world: World) -> None:
    await reported(world)


async def _to_release(world: World) -> None:
    world.app.district.choose(answer_signature=AnswerSignature.ALL)
    await reported(world)


async def _more_time(world: World) -> None:
    _, call = await signed(world)
    await world.says(WANG, UNIT, "延期 2天，等配件", reply_to=call)


async def _suspended(world: World) -> None:
    _, call = await signed(world)
    await world.says(WANG, UNIT, "挂账 到11月27日，等产权单位停电", reply_to=call)
    await world.press(CHEN, HUB, "同意")


async def _question(world: World) -> None:
    _, call = await signed(world)
    await world.press(WANG, UNIT, "退回", call)
    await world.press(WANG, UNIT, "信息太少")
    await world.says(WANG, UNIT, "灯杆编号是多少？", reply_to=world.last(UNIT))


async def _referral(world: World) -> None:
    await referred(world)


async def _admission(world: World) -> None:
    await world.says(WANG, UNIT, UNLISTED)
    await world.press(WANG, UNIT, "不在清单，申请准入")


async def _meeting(world: World) -> None:
    await joint.called(world)


async def _dispatch(world: World) -> None:
    await joint.to_the_hub(world)


WAITS: dict[DueKind, Callable[[World], Awaitable[None]]] = {
    D.DRAFT: _draft,
    D.START: _start,
    D.SIGN: _call,
    D.HANDLE: _handled,
    D.INTERIM: _long,
    D.HANDOVER: _away,
    D.VERIFICATION: _answered,
    D.RELEASE: _to_release,
    D.REQUEST: _more_time,
    D.RESUME: _suspended,
    D.STREET_QUESTION: _question,
    D.REFERRAL: _referral,
    D.STREET_CALL: _admission,
    D.MEETING: _meeting,
    D.HUB_TASK: _dispatch,
}


async def rows_of(world: World, kind: DueKind) -> list[DueRow]:
    """What the schedule has of that kind."""
    async with world.app.store.read() as uow:
        return list(await uow.dues.of_kinds({kind}))


@pytest.mark.parametrize("kind", WAITS, ids=str)
async def test_a_row_that_is_gone_is_told_to_the_hub_once_and_comes_back(world: World, kind: DueKind) -> None:
    await WAITS[kind](world)
    [before] = await rows_of(world, kind)
    alarms = sum("计时自查" in text for text in world.said(HUB))
    await world.app.audit()
    await world.settle()
    assert sum("计时自查" in text for text in world.said(HUB)) == alarms == 0, "nothing is wrong"
    async with world.app.store.begin() as uow:
        await uow.dues.remove([before.id])
        await uow.commit()
    for _ in range(2):
        await world.app.audit()
        await world.settle()
        [alarm] = [text for text in world.said(HUB) if "计时自查" in text]
        assert "有 1 件在等" in alarm, alarm
    [after] = await rows_of(world, kind)
    assert (after.subject, after.arg[:10]) == (before.subject, before.arg[:10])
    assert after.next_check_at == before.next_check_at, "a look put it where it had been"


async def test_a_residents_report_that_is_nobodys_turn_is_told_and_goes_on(world: World) -> None:
    await world.says(RESIDENT, RESIDENT, "柳荫社区柳荫路12号路灯不亮了，晚上一片黑")
    [row] = await rows_of(world, D.RESIDENT_REPORT)
    async with world.app.store.begin() as uow:
        await uow.dues.remove([row.id])
        await uow.commit()
    await world.app.audit()
    await world.settle()
    assert "没确认的上报 1 件" in world.last(HUB).text
    asked = count(world, ZHAO)
    await world.forward(timedelta(minutes=14))
    assert count(world, ZHAO) == asked, "whose turn it is has his time anew"
    await world.forward(timedelta(minutes=2))
    assert "路灯不亮" in world.last(ZHAO).text
    await world.forward(timedelta(minutes=16))
    await world.app.audit()
    assert not await rows_of(world, D.RESIDENT_REPORT), "the hub owes it: that has a clock of its own"


async def test_a_draft_climbs_by_the_ladder_of_config(world: World) -> None:
    ladder = (
        Rung("author", "start+1紧急工作时", (Tells.AUTHOR,)),
        Rung("again", "start+3紧急工作时", (Tells.AUTHOR, Tells.COMMUNITY)),
    )
    district = world.app.district()
    world.app.district._value = replace(district, ladders={**district.ladders, DRAFT: ladder})
    await world.says(LI, COMMUNITY, LAMP)
    before = count(world, LI), count(world, COMMUNITY)
    await world.forward(59 * HOUR / 60)
    assert (count(world, LI), count(world, COMMUNITY)) == before
    await world.forward(HOUR / 30)
    assert count(world, LI) == before[0] + 1 and "还没确认" in world.last(LI).text
    await world.forward(2 * HOUR)
    assert "没确认" in world.last(COMMUNITY).text


async def test_nobody_is_asked_at_night_about_a_report_of_the_evening(world: World) -> None:
    await world.app.advance(datetime(2026, 11, 23, 14, 0, tzinfo=UTC))
    await world.says(LI, COMMUNITY, LAMP)
    before = count(world, LI)
    await world.app.advance(datetime(2026, 11, 23, 23, 59, tzinfo=UTC))
    assert count(world, LI) == before, "22:30 is no hour to be asked at"
    await world.app.advance(datetime(2026, 11, 24, 0, 1, tzinfo=UTC))
    assert count(world, LI) == before + 1 and "还没确认" in world.last(LI).text
    await world.app.advance(datetime(2026, 11, 24, 1, 1, tzinfo=UTC))
    assert any("没确认" in text for text in world.said(COMMUNITY)), "in the evening's list it was too late to be"


async def test_several_drafts_are_one_line_each_in_one_list(world: World) -> None:
    for words in (LAMP, "柳荫路45号门口井盖没了", "柳荫小区3栋楼下麻将馆半夜还在吵"):
        await world.says(LI, COMMUNITY, words)
        await world.forward(timedelta(minutes=2))
    await world.forward(8 * HOUR)
    [listed] = [text for text in world.said(COMMUNITY) if "件上报没确认" in text]
    assert "3 件" in listed and listed.count("\n") >= 4


async def test_a_question_and_a_referral_climb_by_the_ladders_of_config(world: World) -> None:
    district = world.app.district()
    ladders = {
        **district.ladders,
        STREET_QUESTION: (Rung("half", "50%", (Tells.OFFICER,)),),
        REFERRAL: (Rung("half", "50%", (Tells.LEADER,)), Rung("end", "due", (Tells.DISPATCHER,))),
    }
    world.app.district._value = replace(district, ladders=ladders)
    await _question(world)
    asked = count(world, OFFICER)
    await world.forward(3 * HOUR)
    assert count(world, OFFICER) == asked + 1 and "街道" in world.last(OFFICER).text
    code = await referred(world)
    await world.app.advance(datetime(2026, 11, 24, 4, 0, tzinfo=UTC))
    assert any(text.startswith("⏰") and code in text for text in world.said(LEADER)), world.transcript(LEADER)
    await world.app.advance(datetime(2026, 11, 24, 9, 1, tzinfo=UTC))
    assert any("请研判派单" in text and code in text for text in world.said(HUB))


async def test_an_unanswered_question_is_told_once_and_still_waits(world: World) -> None:
    await _question(world)
    await world.forward(6 * HOUR)
    told = count(world, OFFICER)
    await world.forward(timedelta(days=3))
    assert [text for text in world.said(OFFICER)[told:] if "答复" in text] == []
    assert await rows_of(world, D.STREET_QUESTION), "as long as nobody answers"


async def test_answers_to_an_invitation_and_an_admission_have_their_hours_by_a_new_calendar(
    world: World, tmp_path: Path
) -> None:
    await world.app.set_clock(datetime(2026, 12, 31, 8, 30, tzinfo=UTC))
    world.app.district.choose(approval_limit="1工作日")
    district = world.app.district()
    world.app.district._value = replace(district, ladders={**district.ladders, ADMISSION: ()})
    await _admission(world)
    await joint.to_the_hub(world)
    await world.press(CHEN, HUB, "联动处置")
    await world.says(CHEN, HUB, "1月8日下午3点，区政府302", reply_to=world.last(HUB))
    await world.press(CHEN, HUB, "发出邀请")
    monday = datetime(2027, 1, 4, tzinfo=UTC)
    [wish], [meeting] = await rows_of(world, D.STREET_CALL), await rows_of(world, D.MEETING)
    assert wish.next_check_at == monday + 9 * HOUR, "17:00 of the first working day of the year, as far as one knows"
    assert meeting.arg == "answers" and meeting.next_check_at.replace(microsecond=0) == monday + 5.5 * HOUR
    await jiehu(tmp_path, "calendar", "import", str(notice(tmp_path)))
    await world.app.facts()
    await world.settle()
    [wish], [meeting] = await rows_of(world, D.STREET_CALL), await rows_of(world, D.MEETING)
    tuesday = monday + 24 * HOUR
    assert wish.next_check_at == tuesday + 9 * HOUR
    assert meeting.arg == "answers" and meeting.next_check_at.replace(microsecond=0) == tuesday + 5.5 * HOUR
    async with world.app.store.read() as uow:
        [stored] = await uow.meetings.open()
    assert stored.answers_by == meeting.next_check_at
    await world.app.advance(tuesday + 6 * HOUR)
    assert any("还没答复" in text for text in world.said(HUB)), world.transcript(HUB)


async def test_a_task_to_supervise_ends_with_the_report_back_and_comes_back_with_its_undo(world: World) -> None:
    _, call = await signed(world)
    await world.app.advance(datetime(2026, 11, 26, 6, 30, tzinfo=UTC))
    task = world.card(HUB, "已处理")
    assert "到时限未办，请督办" in task.text
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    read = now_reads(world, HUB, task)
    assert read.startswith("✅ 已办") and "单位已回告" in read, read
    await world.press(WANG, UNIT, "撤销", call)
    assert "请督办" in now_reads(world, HUB, task) and not now_reads(world, HUB, task).startswith("✅")
    await world.press(CHEN, HUB, "已处理", world.card(HUB, "已处理"))
    assert "陈调度" in now_reads(world, HUB, task), "the hub may end it itself"


async def test_who_left_the_only_group_does_not_act_for_the_unit_until_he_is_back(world: World) -> None:
    _, call = await signed(world)
    await world.app.advance(datetime(2026, 11, 24, 6, 30, tzinfo=UTC))
    reminder = world.card(WANG, "延期")
    await world.play.leave(WANG, UNIT)
    await world.settle()
    assert "身份先停用" in world.last(WANG).text
    card = world.card(HUB, "收回身份")
    assert "收回身份 王联络" in captions(card) and "回群就恢复" in card.text
    for button in ("延期", "进展", "回告"):
        assert "联络员" in await world.press(WANG, WANG, button, reminder), button
    said = count(world, WANG)
    await world.app.advance(datetime(2026, 11, 25, 3, 0, tzinfo=UTC))
    assert count(world, WANG) == said, "nobody is reminded of what he cannot do"
    await world.play.join(WANG, UNIT)
    await world.settle()
    assert now_reads(world, HUB, card).startswith("✅"), "somebody answers for the unit again"
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    assert "已回告" in now_reads(world, UNIT, call)


async def test_the_hub_takes_the_role_of_who_left_in_one_press(world: World) -> None:
    await called(world)
    await world.play.leave(QIAN, POLICE)
    await world.settle()
    assert "已收回 钱警官 的身份" in await world.press(CHEN, HUB, "收回身份")
    assert not any("收回身份" in caption for m in world.play.said_by_bot(HUB) for caption in captions(m))
    await world.play.join(QIAN, POLICE)
    await world.settle()
    async with world.app.store.read() as uow:
        person = await uow.people.by_telegram_id(QIAN)
        assert person is not None and await uow.people.grants(person.id) == frozenset()


async def test_who_leaves_one_of_two_groups_of_his_unit_stays_liaison(world: World) -> None:
    await world.says(CHEN, HUB, "/code group department D26")
    bind = next(word for word in world.last(HUB).text.split() if len(word) == 10 and word.isalnum())
    world.play.add_chat(-1010, "市政中心二群", (WANG, HE))
    await world.says(HE, -1010, f"/bind {bind}")
    await world.play.leave(WANG, UNIT)
    await world.settle()
    assert "收回身份" not in "".join(captions(world.card(HUB, "已处理"))), "told, but he can go on in the other"
    async with world.app.store.read() as uow:
        person = await uow.people.by_telegram_id(WANG)
        assert person is not None and await uow.people.grants(person.id)


async def test_to_the_next_due_goes_to_what_is_held_where_that_comes_first(world: World) -> None:
    await world.app.advance(datetime(2026, 11, 23, 14, 0, tzinfo=UTC))
    await world.says(LI, COMMUNITY, LAMP)
    bar = DemoClock(app=world.app)
    moments = [await bar.advance(None, "next_due") for _ in range(2)]
    assert [f"{world.app.district().local(moment):%d %H:%M}" for moment in moments] == ["23 22:30", "24 08:00"]
    assert "还没确认" in world.last(LI).text
