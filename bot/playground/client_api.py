"""The people's side over HTTP, for the page and for tests: a thin layer on the methods of `Playground`."""

from __future__ import annotations

import base64
import binascii
import json
import mimetypes
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.playground import samples, views
from bot.playground.errors import ApiError, PlaygroundError
from bot.playground.model import Json, Message
from bot.playground.params import Params
from bot.playground.playground import Playground
from bot.playground.speaking import How, Picture

Action: TypeAlias = Callable[[Playground, Params], Awaitable[Json]]


async def send(play: Playground, params: Params) -> Json:
    """Text, one picture or several, place, voice, file, or a forwarded message; the ids of what was sent."""
    sent = await _send(play, params)
    return {"message_ids": [each.message_id for each in sent]}


async def edit(play: Playground, params: Params) -> Json:
    """Other words for an own message."""
    changed = await play.edit(_who(params), _chat(params), _message(params), params.text("text"))
    return views.message(play.world, changed)


async def erase(play: Playground, params: Params) -> Json:
    """An own message is deleted."""
    await play.erase(_who(params), _chat(params), _message(params))
    return {}


async def press(play: Playground, params: Params) -> Json:
    """A button by caption or number, or raw callback data; what the bot answered."""
    given = params.raw("button")
    button = given if isinstance(given, int | str) and not isinstance(given, bool) else None
    data = params.text("data") or None
    timeout = params.number("timeout") or 5.0
    answer = await play.press(_who(params), _chat(params), _message(params), button, data=data, timeout=timeout)
    return {"text": answer.text, "alert": answer.alert, "answered": answer.answered, "url": answer.url}


async def react(play: Playground, params: Params) -> Json:
    """An emoji on a message, or none."""
    await play.react(_who(params), _chat(params), _message(params), params.text("emoji") or None)
    return {}


async def add(play: Playground, params: Params) -> Json:
    """The bot, or the person named by `user`, enters a group."""
    user = params.integer("user")
    if user is None:
        await play.add(_chat(params), admin=params.raw("admin") is not False)
    else:
        await play.join(user, _chat(params))
    return {}


async def kick(play: Playground, params: Params) -> Json:
    """The bot is thrown out of a group."""
    await play.kick(_chat(params))
    return {}


async def leave(play: Playground, params: Params) -> Json:
    """A person leaves a group."""
    await play.leave(_who(params), _chat(params))
    return {}


async def promote(play: Playground, params: Params) -> Json:
    """The bot, or the person named by `user`, becomes an administrator or stops being one."""
    is_admin, user = params.flag("admin"), params.integer("user")
    if user is None:
        await play.promote(_chat(params), admin=is_admin)
    else:
        await play.appoint(user, _chat(params), admin=is_admin)
    return {}


async def block(play: Playground, params: Params) -> Json:
    """A person blocks the bot, or with `blocked` false unblocks it."""
    is_undone = params.raw("blocked") is False
    await (play.unblock if is_undone else play.block)(_who(params))
    return {}


async def migrate(play: Playground, params: Params) -> Json:
    """A group gets a new id."""
    return {"chat": await play.migrate(_chat(params))}


async def topic(play: Playground, params: Params) -> Json:
    """A new topic in a forum."""
    return {"thread": await play.topic(_chat(params), params.text("title"))}


async def offline(play: Playground, params: Params) -> Json:
    """The Bot API goes away, or comes back."""
    play.offline(params.flag("offline"))
    return {"offline": play.faults.offline}


async def rules(play: Playground, params: Params) -> Json:
    """Some rules change; all of them as they are now."""
    play.rules = play.rules.changed(params.items())
    return asdict(play.rules)


async def faults(play: Playground, params: Params) -> Json:
    """`fail`/`hang` (a method, * for all) with status, times, seconds, retry_after; `only` methods; `clear`."""
    if params.flag("clear"):
        play.faults.clear()
    times = params.integer("times") or 1
    failing, hanging, only = params.text("fail"), params.text("hang"), params.raw("only")
    if failing:
        method = None if failing == "*" else failing
        wait = params.integer("retry_after") or 0
        play.faults.fail(method, params.integer("status") or 500, times, retry_after=wait)
    if hanging:
        play.faults.hang(params.number("seconds") or 1.0, None if hanging == "*" else hanging, times)
    if isinstance(only, list):
        play.faults.only([str(each) for each in only])
    return {}


