"""Long texts in parts of at most 4,096 characters, cut at line ends and never inside a tag.

Telegram counts what people see, in UTF-16 units. HTML and plain words of one text are cut at the same places, since
both are measured that way. Tags that are open where a part ends are closed there and opened again in the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LIMIT = 4096
_HTML = re.compile(r"<[^>]+>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);|.", re.DOTALL)
_NAME = re.compile(r"[a-zA-Z-]+")


def split(text: str, *, is_html: bool, limit: int = LIMIT) -> list[str]:
    """The parts in order, none of them blank; one part if the text fits, or says nothing."""
    if _units(text) <= limit:
        return [text]
    parts = _Parts(limit)
    for line in _lines(text, is_html):
        parts.add(line)
    return parts.finished()


def _units(text: str) -> int:
    return len(text) + sum(1 for letter in text if ord(letter) > 0xFFFF)


def _lines(text: str, is_html: bool) -> Iterator[list[str]]:
    tokens = _HTML.findall(text) if is_html else list(text)
    line: list[str] = []
    for token in tokens:
        line.append(token)
        if token == "\n":
            yield line
            line = []
    if line:
        yield line


def _is_tag(token: str) -> bool:
    return len(token) > 1 and token[0] == "<"


def _width(token: str) -> int:
    if _is_tag(token):
        return 0
    return 1 if token[0] == "&" else _units(token)


class _Parts:
    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._done: list[str] = []
        self._part: list[str] = []
        self._width = 0
        self._open: list[str] = []
        self._says_something = False

    def add(self, line: list[str]) -> None:
        """Appends a line to the present part, or begins the next with it; a line too long for any part is cut."""
        width = sum(_width(token) for token in line)
        if self._width and self._width + width > self._limit and width <= self._limit:
            self._turn()
        for token in line:
            if self._width + _width(token) > self._limit:
                self._turn()
            self._put(token)

    def finished(self) -> list[str]:
        self._turn()
        return self._done or [""]

    def _put(self, token: str) -> None:
        if _is_tag(token):
            if token.startswith("</"):
                if self._open:
                    self._open.pop()
            else:
                self._open.append(token)
        elif not token.isspace():
            self._says_something = True
        self._part.append(token)
        self._width += _width(token)

    def _turn(self) -> None:
        closing = [f"</{_name(tag)}>" for tag in reversed(self._open)]
        if self._says_something:
            self._done.append("".join([*self._part, *closing]).strip("\n"))
        self._part = list(self._open)
        self._width = 0
        self._says_something = False


def _name(tag: str) -> str:
    found = _NAME.search(tag)
    return found.group() if found else ""
