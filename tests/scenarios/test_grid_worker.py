"""Item 6, the grid worker: one sentence becomes a card, `上报` to any message, pictures, voice, errors, silence."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from nlu.types import Decision, Interpreter
from tests.scenarios.scripted import Scripted, reading
from tests.scenarios.stories import now_reads
from tests.support.world import (
    COMMUNITY,
    HUB,
    LI,
    POLICE,
    RESIDENT,
    STREET,
    UNIT,
    WANG,
    ZHAO,
    World,
    captions,
    open_world,
)

LAMP = "路灯不亮了，柳荫路12号门口一片黑"
UNSURE = "巷子里那个东西倒了半边"
MAYBE = "门口那堆东西好像没人管"
PLACELESS = "路灯坏了，晚上一片黑"
SCRIPT = {
    PLACELESS: reading(PLACELESS, "SZ-04", "ZF-02", "JT-06"),
    UNSURE: reading(UNSURE, "SR-07", "YL-01", "SZ-06", decision=Decision.CLARIFY),
    MAYBE: reading(MAYBE, "SR-01", "SR-07", "SR-02", confidence=0.6),
}


@pytest.fixture
async def world(tmp_path: Path, interpreter: Interpreter) -> AsyncIterator[World]:
    async with open_world(tmp_path, Scripted(interpreter, SCRIPT)) as opened:
        yield opened


def count(world: World, chat: int) -> int:
    return len(world.play.said_by_bot(chat))


async def test_the_card_says_item_clause_unit_limits_place_and_what_the_street_does_first(world: World) -> None:
    await world.says(LI, STREET, "柳荫路人行道上有人占道摆摊卖水果，挡路")
    card = world.last(STREET)
    for words in ("李网格", "流动摊贩占道经营", "SR-04", "柳荫路", "综合", "签收", "处置", "街道先做"):
        assert words in card.text
    shown = captions(card)
    assert "街道自办" in shown[0], "street first: keeping it is the first button"
    for words in ("确认上报", "换一项", "补充地点", "不是上报"):
        assert any(words in caption for caption in shown)


async def test_two_alternatives_and_none_of_these_go_to_the_hub(world: World) -> None:
    before = count(world, UNIT)
    await world.says(LI, STREET, LAMP)
    assert await world.press(LI, STREET, "换一项") == "请选一项"
    shown = captions(world.last(STREET))
    assert shown[0] == "路灯不亮或缺失" and len(shown) == 5 and shown[3] == "都不是，交中枢研判"
    await world.press(LI, STREET, shown[1])
    assert shown[1] in world.last(STREET).text
    await world.press(LI, STREET, "换一项")
    await world.press(LI, STREET, "都不是，交中枢研判")
    assert "已交中枢研判" in world.last(STREET).text
    assert "请研判派单" in world.last(HUB).text
    assert count(world, UNIT) == before, "no unit is told before the hub has judged"


async def test_an_unsure_draft_asks_which_of_three_it_is(world: World) -> None:
    await world.says(LI, STREET, UNSURE)
    card = world.last(STREET)
    assert "是哪一件" in card.text
    assert len([c for c in captions(card) if c not in {"都不是，交中枢研判", "不是上报"}]) >= 3
    assert "都不是，交中枢研判" in captions(card)


async def test_a_place_is_added_by_the_next_words_and_by_a_location(world: World) -> None:
    await world.says(LI, STREET, PLACELESS)
    assert "还没写地点" in world.last(STREET).text
    await world.press(LI, STREET, "补充地点")
    await world.says(LI, STREET, "柳荫路45号门口")
    assert "柳荫路45号门口" in world.card(STREET, "确认上报").text
    await world.play.location(LI, STREET, 30.65, 104.06)
    await world.settle()
    assert "30.65000" in world.card(STREET, "确认上报").text


async def test_report_in_reply_to_anothers_words(world: World) -> None:
    said = await world.says(RESIDENT, STREET, "那个井盖晃得很哦，骑车硌一下")
    before = count(world, STREET)
    await world.says(LI, STREET, "上报", reply_to=said)
    card = world.last(STREET)
    assert count(world, STREET) == before + 1 or "不是上报" in captions(card)
    assert any("不是上报" in caption for caption in captions(card))
    assert card.posting.reply_to == said.message_id


async def test_report_in_reply_to_a_photo_an_album_and_a_forwarded_message(world: World) -> None:
    photo = await world.play.photo(RESIDENT, STREET, "井盖")
    await world.settle()
    await world.says(LI, STREET, "上报", reply_to=photo)
    assert any("不是上报" in caption for caption in captions(world.last(STREET)))
    await world.press(LI, STREET, "不是上报")
    album = await world.play.album(RESIDENT, STREET, ["路灯", "井盖"])
    await world.settle()
    await world.says(LI, STREET, "上报", reply_to=album[0])
    draft = world.last(STREET)
    await world.press(LI, STREET, "都不是，交中枢研判")
    assert draft.message_id == world.last(STREET).message_id
    async with world.app.store.read() as uow:
        ticket = (await uow.tickets.of_person((await uow.people.by_telegram_id(LI)).id, limit=1))[0]  # type: ignore[union-attr]
        from bot.application.telling import ticket_subject

        assert len(await uow.attachments.of(ticket_subject(ticket.id))) == 2, "the whole album belongs to it"
    said = await world.says(LI, STREET, "哪个去看一下嘛")
    forwarded = await world.play.forward(RESIDENT, STREET, (STREET, said.message_id))
    await world.settle()
    await world.says(LI, STREET, "上报", reply_to=forwarded)
    assert any("不是上报" in caption for caption in captions(world.last(STREET)))


async def test_words_after_a_bare_picture_say_what_it_is(world: World) -> None:
    for reply in (False, True):
        photo = await world.play.photo(RESIDENT, STREET, "井盖")
        await world.settle()
        await world.says(LI, STREET, "上报", reply_to=photo)
        bare = world.last(STREET)
        assert "写一句" in bare.text and "确认上报" not in "".join(captions(bare))
        before = count(world, STREET)
        await world.says(LI, STREET, "柳荫路45号门口井盖没了", reply_to=bare if reply else None)
        card = world.card(STREET, "确认上报")
        assert card.message_id == bare.message_id and count(world, STREET) == before
        assert "SZ-03" in card.text and "柳荫路45号" in card.text and "🖼1" in card.text
        await world.press(LI, STREET, "不是上报", card)
        await world.forward(timedelta(minutes=40))


async def test_a_second_matter_is_not_taken_for_the_place_of_the_first(world: World) -> None:
    await world.says(LI, STREET, "路灯不亮了，晚上一片黑")
    first = world.last(STREET)
    assert "还没写地点" in first.text
    await world.says(LI, STREET, "柳荫路45号门口井盖没了")
    assert "SZ-03" in world.last(STREET).text and "还没写地点" in now_reads(world, STREET, first)


@pytest.mark.parametrize("place", ["书塾巷12号门口", "柳荫路12号", "在柳荫公园北门"])
async def test_a_place_by_itself_joins_the_draft_before_it(world: World, place: str) -> None:
    await world.says(LI, STREET, "路灯不亮了，晚上一片黑")
    first = world.last(STREET)
    await world.says(LI, STREET, place)
    assert world.last(STREET).message_id == first.message_id and f"📍{place}" in now_reads(world, STREET, first)


async def test_a_photo_alone_joins_the_authors_next_words_once(world: World) -> None:
    before = count(world, STREET)
    await world.play.photo(LI, STREET, "路灯")
    await world.settle()
    assert count(world, STREET) == before, "a photo alone meets silence in a group"
    await world.says(LI, STREET, LAMP)
    assert "🖼1" in world.last(STREET).text
    await world.press(LI, STREET, "确认上报")
    await world.says(LI, STREET, "柳荫路45号门口井盖没了，老人差点踩空")
    assert "🖼" not in world.card(STREET, "确认上报").text, "the picture is used once only"


async def test_albums_pictures_words_and_places_belong_to_their_draft(world: World) -> None:
    before = count(world, STREET)
    album = await world.play.album(LI, STREET, ["路灯", "井盖"], LAMP)
    await world.settle()
    assert "🖼2" in world.last(STREET).text
    group = album[0].posting.media_group
    await world.play.photo(LI, STREET, "垃圾", media_group=group)
    await world.settle()
    assert "🖼3" in world.last(STREET).text
    await world.play.photo(LI, STREET, "积水")
    await world.settle()
    card = world.last(STREET)
    assert "🖼4" in card.text and count(world, STREET) == before + 1
    await world.forward(timedelta(seconds=100))
    await world.play.photo(LI, STREET, "垃圾")
    await world.settle()
    assert "🖼4" in world.card(STREET, "确认上报").text, "after 90 seconds it waits for words of its own"


async def test_an_edit_before_dispatch_is_read_again_and_after_it_is_an_addendum(world: World) -> None:
    before = count(world, STREET)
    said = await world.says(LI, STREET, LAMP)
    await world.play.edit(LI, STREET, said.message_id, "柳荫路45号门口井盖没了，老人差点踩空")
    await world.settle()
    card = world.last(STREET)
    assert "SZ-03" in card.text and "柳荫路45号" in card.text and count(world, STREET) == before + 1
    await world.press(LI, STREET, "确认上报")
    for _ in range(2):
        await world.play.edit(LI, STREET, said.message_id, "柳荫路45号门口井盖没了，旁边还裂了一圈")
        await world.settle()
    call = world.card(UNIT, "签收").text
    assert call.count("旁边还裂了一圈") == 1 and "老人差点踩空" in call


async def test_an_edit_that_makes_a_report_of_chatter_opens_a_draft(world: World) -> None:
    before = count(world, STREET)
    said = await world.says(LI, STREET, "今天中午吃啥子")
    assert count(world, STREET) == before
    await world.play.edit(LI, STREET, said.message_id, LAMP)
    await world.settle()
    card = world.last(STREET)
    assert "SZ-04" in card.text and card.posting.reply_to == said.message_id
    await world.press(LI, STREET, "不是上报", card)
    await world.play.edit(LI, STREET, said.message_id, LAMP)
    await world.settle()
    assert count(world, STREET) == before, "an invisible edit brings nothing back"
    await world.play.edit(LI, STREET, said.message_id, "柳荫路45号门口井盖没了，老人差点踩空")
    await world.settle()
    assert "SZ-03" in world.last(STREET).text
    joined = await world.says(LI, STREET, "灯杆也歪了", reply_to=world.last(STREET))
    await world.play.edit(LI, STREET, joined.message_id, "灯杆也歪了，快倒了")
    await world.settle()
    await world.press(LI, STREET, "确认上报")
    call = world.card(UNIT, "签收").text
    assert "井盖没了" in call and "快倒了" in call, "an edited addition takes nothing away"


async def test_the_same_author_or_picture_in_several_groups_is_one_draft(world: World) -> None:
    before = count(world, COMMUNITY)
    await world.says(LI, STREET, LAMP)
    await world.says(LI, COMMUNITY, LAMP)
    assert count(world, COMMUNITY) == before
    await world.press(LI, STREET, "确认上报")
    await world.says(LI, COMMUNITY, LAMP)
    assert count(world, COMMUNITY) == before, "also when the first is a ticket by now"
    await world.play.photo(LI, STREET, "井盖", "柳荫路45号门口井盖没了，老人差点踩空")
    await world.settle()
    await world.play.photo(ZHAO, COMMUNITY, "井盖", "柳荫路45号井盖不见了，快来看看")
    await world.settle()
    assert count(world, COMMUNITY) == before, "the same picture is the same matter"
    await world.forward(timedelta(minutes=31))
    await world.says(LI, COMMUNITY, "柳荫路45号门口井盖没了，老人差点踩空")
    assert count(world, COMMUNITY) == before + 1


async def test_not_a_report_deletes_the_card_and_three_in_a_day_switch_to_private(world: World) -> None:
    for place in ("12", "14", "16"):
        await world.says(LI, STREET, f"路灯不亮了，柳荫路{place}号门口一片黑")
        assert "确认上报" in captions(world.last(STREET))[0]
        await world.press(LI, STREET, "不是上报")
        assert count(world, STREET) == 0, "the card is gone"
    await world.says(LI, STREET, LAMP)
    assert count(world, STREET) == 0 and "SZ-04" in world.last(LI).text
    await world.press(LI, LI, "确认上报")
    assert "JL-20261123-0001" in world.last(LI).text and world.card(UNIT, "签收")
    await world.forward(timedelta(days=1))
    before = count(world, STREET)
    await world.says(ZHAO, STREET, "澜桥东街路灯坏了三盏，晚上一片黑")
    assert count(world, STREET) == before + 1, "tomorrow it speaks in the group again"


async def test_between_the_thresholds_the_author_is_asked_in_private(world: World) -> None:
    await world.says(LI, STREET, MAYBE)
    assert count(world, STREET) == 0
    assert "是要上报吗" in world.last(LI).text
    await world.press(LI, LI, "是，要上报")
    assert "SR-01" in world.last(LI).text
    await world.press(LI, LI, "确认上报")
    assert world.card(LI, "撤回")
    await world.says(RESIDENT, STREET, MAYBE)
    asked = world.last(STREET)
    assert "是要上报吗" in asked.text and asked.posting.silent, "never wrote in private: a silent reply in the group"


async def test_mute_keeps_silence_but_answers_what_is_asked(world: World) -> None:
    await world.says(LI, STREET, "静音 2小时")
    assert "2 小时" in world.last(STREET).text
    before = count(world, STREET)
    await world.says(LI, STREET, LAMP)
    assert count(world, STREET) == before
    await world.says(LI, STREET, "/report 路灯不亮了，柳荫路12号门口一片黑")
    assert "SZ-04" in world.last(STREET).text
    await world.forward(timedelta(hours=2, minutes=1))
    before = count(world, STREET)
    await world.says(LI, STREET, "柳荫路45号门口井盖没了，老人差点踩空")
    assert count(world, STREET) == before + 1


async def test_report_and_mention_work_under_privacy_mode(world: World) -> None:
    world.play.rules = world.play.rules.changed({"privacy_mode": True})
    await world.play.promote(STREET, admin=False)
    await world.settle()
    before = count(world, STREET)
    said = await world.says(LI, STREET, LAMP)
    assert count(world, STREET) == before
    await world.says(LI, STREET, f"/report@{world.play.bot.username} {LAMP}")
    assert "SZ-04" in world.last(STREET).text and count(world, STREET) == before + 1
    await world.press(LI, STREET, "不是上报")
    await world.says(LI, STREET, f"@{world.play.bot.username} 柳荫路45号门口井盖没了，老人差点踩空")
    assert "SZ-03" in world.last(STREET).text
    await world.says(LI, STREET, "/report", reply_to=said)
    assert "SZ-04" in world.last(STREET).text


async def test_kept_in_the_street_done_and_evaluated(world: World) -> None:
    units = [UNIT, POLICE]
    before = [count(world, chat) for chat in units]
    await world.says(LI, STREET, "柳荫路12号门口垃圾成堆没人清，很臭")
    assert "JL-20261123-0001" in await world.press(LI, STREET, "街道自办")
    card = world.last(STREET)
    assert "街道自办" in card.text and "前处置" in card.text
    await world.press(LI, STREET, "已办好")
    assert "街道自办" in world.card(LI, "基本满意").text or "望澜街道" in world.card(LI, "基本满意").text
    await world.press(LI, LI, "满意")
    assert "已结案" in world.last(STREET).text or any("已结案" in text for text in world.said(STREET))
    assert [count(world, chat) for chat in units] == before, "no department was told"


async def test_kept_and_then_called_with_its_history(world: World) -> None:
    await world.says(LI, STREET, LAMP)
    await world.press(LI, STREET, "街道自办")
    code = "JL-20261123-0001"
    await world.says(LI, STREET, "灯杆也歪了", reply_to=world.last(STREET))
    await world.press(LI, STREET, "转呼叫")
    call = world.card(UNIT, "签收")
    assert code in call.text and "柳荫路12号" in call.text
    await world.press(WANG, UNIT, "签收")
    assert any("王联络" in text for text in world.said(STREET))


async def test_a_draft_that_nobody_confirms(world: World) -> None:
    await world.says(LI, COMMUNITY, LAMP)
    before = count(world, LI)
    await world.forward(timedelta(minutes=31))
    assert count(world, LI) == before + 1 and "还没确认" in world.last(LI).text
    await world.forward(timedelta(hours=9))
    listed = [text for text in world.said(COMMUNITY) if "没确认" in text]
    assert len(listed) == 1 and "路灯不亮" in listed[0]
    await world.forward(timedelta(hours=18))
    assert any("已过期" in text for text in world.said(COMMUNITY))
    async with world.app.store.read() as uow:
        assert await uow.settings.get("expired-drafts:JL0101:2026-11-24") == 1
