"""What every text that people see has to keep to, whatever it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.text.catalogue import LOCALES, Texts

TEXTS = Texts()
LONGEST_MESSAGE = 4096
LONGEST_CAPTION = 64
LONGEST_TOAST = 200
MOST_LINES = 9
TAGS = re.compile(r"<(/?)([a-z-]+)((?: [^>]*)?)>")
ALLOWED_TAGS = frozenset({"b", "i", "a", "code", "blockquote"})
EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\u23e9-\u23fa\u2b50\u2b55]|\u21a9\ufe0f")
PYTHON_WORD = re.compile(r"\b(?:None(?! of these)|True|False|Undefined)\b")
MARKS = frozenset("📍🖼✔▶")
"""Marks that stand beside a line's one emoji, as in the sentences that were given to us."""


def rendered(key: str, params: Mapping[str, object], now: datetime) -> Iterator[tuple[str, str, str]]:
    """Language, HTML and plain text, in every language."""
    for locale in LOCALES:
        yield locale, TEXTS.message(key, locale, params, now=now), TEXTS.plain(key, locale, params, now=now)


def faults(html: str, plain: str) -> list[str]:
    """What is wrong with a message by itself; empty if nothing is."""
    found = []
    if not plain.strip():
        found.append("is empty")
    if any(not line.strip() for line in plain.split("\n")):
        found.append("has a blank line")
    if any(line != line.rstrip() for line in plain.split("\n")):
        found.append("has spaces at the end of a line")
    if any(line != line.lstrip(" \u3000") for line in plain.split("\n")):
        found.append("has spaces at the start of a line")
    if "  " in plain or " ，" in plain or " 。" in plain:
        found.append("has a space too many")
    if len(plain) > LONGEST_MESSAGE:
        found.append(f"has {len(plain)} characters")
    if any(len([e for e in EMOJI.findall(line) if e not in MARKS]) > 1 for line in plain.split("\n")):
        found.append("has a line with two emojis")
    if PYTHON_WORD.search(plain):
        found.append("shows a Python word")
    if "—" in plain:
        found.append("shows a moment that there is not")
    return found + tag_faults(html)


def tag_faults(html: str) -> list[str]:
    """Tags that Telegram does not know, or that are not closed in order."""
    found, opened = [], []
    for closing, name, _ in TAGS.findall(html):
        if name not in ALLOWED_TAGS:
            found.append(f"has the tag {name}")
        elif not closing:
            opened.append(name)
        elif not opened or opened.pop() != name:
            found.append(f"closes {name} out of order")
    return found + [f"leaves {name} open" for name in opened]
