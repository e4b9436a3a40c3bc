"""逆向派单 told through chats: the street lays a matter before its leader, who decides with a press or a sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.leading import StreetLeader
from bot.domain.referral import OrderVerifier, ReferralRules
from bot.domain.ticket import Level
from tests.scenarios.stories import COVER, LAMP, code_in, now_reads
from tests.scenarios.transcript import Story
from tests.support.world import (
    CHEN,
    HUB,
    LEADER,
    LI,
    OFFICER,
    POLICE,
    QIAN,
    STREET,
    UNIT,
    WANG,
    World,
    captions,
)


async def referred(world: World, proposal: str = "") -> str:
    """A matter that waits for the hub and was laid before the leader."""
    world.app.district.choose(direct_levels=frozenset())
    await world.says(LI, STREET, LAMP)
    await world.press(LI, STREET, "确认上报")
    code = code_in(world.card(STREET, "报区领导").text)
    assert "分管副书记" in await world.press(LI, STREET, "报区领导"), "the street's officer does it"
    await world.press(OFFICER, STREET, "报区领导")
    if proposal:
        await world.says(OFFICER, STREET, proposal, reply_to=world.last(STREET))
    return code


async def test_with_a_press_to_one_unit_which_answers_to_him(world: World) -> None:
    code = await referred(world, "建议公安分局牵头")
    assert "已报区领导" in world.card(STREET, "撤回").text
    card = world.card(LEADER, "直接回一句")
    assert code in card.text and "望澜街道报请您定" in card.text and "建议公安分局牵头" in card.text
    assert captions(card)[:2] == ["派→公安分局", "派→市政中心"] and "按常规办" in captions(card)
    await world.press(LEADER, LEADER, "派→市政中心")
    call = world.card(UNIT, "签收")
    assert "⭐ 区领导交办" in call.text and code in call.text
    assert "市政中心" in now_reads(world, LEADER, card) and "本月您已交办 1 件" in now_reads(world, LEADER, card)
    assert any("吴区长 交办 市政中心，本月第 1 件" in text for text in world.said(HUB)), "counted, and the hub files"
    assert any("吴区长 已交办 市政中心" in text for text in world.said(OFFICER))
    await world.press(WANG, UNIT, "签收", call)
    world.app.district.choose(direct_levels=frozenset(Level))
    await world.says(LI, STREET, COVER)
    await world.press(LI, STREET, "确认上报")
    await world.says(WANG, UNIT, "清单")
    first, second = [line for line in world.last(UNIT).text.splitlines() if "JL-" in line]
    assert "⭐" in first and code in first and code not in second, "above everything else, also what is due sooner"
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    asked = world.card(LEADER, "基本满意")
    assert code in asked.text, "the leader is asked, and not who reported"
    assert not any("基本满意" in caption for m in world.play.said_by_bot(LI) for caption in captions(m))
    await world.press(LEADER, LEADER, "满意", asked)
    assert "已结案" in now_reads(world, UNIT, call)


async def test_with_one_sentence_that_is_shown_back_first_and_judged_by_him(world: World) -> None:
    story = Story(world)
    story.scene("街道报区领导")
    await referred(world, "建议公安分局牵头")
    story.scene("领导回一句，先看一眼怎么转达")
    await world.press(LEADER, LEADER, "直接回一句")
    await world.says(LEADER, LEADER, "抓紧处理")
    await world.press(LEADER, LEADER, "直接回一句", world.card(LEADER, "开协调会"))
    await world.says(LEADER, LEADER, "请市政中心配合，公安牵头，三日内办好")
    shown = world.card(LEADER, "转达")
    await world.press(LEADER, LEADER, "重说", shown)
    await world.says(LEADER, LEADER, "请市政中心牵头，两个工作日内办好")
    assert shown.deleted, "what he has said anew goes out, and nothing else"
    await world.press(LEADER, LEADER, "转达")
    story.scene("单位办完，向领导回报，领导评价，中枢备案")
    await world.forward(timedelta(hours=1))
    call = world.card(UNIT, "签收")
    await world.press(WANG, UNIT, "签收", call)
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    await world.press(LEADER, LEADER, "满意", world.card(LEADER, "基本满意"))
    story.compare("reverse")


async def test_a_leader_need_not_press_before_he_writes(world: World) -> None:
    code = await referred(world)
    await world.says(LEADER, LEADER, "抓紧处理")
    assert "没听出派给谁" in world.last(LEADER).text
    await world.says(LEADER, LEADER, "请公安牵头，三日内办好")
    shown = world.card(LEADER, "转达")
    assert code in shown.text and "公安分局 牵头" in shown.text
    assert not any(code in text for text in world.said(POLICE))
    await world.says(LI, STREET, COVER)
    await world.press(LI, STREET, "确认上报")
    await world.says(OFFICER, STREET, "报区领导 0002")
    await world.says(LEADER, LEADER, "请公安牵头，三日内办好")
    assert "有 2 件在等您定：0001、0002" in world.last(LEADER).text
    await world.press(LEADER, LEADER, "转达", shown)
    assert "区领导交办" in world.card(POLICE, "签收").text


async def test_an_officer_lays_his_own_report_before_the_leader_at_once(world: World) -> None:
    await world.says(OFFICER, STREET, LAMP)
    await world.press(OFFICER, STREET, "报区领导")
    assert "已报区领导" in world.card(STREET, "撤回").text
    assert not any("JL-" in text for text in world.said(UNIT)), "nobody is called before he has decided"
    await world.press(LEADER, LEADER, "派→市政中心")
    assert "⭐ 区领导交办" in world.card(UNIT, "签收").text
    await world.says(LI, STREET, COVER)
    assert not any("报区领导" in caption for caption in captions(world.card(STREET, "确认上报")))


async def test_a_press_can_be_taken_back_for_thirty_seconds(world: World) -> None:
    await referred(world)
    await world.press(LEADER, LEADER, "派→市政中心")
    card = world.card(LEADER, "撤销")
    await world.press(LEADER, LEADER, "撤销", card)
    assert "报请您定" in now_reads(world, LEADER, card) and "派→市政中心" in captions(world.card(LEADER, "派→"))
    assert "本件已不在贵单位" in world.said(UNIT)[-1]


async def test_taken_back_it_is_what_it_was_before(world: World) -> None:
    await referred(world)
    await world.press(CHEN, HUB, "联动处置")
    await world.says(CHEN, HUB, "明天下午3点，区政府302", reply_to=world.last(HUB))
    await world.press(CHEN, HUB, "发出邀请")
    await world.forward(timedelta(minutes=1))
    await world.press(LEADER, LEADER, "派→市政中心")
    assert await _way(world) == ("reverse", True)
    await world.press(LEADER, LEADER, "撤销")
    assert await _way(world) == ("joint", False), "people meet about it as before"


async def _way(world: World) -> tuple[str, bool]:
    async with world.app.store.read() as uow:
        [ticket] = await uow.tickets.listed(limit=5)
    return str(ticket.mode), ticket.ordered_by is not None


async def test_a_sentence_that_was_not_passed_on_goes_out_with_no_other_press(world: World) -> None:
    await referred(world)
    await world.says(LEADER, LEADER, "请公安牵头，三日内办好")
    shown = world.card(LEADER, "转达")
    await world.press(LEADER, LEADER, "派→市政中心")
    assert "公安" not in world.card(UNIT, "签收").text and captions(shown) == []
    assert "没有转达，这件已另行定了" in now_reads(world, LEADER, shown)
    await world.press(LEADER, LEADER, "撤销")
    await world.says(LEADER, LEADER, "请公安牵头，三日内办好")
    shown = world.card(LEADER, "转达")
    await world.press(LEADER, LEADER, "转达", shown)
    assert "已转达" in now_reads(world, LEADER, shown) and captions(shown) == ["撤销（30秒内）"]
    await world.press(LEADER, LEADER, "撤销", shown)
    assert "这样转达？" in now_reads(world, LEADER, shown) and captions(shown) == ["转达", "重说"]


async def test_tomorrow_in_a_sentence_is_the_day_after_it_was_said(world: World) -> None:
    await referred(world)
    await world.says(LEADER, LEADER, "明天下午3点请公安一起在区政府302开个协调会")
    await world.forward(timedelta(days=1))
    shown = world.card(LEADER, "转达")
    await world.press(LEADER, LEADER, "转达", shown)
    assert "今天 15:00" in world.card(POLICE, "派代表").text


async def test_with_a_meeting_that_the_hub_runs(world: World) -> None:
    code = await referred(world)
    await world.says(
        LEADER, LEADER, "明天下午3点请公安一起在区政府302开个协调会", reply_to=world.card(LEADER, "直接回一句")
    )
    assert "明天 15:00 开会，请 公安分局 参加" in world.card(LEADER, "转达").text
    await world.press(LEADER, LEADER, "转达")
    assert "明天 15:00" in world.card(POLICE, "派代表").text and code in world.card(POLICE, "派代表").text
    assert "已邀请" in world.card(HUB, "发纪要").text
    assert any("吴区长 请您召集会议" in text for text in world.said(HUB))
    await world.press(QIAN, POLICE, "参加")
    assert "参加：公安分局" in world.card(HUB, "发纪要").text


async def test_not_needed_and_not_decided(world: World) -> None:
    code = await referred(world)
    await world.forward(timedelta(days=1, hours=8))
    assert any("还在等您定" in text and code in text for text in world.said(LEADER))
    await world.forward(timedelta(days=2))
    assert any("已转中枢办" in text for text in world.said(OFFICER))
    assert "已转中枢办" in "".join(world.said(LEADER))
    assert code in world.card(HUB, "派单→市政中心").text
    await world.says(OFFICER, STREET, f"报区领导 {code} 请领导看看")
    await world.press(LEADER, LEADER, "按常规办")
    assert any("按常规办" in text for text in world.said(OFFICER))


async def test_a_delegate_acts_for_the_leader_and_it_says_so(world: World) -> None:
    leaders = (StreetLeader("吴区长", "副区长", frozenset({"JL01"}), ("钱警官",)),)
    world.app.district.choose(leaders=leaders, referrals=ReferralRules(verifier=OrderVerifier.STREET))
    from bot.application.people.binding import issue_code
    from bot.application.records import CodeKind

    async with world.app.store.begin() as uow:
        code = await issue_code(uow, world.app.district(), CodeKind.PERSON, "delegate", "hub", now=world.now)
        await uow.commit()
    await world.says(QIAN, QIAN, f"/join {code.code}")
    number = await referred(world)
    await world.press(QIAN, QIAN, "派→市政中心")
    assert any("吴区长（经办人代） 交办" in text for text in world.said(HUB))
    await world.press(WANG, UNIT, "签收")
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=world.card(UNIT, "回告"))
    await world.press(WANG, UNIT, "发送回告")
    assert any("向您回报" in text and number in text for text in world.said(LEADER)), "where the street verifies"
    assert world.card(LI, "基本满意")


async def test_the_hub_may_be_quicker(world: World) -> None:
    await referred(world)
    await world.press(CHEN, HUB, "派单→市政中心")
    assert "转中枢办" in "".join(world.said(LEADER))
    assert "区领导交办" not in world.card(UNIT, "签收").text


async def test_the_leaders_digest_brings_it_up_again_with_the_proposal(world: World) -> None:
    world.app.district.choose(referrals=ReferralRules(leader_limit="3工作日"))
    code = await referred(world, "建议公安分局牵头")
    await world.app.advance(datetime(2026, 11, 24, 1, 0, tzinfo=UTC))
    digest = world.last(LEADER)
    assert "今天请您定 1 件" in digest.text and "建议“建议公安分局牵头”" in digest.text and code[-4:] in digest.text
    assert captions(digest) == [f"同意→公安分局 {code[-4:]}", f"开协调会 {code[-4:]}", f"直接回一句 {code[-4:]}"]
    await world.press(LEADER, LEADER, "同意→公安分局", digest)
    assert code in world.card(POLICE, "签收").text