ACTIONS: dict[str, Action] = {
    each.__name__: each
    for each in (
        send, edit, erase, press, react, add, kick, leave, promote, block, migrate, topic, offline, rules, faults
    )
}  # fmt: skip


def routes(play: Playground) -> list[Route]:
    """POST /play/<action> for every action."""
    return [Route(f"/play/{name}", _endpoint(play, action), methods=["POST"]) for name, action in ACTIONS.items()]


def _endpoint(play: Playground, action: Action) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            body = await request.json()
            if not isinstance(body, dict):
                raise PlaygroundError("a JSON object is expected")
            return JSONResponse(await action(play, Params(body)))
        except (PlaygroundError, json.JSONDecodeError) as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        except ApiError as error:
            return JSONResponse({"error": error.description}, status_code=400)

    return endpoint


async def _send(play: Playground, params: Params) -> list[Message]:
    who, chat, how, caption = _who(params), _chat(params), _how(params), params.text("caption")
    photos, document, voice = _photos(params), params.raw("document"), params.raw("voice")
    if len(photos) > 1:
        return await play.album(who, chat, photos, caption, **how)
    if photos:
        return [await play.photo(who, chat, photos[0], caption, **how)]
    if document:
        return [await play.document(who, chat, _file(document, "file.bin"), caption, **how)]
    if voice:
        seconds = voice if isinstance(voice, int) and not isinstance(voice, bool) else 3
        return [await play.voice(who, chat, seconds, caption=caption, **how)]
    return [await _send_plain(play, params, how)]


async def _send_plain(play: Playground, params: Params, how: How) -> Message:
    source, place = params.mapping("forward_from"), params.mapping("location")
    if source:
        where = Params(source)
        return await play.forward(_who(params), _chat(params), (_chat(where), _message(where)), **how)
    if place:
        point = Params(place)
        latitude, longitude = point.number("latitude"), point.number("longitude")
        if latitude is None or longitude is None:
            raise PlaygroundError("a location has latitude and longitude")
        return await play.location(_who(params), _chat(params), latitude, longitude, **how)
    return await play.say(_who(params), _chat(params), params.text("text"), **how)


def _who(params: Params) -> int:
    return _needed(params, "as")


def _chat(params: Params) -> int:
    return _needed(params, "chat")


def _message(params: Params) -> int:
    return _needed(params, "message_id")


def _needed(params: Params, name: str) -> int:
    number = params.integer(name)
    if number is None:
        raise PlaygroundError(f"{name} is missing")
    return number


def _how(params: Params) -> How:
    return How(
        reply_to=params.integer("reply_to"),
        thread=params.integer("thread"),
        anonymous=params.flag("anonymous"),
        media_group=params.text("media_group") or None,
    )


def _photos(params: Params) -> list[Picture | str]:
    many, single = params.raw("photos"), params.raw("photo")
    chosen = many if isinstance(many, list) else [single] if single else []
    return [each if isinstance(each, str) and each in samples.NAMES else _file(each, "photo.jpg") for each in chosen]


def _file(given: object, default_name: str) -> Picture:
    described = given if isinstance(given, dict) else {"content": given}
    encoded, name = str(described.get("content", "")), str(described.get("name", default_name))
    mime = str(described.get("mime") or mimetypes.guess_type(name)[0] or "application/octet-stream")
    if encoded.startswith("data:"):
        mime, _, encoded = encoded.removeprefix("data:").partition(";base64,")
    try:
        content = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise PlaygroundError(f"neither base64 nor a sample picture ({'、'.join(samples.NAMES)})") from None
    if not content:
        raise PlaygroundError("the file is empty")
    return Picture(content, name, mime)
