"""The methods of the Bot API one by one; their answers are checked by the fixture as well."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.playground.methods import METHODS
from bot.playground.samples import picture
from bot.playground.server import Picture
from tests.playground.conftest import CHEN, LI, STREET, UNIT, WANG, Town, sent_file


async def test_says_who_it_is(town: Town) -> None:
    me = await town.bot("getMe")
    assert (me["id"], me["username"], me["is_bot"]) == (1000, "jiehu_demo_bot", True)


async def test_refuses_other_tokens_and_methods(town: Town) -> None:
    for path, code in (("/bot1000:wrong/getMe", 401), ("/botnonsense/getMe", 404)):
        answer = await town.people.get(path)
        assert (answer.status_code, answer.json()["error_code"]) == (code, code)
    unknown = await town.people.get("/bot1000:playground/sendPoll")
    assert unknown.status_code == 404
    assert unknown.json() == {"ok": False, "error_code": 404, "description": "Not Found: method not found"}


async def test_knows_the_promised_methods() -> None:
    promised = (
        "getMe getUpdates setWebhook deleteWebhook getWebhookInfo sendMessage sendPhoto sendDocument sendMediaGroup "
        "sendLocation sendChatAction editMessageText editMessageCaption editMessageReplyMarkup deleteMessage "
        "answerCallbackQuery setMessageReaction getFile getChat getChatMember getChatAdministrators setMyCommands "
        "getMyCommands sendVoice"
    )
    assert set(METHODS) == {name.lower() for name in promised.split()}


@pytest.mark.parametrize("way", ["query", "form", "multipart", "json"])
async def test_takes_every_encoding(town: Town, way: str) -> None:
    values = {
        "chat_id": str(STREET),
        "text": "好 + 的",
        "reply_markup": '{"inline_keyboard":[[{"text":"a","url":"t.me"}]]}',
    }
    path = "/bot1000:playground/sendMessage"
    if way == "query":
        answer = await town.people.get(path, params=values)
    elif way == "json":
        answer = await town.people.post(path, json=values)
    elif way == "form":
        answer = await town.people.post(path, data=values)
    else:
        answer = await town.people.post(path, files={name: (None, value) for name, value in values.items()})
    assert answer.json()["result"]["text"] == "好 + 的"
    assert town.play.messages(STREET)[0].buttons == [["a"]]


async def test_refuses_broken_json(town: Town) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await town.people.post("/bot1000:playground/sendMessage", content=b"{", headers=headers)
    assert answer.status_code == 400


async def test_sends_html(town: Town) -> None:
    sent = await town.bot("sendMessage", chat_id=STREET, text="  <b>井盖</b> &amp; 路灯\n", parse_mode="HTML")
    assert sent["text"] == "井盖 & 路灯"
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 2}]


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"text": " \n"}, "message text is empty"),
        ({}, "message text is empty"),
        ({"text": "字" * 4097}, "message is too long"),
        ({"text": "<b>" + "字" * 4097 + "</b>", "parse_mode": "HTML"}, "message is too long"),
        ({"text": "<x>", "parse_mode": "HTML"}, 'can\'t parse entities: Unsupported start tag "x" at byte offset 0'),
        ({"text": "a", "parse_mode": "MarkdownV2"}, "unsupported parse_mode"),
        ({"text": "a", "chat_id": -5}, "chat not found"),
        ({"text": "a", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "a", "chat_id": None}, "chat_id is empty"),
        ({"text": "a", "message_thread_id": 5}, "message thread not found"),
        ({"text": "a", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "签", "callback_data": "签" * 22}]]}}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "签", "callback_data": ""}]]}}, "BUTTON_DATA_INVALID"),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "签"}]]}},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
    ],
)  # fmt: skip
async def test_refuses_to_send(town: Town, params: dict[str, object], complaint: str) -> None:
    refusal = await town.bot.refused("sendMessage", **{"chat_id": STREET, **params})
    assert refusal == (400, f"Bad Request: {complaint}")
    assert town.play.messages(STREET) == []


async def test_takes_the_longest(town: Town) -> None:
    markup = {"inline_keyboard": [[{"text": "签收", "callback_data": "x" * 64}]]}
    await town.bot("sendMessage", chat_id=STREET, text="字" * 4096, reply_markup=markup)
    file_id = sent_file(await town.play.photo(LI, STREET)).file_id
    await town.bot("sendPhoto", chat_id=STREET, photo=file_id, caption="字" * 1024)
    refusal = await town.bot.refused("sendPhoto", chat_id=STREET, photo=file_id, caption="字" * 1025)
    assert refusal == (400, "Bad Request: message caption is too long")


async def test_checks_can_be_switched_off(town: Town) -> None:
    town.play.rules = replace(town.play.rules, size_checks=False, html_checks=False)
    sent = await town.bot("sendMessage", chat_id=STREET, text="<x>" + "字" * 5000, parse_mode="HTML")
    assert sent["text"].startswith("<x>")


async def test_answers_a_message(town: Town) -> None:
    question = await town.play.say(LI, STREET, "井盖没了")
    sent = await town.bot(
        "sendMessage", chat_id=STREET, text="收到", reply_parameters={"message_id": question.message_id}
    )
    assert sent["reply_to_message"]["text"] == "井盖没了"
    await town.play.erase(LI, STREET, question.message_id)
    gone = {"message_id": question.message_id}
    assert (await town.bot.refused("sendMessage", chat_id=STREET, text="a", reply_parameters=gone))[0] == 400
    lenient = gone | {"allow_sending_without_reply": True}
    assert "reply_to_message" not in await town.bot("sendMessage", chat_id=STREET, text="a", reply_parameters=lenient)


async def test_edits_text_and_buttons(town: Town) -> None:
    buttons = {"inline_keyboard": [[{"text": "签收", "callback_data": "s"}]]}
    sent = await town.bot("sendMessage", chat_id=STREET, text="甲", reply_markup=buttons)
    where = {"chat_id": STREET, "message_id": sent["message_id"]}
    same = await town.bot.refused("editMessageText", **where, text="甲", reply_markup=buttons)
    assert same[0] == 400 and same[1].startswith("Bad Request: message is not modified: specified new")
    assert (await town.bot.refused("editMessageReplyMarkup", **where, reply_markup=buttons))[0] == 400
    edited = await town.bot("editMessageText", **where, text="乙", link_preview_options={"is_disabled": True})
    assert (edited["text"], "reply_markup" in edited, "edit_date" in edited) == ("乙", False, True)
    shown_as_edited = town.play.said_by_bot(STREET)[0].edited_at
    town.clock.moment += timedelta(minutes=1)
    marked = await town.bot("editMessageReplyMarkup", **where, reply_markup=buttons)
    assert (marked["reply_markup"], marked["edit_date"]) == (buttons, edited["edit_date"] + 60)
    assert town.play.said_by_bot(STREET)[0].edited_at == shown_as_edited
    assert town.play.said_by_bot(STREET)[0].buttons == [["签收"]]


async def test_refuses_to_edit_what_is_not_its_own(town: Town) -> None:
    question = await town.play.say(LI, STREET, "井盖没了")
    where = {"chat_id": STREET, "text": "x"}
    complaints = [
        (await town.bot.refused("editMessageText", **where, message_id=question.message_id))[1],
        (await town.bot.refused("editMessageText", **where, message_id=99))[1],
        (await town.bot.refused("editMessageText", **where))[1],
    ]
    assert complaints == [
        "Bad Request: message can't be edited",
        "Bad Request: message to edit not found",
        "Bad Request: message identifier is not specified",
    ]


async def test_sends_and_edits_pictures(town: Town) -> None:
    files = {"photo": ("a.png", picture("井盖"), "image/png")}
    path = "/bot1000:playground/sendPhoto"
    answer = await town.people.post(path, data={"chat_id": str(STREET), "caption": "现场"}, files=files)
    sent = answer.json()["result"]
    assert (sent["photo"][-1]["width"], sent["caption"]) == (480, "现场")
    where = {"chat_id": STREET, "message_id": sent["message_id"]}
    assert (await town.bot("editMessageCaption", **where, caption="修好"))["caption"] == "修好"
    assert (await town.bot.refused("editMessageText", **where, text="x"))[1].endswith(
        "there is no text in the message to edit"
    )
    text = await town.bot("sendMessage", chat_id=STREET, text="a")
    refusal = await town.bot.refused("editMessageCaption", chat_id=STREET, message_id=text["message_id"], caption="x")
    assert refusal[1].endswith("there is no caption in the message to edit")


async def test_downloads_what_people_sent(town: Town) -> None:
    content = picture("路灯")
    await town.play.photo(LI, STREET, Picture(content, "a.png", "image/png"))
    sizes = (await town.bot.next("message"))["photo"]
    assert sizes[0]["width"] < sizes[-1]["width"]
    found = await town.bot("getFile", file_id=sizes[-1]["file_id"])
    answer = await town.people.get(f"/file/bot1000:playground/{found['file_path']}")
    assert answer.content == content
    assert (await town.people.get(f"/file/botwrong/{found['file_path']}")).status_code == 404
    assert (await town.people.get("/file/bot1000:playground/files/none.png")).status_code == 404
    assert await town.bot.refused("getFile", file_id="none") == (400, "Bad Request: invalid file_id")


async def test_limits_files(town: Town) -> None:
    big = Picture(b"0" * (20 * 1024 * 1024 + 1), "film.bin", "application/octet-stream")
    await town.play.document(LI, STREET, big)
    file_id = (await town.bot.next("message"))["document"]["file_id"]
    assert await town.bot.refused("getFile", file_id=file_id) == (400, "Bad Request: file is too big")
    town.play.rules = replace(town.play.rules, file_limits=False)
    assert (await town.bot("getFile", file_id=file_id))["file_size"] == len(big.content)
    town.play.rules = replace(town.play.rules, file_limits=True)
    path, data = "/bot1000:playground/sendPhoto", {"chat_id": str(STREET)}
    too_big = {"photo": ("a.png", b"0" * (10 * 1024 * 1024 + 1), "image/png")}
    assert (await town.people.post(path, data=data, files=too_big)).status_code == 400
    empty = {"photo": ("a.png", b"", "image/png")}
    assert "non-empty" in (await town.people.post(path, data=data, files=empty)).json()["description"]
    assert (await town.bot.refused("sendPhoto", chat_id=STREET))[1].endswith("there is no photo in the request")
    refusal = await town.bot.refused("sendPhoto", chat_id=STREET, photo="https://e.x/a.png")
    assert refusal[1].endswith("wrong file identifier/HTTP URL specified")


async def test_sends_documents_places_albums(town: Town) -> None:
    files = {"document": ("台账.xlsx", b"PK", "application/zip")}
    path = "/bot1000:playground/sendDocument"
    sent = (await town.people.post(path, data={"chat_id": str(STREET)}, files=files)).json()["result"]
    assert sent["document"]["file_name"] == "台账.xlsx"
    place = await town.bot("sendLocation", chat_id=STREET, latitude=30.5, longitude=104)
    assert place["location"] == {"latitude": 30.5, "longitude": 104.0}
    assert (await town.bot.refused("sendLocation", chat_id=STREET, latitude=100, longitude=0))[0] == 400
    media = '[{"type":"photo","media":"attach://one","caption":"前"},{"type":"photo","media":"attach://two"}]'
    files = {"one": ("1.png", picture("井盖"), "image/png"), "two": ("2.png", picture("修好"), "image/png")}
    path = "/bot1000:playground/sendMediaGroup"
    album = (await town.people.post(path, data={"chat_id": str(STREET), "media": media}, files=files)).json()["result"]
    assert len({each["media_group_id"] for each in album}) == 1
    assert [each.get("caption") for each in album] == ["前", None]
    assert (await town.bot.refused("sendMediaGroup", chat_id=STREET, media=[]))[0] == 400


async def test_deletes(town: Town) -> None:
    own = (await town.bot("sendMessage", chat_id=STREET, text="甲"))["message_id"]
    assert await town.bot("deleteMessage", chat_id=STREET, message_id=own) is True
    assert town.play.messages(STREET) == []
    again = await town.bot.refused("deleteMessage", chat_id=STREET, message_id=own)
    assert again == (400, "Bad Request: message to delete not found")
    other = await town.play.say(LI, STREET, "乙")
    await town.play.promote(STREET, admin=False)
    refusal = await town.bot.refused("deleteMessage", chat_id=STREET, message_id=other.message_id)
    assert refusal == (400, "Bad Request: message can't be deleted")


async def test_deletes_for_two_days_only(town: Town) -> None:
    own = (await town.bot("sendMessage", chat_id=STREET, text="甲"))["message_id"]
    town.clock.moment += timedelta(hours=49)
    assert (await town.bot.refused("deleteMessage", chat_id=STREET, message_id=own))[0] == 400


async def test_looks_at_chats_and_members(town: Town) -> None:
    chat = await town.bot("getChat", chat_id=STREET)
    assert (chat["type"], chat["title"], chat["description"]) == ("supergroup", "望澜街道工作群", "街道群")
    statuses = {}
    for person in (1000, LI, WANG, CHEN):
        statuses[person] = (await town.bot("getChatMember", chat_id=STREET, user_id=person))["status"]
    assert statuses == {1000: "administrator", LI: "creator", WANG: "member", CHEN: "left"}
    admins = await town.bot("getChatAdministrators", chat_id=STREET)
    assert {each["user"]["id"] for each in admins} == {1000, LI}
    assert (await town.bot.refused("getChatMember", chat_id=STREET, user_id=777))[0] == 400
    await town.play.say(LI, LI, "/start")
    assert (await town.bot.refused("getChatAdministrators", chat_id=LI))[0] == 400


async def test_keeps_commands_and_shows_signs(town: Town) -> None:
    commands = [{"command": "help", "description": "帮助"}]
    assert await town.bot("setMyCommands", commands=commands)
    assert await town.bot("getMyCommands") == commands
    scope = {"type": "all_private_chats"}
    assert await town.bot("getMyCommands", scope=scope) == []
    assert await town.bot("sendChatAction", chat_id=UNIT, action="typing")
    question = await town.play.say(LI, STREET, "井盖没了")
    where = {"chat_id": STREET, "message_id": question.message_id}
    assert await town.bot("setMessageReaction", **where, reaction=[{"type": "emoji", "emoji": "👀"}])
    assert town.play.messages(STREET)[0].reactions == {1000: "👀"}
    assert (await town.bot.refused("setMessageReaction", **where, reaction=[{"type": "emoji", "emoji": "井"}]))[
        0
    ] == 400
    assert await town.bot("setMessageReaction", **where)
    assert town.play.messages(STREET)[0].reactions == {}


async def test_numbers_messages_by_chat(town: Town) -> None:
    ids = [(await town.bot("sendMessage", chat_id=chat, text="a"))["message_id"] for chat in (STREET, STREET, UNIT)]
    assert ids == [1, 2, 1]
    private = [(await town.play.say(person, person, "/start")).message_id for person in (LI, CHEN)]
    assert private == [1, 2], "private chats share the numbering of the bot's account"


async def test_dates_follow_the_clock(town: Town) -> None:
    sent = await town.bot("sendMessage", chat_id=STREET, text="甲")
    town.clock.moment += timedelta(hours=3)
    edited = await town.bot("editMessageText", chat_id=STREET, message_id=sent["message_id"], text="乙")
    assert edited["edit_date"] - sent["date"] == 3 * 3600
