"""What a call says about words and buttons, checked as Telegram checks it."""

from __future__ import annotations

from bot.playground.detect import cut_utf16, utf16_length, with_found
from bot.playground.errors import bad_request
from bot.playground.markup_text import parse_html
from bot.playground.model import Json
from bot.playground.params import Params
from bot.playground.rules import Rules

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
_BUTTON_BYTES = 64
_BUTTON_COUNT = 100
_PURPOSES = (
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "copy_text",
    "pay",
)


def formatted(params: Params, rules: Rules, field: str) -> tuple[str, tuple[Json, ...]]:
    """Text and entities of `text` or `caption`, trimmed, by parse mode or by given entities; limits are checked."""
    return formatted_text(params.text(field), params, rules, field)


def formatted_text(source: str, params: Params, rules: Rules, field: str) -> tuple[str, tuple[Json, ...]]:
    """As `formatted`, for words that stand elsewhere than in the field itself."""
    mode = params.text("parse_mode").lower()
    given = params.json("entities" if field == "text" else "caption_entities")
    entities: list[Json] = given if isinstance(given, list) else []
    if mode == "html" and rules.html_checks:
        source, entities = parse_html(source)
    elif mode not in ("", "html"):
        raise bad_request("unsupported parse_mode")
    text, entities = _trimmed(source, entities)
    limit = TEXT_LIMIT if field == "text" else CAPTION_LIMIT
    if rules.size_checks and utf16_length(text) > limit:
        raise bad_request("message is too long" if field == "text" else "message caption is too long")
    if field == "text" and not text:
        raise bad_request("message text is empty")
    return text, with_found(text, entities)


def keyboard(params: Params, rules: Rules) -> Json | None:
    """The reply markup of a call, none if there is none; buttons are checked."""
    markup = params.mapping("reply_markup")
    if not markup:
        return None
    rows = markup.get("inline_keyboard")
    if rows is None:
        return markup
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse inline keyboard: expected an Array of Arrays")
    kept = [[_button(button, rules) for button in row] for row in rows if row]
    if rules.size_checks and sum(len(row) for row in kept) > _BUTTON_COUNT:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": kept} if kept else None


def _button(button: object, rules: Rules) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    if not text:
        raise bad_request("can't parse inline keyboard button: button text is empty")
    if not any(name in button for name in _PURPOSES):
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if rules.size_checks and data is not None and not 1 <= len(str(data).encode()) <= _BUTTON_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    return {name: value for name, value in button.items() if value is not None}


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    kept = text.strip(" \n\t\r")
    lead = utf16_length(text[: len(text) - len(text.lstrip(" \n\t\r"))])
    size = utf16_length(kept)
    moved: list[Json] = []
    for entity in entities:
        start, length = entity.get("offset"), entity.get("length")
        if not isinstance(start, int) or not isinstance(length, int):
            raise bad_request("can't parse entities: entity must have an offset and a length")
        low, high = max(0, start - lead), min(size, start + length - lead)
        if high > low and cut_utf16(kept, low, high - low).strip():
            moved.append(entity | {"offset": low, "length": high - low})
    return kept, moved
