"""Every refusal of Telegram has one name."""

from __future__ import annotations

import warnings

import pytest
from telegram import error

from bot.application.records import BOT_PAGE
from bot.delivery.sender import (
    BadMarkup,
    Gone,
    Key,
    Manner,
    MessageLost,
    Migrated,
    NotModified,
    Outcome,
    Place,
    Refused,
    RetryAfter,
    Sent,
    Temporary,
    TopicLost,
    Words,
)
from bot.delivery.telegram import classified
from tests.delivery.desk import LI, STREET, Desk

REFUSALS: list[tuple[str, error.TelegramError, type[Outcome]]] = [
    ("sendMessage", error.Forbidden("Forbidden: bot was kicked from the supergroup chat"), Gone),
    ("sendMessage", error.BadRequest("Chat not found"), Gone),
    ("sendMessage", error.BadRequest("Not enough rights to send text messages to the chat"), Gone),
    ("sendMessage", error.ChatMigrated(-100_5), Migrated),
    ("sendMessage", error.BadRequest("Can't parse entities: unsupported start tag"), BadMarkup),
    ("sendMessage", error.BadRequest("Message thread not found"), TopicLost),
    ("sendMessage", error.BadRequest("Button_data_invalid"), Refused),
    ("editMessageText", error.BadRequest("Message is not modified: specified new message content"), NotModified),
    ("editMessageText", error.BadRequest("Message to edit not found"), MessageLost),
    ("editMessageText", error.BadRequest("Message can't be edited"), MessageLost),
    ("deleteMessage", error.BadRequest("Message to delete not found"), MessageLost),
    ("deleteMessage", error.BadRequest("Message can't be deleted for everyone"), Refused),
    ("sendMessage", error.TimedOut(), Temporary),
    ("sendMessage", error.NetworkError("Bad Gateway"), Temporary),
    ("sendMessage", error.InvalidToken("Unauthorized"), Temporary),
    ("sendPhoto", error.InvalidToken("Not Found: method not found"), Refused),
    ("sendMediaGroup", error.InvalidToken("Not Found"), Refused),
]


@pytest.mark.parametrize(("method", "problem", "outcome"), REFUSALS, ids=lambda value: str(value))
def test_a_refusal_has_its_name(method: str, problem: error.TelegramError, outcome: type[Outcome]) -> None:
    assert type(classified(method, problem)) is outcome


def test_the_seconds_to_wait_are_kept() -> None:
    with warnings.catch_warnings(action="ignore"):
        assert classified("sendMessage", error.RetryAfter(17)) == RetryAfter(17.0)
    assert classified("sendMessage", error.ChatMigrated(-1005)) == Migrated(-1005)


async def test_sending_and_changing_over_http(desk: Desk) -> None:
    place = Place(1, STREET)
    keys = ((Key("签收", token="t1"), Key("网页", url="https://example.org/")),)
    sent = await desk.sender.send(place, Words("<b>一</b>"), keys, Manner(silent=True))
    assert isinstance(sent, Sent)
    [said] = desk.said(STREET)
    assert (said.text, said.buttons, said.silent) == ("一", [["签收", "网页"]], True)
    assert await desk.sender.edit(place, sent.message_id, Words("<b>一</b>"), keys) == NotModified()
    assert await desk.sender.edit(place, sent.message_id, Words("<二>", is_html=False), ()) == sent
    assert (desk.said(STREET)[0].text, desk.said(STREET)[0].buttons) == ("<二>", [])
    page = ((Key("私聊我", url=BOT_PAGE),),)
    assert await desk.sender.edit(place, sent.message_id, Words("<二>", is_html=False), page) == sent
    markup = desk.said(STREET)[0].markup
    assert markup is not None and f"https://t.me/{desk.play.bot.username}" in str(markup)
    assert isinstance(await desk.sender.edit(place, 9_999, Words("三"), ()), MessageLost)
    assert isinstance(await desk.sender.send(place, Words("<b>"), (), Manner()), BadMarkup)
    _ = await desk.sender.delete(place, sent.message_id)
    assert desk.said(STREET) == [] and isinstance(await desk.sender.delete(place, 9_999), MessageLost)


async def test_a_question_asks_for_a_reply(desk: Desk) -> None:
    _ = await desk.sender.send(Place(1, LI, is_private=True), Words("在哪里？"), (), Manner(wants_reply=True))
    [said] = desk.said(LI)
    assert said.markup is not None and said.markup["force_reply"] is True


async def test_a_server_that_cannot_be_reached_is_temporary(desk: Desk) -> None:
    desk.play.offline(True)
    assert isinstance(await desk.sender.send(Place(1, STREET), Words("一"), (), Manner()), Temporary)
