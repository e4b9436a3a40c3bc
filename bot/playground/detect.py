"""Entities that Telegram finds by itself in any text: commands, mentions, links, hashtags, e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.playground.model import Json

# A word character of any script before or after spoils a command or a mention, as it does in Telegram.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("url", re.compile(r"https?://[^\s<>\"'，。；：！？、（）【】《》“”]+")),
    ("email", re.compile(r"(?<![\w.+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?!\w)")),
    (
        "url",
        re.compile(
            r"(?<![\w@./-])(?:[A-Za-z0-9-]+\.)+(?:com|cn|me|net|org|gov|io)(?![\w])(?:/[A-Za-z0-9/?=&_%.~+#-]*)?"
        ),
    ),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{2,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#\w{1,256}")),
)
_CLOSED = ("code", "pre", "text_link", "text_mention")


def utf16_length(text: str) -> int:
    """The length in UTF-16 units, in which Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut_utf16(text: str, offset: int, length: int) -> str:
    """The part of a text that an entity covers."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return raw[offset * 2 : (offset + length) * 2].decode("utf-16-le", "replace")


def with_found(text: str, given: Sequence[Json]) -> tuple[Json, ...]:
    """The given entities and those that Telegram adds, in its order."""
    taken = [_span(entity) for entity in given if entity["type"] in _CLOSED]
    found: list[Json] = list(given)
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start = utf16_length(text[: match.start()])
            end = start + utf16_length(match.group().rstrip(".,:;!?") if kind == "url" else match.group())
            if all(end <= low or start >= high for low, high in taken):
                taken.append((start, end))
                found.append({"type": kind, "offset": start, "length": end - start})
    return tuple(sorted(found, key=lambda entity: (_span(entity)[0], -_span(entity)[1])))


def _span(entity: Json) -> tuple[int, int]:
    offset, length = entity["offset"], entity["length"]
    assert isinstance(offset, int) and isinstance(length, int)
    return offset, offset + length
