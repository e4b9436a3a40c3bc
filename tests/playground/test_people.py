"""The people's side: over HTTP as the page uses it, and as methods where that says more."""

from __future__ import annotations

import asyncio
import base64
import json

import httpx
import pytest

from bot.playground.samples import NAMES, picture
from bot.playground.server import Picture, PlaygroundError
from tests.playground.conftest import CHEN, LI, STREET, UNIT, WANG, Town, sent_file


async def post(town: Town, action: str, **body: object) -> dict:
    answer = await town.people.post(f"/play/{action}", json={"as": LI, "chat": STREET} | body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def transcript(town: Town, chat: int = STREET) -> list[dict]:
    return (await town.people.get(f"/play/chat/{chat}")).json()["messages"]


async def test_writes_and_reads(town: Town) -> None:
    first = (await post(town, "send", text="井盖没了"))["message_ids"][0]
    (second,) = (await post(town, "send", text="快来", reply_to=first, **{"as": WANG}))["message_ids"]
    messages = await transcript(town)
    assert [(each["id"], each["text"], each["from"]["name"]) for each in messages] == [
        (first, "井盖没了", "李桂芳"),
        (second, "快来", "王建国"),
    ]
    assert messages[1]["reply_to"] == {
        "id": first,
        "name": "李桂芳",
        "text": "井盖没了",
        "kind": "text",
        "deleted": False,
    }
    update = (await town.bot.updates())[1]["message"]
    assert update["reply_to_message"]["message_id"] == first
    assert update["from"]["language_code"] == "zh-hans"


async def test_sees_cards_as_rows_of_captions(town: Town) -> None:
    markup = {
        "inline_keyboard": [
            [{"text": "签收", "callback_data": "s"}, {"text": "退回", "callback_data": "r"}],
            [{"text": "看", "url": "https://e.x"}],
        ]
    }
    await town.bot(
        "sendMessage",
        chat_id=STREET,
        text="<b>单</b>",
        parse_mode="HTML",
        reply_markup=markup,
        disable_notification=True,
    )
    (card,) = await transcript(town)
    assert card["buttons"] == [["签收", "退回"], ["看"]]
    assert card["links"] == [[None, None], ["https://e.x"]]
    assert (card["silent"], card["edited"], card["from"]["is_bot"]) == (True, False, True)


async def test_presses(town: Town) -> None:
    markup = {"inline_keyboard": [[{"text": "✅ 签收", "callback_data": "s"}]]}
    sent = await town.bot("sendMessage", chat_id=UNIT, text="单", reply_markup=markup)
    body = {"as": CHEN, "chat": UNIT, "message_id": sent["message_id"], "button": "签收"}
    pressing = asyncio.create_task(post(town, "press", **body))
    query = await town.bot.next("callback_query")
    await town.bot("answerCallbackQuery", callback_query_id=query["id"], text="好")
    assert await pressing == {"text": "好", "alert": False, "answered": True, "url": ""}
    answer = await town.people.post("/play/press", json=body | {"button": 4})
    assert answer.status_code == 400
    assert "has no button 4" in answer.json()["error"]


async def test_sends_pictures_albums_voices_files_places(town: Town) -> None:
    encoded = base64.b64encode(picture("井盖")).decode()
    await post(town, "send", photo="井盖", caption="看")
    await post(town, "send", photo=f"data:image/png;base64,{encoded}")
    album = await post(town, "send", photos=["井盖", {"content": encoded, "name": "b.png"}], caption="两张")
    await post(town, "send", voice=7)
    await post(town, "send", document={"content": encoded, "name": "表.xlsx"})
    await post(town, "send", location={"latitude": 30.5, "longitude": 104.5})
    messages = [each["message"] for each in await town.bot.updates()]
    assert [each.get("caption") for each in messages[:4]] == ["看", None, "两张", None]
    assert len(album["message_ids"]) == 2
    assert messages[2]["media_group_id"] == messages[3]["media_group_id"]
    assert messages[4]["voice"]["duration"] == 7
    assert messages[5]["document"]["file_name"] == "表.xlsx"
    assert messages[6]["location"]["longitude"] == 104.5
    (first, *_) = await transcript(town)
    shown = await town.people.get(first["media"]["url"])
    assert (shown.content, shown.headers["content-type"]) == (picture("井盖"), "image/png")
    late = await post(town, "send", photo="路灯", media_group=messages[2]["media_group_id"])
    assert (await town.bot.next("message"))["media_group_id"] == messages[2]["media_group_id"]
    assert late["message_ids"]


async def test_never_shows_an_uploaded_page(town: Town) -> None:
    page = base64.b64encode(b"<script>alert(1)</script>").decode()
    await post(town, "send", document={"content": page, "name": "a.html"})
    (message,) = await transcript(town)
    shown = await town.people.get(message["media"]["url"])
    assert shown.headers["content-type"] == "application/octet-stream"
    assert shown.headers["x-content-type-options"] == "nosniff"


async def test_forwards_edits_reacts_erases(town: Town) -> None:
    original = await town.play.say(WANG, STREET, "请各网格注意")
    source = {"chat": STREET, "message_id": original.message_id}
    (copy,) = (await post(town, "send", chat=LI, forward_from=source))["message_ids"]
    forwarded = (await town.bot.updates())[1]["message"]
    assert forwarded["forward_origin"]["sender_user"]["id"] == WANG
    assert (await transcript(town, LI))[0]["forwarded_from"] == "王建国"
    await town.play.edit(WANG, STREET, original.message_id, "请各网格注意防汛")
    edited = await town.bot.next("edited_message")
    assert edited["text"] == "请各网格注意防汛" and edited["edit_date"] >= edited["date"]
    await post(town, "react", message_id=original.message_id, emoji="👍")
    assert (await transcript(town))[0]["reactions"] == [{"by": "李桂芳", "emoji": "👍"}]
    refused = await town.people.post(
        "/play/edit", json={"as": LI, "chat": STREET, "message_id": original.message_id, "text": "x"}
    )
    assert refused.status_code == 400
    await post(town, "erase", chat=LI, message_id=copy)
    assert (await transcript(town, LI))[0]["deleted"] is True
    assert town.play.messages(LI) == []


async def test_moves_people_and_the_bot(town: Town) -> None:
    await post(town, "leave", **{"as": WANG})
    assert WANG not in (await town.people.get(f"/play/chat/{STREET}")).json()["members"]
    refused = await town.people.post("/play/send", json={"as": WANG, "chat": STREET, "text": "x"})
    assert refused.json() == {"error": "王建国 is not in 望澜街道工作群"}
    await post(town, "add", user=CHEN)
    await post(town, "promote", user=CHEN, admin=True)
    assert (await town.bot("getChatMember", chat_id=STREET, user_id=CHEN))["status"] == "administrator"
    await post(town, "kick")
    await post(town, "add", admin=False)
    assert (await town.people.get(f"/play/chat/{STREET}")).json()["bot"] == "member"
    await post(town, "block")
    assert (await town.people.get("/play/users")).json()[1]["blocked"] is True
    await post(town, "block", blocked=False)
    moved = (await post(town, "migrate"))["chat"]
    assert {each["id"]: each["migrated_to"] for each in (await town.people.get("/play/chats")).json()}[STREET] == moved


async def test_switches_rules_and_faults(town: Town) -> None:
    answer = await town.people.post("/play/rules", json={"privacy_mode": True})
    assert answer.json()["privacy_mode"] is True
    assert (await town.people.get("/play/state")).json()["rules"]["privacy_mode"] is True
    assert (await town.people.post("/play/rules", json={"x": True})).status_code == 400
    assert (await post(town, "offline", offline=True)) == {"offline": True}
    assert (await town.bot.refused("getMe"))[0] == 502
    await post(town, "offline", offline=False)
    await post(town, "faults", fail="getMe", status=503, times=1)
    assert (await town.bot.refused("getMe"))[0] == 503
    await post(town, "faults", hang="*", seconds=0.01)
    await post(town, "faults", only=["getChat"])
    assert (await town.bot.refused("getMe"))[0] == 500
    await post(town, "faults", clear=True)
    await town.bot("getMe")


async def test_moves_the_clock(town: Town) -> None:
    assert (await town.people.get("/play/clock")).json() == {"now": "2026-11-23T01:00:00+00:00"}
    moved = await town.people.post("/play/clock", json={"seconds": 600})
    assert moved.json() == {"now": "2026-11-23T01:10:00+00:00"}
    await town.people.post("/play/clock", json={"to": "next_due"})
    assert town.clock.asked == [(600.0, None), (None, "next_due")]
    for wrong in ({}, {"to": "yesterday"}, {"seconds": -1}, {"seconds": 1, "to": "next_due"}):
        assert (await town.people.post("/play/clock", json=wrong)).status_code == 400


async def test_tells_what_the_page_needs(town: Town) -> None:
    assert (await town.people.get("/healthz")).json()["ok"] is True
    assert (await town.people.get("/play/hints")).json() == town.play.hints
    state = (await town.people.get("/play/state")).json()
    assert (state["bot"]["username"], state["samples"]) == ("jiehu_demo_bot", list(NAMES))
    assert {each["title"] for each in (await town.people.get("/play/chats")).json()} == {
        "望澜街道工作群",
        "市政中心工作群",
    }
    assert (await town.people.get("/play/chat/999")).status_code == 404
    assert (await town.people.get("/play/chat/x")).status_code == 404
    for path in ("/", "/static/app.js", "/static/style.css", "/static/icon.svg"):
        answer = await town.people.get(path)
        assert answer.status_code == 200
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert (await town.people.get("/static/../server.py")).status_code == 404
    assert (await town.people.get("/play/sample/井盖")).content == picture("井盖")


@pytest.mark.parametrize(
    "body",
    [
        {"chat": STREET, "text": "x"},
        {"as": 777, "chat": STREET, "text": "x"},
        {"as": LI, "chat": -7, "text": "x"},
        {"as": LI, "chat": STREET, "text": " "},
        {"as": LI, "chat": STREET, "text": "字" * 4097},
        {"as": LI, "chat": STREET, "text": "x", "reply_to": 99},
        {"as": LI, "chat": STREET, "photo": "no base64!"},
        {"as": LI, "chat": STREET, "location": {"latitude": 1}},
        {"as": LI, "chat": STREET, "forward_from": "nonsense"},
        [],
    ],
)
async def test_refuses_in_a_sentence(town: Town, body: object) -> None:
    answer = await town.people.post("/play/send", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert await town.bot("getUpdates") == []


async def test_streams_everything(town: Town, address: str) -> None:
    events: list[dict] = []
    async with httpx.AsyncClient(base_url=address, timeout=5) as http, http.stream("GET", "/play/stream") as stream:
        lines = stream.aiter_lines()

        async def read(kind: str) -> dict:
            async for line in lines:
                if line.startswith("data: "):
                    events.append(json.loads(line.removeprefix("data: ")))
                    if events[-1]["type"] == kind:
                        return events[-1]
            raise AssertionError(f"no {kind} in {events}")

        await read("hello")
        said = await town.play.say(LI, STREET, "<b>井盖</b>")
        assert (await read("message"))["message"]["text"] == "<b>井盖</b>"
        await town.play.edit(LI, STREET, said.message_id, "改")
        assert (await read("edit"))["message"]["edited"] is True
        await town.bot("sendChatAction", chat_id=STREET, action="typing")
        await read("typing")
        await town.play.react(LI, STREET, said.message_id, "👍")
        await read("reaction")
        await town.play.erase(LI, STREET, said.message_id)
        assert (await read("delete"))["message"]["deleted"] is True
        await town.people.post("/play/clock", json={"seconds": 60})
        await read("clock")
        town.play.offline(False)
        await read("rules")
        await town.play.join(CHEN, STREET)
        await read("chats")
    numbers = [each["message"]["id"] for each in events if each["type"] == "message"]
    assert numbers == sorted(numbers)


async def test_waits_for_the_bot(town: Town) -> None:
    waiting = asyncio.create_task(town.play.wait_for(STREET, "签收", timeout=5))
    await asyncio.sleep(0.02)
    await town.bot("sendMessage", chat_id=STREET, text="请签收")
    found = await waiting
    assert found.text == "请签收"
    with pytest.raises(TimeoutError, match="请签收"):
        await town.play.wait_for(STREET, "签收", timeout=0.05, after=found.message_id)
    await town.play.say(LI, STREET, "x")
    with pytest.raises(TimeoutError):
        await town.play.drained(timeout=0.1)


def test_refuses_a_second_of_the_same(town: Town) -> None:
    for attempt in (
        lambda: town.play.add_user(LI, "x"),
        lambda: town.play.add_chat(STREET, "x", [LI]),
        lambda: town.play.add_chat(5, "x", [LI]),
        lambda: town.play.add_chat(-5, "x", [777]),
    ):
        with pytest.raises(PlaygroundError):
            attempt()


async def test_message_ids_can_start_higher(town: Town) -> None:
    town.play.start_message_ids_at(5000)
    assert (await town.play.say(LI, STREET, "x")).message_id == 5000
    assert (await town.play.say(LI, LI, "x")).message_id == 5000


async def test_same_bytes_are_two_files_but_a_forward_is_one(town: Town) -> None:
    content = Picture(picture("井盖"), "a.png", "image/png")
    first = await town.play.photo(LI, STREET, content)
    second = await town.play.photo(LI, STREET, content)
    copy = await town.play.forward(LI, LI, (STREET, first.message_id))
    ids = [sent_file(each).unique_id for each in (first, second, copy)]
    assert ids[0] != ids[1] and ids[0] == ids[2]
