"""HTML as the Bot API reads it: text and entities, or Telegram's own complaint with its byte offset."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.playground.detect import utf16_length
from bot.playground.errors import ApiError, bad_request
from bot.playground.model import Json

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
_ATTRIBUTE = re.compile(r"""\s*([^\s=>"'/]*)\s*(=?)\s*("[^"]*"|'[^']*'|[A-Za-z0-9.\-]*)""")
_REFERENCE = re.compile(r"&(#x[0-9a-fA-F]+|#[0-9]+|lt|gt|amp|quot);")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


@dataclass(slots=True)
class _Open:
    tag: str
    start: int
    attributes: dict[str, str]
    char: int


def parse_html(source: str) -> tuple[str, list[Json]]:
    """The text without tags and its entities (UTF-16 offsets); refuses as Telegram does."""
    reader = _Reader(source)
    reader.run()
    return reader.text, sorted(reader.entities, key=_order)


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.text = ""
        self.units = 0
        self.entities: list[Json] = []
        self.stack: list[_Open] = []

    def run(self) -> None:
        position = 0
        while position < len(self.source):
            if self.source[position] != "<":
                end = self.source.find("<", position)
                end = len(self.source) if end < 0 else end
                self._add(_REFERENCE.sub(_decoded, self.source[position:end]))
                position = end
            elif self.source.startswith("</", position):
                position = self._close(position)
            else:
                position = self._open(position)
        if self.stack:
            raise _complaint(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')

    def _add(self, text: str) -> None:
        self.text += text
        self.units += utf16_length(text)

    def _open(self, start: int) -> int:
        at = self._bytes(start)
        name = re.compile(r"<([^\s>]*)").match(self.source, start)
        assert name is not None
        tag = name.group(1).lower()
        if name.end() >= len(self.source) and tag not in _KINDS:
            raise _complaint(f"Unclosed start tag at byte offset {at}")
        if tag not in _KINDS:
            raise _complaint(f'Unsupported start tag "{tag}" at byte offset {at}')
        attributes, end = self._attributes(tag, name.end(), at)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _complaint(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
        self.stack.append(_Open(tag, self.units, attributes, len(self.text)))
        return end

    def _attributes(self, tag: str, position: int, at: int) -> tuple[dict[str, str], int]:
        found: dict[str, str] = {}
        while position < len(self.source):
            if self.source[position] == ">":
                return found, position + 1
            match = _ATTRIBUTE.match(self.source, position)
            assert match is not None
            if match.end() == position:
                break
            if not match.group(1) and match.group(2):
                raise _complaint(f'Empty attribute name in the tag "{tag}" at byte offset {at}')
            if match.group(1):
                value = match.group(3)
                value = value[1:-1] if value[:1] in ("'", '"') else value
                found[match.group(1).lower()] = _REFERENCE.sub(_decoded, value)
            position = match.end()
        raise _complaint(f'Unclosed start tag "{tag}" at byte offset {at}')

    def _close(self, start: int) -> int:
        at = self._bytes(start)
        if not self.stack:
            raise _complaint(f"Unexpected end tag at byte offset {at}")
        end = self.source.find(">", start)
        if end < 0:
            raise _complaint(f"Unclosed end tag at byte offset {at}")
        name = self.source[start + 2 : end].strip().lower()
        top = self.stack.pop()
        if name and name != top.tag:
            raise _complaint(f'Unmatched end tag at byte offset {at}, expected "</{top.tag}>", found "</{name}>"')
        length = self.units - top.start
        if length > 0:
            self._keep(top, length)
        return end + 1

    def _keep(self, top: _Open, length: int) -> None:
        entity: Json = {"type": _KINDS[top.tag], "offset": top.start, "length": length}
        if top.tag == "a":
            target = top.attributes.get("href") or self.text[top.char :]
            if not re.match(r"(https?|tg|mailto|tel)[:.]|[\w-]+\.[\w-]+", target):
                return
            entity["url"] = target
        elif top.tag == "tg-emoji":
            entity["custom_emoji_id"] = top.attributes.get("emoji-id", "")
        elif top.tag == "blockquote" and "expandable" in top.attributes:
            entity["type"] = "expandable_blockquote"
        elif top.tag == "code" and self.stack and self.stack[-1].tag == "pre":
            self.stack[-1].attributes["class"] = top.attributes.get("class", "")
            return
        elif top.tag == "pre" and top.attributes.get("class", "").startswith("language-"):
            entity["language"] = top.attributes["class"].removeprefix("language-")
        self.entities.append(entity)

    def _bytes(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))


def _decoded(match: re.Match[str]) -> str:
    name = match.group(1)
    if not name.startswith("#"):
        return _NAMED[name]
    code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    is_letter = 0 < code < 0x110000 and not 0xD800 <= code < 0xE000
    return chr(code) if is_letter else match.group()


def _order(entity: Json) -> tuple[int, int]:
    offset, length = entity["offset"], entity["length"]
    assert isinstance(offset, int) and isinstance(length, int)
    return offset, -length


def _complaint(text: str) -> ApiError:
    return bad_request(f"can't parse entities: {text}")
